"""Redis does not answer: it counts and remembers, and what people do goes on without."""

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import override_settings
from django.urls import reverse
from redis.exceptions import RedisError

from fieldlab.lib.geo import Point
from fieldlab.outbox.models import OutboxMessage
from initiatives.models import Initiative, Introduction, Photo
from tests.factories.initiatives import InitiativeFactory, MemberFactory
from tests.initiatives.test_photo_pages import sent
from tests.initiatives.test_photos import WORDS
from tests.initiatives.test_register_pages import REACH, WHERE, WHO, begin, post, step, walk
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def no_redis(nothing_remembered):
    """Nobody listens on this port; what the other tests empty before each of them is emptied by now."""
    with override_settings(CACHES={"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}}):
        with pytest.raises(RedisError):
            cache.get("anything")
        yield


@pytest.fixture
def near(java_buurt):
    """Published, in the street that is looked up."""
    return InitiativeFactory(name="Naaicafé Pretorius", activity="sewing", area=java_buurt, location=Point(4.942, 52.3635))


def test_a_street_on_the_map_is_looked_up(client, service, near):
    found = client.get("/kaart/", {"postcode": "Javastraat 112"})
    assert (found.status_code, found.url) == (302, "/kaart/?bij=52.364,4.939")
    assert near.name in client.get(found.url).content.decode()


def test_a_street_that_cannot_be_looked_up_is_said_beside_the_list(client, service, near):
    service.state.mood = "500"
    page = client.get("/kaart/", {"postcode": "Javastraat 112"})
    assert page.status_code == 200
    for text in ('id="place-error"', 'value="Javastraat 112"', near.name):
        assert text in page.content.decode()


def test_the_map_by_postcode_has_its_list(client, service, near):
    page = client.get("/kaart/", {"postcode": "1094"})
    assert page.status_code == 200
    assert near.name in page.content.decode()


def test_the_sheet_for_the_notice_board_is_made_each_time(client, near):
    for address in (reverse("area_sheet", args=[near.area.code]), "/kaart/blad.pdf", "/kaart/blad.pdf?bij=52.364,4.939"):
        for _ in range(2):
            sheet = client.get(address)
            assert (sheet.status_code, sheet["Content-Type"], sheet.content[:5]) == (200, "application/pdf", b"%PDF-")


def test_a_photo_sent_while_registering_is_kept(client):
    begin(client)
    post(client, "wie", WHO)
    assert client.post(reverse("register_photo"), sent()).url == step("controle")
    assert Initiative.objects.get().photo == Photo.objects.get()
    assert WORDS in client.get(reverse("register_photo")).content.decode()


def test_a_photo_on_a_page_is_kept(near):
    url = reverse("initiative_photo", args=[near.slug])
    client = signed_in(MemberFactory(initiative=near).user)
    assert client.post(url, sent()).url == url
    near.refresh_from_db()
    assert near.photo == Photo.objects.get()
    assert client.get(reverse("photo", args=[near.photo.key, 320])).status_code == 200


def test_who_looks_like_us_is_asked_and_the_answer_kept(client, service, near):
    begin(client)
    post(client, "wie", WHO)
    asked = post(client, "waar", WHERE).url
    assert asked == reverse("register_twins") + "?na=waar"
    assert near.name in client.get(asked).content.decode()
    answer = client.post(asked, {f"answer-{near.pk}": "introduce", f"word-{near.pk}": "Zullen we samen naaien?"})
    assert answer.url == step("bereiken")
    assert Introduction.objects.get().message == "Zullen we samen naaien?"


def test_that_is_us_asks_the_team_to_let_us_in(client, service, near):
    MemberFactory(initiative=near)
    begin(client)
    post(client, "wie", WHO)
    client.post(post(client, "waar", WHERE).url, {f"answer-{near.pk}": "same"})
    answer = client.post(reverse("register_same"), {"name": "Nadia", "email": "nadia@demo.example", "message": ""})
    assert answer.status_code == 200
    assert near.join_requests.get().email == "nadia@demo.example"
    assert OutboxMessage.objects.count() > 0


def test_a_registration_is_handed_in_whole_and_its_mail_waits(client, service, java_buurt):
    walk(client)
    assert post(client, "controle", {}).url == reverse("register_done")
    initiative = Initiative.objects.get()
    assert (initiative.status, initiative.name, initiative.contact_name) == ("submitted", WHO["name"], REACH["contact_name"])
    assert OutboxMessage.objects.filter(to=initiative.email).exists()
