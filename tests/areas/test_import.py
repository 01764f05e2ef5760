import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command
from shapely.geometry import shape

from fieldlab.areas import sample
from fieldlab.areas.actions import area_at, import_areas, read
from fieldlab.areas.models import Area
from fieldlab.lib.geo import Point
from tests.areas.geojson import cbs, city, collection, feature, in_rd, square

pytestmark = pytest.mark.django_db

AT = datetime(2026, 12, 1, 9, tzinfo=UTC)
TWO_QUARTERS = collection(
    city("AA01", "Een", square(0, 0)),
    city("AA02", "Twee", square(1, 0)),
    city("AB01", "Drie", square(2, 0)),
    city("M", "Oost", square(5, 0)),
)


def bring_in(*features, at=AT):
    return import_areas(reading=read(collection(*features)), at=at)


def test_quarters_and_districts_are_made_of_what_lies_in_them():
    import_areas(reading=read(TWO_QUARTERS), at=AT)
    quarter = Area.objects.get(code="AA")
    assert (quarter.level, quarter.cbs_code, quarter.name, quarter.parent.name) == ("quarter", "WK0363AA", "AA", "Centrum")
    assert shape(quarter.boundary).area == pytest.approx(2e-4)
    assert shape(Area.objects.get(code="A").boundary).area == pytest.approx(3e-4)
    assert Area.objects.get(code="AA01").parent == quarter
    assert Area.objects.get(code="M").name == "Oost"


def test_a_second_import_changes_nothing_and_says_so():
    first = import_areas(reading=read(TWO_QUARTERS), at=AT)
    before = list(Area.objects.order_by("pk").values())
    second = import_areas(reading=read(TWO_QUARTERS), at=AT + timedelta(days=1))
    assert len(first.new) == 7
    assert second.nothing_changed
    assert second.unchanged == 7
    assert list(Area.objects.order_by("pk").values()) == before


def test_a_later_file_of_quarters_gives_the_names_and_a_file_of_neighbourhoods_keeps_them():
    import_areas(reading=read(TWO_QUARTERS), at=AT)
    bring_in(city("AA", "Burgwallen", square(0, 0, 2)), city("AB", "Plantage", square(2, 0)))
    again = import_areas(reading=read(TWO_QUARTERS), at=AT)
    assert Area.objects.get(code="AA").name == "Burgwallen"
    assert not again.vanished


def test_rd_new_is_recognised_by_its_numbers_whatever_the_label_says():
    data = collection(cbs("BU0363AA01", "Een", in_rd(square(0, 0))), cbs("BU0363AA02", "Twee", square(1, 0)))
    data["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC::CRS84"}}
    import_areas(reading=read(data), at=AT)
    drawn = Area.objects.get(code="AA01").boundary["coordinates"][0][0]
    assert all(min(abs(x - 4.90), abs(x - 4.91)) < 1e-5 and min(abs(y - 52.36), abs(y - 52.37)) < 1e-5 for x, y in drawn)
    assert area_at(Point(4.905, 52.365)).code == "AA01"


def test_other_municipalities_keep_their_own_codes_and_stand_as_districts():
    bring_in(cbs("BU03840101", "Noord", square(0, 0), wijknaam="Wijk 01 Diemen"), cbs("BU0363AA01", "Een", square(3, 0)))
    neighbourhood = Area.objects.get(code="03840101")
    assert (neighbourhood.parent.name, neighbourhood.parent.parent.name, neighbourhood.parent.parent.code) == (
        "Wijk 01 Diemen",
        "Diemen",
        "0384",
    )
    assert Area.objects.get(code="AA01").parent.parent.name == "Centrum"
    # A file of Diemen alone says nothing about Amsterdam.
    assert not bring_in(cbs("BU03840101", "Noord", square(0, 0), wijknaam="Wijk 01 Diemen")).vanished


def test_what_is_not_in_force_or_water_is_passed_over():
    reading = read(
        collection(
            city("AA01", "Oud", square(0, 0), eindGeldigheid="2022-03-24T00:00:00"),
            city("AA01", "Een", square(0, 0)),
            cbs("BU0363AA09", "IJ", square(3, 0), water="JA"),
            feature({"gemeentecode": "GM0363", "gemeentenaam": "Amsterdam"}, square(0, 0)),
        )
    )
    assert [area.name for area in reading.areas] == ["Een"]
    assert sum(reading.passed_over.values()) == 3
    assert not reading.broken


def test_a_changed_code_keeps_the_area_and_is_reported():
    import_areas(reading=read(TWO_QUARTERS), at=AT)
    old = {area.name: area.pk for area in Area.objects.all()}
    report = bring_in(
        city("AA01", "Een", square(0, 0), identificatie="id-AA02"),  # the two have exchanged their codes
        city("AA02", "Twee", square(1, 0), identificatie="id-AA01"),
        city("AB09", "Drie", square(2, 0), identificatie="id-AB01"),
        city("M", "Oost", square(5, 0)),
    )
    assert {old_code for _, old_code in report.recoded} == {"AA01", "AA02", "AB01"}
    assert Area.objects.get(code="AB09").pk == old["Drie"]
    assert not report.vanished
    assert not report.new


def test_the_same_place_under_another_code_is_the_same_area():
    bring_in(cbs("BU0363AA01", "Een", square(0, 0)), cbs("BU0363AA02", "Twee", square(1, 0)))
    pk = Area.objects.get(code="AA02").pk
    report = bring_in(cbs("BU0363AA01", "Een", square(0, 0)), cbs("BU0363AA77", "Twee", in_rd(square(1, 0))))
    assert report.recoded == [("neighbourhood AA77 Twee", "AA02")]
    assert Area.objects.get(code="AA77").pk == pk


