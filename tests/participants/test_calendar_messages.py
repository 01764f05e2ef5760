"""What people hear about an appointment: the way they chose, as far as they said yes, and nobody's name on the way."""

from datetime import timedelta

import pytest
from django.utils import timezone
from icalendar import Calendar

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.lib.gsm import fits
from fieldlab.outbox.models import OutboxMessage
from participants.actions.booking import cancel, move, tell_came
from participants.actions.calendar import find_untold
from participants.actions.consents import answer_consent
from participants.models import AccessReason, Answer, Appointment, BookedBy, Call, EarlierWish, ParticipantAccess, Professional, Purpose
from participants.notifications import appointment_words as words
from participants.notifications import reach
from participants.notifications.appointments import remind, tell_booked, tell_moved, tell_offer
from participants.notifications.links import appointment_token, read_appointment_token
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory
from tests.factories.participants import consent_text, make_participant, make_professional
from tests.factories.talks import make_appointment, make_room, weekday

pytestmark = pytest.mark.django_db(transaction=True)
PHONE, EMAIL = "06 12 34 56 78", "samira@demo.example"


@pytest.fixture
def fatma():
    user = make_professional(name="Fatma Yilmaz")
    Professional.objects.filter(user=user).update(phone="+31201234567")
    return user


def role(user):
    return Professional.objects.get(user=user)


def agreed(user, participant, **fields):
    return make_appointment(
        participant, role(user), fields.pop("room", None) or make_room(), fields.pop("begins", weekday(7, 14)), **fields
    )


def says(participant, answer):
    with person_context(SystemActor("a test")):
        answer_consent(participant=participant, text=consent_text(Purpose.REMINDERS), answer=answer, witness=None, at=timezone.now())


def to_participant(participant):
    return OutboxMessage.objects.filter(key__startswith=reach.prefix(participant)).order_by("pk")


def event(message):
    calendar = Calendar.from_ical(message.calendar)
    [found] = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), found


def moved(appointment, actor):
    with person_context(actor):
        return move(
            appointment=appointment, professional=appointment.professional, room=appointment.room, begins=weekday(8, 11),
            by=BookedBy.PROFESSIONAL, at=timezone.now(), outside_hours=True,
        )  # fmt: skip


# --- the way they chose


def test_a_text_message_says_when_where_who_and_a_number_to_call(fatma):
    samira = make_participant(fatma, phone=PHONE, reach="sms")
    appointment = agreed(fatma, samira)
    sms = to_participant(samira).get()
    assert (sms.channel, sms.to) == ("sms", "+31612345678")
    begins = timezone.localtime(appointment.begins)
    assert f" {begins.day} " in sms.text
    for said in ("14.00 uur", "Stadsloket, Plein 1", "U spreekt Fatma Yilmaz", "Bel 020 123 45 67"):
        assert said in sms.text
    assert "http" not in sms.text
    assert fits(sms.text)


@pytest.mark.parametrize(
    ("place", "address", "name"),
    [
        ("Buurthuiskamer en Taalcafé van de Indische Buurt en Omstreken, gebouw B", "Eerste Atjehstraat 1203-huis", "Fatma"),
        ("Stadsloket", "Plein 1", "Wilhelmina Johanna van den Oudenrijn-Abdurrahmanoğlu"),
        ("A" * 80, "B" * 160, "C" * 80),
        ("Zoë", "Ćevapi 1", "Łukasz Đorđević"),
    ],
)
def test_a_text_message_is_one_message_however_long_the_names(fatma, place, address, name):
    fatma.name = name
    fatma.save()
    room = make_room()
    room.place.own_name, room.place.own_address = place, address
    room.place.save()
    appointment = agreed(fatma, make_participant(fatma), room=room)
    for writer in (words.booked, words.moved, words.reminder, words.cancelled, words.offer, words.missed):
        text = writer(appointment).sms
        assert fits(text), text
        assert "020 123 45 67" in text


def test_an_e_mail_has_the_calendar_file_and_a_link_of_their_own(fatma):
    samira = make_participant(fatma, email=EMAIL, reach="email")
    appointment = agreed(fatma, samira)
    mail = to_participant(samira).get()
    method, found = event(mail)
    assert (mail.to, method, found["SEQUENCE"], str(found["LOCATION"])) == (EMAIL, "REQUEST", 0, "Stadsloket, Plein 1")
    assert found["DTSTART"].dt == appointment.begins
    assert f"/afspraak/{appointment_token(appointment)}/" in mail.text
    for said in ("Fatma Yilmaz werkt bij Buurtwerk Oost.", "beslist niet over uw uitkering", "Het is vrijwillig.", "020 123 45 67"):
        assert said in mail.text
    assert "Samira" not in mail.text + mail.html + mail.subject + mail.calendar


