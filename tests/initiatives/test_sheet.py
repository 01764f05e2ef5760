"""The sheet for the notice board."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone, translation

from fieldlab.lib import phones
from fieldlab.lib.opening import OpeningHours
from initiatives import sheet
from initiatives.views import sheet as views
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory
from tests.initiatives.paper import Paper
from tests.queries import assert_constant_queries


@pytest.fixture(autouse=True)
def english():
    cache.clear()
    with translation.override("en"):
        yield


def facts(*initiatives, **more):
    values = {"title": "Oost", "address": "https://demo.example/kaart/", "total": len(initiatives), "at": timezone.now(), **more}
    return sheet.sheet_facts(initiatives=initiatives, **values)


def test_a_week_in_few_lines():
    week = [[day, 600, 1020] for day in range(5)] + [[5, 540, 720], [5, 780, 1020]]
    assert sheet.week_words(OpeningHours.from_json({"week": week})) == [
        "monday to friday 10.00 – 17.00",
        "saturday 9.00 – 12.00 and 13.00 – 17.00",
    ]
    assert sheet.week_words(OpeningHours.from_json({"week": [[0, 540, 600], [1, 540, 600], [3, 540, 600]]})) == [
        "monday and tuesday 9.00 – 10.00",
        "thursday 9.00 – 10.00",
    ]
    assert sheet.week_words(OpeningHours()) == []


@pytest.mark.django_db
def test_only_what_is_public_stands_on_it():
    hidden = InitiativeFactory(
        phone="+31200000999", phone_public=False, email="stil@demo.example", contact_name="Nadia", website="https://x.example"
    )
    said = str(facts(hidden)).replace("\\xa0", " ")
    assert phones.display(hidden.phone) not in said
    assert "stil@" not in said
    assert "Nadia" not in said
    assert facts(InitiativeFactory())["places"][0]["phone"].replace("\xa0", " ") == "020 000 04 56"


@pytest.mark.django_db
def test_a_name_that_cannot_be_drawn_has_its_kind_beside_it():
    assert facts(InitiativeFactory(name="ትግርኛ"))["places"][0]["name"] == "ትግርኛ (Social enterprise)"


@pytest.mark.django_db
def test_a_long_question_does_not_make_an_unreadable_code(settings):
    assert facts(address="https://demo.example/" + "x" * 2000)["qr"] == facts(address=settings.SITE_URL)["qr"]


@pytest.mark.django_db
def test_the_sheet_of_an_area(client):
    initiative = InitiativeFactory(area__name="Dapper/buurt é")
    response = client.get(reverse("area_sheet", args=[initiative.area.code]))
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith('inline; filename="dapperbuurt-e-')
    assert response.content.startswith(b"%PDF-")
    again = client.get(reverse("area_sheet", args=[initiative.area.code]), headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304
    initiative.name = "Other"
    initiative.save()
    assert client.get(reverse("area_sheet", args=[initiative.area.code]))["ETag"] != response["ETag"]
    assert client.get(reverse("area_sheet", args=["NONE"])).status_code == 404


# --- What is printed


def printed(client, address):
    response = client.get(address)
    assert response["Content-Type"] == "application/pdf"
    return Paper(response.content)


@pytest.mark.django_db
@pytest.mark.parametrize("how_many", [0, 1, 60])
def test_it_is_one_a4_however_much_there_is(client, how_many):
    area = NeighbourhoodFactory()
    for number in range(how_many):
        InitiativeFactory(area=area, name=f"Plek {number}", summary="Samen naaien, en wie wil kookt daarna. " * 4)
    assert printed(client, reverse("area_sheet", args=[area.code])).sizes == [(595, 842)]


@pytest.mark.django_db
def test_what_is_published_in_the_area_is_printed_and_nothing_else(client):
    area = NeighbourhoodFactory(name="Dapperbuurt")
    InitiativeFactory(area=area, name="De Draad", summary="Samen naaien en \\ (koken).")
    comes = InitiativeFactory(name="Fietsen Aan Huis", service_areas=[area.code])
    for status in ("draft", "submitted", "changes_requested", "archived"):
        InitiativeFactory(area=area, name=f"Verborgen {status}", **{status: True})
    InitiativeFactory(name="Van Elders")
    for address in (reverse("area_sheet", args=[area.code]), f"{reverse('map_sheet')}?gebied={area.code}"):
        said = printed(client, address).text
        for words in ("Dapperbuurt", "De Draad", "Samen naaien en \\ (koken).", "Javastraat 112, Dapperbuurt", "020 000 04 56", comes.name):
            assert words in said.replace("\xa0", " ")
        assert "Verborgen" not in said
        assert "Van Elders" not in said


@pytest.mark.django_db
def test_it_is_read_down_one_column_and_then_down_the_other(client):
    names = [f"Plek {number:02}" for number in range(sheet.MOST)]
    area = NeighbourhoodFactory()
    for name in names:
        InitiativeFactory(area=area, name=name, summary="Samen naaien, en wie wil kookt daarna voor de hele straat. Kom maar langs.")
    places = [line for line in printed(client, f"{reverse('map_sheet')}?q=plek").lines if line.text in names]
    columns = {}
    for line in places:
        columns.setdefault(round(line.left), []).append(line)
    assert len(columns) == 2
    left, right = sorted(columns)
    first, second = columns[left], columns[right]
    assert [line.text for line in [*first, *second]] == names[: len(places)], "none is left out between two that are printed"
    for column in (first, second):
        assert len(column) > 3
        assert [line.height for line in column] == sorted((line.height for line in column), reverse=True)
    assert first[0].height == second[0].height, "both begin at the same height"
    assert right - left > 200, "beside each other, and not one a little further in"


@pytest.mark.django_db
def test_its_code_holds_the_address_of_the_same_list(client, settings):
    area = InitiativeFactory().area
    on_the_map = f"{settings.SITE_URL}{reverse('map')}"
    for sheet_of, address in (
        (reverse("area_sheet", args=[area.code]), f"{on_the_map}?gebied={area.code}"),
        (reverse("map_sheet"), on_the_map),
        (f"{reverse('map_sheet')}?q=naaien&open=nu", f"{on_the_map}?q=naaien&open=nu"),
    ):
        assert printed(client, sheet_of).codes == [address]
        assert client.get(address).status_code == 200, "and there is a page at that address"


@pytest.mark.django_db
def test_an_empty_area_has_a_sheet_that_says_so(client):
    said = printed(client, reverse("area_sheet", args=[NeighbourhoodFactory(name="Leegbuurt").code])).text
    assert "Leegbuurt" in said
    assert "Hier is nog niets. Kent u een plek? Bel ons." in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=naaien&kind=nonsense",
        "q=%00&page=9999999999",
        "vak=5,53,4,52",
        "bij=NaN,NaN",
        "bij=52.36,4.9",
        "q=" + "x" * 5000,
        "q=%E2%80%AE%F0%9F%99%82",
    ],
)
def test_the_sheet_of_any_question(client, query):
    InitiativeFactory()
    response = client.get(reverse("map_sheet") + f"?{query}")
    assert response.status_code == 200
    assert response.content.startswith(b"%PDF-")


@pytest.mark.django_db
def test_the_nearest_come_on_it_when_there_are_more_than_fit(client, monkeypatch):
    monkeypatch.setattr(views, "MOST", 2)
    area = NeighbourhoodFactory()
    for name in ("A", "B"):
        InitiativeFactory(area=area, name=name, location=type(area.centre)(area.centre.lon + 0.004, area.centre.lat))
    near = InitiativeFactory(area=area, name="Z")
    chosen = views._chosen(views.SearchEntry.objects.all(), area.centre)
    assert chosen[0] == near
    assert len(chosen) == 2


@pytest.mark.django_db
def test_it_is_made_once_and_not_without_end(client, monkeypatch):
    monkeypatch.setattr(views, "MADE_A_MINUTE", 1)
    first, second = InitiativeFactory(), InitiativeFactory()

    def ask(initiative):
        return client.get(reverse("area_sheet", args=[initiative.area.code])).status_code

    assert [ask(first), ask(first), ask(second), ask(first)] == [200, 200, 429, 200]


@pytest.mark.django_db
def test_the_sheet_asks_the_database_as_much_for_more(client):
    area = NeighbourhoodFactory()
    url = reverse("area_sheet", args=[area.code])
    assert_constant_queries(client, url, lambda: InitiativeFactory(area=area, created_at=timezone.now() - timedelta(days=9)))
