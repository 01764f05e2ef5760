"""When a professional talks with people, and how: their own to say."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fieldlab.lib.errors import DomainError
from fieldlab.lib.opening import OpeningHours
from participants.models import Absence, Availability, Professional, TalkPlace

PLANNING = (
    *("first_minutes", "plan_minutes", "follow_up_minutes", "buffer_minutes", "lead_hours", "most_per_day"),
    *("languages", "introduction", "phone"),
)


class StaleHours(DomainError):  # noqa: N818 - reads as what it says
    """Saved in between in another window; `current` is what stands now."""

    def __init__(self, current: Availability) -> None:
        super().__init__(_("These hours were changed in another window while you were typing. Look below, and save again."))
        self.current = current


@transaction.atomic
def save_hours(*, professional: Professional, place: TalkPlace, hours: OpeningHours, revision: int) -> Availability:
    """Hours made on top of `revision`; 0: there were none. Talks that were agreed stay. Raises StaleHours, DomainError."""
    Professional.objects.select_for_update(of=["self"]).get(pk=professional.pk)
    if TalkPlace.objects.get(pk=place.pk).ended_at is not None:
        raise DomainError(_("This place is no longer used for talks."))
    availability = Availability.objects.filter(professional=professional, place=place).first()
    if availability is not None and availability.revision != revision:
        raise StaleHours(availability)
    if availability is None:
        availability = Availability(professional=professional, place=place, revision=0)
    availability.opening_hours = hours.to_json()
    availability.revision += 1
    availability.save()
    return availability


@transaction.atomic
def save_planning(*, professional: Professional, changes: dict[str, Any]) -> Professional:
    """How long talks take, and what people read before they choose. Raises DomainError."""
    professional = Professional.objects.select_for_update(of=["self"]).get(pk=professional.pk)
    for name in PLANNING:
        setattr(professional, name, changes[name])
    try:
        professional.full_clean()
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from error
    professional.save(update_fields=PLANNING)
    return professional


@transaction.atomic
def add_absence(*, professional: Professional, first: date, last: date, at: datetime) -> Absence:
    """Days on which nothing more is booked; what was agreed stays, and the agenda shows it."""
    if last < first:
        raise DomainError(_("The last day comes after the first."))
    same, _made = Absence.objects.get_or_create(professional=professional, first=first, last=last)
    return same


@transaction.atomic
def remove_absence(*, absence: Absence) -> None:
    Absence.objects.filter(pk=absence.pk).delete()
