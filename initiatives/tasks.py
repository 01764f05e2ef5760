from celery import shared_task
from django.utils import timezone

from initiatives import actions
from initiatives.actions import introductions, joining, remove_old_drafts
from initiatives.map_document import publish_if_due


@shared_task
def purge_drafts() -> None:
    remove_old_drafts(at=timezone.now())
    actions.remove_old_typed(at=timezone.now())


@shared_task
def sweep_photos() -> None:
    actions.sweep_photos(at=timezone.now())


@shared_task
def ask_to_confirm() -> None:
    actions.ask_to_confirm(at=timezone.now())


@shared_task
def keep_introductions() -> None:
    """Send what had to wait, remind, close what nobody answered, forget old requests to join a team."""
    at = timezone.now()
    introductions.send_waiting(at=at)
    introductions.remind(at=at)
    introductions.close_old(at=at)
    joining.forget_old_requests(at=at)


@shared_task
def publish_map() -> None:
    publish_if_due(at=timezone.now())
