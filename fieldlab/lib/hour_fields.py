"""Hours of a week and days that differ, as people type them: fields, and a form that has them all."""

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.functional import lazy
from django.utils.text import capfirst, format_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from fieldlab.lib.opening import DAY_MINUTES, LONGEST_EXCEPTION, BadHours, Hours, OpeningHours, OtherHours
from fieldlab.lib.rows import RowField, RowWidget, rows_shown

DAYS = tuple(f"day{day}" for day in range(7))
EXCEPTIONS = tuple(f"exception{number}" for number in range(6))
LONGEST_NOTE = 80
_TIME = re.compile(r"(\d{1,2})(?:[.:,hu ]?(\d{2}))?(?:uur|u|h)?")
_MORE = {"class": "in--time", "maxlength": 12, "autocomplete": "off"}


class NotATime(ValueError):  # noqa: N818 - reads as what it says
    pass


def minutes_of(typed: str) -> int:
    """Minutes since midnight of "9", "9.30", "09:30", "930", "9u30" or "9 uur". Raises NotATime."""
    found = _TIME.fullmatch("".join(typed.lower().split()))
    hour, minute = (int(found[1]), int(found[2] or 0)) if found else (99, 0)
    if hour * 60 + minute > DAY_MINUTES or minute > 59:
        raise NotATime(typed)
    return hour * 60 + minute


def shown(minutes: int) -> str:
    return f"{minutes // 60}.{minutes % 60:02}"


def span_of(opens: str, closes: str) -> tuple[int, int] | None:
    """One opening as it was typed; None when nothing was. Raises ValidationError."""
    if not opens and not closes:
        return None
    if not opens or not closes:
        raise forms.ValidationError(_("Type both times: when you open and when you close."))
    times = []
    for typed in (opens, closes):
        try:
            times.append(minutes_of(typed))
        except NotATime:
            raise forms.ValidationError(
                _("We do not understand ‘%(typed)s’. Type a time such as 9.30 or 17."), params={"typed": typed[:12]}
            ) from None
    begin, end = times[0], times[1] or DAY_MINUTES
    if end <= begin:
        raise forms.ValidationError(
            _("You close at %(closes)s, before you open. Five in the afternoon is 17. Midnight is 24."),
            params={"closes": shown(times[1])},
        )
    return begin, end


def hours_of(typed: Sequence[str]) -> Hours:
    """Openings of a day from pairs of times. Raises ValidationError."""
    spans = [span_of(opens, closes) for opens, closes in zip(typed[::2], typed[1::2], strict=True)]
    try:
        return OtherHours(timezone.localdate(), timezone.localdate(), tuple(span for span in spans if span)).hours
    except BadHours:
        raise forms.ValidationError(_("These two times overlap.")) from None


def as_typed(hours: Hours, pairs: int) -> list[str]:
    flat = [shown(minute) for times in hours[:pairs] for minute in times]
    return flat + [""] * (pairs * 2 - len(flat))


class TimeInput(forms.TextInput):
    def __init__(self) -> None:
        super().__init__(_MORE)


class DayTimes(RowWidget):
    """Two openings of one day of the week."""

    LABELS = (_("open from"), _("until"), _("again from"), _("until"))

    def __init__(self) -> None:
        super().__init__([TimeInput() for _label in self.LABELS])

    def decompress(self, value: Any) -> list[str]:
        return as_typed(value or (), 2)


class DayField(RowField):
    widget = DayTimes

    def empty(self) -> Hours:
        return ()

    def understand(self, typed: list[Any]) -> Hours:
        return hours_of(typed)


class ExceptionRow(RowWidget):
    """From, until and including, open from, until, why."""

    LABELS = (_("From"), _("Until and including"), _("Open from"), _("until"), _("Why?"))
    CSS = "inrow inrow--wide"

    def __init__(self) -> None:
        days = [forms.DateInput({"type": "date", "class": "in--day"}, format="%Y-%m-%d") for _each in range(2)]
        note = forms.TextInput({"maxlength": LONGEST_NOTE, "class": "in--note"})
        super().__init__([*days, TimeInput(), TimeInput(), note])

    def decompress(self, value: OtherHours | None) -> list[Any]:
        return [value.first, value.last, *as_typed(value.hours, 1), value.note] if value else [None] * 5


class ExceptionField(RowField):
    widget = ExceptionRow
    FORMATS = ("%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y", "%d.%m.%Y", "%d-%m-%y")

    def understand(self, typed: list[Any]) -> OtherHours:
        first = self._day(typed[0])
        last = self._day(typed[1]) if typed[1] else first
        if last < first:
            raise forms.ValidationError(_("The last day comes before the first day."))
        if last < timezone.localdate():
            raise forms.ValidationError(_("These days are over. Empty this row."))
        if last - first > LONGEST_EXCEPTION or first > timezone.localdate() + timedelta(days=730):
            raise forms.ValidationError(_("This is too long, or too far away. Choose days in the coming year."))
        if len(typed[4]) > LONGEST_NOTE:
            raise forms.ValidationError(_("Say why in at most 80 characters."))
        return OtherHours(first, last, hours_of(typed[2:4]), " ".join(typed[4].split()))

    def _day(self, typed: str) -> Any:
        if not typed:
            raise forms.ValidationError(_("Choose the day from which this holds."))
        return forms.DateField(
            input_formats=self.FORMATS, error_messages={"invalid": _("We do not understand this day. Type for example 24-12-2026.")}
        ).clean(typed[:20])


class WeekForm(forms.Form):
    """Two openings a day, and six rows for days that differ; `hours` is what they say together."""

    use_required_attribute = False
    day0, day1, day2, day3, day4, day5, day6 = (DayField(label=lazy(capfirst, str)(WEEKDAYS[day])) for day in range(7))
    exception0, exception1, exception2, exception3, exception4, exception5 = (
        ExceptionField(label=format_lazy("{} {}", _("Different day"), each)) for each in range(1, 7)
    )

    @staticmethod
    def initial_hours(hours: OpeningHours) -> dict[str, Any]:
        week = dict(zip(DAYS, hours.by_weekday(), strict=True))
        return {**week, **dict(zip(EXCEPTIONS, hours.coming(timezone.now()), strict=False))}

    def asked_more(self, rows: str) -> bool:
        """Whether the button for one more of these rows was pressed."""
        return bool(self.is_bound and self.data.get("more") == rows)

    def day_rows(self) -> list[BoundField]:
        return [self[name] for name in DAYS]

    def exception_rows(self) -> list[BoundField]:
        return rows_shown(self, EXCEPTIONS, one_more=self.asked_more("exceptions"))

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        before: list[OtherHours] = []
        for name in EXCEPTIONS:
            each = data.get(name)
            if each and any(each.first <= other.last and other.first <= each.last for other in before):
                self.add_error(name, _now("Some of these days stand in another row already."))
            elif each:
                before.append(each)
        return data

    def hours(self, saved: OpeningHours) -> OpeningHours:
        """Of a row with errors what stood there before, if that still fits."""
        before = self.initial_hours(saved)
        week = [(day, *times) for day, name in enumerate(DAYS) for times in self.cleaned_data.get(name, before[name])]
        exceptions = [each for name in EXCEPTIONS if (each := self.cleaned_data.get(name))]
        return OpeningHours(tuple(week), tuple(exceptions))
