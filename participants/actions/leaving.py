"""A professional stops working here: a colleague takes over, or talks are cancelled and whoever is left is picked up by a colleague.

A coordinator says so and sees figures only; each of these opens its own context, as the platform.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.areas.models import Area
from fieldlab.audit.context import SystemActor, person_context
from fieldlab.lib.errors import DomainError
from participants.actions.booking import cancel
from participants.actions.calendar import withdraw_feed
from participants.actions.caseload import hand_over_people, take_along
from participants.actions.locks import locked
from participants.actions.people import lasting_access
from participants.actions.taking import release
from participants.models import (
    AccessReason,
    Appointment,
    AppointmentStatus,
    BookedBy,
    EarlierWish,
    FollowUp,
    HandOver,
    Participant,
    ParticipantAccess,
    Professional,
)
from participants.permissions import can_end_professionals
from participants.querysets import STOPPED

# So many of who is left are shown at once
MOST = 100


@dataclass(frozen=True)
class Leaves:
    """What a professional leaves behind, in figures. `alone`: of the people, who have nobody else here."""

    people: int
    alone: int
    talks: int
    hand_overs: int
    follow_ups: int


@dataclass(frozen=True)
class Left:
    """Somebody whom nobody helps any more, as a colleague who may not see them yet reads it."""

    pk: UUID
    area: Area | None
    since: datetime
    # When a talk was to be of which they do not know yet that it is cancelled
    untold: datetime | None

    @property
    def where(self) -> str:
        return self.area.name if self.area else ""

    @property
    def district(self) -> str:
        area = self.area
        while area is not None and area.parent is not None:
            area = area.parent
        return area.name if area else ""

    def days(self, at: datetime) -> int:
        return (timezone.localdate(at) - timezone.localdate(self.since)).days


def leaves(*, professional: Professional, at: datetime) -> Leaves:
    with person_context(SystemActor("counts what a professional leaves behind")):
        theirs = _Theirs(professional, at)
        lasting = theirs.accesses.lasting().values("participant")
        others = Professional.objects.helping().exclude(pk=professional.pk)
        helped = ParticipantAccess.objects.open().lasting().filter(user__in=others.values("user")).values("participant")
        people = Participant.objects.in_force().filter(pk__in=lasting)
        return Leaves(
            people=people.count(),
            alone=people.exclude(pk__in=helped).count(),
            talks=theirs.talks.count(),
            hand_overs=theirs.hand_overs.count(),
            follow_ups=theirs.follow_ups.count(),
        )


def stop_working(*, professional: Professional, taker: Professional | None, actor: User, at: datetime) -> bool:
    """Take the role away and close every participant to its holder, in one; the account stays for what else they do here.

    `taker` gets people, talks, questions to places and days to call. Without one coming talks are cancelled, and whoever is left stands
    on the list of the colleagues near them. False: it was done before. Raises DomainError; then nothing of it is done.
    """
    if not can_end_professionals(actor):
        raise DomainError(_("Only a coordinator does this."))
    with person_context(SystemActor(STOPPED)):
        theirs = _Theirs(professional, at)
        people = theirs.locked_people()
        wishes = theirs.locked_wishes()
        # Both in one order, so that two who stop at once and name each other do not wait for each other
        both = Professional.objects.select_for_update(of=["self"]).select_related("user").order_by("pk")
        found = {each.pk: each for each in both.filter(pk__in=[professional.pk, taker.pk if taker else professional.pk])}
        if found[professional.pk].ended_at is not None:
            return False
        if theirs.people() - {each.pk for each in people}:
            raise DomainError(_("Something changed just now. Look at the figures once more."))
        Professional.objects.filter(pk=professional.pk).update(ended_at=at)
        withdraw_feed(professional=professional, at=at)
        for wish in wishes:
            _take_offer_back(wish, at)
        if taker is not None:
            _hand_over(people, theirs, _who_takes_over(found.get(taker.pk), professional, actor), actor, at)
        for appointment in theirs.talks.filter(begins__gt=max(at, timezone.now())).select_related("participant"):
            cancel(appointment=appointment, by=BookedBy.PROFESSIONAL, at=at)
        ParticipantAccess.objects.open().filter(user_id=professional.user_id).end()
    return True


class _Theirs:
    """What hangs on one professional, asked anew each time."""

    def __init__(self, professional: Professional, at: datetime) -> None:
        self.professional, self.user, self.at = professional, professional.user, at

    @property
    def accesses(self) -> Any:
        return ParticipantAccess.objects.open().filter(user=self.user)

    @property
    def talks(self) -> Any:
        return Appointment.objects.coming(self.at).filter(professional=self.professional)

    @property
    def hand_overs(self) -> Any:
        return HandOver.objects.open().filter(professional=self.user)

    @property
    def follow_ups(self) -> Any:
        return FollowUp.objects.filter(professional=self.user, done_at=None)

    def people(self) -> set[UUID]:
        """To whom something goes on that was theirs; not who is only stood in for, with nothing agreed."""
        asked = (self.accesses.lasting(), self.talks, self.hand_overs, self.follow_ups)
        return {pk for rows in asked for pk in rows.values_list("participant", flat=True)}

    def locked_people(self) -> list[Participant]:
        people = Participant.objects.select_for_update(of=["self"], no_key=True).filter(pk__in=self.people()).order_by("pk")
        return list(people)

    def locked_wishes(self) -> list[EarlierWish]:
        """Of their talks, and of others to whom a time of theirs is offered."""
        wishes = EarlierWish.objects.select_for_update(of=["self"]).filter(ended_at=None).select_related("offered").order_by("pk")
        found = [*wishes.filter(appointment__professional=self.professional), *wishes.filter(offered__professional=self.professional)]
        return [each for each in found if each.offered and each.offered.professional_id == self.professional.pk]


def _who_takes_over(taker: Professional | None, giver: Professional, actor: User) -> Professional:
    if taker is None or taker.pk == giver.pk:
        raise DomainError(_("Choose a colleague."))
    if taker.user_id == actor.pk:  # or it would be a way around the glass
        raise DomainError(_("You cannot hand these people to yourself. Another coordinator arranges that."))
    if taker.ended_at is not None or not taker.user.is_active or taker.user.decides_on_benefits:
        raise DomainError(_("%(name)s cannot take over any more. Choose another colleague.") % {"name": taker.user.name})
    return taker


def _hand_over(people: list[Participant], theirs: _Theirs, taker: Professional, actor: User, at: datetime) -> None:
    """As a professional hands over themselves. Nobody is handed over to themselves, nor whom the giver may no longer see."""
    giver = theirs.user
    seen = set(theirs.accesses.values_list("participant", flat=True))
    lasting = set(theirs.accesses.lasting().values_list("participant", flat=True))
    for participant in people:
        if participant.erased_at is not None or participant.user_id == taker.user_id or participant.pk not in seen:
            continue
        if participant.pk in lasting:
            hand_over_people(participants=[participant], giver=giver, taker=taker, at=at, actor=actor)
        else:
            take_along(participant, giver, taker, at)
            lasting_access(participant=participant, user=taker.user, reason=AccessReason.HANDOVER, actor=actor)


def _take_offer_back(wish: EarlierWish, at: datetime) -> None:
    """They go on waiting, for a time of somebody who is there."""
    if wish.offered is not None and wish.offered.status == AppointmentStatus.HELD:
        release(wish.offered, at)
    wish.offered = None
    wish.save(update_fields=["offered"])


# --- Who is left


def left_for(*, professional: Professional, at: datetime) -> list[Left]:
    """Whom this professional may pick up: who live where they work, or where nobody works, or nobody knows where. No names: not yet."""
    return _near(professional, at)[:MOST]


def _near(professional: Professional, at: datetime) -> list[Left]:
    found = left(at=at, but=professional.user_id)
    if not found:
        return []
    works: dict[int, set[int]] = {pk: set() for pk in Professional.objects.helping().values_list("pk", flat=True)}
    for pk, area in Professional.areas.through.objects.filter(professional__in=works).values_list("professional", "area"):
        works[pk].add(area)
    own, everywhere = works.get(professional.pk, set()), not all(works.values())
    covered = set().union(*works.values())

    def near(who: Left) -> bool:
        here = _around(who.area)
        return not here or not own or bool(here & own) or not (everywhere or here & covered)

    return [each for each in found if near(each)]


def left(*, at: datetime, but: int | None = None) -> list[Left]:
    """Everybody whom nobody helps any more: first who still expects a talk, then the longest. Without who has this account themselves."""
    with person_context(SystemActor("looks whom nobody helps any more")):
        people = Participant.objects.left_behind(at).select_related("neighbourhood__parent__parent")
        if but is not None:
            people = people.exclude(user=but)
        boundaries = (f"neighbourhood__{above}boundary" for above in ("", "parent__", "parent__parent__"))
        return [Left(each.pk, each.neighbourhood, each.left_at, each.untold) for each in people.defer(*boundaries)]


def pick_up(*, participant_id: UUID, professional: Professional, at: datetime) -> Participant:
    """From now on this professional helps somebody whom nobody helped any more. Of two at once one does. Raises DomainError."""
    with person_context(SystemActor("a colleague picks up whom nobody helps any more")):
        participant: Participant | None = Participant.objects.filter(pk=participant_id, erased_at=None).first()
        if participant is None or participant.user_id == professional.user_id:
            raise DomainError(_("There is nothing more to do here."))
        locked(participant_id)
        user = professional.user
        if ParticipantAccess.objects.open().lasting().filter(participant=participant, user=user).exists():
            return participant
        if participant_id not in {each.pk for each in _near(professional, at)}:
            raise DomainError(_("A colleague was just before you. There is nothing more to do."))
        FollowUp.objects.filter(participant=participant, done_at=None).update(professional=user)
        HandOver.objects.open().filter(participant=participant).update(professional=user)
        lasting_access(participant=participant, user=user, reason=AccessReason.HANDOVER, actor=user)
    return participant


def _around(area: Area | None) -> set[int]:
    found = set()
    while area is not None:
        found.add(area.pk)
        area = area.parent
    return found
