"""The harness shows a race where there is one, and none where a lock prevents it."""

from time import sleep

import pytest
from django.db import connection, transaction

from fieldlab.accounts.models import User
from tests.concurrency.harness import race

pytestmark = pytest.mark.django_db(transaction=True)

SEATS = 8


def count_up(user_id, *, locked):
    """Reads a number, thinks, writes it plus one: the pattern behind every double booking."""
    with transaction.atomic():
        users = User.objects.select_for_update() if locked else User.objects
        user = users.get(pk=user_id)
        sleep(0.02)
        User.objects.filter(pk=user_id).update(name=str(int(user.name) + 1))


@pytest.mark.parametrize(("locked", "lost"), [(False, True), (True, False)], ids=["unlocked control loses", "locked loses nothing"])
def test_a_race_shows_only_without_a_lock(locked, lost):
    user = User.objects.create_user("race@demo.example", name="0")
    outcomes = race(*[lambda: count_up(user.pk, locked=locked)] * SEATS)
    assert [outcome.error for outcome in outcomes] == [None] * SEATS
    user.refresh_from_db()
    assert (int(user.name) < SEATS) is lost


def test_errors_come_back_beside_results():
    def backend():
        return connection.cursor().execute("SELECT pg_backend_pid()").fetchone()[0]

    first, second, third = race(backend, backend, lambda: 1 / 0)
    assert first.result != second.result, "each call has a connection of its own"
    assert isinstance(third.error, ZeroDivisionError)
