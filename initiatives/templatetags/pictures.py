"""`{% picture initiative "card" %}`: its photo, or as long as it has none the cover we draw for it."""

from typing import Literal

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fieldlab.lib.pictures import widths
from fieldlab.lib.templatetags.look import cover, wide_cover
from initiatives.models import Initiative, Photo

register = template.Library()

Variant = Literal["list", "card", "page", "wide"]
# How wide it stands on the page, for the browser to choose which file to fetch
SIZES = {
    "list": "92px",
    "card": "(min-width:62em) 300px, (min-width:40em) 46vw, 92vw",
    "page": "(min-width:62em) 690px, 92vw",
    "wide": "100vw",
}


@register.simple_tag
def photo_url(photo: Photo, width: int = 0) -> str:
    """The address of the photo in this width; the widest if none is given."""
    return reverse("photo", args=[photo.pk, width or photo.width])


@register.simple_tag
def picture(initiative: Initiative, variant: Variant = "card") -> SafeString:
    """In a "list", on a "card", as wide as the text of a "page", or "wide" above it. Select `photo` along, as `with_area()` does."""
    if initiative.photo is None:
        draw = wide_cover if variant == "wide" else cover
        return draw(initiative.kind, initiative.activity, initiative.cover_seed)
    return photo_tag(initiative.photo, variant)


@register.simple_tag
def photo_tag(photo: Photo, variant: Variant = "card") -> SafeString:
    there = widths(photo.width)
    return format_html(
        '<img class="{}" src="{}" srcset="{}" sizes="{}" alt="{}" lang="nl" width="{}" height="{}" {}="{}" decoding="async">',
        "wide-cover" if variant == "wide" else "cover",
        photo_url(photo, there[-1] if variant == "wide" else there[0]),
        ", ".join(f"{photo_url(photo, width)} {width}w" for width in there),
        SIZES[variant],
        # Beside every name in a list it would be told before the next name
        "" if variant == "list" else photo.alternative_text,
        photo.width,
        photo.height,
        *(("fetchpriority", "high") if variant == "wide" else ("loading", "lazy")),
    )
