"""Two people who edit one entry at the same time: question by question, what each of them wrote."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from fieldlab.lib import phones
from initiatives.actions.differences import Difference, differences
from initiatives.actions.history import version_at
from initiatives.channels import read
from initiatives.models import NOT_IN_HISTORY, Initiative

# What is chosen in one go: half an address of one with half of the other is nowhere
QUESTIONS: dict[str, tuple[str, ...]] = {
    **{
        name: (name,)
        for name in (
            *("name", "kind", "activity", "summary", "description", "offers", "themes", "audiences", "languages", "accessibility"),
            *("phase", "opening_hours"),
        )
    },
    "place": ("access", "street", "house_number", "postcode", "city", "location", "area", "service_areas"),
    "contact_name": ("contact_name",),
    "phone": ("phone", "phone_public"),
    "email": ("email", "email_public"),
    "website": ("website", "website_public"),
    "channels": ("channels",),
}
PLACE = {*QUESTIONS["place"], "address"}
THEIRS, MINE = "theirs", "mine"


@dataclass(frozen=True)
class Choice:
    """One question that both answered differently, each answer in lines. `likely` is the only one of the two that changed it, if so."""

    key: str
    label: str
    theirs: Sequence[str]
    mine: Sequence[str]
    likely: str


def choices(current: Initiative, changes: dict[str, Any], revision: int) -> list[Choice]:
    """Where `changes`, made on top of `revision`, differ from what stands now."""
    mine = copy.copy(current)
    for name, value in changes.items():
        setattr(mine, name, value)
    base = version_at(current, revision)
    told = differences(current, mine)
    found = []
    for key, fields in QUESTIONS.items():
        if any(name in changes and changes[name] != getattr(current, name) for name in fields):
            label, theirs, ours = _words(key, current, mine, told)
            found.append(Choice(key, label, theirs, ours, _likely(fields, base, current, mine)))
    return found


def without(changes: dict[str, Any], theirs: Sequence[str]) -> dict[str, Any]:
    """`changes` without the questions of which the other's answer was chosen."""
    dropped = {name for key in theirs for name in QUESTIONS[key]}
    return {name: value for name, value in changes.items() if name not in dropped}


def as_it_was(initiative: Initiative, revision: int) -> Initiative:
    """A copy as it stood at that revision, to read an older form with; personal facts, which history does not hold, as they are now."""
    base = version_at(initiative, revision) if revision != initiative.revision else None
    if base is None:
        return initiative
    was = copy.copy(initiative)
    for name in {field for fields in QUESTIONS.values() for field in fields if field not in NOT_IN_HISTORY}:
        setattr(was, name, getattr(base, name))
    was.revision = revision
    return was


def _likely(fields: Sequence[str], base: Any, current: Initiative, mine: Initiative) -> str:
    if base is None or any(name in NOT_IN_HISTORY for name in fields):
        return ""
    by_them = any(getattr(base, name) != getattr(current, name) for name in fields)
    by_me = any(getattr(base, name) != getattr(mine, name) for name in fields)
    return THEIRS if by_them and not by_me else MINE if by_me and not by_them else ""


def _words(key: str, current: Initiative, mine: Initiative, told: Sequence[Difference]) -> tuple[str, Sequence[str], Sequence[str]]:
    if key == "place":
        ours = [each for each in told if each.field in PLACE]
        before, after = ([f"{each.label}: {getattr(each, side) or '-'}" for each in ours] for side in ("before", "after"))
        return _("Where is it?"), before, after
    label = capfirst(str(Initiative._meta.get_field(key).verbose_name))  # type: ignore[union-attr]
    for each in told:
        if each.field == key:
            return label, _lines(each, "before"), _lines(each, "after")
    return label, _personal(key, current), _personal(key, mine)


def _lines(difference: Difference, side: str) -> Sequence[str]:
    words: str = getattr(difference, side)
    if not difference.in_lines:
        return words.splitlines()
    marks = ("same", "gone") if side == "before" else ("same", "new")
    return [piece.text for piece in difference.pieces if piece.mark in marks]


def _personal(key: str, row: Initiative) -> Sequence[str]:
    """What history does not hold, or only says who may see it."""
    if key == "channels":
        return [f"{each.label}: {each.shown} ({_seen(each.public)})" for each in read(row.channels)]
    value = str(getattr(row, key))
    if not value or key == "contact_name":
        return [value] if value else []
    return [f"{phones.display(value) if key == 'phone' else value} ({_seen(getattr(row, f'{key}_public'))})"]


def _seen(public: bool) -> str:
    return _("everybody sees this") if public else _("not everybody sees this")
