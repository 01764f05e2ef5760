"""Who is in the team of an initiative. There is always an owner once there was one."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from fieldlab.accounts.invitations.actions import invite, revoke
from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from initiatives.models import Initiative, InitiativeMember, MemberInvitation
from initiatives.permissions import can_manage_team

Role = InitiativeMember.Role


@transaction.atomic
def invite_member(
    *, initiative: Initiative, actor: User, name: str, email: str, role: Role, decides_on_benefits: bool, at: datetime
) -> MemberInvitation:
    """Raises DomainError for whoever is no owner, and for somebody already invited."""
    if not can_manage_team(actor, initiative):
        raise DomainError(_("Only an owner changes the team."))
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
    """The link stops working. Raises DomainError for whoever is no owner, and once it was accepted or withdrawn."""
    if not can_manage_team(actor, invitation.initiative):
        raise DomainError(_("Only an owner changes the team."))
    revoke(invitation, at=at)


@transaction.atomic
def remove_member(*, member: InitiativeMember, actor: User, at: datetime) -> None:
    """An owner removes somebody, or somebody leaves; the invitations they sent end too. Raises DomainError for the last owner."""
    initiative = Initiative.objects.select_for_update().get(pk=member.initiative_id)
    if member.user_id != actor.pk and not can_manage_team(actor, initiative):
        raise DomainError(_("Only an owner changes the team."))
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
    if role != Role.OWNER and not initiative.members.exclude(pk=member.pk).filter(role=Role.OWNER).exists():
        raise DomainError(_("A team has at least one owner. Make somebody else owner first."))
    member.role = role
    member.save(update_fields=["role"])
