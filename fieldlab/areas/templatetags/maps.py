"""What the map modules in static/js need to know, as one JSON element: `{% load maps %}{% map_settings %}`."""

from typing import Any

from django import template
from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from fieldlab.areas.drawn import SKETCH_BOUNDS

register = template.Library()


@register.simple_tag
def map_settings() -> SafeString:
    """Tiles of a server, or else our own drawing; and the words that maps say. Names in the words are filled in by the modules."""
    return json_script(
        {
            "tiles": settings.MAP_TILE_URL,
            "attribution": settings.MAP_TILE_ATTRIBUTION if settings.MAP_TILE_URL else "",
            "sketch": static("map/amsterdam.svg"),
            "sketchBounds": SKETCH_BOUNDS,
            "boundaries": reverse("area_boundaries"),
            "texts": _texts(),
        },
        "map-settings",
    )


def _texts() -> dict[str, Any]:
    return {
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
        "cluster": _("{count} initiatives near {area}, zoom in"),
        "clusterNowhere": _("{count} initiatives here, zoom in"),
        "district": _("{count} initiatives in {area}, zoom in"),
        "contact": _("{name}, contact person of the municipality for {area}"),
        "contacts": _("{count} contact persons near {area}, zoom in"),
        "searchHere": _("Search in this piece of the map"),
        "card": _("Chosen on the map"),
        "close": _("Close"),
        "failed": _("The map did not arrive in full. The list has all places."),
        "beyond": _("{count} more outside this view: show all"),
        "pickerLabel": _("Map to point out the place"),
        "pickerKeys": _(
            "Move the map until the place is under the cross. Then press the button. "
            "By keyboard: arrow keys move, plus and minus zoom, Enter puts the pin."
        ),
        "pickerPut": _("Put the pin here"),
        "pickerMove": _("Move the pin to here"),
        "pickerRemove": _("Take the pin away"),
        "pickerNone": _("There is no pin yet."),
        "pickerPlaced": _("The pin is in {area}."),
        "pickerNowhere": _("The pin is outside our neighbourhoods."),
    }
