"""Names are as long as people make them: no page gets wider than the screen for one."""

import pytest

from fieldlab.lib.geo import Point
from tests.e2e.browser import axe, fits, sign_in
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory, make_contact, make_spanner

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

LONG = "Amstelveensewegbuurtbewonersinitiatievenvereniging"


@pytest.fixture
def area(transactional_db):
    area = NeighbourhoodFactory(name="Buitenveldert-Zuidoostelijkekwartier")
    make_contact(area, name=LONG, function=LONG)
    for number, slug in enumerate(("een", "twee", "drie")):
        InitiativeFactory(name=LONG, slug=slug, summary=LONG, description=LONG, area=area, location=Point(4.94 + number / 1000, 52.363))
    return area


def test_on_pages_for_residents(page, area):
    found = f"/kaart/?q={LONG}&toon=aanspreekpunten&gebied={area.code}"
    for url in ("/", "/kaart/", found, f"/gebieden/{area.code}/", "/initiatieven/een/"):
        page.goto(url)
        fits(page)
        axe(page)


def test_on_pages_for_a_team_and_for_who_publishes(page, area):
    member = MemberFactory(
        initiative__slug="vier", initiative__name=LONG, initiative__area=area, initiative__submitted=True, user__name=LONG
    )
    sign_in(page, member.user)
    for url in ("/initiatieven/vier/", *(f"/initiatieven/vier/{part}/" for part in ("bewerken", "geschiedenis", "berichten", "team"))):
        page.goto(url)
        fits(page)
    sign_in(page, make_spanner(area.parent.parent, name=LONG))
    for url in ("/moderatie/", "/moderatie/vier/"):
        page.goto(url)
        fits(page)
