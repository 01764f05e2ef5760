import json
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from fieldlab.lib.database import owner_connection
from tests.factories import outbox

pytestmark = pytest.mark.django_db(transaction=True)


def test_alive_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        response = client.get("/healthz", headers={"host": "10.1.2.3"})
    assert (response.status_code, response.content) == (200, b"alive\n")


def test_ready_for_any_host_name_and_without_tls(client, settings):
    settings.SECURE_SSL_REDIRECT = True
    response = client.get("/readyz", headers={"host": "10.1.2.3"})
    assert (response.status_code, response.json()) == (200, {"ready": True, "faults": [], "outbox_oldest_due_seconds": None})


def test_only_reading(client):
    assert client.post("/readyz").status_code == 405


def test_mail_that_waits_is_told_and_does_not_make_it_unready(client):
    outbox.email(at=timezone.now() - timedelta(minutes=5))
    response = client.get("/readyz")
    assert response.status_code == 200
    assert 300 <= response.json()["outbox_oldest_due_seconds"] < 360


def test_not_ready_as_the_owner(client):
    with owner_connection():
        response = client.get("/readyz")
    assert response.status_code == 503
    assert "database role owns the database or tables in it" in response.json()["faults"]


def test_not_ready_without_redis(client, settings):
    settings.REDIS_URL = "redis://127.0.0.1:9/0"
    response = client.get("/readyz")
    assert (response.status_code, response.json()["faults"]) == (503, ["Redis does not answer"])


def test_not_ready_without_database(client):
    there = connection.settings_dict
    connection.close()
    connection.settings_dict = {**there, "PORT": 9}
    try:
        response = client.get("/readyz")
    finally:
        connection.close()
        connection.settings_dict = there
    assert (response.status_code, response.json()["faults"]) == (503, ["database does not answer"])


def test_not_ready_with_a_migration_to_apply(client):
    with owner_connection(), connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'areas' AND name = '0001_initial' RETURNING row_to_json(django_migrations)"
        )
        (row,) = cursor.fetchone()
    try:
        response = client.get("/readyz")
    finally:
        with owner_connection(), connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO django_migrations SELECT * FROM json_populate_record(null::django_migrations, %s)",
                [row if isinstance(row, str) else json.dumps(row)],
            )
    assert (response.status_code, response.json()["faults"]) == (503, ["1 migrations not applied"])
