import pytest

from fieldlab.accounts.models import User
from participants.models import Professional, TalkRoom
from tests.factories.participants import make_professional
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
