"""Coming in: "call me", a team on somebody's behalf, and the yes by which somebody becomes a participant."""

import logging
import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.audit.models import AccessRecord
from fieldlab.outbox.models import OutboxMessage
from participants import tasks
from participants.actions.calls import forget_ended, pass_on_uncalled
from participants.models import AccessReason, Call, CallRequest, Participant, ParticipantAccess, Professional
from participants.permissions import can_see_people_of
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory, district_of
from tests.factories.participants import ask_for_call, make_participant, make_professional, people
from tests.pages import text
from tests.queries import assert_constant_queries
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db

CALL_ME, DONE = "/bel-mij/", "/bel-mij/klaar/"
NUMBER, KEPT = "06 12 34 56 78", "+31612345678"
HOSTILE = ["😀", "سامية", "=cmd()|' /C calc'!A0", "a", "<script>alert(1)</script>", "x" * 10_000, "a\x00b", "‮", " "]


@pytest.fixture
def place():
    """With a team of one."""
    initiative = InitiativeFactory(name="De Meevaart", slug="de-meevaart")
    MemberFactory(initiative=initiative, user=UserFactory(name="Joke"))
    return initiative


@pytest.fixture
def member(place):
    return place.members.get().user


@pytest.fixture
def professional(place):
    user = make_professional(name="Fatma Demir")
    Professional.objects.get(user=user).areas.add(district_of(place))
    return user


def filled(client, url, **values):
    """What the form of this page sends."""
    page = client.get(url).content.decode()
    key = re.search(r'name="form" value="([0-9a-f]+)"', page)[1]
    return {"form": key, "best_time": "morning", "phone": NUMBER, "first_name": "Zonnebloem", "language": "ti", **values}


def requests(**filters):
    with person_context(SystemActor("a test looks")):
        return list(CallRequest.objects.filter(**filters).select_related("area", "initiative", "brought_by"))


# --- call me


def test_anybody_asks_to_be_called_and_it_goes_to_the_professionals_of_the_area(client, place, professional):
    district = district_of(place)
    sent = client.post(CALL_ME, filled(client, CALL_ME, where=district.pk))
    assert sent.url == DONE
    (wanted,) = requests()
    assert (wanted.area, wanted.initiative, wanted.brought_by, wanted.best_time) == (district, None, None, "morning")
    assert wanted.ends_at - wanted.asked_at == timedelta(days=14)
    with person_context(UserActor(professional)):
        caller = CallRequest.objects.visible_to(professional).get().open()
    assert (caller.phone, caller.first_name, caller.language) == (KEPT, "Zonnebloem", "ti")
    done = text(client.get(DONE))
    assert district.name in done
    assert "ochtend" in done
    assert "06 12 34 56 78" in done, "one sees whether the number is right"
    assert "Zonnebloem" not in done


def test_a_wrong_number_is_put_right_and_nobody_is_called_twice(client, place, professional):
    client.post(CALL_ME, filled(client, CALL_ME, where=district_of(place).pk))
    (before,) = requests()
    half = client.post(DONE, {"wat": "nummer", "phone": "06 12"})
    assert half.status_code == 422
    assert 'value="06 12"' in text(half, 422)
    assert client.post(DONE, {"wat": "nummer", "phone": "06 87 65 43 21"}).url == DONE
    (after,) = requests()
    assert after.pk == before.pk
    with person_context(UserActor(professional)):
        caller = CallRequest.objects.visible_to(professional).get().open()
    assert (caller.phone, caller.first_name, caller.language) == ("+31687654321", "Zonnebloem", "ti")


def test_the_number_is_not_seen_by_who_takes_the_phone_next(client, place):
    for does, leads_to in (("klaar", "/"), ("ander", f"{CALL_ME}?gebied={district_of(place).code}")):
        client.post(CALL_ME, filled(client, CALL_ME, where=district_of(place).pk))
        page = client.get(DONE)
        assert "no-store" in page.headers["Cache-Control"]
        assert page.headers["Refresh"].endswith(CALL_ME)
        assert client.post(DONE, {"wat": does}).url == leads_to
        assert client.get(DONE).url == CALL_ME
    assert len(requests()) == 2, "and both are called"


