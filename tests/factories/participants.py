"""Participants and those who may see them, made by the real actions."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from fieldlab.accounts.models import User
from fieldlab.areas.models import Area
from fieldlab.audit.context import SystemActor, UserActor, person_context
from initiatives.models import Initiative
from participants.actions import add_participant, give_account
from participants.actions.calls import ask_to_be_called
from participants.actions.leaving import stop_working
from participants.models import BestTime, Caller, ConsentText, Details, Participant, ParticipantAccess, Professional, ReachedBy
from participants.texts import lay_down
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


def stops(user: User) -> None:
    """A coordinator, who is none of the test's, says that `user` no longer works here; nobody takes over."""
    stop_working(professional=user.professional, taker=None, actor=UserFactory.build(coordinator=True), at=timezone.now())


def people() -> list[Participant]:
    """Everybody, as the platform sees them."""
    with person_context(SystemActor("a test looks")):
        return list(Participant.objects.select_related("key", "user"))


def access_of(participant: Participant, user: User) -> ParticipantAccess:
    with person_context(SystemActor("a test")):
        return ParticipantAccess.objects.open().get(participant=participant, user=user)


def consent_text(purpose: str, language: str = "nl") -> ConsentText:
    """The one that asks now. Dutch and English were checked, Arabic was not."""
    lay_down(ConsentText)  # a test that empties the tables took away what a migration laid down
    unchecked = ConsentText.objects.filter(language__in=("nl", "en"), checked_at=None)
    unchecked.update(checked_by="Test, taalcoach", checked_at=timezone.localdate())
    return ConsentText.objects.current().get(purpose=purpose, language=language)


def ask_for_call(
    *,
    area: Area | None = None,
    initiative: Initiative | None = None,
    brought_by: Initiative | None = None,
    actor: User | None = None,
    at: datetime | None = None,
    best_time: str = "any",
    **caller,
) -> UUID:
    """Somebody asks to be called; `actor` types it for them as a member of `brought_by`."""
    caller.setdefault("phone", "+31200000131")
    return ask_to_be_called(
        form="", caller=Caller(**caller), best_time=BestTime(best_time), area=area, initiative=initiative, brought_by=brought_by,
        actor=actor, at=at or timezone.now(),
    )  # fmt: skip
