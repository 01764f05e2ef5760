from typing import Any

from fieldlab.lib.hour_fields import WeekForm
from initiatives.forms.step import StepForm
from initiatives.models import Initiative


class HoursForm(StepForm, WeekForm):
    """Step 5: when are you open. Also where people come by appointment: then somebody is there at these times."""

    @classmethod
    def initial_of(cls, initiative: Initiative) -> dict[str, Any]:
        return super().initial_of(initiative) | cls.initial_hours(initiative.hours)

    def changes(self) -> dict[str, Any]:
        return super().changes() | {"opening_hours": self.hours(self.initiative.hours).to_json()}
