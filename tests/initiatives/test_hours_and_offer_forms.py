"""What people type about their hours, what they offer and how they are reached, and how it is understood."""

import contextlib
from datetime import date, datetime

import pytest
import time_machine
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from fieldlab.lib.hour_fields import NotATime, minutes_of, shown
from fieldlab.lib.opening import ZONE, OpeningHours, OtherHours
from initiatives.forms import EditForm, HoursForm, OfferForm, ReachForm, WhereForm
from initiatives.models import Initiative, Language, Offer
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory

NOW = datetime(2026, 12, 7, 12, tzinfo=ZONE)


def sent(data):
    query = QueryDict(mutable=True)
    for name, value in data.items():
        query.setlist(name, [str(each) for each in value] if isinstance(value, list) else [str(value)])
    return query


def as_sent(form):
    """What a browser sends of a form that nobody touched."""
    data = {}
    for bound in form:
        widgets = [bound.field.widget] if not hasattr(bound.field.widget, "widgets") else bound.field.widget.widgets
        value = bound.value()
        values = [value] if len(widgets) == 1 else bound.field.widget.decompress(value)
        for number, (widget, each) in enumerate(zip(widgets, values, strict=True)):
            name = bound.html_name if len(widgets) == 1 else f"{bound.html_name}_{number}"
            if getattr(widget, "input_type", "") == "checkbox" and not isinstance(each, list):
                data |= {name: "on"} if each else {}
            elif each not in (None, ""):
                data[name] = each if isinstance(each, list) else widget.format_value(each)
    return {
        name: value[0] if isinstance(value, list) and name in ("kind", "activity", "access", "phase") else value
        for name, value in data.items()
    }


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [
        ("9", 540),
        ("9.30", 570),
        ("09:30", 570),
        ("9,30", 570),
        ("930", 570),
        ("0930", 570),
        ("9 uur", 540),
        ("9.30 uur", 570),
        ("9u30", 570),
        ("9h", 540),
        (" 17 ", 1020),
        ("24", 1440),
        ("24.00", 1440),
        ("0", 0),
        ("٩", 540),
    ],
)
def test_times_as_people_type_them(typed, minutes):
    assert minutes_of(typed) == minutes


@pytest.mark.parametrize(
    "typed", ["", "x", "25", "24.01", "9.60", "-1", "1e3", "nan", "9.30.00", "half tien", "9999", "\u202e9", "🕘", "9" * 1_000_000]
)
def test_what_is_no_time(typed):
    with pytest.raises(NotATime):
        minutes_of(typed)


@given(st.integers(0, 1440))
def test_a_time_that_is_shown_is_understood(minutes):
    assert minutes_of(shown(minutes)) == minutes


@given(st.text())
def test_whatever_is_typed_is_a_time_of_a_day_or_none(typed):
    with contextlib.suppress(NotATime):
        assert 0 <= minutes_of(typed) <= 1440


@pytest.fixture
def december():
    with time_machine.travel(NOW, tick=False):
        yield


def hours(**data):
    return HoursForm.of(Initiative(), sent(data))


def test_a_week_with_two_openings_and_days_that_differ(december):
    form = hours(
        day0_0="9", day0_1="12.30", day0_2="13:30", day0_3="17 uur", day6_0="20", day6_1="24",
        exception0_0="2026-12-24", exception0_1="26-12-2026", exception0_4=" Kerst ",
        exception2_0="31/12/2026", exception2_2="9", exception2_3="12",
    )  # fmt: skip
    assert form.is_valid(), form.errors
    assert OpeningHours.from_json(form.changes()["opening_hours"]) == OpeningHours(
        ((0, 540, 750), (0, 810, 1020), (6, 1200, 1440)),
        (
            OtherHours(date(2026, 12, 24), date(2026, 12, 26), (), "Kerst"),
            OtherHours(date(2026, 12, 31), date(2026, 12, 31), ((540, 720),)),
        ),
    )