def test_an_english_speaker_reads_english_and_whoever_speaks_dutch_reads_dutch(fatma):
    one, two = (make_participant(fatma, email=EMAIL, reach="email", languages=each) for each in (("en", "ti"), ("en", "nl")))
    agreed(fatma, one)
    agreed(fatma, two, begins=weekday(9, 10))
    assert to_participant(one).get().subject.startswith("Your appointment on ")
    assert to_participant(two).get().subject.startswith("Uw afspraak op ")


@pytest.mark.parametrize(
    "details", [{"reach": "call", "phone": PHONE}, {"reach": "sms", "email": EMAIL}, {"reach": "email", "phone": PHONE}]
)
def test_no_other_way_than_the_one_they_chose(fatma, details):
    samira = make_participant(fatma, **details)
    appointment = agreed(fatma, samira)
    assert not to_participant(samira)
    with person_context(UserActor(fatma)):
        assert not Appointment.objects.to_tell(timezone.now()), "they heard it when it was booked"
    moved(appointment, UserActor(fatma))
    with person_context(UserActor(fatma)):
        assert [*Appointment.objects.to_tell(timezone.now())] == [appointment]
        Call.objects.create(participant=samira, appointment=appointment, caller=fatma, at=timezone.now(), result="spoken")
        assert not Appointment.objects.to_tell(timezone.now())


def test_who_moves_it_themselves_need_not_be_called(fatma):
    samira = make_participant(fatma)
    appointment = agreed(fatma, samira)
    with person_context(LinkActor(samira.pk, "code")):
        tell_moved(appointment=Appointment.objects.get(pk=appointment.pk), at=timezone.now())
    with person_context(UserActor(fatma)):
        assert not Appointment.objects.to_tell(timezone.now())


def test_through_the_place_that_brought_them_in(fatma):
    place = InitiativeFactory()
    member = MemberFactory(initiative=place, user=UserFactory()).user
    samira = make_participant(fatma, reach="initiative", phone=PHONE)
    with person_context(SystemActor("a test")):
        ParticipantAccess.objects.create(participant=samira, initiative=place, reason=AccessReason.BROUGHT_IN, valid_from=timezone.now())
    agreed(fatma, samira)
    mail = to_participant(samira).get()
    assert mail.to == member.email
    assert samira.code in mail.text
    assert "/afspraak/" not in mail.text
    assert not mail.calendar
    assert "Samira" not in mail.text + mail.html


# --- as far as they said yes


def test_without_an_answer_what_they_booked_is_confirmed_and_nothing_else(fatma):
    samira = make_participant(fatma, phone=PHONE, reach="sms")
    appointment = agreed(fatma, samira)
    assert to_participant(samira).count() == 1
    with person_context(SystemActor("a test")):
        assert not remind(appointment=appointment, at=timezone.now())


def test_with_a_yes_they_are_reminded(fatma):
    samira = make_participant(fatma, phone=PHONE, reach="sms")
    says(samira, Answer.GIVEN)
    appointment = agreed(fatma, samira)
    with person_context(SystemActor("a test")):
        assert remind(appointment=appointment, at=timezone.now())
    assert "Vergeet niet" in to_participant(samira).last().text


@pytest.mark.parametrize("answer", [Answer.REFUSED, Answer.WITHDRAWN])
def test_after_a_no_nothing_goes_and_somebody_calls(fatma, answer):
    samira = make_participant(fatma, phone=PHONE, reach="sms")
    says(samira, Answer.GIVEN)
    says(samira, answer)
    appointment = agreed(fatma, samira)
    moved(appointment, UserActor(fatma))
    assert not to_participant(samira)
    with person_context(UserActor(fatma)):
        assert [*Appointment.objects.to_tell(timezone.now())] == [appointment]


def test_a_team_that_may_not_see_the_answer_books_and_the_no_still_holds(fatma):
    place = InitiativeFactory()
    member = MemberFactory(initiative=place, user=UserFactory()).user
    samira = make_participant(fatma, phone=PHONE, reach="sms")
    says(samira, Answer.REFUSED)
    with person_context(SystemActor("a test")):
        ParticipantAccess.objects.create(participant=samira, initiative=place, reason=AccessReason.BROUGHT_IN, valid_from=timezone.now())
    appointment = agreed(fatma, samira, booked_for=place)
    with person_context(UserActor(member)):
        tell_moved(appointment=Appointment.objects.get(pk=appointment.pk), at=timezone.now())
    assert not to_participant(samira)


