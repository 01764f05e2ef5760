"""Pages that ask the database as much for three as for one; those of the other files in this folder stand there."""

import pytest
from django.urls import reverse

from fieldlab.lib.geo import Point
from initiatives.actions import invite_member
from initiatives.models import InitiativeMember
from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory, make_contact, make_photo
from tests.initiatives.paper import Paper
from tests.queries import assert_constant_queries
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
MAP, SHEET = reverse("map"), reverse("map_sheet")
HERE, BOX = Point(4.94, 52.363), "4.93,52.35,4.95,52.37"


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def areas():
    """Three, made beforehand: all areas are read anew when one is added, and that is no query of a page's rows."""
    return [NeighbourhoodFactory(parent__parent__code=code, centre=HERE) for code in "ABC"]


def two_places(areas, name="Plek"):
    """One with an address and a photo, open day and night; one that comes to people, of which the area tells where it is."""
    always = {"week": [[day, 0, 1440] for day in range(7)], "exceptions": []}
    fields = {"area": areas[0], "opening_hours": always, "service_areas": [area.code for area in areas[1:]]}
    make_photo(InitiativeFactory(name=f"{name} vast", location=HERE, **fields))
    InitiativeFactory(name=f"{name} los", nowhere=True, **fields)


def test_the_team_page(at):
    owner = MemberFactory()
    numbers = iter(range(9))

    def row():
        MemberFactory(initiative=owner.initiative)
        MemberFactory(initiative=owner.initiative, role=InitiativeMember.Role.EDITOR)
        email = f"nieuw-{next(numbers)}@demo.example"
        invite_member(
            initiative=owner.initiative, actor=owner.user, name="Bo", email=email, role="editor", decides_on_benefits=False, at=at
        )

    client, url = signed_in(owner.user), reverse("initiative_team", args=[owner.initiative.slug])
    assert assert_constant_queries(client, url, row) < 12
    context = client.get(url).context
    assert (len(context["members"]), len(context["invited"])) == (7, 3)


def test_what_stands_on_the_site_about_oneself(at, areas):
    user = UserFactory()

    def row():
        make_contact(*areas, user=user, topics=["permits"], confirmed_at=at)

    client, url = signed_in(user), reverse("own_contacts")
    assert assert_constant_queries(client, url, row) < 10
    assert len(client.get(url).context["contacts"]) == 3


def test_ones_own_drafts_where_registering_starts(areas):
    user = UserFactory()

    def row():
        InitiativeFactory(draft=True, registered_by=user, area=areas[0])
        two_places(areas)  # of the newest on the site some are shown too

    client, url = signed_in(user), reverse("register")
    assert assert_constant_queries(client, url, row) < 14
    assert len(client.get(url).context["others"]) == 3


def test_the_contacts_of_an_area_and_of_the_others(client, areas):
    here, *elsewhere = areas

    def row():
        make_contact(here, *elsewhere)
        make_contact(*elsewhere)

    url = f"{MAP}?toon=aanspreekpunten&gebied={here.code}"
    assert assert_constant_queries(client, url, row) <= 16
    assert client.get(url).content.decode().count("data-contact=") == 6


@pytest.mark.parametrize("more", ["", "&open=nu", "&q=plek", "&gebied=A"])
def test_a_piece_of_the_map(client, areas, more):
    numbers, url = iter(range(9)), f"{MAP}?vak={BOX}{more}"
    assert assert_constant_queries(client, url, lambda: two_places(areas, f"Plek {next(numbers)}")) <= 16
    assert client.get(url).content.decode().count("<li data-key=") == 6


@pytest.mark.parametrize("query", ["", f"?vak={BOX}", "?bij=52.363,4.94", "?gebied=A", "?q=plek", "?q=pleck"])
def test_the_sheet_of_a_question(client, areas, query):
    numbers = iter(range(9))
    assert assert_constant_queries(client, SHEET + query, lambda: two_places(areas, f"Plek {next(numbers)}")) <= 10
    said = Paper(client.get(SHEET + query).content).text
    assert all(f"Plek {number} {which}" in said for number in range(3) for which in ("vast", "los"))
