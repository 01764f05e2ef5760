"""What happens by itself: each task finds what is due and calls an action. Missing or doubling one harms nothing."""

from celery import shared_task
from django.utils import timezone

from participants.actions import calendar, calls, hand_overs, retention, waiting


@shared_task
def remind_of_talks() -> None:
    """And find who has to be called, as a message did not arrive."""
    at = timezone.now()
    calendar.remind(at=at)
    calendar.find_untold(at=at)


@shared_task
def keep_hand_overs() -> None:
    """Remind places that have not answered halfway; give back to the professional what they left unanswered."""
    at = timezone.now()
    hand_overs.expire_due(at=at)
    hand_overs.remind_due(at=at)


@shared_task
def pass_on_offers() -> None:
    """Offer what fell free to who waits longest to come earlier; what nobody took goes to the next."""
    waiting.pass_on_offers(at=timezone.now())


@shared_task
def forget_requests() -> None:
    """Erase requests to be called whose fortnight is over; what a place leaves waiting goes to the professionals."""
    at = timezone.now()
    calls.forget_ended(at=at)
    calls.pass_on_uncalled(at=at)


@shared_task
def keep_no_longer() -> None:
    """Tell those whose two years without contact are nearly over, and erase those who were told a month ago."""
    retention.keep_no_longer(at=timezone.now())
