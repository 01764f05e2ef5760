"""A warm hand-over: who is told what, what a link opens, and when a team sees somebody."""

import re
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import Channel, OutboxMessage
from participants.actions import hand_over_state, hand_overs, plans
from participants.actions.hand_over_days import three_working_days
from participants.actions.retention import erase
from participants.models import AccessReason, Answer, HandOver, HandOverState, Participant, ParticipantAccess, StepStatus
from participants.notifications.hand_overs import link_of, readers_of
from participants.tasks import keep_hand_overs
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory
from tests.factories.participants import give_own_account, make_participant, make_professional
from tests.factories.plans import allow_sharing, make_hand_over, make_step
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db

# Long ago, as the walls read the clock of the database
MONDAY = datetime.fromisoformat("2024-11-25T10:00:00+01:00")
LAST_NAME, PHONE = "Zwaluwstaart", "+31200004581"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False) as frozen:
        yield frozen


@pytest.fixture
def professional():
    return make_professional(name="Fatma Demir")


@pytest.fixture
def participant(professional):
    made = make_participant(professional, first_name="Sara", last_name=LAST_NAME, phone=PHONE)
    allow_sharing(made, professional)
    return made


@pytest.fixture
def place():
    return InitiativeFactory(name="Naaiatelier", slug="naaiatelier", email="naai@demo.example")


@pytest.fixture
def step(participant, professional, place):
    return make_step(participant, professional, initiative=place)


def system():
    return person_context(SystemActor("a test"))


def now_of(hand_over):
    with system():
        return HandOver.objects.with_place().select_related("participant__key", "step").get(pk=hand_over.pk)


def path_of(hand_over, reader="address"):
    return link_of(now_of(hand_over), reader).partition("//")[2].partition("/")[2].join(["/", ""])


def asked(key="hand-over:"):
    return list(OutboxMessage.objects.filter(key__startswith=key).order_by("pk"))


def say(hand_over, answer, **more):
    return Client().post(path_of(hand_over), {"answer": answer, **more})


def team_sees(participant, initiative):
    with system():
        return ParticipantAccess.objects.open().filter(participant=participant, initiative=initiative).exists()


# --- Asking


def test_without_consent_nobody_is_told_anything(professional, place):
    participant = make_participant(professional)
    step = make_step(participant, professional, initiative=place)
    with pytest.raises(DomainError, match="ja"):
        make_hand_over(step, professional)
    allow_sharing(participant, professional, Answer.REFUSED)
    with pytest.raises(DomainError):
        make_hand_over(step, professional)
    assert asked() == []


def test_the_mail_has_a_first_name_what_and_when_and_no_more(step, professional, place):
    member = MemberFactory(initiative=place).user
    make_hand_over(step, professional, comes_at=MONDAY + timedelta(days=8, hours=4), what="naaien")
    messages = asked()
    assert {message.to for message in messages} == {member.email, "naai@demo.example"}
    for message in messages:
        assert "Sara wil dinsdag 3 december 2024, 14.00 uur komen naaien." in message.text
        assert "Sara" not in message.subject
        assert "Sara" not in message.key
        for secret in (LAST_NAME, PHONE, "020 000 45 81", "4581"):
            assert secret not in message.text + message.html + message.subject
        assert message.text.count("/komt-dit-uit/") == 1


def test_who_decides_on_benefits_reads_no_such_mail(step, professional, place):
    MemberFactory(initiative=place, user=UserFactory(decides=True, email="naai@demo.example"))
    assert readers_of(place) == [reader for reader in readers_of(place) if reader.channel == Channel.SMS], "its number, and no address"
    MemberFactory(initiative=place, user=UserFactory(is_active=False))
    make_hand_over(step, professional)
    assert [message.to for message in asked()] == [place.phone]


