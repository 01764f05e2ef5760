"""How many places each choice would show: all counts of a question in one statement, or two when something is chosen."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper, F, QuerySet

from fieldlab.areas.models import Area, Level
from initiatives.models import SearchEntry
from initiatives.search.areas import Areas
from initiatives.search.asked import GROUPS, Asked, Group
from initiatives.search.kept import Kept, Moment
from initiatives.search.matching import Reading, matching, open_at, with_room

FLAGS = {"open_now": open_at, "room_now": with_room}
PART: dict[str | None, str] = {None: Level.DISTRICT, Level.DISTRICT: Level.QUARTER, Level.QUARTER: Level.NEIGHBOURHOOD}


@dataclass(slots=True)
class Counts:
    total: int = 0
    open_now: int = 0
    room_now: int = 0
    # {(name of the group, value): count}
    facts: Counter[tuple[str, str]] = field(default_factory=Counter)
    # {key of an area directly in the one asked: count}
    parts: Counter[int] = field(default_factory=Counter)


_kept: Kept[Asked, Counts] = Kept(256)


def count(asked: Asked, reading: Reading, at: datetime, now: Moment | None = None) -> Counts:
    """Each group is counted with all that is asked in the others: what choosing one more of it would add.

    Where somebody wants to be near, and which page, makes no difference. For a piece of the map of one's own nothing is kept.
    """
    asked = replace(asked, near=None, place="", contacts=False, page=1, unknown=())
    now = None if asked.box else now
    return _kept.get(asked, now, lambda: _count(asked, reading, at, now))


def _count(asked: Asked, reading: Reading, at: datetime, now: Moment | None) -> Counts:
    counts, others = Counts(), []
    _count_all(counts, asked, reading, at)
    for group in filter(asked.chosen, GROUPS):
        if known := _kept.peek(asked.without(group), now):
            counts.facts.update({key: number for key, number in known.facts.items() if key[0] == group.name})
        else:
            others.append(group)
    if others:
        _count_others(counts, others, asked, reading, at)
    return counts


def _parts_of(area: Area | None, own: int, covers: Iterable[int], tree: Areas) -> set[int]:
    """The parts of `area` (of None: the districts) in which such an entry is found: its own, and those it comes to."""
    here = {part.pk for part in tree.parts.get(area.pk if area else None, ())}
    whole = {area.pk, *(each.pk for each in tree.above(area))} if area else set()
    found = here & {own}
    for covered in filter(None, map(tree.by_pk.get, covers)):
        found |= here if covered.pk in whole else here & {covered.pk, *(each.pk for each in tree.above(covered))}
    return found


# --- The statements


def _count_all(counts: Counts, asked: Asked, reading: Reading, at: datetime) -> None:
    """All that answers everything, read once and counted in as many ways as there are groups in which nothing is chosen."""
    level = PART.get(asked.area.level if asked.area else None)
    groups = {group.column: group for group in GROUPS if not asked.chosen(group)}
    columns: dict[str, Any] = {column: F(column) for column in groups}
    columns |= {name: ExpressionWrapper(holds(at), BooleanField()) for name, holds in FLAGS.items()}
    sets = [(), *((column,) for column in columns)]
    if level:
        columns |= {"part": F(level), "covered": F("covers")}
        sets.append(("part", "covered"))
    kept = _sql(matching(asked, at=at, reading=reading).values_list(*columns.values()))
    if kept is None:
        return
    names = ", ".join(columns)
    # Named by their place: the model's own names cannot be given to an expression
    source = f"({kept[0]}) AS kept ({names}) GROUP BY GROUPING SETS ({', '.join('({})'.format(', '.join(each)) for each in sets)})"
    grouped = ", ".join(f"grouping({column})" for column in columns)
    statement = f"SELECT {names}, count(*), ARRAY[{grouped}] FROM {source}"  # noqa: S608 - names of our own columns
    for *values, number, left_out in _rows(statement, kept[1]):
        row = {column: value for column, value, out in zip(columns, values, left_out, strict=True) if not out}
        if not row:
            counts.total = number
        elif "part" in row:
            for key in _parts_of(asked.area, row["part"], row["covered"], reading.tree):
                counts.parts[key] += number
        else:
            ((column, value),) = row.items()
            if column in groups:
                _add(counts, groups[column], value if groups[column].many else [value], number)
            elif value:
                setattr(counts, column, number)


def _count_others(counts: Counts, groups: list[Group], asked: Asked, reading: Reading, at: datetime) -> None:
    """The groups in which something is chosen, each without what is chosen in it."""
    by_name, arms, params = {group.name: group for group in groups}, [], []
    for group in groups:
        if others := _sql(matching(asked.without(group), at=at, reading=reading).values(group.column)):
            values = f"{group.column}::text[]" if group.many else f"ARRAY[{group.column}]::text[]"
            source = f"({others[0]}) AS others GROUP BY {group.column}"
            arms.append(f"SELECT '{group.name}', {values}, count(*) FROM {source}")  # noqa: S608 - names of our own columns
            params += others[1]
    for name, values, number in _rows(" UNION ALL ".join(arms), params) if arms else ():
        _add(counts, by_name[name], values, number)


def _add(counts: Counts, group: Group, values: Iterable[str], number: int) -> None:
    for value in values:
        counts.facts[group.name, value] += number


def _rows(statement: str, params: list[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def _sql(entries: QuerySet[SearchEntry, Any]) -> tuple[str, list[Any]] | None:
    """None when Django already sees that nothing can match."""
    try:
        sql, params = entries.query.get_compiler(connection=connection).as_sql()
    except EmptyResultSet:
        return None
    return sql, list(params)
