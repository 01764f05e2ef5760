from celery import shared_task
from django.utils import timezone

from initiatives.actions import remove_old_drafts


@shared_task
def purge_drafts() -> None:
    remove_old_drafts(at=timezone.now())
