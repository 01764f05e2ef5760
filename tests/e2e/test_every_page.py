"""Every page that no other browser test opens: without axe violations, and not wider than the screen."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from fieldlab.lib.geo import Point
from fieldlab.outbox.models import OutboxMessage
from initiatives.actions import ask_to_confirm, decide, edit, invite_member, send_message
from initiatives.actions.contacts import invite_contact
from initiatives.actions.introductions import ask_introduction
from initiatives.actions.joining import ask_to_join
from initiatives.actions.twins import answer_twins
from initiatives.models import InitiativeMember
from tests.e2e.browser import axe, fits, follow, sign_in
from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory, square
from tests.factories.initiatives import InitiativeFactory, MemberFactory, district_of, make_contact, make_photo, make_spanner

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

EDITOR = InitiativeMember.Role.EDITOR


@pytest.fixture
def area(transactional_db):
    centre = Point(4.94, 52.363)
    return NeighbourhoodFactory(
        name="Javabuurt", centre=centre, boundary=square(centre), parent__name="Indische Buurt", parent__parent__name="Oost"
    )


@pytest.fixture
def there(area):
    """On the map for a long time, and like whatever sews around the corner."""
    long_ago = timezone.now() - timedelta(days=400)
    return InitiativeFactory(name="Naaicafé Pretorius", slug="naaicafe", area=area, created_at=long_ago, confirmed_at=long_ago)


@pytest.fixture
def near(area):
    return InitiativeFactory(name="Naaiatelier De Draad", slug="draad", area=area, location=Point(4.941, 52.3632), street="Sumatrastraat")


def looks_right(page):
    expect(page.locator("h1")).to_have_count(1)
    axe(page)
    fits(page)


def open_all(page, *addresses):
    """An address that sends on, or is not there, would be another page than the one that is meant."""
    for address in addresses:
        answer = page.goto(address)
        assert (answer.status, urlsplit(page.url).path) == (200, urlsplit(address).path)
        looks_right(page)


def link_in_mail(word, **of):
    text = OutboxMessage.objects.filter(**of).latest("pk").text
    return re.search(rf"http://\S+?(/{word}/\S+)", text)[1]


def test_what_everybody_may_read(page, area, there):
    open_all(page, "/wie-zijn-wij/", "/uw-gegevens/", "/toegankelijkheid/", "/klacht-of-idee/", f"/gebieden/{area.parent.code}/")


def test_a_page_that_is_not_there(page, browser_errors):
    browser_errors.allow(r"status of 404.*/initiatieven/bestaat-niet/")
    assert page.goto("/initiatieven/bestaat-niet/").status == 404
    looks_right(page)


def test_a_link_that_no_longer_works(page, browser_errors, transactional_db):
    browser_errors.allow(r"status of 410")
    for address in ("/klopt/onzin/klopt/", "/kennismaken/onzin/", "/initiatieven/wijzigen/onzin/"):
        assert page.goto(address).status == 410
        looks_right(page)


def test_a_registration_that_waits_and_that_stands_there_already(page, area, there):
    person = UserFactory(name="Samir")
    draft = InitiativeFactory(draft=True, name="Naaicafé", area=area, location=area.centre, registered_by=person)
    answer_twins(draft=draft, answers={there.pk: "same"}, words={}, at=timezone.now())
    sign_in(page, person)
    open_all(page, "/initiatieven/nieuw/")
    follow(page.locator("button[name=draft]"))
    open_all(page, *(f"/initiatieven/nieuw/{part}/" for part in ("bewaard", "weg", "lijkt-op", "dat-zijn-wij")))
    follow(page.locator("main form:has([name=message]) button.btn").first)
    expect(page.locator("[name=message]")).to_have_count(0)  # asked
    looks_right(page)
    there.refresh_from_db()
    assert there.join_requests.get().name == "Samir"


def test_the_photos_of_a_page(page, near):
    sign_in(page, MemberFactory(initiative=near).user)
    open_all(page, "/initiatieven/draad/foto/")
    earlier, photo = make_photo(near, alternative_text="Een stapel stof"), make_photo(near)
    open_all(page, "/initiatieven/draad/foto/", f"/initiatieven/draad/foto/?weg={photo.pk}", f"/initiatieven/draad/foto/?weg={earlier.pk}")


def test_what_a_team_does_with_its_page(page, near, there):
    at, owner = timezone.now(), MemberFactory(initiative=near, user__name="Nadia").user
    other = MemberFactory(initiative=near, user__name="Karim", role=EDITOR)
    invite_member(initiative=near, actor=owner, name="Sanne", email="sanne@demo.example", role=EDITOR, decides_on_benefits=False, at=at)
    edit(initiative=near, changes={"summary": "Samen naaien."}, revision=near.revision, actor=owner, at=at)
    send_message(initiative=near, actor=make_spanner(district_of(near)), by_moderator=True, text="Klopt uw adres nog?", at=at)
    send_message(initiative=near, actor=owner, by_moderator=False, text="Ja, dat klopt.", at=at)
    sign_in(page, owner)
    own = near.members.get(user=owner).pk
    parts = ("team", f"team/{other.pk}", f"team/{own}", f"team/{other.pk}/overdragen", "berichten", "geschiedenis", "geschiedenis/1")
    open_all(page, "/mijn/", "/initiatieven/draad/", *(f"/initiatieven/draad/{part}/" for part in parts))
    page.context.clear_cookies()
    open_all(page, link_in_mail("uitnodiging", to="sanne@demo.example"))


def test_how_initiatives_meet(page, near, there):
    at, asker = timezone.now(), MemberFactory(initiative=near).user
    owner = MemberFactory(initiative=there).user
    draft = InitiativeFactory(draft=True, name="Naaicafé", area=there.area, location=there.location)
    answer_twins(draft=draft, answers={there.pk: "same"}, words={}, at=at)
    join = ask_to_join(draft=draft, actor=None, name="Samir", email="samir@demo.example", message="Ik help mee.", language="nl", at=at)
    sign_in(page, asker)
    open_all(page, "/initiatieven/draad/kennismaken/")  # whom they could meet
    ask_introduction(initiative=near, other=there, actor=asker, message="Wij zoeken stof.", at=at)
    open_all(page, "/initiatieven/draad/kennismaken/")
    sign_in(page, owner)
    open_all(page, "/initiatieven/naaicafe/kennismaken/", f"/initiatieven/naaicafe/erbij/{join.pk}/")

    page.context.clear_cookies()
    link = link_in_mail("kennismaken", to=owner.email, key__startswith="introduction")
    open_all(page, link)
    follow(page.locator("button[name=yes]"))
    looks_right(page)
    sign_in(page, owner)
    open_all(page, "/initiatieven/naaicafe/kennismaken/")  # now with how to reach each other
    follow(page.locator(f"a[href$='/erbij/{join.pk}/']"))
    follow(page.locator("main button[name=no]"))
    looks_right(page)


def test_the_mail_that_asks_whether_it_is_still_right(page, there):
    at = timezone.now()
    ask_to_confirm(at=at)
    link = link_in_mail("klopt", key__startswith="initiative-still-right").rsplit("/", 2)[0]
    open_all(page, *(f"{link}/{answer}/" for answer in ("klopt", "veranderd", "gestopt")))
    page.goto(f"{link}/klopt/")
    follow(page.locator("main form button.btn"))
    looks_right(page)
    there.refresh_from_db()
    assert there.confirmed_at > at


def test_what_a_boundary_spanner_reads_and_decides(page, near, there, browser_errors):
    at, owner = timezone.now(), MemberFactory(initiative=near, user__name="Nadia").user
    spanner = make_spanner(district_of(near), name="Lucia")
    new = InitiativeFactory(submitted=True, name="Naaiatelier Draadje", slug="draadje", area=near.area, location=near.location)
    decide(initiative=new, actor=spanner, decision="changes_requested", message="Op welke dag?", revision=new.revision, at=at)
    new = InitiativeFactory(submitted=True, name="Soep op de Stoep", slug="soep", area=near.area, activity="kitchen")
    near.checked_revision = near.revision
    near.save(update_fields=["checked_revision"])
    edit(initiative=near, changes={"summary": "Wij naaien ook tassen."}, revision=near.revision, actor=owner, at=at)
    sign_in(page, spanner)
    lists = (f"/moderatie/?lijst={each}" for each in ("nieuw", "veranderd", "stil"))
    open_all(page, "/mijn/", *lists, *(f"/moderatie/{each}/" for each in ("soep", "draadje", "draad", "naaicafe")))
    page.goto("/moderatie/soep/")
    page.locator("[name=decision][value=changes_requested]").check()
    browser_errors.allow("422")
    follow(page.locator("form:has([name=decision]) button.btn"))
    expect(page.locator("[data-error-summary]")).to_be_visible()  # without a word it goes nowhere
    looks_right(page)


def test_what_a_coordinator_does_with_contact_persons(page, area):
    coordinator = UserFactory(coordinator=True)
    contact = make_contact(area, district_of(InitiativeFactory(area=area)), email="anneke@demo.example", user=UserFactory(name="Anneke"))
    invited = make_contact(area, name="Bilal Aydin")
    who = {"name": "Bilal", "email": "bilal@demo.example", "decides_on_benefits": False}
    sign_in(page, coordinator)
    open_all(page, "/mijn/", "/aanspreekpunten/", "/aanspreekpunten/nieuw/")
    invite_contact(contact=invited, actor=coordinator, at=timezone.now(), **who)
    open_all(page, "/aanspreekpunten/", *(f"/aanspreekpunten/{contact.pk}/{part}" for part in ("", "uitnodigen/", "weg/")))
    for model in ("juryinvitation", "facilitatorinvitation", "researcherinvitation", "professionalinvitation"):
        open_all(page, reverse(f"{model}_list"))
    sign_in(page, contact.user)
    open_all(page, "/mijn/aanspreekpunt/", f"/aanspreekpunten/{contact.pk}/")
    page.context.clear_cookies()
    open_all(page, link_in_mail("uitnodiging", to="bilal@demo.example"))
