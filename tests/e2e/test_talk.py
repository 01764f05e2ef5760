"""A talk typed at the table, with a connection that is lost; read together by keyboard and by touch; all of it without JavaScript."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from fieldlab.audit.context import SystemActor, UserActor, person_context
from participants.actions import talks
from participants.actions.codes import give_code
from participants.models import ConsentText, IntakeReport, IntakeReportVersion, Participant
from participants.texts import lay_down
from tests.e2e.browser import PHONE, axe, fits, follow, sign_in
from tests.factories.participants import make_participant, make_professional
from tests.factories.reports import allow_writing, make_report, make_sentences, make_talk

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def professional(transactional_db):
    lay_down(ConsentText)
    return make_professional(name="Fatma Demir")


@pytest.fixture
def participant(professional):
    made = make_participant(professional, first_name="Sara", last_name="Haddad", phone="+31200000106")
    allow_writing(made, professional)
    return made


@pytest.fixture
def draft(participant, professional):
    report = make_talk(participant, professional, energy="koken", proud="mijn tuin", want="naaien")
    make_sentences(report, professional)
    return report


def kept(participant):
    with person_context(SystemActor("a test")):
        key = Participant.objects.select_related("key").get(pk=participant.pk).key.unwrap()
        return talks.answers_of(IntakeReport.objects.first(), key)


def approved():
    with person_context(SystemActor("a test")):
        versions = IntakeReportVersion.objects.select_related("participant__key")
        return [talks.encryption.unseal(row, row.participant.key.unwrap(), ["sentences"])["sentences"] for row in versions]


def test_typed_lost_and_saved(desk, participant, professional, browser_errors):
    browser_errors.allow("ERR_INTERNET_DISCONNECTED")
    sign_in(desk, professional)
    desk.goto(f"/deelnemers/{participant.pk}/gesprek/")
    axe(desk)
    fits(desk)
    status = desk.locator("[data-status]")
    desk.locator("#id_energy-words").fill("koken voor veel mensen")
    desk.locator("[name=energy-pictures][value=music]").check()
    expect(status).to_have_text("Alles is bewaard.")
    assert kept(participant)["energy"] == {"words": "koken voor veel mensen", "pictures": ["music"], "scale": None}
    desk.context.set_offline(True)
    desk.locator("#id_proud-words").fill("mijn tuin")
    expect(status).to_have_text("Niet bewaard. Wij proberen het opnieuw.")
    axe(desk)
    desk.locator("#id_proud-words").fill("mijn tuin en mijn rozen")
    desk.context.set_offline(False)
    expect(status).to_have_text("Alles is bewaard.")
    assert kept(participant)["proud"]["words"] == "mijn tuin en mijn rozen"
    assert desk.evaluate("Object.keys(localStorage).length + Object.keys(sessionStorage).length") == 0
    follow(desk.get_by_role("button", name="Maak er zinnen van"))
    expect(desk.get_by_label("Zin 1", exact=True)).to_have_value("Ik krijg energie van muziek en koken voor veel mensen.")
    axe(desk)
    fits(desk)


def test_two_screens_both_see_and_choose(desk, new_page, participant, professional, browser_errors):
    browser_errors.allow("409")
    tablet = new_page(PHONE, has_touch=True)
    for screen in (desk, tablet):
        sign_in(screen, professional)
        screen.goto(f"/deelnemers/{participant.pk}/gesprek/")
    desk.locator("#id_energy-words").fill("koken")
    expect(desk.locator("[data-status]")).to_have_text("Alles is bewaard.")
    tablet.locator("#id_energy-words").fill("zingen")
    expect(tablet.get_by_text("Op een ander scherm staat:").first).to_be_visible()
    expect(tablet.locator("[data-question=energy] [data-shown]")).to_have_text("koken")
    expect(tablet.locator("#id_energy-words")).to_have_value("zingen")
    axe(tablet)
    fits(tablet)
    tablet.get_by_role("button", name="Houd wat hier staat").click()
    expect(tablet.locator("[data-status]")).to_have_text("Alles is bewaard.")
    assert kept(participant)["energy"]["words"] == "zingen"


def test_signed_out_and_in_again_on_another_tab(desk, participant, professional, browser_errors):
    browser_errors.allow("403")
    sign_in(desk, professional)
    desk.goto(f"/deelnemers/{participant.pk}/gesprek/")
    desk.context.clear_cookies()
    desk.locator("#id_energy-words").fill("koken")
    expect(desk.locator("[data-status]")).to_contain_text("U bent niet meer aangemeld")
    sign_in(desk, professional)
    expect(desk.locator("[data-status]")).to_have_text("Alles is bewaard.")
    assert kept(participant)["energy"]["words"] == "koken"


def test_read_together_by_keyboard(desk, draft, professional):
    sign_in(desk, professional)
    desk.goto(f"/verslag/{draft.pk}/samen-lezen/")
    expect(desk.get_by_text("Ik krijg energie van koken.")).to_be_visible()
    axe(desk)
    fits(desk)
    with desk.expect_navigation():
        desk.keyboard.press("1")
    expect(desk.get_by_text("Ik ben trots op mijn tuin.")).to_be_visible()
    with desk.expect_navigation():
        desk.keyboard.press("2")
    expect(desk.get_by_label("Hoe zegt u het zelf?")).to_be_focused()
    desk.get_by_label("Hoe zegt u het zelf?").fill("Ik ben trots op 3 rozen.")
    axe(desk)
    follow(desk.get_by_role("button", name="Zo zeg ik het"))
    with desk.expect_navigation():
        desk.keyboard.press("ArrowLeft")
    expect(desk.locator("#sentence")).to_have_text("Ik ben trots op 3 rozen.")
    with desk.expect_navigation():
        desk.keyboard.press("ArrowRight")
    with desk.expect_navigation():
        desk.keyboard.press("3")
    expect(desk.get_by_role("heading", name="Is dit uw verslag?")).to_be_visible()
    axe(desk)
    fits(desk)
    follow(desk.get_by_role("button", name="Ja, dit is mijn verslag"))
    assert approved() == [["Ik krijg energie van koken.", "Ik ben trots op 3 rozen."]]
    axe(desk)
    fits(desk)


def test_read_together_by_touch(phone, draft, professional, browser_errors):
    browser_errors.allow("422")
    sign_in(phone, professional)
    phone.goto(f"/verslag/{draft.pk}/samen-lezen/")
    fits(phone)
    gone = phone.get_by_role("button", name="Weg")
    assert gone.bounding_box()["y"] + gone.bounding_box()["height"] < PHONE["height"], "the three buttons are in view at once"
    for _sentence in range(2):
        with phone.expect_navigation():
            phone.get_by_role("button", name="Klopt").tap()
    with phone.expect_navigation():
        phone.get_by_role("link", name="Anders").tap()
    phone.get_by_label("Hoe zegt u het zelf?").fill(" ")
    follow(phone.get_by_role("button", name="Zo zeg ik het"))
    axe(phone)
    fits(phone)
    with phone.expect_navigation():
        phone.get_by_role("button", name="Weg").tap()
    axe(phone)
    fits(phone)
    with phone.expect_navigation():
        phone.get_by_role("button", name="Ja, dit is mijn verslag").tap()
    assert approved() == [["Ik krijg energie van koken.", "Ik ben trots op mijn tuin."]]


def test_the_whole_without_javascript(no_js, new_page, participant, professional):
    sign_in(no_js, professional)
    no_js.goto(f"/deelnemers/{participant.pk}/gesprek/")
    no_js.locator("#id_energy-words").fill("koken")
    follow(no_js.get_by_role("button", name=re.compile("Bewaar.*Wie bent u")))
    expect(no_js.locator("#id_energy-words")).to_have_value("koken")
    no_js.locator("#id_want-words").fill("naaien")
    follow(no_js.get_by_role("button", name="Maak er zinnen van"))
    no_js.get_by_label("Nog een zin").fill("Ik spreek Tigrinya.")
    follow(no_js.get_by_role("button", name="Toevoegen"))
    follow(no_js.get_by_role("button", name=re.compile("Omhoog.*Zin 3")))
    follow(no_js.get_by_role("button", name="Nu samen lezen"))
    follow(no_js.get_by_role("button", name="Klopt"))
    follow(no_js.get_by_role("link", name="Anders"))
    no_js.get_by_label("Hoe zegt u het zelf?").fill("Ik spreek twee talen.")
    follow(no_js.get_by_role("button", name="Zo zeg ik het"))
    follow(no_js.get_by_role("button", name="Weg"))
    follow(no_js.get_by_role("button", name="Ja, dit is mijn verslag"))
    assert approved() == [["Ik krijg energie van koken.", "Ik spreek twee talen."]]
    own = new_page(PHONE, java_script_enabled=False)
    with person_context(UserActor(professional, "professional")):
        code = give_code(participant=participant, actor=professional, at=timezone.now())
    own.goto("/mijn-gegevens/verslag/")
    own.locator("[name=code]").fill(code)
    own.locator("[name=answer]").fill("0106")
    follow(own.locator("main form .btn"))
    follow(own.get_by_role("link", name=re.compile("Weg.*zin 1")))
    follow(own.get_by_role("button", name="Ja, haal weg"))
    assert approved()[0] == ["Ik spreek twee talen."]


def test_without_consent_and_their_own_pages(desk, new_page, professional):
    silent = make_participant(professional, first_name="Wim", phone="+31200000107")
    sign_in(desk, professional)
    desk.goto(f"/deelnemers/{silent.pk}/gesprek/")
    expect(desk.get_by_text("Praat, en schrijf niets op.")).to_be_visible()
    axe(desk)
    fits(desk)
    told = make_report(silent, professional, energy="koken")
    desk.goto(f"/verslag/{told.pk}/weggooien/")
    axe(desk)
    with person_context(UserActor(professional, "professional")):
        code = give_code(participant=silent, actor=professional, at=timezone.now())
    own = new_page(PHONE)
    for address in (
        "/mijn-gegevens/verslag/",
        f"/mijn-gegevens/verslag/{told.pk}/1/zin/1/weg/",
        f"/mijn-gegevens/verslag/{told.pk}/weggooien/",
    ):
        own.goto(address)
        if "code" in own.url:
            own.locator("[name=code]").fill(code)
            own.locator("[name=answer]").fill("0107")
            follow(own.locator("main form .btn"))
        axe(own)
        fits(own)
