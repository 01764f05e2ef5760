"""Participants and those who may see them, made by the real actions."""

from django.utils import timezone

from fieldlab.accounts.models import User
from fieldlab.audit.context import SystemActor, UserActor, person_context
from participants.actions import add_participant, give_account
from participants.models import Details, Participant, Professional, ReachedBy
from tests.factories.accounts import UserFactory


def make_professional(**fields) -> User:
    user = UserFactory(**{"employer": "Buurtwerk Oost", **fields})
    Professional.objects.create(user=user, since=timezone.now())
    return user


def make_participant(professional: User, **details) -> Participant:
    """Added by `professional`, who has the first access."""
    details.setdefault("first_name", "Samira")
    with person_context(UserActor(professional, "professional")):
        return add_participant(actor=professional, details=Details(**details), reached_by=ReachedBy.FRIEND, at=timezone.now())


def give_own_account(participant: Participant, user: User) -> None:
    with person_context(SystemActor("a test")):
        give_account(participant=participant, user=user)
