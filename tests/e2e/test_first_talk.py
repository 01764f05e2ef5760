"""The whole way of somebody who has only a telephone: from "bel mij" at a drop-in to everything erased.

All that the participant does goes without an account, without e-mail and without JavaScript: on the telephone that a volunteer holds out,
and on a library's computer with the code on a card.
"""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from fieldlab.audit.context import SystemActor, person_context
from fieldlab.audit.models import AccessRecord
from fieldlab.outbox.models import OutboxMessage
from participants.actions.looked import DONE, REASONS, WHAT
from participants.models import Appointment, CallRequest, HandOver, IntakeReportVersion, Participant
from tests.e2e.browser import PHONE, axe, fits, follow, sign_in
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory
from tests.factories.participants import consent_text, make_professional
from tests.factories.talks import make_hours, make_room
from tests.initiatives.paper import Paper
from tests.sign_in import signed_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
NUMBER = "+31612345678"


@pytest.fixture
def area(transactional_db):
    consent_text("details")  # Dutch and English are checked
    return NeighbourhoodFactory(name="Javabuurt", parent__name="Indische Buurt", parent__parent__name="Oost")


@pytest.fixture
def place(area):
    return InitiativeFactory(name="Naaiatelier De Draad", slug="draad", area=area, languages=["ar"], email="draad@demo.example")


@pytest.fixture
def fatma(area, place):
    user = make_professional(name="Fatma Demir")
    professional = make_hours(user, make_room(place, quiet=True), phone="+31200004581")
    professional.areas.set([area.parent.parent])
    return user


def test_from_call_me_to_erased(desk, new_page, fatma, place, area):
    visitor = new_page(PHONE, java_script_enabled=False)
    asks_to_be_called(visitor, area)
    sign_in(desk, fatma)
    is_called_and_says_yes(desk, area)
    is_asked_for_consent(desk)
    gets_an_appointment_near_by(desk)
    code = gets_a_card(desk, fatma)
    gets_text_messages()
    comes_in(visitor, code)
    moves_the_appointment(visitor)
    talks_and_reads_together(desk)
    makes_a_plan(desk, place)
    says_yes_at_the_place(new_page(PHONE, java_script_enabled=False))
    agrees(visitor)
    reads_who_looked(visitor)
    is_erased(visitor, fatma)


def asks_to_be_called(page, area):
    page.goto("/")
    follow(page.locator(".helpbar").get_by_role("link", name="Bel mij"))
    expect(page.locator("main")).to_contain_text("Het is vrijwillig.")
    fits(page)
    page.get_by_label("Oost", exact=True).check()
    page.locator("[name=phone]").fill("06 12 34 56 78")
    page.locator("[name=first_name]").fill("Samira")
    page.locator(".wishes summary").click()
    page.locator("select[name=language]").select_option("ar")
    follow(page.locator("main form").get_by_role("button", name="Bel mij"))
    expect(page).to_have_url("/bel-mij/klaar/")
    fits(page)


def is_called_and_says_yes(page, area):
    page.goto("/vandaag/")
    line = page.locator(".call", has_text="Samira")
    expect(line).to_contain_text("Spreekt Arabisch.")
    expect(line.get_by_role("link", name="06 12 34 56 78")).to_have_attribute("href", f"tel:{NUMBER}")
    follow(line.get_by_role("button", name="Afspraak"))
    page.get_by_label("tolk").first.check()
    page.locator("[name=neighbourhood]").select_option(str(area.pk))
    follow(page.locator("main form .btn:has(svg)").first)
    with person_context(SystemActor("a test")):
        assert not CallRequest.objects.exists(), "the number stands only where it was said yes to"


def is_asked_for_consent(page):
    axe(page)
    for purpose in ("details", "reminders", "report", "share"):
        follow(page.locator(f"#{purpose}").get_by_role("button", name="Ja", exact=True))
    expect(page.locator("#share .said")).to_be_visible()


def gets_an_appointment_near_by(page):
    page.goto(f"/deelnemers/{person().pk}/wijzigen/")
    axe(page)
    page.locator("[name=reach][value=sms]").check()
    follow(page.get_by_role("button", name="Bewaar"))
    axe(page)
    follow(page.locator("main a.btn[href$='/afspraak/']"))
    follow(page.locator(".slots a").first)
    expect(page.locator("main")).to_contain_text("Naaiatelier De Draad")
    page.locator("[name=interpreter]").select_option("ar")
    follow(page.get_by_role("button", name="Deze afspraak maken"))
    assert (appointment().interpreter, appointment().place.name) == ("asked", "Naaiatelier De Draad")


def gets_a_card(page, user):
    page.goto(f"/deelnemers/{person().pk}/kaartje/")
    axe(page)
    paper = Paper(signed_in(user).post(urlsplit(page.url).path).content)
    assert "Naaiatelier De Draad" in paper.text
    assert "Samira" not in paper.text, "whoever finds a card does not learn whose it is"
    return re.search(r"\b[0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{3}\b", paper.text)[0]


def gets_text_messages():
    messages = OutboxMessage.objects.filter(channel="sms", to=NUMBER)
    assert messages.count() == 1
    text = messages.get().text
    assert "Naaiatelier De Draad" in text
    assert "http" not in text