def test_when_and_which_language_are_folded_away_until_they_are_answered(client, place):
    url = f"{CALL_ME}?plek={place.slug}"
    assert '<details class="fold wishes">' in text(client.get(url))
    again = text(client.post(url, filled(client, url, phone="")), 422)
    assert '<details class="fold wishes" open>' in again
    client.cookies["language"] = "ar"
    assert '<option value="ar" selected' in text(client.get(url))


def test_a_number_and_a_place_are_enough(client, place):
    client.post(CALL_ME, {"phone": NUMBER, "best_time": "any", "where": district_of(place).pk})
    assert requests()[0].best_time == "any"


def test_the_page_says_what_it_is(client, place):
    page = text(client.get(CALL_ME))
    for words in ("Het is vrijwillig", "14 dagen", "Wie belt er?", "Goedendag, ik bel van", "niet naar uw uitkering", "Moet ik komen?"):
        assert words in page


def test_from_the_page_of_a_place_its_team_calls_and_hears_of_it_without_a_name(client, place, member):
    url = f"{CALL_ME}?plek={place.slug}"
    assert 'name="where"' not in text(client.get(url))
    client.post(url, filled(client, url, who="place"))
    (wanted,) = requests()
    assert (wanted.initiative, wanted.area) == (place, place.area)
    (mail,) = OutboxMessage.objects.all()
    assert mail.to == member.email
    assert reverse("team_people", args=[place.slug]) in mail.text
    for personal in ("Zonnebloem", "612345678", "12 34"):
        assert personal not in f"{mail.key} {mail.subject} {mail.text} {mail.html}"
    assert "De Meevaart" in text(client.get(DONE))


def test_the_overview_of_a_team_says_how_many_wait_for_its_call_and_not_who(place, member):
    assert "Wie wil door u gebeld worden" not in text(signed_in(member).get(reverse("overview")))
    for name in ("Zonnebloem", "Roos"):
        ask_for_call(initiative=place, area=place.area, first_name=name, phone=f"+3161234567{len(name)}")
    shown = text(signed_in(member).get(reverse("overview")))
    assert "2 mensen wachten op uw telefoontje" in shown
    assert reverse("team_people", args=[place.slug]) in shown
    assert "Zonnebloem" not in shown
    decides = MemberFactory(initiative=place, user=UserFactory(decides=True)).user
    assert "telefoontje" not in text(signed_in(decides).get(reverse("overview")))


def test_a_team_hears_at_once_and_then_at_most_once_an_hour_how_many_wait(client, place, member):
    """What the team is told in an hour it was told in already waits for the next, and counts everybody."""

    def ask(moment, phone):
        url = f"{CALL_ME}?plek={place.slug}"
        with time_machine.travel(moment, tick=False):
            client.post(url, filled(client, url, who="place", phone=phone))

    ask("2026-11-26 10:05+01:00", "06 12 34 56 71")
    ask("2026-11-26 10:20+01:00", "06 12 34 56 72")
    ask("2026-11-26 10:50+01:00", "06 12 34 56 73")
    first, later = OutboxMessage.objects.unfinished().order_by("due_at")
    assert (f"{first.due_at:%H.%M}", f"{later.due_at:%H.%M}") == ("09.05", "10.00")
    assert "1 mens" in first.text
    assert "3 mensen" in later.text
    ask("2026-11-26 11:10+01:00", "06 12 34 56 74")
    assert [f"{each.due_at:%H.%M}" for each in OutboxMessage.objects.unfinished().order_by("due_at")] == ["09.05", "10.00", "11.00"]
    assert {each.to for each in OutboxMessage.objects.unfinished()} == {member.email}


