"""The card on paper: what a printer and a telephone read, and that its code works."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.context import SystemActor, UserActor, person_context
from participants.actions.codes import MOST_FAILURES, digest, normalised
from participants.actions.people import CODE_ALPHABET
from participants.models import Appointment, PersonalCode, Professional, TalkPlace, TalkRoom
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.participants import make_participant, make_professional
from tests.initiatives.paper import Paper
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db

CODE = re.compile(r"[2-9CDFGHJKMNPQRTVWX]{3}(?:-[2-9CDFGHJKMNPQRTVWX]{3}){2}")


@pytest.fixture
def professional():
    user = make_professional(name="Fatma Demir")
    Professional.objects.filter(user=user).update(phone="+31200000777")
    return user


def book(participant, user, place="Buurthuis De Meevaart", address="Balistraat 48"):
    where = TalkPlace.objects.create(own_name=place, own_address=address, own_area=NeighbourhoodFactory())
    begins = timezone.localtime().replace(hour=14, minute=30, second=0, microsecond=0) + timedelta(days=3)
    ends = begins + timedelta(hours=1)
    with person_context(SystemActor("a test")):
        return Appointment.objects.create(
            participant=participant, professional=Professional.objects.get(user=user), kind="first", place=where,
            room=TalkRoom.objects.create(place=where, name="Kamer 2"), begins=begins, ends=ends, occupied=(begins, ends),
            status="booked", booked_by="professional", booked_at=timezone.now(),
        )  # fmt: skip


def printed(user, participant):
    url = reverse("participant_card", args=[participant.pk])
    client = signed_in(user)
    assert client.get(url).status_code == 200
    made = client.post(url)
    assert (made.status_code, made["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in made["Cache-Control"]
    return Paper(made.content)


def test_the_card_says_when_where_with_whom_and_opens_ones_own_details(professional, settings):
    participant = make_participant(professional, first_name="Zonnebloem", phone="+31200000417")
    book(participant, professional)
    card = printed(professional, participant)
    assert card.sizes == [(420, 595)] * 2, "A5, both sides"
    for words in (
        "Uw afspraak",
        "14.30 uur",
        "Buurthuis De Meevaart",
        "Balistraat 48",
        "Kamer 2",
        "Fatma Demir",
        "020 000 07 77",
        "vrijwillig",
    ):
        assert words in card.text, words
    for words in ("Your appointment", "With whom", "It is voluntary"):
        assert words in card.text, words
    assert "Zonnebloem" not in card.text, "whoever finds the card must not learn whose it is"
    assert set(card.codes) == {settings.SITE_URL + "/mijn-gegevens/code/"}
    assert settings.SITE_URL.split("://")[1] + "/mijn-gegevens/code/" in card.text
    (code,) = set(CODE.findall(card.text))
    assert Client().post(reverse("own_enter"), {"code": code, "answer": "0417"}).status_code == 302


def test_without_an_appointment_it_says_whom_to_call(professional):
    card = printed(professional, make_participant(professional, birth_year=1984))
    assert "Uw kaartje" in card.text
    assert "020 000 07 77" in card.text
    assert CODE.search(card.text)


def test_without_year_and_number_there_is_no_code(professional):
    card = printed(professional, make_participant(professional))
    assert not CODE.search(card.text)
    assert card.codes == []
    with person_context(UserActor(professional)):
        assert not PersonalCode.objects.exists()


@pytest.mark.parametrize("name", ["فاطمة", "ሳራ", "A", "😀", "=cmd()", "#strong[x]", "N" * 80])
def test_no_name_breaks_it(name):
    user = make_professional(name=name)
    participant = make_participant(user, phone="+31200000417")
    book(participant, user, place=name, address="Balistraat 48")
    card = printed(user, participant)
    assert len(card.pages) == 2
    assert "14.30 uur" in card.text
    assert CODE.search(card.text)


def test_a_card_that_is_lost_opens_nothing(professional):
    participant = make_participant(professional, birth_year=1984)
    code = CODE.search(printed(professional, participant).text)[0]
    url = reverse("participant_card", args=[participant.pk])
    signed_in(professional).post(url, {"do": "withdraw"})
    assert Client().post(reverse("own_enter"), {"code": code, "answer": "1984"}).status_code == 422


def test_only_whoever_helps_makes_one(professional):
    participant = make_participant(professional, birth_year=1984)
    assert signed_in(make_professional()).post(reverse("participant_card", args=[participant.pk])).status_code == 404


def test_of_a_code_only_a_keyed_digest_is_kept(professional, settings):
    participant = make_participant(professional, birth_year=1984)
    code = CODE.search(printed(professional, participant).text)[0]
    with person_context(UserActor(professional)):
        kept = PersonalCode.objects.get()
    assert kept.digest == digest(code)
    assert normalised(code) not in "".join(str(value) for value in kept.__dict__.values())
    settings.SECRET_KEY = "another-key-of-fifty-letters-and-more-and-more-and-more"
    assert kept.digest != digest(code)
    assert len(CODE_ALPHABET) ** 9 > 2**40
    assert MOST_FAILURES == 5


def test_look_alikes_are_read_as_what_they_are():
    assert normalised(" k7m-2qf 9rt ") == "K7M2QF9RT"
    assert normalised("BSZ") == "852"
    assert normalised("Ｋ７Ｍ") == "K7M"
