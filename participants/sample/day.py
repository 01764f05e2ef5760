"""Moments to ask how it is going, and a call that nobody answered, so that the day of professional@ is a day."""

from datetime import datetime, timedelta

from django.utils import timezone

from fieldlab.accounts.models import User
from fieldlab.audit.context import UserActor, person_context
from participants.actions.day import record_call
from participants.models import Call, CallResult, FollowUp, Participant

DUE_IN_DAYS = [0, 3, 10]


def load(at: datetime) -> None:
    fatma = User.objects.get(email="professional@demo.example")
    with person_context(UserActor(fatma, "professional")):
        if Call.objects.exists():
            return
        mine = list(Participant.objects.visible_to(fatma).exclude(user=fatma).order_by("created_at")[: len(DUE_IN_DAYS)])
        for participant, days in zip(mine, DUE_IN_DAYS, strict=False):
            on = timezone.localdate(at) + timedelta(days=days)
            FollowUp.objects.get_or_create(participant=participant, on=on, done_at=None, defaults={"professional": fatma})
        for participant in mine[:1]:
            record_call(participant=participant, caller=fatma, result=CallResult.NO_ANSWER, at=at - timedelta(days=2))
