"""A participant's own pages: by account and by the code on a card, and who looked."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.actions import record_access
from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.audit.models import AccessRecord
from participants.actions import grant_access
from participants.actions.codes import give_code, withdraw
from participants.actions.looked import DONE, WHAT, looked, told
from participants.models import AccessReason, Appointment, Participant, ParticipantAccess, Professional, TalkPlace, TalkRoom
from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory
from tests.factories.participants import access_of, give_own_account, make_participant, make_professional
from tests.pages import text
from tests.queries import assert_constant_queries
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db

ENTER, OWN, LOG, DETAILS = "/mijn-gegevens/code/", "/mijn-gegevens/", "/mijn-gegevens/wie-keek/", "/mijn-gegevens/gegevens/"
OWN_PAGES = [OWN, LOG, DETAILS, "/mijn-gegevens/toestemming/"]
PHONE = "+31200000417"


@pytest.fixture
def professional():
    return make_professional(name="Fatma Demir")


@pytest.fixture
def participant(professional):
    return make_participant(professional, first_name="Zonnebloem", phone=PHONE, birth_year=1984, languages=("ti",))


def code_of(participant, professional):
    with person_context(UserActor(professional, "professional")):
        return give_code(participant=participant, actor=professional, at=timezone.now())


def types(client, code, answer="1984", **more):
    return client.post(ENTER, {"code": code, "answer": answer, **more})


def by_code(participant, professional):
    client = Client()
    assert types(client, code_of(participant, professional)).url == OWN
    return client


def by_account(participant):
    user = UserFactory()
    give_own_account(participant, user)
    return signed_in(user)


def book(participant, user, **values):
    place = TalkPlace.objects.create(own_name="Buurthuis De Meevaart", own_address="Balistraat 48", own_area=NeighbourhoodFactory())
    begins = timezone.localtime().replace(hour=14, minute=0, second=0, microsecond=0) + timedelta(days=3)
    ends = begins + timedelta(hours=1)
    with person_context(SystemActor("a test")):
        return Appointment.objects.create(
            participant=participant, professional=Professional.objects.get(user=user), kind="first", place=place,
            room=TalkRoom.objects.create(place=place, name="Kamer 2"), begins=begins, ends=ends, occupied=(begins, ends),
            status="booked", booked_by="professional", booked_at=timezone.now(), **values,
        )  # fmt: skip


# --- the code


def test_a_code_opens_ones_own_pages_on_any_computer(participant, professional):
    code, client = code_of(participant, professional), Client()
    for page in OWN_PAGES:
        assert client.get(page).url == f"{ENTER}?next={page.replace('/', '%2F')}"
    for answer in ("1984", "0417", "020 000 04 17", "12-03-1984", "١٩٨٤"):
        assert types(Client(), code.lower().replace("-", " "), answer).url == OWN
    assert types(client, code).url == OWN
    for page in OWN_PAGES:
        shown = client.get(page)
        assert "no-store" in shown["Cache-Control"]
        assert shown["Refresh"] == f"1201; url={ENTER}"
        assert reverse("own_leave") in text(shown)
    assert "Zonnebloem" in text(client.get(OWN))
    assert reverse("own_leave") in text(client.get("/")), "also where one went from there"


def test_wrong_code_and_wrong_answer_get_the_same_words(participant, professional, client):
    code = code_of(participant, professional)
    said = [_told(types(client, *typed)) for typed in (("CCC-CCC-CCC", "1984"), (code, "1985"), ("CCC-CCC-CCC", "0000"))]
    assert len(set(said)) == 1
    assert 'href="#id_code"' in said[0]
    assert "Kijk op uw kaartje" in said[0]


def _told(response):
    return text(response, 422).split('role="alert"')[1].split("</div>")[0]


def test_what_is_too_short_says_so_at_its_field_keeps_what_was_typed_and_tells_nothing_else(participant, professional, client):
    code = code_of(participant, professional)
    page = text(types(client, "k7m 2qf", "1984"), 422)
    assert "Een code heeft 9 tekens. U typte er 6." in page
    assert 'value="k7m 2qf"' in page
    assert 'value="1984"' in page
    for answer in ("1", "abcd"):
        right, wrong = (_told(types(client, typed, answer)) for typed in (code, "CCC-CCC-CCC"))
        assert "Typ vier cijfers." in right
        assert right == wrong
    assert types(client, code).status_code == 302, "nothing of it counted as a wrong answer"


def test_five_wrong_answers_close_a_code_for_good(participant, professional, client):
    code = code_of(participant, professional)
    for _each in range(5):
        types(client, code, "1985")
    assert types(client, code).status_code == 422
    with person_context(LinkActor(participant.pk, "a test")):
        sentences = [line.sentence for line in told(participant, looked(participant))]
    assert any("vijf keer" in sentence for sentence in sentences)


def test_a_right_answer_forgets_the_wrong_ones(participant, professional, client):
    code = code_of(participant, professional)
    for _round in range(2):
        for _each in range(4):
            types(client, code, "1985")
        assert types(client, code).status_code == 302


def test_a_code_ends_by_itself_when_it_is_withdrawn_and_when_a_new_one_is_given(participant, professional):
    old, new = code_of(participant, professional), code_of(participant, professional)
    assert types(Client(), old).status_code == 422
    inside = Client()
    assert types(inside, new).status_code == 302
    with time_machine.travel(timezone.now() + timedelta(days=91)):
        assert types(Client(), new).status_code == 422
    with person_context(UserActor(professional)):
        assert withdraw(participant=participant, at=timezone.now()) == 1
    assert types(Client(), new).status_code == 422
    assert inside.get(OWN).status_code == 302, "also where it is in use"


def test_what_was_opened_closes_after_twenty_minutes_of_nothing(participant, professional):
    client, now = by_code(participant, professional), timezone.now()
    for minutes, status in ((19, 200), (38, 200), (59, 302), (60, 302)):
        with time_machine.travel(now + timedelta(minutes=minutes), tick=False):
            assert client.get(OWN).status_code == status, minutes


def test_closing_leaves_nothing_in_the_browser(participant, professional):
    client = by_code(participant, professional)
    left = client.post(reverse("own_leave"), follow=True)
    assert "Niemand kan ze nu" in text(left)
    assert client.get(OWN).status_code == 302
    assert "participant" not in client.session
    assert client.get(reverse("own_leave")).status_code == 405


def test_one_persons_code_opens_nobody_elses_page(participant, professional):
    other = make_participant(professional, first_name="Klaproos", phone="+31200000999")
    client, theirs = by_code(participant, professional), access_of(other, professional)
    assert client.get(reverse("own_access_end", args=[theirs.pk])).status_code == 404
    assert client.post(reverse("own_access_end", args=[theirs.pk])).status_code == 404
    for page in OWN_PAGES:
        assert "Klaproos" not in text(client.get(page))
    with person_context(LinkActor(participant.pk, "code")):
        assert [found.pk for found in Participant.objects.all()] == [participant.pk], "row-level security alone"
        assert not AccessRecord.objects.exclude(participant_id=participant.pk).exists()
        assert set(ParticipantAccess.objects.values_list("participant", flat=True)) == {participant.pk}


def test_the_code_leads_only_to_own_pages(participant, professional):
    for asked in ("https://evil.example/", "//evil.example/mijn-gegevens/", "/mijn/", "/mijn-gegevens/weg/", "javascript:alert(1)", "\x00"):
        code = code_of(participant, professional)
        answer = types(Client(), code, next=asked)
        assert (answer.status_code, answer.url) == (302, OWN), asked
    assert types(Client(), code_of(participant, professional), next=LOG).url == LOG


def test_a_session_of_before_is_worth_nothing_after(participant, professional, client):
    client.get(ENTER)
    session = client.session
    session["x"] = 1
    session.save()
    client.cookies["session"] = session.session_key
    types(client, code_of(participant, professional))
    assert client.session.session_key != session.session_key


def test_whoever_decides_on_benefits_opens_nothing_with_a_card(participant, professional):
    code, decider = code_of(participant, professional), UserFactory(decides=True)
    client = signed_in(decider)
    assert "Met dit account" in text(types(client, code), 422)
    inside = by_code(participant, professional)
    inside.force_login(decider)
    assert inside.get(OWN).status_code == 302


def test_thirty_tries_an_hour_from_one_address(client, participant, professional):
    code = code_of(participant, professional)
    for _each in range(30):
        types(client, "CCC-CCC-CCC")
    assert "over een uur" in text(types(client, code), 422)


def test_without_redis_the_door_stays_shut_and_says_so(client, participant, professional, settings):
    code = code_of(participant, professional)
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}}
    assert "over een uur" in text(types(client, code), 422)


@pytest.mark.parametrize("typed", ["", "\x00", "=cmd()", "😀", "ا", "x" * 10_000, "K7M-2QF-9RT\r\nSet-Cookie: x"])
def test_whatever_is_typed_is_answered(client, participant, professional, typed):
    code = code_of(participant, professional)
    assert types(client, typed).status_code == 422
    assert types(client, code, typed).status_code == 422
    mine = by_account(participant)
    for name in ("first_name", "last_name", "phone", "email", "reach", "best_time", "birth_year", "languages", "interpreter"):
        assert mine.post(DETAILS, {**GOOD, name: typed}).status_code in (302, 422), name
    for field in ("text", "answer"):
        assert mine.post("/mijn-gegevens/toestemming/", {"text": "1", "answer": "given", field: typed}).status_code == 422
    assert mine.get(LOG, {"page": typed, "alles": typed}).status_code == 200


# --- the pages


def test_home_says_when_where_with_whom_and_who_sees_it(participant, professional):
    appointment = book(participant, professional)
    team = MemberFactory(initiative=InitiativeFactory(name="De Draad")).initiative
    with person_context(SystemActor("a test")):
        ParticipantAccess.objects.create(participant=participant, initiative=team, reason="receives", valid_from=timezone.now())
    shown = text(by_account(participant).get(OWN))
    for words in ("Zonnebloem", "Buurthuis De Meevaart", "14.00 uur", "Fatma Demir", "Buurtwerk Oost", "eerste gesprek", "De Draad"):
        assert words in shown, words
    assert "Ziet alleen uw naam, uw nummer" in shown
    assert str(appointment.begins.day) in shown
    assert reverse("account_logout") in shown


def test_home_asks_the_database_as_often_for_three_as_for_one(participant, professional):
    client = by_account(participant)

    def one_more():
        with person_context(UserActor(professional)):
            grant_access(participant=participant, user=make_professional(), reason=AccessReason.SUPPORT, actor=professional)

    assert_constant_queries(client, OWN, one_more)


def test_access_ends_at_once(participant, professional):
    client, access = by_account(participant), access_of(participant, professional)
    url = reverse("own_access_end", args=[access.pk])
    asked = text(client.get(url))
    assert "Fatma Demir" in asked
    assert "Wie helpt mij dan?" in asked
    assert client.post(url).url == OWN
    assert "Niemand. Alleen u." in text(client.get(OWN))
    assert client.post(url).status_code == 404
    with person_context(UserActor(professional)):
        assert not Participant.objects.exists()
    assert signed_in(professional).get(reverse("participant_consents", args=[participant.pk])).status_code == 404


GOOD = {"first_name": "Zon", "last_name": "", "phone": "0612345678", "email": "", "reach": "call", "best_time": "na tien uur",
        "birth_year": "1985", "languages": ["ti", "nl"], "interpreter": "on"}  # fmt: skip


def test_one_corrects_ones_own_details_and_it_is_kept(participant, professional):
    client = by_account(participant)
    assert 'value="Zonnebloem"' in text(client.get(DETAILS))
    assert client.post(DETAILS, GOOD).url == OWN
    with person_context(UserActor(professional)):
        details = Participant.objects.get().open()
    assert (details.first_name, details.phone, details.birth_year, details.languages) == ("Zon", "+31612345678", 1985, ("ti", "nl"))
    assert (details.interpreter, details.quiet_room, details.best_time) == (True, False, "na tien uur")
    assert "U veranderde om" in text(client.get(LOG, {"alles": "ja"}))


def test_who_moves_house_says_so_themselves(participant, professional):
    client, area = by_account(participant), NeighbourhoodFactory()
    assert client.post(DETAILS, {**GOOD, "neighbourhood": area.pk}).url == OWN
    with person_context(UserActor(professional)):
        assert Participant.objects.get().neighbourhood == area
    assert re.search(rf'value="{area.pk}"\s+selected', client.get(DETAILS).content.decode())


def test_what_is_not_right_stays_typed(participant):
    client = by_account(participant)
    for change in (
        {"first_name": ""},
        {"first_name": "\u200b\u202e"},
        {"phone": "12"},
        {"phone": "06 1234"},
        {"birth_year": "1700"},
        {"reach": "email"},
        {"reach": "sms", "phone": ""},
        {"languages": ["x"]},
    ):
        shown = text(client.post(DETAILS, {**GOOD, **change}), 422)
        assert "na tien uur" in shown, change
        assert 'role="alert"' in shown


# --- who looked


def test_every_page_leaves_a_record(participant, professional):
    worker, client = signed_in(professional), by_account(participant)
    pages = [(client, page) for page in OWN_PAGES]
    pages += [(client, reverse("own_access_end", args=[access_of(participant, professional).pk]))]
    pages += [(worker, reverse(name, args=[participant.pk])) for name in ("participant_card", "participant_consents")]
    for number, (who, page) in enumerate(pages, 1):
        assert who.get(page).status_code == 200
        with person_context(SystemActor("a test")):
            assert AccessRecord.objects.about(participant.pk).count() == number, page


def test_looks_of_one_person_on_one_day_are_told_together_and_stand_whole_on_paper(participant, professional):
    worker, client = signed_in(professional), by_account(participant)
    for name in ("participant_card", "participant_consents", "participant_consents"):
        worker.get(reverse(name, args=[participant.pk]))
    shown = text(client.get(LOG))
    told_once = re.search(r"<b>Fatma Demir van Buurtwerk Oost \(participatieprofessional\)</b> keek (\d+) keer:", shown)
    assert told_once
    assert int(told_once[1]) >= 3
    folded = re.findall(r"<li[^>]*>([^<]*)", shown.split('<details class="fold">')[1].split("</details>")[0])
    on_paper = re.findall(r'<li class="onprint"[^>]*>([^<]*)', shown)
    assert len(folded) >= 2
    assert folded == on_paper


def test_who_looked_is_told_in_plain_words(participant, professional):
    worker = signed_in(professional)
    worker.get(reverse("participant_consents", args=[participant.pk]))
    client = by_account(participant)
    client.get(OWN)
    with person_context(UserActor(professional, "professional")):
        found = Participant.objects.get()
        found.seal({"phone": PHONE[:-1] + "8"}, found.key.unwrap())
        found.save(update_fields=["phone"])
    shown = text(client.get(LOG))
    assert "Fatma Demir van Buurtwerk Oost (participatieprofessional) keek om" in shown
    assert "naar uw naam en nummer" in shown
    assert "Waarom: om u te vragen wat mag" in shown
    assert "Fatma Demir van Buurtwerk Oost (participatieprofessional) schreef om" in shown
    assert "Fatma Demir van Buurtwerk Oost (participatieprofessional) veranderde om" in shown
    assert "telefoonnummer" in shown
    assert "U keek" not in shown
    assert "U keek om" in text(client.get(LOG, {"alles": "ja"}))


def test_every_line_of_the_log_is_a_sentence_whatever_was_recorded(participant, professional):
    at, gone = timezone.now(), UserFactory()
    for actor in (UserActor(professional), SystemActor("a test"), LinkActor(participant.pk, "code"), UserActor(gone)):
        with person_context(actor):
            for what in (*WHAT, *DONE, "nobody knows this"):
                record_access(participant_id=participant.pk, what=what, reason="some reason", at=at)
    gone.delete()
    with person_context(LinkActor(participant.pk, "code")):
        rows = list(looked(participant))
        lines = told(participant, rows)
    assert len(lines) == len(rows) == 4 * (len(WHAT) + len(DONE) + 1) + 2, "and the row and the access it began with"
    assert all(line.sentence.endswith(".") and "%(" not in line.sentence for line in lines)
    assert any("Iemand die hier niet meer werkt" in line.sentence for line in lines)
    assert [line.at for line in lines] == sorted((line.at for line in lines), reverse=True)


def test_the_log_is_paged_and_asks_the_database_as_often_for_three_as_for_one(participant, professional):
    client = by_account(participant)

    def one_more():
        with person_context(UserActor(professional)):
            colleague = make_professional()
            grant_access(participant=participant, user=colleague, reason=AccessReason.SUPPORT, actor=professional)
        with person_context(UserActor(colleague)):
            record_access(participant_id=participant.pk, what="plan", reason="x", at=timezone.now())

    assert_constant_queries(client, LOG, one_more)
    with person_context(UserActor(professional)):
        for _each in range(120):
            record_access(participant_id=participant.pk, what="plan", reason="x", at=timezone.now())
    shown = text(client.get(LOG))
    assert 'rel="next"' in shown
    assert client.get(LOG, {"page": "3"}).status_code == 200


def test_looks_of_one_day_that_are_alike_share_a_sentence_with_all_their_times(participant, professional):
    noon = timezone.localtime().replace(hour=12, minute=0)
    with person_context(UserActor(professional)):
        for minutes in (0, 5, 5, 70, 24 * 60):
            record_access(participant_id=participant.pk, what="plan", reason="x", at=noon - timedelta(minutes=minutes))
    with person_context(LinkActor(participant.pk, "code")):
        sentences = [line.sentence for line in told(participant, looked(participant)) if "uw plan" in line.sentence]
    assert [sentence.split(" om ")[1] for sentence in sentences] == ["10.50, 11.55 en 12.00 uur naar uw plan.", "12.00 uur naar uw plan."]


def test_the_overview_leads_a_participant_to_their_own_details(participant):
    assert OWN in text(by_account(participant).get("/mijn/"))
    assert f'href="{OWN}"' not in text(signed_in(UserFactory()).get("/mijn/"))