def test_whoever_would_rather_not_be_called_by_the_place_is_not(client, place):
    url = f"{CALL_ME}?plek={place.slug}"
    client.post(url, filled(client, url, who="area"))
    assert requests()[0].initiative is None
    assert not OutboxMessage.objects.exists()


def test_a_place_without_anybody_who_may_see_it_is_not_offered(client):
    alone = InitiativeFactory(slug="alleen")
    MemberFactory(initiative=alone, user=UserFactory(decides=True))
    url = f"{CALL_ME}?plek=alleen"
    assert 'name="who"' not in text(client.get(url))
    client.post(url, filled(client, url))
    assert (requests()[0].initiative, requests()[0].area) == (None, alone.area)


def test_from_the_page_of_an_area(client, place):
    url = f"{CALL_ME}?gebied={place.area.code}"
    client.post(url, filled(client, url))
    assert requests()[0].area == place.area


@pytest.mark.parametrize(
    "query", ["plek=nergens", "gebied=nergens", "plek=%00", "gebied=%00", "gebied=" + "x" * 3000, "plek=ours&gebied=1"]
)
def test_an_address_that_names_nothing_asks_where(client, place, query):
    assert 'name="where"' in text(client.get(f"{CALL_ME}?{query}"))


def test_the_same_form_sent_twice_is_one_request_and_the_next_visitor_another(client, place):
    url = f"{CALL_ME}?gebied={place.area.code}"
    sent = filled(client, url)
    assert [client.post(url, sent).url, client.post(url, sent).url] == [DONE, DONE]
    assert len(requests()) == 1
    client.post(url, {**sent, "phone": "06 87 65 43 21"})
    assert len(requests()) == 2, "by the back button, for somebody else"


def test_taken_back_at_once(client, place):
    url = f"{CALL_ME}?gebied={place.area.code}"
    client.post(url, filled(client, url))
    assert "gewist" in text(client.post(DONE, follow=True))
    assert requests() == []
    assert client.get(DONE).url == CALL_ME
    stranger = Client()
    ask_for_call(area=place.area)
    assert stranger.post(DONE).url == CALL_ME
    assert len(requests()) == 1, "only of one's own browser"


def test_on_a_phone_that_goes_round_it_stands_for_a_short_while(client, place):
    url = f"{CALL_ME}?gebied={place.area.code}"
    client.post(url, filled(client, url))
    with time_machine.travel(timezone.now() + timedelta(minutes=21)):
        assert client.post(DONE).url == CALL_ME
    assert len(requests()) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"phone": ""}, "Typ een telefoonnummer"),
        ({"phone": "12"}, "niet compleet"),
        ({"phone": "zes"}, "niet compleet"),
        ({"best_time": "nacht"}, "nacht"),
        ({"where": ""}, "Kies waar u bent"),
        ({"where": "99999999999999999999"}, 'role="alert"'),
        ({"where": "1\x00"}, 'role="alert"'),
        ({"language": "xx"}, 'role="alert"'),
        ({"form": "x" * 65}, 'role="alert"'),
    ],
)
def test_what_is_not_right_is_said_and_what_was_typed_stays(client, place, wrong, said):
    answer = text(client.post(CALL_ME, {**filled(client, CALL_ME, where=district_of(place).pk), **wrong}), 422)
    assert said in answer
    assert 'value="Zonnebloem"' in answer
    assert requests() == []


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("field", ["first_name", "phone", "postcode", "where", "form", "language", "best_time"])
def test_hostile_input_is_taken_or_refused(client, place, field, typed):
    sent = {**filled(client, CALL_ME, where=district_of(place).pk), field: typed}
    assert client.post(CALL_ME, sent).status_code in (302, 422)


def test_too_many_are_refused_politely_and_nothing_typed_is_lost(client, place):
    url = f"{CALL_ME}?gebied={place.area.code}"
    for number in range(30):
        assert client.post(url, filled(client, url) | {"phone": f"06123400{number:02}"}).status_code == 302
    answer = text(client.post(url, filled(client, url)), 429)
    assert "Probeer het over een uur" in answer
    assert 'value="Zonnebloem"' in answer


