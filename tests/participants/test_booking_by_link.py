"""A personal link with which somebody chooses a talk themselves: who gets it, what it opens, and until when."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, person_context
from fieldlab.audit.models import AccessRecord
from fieldlab.outbox.models import OutboxMessage
from participants.actions.people import change_details
from participants.models import Appointment, BookedBy, Reach
from participants.views.booking import BOOKED_AN_HOUR
from tests.factories.accounts import UserFactory
from tests.factories.participants import make_participant, make_professional
from tests.factories.talks import choice, make_appointment, weekday
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def samira(user):
    return make_participant(user, reach=Reach.EMAIL, email="samira@demo.example")


@pytest.fixture
def desk(user, samira):
    """The professional's page on which talks are made."""
    client = signed_in(user)
    client.address = reverse("appointment_new", args=[samira.pk])
    return client


def send(desk):
    return desk.post(desk.address, {"wat": "zelf"}, follow=True)


def mails():
    return OutboxMessage.objects.filter(key__contains=":booking-link:")


def link():
    return re.search(r"http://testserver(/afspraak/kiezen/\S+/)", mails().get().text)[1]


def talks():
    with person_context(SystemActor("a test")):
        return list(Appointment.objects.order_by("pk"))


def test_it_goes_by_email_once_a_day_however_often_it_is_asked(desk, fatma, samira):
    assert "De link is verstuurd" in send(desk).content.decode()
    send(desk)
    assert mails().get().to == "samira@demo.example"


def test_it_goes_once_more_when_the_address_was_put_right(desk, fatma, samira):
    send(desk)
    with person_context(LinkActor(samira.pk, "code")):
        change_details(participant=samira, details=replace(samira.open(), email="goed@demo.example"), neighbourhood=None)
    send(desk)
    send(desk)
    assert {each.to for each in mails()} == {"samira@demo.example", "goed@demo.example"}
    with person_context(LinkActor(samira.pk, "code")):
        assert AccessRecord.objects.filter(what="booking.link").count() == 2


def test_they_choose_and_go_on_to_what_is_agreed(desk, fatma, room, samira):
    send(desk)
    begins, phone = weekday(3, 10), Client()
    assert "Stadsloket" in phone.get(link()).content.decode()
    chosen = {"keuze": choice(fatma, room, begins)}
    read_first = phone.get(link(), chosen).content.decode()
    assert "Fatma Demir" in read_first
    assert talks() == []
    answer = phone.post(link(), chosen, follow=True)
    (talk,) = talks()
    assert (talk.begins, talk.booked_by, talk.participant_id) == (begins, BookedBy.PARTICIPANT, samira.pk)
    assert answer.redirect_chain[-1][0].startswith("/afspraak/")
    assert "Stadsloket" in answer.content.decode()
    # Opened once more it makes no second one
    assert Client().get(link(), follow=True).redirect_chain
    assert Client().post(link(), {"keuze": choice(fatma, room, weekday(5, 10))}).status_code == 422
    assert len(talks()) == 1


def test_opening_it_changes_nothing(desk, fatma, samira):
    send(desk)
    for method in (Client().get, Client().head):
        assert method(link()).status_code == 200
    assert talks() == []


def test_it_lasts_a_fortnight(desk, fatma, samira):
    send(desk)
    address = link()
    for days, status in ((13, 200), (15, 410)):
        with time_machine.travel(timezone.now() + timedelta(days=days)):
            assert Client().get(address).status_code == status


def test_it_ends_when_they_are_reached_elsewhere(desk, fatma, samira):
    send(desk)
    address = link()
    with person_context(LinkActor(samira.pk, "code")):
        change_details(participant=samira, details=replace(samira.open(), email="anders@demo.example"), neighbourhood=None)
    assert Client().get(address).status_code == 410


def test_for_who_decides_on_benefits_it_is_not_there(desk, fatma, samira):
    send(desk)
    assert signed_in(UserFactory(decides_on_benefits=True)).get(link()).status_code == 404


@pytest.mark.parametrize("reach", [Reach.SMS, Reach.CALL])
def test_without_email_there_is_no_button_and_no_mail(user, fatma, reach):
    participant = make_participant(user, reach=reach, phone="0612340106", email="samira@demo.example")
    client, address = signed_in(user), reverse("appointment_new", args=[participant.pk])
    assert 'value="zelf"' not in client.get(address).content.decode()
    answer = client.post(address, {"wat": "zelf"}, follow=True)
    assert "Geen e-mail bereikt deze persoon" in answer.content.decode()
    assert not mails().exists()


def test_who_has_an_appointment_gets_none(desk, fatma, room, samira):
    make_appointment(samira, fatma, room, weekday(3, 10))
    assert 'value="zelf"' not in desk.get(desk.address).content.decode()
    send(desk)
    assert not mails().exists()


def test_whoever_does_not_help_them_sends_nothing(fatma, samira):
    stranger = signed_in(make_professional())
    assert stranger.post(reverse("appointment_new", args=[samira.pk]), {"wat": "zelf"}).status_code == 404
    assert not mails().exists()


def test_booking_and_cancelling_over_and_over_comes_to_an_end(desk, fatma, room, samira):
    """Each sends mails, also to a professional."""
    send(desk)
    phone, address = Client(), link()
    for _again in range(BOOKED_AN_HOUR):
        phone.post(address, {"keuze": "nothing"})
    answer = phone.post(address, {"keuze": choice(fatma, room, weekday(3, 10))}, follow=True)
    assert "Probeer het over een uur weer" in answer.content.decode()
    assert talks() == []
