"""Somebody who wants to be called: asked, handed on, taken back, or a participant with their own yes."""

from dataclasses import asdict
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import Count
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.areas.models import Area
from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.lib.encryption import Key
from fieldlab.lib.errors import DomainError, constraint_of
from initiatives.models import Initiative, Status
from participants.actions.people import add_participant, touch
from participants.models import (
    REQUEST_LASTS,
    AccessReason,
    BestTime,
    Caller,
    CallRequest,
    Details,
    Participant,
    ParticipantAccess,
    ReachedBy,
)
from participants.notifications.calls import tell_team
from participants.permissions import can_see_people_of, is_professional

# So long a place may take to call; after that the professionals of the area do
CALLS_WITHIN = timedelta(days=4)
_TWICE = "participants_callrequest_pkey"
_ONE_ACCOUNT = "participants_participant_user_id_key"


def can_call_back(initiative: Initiative) -> bool:
    """Whether there is somebody in its team who may see who wants to be called."""
    there = initiative.members.filter(user__is_active=True, user__decides_on_benefits=False)
    return initiative.status == Status.PUBLISHED and there.exists()


def request_id(form: str, phone: str, to: Initiative | None) -> UUID:
    """The same for one form sent twice, so that it is one request; another number on the same form is another person.

    Nobody but us can make it, and no number can be read from it.
    """
    if not form:
        return uuid4()
    digest = salted_hmac("participants.call-request", f"{form}\n{phone}\n{to and to.pk}", algorithm="sha256").digest()
    return UUID(bytes=digest[:16], version=4)


def ask_to_be_called(
    *,
    form: str,
    caller: Caller,
    best_time: BestTime,
    area: Area | None,
    at: datetime,
    initiative: Initiative | None = None,
    brought_by: Initiative | None = None,
    actor: User | None = None,
) -> UUID:
    """Write down who wants to be called: for `initiative`, or else for the professionals of `area`. Sent twice it is one request.

    `actor` is the member of `brought_by` who types it for somebody else, and None when people ask themselves. Opens its own context.
    """
    if brought_by is not None and (actor is None or not can_see_people_of(actor, brought_by)):
        raise DomainError(_("Only the team of a place does this."))
    pk = request_id(form, caller.phone, initiative or brought_by)
    request = CallRequest(pk=pk, best_time=best_time, area=area, initiative=initiative, brought_by=brought_by, asked_at=at)
    request.ends_at = at + REQUEST_LASTS
    key = Key.new(pk.bytes)
    request.wrap(key)
    request.seal(asdict(caller), key)
    with person_context(UserActor(actor, "team") if actor else LinkActor(pk, "call_request"), reason="asks to be called"):
        try:
            with transaction.atomic():
                request.save(force_insert=True)
        except IntegrityError as error:
            if constraint_of(error) != _TWICE:
                raise
        else:
            if initiative is not None:
                tell_team(request=request, initiative=initiative, at=at)
    return pk


def waiting_at_teams(user: User, at: datetime) -> dict[int, int]:
    """Of each initiative of theirs where people wait to be called by the team: how many."""
    mine = user.initiative_memberships.values("initiative")
    waiting = CallRequest.objects.visible_to(user).filter(initiative__in=mine, spoken_at=None).alive(at).order_by()
    return dict(waiting.values_list("initiative").annotate(Count("pk")))


def take_back(*, request_id: UUID) -> bool:
    """Erase it at once: whoever asked thought better of it. Opens its own context; False when it was gone already."""
    with person_context(SystemActor("whoever asked to be called takes it back")):
        _counted, by_table = CallRequest.objects.filter(pk=request_id).delete()
    return bool(by_table)


@transaction.atomic
def hand_on(*, request: CallRequest, actor: User, at: datetime) -> None:
    """A member of the team spoke to them and heard a yes: the professionals of the area call, and the fortnight runs on.

    Nobody but a professional makes a participant of somebody, after hearing the yes themselves.
    """
    request = _waiting(request, actor, at)
    if request.initiative is None or not can_see_people_of(actor, request.initiative):
        raise DomainError(_("This person waits for a call from a professional already."))
    # What the team tried says nothing to who calls now.
    request.calls.all().delete()
    request.brought_by, request.area, request.initiative = request.initiative, request.area or request.initiative.area, None
    request.call_after = request.spoken_at = None
    request.save(update_fields=["brought_by", "area", "initiative", "call_after", "spoken_at"])


@transaction.atomic
def forget(*, request: CallRequest, actor: User, at: datetime) -> None:
    """They said no, or nobody needs to call: erased at once, and nobody is asked why."""
    _waiting(request, actor, at).delete()


@transaction.atomic
def become_participant(*, request: CallRequest, actor: User, details: Details, neighbourhood: Area | None, at: datetime) -> Participant:
    """A professional heard their yes: the request becomes a participant, and is erased in the same transaction.

    Who brought them in goes on seeing how to reach them. Of two who do this at once, the second is told so. Raises DomainError.
    """
    if not is_professional(actor):
        raise DomainError(_("A professional hears the yes themselves."))
    request = _waiting(request, actor, at)
    brought_by = request.brought_by or request.initiative
    participant = add_participant(
        actor=actor,
        details=details,
        reached_by=ReachedBy.INITIATIVE if brought_by else ReachedBy.WEBSITE,
        neighbourhood=neighbourhood,
        at=at,
    )
    if brought_by is not None:
        ParticipantAccess.objects.create(participant=participant, initiative=brought_by, granted_by=actor, reason=AccessReason.BROUGHT_IN)
    touch(participant, at)
    request.delete()
    return participant


def begin(*, user: User, details: Details, neighbourhood: Area | None, at: datetime) -> Participant:
    """Somebody with an account adds themselves. Opens its own context. Raises DomainError when they did so before."""
    if user.decides_on_benefits:
        raise DomainError(_("Somebody who decides or advises on benefits cannot see people here."))
    pk = uuid4()
    try:
        with person_context(LinkActor(pk, "sign_up"), reason="adds themselves"):
            participant = add_participant(
                actor=None,
                details=details,
                reached_by=ReachedBy.WEBSITE,
                neighbourhood=neighbourhood,
                account=user,
                at=at,
                participant_id=pk,
            )
            touch(participant, at)
    except IntegrityError as error:
        if constraint_of(error) != _ONE_ACCOUNT:
            raise
        raise DomainError(_("You take part already.")) from error
    return participant


def forget_ended(*, at: datetime) -> int:
    """Erase the requests whose fortnight is over, with their calls. Safe to run twice; returns how many."""
    with person_context(SystemActor("a fortnight without a yes")):
        _counted, by_table = CallRequest.objects.filter(ends_at__lte=at).delete()
    return by_table.get(CallRequest._meta.label, 0)


def pass_on_uncalled(*, at: datetime) -> int:
    """What a place did not call within CALLS_WITHIN goes to the professionals of the area. Returns how many."""
    with person_context(SystemActor("a place did not call")):
        left = CallRequest.objects.alive(at).filter(spoken_at=None, initiative__isnull=False, area__isnull=False)
        return left.order_by().filter(asked_at__lte=at - CALLS_WITHIN).update(initiative=None, call_after=None)


def _waiting(request: CallRequest, actor: User, at: datetime) -> CallRequest:
    """Locked, and as it stands now."""
    mine = CallRequest.objects.visible_to(actor).alive(at)
    found: CallRequest | None = mine.select_for_update(of=("self",)).filter(pk=request.pk).first()
    if found is None:
        raise DomainError(_("Somebody else was just before you, or this request was erased. There is nothing more to do."))
    return found
