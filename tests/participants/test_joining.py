"""Becoming a participant: added by a professional, or by oneself."""

import pytest
from django.urls import reverse

from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.participants import people
from tests.pages import text
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
NEW, BEGIN = "/deelnemers/nieuw/", "/mijn-gegevens/beginnen/"


def new(**values):
    return {"first_name": "Zonnebloem", "reach": "call", "reached_by": "friend", **values}


def test_a_professional_adds_somebody_with_a_first_name_only(user):
    client = signed_in(user)
    text(client.get(NEW))
    sent = client.post(NEW, new())
    (participant,) = people()
    assert sent.url == reverse("participant_consents", args=[participant.pk])
    assert (participant.open().first_name, participant.reached_by, participant.neighbourhood) == ("Zonnebloem", "friend", None)


def test_a_professional_adds_everything(user):
    neighbourhood = NeighbourhoodFactory()
    everything = new(
        last_name="De Wit", phone="06 12 34 56 78", email="z@demo.example", reach="email", best_time="na tien", languages=["ti", "nl"],
        interpreter="on", quiet_room="on", neighbourhood=neighbourhood.pk, birth_year="1984",
    )  # fmt: skip
    signed_in(user).post(NEW, everything)
    (participant,) = people()
    details = participant.open()
    assert (details.last_name, details.phone, details.birth_year, details.quiet_room) == ("De Wit", "+31612345678", 1984, True)
    assert set(details.languages) == {"nl", "ti"}


@pytest.mark.parametrize("wrong", [{"first_name": ""}, {"birth_year": "84"}, {"email": "x"}, {"reach": "sms"}, {"reached_by": "x"}])
def test_what_is_not_right_of_a_participant(user, wrong):
    text(signed_in(user).post(NEW, new(**wrong)), 422)
    assert people() == []


def test_somebody_with_an_account_begins_themselves():
    user = UserFactory(name="Amina Warsame")
    client = signed_in(user)
    assert 'value="Amina"' in text(client.get(BEGIN))
    assert client.post(BEGIN, {"first_name": "Amina"}).url == reverse("own")
    (participant,) = people()
    assert (participant.user, participant.created_by_id) == (user, None)
    assert (participant.open().email, participant.open().reach) == (user.email, "email")
    assert "Amina" in text(client.get(reverse("own")))
    assert "U doet al mee" in text(client.get(BEGIN))
    assert client.post(BEGIN, {"first_name": "Amina"}).url == reverse("own")
    assert len(people()) == 1


def test_who_decides_on_benefits_does_not_begin():
    assert signed_in(UserFactory(decides=True)).post(BEGIN, {"first_name": "Mark"}).status_code == 404
