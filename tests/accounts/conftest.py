import re

import pytest
from allauth.account.models import EmailAddress

from fieldlab.outbox.models import OutboxMessage
from tests.factories.accounts import PASSWORD, UserFactory


@pytest.fixture
def person(db):
    """Somebody who has proved their address and has a password."""
    return make_person()


def make_person(**fields):
    user = UserFactory(**{"password": PASSWORD, **fields})
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def last_mail(to: str) -> OutboxMessage:
    return OutboxMessage.objects.filter(to=to).latest("pk")


def code_in(message: OutboxMessage) -> str:
    """The code that stands on a line of its own or behind its label."""
    found = re.search(r"\b([A-Z0-9]{3,5}-?[A-Z0-9]{3,5})\s*$", message.text, re.MULTILINE)
    assert found, message.text
    return found[1]