def test_what_still_had_to_go_stops_when_they_say_no(fatma):
    samira, other = (make_participant(fatma, phone=PHONE, reach="sms") for _each in range(2))
    agreed(fatma, samira)
    agreed(fatma, other, begins=weekday(9, 10))
    with person_context(SystemActor("a test")):
        assert reach.stop(participant=samira, at=timezone.now()) == 1
    assert to_participant(samira).get().text == ""
    assert to_participant(other).get().text


# --- calendars: REQUEST, a higher SEQUENCE, CANCEL


def test_moving_and_cancelling_is_the_same_event_with_a_number_that_rises(fatma):
    samira = make_participant(fatma, email=EMAIL, reach="email")
    appointment = agreed(fatma, samira)
    seen = [event(to_participant(samira).get())]
    OutboxMessage.objects.update(sent_at=timezone.now())
    moved(appointment, UserActor(fatma))
    seen.append(event(to_participant(samira).last()))
    OutboxMessage.objects.filter(failed_at=None).update(sent_at=timezone.now())
    with person_context(UserActor(fatma)):
        cancel(appointment=appointment, by=BookedBy.PROFESSIONAL, at=timezone.now())
    seen.append(event(to_participant(samira).last()))
    assert [method for method, _event in seen] == ["REQUEST", "REQUEST", "CANCEL"]
    assert [found["SEQUENCE"] for _method, found in seen] == [0, 1, 2]
    assert len({str(found["UID"]) for _method, found in seen}) == 1
    assert seen[1][1]["DTSTART"].dt == weekday(8, 11)
    assert str(seen[2][1]["STATUS"]) == "CANCELLED"


def test_what_was_not_sent_yet_and_is_no_longer_true_never_goes(fatma):
    samira = make_participant(fatma, email=EMAIL, reach="email")
    appointment = agreed(fatma, samira)
    moved(appointment, UserActor(fatma))
    going = OutboxMessage.objects.unfinished()
    assert {each.key.rpartition(f"{appointment.pk}:")[2] for each in going} == {"1:moved", "1:moved:professional"}
    with person_context(UserActor(fatma)):
        cancel(appointment=appointment, by=BookedBy.PROFESSIONAL, at=timezone.now())
    assert {each.key.rpartition(f"{appointment.pk}:")[2] for each in going.all()} == {"2:cancelled", "2:cancelled:professional"}


def test_told_twice_is_told_once(fatma):
    samira = make_participant(fatma, email=EMAIL, reach="email")
    appointment = agreed(fatma, samira, interpreter_language="ti")
    before = OutboxMessage.objects.unfinished().count()
    with person_context(UserActor(fatma)):
        tell_booked(appointment=appointment, at=timezone.now())
    assert OutboxMessage.objects.unfinished().count() == before == OutboxMessage.objects.count()


def test_the_professional_hears_when_and_where_and_not_who(fatma):
    samira = make_participant(fatma, phone=PHONE, first_name="Samira", last_name="Haddad")
    agreed(fatma, samira)
    mail = OutboxMessage.objects.get(to=fatma.email)
    method, found = event(mail)
    assert (method, str(found["SUMMARY"])) == ("REQUEST", "Afspraak")
    whole = mail.subject + mail.text + mail.html + mail.calendar + mail.key
    for hidden in ("Samira", "Haddad", samira.code, "612345678", str(samira.pk)):
        assert hidden not in whole


# --- offers, no-shows, interpreters


def test_an_earlier_time_is_offered_until_when_it_is_kept(fatma):
    samira = make_participant(fatma, phone=PHONE, reach="sms")
    appointment = agreed(fatma, samira)
    until = timezone.now() + timedelta(days=1)
    begins = weekday(3, 9)
    with person_context(SystemActor("a test")):
        held = Appointment.objects.create(
            participant=samira, professional=role(fatma), kind="first", room=appointment.room, place=appointment.place, begins=begins,
            ends=begins + timedelta(hours=1), occupied=(begins, begins + timedelta(hours=1)), status="held", held_until=until,
            booked_by="participant", booked_at=timezone.now(),
        )  # fmt: skip
        wish = EarlierWish.objects.create(
            participant=samira, appointment=appointment, since=timezone.now(), waits_from=timezone.now(), offered=held
        )
        tell_offer(wish=wish, at=timezone.now())
    text = to_participant(samira).last().text
    assert text.startswith("U kunt eerder komen:")
    assert f"voor {timezone.localtime(until):%a}".lower()[:5] in text.lower()
    assert fits(text)
    assert not OutboxMessage.objects.filter(to=fatma.email, key__contains=str(held.pk)), "the professional hears when it is taken"
    assert read_appointment_token(appointment_token(held), until) is None


