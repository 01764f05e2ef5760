from typing import Any, Self
from uuid import UUID

from django.db import models


class AccessRecordQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """What somebody looked at themselves. Who looked at a participant is `about`, behind the wall in the database."""
        return self.none() if user.decides_on_benefits else self.filter(user=user)

    def about(self, participant_id: UUID) -> Self:
        return self.filter(participant_id=participant_id)
