"""Which entries answer a question: every filter as one condition on the search table."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import BooleanField, F, Func, Q, QuerySet, TextField, Value
from django.utils import timezone

from fieldlab.areas.models import Area
from fieldlab.lib.opening import ZONE
from initiatives.models import Room, SearchEntry
from initiatives.querysets import ROOM_HOLDS
from initiatives.search.areas import Areas, areas
from initiatives.search.asked import GROUPS, Asked, Group
from initiatives.search.distances import InBox
from initiatives.search.spelling import any_has, spelt_otherwise
from initiatives.search.words import OneOf, having, words_of

WEEK_DAY_MINUTES = 1440


class _Holds(Func):
    """`multirange @> one of its elements`."""

    template = "%(expressions)s"
    arg_joiner = " @> "
    output_field = BooleanField()


@dataclass(frozen=True, slots=True)
class Reading:
    """A question made ready: the areas as they are, and which words to look for, one of each group.

    `alike` when nothing has the words as they were typed, and these are the words most like them.
    """

    tree: Areas
    groups: tuple[OneOf, ...] = ()
    condition: Q = field(default_factory=Q)
    alike: bool = False

    @property
    def words(self) -> OneOf:
        return tuple(word for group in self.groups for word in group)


def prepare(asked: Asked) -> Reading:
    """One query for the areas and one to see whether the words are found; a few more when they are not.

    Other filters have no say in which words are looked for, so that what is counted beside a choice is what choosing it shows.
    """
    tree, words = areas(), words_of(asked.words)
    if not words:
        # Signs without a letter find nothing; nothing typed finds everything.
        return Reading(tree, condition=Q(pk__in=[]) if asked.words else Q())
    groups: tuple[OneOf, ...] = tuple((word,) for word in words)
    condition = having(groups)
    if any_has(condition):
        return Reading(tree, groups, condition)
    groups = tuple(spelt_otherwise(words, tree))
    return Reading(tree, groups, having(groups), alike=True)


def matching(asked: Asked, *, at: datetime | None = None, reading: Reading | None = None) -> QuerySet[SearchEntry]:
    """The search entries of all that is asked, in no order. What is open, or has room, is so `at` this moment, or now."""
    at, reading = at or timezone.now(), reading or prepare(asked)
    wanted = reading.condition
    for group in GROUPS:
        if chosen := asked.chosen(group):
            wanted &= has(group, chosen)
    if asked.area:
        wanted &= comes_to(asked.area, reading.tree)
    if asked.room_now:
        wanted &= with_room(at)
    entries = SearchEntry.objects.filter(wanted)
    if asked.open_now:
        entries = entries.filter(open_at(at))
    if asked.box:
        entries = entries.filter(InBox("point", asked.box))
    return entries


def has(group: Group, values: tuple[str, ...]) -> Q:
    return Q(**{f"{group.column}__{'overlap' if group.many else 'in'}": [*values]})


def comes_to(area: Area, tree: Areas | None = None) -> Q:
    """Lies in the area, or comes to people in a part of it or in what it is a part of."""
    return Q(**{str(area.level): area.pk}) | Q(covers__overlap=(tree or areas()).touching(area))


def with_room(at: datetime) -> Q:
    return Q(room=Room.YES, room_at__gte=at - ROOM_HOLDS)


def open_at(at: datetime) -> Q:
    """As `fieldlab.lib.opening.OpeningHours.is_open`: by the clock on the wall; a day that is an exception has only its own hours."""
    local = at.astimezone(ZONE).replace(tzinfo=None)
    minute = local.weekday() * WEEK_DAY_MINUTES + local.hour * 60 + local.minute
    other_day = _Holds(F("exceptional_days"), _typed(local.date().isoformat(), "date"))
    on_other_day = _Holds(F("exceptional_hours"), _typed(local.isoformat(sep=" "), "timestamp"))
    in_week = _Holds(F("week"), _typed(str(minute), "int4"))
    return Q(on_other_day) | (~Q(other_day) & Q(in_week))


def _typed(text: str, sort: str) -> Func:
    return Func(Value(text), template=f"(%(expressions)s)::{sort}", output_field=TextField())
