"""Pages for participants in a help language: whole, marked as made by a machine, and never what somebody says yes to.

On an Arabic page a sentence in another language stands in an element that says so. What is left in Latin letters is data: names.
"""

import re
from datetime import timedelta
from html.parser import HTMLParser
from uuid import uuid4

import pypdfium2
import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse
from django.utils import timezone, translation

from fieldlab.accounts.models import User
from fieldlab.areas.models import Area
from fieldlab.audit.context import LinkActor, UserActor, person_context
from fieldlab.lib.errors import DomainError
from fieldlab.lib.languages import is_also_as_help
from initiatives.models import Initiative
from participants.actions.codes import give_code
from participants.actions.consents import answer_consent
from participants.models import Answer, Consent, IntakeReport, Participant, Purpose, TalkPlace, TalkRoom
from participants.notifications.links import appointment_token, booking_token
from tests.factories.accounts import UserFactory
from tests.factories.areas import DistrictFactory, NeighbourhoodFactory, QuarterFactory
from tests.factories.initiatives import InitiativeFactory
from tests.factories.participants import access_of, ask_for_call, consent_text, give_own_account, make_participant, make_professional
from tests.factories.rights import make_whole
from tests.factories.talks import make_hours, make_room
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db

# What tests/factories/rights.py plants, and writes itself
WORDS, WHY, PICTURE, EMAIL = "Zonnebloem", "Iemand is in gevaar", "hands", "zonnebloem@demo.example"
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
TOLD = ("alt", "aria-label", "data-stop", "placeholder", "title")
LATIN = re.compile(r"[A-Za-zÀ-ÿ]{2,}")
ARABIC = re.compile(r"[\u0600-\u06ff]")
# Kinds of files, and an example of a code and of an address
AS_IT_IS = ("PDF", "JSON", "naam@voorbeeld.nl")
CODE = re.compile(r"[0-9A-Z]{3}(-[0-9A-Z]{3}){1,2}")
NOTE = "هذه ترجمة آلية"


