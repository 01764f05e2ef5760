"""Somebody who wanted to register finds that their initiative stands there already, and asks to join its team."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from fieldlab.accounts.invitations.actions import invite, resend
from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from initiatives.actions.team import invite_member
from initiatives.actions.twins import same_as
from initiatives.models import Initiative, InitiativeMember, JoinRequest, MemberInvitation
from initiatives.notifications.twins import tell_join_request, tell_not_joined
from initiatives.permissions import can_answer_join, can_manage_team, in_team

Role = InitiativeMember.Role
KEPT = timedelta(days=60)
MOST_OPEN = 5  # for one initiative: each is a mail to its owners


@transaction.atomic
def ask_to_join(*, draft: Initiative, actor: User | None, name: str, email: str, message: str, language: str, at: datetime) -> JoinRequest:
    """Asking twice is asking once, also after a no. Nothing goes to the address given before there is an answer. Raises DomainError."""
    same = same_as(draft)
    if same is None:
        raise DomainError(_("Choose first which initiative you are."))
    Initiative.objects.select_for_update().get(pk=same.pk)
    if actor and in_team(actor, same):
        raise DomainError(_("You are in this team already."))
    email = email.strip().lower()
    before = same.join_requests.filter(email=email).exclude(accepted=True).first()
    if before:
        return before
    if same.join_requests.filter(answered_at=None).count() >= MOST_OPEN:
        raise DomainError(_("Several people have asked this just now. Call us, then we help you."))
    join = JoinRequest.objects.create(
        initiative=same, draft=draft, name=name.strip(), email=email, message=message.strip(), language=language, asked_at=at
    )
    tell_join_request(join, at=at)
    return join


@transaction.atomic
def let_in(*, join: JoinRequest, actor: User, role: Role, decides_on_benefits: bool, at: datetime) -> None:
    """The usual invitation goes to the address they gave; of an entry without an owner it is an owner's. Raises DomainError."""
    join = _locked(join, actor)
    _answer(join, actor, accepted=True, at=at)
    pending = join.initiative.invitations.pending().filter(email=join.email).first()
    if pending:
        resend(pending, at=at)
    elif can_manage_team(actor, join.initiative):
        invite_member(
            initiative=join.initiative,
            actor=actor,
            name=join.name,
            email=join.email,
            role=role,
            decides_on_benefits=decides_on_benefits,
            at=at,
        )
    else:
        invitation = MemberInvitation(
            initiative=join.initiative,
            member_role=Role.OWNER,
            email=join.email,
            name=join.name,
            language=join.language,
            decides_on_benefits=decides_on_benefits,
        )
        invite(invitation, actor=actor, at=at)


@transaction.atomic
def turn_down(*, join: JoinRequest, actor: User, at: datetime) -> None:
    """Not now; they hear it kindly. Raises DomainError."""
    join = _locked(join, actor)
    _answer(join, actor, accepted=False, at=at)
    tell_not_joined(join, at=at)


def forget_old_requests(*, at: datetime) -> int:
    """Delete what was asked 60 days ago: it holds names and addresses. Returns how many."""
    return JoinRequest.objects.filter(asked_at__lt=at - KEPT).delete()[0]


def _locked(join: JoinRequest, actor: User) -> JoinRequest:
    join = (
        JoinRequest.objects.select_for_update(of=("self",))
        .select_related("initiative__area__parent__parent", "answered_by")
        .get(pk=join.pk)
    )
    if not can_answer_join(actor, join.initiative):
        raise DomainError(_("Only an owner changes the team."))
    if join.answered_at:
        raise DomainError(_("%(who)s was just before you. You need not do anything.") % {"who": join.answered_by or _("Somebody")})
    return join


def _answer(join: JoinRequest, actor: User, *, accepted: bool, at: datetime) -> None:
    join.accepted, join.answered_at, join.answered_by = accepted, at, actor
    join.save(update_fields=["accepted", "answered_at", "answered_by"])