def test_nothing_typed_is_nothing_told(december):
    form = hours(day0_0="", day0_1=" ")
    assert form.is_valid()
    assert form.changes() == {"opening_hours": {}}


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"day0_0": "9"}, {"day0"}),
        ({"day0_3": "9"}, {"day0"}),
        ({"day1_0": "9", "day1_1": "5"}, {"day1"}),
        ({"day1_0": "9", "day1_1": "9"}, {"day1"}),
        ({"day2_0": "9", "day2_1": "half zes"}, {"day2"}),
        ({"day3_0": "9", "day3_1": "13", "day3_2": "12", "day3_3": "17"}, {"day3"}),
        ({"day4_0": "9\x00", "day4_1": "17"}, {"day4"}),
        ({"day4_0": "9" * 1_000_000, "day4_1": "17"}, {"day4"}),
        ({"day5_0": "🕘", "day5_1": "\u202e71"}, {"day5"}),
        ({"exception0_2": "9", "exception0_3": "17"}, {"exception0"}),
        ({"exception0_0": "2026-12-24", "exception0_1": "2026-12-23"}, {"exception0"}),
        ({"exception0_0": "2026-12-01"}, {"exception0"}),
        ({"exception0_0": "2026-12-24", "exception0_1": "9999-12-31"}, {"exception0"}),
        ({"exception0_0": "2030-12-24"}, {"exception0"}),
        ({"exception0_0": "morgen"}, {"exception0"}),
        ({"exception0_0": "10000000000"}, {"exception0"}),
        ({"exception0_0": "2026-12-24", "exception0_4": "x" * 81}, {"exception0"}),
        ({"exception0_0": "2026-12-24", "exception0_4": "x\x00"}, {"exception0"}),
        ({"exception0_0": "2026-12-24", "exception0_2": "9", "exception0_3": "NaN"}, {"exception0"}),
        ({"exception0_0": "2026-12-24", "exception0_1": "2026-12-26", "exception3_0": "2026-12-26"}, {"exception3"}),
    ],
)
def test_what_is_wrong_with_hours_is_said_at_its_row(december, data, wrong):
    form = hours(**data)
    assert not form.is_valid()
    assert set(form.errors) == wrong
    assert all(len(str(errors)) < 400 for errors in form.errors.values()), "an error does not repeat a megabyte"


def test_of_a_half_week_is_kept_what_was_understood_and_what_stood_there(december):
    before = Initiative(opening_hours={"week": [[0, 600, 660], [1, 600, 660]], "exceptions": []})
    form = HoursForm.of(before, sent({"day0_0": "x", "day0_1": "9", "day1_0": "9", "day1_1": "10"}))
    assert not form.is_valid()
    assert form.changes()["opening_hours"]["week"] == [[0, 600, 660], [1, 540, 600]]


def test_rows_come_one_by_one_and_never_more_than_there_are(december):
    assert [len(hours().exception_rows()), len(HoursForm.of(Initiative()).exception_rows())] == [1, 1]
    assert len(hours(exception0_0="2026-12-24").exception_rows()) == 2
    assert len(hours(exception0_0="2026-12-24", exception1_0="", more="exceptions").exception_rows()) == 3
    assert len(hours(**{f"exception{number}_0": "2026-12-24" for number in range(6)}, more="exceptions").exception_rows()) == 6
    three = {"from": "2026-12-24", "until": "2026-12-24"}, {"from": "2027-01-01", "until": "2027-01-01"}
    assert len(HoursForm.of(Initiative(opening_hours={"week": [], "exceptions": list(three)})).exception_rows()) == 3


def test_days_that_are_over_are_not_asked_about_again(december):
    over = {"from": "2026-11-01", "until": "2026-11-02"}
    form = HoursForm.of(Initiative(opening_hours={"week": [[0, 600, 660]], "exceptions": [over]}))
    assert form.initial.get("exception0") is None
    html = str(form["day0"])
    assert 'value="10.00"' in html
    assert 'value="11.00"' in html


def test_choices_are_kept_in_their_order_and_once():
    form = OfferForm.of(Initiative(), sent({"offers": ["meals", "work", "meals"], "languages": ["ar", "nl"], "description": "a\r\nb"}))
    assert form.is_valid()
    changes = form.changes()
    assert (changes["offers"], changes["languages"], changes["description"]) == (
        [Offer.WORK, Offer.MEALS],
        [Language.DUTCH, Language.ARABIC],
        "a\nb",
    )


@pytest.mark.parametrize(
    "data",
    [
        {"offers": ["work", "x"]},
        {"languages": ["\x00"]},
        {"phase": "x"},
        {"themes": ["food'); drop"]},
        {"description": "a\x00"},
        {"description": "x" * 4001},
    ],
)
def test_a_choice_that_does_not_exist_is_refused(data):
    assert not OfferForm.of(Initiative(), sent(data)).is_valid()


