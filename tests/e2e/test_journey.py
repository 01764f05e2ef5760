"""The journey of an initiative: registered, brought together with another, published, found, edited by two, brought back."""

import re

import pytest
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import expect

from fieldlab.areas.models import Postcode4
from fieldlab.lib.geo import Point
from fieldlab.lib.look.photos import drawn_photo
from fieldlab.outbox.models import OutboxMessage
from initiatives.models import Initiative
from tests.e2e.browser import DESK, axe, fits, follow, sign_in
from tests.factories.areas import NeighbourhoodFactory, square
from tests.factories.initiatives import InitiativeFactory, MemberFactory, make_spanner
from tests.initiatives.paper import Paper

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def java_buurt(transactional_db, address_service):
    centre, above = Point(4.94, 52.363), {"parent__name": "Indische Buurt", "parent__parent__name": "Oost", "parent__parent__code": "M"}
    area = NeighbourhoodFactory(name="Javabuurt", code="MB01", centre=centre, boundary=square(centre), **above)
    Postcode4.objects.create(digits="1094", centre=Point(4.9405, 52.3632), learned_at=timezone.now())
    InitiativeFactory(name="Huis aan het Plein", slug="huis-aan-het-plein", kind="community_centre", activity="house", area=area)
    return area


def looks_right(page, javascript=True):
    expect(page.locator("h1")).to_have_count(1)
    if javascript:
        axe(page)
        fits(page)


def submit(page):
    follow(page.locator("#step button.btn[type=submit]:not([name])"))


def who_and_where(page, javascript):
    page.goto("/initiatieven/nieuw/")
    looks_right(page, javascript)
    follow(page.locator("button[name=new]"))
    looks_right(page, javascript)

    page.locator("[name=name]").fill("Naaiatelier De Draad")
    page.locator("[name=kind][value=social_enterprise]").check()
    page.locator("[name=activity][value=sewing]").check()
    submit(page)
    expect(page.locator("[data-error-summary]")).to_be_visible()
    expect(page.locator("[name=name]")).to_have_value("Naaiatelier De Draad")
    looks_right(page, javascript)
    page.locator("[name=summary]").fill("Samen naaien en kleding maken.")
    submit(page)

    expect(page).to_have_url(re.compile("/waar/$"))
    page.locator("[name=postcode]").fill("1094")
    page.locator("[name=house_number]").fill("112")
    submit(page)
    expect(page.locator("[data-error-summary] a")).to_have_count(2)
    looks_right(page, javascript)
    page.locator("[name=postcode]").fill("1094 hp")
    page.locator("[name=access][value=walk_in]").check()
    submit(page)


def meets(page, twin, javascript):
    """Somebody nearby does something like it: bring us together."""
    expect(page).to_have_url(re.compile(r"/lijkt-op/\?na=waar$"))
    expect(page.get_by_role("heading", name=twin.name)).to_be_visible()
    looks_right(page, javascript)
    page.locator(f"[name=answer-{twin.pk}][value=introduce]").check()
    page.locator(f"[name=word-{twin.pk}]").fill("Wij zoeken mensen die tassen maken.")
    follow(page.locator("main form button.btn").first)


