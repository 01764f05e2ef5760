"""A telephone call is told by one tap: what came of it, and when to try again."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from participants.actions.people import touch
from participants.models import Appointment, Call, CallRequest, CallResult, FollowUp, HandOver, HandOverState, Participant

# Who is called after this hour for "later" is on the list of the next morning
LATER, LAST_HOUR, MORNING = timedelta(hours=3), 15, time(9)
# So long a tap may be taken back
TAKE_BACK = timedelta(hours=12)


def again_at(result: str, at: datetime) -> datetime | None:
    """When somebody is on the list again; None when they need not be called about this any more."""
    local = timezone.localtime(at)
    if result == CallResult.LATER and local.hour < LAST_HOUR:
        return at + LATER
    if result in (CallResult.LATER, CallResult.NO_ANSWER):
        return timezone.make_aware(datetime.combine(local.date() + timedelta(days=1), MORNING), timezone.get_current_timezone())
    return None


@transaction.atomic
def record_request_call(*, request: CallRequest, caller: User, result: CallResult, at: datetime) -> Call:
    """What came of calling somebody who asked for it. "Not needed any more" erases the request when its time is over, as all."""
    found = CallRequest.objects.select_for_update().filter(pk=request.pk).first()
    if found is None:
        raise DomainError(_("Somebody else was just before you, or this request was erased. There is nothing more to do."))
    request = found
    call = Call.objects.create(request=request, caller=caller, at=at, result=result, again_at=again_at(result, at))
    _lay_down(request)
    return call


@transaction.atomic
def record_call(
    *,
    participant: Participant,
    caller: User,
    result: CallResult,
    at: datetime,
    appointment: Appointment | None = None,
    hand_over: HandOver | None = None,
) -> Call:
    """What came of calling a participant, or a place about them. Who was spoken to has said that they come, or how it is going."""
    call = Call.objects.create(
        participant=participant,
        appointment=appointment,
        hand_over=hand_over,
        caller=caller,
        at=at,
        result=result,
        again_at=again_at(result, at),
    )
    a_place = hand_over is not None and hand_over.state in (HandOverState.ASKED, HandOverState.UNANSWERED)
    if not a_place and result in (CallResult.SPOKEN, CallResult.APPOINTMENT):
        touch(participant, at)
        if appointment is not None:
            Appointment.objects.filter(pk=appointment.pk, status="booked", confirmed_at=None).update(confirmed_at=at)
        FollowUp.objects.filter(participant=participant, done_at=None, on__lte=timezone.localdate(at)).update(done_at=at)
    return call


@transaction.atomic
def take_back(*, call: Call, caller: User, at: datetime) -> None:
    """ "Not after all": the tap is undone, and whoever it was about is on the list again."""
    call = Call.objects.select_related("request").get(pk=call.pk)  # nobody ever changes one, so it is not locked
    if call.caller_id != caller.pk or at - call.at > TAKE_BACK:
        raise DomainError(_("This can no longer be taken back."))
    if call.participant_id:
        if call.appointment_id:
            Appointment.objects.filter(pk=call.appointment_id, confirmed_at=call.at).update(confirmed_at=None)
        FollowUp.objects.filter(participant=call.participant_id, done_at=call.at).update(done_at=None)
    request, _id = call.request, call.delete()
    if request is not None:
        _lay_down(request)


def _lay_down(request: CallRequest) -> None:
    """What the last call says holds."""
    last = request.calls.order_by("-at").first()
    spoken = last is not None and last.again_at is None
    request.spoken_at = last.at if last is not None and spoken else None
    request.call_after = last.again_at if last is not None else None
    request.save(update_fields=["spoken_at", "call_after"])