def test_a_place_with_only_a_telephone_gets_a_text_message(participant, professional):
    place = InitiativeFactory(email="", phone="+31612345678")
    make_hand_over(make_step(participant, professional, initiative=place), professional)
    (message,) = asked()
    assert (message.channel, message.to) == (Channel.SMS, "+31612345678")
    assert "Sara wil" in message.text
    path = re.search(r"/komt-dit-uit/\S+/", message.text)[0]
    assert Client().get(path).status_code == 200


def test_a_place_that_nobody_can_write_to_is_to_be_called(participant, professional, place):
    MemberFactory(initiative=place, user=UserFactory(decides=True, email=place.email))
    place.phone = ""
    place.save()
    with pytest.raises(DomainError, match="Bel"):
        make_hand_over(make_step(participant, professional, initiative=place), professional)


@pytest.mark.parametrize("ahead", [timedelta(minutes=30), timedelta(days=-3), timedelta(days=400)])
def test_a_day_lies_ahead_and_not_too_far(step, professional, ahead):
    with pytest.raises(DomainError):
        make_hand_over(step, professional, comes_at=MONDAY + ahead)


def test_one_place_at_a_time_for_a_step(step, professional):
    make_hand_over(step, professional)
    with pytest.raises(DomainError):
        make_hand_over(step, professional, InitiativeFactory())


@pytest.mark.parametrize(
    ("begun", "until"),
    [
        ("2026-11-23T10:00+01:00", "2026-11-26T10:00+01:00"),  # Monday to Thursday
        ("2026-11-26T16:30+01:00", "2026-12-01T16:30+01:00"),  # over a weekend
        ("2026-12-23T09:00+01:00", "2026-12-29T09:00+01:00"),  # over both days of Christmas
        ("2026-10-23T09:00+02:00", "2026-10-28T09:00+01:00"),  # the clock goes back on the 25th
    ],
)
def test_three_working_days(begun, until):
    assert three_working_days(datetime.fromisoformat(begun)) == datetime.fromisoformat(until)


def test_for_somebody_who_comes_tomorrow_the_answer_is_due_before(step, professional):
    made = make_hand_over(step, professional, comes_at=MONDAY + timedelta(hours=20))
    assert made.asked_at < made.answer_by < made.comes_at


# --- Answering by link


def test_opening_a_link_changes_nothing_however_often(step, professional):
    made = make_hand_over(step, professional)
    before = HandOver.objects.none()
    with system():
        before = HandOver.objects.filter(pk=made.pk).values().get()
    for method in ("get", "head", "get", "options"):
        getattr(Client(), method)(path_of(made))
    with system():
        assert HandOver.objects.filter(pk=made.pk).values().get() == before
        assert HandOver.pgh_event_model.objects.filter(pgh_obj_id=made.pk).count() == 1


def test_a_yes_by_link_lets_the_team_in_when_all_three_agree(step, participant, professional, place):
    made = make_hand_over(step, professional)
    assert not team_sees(participant, place)
    body = Client().get(path_of(made)).content.decode()
    assert "Sara wil komen naaien" in body
    assert LAST_NAME not in body
    assert "000 45 81" not in body
    response = say(made, "yes")
    assert (response.status_code, response.headers["Location"]) == (302, path_of(made))
    found = now_of(made)
    assert (found.stands, found.answered_at) == (True, MONDAY)
    assert team_sees(participant, place)
    with system():
        assert ParticipantAccess.objects.get(initiative=place).reason == AccessReason.RECEIVES
    again = Client().get(path_of(made)).content.decode()
    assert "Uw antwoord: ja" in again
    assert "<form method" not in again.partition("<main")[2].partition("</main>")[0], "nothing is left to press"
    assert say(made, "no_room").status_code == 422
    assert now_of(made).stands


def test_a_yes_waits_for_the_participant(step, participant, professional, place):
    made = make_hand_over(step, professional, participant_agrees=False)
    say(made, "yes")
    assert not now_of(made).stands
    assert not team_sees(participant, place)
    with person_context(LinkActor(participant.pk, "code")):
        hand_overs.agree(hand_over=HandOver.objects.get(pk=made.pk), revision=1, at=timezone.now())
    assert now_of(made).stands
    assert team_sees(participant, place)


