"""How often one booking asks the database: a bound, so that what was saved does not creep back. Each is a trip there and back."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fieldlab.outbox.models import OutboxMessage
from participants.models import Appointment
from tests.factories.accounts import UserFactory
from tests.factories.participants import give_own_account, make_participant, make_professional
from tests.factories.talks import make_hours, make_room, weekday

pytestmark = pytest.mark.django_db(transaction=True)
MOST, MOST_OF_WHO_LOSES = 35, 23


def somebody():
    """Signed in, reached by e-mail, and helped by another professional than the one they choose."""
    participant, user = make_participant(make_professional(), reach="email", email="samira@demo.example"), UserFactory()
    give_own_account(participant, user)
    client = Client()
    client.force_login(user)
    return client


def statements(client, professional, room, begins):
    with CaptureQueriesContext(connection) as asked:
        answer = client.post(reverse("book"), {"keuze": f"{int(begins.timestamp())}-{professional.pk}-{room.pk}", "interpreter": ""})
    return answer, [query["sql"] for query in asked.captured_queries]


def test_a_booking_with_its_two_messages_and_the_one_who_comes_second():
    room = make_room()
    fatma = make_hours(make_professional(), room)
    first, second, third = somebody(), somebody(), somebody()
    assert statements(first, fatma, room, weekday(3, 9))[0].status_code == 302  # what a process reads once is read
    answer, asked = statements(second, fatma, room, weekday(3, 10, 15))
    assert answer.status_code == 302
    assert OutboxMessage.objects.count() == 4, "each booking tells both"
    assert len(asked) <= MOST, "\n".join(sql[:200] for sql in asked)
    answer, asked = statements(third, fatma, room, weekday(3, 9))
    assert (answer.status_code, len(answer.context["free"])) == (409, 3)
    assert len(asked) <= MOST_OF_WHO_LOSES, "\n".join(sql[:200] for sql in asked)
    assert Appointment.objects.count() == 0, "outside of a context nobody sees one"