class Texts(HTMLParser):
    """What a page says in its own language: each text and told attribute outside elements with a language of their own."""

    def __init__(self, page):
        super().__init__()
        self.html, self.said, self.foreign, self._open = {}, [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag == "html":
            self.html = values
        # Of what somebody typed nobody knows the language: it goes by its first letter. Facts (<dd>) are our words too
        own = tag in ("script", "style") or (tag != "html" and "lang" in values) or (tag != "dd" and values.get("dir") == "auto")
        inside = own or (bool(self._open) and self._open[-1][1])
        told = [values[name] for name in TOLD if values.get(name)]
        told += [values["content"]] if tag == "meta" and values.get("name") == "description" else []
        (self.foreign if inside else self.said).extend(told)
        if tag not in VOID:
            self._open.append((tag, inside))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        text = " ".join(data.split())
        if text:
            (self.foreign if self._open and self._open[-1][1] else self.said).append(text)


def data():
    """Names and addresses, longest first."""
    names = {settings.SITE_NAME, WORDS, WHY, PICTURE, EMAIL, *AS_IT_IS}
    names |= {name for user in User.objects.all() for name in (user.name, user.employer, user.email)}
    names |= {name for each in Initiative.objects.all() for name in (each.name, each.address)}
    names |= {area.name for area in Area.objects.all()} | {room.name for room in TalkRoom.objects.all()}
    names |= {name for place in TalkPlace.objects.all() for name in (place.name, place.address)}
    return sorted(filter(None, names), key=len, reverse=True)


def dutch_left(page):
    """Every text of a page in a right-to-left script in which Latin words are left that are no data."""
    known, left = data(), []
    for text in Texts(page).said:
        rest = CODE.sub("", text)
        for name in known:
            rest = re.sub(re.escape(name), "", rest, flags=re.IGNORECASE)
        if LATIN.search(rest):
            left.append(text)
    return sorted(set(left))


def shown(left):
    return "\n".join(f"{name}: {text}" for name, texts in left.items() for text in texts)


def in_arabic(client):
    client.cookies["language"] = "ar"
    return client


def arabic_page(response, *statuses):
    assert response.status_code in (statuses or (200,)), response.status_code
    page = response.content.decode()
    assert (Texts(page).html["lang"], Texts(page).html["dir"]) == ("ar", "rtl")
    assert response.headers["Content-Language"] == "ar"
    assert NOTE in page
    return page


# --- every marked address


@pytest.fixture
def place():
    district = DistrictFactory(name="Oost")
    area = NeighbourhoodFactory(name="Dapperbuurt", parent=QuarterFactory(name="Indische Buurt", parent=district))
    week = {"week": [[day, 540, 1020] for day in range(7)]}
    return InitiativeFactory(name="Naaiatelier De Draad", slug="de-draad", area=area, access="walk_in", opening_hours=week)


@pytest.fixture
def professional():
    return make_professional(name="Fatma Demir")


@pytest.fixture
def whole(professional, place):
    """Somebody of whom there is something in every table; what they see, they see in their own account."""
    participant = make_whole(professional, WORDS, place=place)
    give_own_account(participant, UserFactory(name=WORDS))
    return participant


def mine(participant):
    with person_context(LinkActor(participant.pk, "code")):
        user = Participant.objects.get(pk=participant.pk).user
    return in_arabic(signed_in(user))


def objects_of(participant, professional):
    """The arguments of addresses about one thing."""
    with person_context(UserActor(professional, "professional")):
        report, appointment = IntakeReport.objects.get(), participant.appointments.first()
        goal, step, asked = (getattr(participant, name).first() for name in ("goals", "steps", "hand_overs"))
    return {
        "own_access_end": [{"pk": access_of(participant, professional).pk}],
        "own_appointment": [{"pk": appointment.pk}],
        "appointment_link": [{"token": appointment_token(appointment)}],
        "book_by_link": [{"token": booking_token(participant, timezone.now())}],
        "own_report_print": [{"pk": report.pk}],
        "own_report_away": [{"pk": report.pk, "version": 1, "place": 1}],
        "own_report_throw_away": [{"pk": report.pk}],
        "own_goal_change": [{"goal": goal.pk}],
        "own_step_change": [{"step": step.pk}],
        "own_hand_over": [{"asked": asked.pk}],
    }


def marked():
    """Names of the addresses that are there in the help languages too."""
    names, resolvers = set(), [get_resolver()]
    while resolvers:
        for entry in resolvers.pop().url_patterns:
            if not isinstance(entry, URLPattern):
                resolvers.append(entry)
            elif is_also_as_help(entry.callback):
                names.add(entry.name)
    return names


def test_the_pages_for_participants_are_marked():
    ours = {
        "home",
        "call_me",
        "call_me_done",
        "drop_in",
        "own_begin",
        "own_enter",
        "own",
        "own_consents",
        "book",
        "appointment_link",
        "own_plan",
    }
    assert ours <= marked()
    assert not {"map", "overview", "day", "participants", "talk", "consent_texts"} & marked()


def test_every_marked_page_of_a_participant_is_wholly_in_arabic(whole, professional):
    arguments, left, seen = objects_of(whole, professional), {}, set()
    client = mine(whole)
    for name in sorted(marked()):
        for kwargs in arguments.get(name, [{}]):
            response = client.get(reverse(name, kwargs=kwargs))
            if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
                left[name] = dutch_left(arabic_page(response))
                seen.add(name)
    assert {
        "home",
        "call_me",
        "drop_in",
        "own_enter",
        "own_begin",
        "own",
        "own_log",
        "own_copy",
        "own_plan",
        "own_report",
        "appointment_link",
    } <= seen
    assert not any(left.values()), shown(left)


def test_every_marked_page_reads_itself_aloud_by_a_button_under_its_heading(whole, professional):
    arguments, without = objects_of(whole, professional), []
    client = mine(whole)
    for name in sorted(marked()):
        for kwargs in arguments.get(name, [{}]):
            response = client.get(reverse(name, kwargs=kwargs))
            if response.status_code == 200 and response.headers["Content-Type"].startswith("text/html"):
                after = response.content.decode().partition("</h1>")[2].split()
                without += [] if "data-read-aloud" in " ".join(after[:8]) else [name]
    assert not without


def test_each_step_of_an_appointment_is_wholly_in_arabic(whole, professional):
    with person_context(UserActor(professional, "professional")):
        appointment = whole.appointments.first()
    client, url = mine(whole), reverse("own_appointment", args=[appointment.pk])
    left = {what: dutch_left(arabic_page(client.get(url, {"wat": what}))) for what in ("verzetten", "afzeggen", "tolk")}
    begins = int((appointment.begins + timedelta(days=1)).timestamp())
    other = {"wat": "verzetten", "keuze": f"{begins}-{appointment.professional_id}-{appointment.room_id}"}
    left["moves"] = dutch_left(arabic_page(client.get(url, other)))
    left["komt"] = dutch_left(arabic_page(client.post(url, {"wat": "komt"}, follow=True)))
    left["tolk"] += dutch_left(arabic_page(client.post(url, {"wat": "tolk", "interpreter": "ti"}, follow=True)))
    left["weg"] = dutch_left(arabic_page(client.post(url, {"wat": "afzeggen"}, follow=True)))
    assert not any(left.values()), shown(left)
    over = in_arabic(Client()).get(reverse("appointment_link", args=["no-token"]))
    assert dutch_left(arabic_page(over, 410)) == []


def test_to_book_is_wholly_in_arabic_and_times_keep_their_order(professional, place):
    participant = make_participant(professional, first_name=WORDS, languages=("ar",), interpreter=True)
    give_own_account(participant, UserFactory(name=WORDS))
    make_hours(professional, make_room(place), introduction="Ik luister eerst.")
    client, left = mine(participant), {}
    where = arabic_page(client.get("/afspraak/maken/"))
    when = arabic_page(client.get("/afspraak/maken/", {"plek": place.talk_place.pk}))
    choice = re.search(r'href="([^"]*keuze=[^"]*)"', when)[1].replace("&amp;", "&")
    whom = arabic_page(client.get(choice))
    assert "Ik luister eerst." in Texts(whom).foreign
    for name, page in {"where": where, "when": when, "whom": whom}.items():
        left[name] = dutch_left(page)
    left["bad"] = dutch_left(arabic_page(client.post("/afspraak/maken/", {"keuze": "nonsense"}, follow=True)))
    assert not any(left.values()), shown(left)


def test_errors_and_messages_are_in_arabic(whole, place, professional):
    consent_text("details")
    client, left = mine(whole), {}
    bad = {
        "call_me": {"phone": "1"},
        "own_enter": {"code": "x" * 50},
        "own_details": {"email": "x", "birth_year": "x"},
        "own_goal": {"words": ""},
        "own_step": {"kind": "x"},
    }
    for name, typed in bad.items():
        left[name] = dutch_left(arabic_page(client.post(reverse(name), typed), 422))
    left["attendance"] = dutch_left(arabic_page(client.post(reverse("own_attendance"), {"days": "x"}), 200, 422))
    details = {"first_name": WORDS, "reach": "call", "phone": "020 000 07 31"}
    left["saved"] = dutch_left(arabic_page(client.post(reverse("own_details"), details, follow=True)))
    wrong = client.post(reverse("own_enter"), {"code": "CDF-GHJ-235", "answer": "1980"})
    left["wrong code"] = dutch_left(arabic_page(wrong, 422))
    left["half a code"] = dutch_left(arabic_page(client.post(reverse("own_enter"), {"code": "CDF", "answer": "19"}), 422))
    left["gone"] = dutch_left(arabic_page(client.get(reverse("own_hand_over", args=[uuid4()])), 404))
    assert not any(left.values()), shown(left)


def test_paper_is_dutch(whole):
    client, made = mine(whole), []
    for name in ("own_copy_pdf", "own_plan_print"):
        response = client.get(reverse(name))
        assert response.headers["Content-Type"] == "application/pdf"
        made.append(" ".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(response.content)))
    assert "Alles wat wij over u bewaren" in made[0]
    assert not any(ARABIC.search(text) for text in made)


