"""The week's hours against a clock that is asked minute by minute, also in the two nights that it is changed."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fieldlab.lib.opening import ZONE, BadHours, OpeningHours, OtherHours

MINUTE = timedelta(minutes=1)
# Monday to Sunday around the change of the clock in spring and in autumn, and a usual week
SPRING, AUTUMN, USUAL = date(2026, 3, 29), date(2026, 10, 25), date(2026, 12, 8)


def openings(day):
    """Up to two, in order, which may touch."""
    cuts = st.lists(st.integers(0, 1440), min_size=2, max_size=4, unique=True).map(sorted)
    return cuts.map(lambda cut: [(day, cut[0], cut[1]), *([(day, cut[2], cut[3])] if len(cut) == 4 else [])])


weeks = (
    st.lists(st.integers(0, 6), unique=True)
    .flatmap(lambda days: st.tuples(*map(openings, days)))
    .map(lambda rows: [each for row in rows for each in row])
)


@st.composite
def hours_around(draw, day):
    exceptions, begin = [], day - timedelta(days=3)
    for _each in range(draw(st.integers(0, 2))):
        first = begin + timedelta(days=draw(st.integers(1, 3)))
        last = first + timedelta(days=draw(st.integers(0, 2)))
        times = [(opens, closes) for _day, opens, closes in draw(st.one_of(st.just([]), openings(0)))]
        exceptions.append(OtherHours(first, last, tuple(times), draw(st.text(max_size=9))))
        begin = last
    return OpeningHours(tuple(draw(weeks)), tuple(exceptions))


days = st.sampled_from([SPRING, AUTUMN, USUAL])
cases = days.flatmap(lambda day: st.tuples(hours_around(day), st.just(day), st.integers(-1500, 1500)))


def moment(day, minutes):
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + minutes * MINUTE


@given(cases)
def test_what_is_written_down_is_read_back(case):
    hours = case[0]
    assert OpeningHours.from_json(hours.to_json()) == hours
    assert bool(hours) == bool(hours.to_json())


@given(cases)
@example((OpeningHours(((6, 120, 180),)), SPRING, 0))
@example((OpeningHours(((6, 150, 300),)), AUTUMN, 0))
@example((OpeningHours(((6, 150, 165),)), AUTUMN, 50))
def test_the_next_opening_and_the_closing_are_what_a_clock_asked_each_minute_says(case):
    hours, day, minutes = case
    at = moment(day, minutes)
    opens, closes = hours.next_opening(at), hours.closes_at(at)
    if hours.is_open(at):
        assert opens == at
        later = next((at + each * MINUTE for each in range(4000) if not hours.is_open(at + each * MINUTE)), None)
        assert later is None or closes == later
    else:
        assert closes is None
        later = next((at + each * MINUTE for each in range(4000) if hours.is_open(at + each * MINUTE)), None)
        assert opens == later or (later is None and (opens is None or opens >= at + 4000 * MINUTE))


@given(cases)
def test_open_is_what_the_clock_on_the_wall_says(case):
    hours, day, minutes = case
    at = moment(day, minutes)
    wall = at.astimezone(ZONE)
    told = hours.hours_on(wall.date())
    assert hours.is_open(at) == any(opens <= wall.hour * 60 + wall.minute < closes for opens, closes in told)
    assert (hours.exception_on(wall.date()) is None) <= (told == hours.by_weekday()[wall.weekday()])


def test_an_hour_that_comes_twice_is_open_twice_and_one_that_does_not_exist_is_skipped():
    hours = OpeningHours(((6, 135, 165), (6, 600, 660)))  # Sunday 2.15 to 2.45
    first, again = moment(AUTUMN, 15), moment(AUTUMN, 75)
    assert (hours.is_open(first), hours.is_open(again)) == (True, True)
    assert hours.closes_at(first) == moment(AUTUMN, 45)
    assert hours.next_opening(moment(AUTUMN, 50)) == again
    assert hours.next_opening(moment(SPRING, 0)) == moment(SPRING, 8 * 60)  # 10.00 hours, two hours ahead of UTC


def test_it_closes_at_24_hours_and_goes_on_where_the_next_day_begins_with_it():
    at = datetime(2026, 12, 7, 22, 0, tzinfo=ZONE)
    assert OpeningHours(((0, 600, 1440),)).closes_at(at) == datetime(2026, 12, 8, tzinfo=ZONE)
    assert OpeningHours(((0, 600, 1440), (1, 0, 120))).closes_at(at) == datetime(2026, 12, 8, 2, tzinfo=ZONE)
    always = OpeningHours(tuple((day, 0, 1440) for day in range(7)))
    assert (always.is_open(at), always.closes_at(at), always.next_opening(at)) == (True, None, at)
    assert not OpeningHours(((0, 600, 1440),)).is_open(datetime(2026, 12, 8, tzinfo=ZONE))


def test_nothing_in_14_days_is_nothing():
    at = datetime(2026, 12, 7, 22, 0, tzinfo=ZONE)
    away = OtherHours(date(2026, 12, 1), date(2027, 2, 1))
    assert OpeningHours(((0, 600, 660),), (away,)).next_opening(at) is None
    assert OpeningHours().next_opening(at) is None
    assert not OpeningHours()
    assert OpeningHours(exceptions=(away,)).coming(datetime(2027, 2, 2, tzinfo=ZONE)) == ()


@pytest.mark.parametrize(
    "written",
    [
        {"week": [[0, 540, 540]]},
        {"week": [[0, 600, 540]]},
        {"week": [[0, 540, 720], [0, 700, 800]]},
        {"week": [[7, 540, 720]]},
        {"week": [[-1, 540, 720]]},
        {"week": [[0, -1, 720]]},
        {"week": [[0, 540, 1441]]},
        {"week": [[0, 540.5, 720]]},
        {"week": [[True, 540, 720]]},
        {"week": [[0, "540", "720"]]},
        {"week": [[0, 540]]},
        {"week": [[0, float("nan"), 720]]},
        {"week": 10**9},
        {"exceptions": [{"from": "2026-12-26", "until": "2026-12-24"}]},
        {"exceptions": [{"from": "2026-12-24", "until": "2026-12-26"}, {"from": "2026-12-26", "until": "2026-12-27"}]},
        {"exceptions": [{"from": "0001-01-01", "until": "9999-12-31"}]},
        {"exceptions": [{"from": "tomorrow", "until": "2026-12-24"}]},
        {"exceptions": [{"from": "2026-12-24", "until": "2026-12-24", "hours": [[600, 660], [650, 700]]}]},
        {"exceptions": ["2026-12-24"]},
        "open",
    ],
)
def test_what_is_no_week_is_refused(written):
    with pytest.raises(BadHours):
        OpeningHours.from_json(written)


def test_openings_that_touch_are_no_overlap_and_come_in_order():
    assert OpeningHours.from_json({"week": [[1, 720, 800], [1, 540, 720]]}).week == ((1, 540, 720), (1, 720, 800))