def facts_and_photo(page, javascript):
    expect(page).to_have_url(re.compile("/bereiken/$"))
    looks_right(page, javascript)
    page.locator("[name=contact_name]").fill("Nadia")
    page.locator("[name=phone]").fill("020 000 04 56")
    expect(page.locator("[name=phone_public]")).not_to_be_checked()
    page.locator("[name=phone_public]").check()
    page.locator("[name=email]").fill("nadia@demo.example")
    submit(page)

    # Somebody else shows this number: is that us?
    expect(page).to_have_url(re.compile(r"/lijkt-op/\?na=bereiken$"))
    expect(page.get_by_role("heading", name="Huis aan het Plein", exact=True)).to_be_visible()
    looks_right(page, javascript)
    different = Initiative.objects.get(slug="huis-aan-het-plein").pk
    page.locator(f"[name=answer-{different}][value=different]").check()
    follow(page.locator("main form button.btn").first)

    expect(page).to_have_url(re.compile("/aanbod/$"))
    looks_right(page, javascript)
    page.locator("[name=offers][value=lessons]").check()
    page.locator("[name=languages][value=ar]").check()
    submit(page)
    expect(page).to_have_url(re.compile("/tijden/$"))
    looks_right(page, javascript)
    page.locator("[name=day1_0]").fill("9")
    page.locator("[name=day1_1]").fill("12.30")
    submit(page)

    expect(page).to_have_url(re.compile("/foto/$"))
    looks_right(page, javascript)
    picture = {"name": "atelier.jpg", "mimeType": "image/jpeg", "buffer": drawn_photo("social_enterprise", "sewing", "draad")}
    page.locator("[name=photo]").set_input_files(picture)
    submit(page)
    expect(page.locator("[data-error-summary]")).to_be_visible()  # what can be seen is not told yet
    looks_right(page, javascript)
    page.locator("[name=photo]").set_input_files(picture)
    page.locator("[name=alternative_text]").fill("Een lange tafel met naaimachines.")
    submit(page)


def sends(page, javascript):
    expect(page).to_have_url(re.compile("/controle/$"))
    expect(page.get_by_text("Javastraat 112, 1094 HP Amsterdam")).to_be_visible()
    expect(page.get_by_alt_text("Een lange tafel met naaimachines.").first).to_be_visible()
    looks_right(page, javascript)
    submit(page)
    expect(page).to_have_url(re.compile("/klaar/$"))
    looks_right(page, javascript)


def decide(desk, decision, message, javascript):
    desk.goto("/moderatie/")
    looks_right(desk, javascript)
    follow(desk.get_by_role("link", name="Naaiatelier De Draad").first)
    looks_right(desk, javascript)
    desk.locator(f"[name=decision][value={decision}]").check()
    desk.locator("[name=message]").fill(message)
    follow(desk.locator("form:has([name=decision]) button.btn"))
    expect(desk).to_have_url(re.compile("/moderatie/$"))


def changes(page, javascript):
    """By the link in the mail, without an account."""
    mail = OutboxMessage.objects.get(key__startswith="initiative-decision").text
    page.goto(re.search(r"/initiatieven/wijzigen/\S+", mail)[0])
    expect(page.get_by_text("Op welke dagen?")).to_be_visible()
    looks_right(page, javascript)
    follow(page.locator("main form button.btn"))
    expect(page).to_have_url(re.compile("/bewerken/$"))
    looks_right(page, javascript)
    page.locator("[name=summary]").fill("Samen naaien, elke dinsdagochtend.")
    follow(page.locator("button[name=submit]"))
    expect(page).to_have_url(re.compile("/klaar/$"))