def test_nothing_personal_in_logs_or_addresses(client, place, caplog):
    caplog.set_level(logging.DEBUG)
    url = f"{CALL_ME}?gebied={place.area.code}"
    sent = client.post(url, filled(client, url))
    assert sent.url == DONE
    told = " ".join(record.getMessage() + str(record.__dict__) for record in caplog.records if "psycopg" not in record.name)
    assert "612345678" not in told
    assert "Zonnebloem" not in told


def test_what_is_written_down_is_sealed(place):
    ask_for_call(area=place.area, first_name="Zonnebloem", phone=KEPT)
    with person_context(SystemActor("a test looks")), connection.cursor() as cursor:
        cursor.execute("SELECT r::text FROM participants_callrequest r")
        (row,) = cursor.fetchone()
    assert b"Zonnebloem".hex() not in row
    assert KEPT.encode().hex() not in row


# --- who sees it


def test_row_level_security_alone_hides_requests(place, member, professional):
    """Without `visible_to`: another team, another district, a stranger, who decides, and nobody at all."""
    mine, to_place = ask_for_call(area=place.area), ask_for_call(area=place.area, initiative=place)
    elsewhere = InitiativeFactory()
    far = ask_for_call(area=elsewhere.area)
    other = MemberFactory(initiative=elsewhere, user=UserFactory()).user
    decider = make_professional(decides=True)
    MemberFactory(initiative=place, user=decider)

    def seen(actor):
        with person_context(actor):
            return set(CallRequest.objects.values_list("pk", flat=True))

    assert seen(UserActor(professional)) == {mine}
    assert seen(UserActor(member)) == {to_place}
    assert seen(UserActor(other)) == seen(UserActor(decider)) == seen(UserActor(UserFactory())) == set()
    assert seen(LinkActor(mine, "call_request")) == {mine}
    assert seen(SystemActor("a test looks")) == {mine, to_place, far}
    assert not CallRequest.objects.exists(), "outside of any context"


def test_both_walls_agree(place, member, professional):
    for values in ({}, {"initiative": place}, {"brought_by": place, "actor": member}):
        ask_for_call(area=place.area, **values)
    everywhere = make_professional()
    for user in (member, professional, everywhere, UserFactory()):
        with person_context(UserActor(user)):
            assert set(CallRequest.objects.visible_to(user)) == set(CallRequest.objects.all()), user


# --- the team


def test_a_team_types_for_somebody_who_said_yes(place, member, professional):
    client, url = signed_in(member), reverse("call_for", args=[place.slug])
    assert "Goedendag, ik kreeg uw nummer van De Meevaart" in text(client.get(url))
    assert "bellen wij niet" in text(client.post(url, filled(client, url, said_yes="no")), 422)
    assert "voornaam" in text(client.post(url, filled(client, url, said_yes="yes", first_name="")), 422)
    sent = filled(client, url, said_yes="yes")
    for _twice in range(2):
        assert client.post(url, sent).url == reverse("team_people", args=[place.slug])
    (wanted,) = requests()
    assert (wanted.brought_by, wanted.initiative, wanted.area) == (place, None, place.area)
    assert "Zonnebloem" in text(client.get(reverse("team_people", args=[place.slug])))
    assert "Zonnebloem" in text(signed_in(professional).get("/vandaag/"))


def test_a_team_sees_its_own_and_nobody_elses(place, member):
    elsewhere = InitiativeFactory(slug="elders")
    MemberFactory(initiative=elsewhere, user=member)
    ask_for_call(initiative=place, area=place.area, first_name="Hier")
    ask_for_call(initiative=elsewhere, area=elsewhere.area, first_name="Daar")
    ask_for_call(area=place.area, first_name="Professional")
    page = text(signed_in(member).get(reverse("team_people", args=[place.slug])))
    assert "Hier" in page
    assert "Daar" not in page
    assert "Professional" not in re.sub("professional", "", page)


