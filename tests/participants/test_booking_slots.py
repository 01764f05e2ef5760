"""Free times, reckoned without a database: both nights of the clock, holidays, absences, buffers, and what never happens."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from fieldlab.lib.opening import ZONE, OpeningHours, OtherHours
from participants.slots import Hours, Planner, Refusal, Taken, free_slots, is_holiday, occupied, why_not

AT = datetime(2026, 12, 7, 8, tzinfo=ZONE)  # a Monday
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)


def planner(*openings, exceptions=(), rooms=(1,), **fields):
    values = {"lead_hours": 0, "most_per_day": 12, **fields}
    return Planner(1, (Hours(1, rooms, OpeningHours(openings, exceptions)),), **values)


def wall(slots):
    return [slot.begins.astimezone(ZONE).strftime("%d-%m %H.%M") for slot in slots]


def free(one, *, taken=(), at=AT, days=1, since=None):
    since = since or at
    return free_slots([one] if isinstance(one, Planner) else one, taken, at=at, since=since, upto=since + timedelta(days=days))


def talk(begins, minutes=60, buffer=15, professional=1, room=1):
    return Taken(professional, room, begins, *occupied(begins, minutes, buffer))


def on(hour, minute=0, day=7, month=12):
    return datetime(2026, month, day, hour, minute, tzinfo=ZONE)


def test_talks_follow_each_other_with_the_time_between():
    assert wall(free(planner((0, 540, 780)))) == ["07-12 09.00", "07-12 10.15", "07-12 11.30"]
    assert wall(free(planner((0, 540, 780), buffer=0))) == ["07-12 09.00", "07-12 10.00", "07-12 11.00", "07-12 12.00"]
    assert wall(free(planner((0, 540, 599)))) == [], "a talk does not run over the end"


def test_around_what_is_taken_the_time_between_is_kept_and_no_more():
    one = planner((0, 540, 780))
    assert wall(free(one, taken=[talk(on(10, 15))])) == ["07-12 09.00", "07-12 11.30"], "adjacent, to the minute"
    assert wall(free(one, taken=[talk(on(9, 30))])) == ["07-12 10.45", "07-12 12.00"]
    assert wall(free(one, taken=[talk(on(9), buffer=60)])) == ["07-12 10.40", "07-12 11.55"], "the larger half of each"
    assert why_not(one, [talk(on(10, 15))], place=1, room=1, begins=on(9, 5), at=AT) == Refusal.TAKEN
    assert why_not(one, [talk(on(10, 15))], place=1, room=1, begins=on(9), at=AT) is None


def test_a_room_that_is_taken_gives_way_to_another():
    busy = talk(on(9), professional=2, room=1)
    assert [(slot.room, wall([slot])[0][-5:]) for slot in free(planner((0, 540, 690), rooms=(1, 2)), taken=[busy])] == [
        (2, "09.00"),
        (1, "10.15"),
    ]
    assert wall(free(planner((0, 540, 690)), taken=[busy])) == ["07-12 10.15"]
    assert free(planner((0, 540, 690), rooms=())) == []


def test_a_holiday_is_free_unless_hours_were_written_down_for_it():
    christmas = date(2026, 12, 25)  # a Friday
    assert is_holiday(christmas)
    assert wall(free(planner((4, 540, 600), (3, 540, 600)), days=20)) == [
        "10-12 09.00",
        "11-12 09.00",
        "17-12 09.00",
        "18-12 09.00",
        "24-12 09.00",
    ]
    works = planner((4, 540, 600), exceptions=(OtherHours(christmas, christmas, ((600, 660),)),))
    assert wall(free(works, since=on(0, day=25))) == ["25-12 10.00"]
    assert why_not(planner((4, 540, 600)), [], place=1, room=1, begins=on(9, day=25), at=AT) == Refusal.CLOSED


def test_days_that_differ_and_absences():
    day = date(2026, 12, 8)
    assert wall(free(planner((1, 540, 600), exceptions=(OtherHours(day, day, ((780, 840),)),)), days=2)) == ["08-12 13.00"]
    assert free(planner((1, 540, 600), exceptions=(OtherHours(day, day),)), days=2) == []
    away = planner((1, 540, 600), (2, 540, 600), absences=((day, day),))
    assert wall(free(away, days=3)) == ["09-12 09.00"]
    assert why_not(away, [], place=1, room=1, begins=on(9, day=8), at=AT) == Refusal.CLOSED


def test_not_before_the_lead_time_nor_more_than_so_many_a_day():
    one = planner((0, 540, 1020), (1, 540, 1020), lead_hours=24)
    assert wall(free(one, at=on(9, 30), days=2))[0] == "08-12 10.15"
    assert why_not(one, [], place=1, room=1, begins=on(9, day=8), at=on(9, 30)) == Refusal.TOO_SOON
    assert why_not(one, [], place=1, room=1, begins=on(9), at=on(9)) == Refusal.PAST
    full = planner((0, 540, 1020), (1, 540, 660), most_per_day=2)
    taken = [talk(on(9)), talk(on(10, 15))]
    assert wall(free(full, taken=taken, days=2)) == ["08-12 09.00"]
    assert why_not(full, taken, place=1, room=1, begins=on(14), at=AT) == Refusal.FULL


def test_only_in_the_rooms_and_on_the_minutes_that_are_offered():
    one = planner((0, 540, 780))
    assert why_not(one, [], place=1, room=2, begins=on(9), at=AT) == Refusal.CLOSED
    assert why_not(one, [], place=2, room=1, begins=on(9), at=AT) == Refusal.CLOSED
    assert why_not(one, [], place=1, room=1, begins=on(9, 3), at=AT) == Refusal.CLOSED
    assert why_not(one, [], place=1, room=1, begins=on(12, 5), at=AT) == Refusal.CLOSED


def test_nine_o_clock_stays_nine_o_clock_across_both_nights():
    for change in (SPRING, AUTUMN):
        begin = datetime(change.year, change.month, change.day, tzinfo=ZONE) - timedelta(days=1)
        slots = free(planner((5, 540, 600), (6, 540, 600), (0, 540, 600)), at=begin - timedelta(days=1), since=begin, days=3)
        assert [slot.begins.astimezone(ZONE).hour for slot in slots] == [9, 9, 9]
        assert {(slot.ends - slot.begins) for slot in slots} == {timedelta(hours=1)}
        hours = [slot.begins.hour for slot in slots]
        assert abs(hours[0] - hours[1]) == 1, "in UTC it is another hour"
        assert hours[1] == hours[2]


def test_in_the_night_itself():
    spring = datetime(2026, 3, 29, tzinfo=ZONE)
    slots = free(planner((6, 60, 300), buffer=0), at=spring - timedelta(days=1), since=spring)
    assert wall(slots) == ["29-03 01.00", "29-03 03.00", "29-03 04.00"], "two o'clock does not exist"
    autumn = datetime(2026, 10, 25, tzinfo=ZONE)
    slots = free(planner((6, 60, 300), buffer=0), at=autumn - timedelta(days=1), since=autumn)
    assert wall(slots) == ["25-10 01.00", "25-10 02.00", "25-10 03.00", "25-10 04.00"], "two o'clock is said once"
    second = datetime(2026, 10, 25, 2, tzinfo=ZONE, fold=1)
    assert why_not(planner((6, 60, 300)), [], place=1, room=1, begins=second, at=autumn - timedelta(days=1)) == Refusal.CLOSED


# --- whatever the hours

_SPANS = st.builds(lambda opens, long: (opens, min(opens + long, 1440)), st.integers(0, 287).map(lambda n: n * 5), st.integers(5, 700))
_PLANNERS = st.builds(
    lambda spans, minutes, buffer, lead, most, rooms: planner(
        *((day, *span) for day, span in enumerate(spans)),
        rooms=tuple(range(1, rooms + 1)),
        minutes=minutes,
        buffer=buffer,
        lead_hours=lead,
        most_per_day=most,
    ),
    st.lists(_SPANS, min_size=7, max_size=7),
    st.integers(10, 180),
    st.integers(0, 120),
    st.integers(0, 72),
    st.integers(1, 6),
    st.integers(1, 3),
)
_STARTS = st.sampled_from([AT, datetime(2026, 3, 27, 8, tzinfo=ZONE), datetime(2026, 10, 23, 8, tzinfo=ZONE)])


@given(_PLANNERS, _STARTS, st.randoms(use_true_random=False))
def test_whatever_is_offered_can_be_booked_one_after_the_other_and_nothing_overlaps(one, at, luck):
    booked = []
    for _each in range(8):
        slots = free(one, taken=booked, at=at, days=4)
        assert len({slot.begins for slot in slots}) == len(slots)
        for slot in slots:
            assert why_not(one, booked, place=slot.place, room=slot.room, begins=slot.begins, at=at) is None
            assert slot.begins.tzinfo is UTC
        if not slots:
            break
        slot = luck.choice(slots)
        booked.append(talk(slot.begins, one.minutes, one.buffer, room=slot.room))
    for before, after in pairwise(sorted(booked, key=lambda each: each.since)):
        assert before.until <= after.since
        assert after.begins - before.begins >= timedelta(minutes=one.minutes + one.buffer)
    by_day = [each.begins.astimezone(ZONE).date() for each in booked]
    assert all(by_day.count(day) <= one.most_per_day for day in by_day)


@given(_PLANNERS, _STARTS)
def test_every_time_lies_within_the_hours_on_the_wall(one, at):
    week = one.hours[0].week
    for slot in free(one, at=at, days=4):
        assert slot.begins >= at.astimezone(UTC) + timedelta(hours=one.lead_hours)
        step = slot.begins
        while step < slot.ends:
            assert week.is_open(step), f"{step.astimezone(ZONE)} is outside of {week}"
            step += timedelta(minutes=5)
        assert not is_holiday(slot.begins.astimezone(ZONE).date())


@given(st.lists(_PLANNERS, max_size=3), _STARTS)
def test_the_same_question_gets_the_same_answer_in_order(planners, at):
    different = [Planner(**{**vars(each), "professional": number}) for number, each in enumerate(planners)]
    slots = free(different, at=at, days=4)
    assert slots == free(reversed(different), at=at, days=4) == sorted(slots, key=lambda slot: (slot.begins, slot.professional))
