import pghistory
from django.utils.translation import gettext_lazy as _

from fieldlab.accounts.models import NetworkRole, RoleInvitation


@pghistory.track()
class Facilitator(NetworkRole):
    """Somebody who runs workshop editions."""

    class Meta(NetworkRole.Meta):
        verbose_name = _("workshop facilitator")


class FacilitatorInvitation(RoleInvitation):
    slug = "workshopbegeleider"
    role = _("workshop facilitator")
    needs_second_factor = True
    gives = Facilitator

    class Meta(RoleInvitation.Meta):
        verbose_name = _("invitation of a facilitator")

    def purpose(self) -> str:
        return str(_("You guide the workshops: who takes part, what you do together, and the certificate at the end."))
