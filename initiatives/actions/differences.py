"""What differs between two versions of an entry, in words people read. A version is an Initiative, or a row of its history."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, NamedTuple

from django.db import models
from django.template.defaultfilters import date as written_date
from django.utils.dates import WEEKDAYS
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from fieldlab.areas.models import Area
from fieldlab.lib.opening import BadHours, OpeningHours
from initiatives.models import Initiative

# In the order in which they are read; `address` stands for the fields it is written from. Whether there is room is a word of its day.
FIELDS = (
    *("status", "name", "kind", "activity", "summary", "description", "offers", "themes", "audiences", "languages", "accessibility"),
    *("phase", "opening_hours", "photo", "access", "address", "location", "area", "service_areas", "website"),
    *("website_public", "phone_public", "email_public"),
)
# Read word by word
TEXTS = {"name", "summary", "description"}
# Not facts for somebody who reads the page, or told beside the thing itself
UNTOLD = {"status", "website", "website_public", "phone_public", "email_public"}
# A longer stretch in which nothing changed is cut short to what stands next to a change, in words
KEPT, AROUND = 40, 12


class Mark(StrEnum):
    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True)
class Piece:
    mark: Mark
    text: str


@dataclass(frozen=True)
class Difference:
    """`pieces` tell before and after in one; of a list (`in_lines`) each is a line of its own."""

    field: str
    label: str
    before: str
    after: str
    pieces: tuple[Piece, ...]
    in_lines: bool = False


class Fact(NamedTuple):
    label: str
    lines: list[str]


def differences(older: Any, newer: Any, *, area_names: dict[str, str] | None = None) -> list[Difference]:
    """What `newer` changed. `area_names` is name by code, of every area that either comes to; without it they are looked up."""
    if area_names is None:
        area_names = names_of_areas([older, newer])
    found = (
        _moved(older, newer) if name == "location" else _difference(name, *(_told(name, row, area_names) for row in (older, newer)))
        for name in FIELDS
    )
    return [difference for difference in found if difference]


def in_words(row: Any) -> list[Fact]:
    """All facts of a version that are told, but its status, name and texts."""
    area_names = names_of_areas([row])
    names = [name for name in FIELDS if name not in {*TEXTS, *UNTOLD, "location"}]
    told = [(name, _told(name, row, area_names)) for name in names]
    return [Fact(_label(name), words if isinstance(words, list) else [words]) for name, words in told if words]


def names_of_areas(rows: Iterable[Any]) -> dict[str, str]:
    """Name by code of the areas that these versions come to; one query."""
    codes = {code for row in rows for code in row.service_areas}
    return dict(Area.objects.filter(code__in=codes).values_list("code", "name")) if codes else {}


def word_by_word(before: str, after: str) -> list[Piece]:
    """A text in pieces that stayed, went and came. Joined without those that came it is `before`, but for double spaces."""
    old, new = (re.findall(r"\n+|[^\s]+", text.replace("\r\n", "\n")) for text in (before, after))
    pieces: list[Piece] = []
    for action, old_from, old_to, new_from, new_to in SequenceMatcher(None, old, new).get_opcodes():
        if action == "equal":
            pieces.append(Piece(Mark.SAME, _joined(old[old_from:old_to])))
            continue
        if old_from < old_to:
            pieces.append(Piece(Mark.GONE, _joined(old[old_from:old_to])))
        if new_from < new_to:
            pieces.append(Piece(Mark.NEW, _joined(new[new_from:new_to])))
    return pieces


def _joined(words: list[str]) -> str:
    return re.sub(r" ?(\n+) ?", r"\1", " ".join(words))


def _difference(name: str, before: str | list[str], after: str | list[str]) -> Difference | None:
    if before == after:
        return None
    if isinstance(before, list) and isinstance(after, list):
        order = [*before, *(word for word in after if word not in before)]
        pieces = tuple(Piece(_mark(word, before, after), word) for word in order)
        return Difference(name, _label(name), ", ".join(before), ", ".join(after), pieces, in_lines=True)
    old, new = str(before), str(after)
    if name in TEXTS and old and new:
        pieces = tuple(_shortened(word_by_word(old, new)))
    else:
        pieces = tuple(Piece(mark, text) for mark, text in ((Mark.GONE, old), (Mark.NEW, new)) if text)
    return Difference(name, _label(name), old, new, pieces)


def _moved(older: Any, newer: Any) -> Difference | None:
    """Another place on the map: how far, as nobody reads degrees."""
    before, after = older.location, newer.location
    if before == after:
        return None
    told, untold = _("pointed out on the map"), _("not pointed out")
    if before and after:
        old, new = told, _("moved by %(metres)s metres") % {"metres": max(1, round(before.metres_to(after)))}
        pieces: tuple[Piece, ...] = (Piece(Mark.NEW, new),)
    else:
        old, new = (told, untold) if before else (untold, told)
        pieces = (Piece(Mark.GONE, old), Piece(Mark.NEW, new))
    return Difference("location", _label("location"), old, new, pieces)


def _mark(word: str, before: list[str], after: list[str]) -> Mark:
    if word in before and word in after:
        return Mark.SAME
    return Mark.GONE if word in before else Mark.NEW


def _shortened(pieces: list[Piece]) -> Iterator[Piece]:
    for number, piece in enumerate(pieces):
        words = piece.text.split(" ")
        if piece.mark != Mark.SAME or len(words) <= KEPT:
            yield piece
            continue
        begin = " ".join(words[:AROUND]) if number else ""
        end = " ".join(words[-AROUND:]) if number < len(pieces) - 1 else ""
        yield Piece(Mark.SAME, f"{begin} … {end}".strip())


def _label(name: str) -> str:
    return _("Address") if name == "address" else capfirst(str(getattr(Initiative._meta.get_field(name), "verbose_name", name)))


def _told(name: str, row: Any, area_names: dict[str, str]) -> str | list[str]:
    """One fact of a version as people read it; a list where it is one."""
    match name:
        case "opening_hours":
            return hours_in_words(row.opening_hours)
        case "photo":
            return _photo(row)
        case "address":
            number = f"{row.street} {row.house_number}".strip()
            return ", ".join(filter(None, [number, f"{row.postcode} {row.city}".strip()]))
        case "area":
            return str(row.area or "")
        case "service_areas":
            return [area_names.get(code, code) for code in row.service_areas]
    value, field = getattr(row, name), Initiative._meta.get_field(name)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        # Of an array, the base field knows its words; one that is no longer in use stands as it was stored
        return [_word(getattr(field, "base_field", field), each) for each in value]
    return _word(field, value)


def _word(field: Any, value: Any) -> str:
    choices = dict(field.flatchoices) if isinstance(field, models.Field) else {}
    return str(choices.get(value, value or ""))


def _photo(row: Any) -> str:
    if row.photo_id is None:
        return ""
    return row.photo.alternative_text if row.photo else _("a photo that was taken away for good")


def hours_in_words(data: Any) -> list[str]:
    """A line for each day on which it is open, then one for each exception."""
    try:
        hours = OpeningHours.from_json(data)
    except BadHours:
        return []
    week = [f"{WEEKDAYS[day]} {_times(times)}" for day, times in enumerate(hours.by_weekday()) if times]
    return week + [_exception(each) for each in hours.exceptions]


def _exception(each: Any) -> str:
    days = written_date(each.first, "DATE_FORMAT")
    if each.last != each.first:
        days = _("%(first)s to %(last)s") % {"first": days, "last": written_date(each.last, "DATE_FORMAT")}
    words = f"{days}: {_times(each.hours) if each.hours else _('closed')}"
    return f"{words} ({each.note})" if each.note else words


def _times(hours: tuple[tuple[int, int], ...]) -> str:
    spans = (f"{opens // 60}.{opens % 60:02}–{closes // 60}.{closes % 60:02}" for opens, closes in hours)
    return ", ".join(spans)
