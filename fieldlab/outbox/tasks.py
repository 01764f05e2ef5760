from celery import shared_task
from django.utils import timezone

from fieldlab.outbox import actions


@shared_task
def deliver_due(channel: str) -> None:
    actions.deliver_due(channel=channel, at=timezone.now())


@shared_task
def purge() -> None:
    actions.purge(at=timezone.now())
