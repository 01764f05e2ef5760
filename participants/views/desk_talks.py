"""What a professional does with a talk on behalf of whoever has it: from the agenda, or by telephone from that person's page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.db.models import Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from fieldlab.lib.errors import DomainError
from participants.actions.booking import cancel, confirm, tell_came, tell_interpreter
from participants.actions.taking import OutsideHours
from participants.actions.waiting import GONE, accept_offer, decline_offer, wish_earlier, withdraw_wish
from participants.models import Appointment, AppointmentStatus, BookedBy, EarlierWish, Interpreter, Participant, Professional


@dataclass(frozen=True)
class Desk:
    """Who does it with which talk, and what came along in the form."""

    appointment: Appointment
    professional: Professional
    at: datetime
    sent: dict[str, str]

    @property
    def is_own(self) -> bool:
        return self.appointment.professional_id == self.professional.pk

    @property
    def wish(self) -> EarlierWish | None:
        return EarlierWish.objects.filter(appointment=self.appointment, ended_at=None).select_related("offered").first()


def talks_of(professional: Professional) -> QuerySet[Appointment]:
    """One's own, and those of the people one helps, whoever they meet."""
    helped = Participant.objects.helped_by(professional.user).order_by().values("pk")
    return Appointment.objects.visible_to(professional.user).filter(Q(professional=professional) | Q(participant__in=helped))


def with_wishes(appointments: QuerySet[Appointment]) -> QuerySet[Appointment]:
    """Each with `open_wishes`: whether they wait for an earlier time, and which is offered."""
    offers = Prefetch("offered", Appointment.objects.with_whom_and_where())
    wishes = EarlierWish.objects.filter(ended_at=None).prefetch_related(offers)
    return appointments.prefetch_related(Prefetch("earlier_wishes", wishes, to_attr="open_wishes"))


def change(request: HttpRequest, appointment: Appointment, professional: Professional, at: datetime) -> None:
    """What the button says, with a message of what came of it."""
    desk = Desk(appointment, professional, at, request.POST.dict())
    does = _DOES.get(desk.sent.get("wat", ""))
    try:
        if does is not None:
            messages.success(request, does(desk))
    except DomainError as error:
        messages.error(request, error.message)


def _came(desk: Desk) -> str:
    _told_came(desk, came=True)
    return _("Noted: the talk took place.")


def _missed(desk: Desk) -> str:
    _told_came(desk, came=False)
    return _("Noted. They stand on your list to call. Say that it does not matter.")


def _told_came(desk: Desk, *, came: bool) -> None:
    if not desk.is_own and desk.appointment.professional.ended_at is None:
        raise DomainError(_("Whoever had this talk says whether it took place."))
    tell_came(appointment=desk.appointment, came=came, at=desk.at)


def _confirm(desk: Desk) -> str:
    confirm(appointment=desk.appointment, at=desk.at)
    return _("Noted: they are coming.")


def _cancel(desk: Desk) -> str:
    cancelled = cancel(appointment=desk.appointment, by=BookedBy.PROFESSIONAL, at=desk.at)
    if cancelled.to_tell_since:
        told = _("The appointment is cancelled. No message can reach this person: they stand on the list to call.")
    else:
        told = _("The appointment is cancelled. The participant is told.")
    if not desk.is_own:
        told += " " + _("%(name)s gets a message too.") % {"name": cancelled.professional.user.name}
    return told


def _interpreter(desk: Desk) -> str:
    status = desk.sent.get("tolk", "")
    if status not in Interpreter.values:
        raise DomainError(_("Choose what came of it."))
    tell_interpreter(appointment=desk.appointment, status=Interpreter(status), at=desk.at)
    return _("Saved.")


def _wish(desk: Desk) -> str:
    wish_earlier(appointment=desk.appointment, at=desk.at)
    return _("They are on the list for an earlier time, and hear it when one falls free.")


def _no_wish(desk: Desk) -> str:
    wish = desk.wish
    if wish is not None:
        withdraw_wish(wish=wish, at=desk.at)
    return _("They are no longer on the list for an earlier time.")


def _accept(desk: Desk) -> str:
    wish, offered = _offer(desk)
    try:
        accept_offer(wish=wish, offered=offered, at=desk.at, by=BookedBy.PROFESSIONAL)
    except OutsideHours as changed:  # since it was offered; nobody else's hours are overruled here
        raise DomainError(str(GONE)) from changed
    return _("The appointment is moved to the earlier time.")


def _decline(desk: Desk) -> str:
    wish, offered = _offer(desk)
    decline_offer(wish=wish, offered=offered, at=desk.at)
    return _("The appointment stays as it was. They go on waiting for another time.")


def _offer(desk: Desk) -> tuple[EarlierWish, Appointment]:
    """The one that was on the page when the button was pressed."""
    wish = desk.wish
    held = wish.offered if wish else None
    if wish is None or held is None or held.status != AppointmentStatus.HELD or str(held.pk) != desk.sent.get("aanbod", ""):
        raise DomainError(str(GONE))
    return wish, held


_DOES: dict[str, Callable[[Desk], str]] = {
    "kwam": _came,
    "kwam-niet": _missed,
    "komt": _confirm,
    "afzeggen": _cancel,
    "tolk": _interpreter,
    "eerder": _wish,
    "niet-eerder": _no_wish,
    "ja": _accept,
    "nee": _decline,
}
