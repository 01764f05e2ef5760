import pghistory
from django.utils.translation import gettext_lazy as _

from fieldlab.accounts.models import NetworkRole, RoleInvitation


@pghistory.track()
class Researcher(NetworkRole):
    """Somebody of a knowledge institute. Sees figures in which nobody can be recognised, and never a person."""

    class Meta(NetworkRole.Meta):
        verbose_name = _("researcher")


class ResearcherInvitation(RoleInvitation):
    slug = "kennisinstelling"
    role = _("researcher")
    gives = Researcher

    class Meta(RoleInvitation.Meta):
        verbose_name = _("invitation of a researcher")

    def purpose(self) -> str:
        return str(_("You learn from the figures of the network. Nobody can be recognised in them."))
