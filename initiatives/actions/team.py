"""Who is in the team of an initiative. There is always an owner once there was one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fieldlab.accounts.invitations.actions import invite, revoke
from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from initiatives.models import Initiative, InitiativeMember, MemberInvitation
from initiatives.notifications import tell_new_owner
from initiatives.permissions import can_manage_team, in_team

Role = InitiativeMember.Role


@transaction.atomic
def invite_member(
    *, initiative: Initiative, actor: User, name: str, email: str, role: Role, decides_on_benefits: bool, at: datetime
) -> MemberInvitation:
    """Every member may invite somebody to change the page with them, an owner also another owner.

    Raises DomainError for whoever may not, and for somebody already in the team or invited.
    """
    if not in_team(actor, initiative):
        raise DomainError(_("Only the team invites people to the team."))
    if role == Role.OWNER and not can_manage_team(actor, initiative):
        raise DomainError(_("Only an owner makes somebody else owner."))
    if initiative.members.filter(user__email=email.strip().lower()).exists():
        raise DomainError(_("This person is already in the team."))
    invitation = MemberInvitation(
        initiative=initiative,
        member_role=role,
        email=email,
        name=name,
        language=actor.language,
        decides_on_benefits=decides_on_benefits,
    )
    return invite(invitation, actor=actor, at=at)


@transaction.atomic
def withdraw_invitation(*, invitation: MemberInvitation, actor: User, at: datetime) -> None:
    """The link stops working: an owner's right, and of whoever sent it. Raises DomainError also once it was accepted or withdrawn."""
    theirs = invitation.invited_by_id == actor.pk and in_team(actor, invitation.initiative)
    if not theirs and not can_manage_team(actor, invitation.initiative):
        raise DomainError(_("Only an owner changes the team."))
    revoke(invitation, at=at)


@transaction.atomic
def remove_member(*, member: InitiativeMember, actor: User, at: datetime) -> None:
    """An owner removes somebody, or somebody leaves; the invitations they sent end too. Raises DomainError for the last owner."""
    initiative = Initiative.objects.select_for_update().get(pk=member.initiative_id)
    if member.user_id != actor.pk and not can_manage_team(actor, initiative):
        raise DomainError(_("Only an owner changes the team."))
    member = _as_it_is_now(member)
    others = initiative.members.exclude(pk=member.pk).filter(role=Role.OWNER)
    if member.role == Role.OWNER and not others.exists():
        raise DomainError(_("A team has at least one owner. Make somebody else owner first."))
    initiative.invitations.pending().filter(invited_by=member.user_id).update(revoked_at=at)
    member.delete()


@transaction.atomic
def change_role(*, member: InitiativeMember, actor: User, role: Role) -> None:
    """Raises DomainError when it would leave no owner."""
    initiative = Initiative.objects.select_for_update().get(pk=member.initiative_id)
    if not can_manage_team(actor, initiative):
        raise DomainError(_("Only an owner changes the team."))
    member = _as_it_is_now(member)
    if role != Role.OWNER and not initiative.members.exclude(pk=member.pk).filter(role=Role.OWNER).exists():
        raise DomainError(_("A team has at least one owner. Make somebody else owner first."))
    member.role = role
    member.save(update_fields=["role"])


@transaction.atomic
def hand_over(*, member: InitiativeMember, actor: User, at: datetime) -> None:
    """`member` becomes owner in the place of `actor`, who stays in the team and may change the page. Raises DomainError."""
    initiative = Initiative.objects.select_for_update().get(pk=member.initiative_id)
    if not can_manage_team(actor, initiative):
        raise DomainError(_("Only an owner changes the team."))
    next_owner = _as_it_is_now(member)
    if not next_owner.user.is_active:
        raise DomainError(_("This account can no longer sign in. Choose somebody else."))
    if next_owner.user_id == actor.pk:
        raise DomainError(_("You are the owner already. Choose somebody else."))
    next_owner.role = Role.OWNER
    next_owner.save(update_fields=["role"])
    initiative.members.filter(user=actor).update(role=Role.EDITOR)
    tell_new_owner(initiative, next_owner.user, actor, at=at)


def _as_it_is_now(member: InitiativeMember) -> InitiativeMember:
    """Read again after the initiative is locked: somebody else may have been first. Raises DomainError when they left."""
    now = InitiativeMember.objects.select_related("user").filter(pk=member.pk).first()
    if now is None:
        raise DomainError(_("This person is no longer in the team."))
    return now
