"""A page must not ask the database more the more it shows."""

from collections.abc import Callable

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def assert_constant_queries(client: Client, url: str, add_row: Callable[[], object]) -> int:
    """GET `url` with one row and with three; fails with the extra queries when the counts differ. Returns the count.

    `add_row` makes one more row that the page shows; call the helper with none made.
    """
    add_row()
    client.get(url)  # warms what a process reads once: content types, templates, translations
    one = _queries(client, url)
    add_row()
    add_row()
    three = _queries(client, url)
    assert len(one) == len(three), f"{url}: {len(one)} queries at 1 row, {len(three)} at 3:\n" + "\n".join(
        sql for sql in three if three.count(sql) > 1 or sql not in one
    )
    return len(one)


def _queries(client: Client, url: str) -> list[str]:
    with CaptureQueriesContext(connection) as context:
        response = client.get(url)
    assert response.status_code == 200, f"{url} answers {response.status_code}"
    return [query["sql"] for query in context.captured_queries]