def test_one_tap_and_then_the_question_what_now(place, member):
    wanted, client = ask_for_call(initiative=place, area=place.area), signed_in(member)
    url = reverse("team_people", args=[place.slug])
    assert client.post(url, {"about": wanted, "result": "no_answer"}).url == url
    assert "1 keer" in text(client.get(url))
    assert requests()[0].call_after is not None
    assert client.post(url, {"about": wanted, "result": "spoken"}).url == reverse("request_yes", args=[wanted])
    for bad in ({}, {"about": "x", "result": "spoken"}, {"about": wanted, "result": "x"}, {"about": "\x00", "result": "spoken"}):
        assert client.post(url, bad).status_code == 404


def test_a_teams_yes_passes_somebody_on_to_the_professionals(place, member, professional):
    wanted = ask_for_call(initiative=place, area=place.area, first_name="Zonnebloem")
    ends = requests()[0].ends_at
    client, url = signed_in(member), reverse("request_yes", args=[wanted])
    client.post(reverse("team_people", args=[place.slug]), {"about": wanted, "result": "spoken"})
    assert "Zonnebloem" not in text(signed_in(professional).get("/vandaag/"))
    assert client.post(url, {"yes": "1"}).url == reverse("team_people", args=[place.slug])
    (now,) = requests()
    assert (now.initiative, now.brought_by, now.spoken_at, now.ends_at) == (None, place, None, ends)
    assert people() == [], "only a professional makes a participant"
    assert "Zonnebloem" in text(signed_in(professional).get("/vandaag/"))
    assert "wacht al" in text(client.post(url, {"yes": "1"}, follow=True))


@pytest.mark.parametrize("by_team", [True, False])
def test_a_no_erases_at_once(place, member, professional, by_team):
    wanted = ask_for_call(area=place.area, **({"initiative": place} if by_team else {}))
    client = signed_in(member if by_team else professional)
    client.post(reverse("request_yes", args=[wanted]), {"no": "1"})
    assert requests() == []


def test_what_a_team_sees_of_a_participant_and_that_it_is_logged(place, member, professional):
    wanted = ask_for_call(area=place.area, brought_by=place, actor=member, first_name="Zonnebloem", phone=KEPT)
    became(professional, wanted)
    (participant,) = people()
    page = text(signed_in(member).get(reverse("team_people", args=[place.slug])))
    assert "Zonnebloem" in page
    assert "06 12 34 56 78" in page
    assert "Tigrinya" not in page
    with person_context(SystemActor("a test looks")):
        (looked,) = AccessRecord.objects.filter(user_id=member.pk)
    assert (looked.what, looked.role, looked.participant_id) == ("participant.name", "team", participant.pk)


def test_a_participant_of_somebody_else_is_not_the_teams(place, member, professional):
    make_participant(professional, first_name="Zonnebloem")
    assert "Zonnebloem" not in text(signed_in(member).get(reverse("team_people", args=[place.slug])))


def test_who_decides_on_benefits_sees_no_people_of_a_team(place):
    decider = MemberFactory(initiative=place, user=UserFactory(decides=True)).user
    wanted = ask_for_call(initiative=place, area=place.area)
    assert not can_see_people_of(decider, place)
    client = signed_in(decider)
    for url in (reverse("team_people", args=[place.slug]), reverse("call_for", args=[place.slug]), reverse("request_yes", args=[wanted])):
        assert client.get(url).status_code == client.post(url, {"yes": "1", "no": "1"}).status_code == 404
    assert len(requests()) == 1


def test_the_people_of_a_team_cost_as_many_queries_however_many_they_are(place, member, professional):
    def add():
        ask_for_call(initiative=place, area=place.area)
        ask_for_call(area=place.area, brought_by=place, actor=member)
        became(professional, ask_for_call(area=place.area, brought_by=place, actor=member, first_name="Zonnebloem"))

    assert_constant_queries(signed_in(member), reverse("team_people", args=[place.slug]), add)