def reach(**data):
    return ReachForm.of(Initiative(access="walk_in"), sent({"contact_name": "Nadia", "email": "n@demo.example", **data}))


def test_channels_are_rows_and_nobody_sees_them_before_that_is_said():
    form = reach(
        channel0_0="whatsapp", channel0_1="06 12 34 56 78", channel2_0="facebook", channel2_1="facebook.com/draad", channel2_2="on"
    )
    assert form.is_valid(), form.errors
    assert form.changes()["channels"] == [
        {"kind": "whatsapp", "address": "+31612345678", "public": False},
        {"kind": "facebook", "address": "https://facebook.com/draad", "public": True},
    ]
    only_a_tick = reach(channel0_2="on")
    assert only_a_tick.is_valid()
    assert only_a_tick.changes()["channels"] == []


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"channel0_0": "facebook"}, {"channel0"}),
        ({"channel0_1": "facebook.com/x"}, {"channel0"}),
        ({"channel1_0": "x", "channel1_1": "facebook.com/x"}, {"channel1"}),
        ({"channel5_0": "other", "channel5_1": "javascript:alert(1)"}, {"channel5"}),
        ({"channel0_0": "whatsapp", "channel0_1": "\x00"}, {"channel0"}),
        ({"channel0_0": "other", "channel0_1": "https://demo.example/" + "x" * 1_000_000}, {"channel0"}),
    ],
)
def test_what_is_wrong_with_a_channel_is_said_at_its_row(data, wrong):
    form = reach(**data)
    assert not form.is_valid()
    assert set(form.errors) == wrong


@pytest.mark.django_db
def test_who_has_no_place_says_where_they_come_and_who_has_one_does_not():
    area = NeighbourhoodFactory()
    district = area.parent.parent
    place = {"access": "no_fixed_place", "neighbourhood": area.pk, "service_areas": [district.code, area.code]}
    form = WhereForm.of(Initiative(), sent(place))
    assert form.is_valid(), form.errors
    assert form.changes()["service_areas"] == sorted([district.code, area.code])
    walk_in = WhereForm.of(Initiative(), sent({**place, "access": "walk_in", "street": "Javastraat"}))
    assert walk_in.is_valid(), walk_in.errors
    assert walk_in.changes()["service_areas"] == []


@pytest.mark.django_db
@pytest.mark.parametrize("codes", [["nowhere"], ["\x00"], ["x" * 1_000_000], [f"C{number}" for number in range(61)]])
def test_areas_that_do_not_exist_are_refused(codes):
    area = NeighbourhoodFactory()
    form = WhereForm.of(Initiative(), sent({"access": "no_fixed_place", "neighbourhood": area.pk, "service_areas": codes}))
    assert not form.is_valid()
    assert set(form.errors) == {"service_areas"}


@pytest.mark.django_db
def test_a_form_that_nobody_touched_changes_nothing(december, service):
    kerst = {"from": "2026-12-24", "until": "2026-12-26", "hours": [], "note": "Kerst"}
    whole = {
        "offers": ["work", "meals"], "themes": ["food"], "audiences": ["women"], "languages": ["nl", "ar"], "accessibility": ["step_free"],
        "phase": "growing", "description": "One.\n\nTwo.", "website": "https://demo.example", "website_public": False,
        "channels": [
            {"kind": "whatsapp", "address": "+31612345678", "public": True},
            {"kind": "other", "address": "https://www.demo.example/x", "public": False},
        ],
        "opening_hours": {"week": [[0, 540, 750], [0, 810, 1440]], "exceptions": [kerst]},
    }  # fmt: skip
    for initiative in (InitiativeFactory(**whole), InitiativeFactory(**whole, nowhere=True)):
        initiative.service_areas = [initiative.area.code] if not initiative.street else []
        initiative.save()
        form = EditForm.of(initiative, sent(as_sent(EditForm.of(initiative))))
        assert form.is_valid(), form.errors
        assert {name: value for name, value in form.changes().items() if getattr(initiative, name) != value} == {}


def test_unjudged_shows_what_was_typed_without_a_word_about_it():
    form = HoursForm.unjudged(Initiative(), sent({"day0_0": "x"}))
    assert not form.errors
    assert 'value="x"' in str(form["day0"])
