import pytest

from fieldlab.accounts.models import User
from participants.models import Participant, Professional, TalkRoom
from tests.factories.accounts import UserFactory
from tests.factories.participants import give_own_account, make_participant, make_professional
from tests.factories.talks import make_hours, make_room


@pytest.fixture
def user() -> User:
    return make_professional(name="Fatma Demir")


@pytest.fixture
def room() -> TalkRoom:
    return make_room()


@pytest.fixture
def fatma(user: User, room: TalkRoom) -> Professional:
    """The professional of `user`, who talks in `room` on weekdays."""
    return make_hours(user, room, introduction="Ik praat graag over koken.")


@pytest.fixture
def samira() -> Participant:
    """With an account of her own, and helped by somebody else than Fatma."""
    participant = make_participant(make_professional(), first_name="Samira", languages=("ar", "nl"), interpreter=True)
    give_own_account(participant, UserFactory())
    return participant
