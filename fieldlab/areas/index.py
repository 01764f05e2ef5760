"""Which neighbourhood holds a point: an index in the memory of each process, renewed when the areas in the database change."""

from collections.abc import Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import shape

from fieldlab.areas.models import Area, Level
from fieldlab.lib.geo import Point

Version = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Index:
    version: Version
    ids: list[int]
    tree: shapely.STRtree

    def find(self, points: Sequence[Point]) -> list[int | None]:
        """The id of the neighbourhood of each point; on a shared border the one with the first code."""
        found: dict[int, int] = {}
        which_points, which_shapes = self.tree.query(shapely.points([tuple(point) for point in points]), predicate="intersects")
        for i, j in zip(which_points.tolist(), which_shapes.tolist(), strict=True):
            found[i] = min(j, found.get(i, j))
        return [self.ids[found[i]] if i in found else None for i in range(len(points))]


_index: Index | None = None


def neighbourhoods() -> Index:
    """The index of the areas as they are now; costs one small query, and reading all boundaries after an import."""
    global _index
    version = Area.objects.all().version()
    index = _index
    if index is None or index.version != version:
        drawn = Area.objects.in_force().filter(level=Level.NEIGHBOURHOOD, boundary__isnull=False)
        rows = drawn.order_by("code").values_list("pk", "boundary")
        shapes = [shape(boundary) for _, boundary in rows if boundary]
        shapely.prepare(shapes)
        # Replaced in one step: another thread sees the old index or the new one, whole.
        _index = index = Index(version, [pk for pk, _ in rows], shapely.STRtree(shapes))
    return index