def test_a_vanished_area_stays_with_a_date_and_can_come_back():
    import_areas(reading=read(TWO_QUARTERS), at=AT)
    report = bring_in(city("AA01", "Een", square(0, 0)), city("AA02", "Twee", square(1, 0)), city("M", "Oost", square(5, 0)))
    assert report.vanished == ["neighbourhood AB01 Drie", "quarter AB AB"]
    assert Area.objects.get(code="AB01").vanished_at == AT
    assert area_at(Point(4.925, 52.365)) is None
    assert import_areas(reading=read(TWO_QUARTERS), at=AT + timedelta(days=1)).returned == ["quarter AB AB", "neighbourhood AB01 Drie"]
    assert area_at(Point(4.925, 52.365)).name == "Drie"


BROKEN = {
    "no geometry": city("AA03", "X", None),
    "a point": {**city("AA03", "X", None), "geometry": {"type": "Point", "coordinates": [4.9, 52.3]}},
    "no area left": city("AA03", "X", [[4.9, 52.3], [4.95, 52.35], [4.9, 52.3], [4.9, 52.3]]),
    "two corners": city("AA03", "X", [[4.9, 52.3], [4.95, 52.35]]),
    "coordinates of text": city("AA03", "X", [["a", "b"], ["c", "d"], ["e", "f"], ["a", "b"]]),
    "no numbers": city("AA03", "X", [[float("nan"), 52.3], [4.95, 52.35], [4.9, 52.35], [float("nan"), 52.3]]),
    "Belgium": city("AA03", "X", [[4.3, 50.1], [4.4, 50.1], [4.4, 50.2], [4.3, 50.1]]),
    "turned round": city("AA03", "X", [[52.3, 4.9], [52.35, 4.95], [52.35, 4.9], [52.3, 4.9]]),
    "no code": feature({"naam": "X"}, square(3, 0)),
    "another code": city("ZZZ9", "X", square(3, 0)),
    "no name": city("AA03", "-99997", square(3, 0)),
    "unreadable name": city("AA03", "a\x00b", square(3, 0)),
    "long name": city("AA03", "x" * 200, square(3, 0)),
    "no feature": "AA03",
    "no properties": {"type": "Feature", "properties": None, "geometry": None},
    "twice the same code": city("AA01", "Een nog eens", square(3, 0)),
}


@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_feature_is_named_by_its_index_and_the_rest_goes_on(broken):
    reading = read(collection(city("AA01", "Een", square(0, 0)), broken, city("AA02", "Twee", square(1, 0))))
    assert [index for index, _ in reading.broken] == [1]
    import_areas(reading=reading, at=AT)
    assert list(Area.objects.neighbourhoods().order_by("code").values_list("code", flat=True)) == ["AA01", "AA02"]


def test_a_bow_tie_is_mended():
    reading = read(collection(city("AA01", "Strik", [[4.90, 52.36], [4.92, 52.38], [4.92, 52.36], [4.90, 52.38], [4.90, 52.36]])))
    assert not reading.broken
    assert reading.areas[0].shape.is_valid
    assert reading.areas[0].shape.area == pytest.approx(2e-4)


def test_the_area_of_a_broken_feature_has_not_vanished():
    import_areas(reading=read(TWO_QUARTERS), at=AT)
    rest = [city("AA02", "Twee", square(1, 0)), city("AB01", "Drie", square(2, 0)), city("M", "Oost", square(5, 0))]
    assert not bring_in(city("AA01", "Een", None), *rest).vanished
    nameless = bring_in(feature({}, None), *rest)
    assert not nameless.vanished
    assert nameless.kept == 1


def test_the_command_says_what_it_did_and_exits_with_1_when_something_was_broken(tmp_path, capsys):
    file = tmp_path / "buurten.geojson"
    file.write_text(json.dumps(TWO_QUARTERS))
    call_command("import_areas", file)
    assert "new: 7" in capsys.readouterr().out
    call_command("import_areas", file)
    assert "Nothing changed: all 7 areas" in capsys.readouterr().out
    file.write_text(json.dumps(collection(*TWO_QUARTERS["features"], city("AA03", "X", None))))
    with pytest.raises(CommandError) as error:
        call_command("import_areas", file)
    assert error.value.returncode == 1
    assert "feature 4 has no geometry; skipped" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "{}", "[]", "<html>", '{"type": "FeatureCollection", "features": 3}', "[" * 100_000])
def test_a_file_that_is_none_gives_one_line(tmp_path, content):
    file = tmp_path / "file.geojson"
    file.write_text(content)
    with pytest.raises(CommandError, match=r"file\.geojson: "):
        call_command("import_areas", file)
    with pytest.raises(CommandError, match="No such file"):
        call_command("import_areas", tmp_path / "none")


def test_one_transaction_all_or_nothing(monkeypatch):
    monkeypatch.setattr("fieldlab.areas.imports._mark_vanished", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        import_areas(reading=read(TWO_QUARTERS), at=AT)
    assert not Area.objects.exists()


def test_the_sample_is_loaded_once():
    sample.load(AT)
    sample.load(AT + timedelta(days=1))
    assert Area.objects.districts().count() == 9
    assert set(Area.objects.values_list("changed_at", flat=True)) == {AT}
    assert area_at(Point(4.9394, 52.3635)).parent.name == "Indische Buurt"
