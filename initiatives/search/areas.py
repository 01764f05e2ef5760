"""The areas in force as a tree, in the memory of each process; without their boundaries, renewed when an import changes them."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from fieldlab.areas.models import Area

Version = tuple[int, int, str]


@dataclass(slots=True)
class Areas:
    """Read only. `parts` of None are the districts, in order of name."""

    version: Version
    by_pk: dict[int, Area] = field(default_factory=dict)
    by_code: dict[str, Area] = field(default_factory=dict)
    parts: defaultdict[int | None, list[Area]] = field(default_factory=lambda: defaultdict(list))

    def above(self, area: Area) -> list[Area]:
        """What it lies in, from the district down."""
        found: list[Area] = []
        while area.parent_id and (parent := self.by_pk.get(area.parent_id)):
            found.insert(0, parent)
            area = parent
        return found

    def below(self, area: Area) -> Iterator[Area]:
        for part in self.parts.get(area.pk, ()):
            yield part
            yield from self.below(part)

    def touching(self, area: Area) -> list[int]:
        """The keys of the area, of what it lies in and of what lies in it: who comes to one of these comes to (a part of) it."""
        return [area.pk, *(each.pk for each in self.above(area)), *(each.pk for each in self.below(area))]


_areas: Areas | None = None


def areas() -> Areas:
    """As they are now, for one small query."""
    global _areas
    version = Area.objects.all().version()
    known = _areas
    if known is None or known.version != version:
        # Replaced in one step: another thread sees the old tree or the new one, whole.
        _areas = known = _read(version)
    return known


def _read(version: Version) -> Areas:
    tree = Areas(version)
    # From the neighbourhoods up, so that where a code is used at two levels the larger area has it
    for area in Area.objects.in_force().defer("boundary").order_by("name", "code"):
        tree.by_pk[area.pk] = area
    for level in (Area.Level.NEIGHBOURHOOD, Area.Level.QUARTER, Area.Level.DISTRICT):
        tree.by_code |= {area.code: area for area in tree.by_pk.values() if area.level == level}
    for area in tree.by_pk.values():
        tree.parts[area.parent_id].append(area)
    return tree