def test_what_others_wrote_says_its_own_language(whole):
    TalkPlace.objects.update(how_to_find="Bel aan bij de groene deur.")
    with person_context(LinkActor(whole.pk, "code")):
        url = reverse("own_appointment", args=[whole.appointments.first().pk])
    assert '<span lang="nl" dir="ltr">Bel aan bij de groene deur.</span>' in arabic_page(mine(whole).get(url))


def test_call_me_from_door_to_door(place):
    client, left = in_arabic(Client()), {}
    left["place"] = dutch_left(arabic_page(client.get("/bel-mij/?plek=de-draad")))
    left["near"] = dutch_left(arabic_page(client.get(f"/ik-kom-langs/?gebied={place.area.parent.parent.code}")))
    left["nowhere"] = dutch_left(arabic_page(client.get("/ik-kom-langs/?postcode=9999ZZ")))
    asked = ask_for_call(area=place.area, initiative=place, phone="+31200000733", best_time="morning")
    session = client.session
    session["call_request"] = [str(asked), timezone.now().timestamp()]
    session.save()
    left["done"] = dutch_left(arabic_page(client.get("/bel-mij/klaar/")))
    left["half a number"] = dutch_left(arabic_page(client.post("/bel-mij/klaar/", {"wat": "nummer", "phone": "06"}), 422))
    left["other number"] = dutch_left(arabic_page(client.post("/bel-mij/klaar/", {"wat": "nummer", "phone": "0612345678"}, follow=True)))
    left["taken back"] = dutch_left(arabic_page(client.post("/bel-mij/klaar/", follow=True)))
    assert not any(left.values()), shown(left)