def comes_in(page, code):
    page.goto("/mijn-gegevens/code/")
    page.locator("[name=code]").fill(code.replace("-", " ").lower())
    page.locator("[name=answer]").fill("5678")
    follow(page.locator("main form .btn").first)
    expect(page.locator("h1")).to_contain_text("Samira")
    fits(page)


def moves_the_appointment(page):
    before = appointment().begins
    page.goto(f"/mijn-gegevens/afspraak/{appointment().pk}/")
    fits(page)
    follow(page.get_by_role("link", name="Een andere tijd"))
    fits(page)
    follow(page.locator(".slots a").first)
    assert appointment().begins == before
    follow(page.get_by_role("button", name="Ja, verzetten"))
    assert appointment().begins != before
    assert appointment().sequence >= 1
    moved = OutboxMessage.objects.filter(channel="sms", to=NUMBER).latest("pk").text
    assert appointment().place.name in moved


def makes_a_plan(page, place):
    page.goto(f"/deelnemers/{person().pk}/plan/")
    follow(page.get_by_role("link", name="Doel erbij"))
    page.locator("[name=words]").fill("Kleren maken voor anderen")
    follow(page.get_by_role("button", name="Bewaar"))
    follow(page.get_by_role("link", name="Stap erbij"))
    follow(page.get_by_role("link", name="Meedoen op een plek"))
    page.locator(f"[name=place][value='{place.pk}']").check()
    follow(page.get_by_role("button", name="Zet deze stap erbij"))
    follow(page.get_by_role("link", name="Vraag een plek of het uitkomt"))
    page.locator("[name=what]").fill("naaien")
    follow(page.get_by_role("button", name="Vraag deze plek"))


def says_yes_at_the_place(page):
    mail = OutboxMessage.objects.get(channel="email", to="draad@demo.example")
    assert "Samira" in mail.text
    assert NUMBER[3:] not in mail.text
    page.goto(re.search(r"/komt-dit-uit/\S+/", mail.text)[0])
    fits(page)
    follow(page.get_by_role("button", name="Ja, dat komt uit"))


def agrees(page):
    page.goto("/mijn-gegevens/plan/")
    fits(page)
    follow(page.get_by_role("link", name="Lees het en kies"))
    follow(page.get_by_role("button", name="Ja, dat wil ik"))
    with person_context(SystemActor("a test")):
        assert HandOver.objects.get().stands


def reads_who_looked(page):
    page.goto("/mijn-gegevens/wie-keek/")
    expect(page.locator("#read")).to_contain_text("Fatma Demir van Buurtwerk Oost")
    fits(page)
    with person_context(SystemActor("a test")):
        seen = {*AccessRecord.objects.values_list("what", "reason")}
    assert {what for what, _reason in seen} <= WHAT.keys() | DONE.keys(), "everything in the log has a word that people know"
    assert {reason for what, reason in seen if what not in DONE} <= REASONS.keys()


def is_erased(page, user):
    page.goto("/mijn-gegevens/")
    follow(page.get_by_role("link", name="Alles wissen"))
    fits(page)
    follow(page.locator("main .btn--bad"))
    page.goto("/mijn-gegevens/")
    expect(page).to_have_url("/mijn-gegevens/code/?next=%2Fmijn-gegevens%2F")
    assert "Samira" not in signed_in(user).get("/deelnemers/").content.decode()
    assert not OutboxMessage.objects.filter(to=NUMBER).exists()
    assert not OutboxMessage.objects.filter(text__contains="Samira").exists()
    with person_context(SystemActor("a test")):
        left = Participant.objects.get()
        assert (left.erased_at is not None, left.first_name, left.code) == (True, None, None)
        assert not Appointment.objects.agreed().filter(status="booked").exists(), "the time is free again"


def person():
    with person_context(SystemActor("a test")):
        return Participant.objects.get()


def appointment():
    with person_context(SystemActor("a test")):
        return Appointment.objects.select_related("place__initiative").get(status="booked")


def talks_and_reads_together(page):
    """The last sentence is not what she meant, and one she takes away."""
    page.goto(f"/deelnemers/{person().pk}/gesprek/")
    axe(page)
    page.locator("[name=energy-words]").fill("mensen om mij heen")
    page.locator("[name=proud-words]").fill("mijn kinderen")
    page.locator("[name=want-words]").fill("kleren maken voor anderen")
    follow(page.locator("button[name=do][value=sentences]"))
    axe(page)
    follow(page.locator("button[name=do][value=read]"))
    axe(page)
    follow(page.locator(".v--right"))
    follow(page.locator(".v--away"))
    follow(page.locator(".v--other"))
    page.locator("textarea[name=instead]").fill("Ik wil eerst leren knippen.")
    follow(page.locator("button[name=verdict][value=other]").last)
    expect(page.locator("#report")).to_contain_text("Ik wil eerst leren knippen.")
    expect(page.locator("#report")).not_to_contain_text("kinderen")
    axe(page)
    follow(page.locator(".v--right"))
    with person_context(SystemActor("a test")):
        assert IntakeReportVersion.objects.get().number == 1
