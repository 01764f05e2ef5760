"""The site's look in templates: `{% load look %}`. What is drawn, and how, stands in fieldlab.lib.look."""

import re
import zlib
from functools import cache, lru_cache
from pathlib import Path

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from fieldlab.lib import phones
from fieldlab.lib.look import glyphs, scenes, street, wide

register = template.Library()

VARIANTS = 64


def _inline(svg: str) -> SafeString:
    return mark_safe(svg)  # noqa: S308 - drawn by our own code from names that are keys


@cache
def drawing_version() -> str:
    """Changes when the drawing code changes, so that browsers may keep a cover for ever."""
    code = b"".join(path.read_bytes() for path in sorted(Path(scenes.__file__).parent.glob("*.py")))
    return f"{zlib.crc32(code):08x}"


@lru_cache(maxsize=256)
def drawn_cover(kind: str, activity: str, variant: int) -> str:
    return scenes.cover(kind, activity, f"cover-{variant}")


@lru_cache(maxsize=64)
def _wide_cover(kind: str, activity: str, variant: int) -> str:
    return wide.wide_cover(kind, activity, f"cover-{variant}")


def _variant(seed: object) -> int:
    """A name's own cut of the paper. Few enough to be cached, and the address of the picture does not give the name away."""
    return zlib.crc32(str(seed).encode()) % VARIANTS


@register.simple_tag
def icon(name: str) -> SafeString:
    return _inline(glyphs.icon(name))


@register.simple_tag
def kind_glyph(kind: str, number: object = "") -> SafeString:
    return _inline(glyphs.kind_glyph(str(kind), str(number)))


@register.simple_tag
def cover_url(kind: str, activity: str, seed: object) -> str:
    return reverse("cover", args=[drawing_version(), str(kind), str(activity), _variant(seed)])


@register.simple_tag
def cover(kind: str, activity: str, seed: object, title: str = "") -> SafeString:
    """A cut-paper picture that is fetched when it comes into view: forty in a list stay light."""
    return format_html(
        '<img class="cover" src="{}" alt="{}" width="{}" height="{}" loading="lazy" decoding="async">',
        cover_url(kind, activity, seed),
        title,
        scenes.WIDTH,
        scenes.HEIGHT,
    )


@register.simple_tag
def wide_cover(kind: str, activity: str, seed: object, title: str = "") -> SafeString:
    """The band over an initiative's page, inline, as it is the first thing seen."""
    label = format_html('role="img" aria-label="{}"', title) if title else 'aria-hidden="true"'
    return _inline(_wide_cover(str(kind), str(activity), _variant(seed)).replace("<svg ", f"<svg {label} ", 1))


@register.simple_tag
@cache
def facade(kind: str) -> SafeString:
    return _inline(street.facade(kind))


@register.simple_tag
@cache
def spot(name: str) -> SafeString:
    return _inline(street.spot(name))


@register.simple_tag
def mark() -> SafeString:
    return _inline(glyphs.mark())


@register.filter
def error_count(form: BaseForm) -> int:
    """How many lines the error summary has."""
    return sum(len(errors) for errors in form.errors.values())


@register.filter
def first_control(field: BoundField) -> str:
    """The id that a link to this field should go to: in a list of choices the first choice."""
    return field.subwidgets[0].id_for_label if field.use_fieldset and field.subwidgets else field.id_for_label


@register.filter
def phone(number: object) -> str:
    """A telephone number in groups, as people say it: 020 000 01 23. Unbreakable spaces hold it together, also in right-to-left text."""
    shown = phones.display(str(number or "")).replace(" ", "\N{NO-BREAK SPACE}")
    return f"\N{LEFT-TO-RIGHT MARK}{shown}" if shown.startswith("+") else shown


@register.filter
def tel(number: object) -> str:
    """The same number for a `tel:` link: digits, and a plus in front if there is one."""
    text = str(number or "").strip()
    return ("+" if text.startswith("+") else "") + re.sub(r"\D", "", text)


@register.filter
def unbroken(address: object) -> str:
    """An address whose postcode stays on one line: 1094 HP."""
    return re.sub(r"\b(\d{4}) ([A-Z]{2})\b", "\\1\N{NO-BREAK SPACE}\\2", str(address or ""))