def test_who_did_not_come_reads_no_blame(fatma):
    samira = make_participant(fatma, phone=PHONE, reach="sms")
    says(samira, Answer.GIVEN)
    appointment = agreed(fatma, samira)
    with person_context(SystemActor("a test")):
        begins = timezone.now() - timedelta(hours=2)
        ends = begins + timedelta(hours=1)
        Appointment.objects.filter(pk=appointment.pk).update(begins=begins, ends=ends, occupied=(begins, ends))
    with person_context(UserActor(fatma)):
        tell_came(appointment=appointment, came=False, at=timezone.now())
    text = to_participant(samira).last().text
    assert "Dat geeft niet." in text
    assert "020 123 45 67" in text
    assert fits(text)


def test_an_interpreter_is_asked_by_language_time_and_place_and_told_when_it_is_off(fatma, settings):
    settings.INTERPRETER_EMAIL = "tolken@demo.example"
    samira = make_participant(fatma, phone=PHONE)
    appointment = agreed(fatma, samira, interpreter_language="ti")
    asked = OutboxMessage.objects.get(to="tolken@demo.example")
    assert "Tigrinya" in asked.subject
    assert "Stadsloket, Plein 1" in asked.text
    assert "Samira" not in asked.text + asked.html + asked.key
    OutboxMessage.objects.update(sent_at=timezone.now())
    moved(appointment, UserActor(fatma))
    assert "in de plaats van" in OutboxMessage.objects.unfinished().get(to="tolken@demo.example").text
    with person_context(UserActor(fatma)):
        cancel(appointment=appointment, by=BookedBy.PROFESSIONAL, at=timezone.now())
    assert OutboxMessage.objects.unfinished().get(to="tolken@demo.example").subject.startswith("Tolk niet meer nodig")


def test_without_an_address_of_interpreters_no_mail_goes(fatma, settings):
    settings.INTERPRETER_EMAIL = ""
    agreed(fatma, make_participant(fatma), interpreter_language="ti")
    assert [*OutboxMessage.objects.values_list("to", flat=True)] == [fatma.email]


# --- bad input, and what did not arrive


@pytest.mark.parametrize("name", ["مريم", "X", "🙂🙂", "=cmd()|' /C calc'!A0", "Samira\r\nATTENDEE:mailto:x@demo.example"])
def test_whatever_their_name_it_is_nowhere_and_adds_no_line(fatma, name):
    room = make_room()
    room.place.own_name = "Huis\r\nSUMMARY:=cmd()"
    room.place.save()
    samira = make_participant(fatma, first_name=name, last_name="Zeldzaam", email=EMAIL, phone=PHONE, reach="email")
    agreed(fatma, samira, room=room)
    for message in OutboxMessage.objects.all():
        _method, found = event(message)
        assert str(found["SUMMARY"]) == "Afspraak"
        assert str(found["LOCATION"]) == "Huis SUMMARY:=cmd(), Plein 1"
        assert str(found["ATTENDEE"]) == f"mailto:{message.to}"
        said = " ".join([message.key, message.subject, message.text, message.html, message.calendar])
        assert "Zeldzaam" not in said
        if len(name) > 1:
            assert name not in said


def test_who_did_not_get_the_message_stands_on_the_list(fatma):
    samira = make_participant(fatma, phone=PHONE, reach="sms")
    appointment = agreed(fatma, samira)
    to_participant(samira).update(failed_at=timezone.now(), last_error="unknown number")
    assert find_untold(at=timezone.now()) == 1
    assert find_untold(at=timezone.now()) == 0
    with person_context(UserActor(fatma)):
        assert [*Appointment.objects.to_tell(timezone.now())] == [appointment]


def test_a_link_opens_its_appointment_until_the_talk_is_over(fatma):
    appointment = agreed(fatma, make_participant(fatma))
    token = appointment_token(appointment)
    assert read_appointment_token(token, timezone.now()) == appointment
    assert read_appointment_token(token, appointment.ends) is None
    for nonsense in ("", "x", token[:-1], token.replace(".", "a."), "\x00"):
        assert read_appointment_token(nonsense, timezone.now()) is None