def test_an_answer_may_be_changed_until_it_stands(step, participant, professional):
    made = make_hand_over(step, professional, participant_agrees=False)
    for answer in ("no_room", "yes", "no_room", "yes"):
        assert say(made, answer).status_code == 302
        assert now_of(made).state == answer
    assert "Antwoord veranderen" in Client().get(path_of(made)).content.decode()


def test_another_day_comes_back_to_the_professional(step, participant, professional, place):
    made = make_hand_over(step, professional)
    assert say(made, "other_day", words="", day="", time="").status_code == 422
    assert say(made, "other_day", day="2024-12-05", time="").status_code == 422
    assert say(made, "other_day", day="2024-12-05", time="14:00", words="Donderdag is rustiger").status_code == 302
    found = now_of(made)
    assert (found.state, found.participant_agreed_at, found.professional_agreed_at) == (HandOverState.OTHER_DAY, None, None)
    shown = hand_over_state.read(found)
    assert (shown.words, shown.other_at.isoformat()) == ("Donderdag is rustiger", "2024-12-05T14:00:00+01:00")
    told = OutboxMessage.objects.get(to=professional.email)
    assert "Naaiatelier vraagt een andere dag" in told.subject
    assert "Sara" not in told.text + told.subject
    with person_context(UserActor(professional, "professional")):
        settled = hand_overs.settle(
            hand_over=found, comes_at=shown.other_at, professional=professional, participant_agrees=True, at=timezone.now()
        )
    assert settled.stands, "the day that the place named needs no new yes of the place"
    assert team_sees(participant, place)


def test_a_third_day_is_asked_anew_and_the_old_link_is_dead(step, professional):
    made = make_hand_over(step, professional)
    old = path_of(made)
    say(made, "other_day", words="Liever later")
    with person_context(UserActor(professional, "professional")):
        hand_overs.settle(
            hand_over=now_of(made),
            comes_at=MONDAY + timedelta(days=14),
            professional=professional,
            participant_agrees=True,
            at=timezone.now(),
        )
    assert (now_of(made).state, now_of(made).revision) == (HandOverState.ASKED, 2)
    assert Client().get(old).status_code == 410
    assert Client().post(old, {"answer": "yes"}).status_code == 410
    assert now_of(made).state == HandOverState.ASKED
    assert say(made, "yes").status_code == 302


def test_no_room_lets_the_next_place_be_asked(step, participant, professional, place):
    made = make_hand_over(step, professional)
    say(made, "no_room")
    other = InitiativeFactory(name="Buurtkeuken")
    page = signed_in(professional).get(reverse("hand_over_new", args=[participant.pk, step.pk])).content.decode()
    assert "Buurtkeuken" in page
    assert "Naaiatelier" not in page.partition("<form")[2], "who said no is not asked again"
    second = make_hand_over(step, professional, other)
    assert now_of(second).step.initiative_id == other.pk
    assert say(made, "yes").status_code == 422, "another place was asked in the meantime"
    assert now_of(made).state == HandOverState.NO_ROOM


@pytest.mark.parametrize("token", ["x", "a.b", "=cmd()", "é" * 40, "x" * 3000])
def test_what_is_no_link_opens_nothing(token):
    for method in ("get", "post"):
        response = getattr(Client(), method)(reverse("hand_over_answer", args=[token]))
        assert response.status_code == 410


def test_a_link_of_somebody_who_left_the_place_opens_nothing(step, professional, place):
    member = MemberFactory(initiative=place)
    MemberFactory(initiative=place)
    made = make_hand_over(step, professional)
    path = path_of(made, f"user-{member.user_id}")
    assert Client().get(path).status_code == 200
    member.delete()
    assert Client().get(path).status_code == 410
    assert Client().post(path, {"answer": "yes"}).status_code == 410


