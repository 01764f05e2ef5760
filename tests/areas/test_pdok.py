import logging
import time
from datetime import UTC, datetime

import pytest
from django.test import override_settings

from fieldlab.areas import pdok, sample
from fieldlab.areas.actions import (
    AddressServiceUnavailable,
    lookup_address,
    postcode_centre,
    postcode_digits,
    suggest_addresses,
)
from fieldlab.areas.models import Postcode4
from fieldlab.areas.views import ASKS_A_MINUTE
from fieldlab.lib.geo import Point
from tests.servers.pdok import pdok as pdok_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def service():
    with pdok_server() as server, override_settings(PDOK_LOCATIESERVER_URL=server.url):
        yield server


def test_suggest_then_lookup(service):
    sample.load(datetime(2026, 12, 1, tzinfo=UTC))
    first = suggest_addresses("  javastraat   112 ")[0]
    assert first.label == "Javastraat 112, 1094HP Amsterdam"
    address = lookup_address(first.id)
    assert (address.street, address.number, address.postcode, address.city) == ("Javastraat", "112", "1094 HP", "Amsterdam")
    assert address.point == Point(4.93945, 52.36352)
    assert "gemeentecode" in service.requests[0].query["fq"]


def test_nothing_is_asked_for_fewer_than_three_characters_or_for_what_is_no_id(service):
    assert suggest_addresses(" ja ") == []
    assert suggest_addresses("\x00\x00\x00") == []
    assert lookup_address("adr-../../free?q=x") is None
    assert lookup_address("adr-" + "f" * 32) is None
    assert len(service.requests) == 1


@pytest.mark.parametrize("mood", ["html", "500", "404", "hang up", "garbage", "binary", "wrong", "list", "null", "huge", "deep"])
def test_nonsense_is_one_plain_error_and_nobody_waits_for_it_twice(service, mood):
    service.state.mood = mood
    with pytest.raises(AddressServiceUnavailable) as error:
        suggest_addresses("javastraat 112")
    assert error.value.__cause__ is None
    asked = len(service.requests)
    with pytest.raises(AddressServiceUnavailable):
        lookup_address("adr-" + "1" * 32)
    assert len(service.requests) == asked


def test_a_question_that_it_refuses_does_not_stop_the_next(service):
    service.state.mood = "400"
    with pytest.raises(AddressServiceUnavailable):
        suggest_addresses('"((javastraat')
    service.state.mood = ""
    assert suggest_addresses("javastraat 112")


@override_settings(PDOK_TIMEOUT_SECONDS=0.3)
def test_a_slow_service_is_left_in_time_and_is_asked_again_later(service):
    service.state.delay = 1.5
    started = time.monotonic()
    with pytest.raises(AddressServiceUnavailable):
        suggest_addresses("javastraat 112")
    assert time.monotonic() - started < 1
    service.state.delay = 0
    pdok.forget_failure()
    assert suggest_addresses("javastraat 112")


def test_what_people_type_is_in_no_log(service, caplog):
    caplog.set_level(logging.DEBUG)
    typed = "".join(["geheim", "straat 7"])  # not as one word, or the traceback would quote this line
    for mood in ("", "500", "garbage"):
        service.state.mood = mood
        pdok.forget_failure()
        try:
            suggest_addresses(typed)
        except AddressServiceUnavailable as error:
            logging.getLogger("test").exception("failed", exc_info=error)
    assert "geheimstraat" not in "".join(record.getMessage() for record in caplog.records if not record.name.startswith("httpcore"))
    assert "geheimstraat" not in "".join(str(record.exc_text) for record in caplog.records)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("1094", "1094"),
        (" 1094 HP ", "1094"),
        ("1094hp", "1094"),
        ("0194", None),
        ("109", None),
        ("1094 HPX", None),
        ("١٠٩٤", None),
        ("", None),
    ],
)
def test_a_postcode_counts_by_its_four_digits(typed, digits):
    assert postcode_digits(typed) == digits


def test_the_middle_of_a_postcode_is_learned_once(service):
    assert postcode_centre("1094 HP") == Point(4.941, 52.364)
    service.state.mood = "500"
    assert postcode_centre("1094") == Point(4.941, 52.364)
    assert Postcode4.objects.count() == 1
    assert len(service.requests) == 1


def test_an_unknown_postcode_is_remembered_as_unknown(service):
    assert postcode_centre("9999") is None
    assert postcode_centre("9999") is None
    assert len(service.requests) == 1


def test_without_the_service_a_postcode_is_unknown():
    assert postcode_centre("1094") is None


def test_the_view_suggests_and_looks_up(client, service):
    answer = client.get("/adres/suggesties/", {"q": "javastraat 112"})
    assert answer["Cache-Control"] == "private, no-store"
    found = answer.json()["suggestions"]
    address = client.get("/adres/suggesties/", {"id": found[0]["id"]}).json()["address"]
    assert address["point"] == {"lon": 4.93945, "lat": 52.36352}


def test_the_view_says_in_words_that_the_service_is_down(client):
    answer = client.get("/adres/suggesties/", {"q": "javastraat 112"})
    assert answer.status_code == 200
    assert answer.json()["message"]


@pytest.mark.parametrize("query", ["", "ab", "\x00" * 50, "x" * 50_000, "😀" * 300, "../../etc", '"; DROP TABLE'])
def test_the_view_takes_any_text(client, service, query):
    assert client.get("/adres/suggesties/", {"q": query}).status_code == 200
    assert client.get("/adres/suggesties/", {"id": query}).status_code == 200


def test_the_view_slows_down_whoever_asks_without_end(client, service):
    answers = [client.get("/adres/suggesties/", {"q": "ja"}).status_code for _ in range(ASKS_A_MINUTE + 1)]
    assert answers[-2:] == [200, 429]


@override_settings(CACHES={"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:9/0"}})
def test_without_redis_typing_goes_on(client, service):
    assert client.get("/adres/suggesties/", {"q": "javastraat"}).json()["suggestions"]
    assert postcode_centre("9999") is None
