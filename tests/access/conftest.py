from collections.abc import Iterator
from typing import Any

import pytest

from tests.access.doors import undone
from tests.access.persons import Persons, make_persons


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[Persons]:
    """Made once for all tests of a module, as that takes longer than most of them."""
    with django_db_blocker.unblock(), undone():
        yield make_persons()


@pytest.fixture
def persons(made: Persons) -> Iterator[Persons]:
    """A whole person on each side of the wall, for each test as they were made."""
    with undone():
        yield made
