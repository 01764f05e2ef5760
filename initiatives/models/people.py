from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fieldlab.accounts.models import Invitation, User
from fieldlab.areas.models import Level
from initiatives.models.initiative import Initiative

# Once there was an owner there is always one. Waits for the end of the transaction, so that handing over may go in any order, and
# takes the initiative's row, so that two who leave at once see each other. Erasing somebody's account goes before: the member who
# has been there longest becomes owner; where nobody is left, the entry is its moderators' again, as one without an account is.
KEEP_AN_OWNER = pgtrigger.Trigger(
    name="keep_an_owner",
    when=pgtrigger.After,
    operation=pgtrigger.Update | pgtrigger.Delete,
    timing=pgtrigger.Deferred,
    condition=pgtrigger.Q(old__role="owner"),
    func="""
        PERFORM FROM initiatives_initiative WHERE id = OLD.initiative_id FOR NO KEY UPDATE;
        IF NOT FOUND OR EXISTS (
            SELECT FROM initiatives_initiativemember WHERE initiative_id = OLD.initiative_id AND role = 'owner'
        ) THEN
            RETURN NULL;
        END IF;
        IF EXISTS (SELECT FROM accounts_user WHERE id = OLD.user_id) THEN
            RAISE EXCEPTION 'a team has at least one owner'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'initiative_member_keeps_an_owner';
        END IF;
        UPDATE initiatives_initiativemember SET role = 'owner' WHERE id = (
            SELECT id FROM initiatives_initiativemember WHERE initiative_id = OLD.initiative_id ORDER BY since, id LIMIT 1
        );
        RETURN NULL;
    """,
)


class InitiativeMember(models.Model):
    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        EDITOR = "editor", _("editor")

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="initiative_memberships")
    role = models.CharField(_("role"), max_length=8, choices=Role)
    since = models.DateTimeField(_("since"))

    class Meta:
        verbose_name = _("team member")
        constraints = [
            models.UniqueConstraint(
                fields=["initiative", "user"],
                name="initiative_member_once",
                violation_error_message=_("This person is already in the team."),
            ),
        ]
        triggers = [KEEP_AN_OWNER]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()})"


class MemberInvitation(Invitation):
    """An invitation to the team of an initiative; an owner's also goes out by itself to whoever registered without an account."""

    slug = "team"
    role = _("team member of an initiative")

    initiative = models.ForeignKey(Initiative, on_delete=models.CASCADE, related_name="invitations")
    member_role = models.CharField(_("role"), max_length=8, choices=InitiativeMember.Role, default=InitiativeMember.Role.EDITOR)

    class Meta(Invitation.Meta):
        verbose_name = _("invitation of a team member")
        constraints = [
            *Invitation.Meta.constraints,
            models.UniqueConstraint(
                fields=["initiative", "email"],
                condition=Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="member_invitation_open_once",
                violation_error_message=_("This person is already invited."),
            ),
        ]

    def purpose(self) -> str:
        return str(_("You keep the page of %(initiative)s up to date.") % {"initiative": self.initiative.name})

    def grant(self, user: User, at: datetime) -> None:
        member, made = InitiativeMember.objects.get_or_create(
            initiative=self.initiative, user=user, defaults={"role": self.member_role, "since": at}
        )
        if not made and self.member_role == InitiativeMember.Role.OWNER and member.role != self.member_role:
            member.role = self.member_role
            member.save(update_fields=["role"])


class BoundarySpanner(models.Model):
    """Somebody trusted in a district, who checks that district's entries."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="boundary_spanner_of")
    district = models.ForeignKey(
        "areas.Area", on_delete=models.PROTECT, related_name="boundary_spanners", limit_choices_to={"level": Level.DISTRICT}
    )

    class Meta:
        verbose_name = _("boundary spanner")
        constraints = [models.UniqueConstraint(fields=["user", "district"], name="boundary_spanner_once")]

    def __str__(self) -> str:
        return f"{self.user} ({self.district})"