@pytest.mark.parametrize(
    "said",
    [
        {"answer": "maybe"},
        {},
        {"answer": "other_day", "words": "x" * 10_000},
        {"answer": "other_day", "words": "a\x00b"},
        {"answer": "other_day", "day": "0001-01-01", "time": "00:00"},
        {"answer": "other_day", "day": "9999-12-31", "time": "23:59"},
        {"answer": "other_day", "day": "=cmd()", "time": "🙂"},
        {"answer": "asked"},
    ],
)
def test_a_hostile_answer_is_refused_with_words(step, professional, said):
    made = make_hand_over(step, professional)
    response = Client().post(path_of(made), said)
    assert response.status_code == 422
    assert now_of(made).state == HandOverState.ASKED


@pytest.mark.parametrize("words", ["é", "مرحبا", "🙂", "=cmd()", "<b>x</b>"])
def test_words_of_any_script_are_taken_and_neutral(step, participant, professional, words):
    made = make_hand_over(step, professional)
    assert say(made, "other_day", words=words).status_code == 302
    assert "<b>x</b>" not in Client().get(path_of(made)).content.decode()
    assert signed_in(professional).get(reverse("plan", args=[participant.pk])).status_code == 200


# --- Signed in


def test_a_member_of_the_team_answers_signed_in_and_nobody_else_does(step, participant, professional, place):
    made = make_hand_over(step, professional)
    member, stranger = MemberFactory(initiative=place).user, MemberFactory().user
    address = reverse("hand_over_team", args=[place.slug, made.pk])
    decider = MemberFactory(initiative=place, user=UserFactory(decides=True)).user
    for nobody in (stranger, professional, decider, UserFactory(coordinator=True)):
        assert signed_in(nobody).get(address).status_code == 404
        assert signed_in(nobody).post(address, {"answer": "yes"}).status_code == 404
    assert now_of(made).state == HandOverState.ASKED
    body = signed_in(member).get(address).content.decode()
    assert "Sara wil komen naaien" in body
    assert LAST_NAME not in body
    assert signed_in(member).post(address, {"answer": "yes"}).status_code == 302
    assert now_of(made).stands
    with system():
        last = HandOver.pgh_event_model.objects.filter(pgh_obj_id=made.pk).order_by("pgh_id").last()
        assert last.pgh_context["user"] == member.pk, "history tells who answered"


def test_by_row_level_security_alone_a_team_sees_what_it_was_asked_only(step, participant, professional, place):
    make_hand_over(step, professional)
    make_hand_over(make_step(participant, professional, initiative=InitiativeFactory()), professional)
    member = MemberFactory(initiative=place).user
    with person_context(UserActor(member)):
        assert [each.initiative_id for each in HandOver.objects.all()] == [place.pk]
        assert not Participant.objects.exists(), "who it is they see when all three agreed"
    for stranger in (make_professional(), UserFactory(coordinator=True), UserFactory(decides=True), MemberFactory().user):
        with person_context(UserActor(stranger)):
            assert not HandOver.objects.exists()
    assert not HandOver.objects.exists()


# --- Withdrawing


def test_withdrawing_works_at_once(step, participant, professional, place):
    made = make_hand_over(step, professional)
    path = path_of(made)
    OutboxMessage.objects.filter(key__startswith="hand-over:").update(sent_at=timezone.now())
    say(made, "yes")
    with person_context(LinkActor(participant.pk, "code")):
        hand_overs.withdraw(hand_over=HandOver.objects.get(pk=made.pk), at=timezone.now())
        hand_overs.withdraw(hand_over=HandOver.objects.get(pk=made.pk), at=timezone.now())
    assert not team_sees(participant, place)
    assert Client().get(path).status_code == 410
    off = [message for message in asked() if ":off:" in message.key]
    assert len(off) == 1
    assert "gaat niet door" in off[0].text
    assert "Sara" not in off[0].text + off[0].subject


