"""On the telephone: a colleague cancels and confirms somebody's talk, puts them on the list for an earlier time, answers an offer."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from fieldlab.areas.models import Area
from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.lib.geo import Point
from fieldlab.outbox.models import OutboxMessage
from participants.actions.best_times import Suits
from participants.actions.caseload import stand_in
from participants.actions.free_times import Offered
from participants.actions.looked import looked, told
from participants.actions.taking import take_time
from participants.actions.waiting import pass_on_offers, wish_earlier
from participants.models import Appointment, AppointmentStatus, Availability, EarlierWish, Professional, TalkPlace, TalkRoom
from participants.slots import Slot
from tests.factories.participants import make_participant, make_professional
from tests.factories.talks import make_appointment, make_hours, make_room, wants, weekday
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def fatma():
    return make_professional(name="Fatma Demir")


@pytest.fixture
def colleague():
    return make_professional(name="Joost Bakker")


@pytest.fixture
def participant(fatma, colleague):
    """Both help them."""
    participant = make_participant(fatma)
    until = timezone.now() + timedelta(days=3)
    with person_context(UserActor(fatma, "professional")):
        stand_in(participants=[participant], giver=fatma, taker=colleague.professional, until=until)
    return participant


@pytest.fixture
def talk(participant, fatma):
    room = make_room()
    return make_appointment(participant, make_hours(fatma, room), room, weekday(10, 9))


def says(user, talk, what, **more):
    return signed_in(user).post(reverse("agenda"), {"afspraak": talk.pk, "wat": what, "van": "mens", **more})


def now(talk):
    with person_context(SystemActor("a test")):
        return Appointment.objects.get(pk=talk.pk)


def wish_of(talk):
    with person_context(SystemActor("a test")):
        return EarlierWish.objects.filter(appointment=talk, ended_at=None).select_related("offered").first()


def log_of(participant):
    with person_context(LinkActor(participant.pk, "code")):
        return [line.sentence for line in told(participant, looked(participant)[:30])]


def test_a_colleague_cancels_and_who_they_would_meet_hears_who_did_it(talk, fatma, colleague, participant):
    OutboxMessage.objects.update(sent_at=timezone.now())
    answer = says(colleague, talk, "afzeggen")
    assert answer.url == reverse("participant", args=[participant.pk]) + "#talks"
    assert now(talk).status == AppointmentStatus.CANCELLED
    mail = OutboxMessage.objects.get(to=fatma.email, sent_at=None)
    assert "Joost Bakker" in str(vars(mail))
    assert "METHOD:CANCEL" in mail.calendar


def test_a_cancelling_of_ones_own_names_nobody(talk, fatma):
    OutboxMessage.objects.update(sent_at=timezone.now())
    says(fatma, talk, "afzeggen")
    assert str(vars(OutboxMessage.objects.get(to=fatma.email, sent_at=None))).count("Fatma Demir") == 0


def test_a_colleague_confirms_and_does_not_say_that_it_took_place(talk, colleague):
    says(colleague, talk, "komt")
    assert now(talk).confirmed_at is not None
    says(colleague, talk, "kwam")
    assert now(talk).status == AppointmentStatus.BOOKED


def test_the_page_of_somebody_offers_it(talk, colleague, participant):
    page = signed_in(colleague).get(reverse("participant", args=[participant.pk])).content.decode()
    for value in ("afzeggen", "komt", "eerder"):
        assert f'value="{value}"' in page
    assert f"?verzet={talk.pk}" in page


def test_who_helps_somebody_else_changes_nothing(talk):
    assert says(make_professional(), talk, "afzeggen").status_code == 404
    assert now(talk).status == AppointmentStatus.BOOKED


def test_on_the_list_by_telephone_and_off_it_and_it_is_in_the_log(talk, colleague, participant):
    says(colleague, talk, "eerder")
    says(colleague, talk, "eerder")
    assert wish_of(talk) is not None
    says(colleague, talk, "niet-eerder")
    assert wish_of(talk) is None
    assert sum("Joost Bakker" in line for line in log_of(participant)) >= 2


@pytest.mark.parametrize("yes", [True, False])
def test_an_offer_is_answered_by_telephone(talk, fatma, colleague, yes):
    with person_context(UserActor(fatma, "professional")):
        wish_earlier(appointment=now(talk), at=timezone.now())
    pass_on_offers(at=timezone.now())
    offered = wish_of(talk).offered
    assert offered is not None
    says(colleague, talk, "ja", aanbod="not this one")
    assert now(talk).begins == talk.begins
    says(colleague, talk, "ja" if yes else "nee", aanbod=str(offered.pk))
    assert now(talk).begins == (offered.begins if yes else talk.begins)
    assert (wish_of(talk) is None) == yes


def test_a_yes_that_moves_to_a_colleague_leads_on_to_a_page_that_is_there(fatma, colleague):
    """Who came of a booking alone, and is met no more, is helped no more."""
    room, elsewhere = make_room(), make_room()
    participant = make_participant(make_professional(), languages=("nl",))
    hours = make_hours(fatma, room, languages=["nl"])
    talk = wants(participant, hours, room, weekday(10, 9))
    with person_context(LinkActor(participant.pk, "code")):
        wish = wish_earlier(appointment=talk, at=timezone.now())
    sooner = weekday(4, 9)
    theirs = make_hours(colleague, elsewhere)
    with person_context(SystemActor("a test")):
        held = Appointment(
            participant=participant, kind=talk.kind, status=AppointmentStatus.HELD, held_until=sooner - timedelta(days=1),
            booked_by=talk.booked_by, booked_at=timezone.now(),
        )  # fmt: skip
        take_time(held, professional=theirs, room=elsewhere, begins=sooner, by=talk.booked_by, at=timezone.now())
        EarlierWish.objects.filter(pk=wish.pk).update(offered=held)
    answer = signed_in(fatma).post(
        reverse("agenda"), {"afspraak": talk.pk, "wat": "ja", "van": "mens", "aanbod": str(held.pk)}, follow=True
    )  # fmt: skip
    assert now(talk).professional == theirs
    assert answer.status_code == 200
    assert "verzet naar" in answer.content.decode()


def test_an_offer_outside_of_hours_by_now_is_gone_and_names_no_box(talk, fatma, colleague):
    with person_context(UserActor(fatma, "professional")):
        wish_earlier(appointment=now(talk), at=timezone.now())
    pass_on_offers(at=timezone.now())
    offered = wish_of(talk).offered
    Availability.objects.all().delete()
    answer = signed_in(fatma).post(
        reverse("agenda"), {"afspraak": talk.pk, "wat": "ja", "van": "mens", "aanbod": str(offered.pk)}, follow=True
    )  # fmt: skip
    page = answer.content.decode()
    assert "Vink" not in page
    assert "niet meer" in page
    assert now(talk).begins == talk.begins


# --- What fits best


def offered(days, hour, *, languages, room, pk):
    begins = weekday(days, hour)
    professional = Professional(pk=pk, languages=languages)
    return Offered(Slot(begins, begins + timedelta(hours=1), pk, room.place.pk, room.pk), professional, room)


def room_at(pk, point):
    return TalkRoom(pk=pk, place=TalkPlace(pk=pk, own_location=point))


def test_best_is_the_language_then_near_then_soon_and_a_choice_of_days():
    near, far = room_at(1, Point(4.94, 52.366)), room_at(2, Point(4.94, 52.41))
    suits = Suits(("ar", "nl"), Area(centre=Point(4.94, 52.363)))
    other_language = offered(1, 9, languages=["tr"], room=near, pk=1)
    far_sooner = offered(1, 10, languages=["ar"], room=far, pk=2)
    near_later, near_same_day = offered(4, 9, languages=["ar"], room=near, pk=3), offered(4, 11, languages=["ar"], room=near, pk=3)
    too_late = offered(30, 9, languages=["ar"], room=near, pk=3)
    given = [too_late, other_language, near_same_day, far_sooner, near_later]
    assert suits.best(given, at=timezone.now()) == [near_later, far_sooner, other_language]
    assert [each.slot.begins for each in suits.by_moment(given)] == sorted(each.slot.begins for each in given)


def test_the_desk_shows_what_fits_best_above_the_days(fatma, participant):
    make_hours(fatma, make_room(), languages=["nl"])
    page = signed_in(fatma).get(reverse("appointment_new", args=[participant.pk])).content.decode()
    assert 'id="best"' in page
    assert page.index('id="best"') < page.index('id="day1"')
