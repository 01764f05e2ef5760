"""Small signs: the shape of each kind, the site's mark, and lucide's icons."""

import difflib
from functools import cache
from importlib.resources import files
from xml.etree import ElementTree
from zipfile import ZipFile

from lucide.templatetags.lucide import lucide

from fieldlab.lib.look.paper import INK, PALETTES

_SHAPES = {
    "residents_group": '<circle cx="20" cy="20" r="16"/>',
    "social_enterprise": '<path d="M5 6h30v29H5z"/>',
    "community_centre": '<path d="M20 2l17 15v19H3V17z"/>',
    "self_managed": '<path d="M4 36V19a16 16 0 0 1 32 0v17z"/>',
    "cooperative": '<path d="M11 4h18l9 16-9 16H11L2 20z"/>',
    "informal_group": '<path d="M20 1l19 19-19 19L1 20z"/>',
}
_LOW_NUMBER = {"community_centre", "self_managed"}


@cache
def kind_glyph(kind: str, number: str = "") -> str:
    """The kind's shape and colour, 40 by 40; with a number for a place in a list."""
    colours = PALETTES[kind]
    pale = kind == "residents_group"
    fill, text = (colours.middle, INK) if pale else (colours.deep, "#fff")
    digits = edge = ""
    if number:
        edge = ' stroke="#fffdf8" stroke-width="2"'
        y = 27 if kind in _LOW_NUMBER else 26
        size = 17 if len(number) < 3 else 13
        digits = f'<text x="20" y="{y}" text-anchor="middle" font-size="{size}" font-weight="700" fill="{text}">{int(number)}</text>'
    return f'<svg class="glyph" viewBox="0 0 40 40" aria-hidden="true"><g fill="{fill}"{edge}>{_SHAPES[kind]}</g>{digits}</svg>'


def mark(pillar: str = "var(--fl-action)", beam: str = "currentColor", dot: str = "var(--fl-accent)") -> str:
    """The site's mark, 44 by 44: an F of two papers and a sun."""
    return (
        '<svg class="mark" viewBox="0 0 44 44" aria-hidden="true">'
        f'<path d="M4 3l13 1-1 38-11-1z" fill="{pillar}"/><path d="M19 4l22-1v12l-22 1z" fill="{beam}"/>'
        f'<path d="M28 20c6-1 9 3 9 8s-4 8-9 8-9-4-9-8 3-8 9-8z" fill="{dot}"/></svg>'
    )


class NoSuchIconError(LookupError):
    pass


def _icon_names() -> list[str]:
    with (files("lucide") / "lucide.zip").open("rb") as stream, ZipFile(stream) as archive:
        return [name.removesuffix(".svg") for name in archive.namelist()]


@cache
def icon(name: str) -> str:
    """lucide's icon as inline SVG in the colour of its text. Arrows and chevrons turn round in right-to-left."""
    try:
        drawing = ElementTree.fromstring(lucide(name, size=None))  # noqa: S314
    except Exception as error:
        close = difflib.get_close_matches(name, _icon_names(), n=3)
        hint = f" Did you mean {' or '.join(close)}?" if close else " See https://lucide.dev/icons"
        raise NoSuchIconError(f"There is no lucide icon {name!r}.{hint}") from error
    shapes = "".join(ElementTree.tostring(child, encoding="unicode").strip() for child in drawing)
    turns = " flip" if name.endswith(("-left", "-right")) else ""
    return f'<svg class="ic{turns}" viewBox="0 0 24 24" aria-hidden="true">{shapes}</svg>'
