"""Where initiatives lie when boundaries change."""

from datetime import datetime

from django.db import transaction

from fieldlab.areas.actions import areas_at
from initiatives.models import Initiative


@transaction.atomic
def reassign_areas(*, at: datetime) -> int:
    """Put each initiative in the neighbourhood that its place is in now; returns how many moved.

    Without a place of its own it moves only when its neighbourhood no longer exists. Outside all neighbourhoods it stays.
    """
    rows = [row for row in Initiative.objects.select_for_update(of=("self",)).with_area() if _may_move(row)]
    moved = []
    for row, area in zip(rows, areas_at([point for row in rows if (point := row.shown_point)]), strict=True):
        if area and row.area_id != area.pk:
            row.area, row.updated_at = area, at
            moved.append(row)
    Initiative.objects.bulk_update(moved, ["area", "updated_at"], batch_size=500)
    return len(moved)


def _may_move(initiative: Initiative) -> bool:
    gone = bool(initiative.area and initiative.area.vanished_at)
    return bool(initiative.shown_point) and (initiative.location is not None or gone)