def found(page, javascript):
    """By a word that is spelt wrong, by choices, near an address, in print; with a script on the map by keyboard."""
    link = page.get_by_role("link", name="Naaiatelier De Draad").first
    page.goto("/kaart/?q=naiateljee")
    expect(link).to_be_visible()
    looks_right(page, javascript)
    page.goto("/kaart/?aanbod=lessons&taal=ar&soort=social_enterprise")
    expect(link).to_be_visible()
    expect(page.get_by_role("link", name="Huis aan het Plein")).to_have_count(0)
    looks_right(page, javascript)
    page.goto("/kaart/?taal=so")
    expect(link).to_have_count(0)
    looks_right(page, javascript)

    page.goto("/kaart/")
    page.locator("[name=postcode]").fill("Javastraat 112")
    page.locator(".find__in button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"bij=52\.36\d*,4\.9\d*"))
    assert "Javastraat" not in page.url
    expect(page.locator("#results ol li").first).to_contain_text("Naai")
    looks_right(page, javascript)
    sheet = page.request.get("/gebieden/MB01/blad.pdf")
    assert (sheet.status, sheet.headers["content-type"]) == (200, "application/pdf")
    assert "Naaiatelier De Draad" in Paper(sheet.body()).text
    page.emulate_media(media="print")
    expect(link).to_be_visible()
    page.emulate_media(media="screen")
    if javascript:
        on_the_map_by_keyboard(page)
    page.goto("/kaart/?q=naaiatelier")
    follow(link)
    expect(page.locator("h1")).to_have_text("Naaiatelier De Draad")
    expect(page.locator("a[href='tel:+31200000456']")).to_be_visible()
    expect(page.get_by_alt_text("Een lange tafel met naaimachines.")).to_be_visible()
    looks_right(page, javascript)
    page.goto("/gebieden/M/")
    expect(link).to_be_visible()
    looks_right(page, javascript)


def on_the_map_by_keyboard(page):
    page.goto("/kaart/?q=naaiatelier")
    pin = page.locator("#map-box button.pin").first
    expect(pin).to_be_attached()
    page.locator("#map").focus()
    for _tab in range(12):
        page.keyboard.press("Tab")
        if page.locator("#map-box button.pin:focus").count():
            break
    expect(pin).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#results ol li a").first).to_be_focused()


def edited_by_two(page, desk, javascript):
    """The second sees both versions; then an older version comes back."""
    initiative = Initiative.objects.get(slug="naaiatelier-de-draad")
    sign_in(page, MemberFactory(initiative=initiative, user__name="Nadia").user)
    sign_in(desk, MemberFactory(initiative=initiative, user__name="Karim", role="editor").user)
    edit = f"/initiatieven/{initiative.slug}/bewerken/"
    for each in (page, desk):
        each.goto(edit)
        looks_right(each, javascript)
    desk.locator("[name=summary]").fill("Karim was eerst.")
    follow(desk.locator(".savebar button.btn"))
    expect(desk.get_by_text("Karim was eerst.").first).to_be_visible()

    page.locator("[name=summary]").fill("Nadia kwam later.")
    follow(page.locator(".savebar button.btn"))
    expect(page.get_by_text("Karim was eerst.").first).to_be_visible()
    expect(page.locator("label").filter(has_text="Nadia kwam later.")).to_be_visible()
    looks_right(page, javascript)
    page.locator("[name=choose-summary][value=mine]").check()
    follow(page.locator("main form button.btn").first)
    expect(page.get_by_text("Nadia kwam later.").first).to_be_visible()

    page.goto(f"/initiatieven/{initiative.slug}/geschiedenis/")
    looks_right(page, javascript)
    follow(page.locator("ol.times li").filter(has_text="Karim was eerst.").get_by_role("link").last)
    looks_right(page, javascript)
    follow(page.locator("main form button.btn").first)
    expect(page.get_by_text("Karim was eerst.").first).to_be_visible()
    initiative.refresh_from_db()
    assert initiative.summary == "Karim was eerst."


def told(key):
    return list(OutboxMessage.objects.filter(key__startswith=key).values_list("to", flat=True))


def journey(page, desk, area, javascript=True):
    spanner = make_spanner(area.parent.parent, name="Lucia")
    twin = InitiativeFactory(name="Naaicafé Java", slug="naaicafe-java", activity="sewing", area=area, email="java@demo.example")
    who_and_where(page, javascript)
    meets(page, twin, javascript)
    facts_and_photo(page, javascript)
    assert not OutboxMessage.objects.filter(to="java@demo.example").exists()
    sends(page, javascript)
    assert told("initiative-received") == told("invitation") == ["nadia@demo.example"]
    assert told("initiative-submitted") == [spanner.email]
    [introduction] = OutboxMessage.objects.filter(to="java@demo.example")
    assert "Naaiatelier De Draad" in introduction.text
    assert "nadia@" not in introduction.text
    page.goto("/kaart/")
    expect(page.get_by_role("link", name="Naaiatelier De Draad")).to_have_count(0)

    sign_in(desk, spanner)
    decide(desk, "changes_requested", "Op welke dagen?", javascript)
    changes(page, javascript)
    decide(desk, "published", "Mooi, welkom.", javascript)
    assert told("initiative-decision") == ["nadia@demo.example"] * 2
    assert "Mooi, welkom." in OutboxMessage.objects.filter(key__startswith="initiative-decision").latest("pk").text
    assert Initiative.objects.get(slug="naaiatelier-de-draad").location == Point(4.93945, 52.36352)
    found(page, javascript)
    edited_by_two(page, desk, javascript)


def test_from_the_first_word_to_an_older_version(page, new_page, java_buurt, browser_errors):
    browser_errors.allow("422|409")  # answers left out on purpose, two editors
    journey(page, new_page(DESK), java_buurt)


def test_the_same_without_javascript(no_js, new_page, java_buurt, browser_errors):
    browser_errors.allow("422|409")
    journey(no_js, new_page(DESK, java_script_enabled=False), java_buurt, javascript=False)


def test_changes_asked_and_made_by_the_link_in_the_mail(desk, new_page, java_buurt):
    spanner = make_spanner(java_buurt.parent.parent, name="Lucia")
    initiative = InitiativeFactory(submitted=True, name="Soep op de Stoep", slug="soep", area=java_buurt, email="bennie@demo.example")
    sign_in(desk, spanner)
    desk.goto("/moderatie/soep/")
    desk.locator("[name=decision][value=changes_requested]").check()
    desk.locator("[name=message]").fill("Op welke dag is de soep?")
    follow(desk.locator("form:has([name=decision]) button.btn"))
    expect(desk).to_have_url(re.compile("/moderatie/$"))
    looks_right(desk)

    phone = new_page({"width": 360, "height": 800})
    mail = OutboxMessage.objects.get(to="bennie@demo.example").text
    phone.goto(re.search(r"/initiatieven/wijzigen/\S+", mail)[0])
    expect(phone.get_by_text("Op welke dag is de soep?")).to_be_visible()
    looks_right(phone)
    follow(phone.locator("main form button.btn"))
    expect(phone).to_have_url(re.compile("/bewerken/$"))
    looks_right(phone)
    phone.locator("[name=summary]").fill("Elke dinsdag om zes uur eten wij soep op de stoep.")
    follow(phone.locator("button[name=submit]"))
    expect(phone).to_have_url(re.compile("/klaar/$"))
    initiative.refresh_from_db()
    assert (initiative.status, initiative.summary) == ("submitted", "Elke dinsdag om zes uur eten wij soep op de stoep.")


def test_with_the_address_service_down_the_pin_is_placed_by_keyboard(desk, java_buurt, browser_errors):
    browser_errors.allow("422|503")
    with override_settings(PDOK_LOCATIESERVER_URL="http://127.0.0.1:9/closed"):
        desk.goto("/initiatieven/nieuw/")
        follow(desk.locator("button[name=new]"))
        desk.locator("[name=name]").fill("Tuin Achter Twaalf")
        desk.locator("[name=kind][value=self_managed]").check()
        desk.locator("[name=activity][value=garden]").check()
        desk.locator("[name=summary]").fill("Groente en bloemen.")
        submit(desk)
        desk.locator("[name=postcode]").fill("1094 HP")
        desk.locator("[name=house_number]").fill("12")
        desk.locator("[name=access][value=walk_in]").check()
        submit(desk)
        expect(desk.locator("[data-error-summary]")).to_be_visible()
        looks_right(desk)
        desk.locator("[name=street]").fill("Valentijnkade")
        expect(desk.locator(".picker [role=status]")).not_to_be_empty()  # from then on the map hears its keys
        canvas = desk.locator("[data-point-picker] [role=application]")
        canvas.focus()
        canvas.press("Enter")
        expect(desk.locator("[name=lon]")).not_to_have_value("")
        submit(desk)
        expect(desk).to_have_url(re.compile("/bereiken/$"))
    draft = Initiative.objects.get(name="Tuin Achter Twaalf")
    assert draft.location
    assert (draft.area, draft.street_and_number) == (java_buurt, "Valentijnkade 12")
