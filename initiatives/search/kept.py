"""What a process keeps of its answers, as long as they hold."""

from collections.abc import Callable, Hashable
from datetime import datetime
from typing import Generic, TypeVar

from django.db import connection

from initiatives.models import MapChange

# The minute, the number of the latest mark on the map, and the database
Moment = tuple[datetime, int | None, str]


def moment(at: datetime) -> Moment | None:
    """As long as this is the same, answers that depend on nobody are too; None where nothing may be kept.

    A change of any entry or contact marks the map, and its mark takes a number. It takes the number before others see the change:
    whoever asks between the two keeps the old answer until the minute is over (what is open may differ then anyway), and no longer.
    Inside a transaction, as in the tests, what is read may be taken back.
    """
    if connection.in_atomic_block:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sequence_last_value(pg_get_serial_sequence(%s, 'id')::regclass)", [MapChange._meta.db_table])
        (number,) = cursor.fetchone() or (None,)
    return at.replace(second=0, microsecond=0), number, str(connection.settings_dict["NAME"])


Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Kept(Generic[Key, Value]):
    """At most so many; emptied when full, as nearly all is of a moment that has passed. Two threads may make the same, that is all."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: dict[tuple[Key, Moment], Value] = {}

    def peek(self, key: Key, now: Moment | None) -> Value | None:
        return self._values.get((key, now)) if now else None

    def get(self, key: Key, now: Moment | None, make: Callable[[], Value]) -> Value:
        if now is None:
            return make()
        value = self._values.get((key, now))
        if value is None:
            value = make()
            if len(self._values) >= self._most:
                self._values.clear()
            self._values[key, now] = value
        return value