def test_a_question_that_had_not_gone_yet_goes_no_more_and_nothing_follows(step, professional):
    made = make_hand_over(step, professional)
    with person_context(UserActor(professional, "professional")):
        hand_overs.withdraw(hand_over=now_of(made), at=timezone.now())
    assert all(message.emptied_at for message in asked())
    assert not [message for message in asked() if ":off:" in message.key]


def test_consent_taken_back_withdraws_and_closes(step, participant, professional, place):
    made = make_hand_over(step, professional)
    say(made, "yes")
    with person_context(LinkActor(participant.pk, "code")):
        assert hand_overs.withdraw_all(participant=Participant.objects.get(), at=timezone.now()) == 1
    assert now_of(made).state == HandOverState.WITHDRAWN
    assert not team_sees(participant, place)


def test_no_yes_counts_after_consent_was_taken_back(step, participant, professional, place):
    made = make_hand_over(step, professional)
    path = path_of(made)
    allow_sharing(participant, professional, Answer.WITHDRAWN)
    assert Client().post(path, {"answer": "yes"}).status_code in (410, 422)
    assert not team_sees(participant, place)


def test_a_step_that_is_over_asks_nothing_more_and_the_team_sees_nobody(step, participant, professional, place, clock):
    made = make_hand_over(step, professional)
    say(made, "yes")
    clock.move_to(MONDAY + timedelta(days=20))
    with person_context(UserActor(professional, "professional")):
        plans.set_status(step=step, status=StepStatus.DONE, at=timezone.now())
    assert not team_sees(participant, place)
    assert not [message for message in asked() if ":off:" in message.key], "it took place: nobody is told that it does not"


def test_a_team_that_receives_somebody_twice_sees_them_until_both_are_over(participant, professional, place):
    first, second = (make_step(participant, professional, initiative=place) for _each in range(2))
    visits = [make_hand_over(each, professional) for each in (first, second)]
    for visit in visits:
        say(visit, "yes")
    for visit, still in zip(visits, (True, False), strict=True):
        with person_context(UserActor(professional, "professional")):
            hand_overs.withdraw(hand_over=now_of(visit), at=timezone.now())
        assert team_sees(participant, place) is still


# --- By itself


def test_unanswered_comes_back_and_a_late_yes_does_not_count(step, participant, professional, clock):
    made = make_hand_over(step, professional)
    path = path_of(made)
    clock.move_to(made.answer_by)
    assert Client().post(path, {"answer": "yes"}).status_code == 410, "the clock decides, also before the task has run"
    keep_hand_overs()
    keep_hand_overs()
    found = now_of(made)
    assert (found.state, found.participant_agreed_at, found.professional_agreed_at) == (HandOverState.UNANSWERED, None, None)
    assert Client().get(path).status_code == 410
    told = OutboxMessage.objects.filter(to=professional.email)
    assert ["heeft niet geantwoord" in message.subject for message in told] == [True]
    assert make_hand_over(step, professional, InitiativeFactory()).pk


def test_halfway_there_is_one_reminder(step, professional, clock):
    made = make_hand_over(step, professional)
    keep_hand_overs()
    assert len(asked()) == 1
    clock.move_to(made.asked_at + (made.answer_by - made.asked_at) / 2)
    keep_hand_overs()
    keep_hand_overs()
    reminders = [message for message in asked() if ":reminder:" in message.key]
    assert len(reminders) == 1
    assert "Nog open" in reminders[0].subject
    say(made, "yes")
    clock.shift(timedelta(hours=2))
    keep_hand_overs()
    assert len([message for message in asked() if ":reminder:" in message.key]) == 1


# --- What stays