def test_by_a_card_too(whole, professional):
    with person_context(UserActor(professional, "professional")):
        code = give_code(participant=whole, actor=professional, at=timezone.now())
    client = in_arabic(Client())
    page = arabic_page(client.post("/mijn-gegevens/code/", {"code": code, "answer": "1980"}, follow=True))
    assert dutch_left(page) == []
    assert dutch_left(arabic_page(client.post("/mijn-gegevens/weg/", follow=True))) == []


def test_somebody_who_begins_sees_empty_pages_in_arabic(professional):
    participant = make_participant(professional, first_name=WORDS)
    give_own_account(participant, UserFactory(name=WORDS))
    client, left = mine(participant), {}
    for name in ("own", "own_plan", "own_report", "own_copy", "own_attendance", "own_consents", "own_log", "own_erase", "own_keep"):
        left[name] = dutch_left(arabic_page(client.get(reverse(name))))
    assert not any(left.values()), shown(left)


# --- the others


@pytest.mark.parametrize("path", ["/kaart/", "/account/login/", "/over/", "/privacy/", "/initiatieven/nieuw/", "/nergens/"])
def test_other_pages_stay_dutch_as_a_whole(path, place):
    response = in_arabic(Client()).get(path)
    page = response.content.decode()
    assert Texts(page).html.get("lang") == "nl" or response.status_code in (301, 302)
    assert not ARABIC.search(" ".join(Texts(page).said))
    assert NOTE not in page


def test_the_dutch_is_a_tap_away(place):
    client = in_arabic(Client())
    page = arabic_page(client.get("/bel-mij/"))
    assert 'value="nl" lang="nl"' in " ".join(page.split())
    client.post("/taal/", {"language": "nl", "next": "/bel-mij/"})
    dutch = client.get("/bel-mij/").content.decode()
    assert Texts(dutch).html["lang"] == "nl"
    assert "العربية" in dutch, "and the Arabic is too"
    assert not set(Texts(dutch).said) & {text for text in Texts(page).said if LATIN.search(text)} - set(data())


def test_no_sentence_of_an_arabic_page_is_that_of_the_dutch_page(whole, professional):
    arguments, same = objects_of(whole, professional), {}
    client, dutch = mine(whole), mine(whole)
    dutch.cookies["language"] = "nl"
    known = data()
    for name in sorted(marked()):
        for kwargs in arguments.get(name, [{}]):
            here, there = (each.get(reverse(name, kwargs=kwargs)) for each in (client, dutch))
            if here.status_code == 200 and here.headers["Content-Type"].startswith("text/html"):
                both = set(Texts(here.content.decode()).said) & set(Texts(there.content.decode()).said)
                same[name] = [text for text in both if re.search(r"[a-z]{2,} [a-z]{2,}", text) and not any(n in text for n in known)]
    assert not any(same.values()), shown(same)


# --- consent


def test_nobody_says_yes_to_unchecked_arabic(professional):
    participant = make_participant(professional, first_name=WORDS, languages=("ar",))
    give_own_account(participant, UserFactory(name=WORDS))
    dutch, arabic = consent_text("report"), consent_text("report", "ar")
    client = mine(participant)
    page = arabic_page(client.get("/mijn-gegevens/toestemming/"))
    assert re.search(rf'lang="nl"\s+dir="ltr">\s*<h2[^>]*>{re.escape(dutch.title)}', page), "the Dutch asks"
    assert f'name="text" value="{dutch.pk}"' in page
    assert f'value="{arabic.pk}"' not in page
    assert dutch_left(arabic_page(client.post("/mijn-gegevens/toestemming/", {"text": arabic.pk, "answer": "given"}), 422)) == []
    with person_context(LinkActor(participant.pk, "code")), pytest.raises(DomainError):
        answer_consent(participant=participant, text=arabic, answer=Answer.GIVEN, witness=None, at=timezone.now())
    with person_context(UserActor(professional)):
        assert not Consent.objects.exists()
    saved = arabic_page(client.post("/mijn-gegevens/toestemming/", {"text": dutch.pk, "answer": "given"}, follow=True))
    assert dutch_left(saved) == []
    with person_context(UserActor(professional)):
        assert Consent.objects.given(participant, Purpose.REPORT)


def test_without_checked_dutch_the_arabic_page_says_that_nothing_is_asked(professional):
    participant = make_participant(professional, first_name=WORDS)
    give_own_account(participant, UserFactory(name=WORDS))
    page = arabic_page(mine(participant).get("/mijn-gegevens/toestemming/"))
    with translation.override("ar"):
        assert translation.gettext("This text has not been checked yet. So we ask nothing yet.") in page
    assert dutch_left(page) == []
