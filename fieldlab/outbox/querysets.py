from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from fieldlab.outbox.models import OutboxMessage  # noqa: F401 - names the rows in the annotations


class OutboxMessageQuerySet(models.QuerySet["OutboxMessage"]):
    def unfinished(self) -> "OutboxMessageQuerySet":
        """Neither sent nor given up; in these words, so that the partial index `outbox_due` serves."""
        return self.filter(sent_at__isnull=True, failed_at__isnull=True)

    def due(self, at: datetime) -> "OutboxMessageQuerySet":
        """To be sent now, and in nobody's hands: oldest first."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
        return self.unfinished().filter(free, due_at__lte=at).order_by("due_at", "id")

    def in_hand(self, at: datetime) -> "OutboxMessageQuerySet":
        """Being sent by somebody at this moment."""
        return self.unfinished().filter(leased_until__gt=at)

    def finished_before(self, moment: datetime) -> "OutboxMessageQuerySet":
        return self.filter(Q(sent_at__lte=moment) | Q(failed_at__lte=moment))

    def oldest_due(self, at: datetime) -> datetime | None:
        """Since when the longest waiting message should have gone; None when nothing waits."""
        return self.unfinished().filter(due_at__lte=at).order_by("due_at").values_list("due_at", flat=True).first()