def test_sealed_words_stand_nowhere_but_in_the_mail(step, participant, professional):
    made = make_hand_over(step, professional, what="naaldvakken")
    assert all("naaldvakken" in message.text for message in asked())
    say(made, "other_day", words="Hersenkronkel")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.actor_kind', 'system', true)")
        for table in ("participants_handover", "participants_handoverevent", "participants_planstepevent"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            text = str(cursor.fetchall())
            assert "naaldvakken" not in text
            assert "Hersenkronkel" not in text
        cursor.execute("SELECT t::text FROM outbox_outboxmessage t")
        assert "Hersenkronkel" not in str(cursor.fetchall())


def test_erasing_leaves_no_message_and_nothing_that_opens(step, participant, professional):
    made = make_hand_over(step, professional)
    path = path_of(made)
    OutboxMessage.objects.filter(key__startswith="hand-over:").update(sent_at=timezone.now())
    with system():
        erase(participant=participant, by=None, reason="asked", at=timezone.now())
    assert Client().get(path).status_code == 410
    assert not any("Sara" in message.text for message in OutboxMessage.objects.all())
    with system():
        found = HandOver.objects.get(pk=made.pk)
        assert found.state == HandOverState.WITHDRAWN
        assert not Participant.objects.filter(pk=participant.pk, key__isnull=False).exists()


# --- The participant's own page


def test_the_participant_agrees_or_not_on_their_own_page(step, participant, professional, place):
    me = UserFactory()
    give_own_account(participant, me)
    client, made = signed_in(me), make_hand_over(step, professional, participant_agrees=False)
    assert "Wilt u naar Naaiatelier?" in client.get(reverse("own_plan")).content.decode()
    address = reverse("own_hand_over", args=[made.pk])
    assert "Naaiatelier" in client.get(address).content.decode()
    client.post(address, {"agree": "", "revision": "7"})
    assert now_of(made).participant_agreed_at is None, "the day they saw is no longer the day"
    client.post(address, {"agree": "", "revision": "1"})
    assert now_of(made).participant_agreed_at == MONDAY
    client.post(address, {"withdraw": ""})
    assert now_of(made).state == HandOverState.WITHDRAWN
    other = make_hand_over(make_step(make_shared(professional), professional, initiative=place), professional)
    assert client.get(reverse("own_hand_over", args=[other.pk])).status_code == 404


def make_shared(professional):
    other = make_participant(professional)
    allow_sharing(other, professional)
    return other


def test_the_professional_settles_and_calls_off_on_the_page(step, participant, professional):
    made = make_hand_over(step, professional, participant_agrees=False)
    client, address = signed_in(professional), reverse("hand_over", args=[participant.pk, made.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"agree": "", "revision": "1"}).status_code == 302
    assert now_of(made).participant_agreed_at == MONDAY
    say(made, "other_day", day="2024-12-05", time="14:00")
    assert client.post(address, {"settle": "", "day": "", "time": ""}).status_code == 422
    assert client.post(address, {"settle": "", "day": "2024-11-01", "time": "14:00"}).status_code == 422
    assert client.post(address, {"settle": "", "day": "2024-12-05", "time": "14:00", "participant_agrees": "on"}).status_code == 302
    assert now_of(made).stands
    assert client.post(address, {"withdraw": ""}).status_code == 302
    assert now_of(made).state == HandOverState.WITHDRAWN


def test_asking_by_the_form(step, participant, professional, place):
    client, address = signed_in(professional), reverse("hand_over_new", args=[participant.pk, step.pk])
    said = {"place": str(place.pk), "what": "naaien", "day": "2024-12-03", "time": "14:00", "participant_agrees": "on"}
    for wrong in ({"what": ""}, {"what": "x" * 100}, {"place": "999999"}, {"day": "2020-01-01"}, {"time": "25:00"}, {"what": "a\x00"}):
        assert client.post(address, said | wrong).status_code == 422, wrong
    assert client.post(address, said).status_code == 302
    assert len(asked()) == 1
    assert client.post(address, said).status_code == 422, "asked already"
