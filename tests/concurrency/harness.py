"""Races on real transactions: `race(book, book, book)` runs the calls at the same moment, each on a database connection of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Barrier, Thread
from typing import Generic, TypeVar

from django.db import connection

PATIENCE_SECONDS = 30
T = TypeVar("T")


@dataclass
class Outcome(Generic[T]):
    """What one call gave: its result, or the exception that ended it."""

    result: T | None = None
    error: Exception | None = None


def race(*calls: Callable[[], T]) -> Sequence[Outcome[T]]:
    """Outcomes in the order of the calls. Needs `django_db(transaction=True)`: what a test has not committed, no thread sees.

    Raises AssertionError when a call is not back in 30 s, which is how a deadlock shows.
    """
    assert not connection.in_atomic_block, "mark the test with django_db(transaction=True)"
    start = Barrier(len(calls), timeout=PATIENCE_SECONDS)
    outcomes: list[Outcome[T]] = [Outcome() for _ in calls]

    def run(call: Callable[[], T], outcome: Outcome[T]) -> None:
        try:
            connection.ensure_connection()  # before the barrier: connecting takes longer than most races last
            start.wait()
            outcome.result = call()
        except Exception as error:  # noqa: BLE001 (the test says which are right)
            outcome.error = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair, daemon=True) for pair in zip(calls, outcomes, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    assert not any(thread.is_alive() for thread in threads), "a call did not come back: a deadlock?"
    return outcomes