# --- the yes


def became(professional, wanted, **values):
    sent = {"first_name": "Zonnebloem", "phone": NUMBER, "languages": ["ti"], "interpreter": "on", **values}
    return signed_in(professional).post(reverse("request_yes", args=[wanted]), sent)


def test_with_their_yes_somebody_becomes_a_participant_and_the_request_is_gone(place, member, professional):
    wanted = ask_for_call(area=place.area, brought_by=place, actor=member, first_name="Zonnebloem", phone=KEPT, language="ti")
    page = text(signed_in(professional).get(reverse("request_yes", args=[wanted])))
    assert 'value="Zonnebloem"' in page
    assert 'value="06 12 34 56 78"' in page
    assert re.search(r'value="ti"[^>]*checked', page)
    sent = became(professional, wanted, neighbourhood=place.area.pk)
    (participant,) = people()
    assert sent.url == reverse("participant_consents", args=[participant.pk])
    assert requests() == []
    details = participant.open()
    assert (details.first_name, details.phone, details.languages, details.interpreter) == ("Zonnebloem", KEPT, ("ti",), True)
    assert participant.neighbourhood == place.area
    assert participant.last_contact_at is not None
    with person_context(SystemActor("a test looks")):
        given = {(row.user_id, row.initiative_id, row.reason) for row in ParticipantAccess.objects.all()}
    assert given == {(professional.pk, None, AccessReason.INTAKE), (None, place.pk, AccessReason.BROUGHT_IN)}
    with person_context(UserActor(member)):
        assert Participant.objects.reachable_by(member).get() == participant
        assert not Participant.objects.visible_to(member).exists()


def test_a_yes_without_a_name_asks_for_one(place, professional):
    wanted = ask_for_call(area=place.area)
    assert "voornaam" in text(became(professional, wanted, first_name=""), 422)
    assert len(requests()) == 1


@pytest.mark.parametrize("typed", HOSTILE)
@pytest.mark.parametrize("field", ["first_name", "phone", "languages", "neighbourhood"])
def test_hostile_input_of_a_professional_is_taken_or_refused(place, professional, field, typed):
    assert became(professional, ask_for_call(area=place.area), **{field: typed}).status_code in (302, 422)


def test_no_yes_to_a_request_of_another_district(professional):
    elsewhere = InitiativeFactory()
    assert became(professional, ask_for_call(area=elsewhere.area)).status_code == 404


# --- erased after a fortnight


def test_after_a_fortnight_it_is_gone_with_its_calls_and_once_more_harms_nothing(place, member, professional):
    now = timezone.now()
    old = ask_for_call(area=place.area, at=now - timedelta(days=13, hours=23))
    signed_in(professional).post("/vandaag/gebeld/", {"about": f"verzoek:{old}", "result": "no_answer"})
    young = ask_for_call(area=place.area, at=now - timedelta(days=1))
    assert forget_ended(at=now) == 0
    with time_machine.travel(now + timedelta(hours=2)):
        assert signed_in(professional).get(reverse("request_yes", args=[old])).status_code == 404, "also before the job runs"
        tasks.forget_requests()
        tasks.forget_requests()
    assert [each.pk for each in requests()] == [young]
    with person_context(SystemActor("a test looks")):
        assert not Call.objects.exists()


def test_whom_a_place_does_not_call_goes_to_the_professionals(place, professional):
    now = timezone.now()
    late = ask_for_call(initiative=place, area=place.area, at=now - timedelta(days=5))
    ask_for_call(initiative=place, area=place.area, at=now - timedelta(days=3))
    assert pass_on_uncalled(at=now) == 1
    assert pass_on_uncalled(at=now) == 0
    with person_context(UserActor(professional)):
        assert CallRequest.objects.visible_to(professional).get().pk == late
