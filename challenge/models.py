import pghistory
from django.utils.translation import gettext_lazy as _

from fieldlab.accounts.models import NetworkRole, RoleInvitation


@pghistory.track()
class JuryMember(NetworkRole):
    """Somebody who judges proposals."""

    class Meta(NetworkRole.Meta):
        verbose_name = _("jury member")


class JuryInvitation(RoleInvitation):
    slug = "jurylid"
    role = _("jury member")
    needs_second_factor = True
    gives = JuryMember

    class Meta(RoleInvitation.Meta):
        verbose_name = _("invitation of a jury member")

    def purpose(self) -> str:
        return str(_("You read proposals from initiatives and give them scores, with the other members of the jury."))
