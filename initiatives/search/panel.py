"""The choices beside a question: a few in sight, the rest behind "more choices", and what is chosen with a way back."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from fieldlab.areas.models import Area
from initiatives.models import AreaContact
from initiatives.search.areas import Areas
from initiatives.search.asked import GROUPS, Asked, address_of
from initiatives.search.facets import Counts

COMMON = {("toegang", "step_free"), ("aanbod", "childcare"), ("taal", "ar"), ("taal", "tr"), ("taal", "en")}


@dataclass(frozen=True, slots=True)
class Choice:
    """A box to tick, or one of several: `name` and `value` as in the address, and how many places it shows."""

    name: str
    value: str
    label: str
    count: int | None
    chosen: bool
    # Of a kind of place, whose sign goes before its name
    kind: str = ""

    @property
    def key(self) -> str:
        """Its id in the page."""
        return f"{self.name}-{self.value or 'alles'}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Something that was chosen, and the address without it."""

    label: StrOrPromise
    without: str


@dataclass(frozen=True, slots=True)
class Panel:
    common: list[Choice]
    more: list[tuple[StrOrPromise, list[Choice]]]
    where: list[Choice]
    chosen: list[Chosen]


def panel(asked: Asked, counts: Counts, tree: Areas, near: str) -> Panel:
    """`near` is what the place is called that was asked for; empty when none was."""
    in_sight, more = [], []
    for group in GROUPS:
        taken, waiting = asked.chosen(group), []
        for value, label in group.choices.choices:
            number = counts.facts[group.name, value]
            choice = Choice(group.name, value, str(label), number, value in taken, value if group.name == "soort" else "")
            if choice.chosen or (number and (group.name, value) in COMMON):
                in_sight.append(choice)
            elif number:
                waiting.append(choice)
        if waiting:
            more.append((group.label, waiting))
    flags = [
        Choice("open", "nu", _("Open now"), counts.open_now, asked.open_now),
        Choice("plek", "nu", _("Room for you now"), counts.room_now, asked.room_now),
    ]
    people = [Choice("toon", "aanspreekpunten", _("Contact persons"), AreaContact.objects.count(), asked.contacts)]
    common = [choice for choice in (*flags, *in_sight, *people) if choice.count or choice.chosen]
    return Panel(common, more, _where(asked.area, counts, tree), _chosen(asked, near))


def _where(area: Area | None, counts: Counts, tree: Areas) -> list[Choice]:
    """The whole, what the area lies in, itself, and its parts."""
    lies_in = [*tree.above(area), area] if area else []
    parts = [Choice("gebied", part.code, part.name, counts.parts[part.pk], False) for part in tree.parts.get(area.pk if area else None, [])]
    path = [Choice("gebied", each.code, each.name, None, each == area) for each in lies_in]
    return [Choice("gebied", "", _("Everywhere"), None, area is None), *path, *(part for part in parts if part.count)]


def _chosen(asked: Asked, near: str) -> list[Chosen]:
    marks = [Chosen(f"‘{asked.words}’", address_of(asked, words=""))] if asked.words else []
    if near:
        marks.append(Chosen(_("near %(place)s") % {"place": near}, address_of(asked, near=None, place="")))
    if asked.area:
        marks.append(Chosen(asked.area.name, address_of(asked, area=None)))
    if asked.box:
        marks.append(Chosen(_("this piece of the map"), address_of(asked, box=None)))
    if asked.open_now:
        marks.append(Chosen(_("Open now"), address_of(asked, open_now=False)))
    if asked.room_now:
        marks.append(Chosen(_("Room for you now"), address_of(asked, room_now=False)))
    if asked.contacts:
        marks.append(Chosen(_("Contact persons"), address_of(asked, contacts=False)))
    for group in GROUPS:
        marks += [Chosen(group.choices(value).label, address_of(asked.without(group, value))) for value in asked.chosen(group)]
    return marks
