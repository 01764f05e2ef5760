"""The page to change an entry keeps what is typed, for whoever typed it and for nobody else."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import DESK, axe, fits, follow, sign_in
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

EDIT, PROFILE = "/initiatieven/draad/bewerken/", "/initiatieven/draad/"
BEFORE, TYPED = "Samen naaien.", "Samen naaien, ook op zaterdag."


@pytest.fixture
def owner(transactional_db):
    initiative = InitiativeFactory(name="De Draad", slug="draad", summary=BEFORE, area=NeighbourhoodFactory())
    return MemberFactory(initiative=initiative).user


def summary(page):
    return page.locator("[name=summary]")


def types(page):
    """As people do: by keys, with nothing pressed afterwards."""
    summary(page).click()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(TYPED)
    kept = re.compile(r"Bewaard om \d+\.\d\d uur\. Nog niet zichtbaar voor bezoekers\.")
    expect(page.locator(".savebar [role=status]")).to_have_text(kept)


def test_what_is_typed_is_there_on_another_device_and_not_for_visitors(page, new_page, owner):
    sign_in(page, owner)
    page.goto(EDIT)
    expect(page.locator(".savebar [role=status]")).to_be_empty()
    types(page)
    expect(summary(page)).to_be_focused()  # one can go on
    axe(page)
    fits(page)

    other = new_page(DESK)
    sign_in(other, owner)
    other.goto(EDIT)
    expect(summary(other)).to_have_value(TYPED)
    expect(other.locator("main .note")).to_contain_text("U was hier gebleven op")
    axe(other)

    visitor = new_page(DESK)
    for each in (visitor, other):
        each.goto(PROFILE)
        expect(each.locator(".voice")).to_have_text(BEFORE)
        expect(each.get_by_text(TYPED)).to_have_count(0)

    other.goto(EDIT)
    follow(other.locator(".savebar button.btn"))
    visitor.reload()
    expect(visitor.locator(".voice")).to_have_text(TYPED)


def test_somebody_else_of_the_team_has_the_page_as_it_stands(desk, new_page, owner):
    sign_in(desk, owner)
    desk.goto(EDIT)
    types(desk)
    colleague = new_page(DESK)
    sign_in(colleague, MemberFactory(initiative=owner.initiative_memberships.get().initiative, role="editor").user)
    colleague.goto(EDIT)
    expect(summary(colleague)).to_have_value(BEFORE)
    expect(colleague.locator("main .note")).to_have_count(0)


def test_what_was_typed_can_be_thrown_away(phone, owner):
    sign_in(phone, owner)
    phone.goto(EDIT)
    types(phone)
    phone.reload()
    expect(summary(phone)).to_have_value(TYPED)
    follow(phone.locator("form[action$='/weg/'] button"))
    expect(summary(phone)).to_have_value(BEFORE)
    fits(phone)
