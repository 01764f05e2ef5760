"""PDF by typst: tagged, PDF/UA-1. Our own templates, data as JSON: no text is ever read as markup, nothing is fetched."""

import json
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.conf import settings

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# Kinds of characters that no text needs to be read: control, format, private, surrogate, unassigned, emoji and other pictures
NEVER_DRAWN = {"Cc", "Cf", "Co", "Cs", "Cn", "So"}
JOINERS = "\u200c\u200d"  # formats that Arabic script is written with
# What the fonts inside typst draw for certain: Latin, Greek and Cyrillic letters, and the marks of our own words
CERTAIN = [(0x20, 0x7E), (0xA0, 0xAC), (0xAE, 0x17F), (0x391, 0x3A1), (0x3A3, 0x3C9), (0x401, 0x40C), (0x40E, 0x44F), (0x451, 0x45C)]
CERTAIN_MARKS = frozenset("–—‘’“”„…•€\n")


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(settings.PDF_FONT_FOLDERS))


def make_pdf(template: str, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """Compile `templates/<template>` with `data` as `json(bytes(sys.inputs.data))`; `at` (aware) is the date the file carries.

    A script that no font here can draw is left out: PDF/UA allows no empty boxes, and a notice with a gap is better than none.
    """
    try:
        return _compile(template, _every_text(data, _drawable), at)
    except typst.TypstError:
        return _compile(template, _every_text(data, certain), at)


def _compile(template: str, data: Any, at: datetime) -> bytes:
    compiler = typst.Compiler(
        str(TEMPLATES / template),
        root=str(TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
    )
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=int(at.timestamp()))
    if not isinstance(made, bytes):
        raise TypeError("one file was asked for")
    return made


def _every_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, Mapping):
        return {key: _every_text(each, change) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_every_text(each, change) for each in value]
    return value


def _is_certain(character: str) -> bool:
    return character in CERTAIN_MARKS or any(low <= ord(character) <= high for low, high in CERTAIN)


def _drawable(text: str) -> str:
    return _tidy("".join(c for c in text if _is_certain(c) or c in JOINERS or unicodedata.category(c) not in NEVER_DRAWN))


def certain(text: str) -> str:
    """Only what the built-in fonts draw for certain; empty when nothing is left."""
    return _tidy("".join(filter(_is_certain, text)))


def _tidy(text: str) -> str:
    return "\n".join(" ".join(filter(None, line.split(" "))) for line in text.split("\n"))
