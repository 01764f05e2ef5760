"""Registering through the pages, with an address service that answers, is down, is slow, or talks nonsense."""

import time
import uuid

import pytest
from django.conf import settings
from django.test import Client, override_settings
from django.urls import reverse

from fieldlab.lib.geo import Point
from fieldlab.outbox.models import OutboxMessage
from initiatives.models import Initiative
from initiatives.views import register
from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db

WHO = {"name": "De Draad", "kind": "social_enterprise", "activity": "sewing", "summary": "We sew."}
WHERE = {"postcode": "1094 hp", "house_number": "112", "access": "walk_in"}
REACH = {"contact_name": "Nadia", "phone": "", "email": "Nadia@demo.example", "email_public": "on"}
BY_HAND = {"street": "Javastraat"}


def step(slug):
    return reverse("register_step", args=[slug])


def begin(client):
    client.post(reverse("register"), {"new": "1"})
    return client.get(step("wie")).context["key"]


def post(client, slug, data, key=None):
    key = key or client.get(step(slug)).context["key"]
    return client.post(step(slug), {**data, "key": key})


def walk(client, where=WHERE, reach=REACH):
    begin(client)
    post(client, "wie", WHO)
    post(client, "waar", where)
    post(client, "bereiken", reach)


def test_the_whole_walk_without_an_account(client, service, java_buurt):
    assert client.get(reverse("register")).status_code == 200
    begin(client)
    assert post(client, "wie", WHO).url == step("waar")
    assert post(client, "waar", WHERE).url == step("bereiken")
    assert post(client, "bereiken", REACH).url == step("aanbod")
    assert post(client, "aanbod", {"offers": ["work"], "languages": ["ar"]}).url == step("tijden")
    assert post(client, "tijden", {"day0_0": "9", "day0_1": "17"}).url == reverse("register_photo")
    draft = Initiative.objects.get()
    assert (draft.street, draft.city, draft.postcode, draft.location) == ("Javastraat", "Amsterdam", "1094 HP", Point(4.93945, 52.36352))
    assert (draft.area, draft.email, draft.status) == (java_buurt, "nadia@demo.example", "draft")
    check = client.get(step("controle"))
    for text in ("De Draad", "Javastraat 112, 1094 HP Amsterdam", "Javabuurt", "Nadia", "nadia@demo.example", "Arabisch", "17.00"):
        assert text in check.content.decode()
    assert post(client, "controle", {}).url == reverse("register_done")
    done = client.get(reverse("register_done"))
    assert done.context["initiative"] == draft
    draft.refresh_from_db()
    assert (draft.status, draft.slug) == ("submitted", "de-draad")


def test_a_number_that_another_shows_is_asked_about_when_it_is_typed(client, service, java_buurt):
    """Far away and with another name: only the number tells."""
    far = NeighbourhoodFactory(centre=Point(4.78, 52.40))
    other = InitiativeFactory(name="Fietsen Osdorp", area=far, activity="bikes", phone="+31200000499", email="osdorp@demo.example")
    hidden = InitiativeFactory(name="Koor Osdorp", area=far, activity="music", phone="+31200000498", phone_public=False)
    begin(client)
    post(client, "wie", WHO)
    assert post(client, "waar", WHERE).url == step("bereiken")
    assert post(client, "bereiken", {**REACH, "phone": "020 000 04 98"}).url == step("aanbod")
    asked = post(client, "bereiken", {**REACH, "phone": "020 000 04 99"}).url
    assert asked == reverse("register_twins") + "?na=bereiken"
    shown = client.get(asked).content.decode()
    assert (other.name in shown, hidden.name in shown, step("bereiken") in shown) == (True, False, True)
    assert client.post(asked, {f"answer-{other.pk}": "different"}).url == step("aanbod")
    assert post(client, "bereiken", {**REACH, "phone": "020 000 04 99"}).url == step("aanbod"), "asked once"
    for nonsense in ("x", "wie", "\x00"):
        assert client.post(reverse("register_twins"), {}, query_params={"na": nonsense}).url == step("bereiken")


def test_each_step_says_where_one_is_in_title_and_heading(client, service, java_buurt):
    walk(client)
    for number, slug in enumerate(["wie", "waar", "bereiken", "aanbod", "tijden", "foto", "controle"], 1):
        page = client.get(step(slug), follow=True).content.decode()
        title = page[page.index("<title>") : page.index("</title>")]
        assert f"{number}" in title
        assert "7" in title
        assert 'aria-current="step"' in page
        assert page.count("<h1") == 1


def test_one_answer_missing_is_said_and_nothing_typed_is_lost(client):
    begin(client)
    response = post(client, "wie", {"name": "De Draad", "summary": "We sew."})
    assert response.status_code == 422
    assert set(response.context["form"].errors) == {"kind", "activity"}
    assert response.context["form"]["name"].value() == "De Draad"
    assert b"data-error-summary" in response.content
    assert not Initiative.objects.exists()


def test_going_on_later_keeps_what_was_understood(client):
    begin(client)
    assert post(client, "wie", {"name": "De Draad", "later": "1"}).url == reverse("register_later")
    assert client.get(reverse("register_later")).status_code == 200
    assert client.get(step("wie")).context["form"]["name"].value() == "De Draad"


def test_a_later_step_leads_back_to_the_first_gap(client, service, java_buurt):
    assert client.get(step("waar")).url == reverse("register")
    begin(client)
    post(client, "wie", WHO)
    assert client.get(step("controle")).url == step("waar")
    post(client, "waar", WHERE)
    assert client.get(step("controle")).url == step("bereiken")
    assert client.get(step("nonsense")).status_code == 404
    assert client.post(step("controle"), {"key": client.session["registration"]}).url == step("bereiken")


# --- Where


def where(client, data):
    begin(client)
    post(client, "wie", WHO)
    return post(client, "waar", data)


def test_a_half_postcode_is_said_as_in_the_picture(client, service):
    response = where(client, {"postcode": "1094", "house_number": "112"})
    assert set(response.context["form"].errors) == {"postcode", "access"}
    assert "1094" in response.context["form"].errors["postcode"][0]
    assert response.context["form"]["postcode"].value() == "1094"


def test_an_address_that_does_not_exist_opens_the_fields_to_fill_in(client, service, java_buurt):
    response = where(client, {**WHERE, "house_number": "999"})
    assert set(response.context["form"].errors) == {"house_number"}
    assert response.context["form"].by_hand
    again = post(client, "waar", {**WHERE, **BY_HAND, "house_number": "999", "neighbourhood": java_buurt.pk})
    assert again.url == step("bereiken")
    assert Initiative.objects.get().location is None


@pytest.mark.parametrize("mood", ["html", "500", "hang up", "garbage", "wrong", "huge"])
def test_with_the_address_service_broken_typing_and_choosing_still_work(client, service, java_buurt, mood):
    service.state.mood = mood
    response = where(client, WHERE)
    assert response.status_code == 422
    assert response.context["form"].by_hand
    assert set(response.context["form"].errors) == {"neighbourhood"}
    assert post(client, "waar", {**WHERE, **BY_HAND, "neighbourhood": java_buurt.pk}).url == step("bereiken")
    draft = Initiative.objects.get()
    assert (draft.street_and_number, draft.area, draft.location) == ("Javastraat 112", java_buurt, None)
    assert draft.shown_point == java_buurt.centre


@override_settings(PDOK_TIMEOUT_SECONDS=0.3)
def test_a_slow_address_service_keeps_nobody_waiting(client, service, java_buurt):
    service.state.delay = 3
    begin(client)
    post(client, "wie", WHO)
    started = time.monotonic()
    assert post(client, "waar", WHERE).status_code == 422
    assert time.monotonic() - started < 2


def test_with_the_address_service_down_the_pin_still_works(client, java_buurt):
    assert where(client, {**WHERE, "street": "Javastraat", "lon": "4.9411", "lat": "52.3622"}).url == step("bereiken")
    draft = Initiative.objects.get()
    assert (draft.location, draft.area) == (Point(4.9411, 52.3622), java_buurt)


def test_a_pin_outside_every_neighbourhood_asks_for_one(client, java_buurt):
    response = where(client, {**WHERE, "street": "Javastraat", "lon": "5.9", "lat": "52.3"})
    assert set(response.context["form"].errors) == {"neighbourhood"}


@pytest.mark.parametrize(("lon", "lat"), [("nan", "52"), ("999", "52"), ("4.9", "-91"), ("inf", "52"), ("x", "52")])
def test_a_pin_that_is_no_place_is_refused(client, java_buurt, lon, lat):
    assert where(client, {**WHERE, "lon": lon, "lat": lat}).status_code == 422


def test_a_moved_pin_wins_and_an_untouched_one_follows_a_new_address(client, service, java_buurt):
    where(client, WHERE)
    form = client.get(step("waar")).context["form"]
    shown = {name: form[name].value() for name in ("street", "neighbourhood", "lon", "lat")}
    post(client, "waar", {**WHERE, **shown, "lon": "4.9401"})
    assert Initiative.objects.get().location == Point(4.9401, 52.36352)
    asked = len(service.requests)
    post(client, "waar", {**WHERE, **shown, "lon": "4.9401"})
    assert len(service.requests) == asked
    post(client, "waar", {**WHERE, **shown, "lon": "4.9401", "house_number": "114"})
    draft = Initiative.objects.get()
    assert (draft.house_number, draft.location) == ("114", Point(4.93955, 52.3635))


def test_no_fixed_place_is_found_by_postcode_and_keeps_no_address(client, service, java_buurt):
    assert where(client, {"postcode": "1094 HP", "access": "no_fixed_place"}).url == step("bereiken")
    draft = Initiative.objects.get()
    assert (draft.area, draft.postcode, draft.location, draft.address) == (java_buurt, "", None, "")


def test_no_fixed_place_without_postcode_or_service_chooses_the_neighbourhood(client, java_buurt):
    response = where(client, {"postcode": "1094 HP", "access": "no_fixed_place"})
    assert set(response.context["form"].errors) == {"neighbourhood"}
    assert post(client, "waar", {"access": "no_fixed_place", "neighbourhood": java_buurt.pk}).url == step("bereiken")


def test_without_an_address_it_says_what_to_type(client):
    assert set(where(client, {"access": "walk_in"}).context["form"].errors) == {"postcode", "house_number"}


# --- How to reach


@pytest.mark.parametrize(
    ("access", "reach", "wrong"),
    [
        ("walk_in", {"phone": "", "email": ""}, {"phone"}),
        ("walk_in", {"phone": "020 12", "email": ""}, {"phone"}),
        ("walk_in", {"email": "nadia@"}, {"email"}),
        ("walk_in", {"contact_name": ""}, {"contact_name"}),
        ("walk_in", {"website": "not a site"}, {"website"}),
        ("walk_in", {"website": "javascript:alert(1)"}, {"website"}),
        ("appointment", {"email_public": ""}, {"email_public"}),
        ("appointment", {"email": "", "phone": "020 000 04 56"}, {"phone_public"}),
    ],
)
def test_what_is_wrong_in_how_to_reach(client, service, java_buurt, access, reach, wrong):
    where(client, {**WHERE, "access": access})
    response = post(client, "bereiken", {**REACH, **reach})
    assert set(response.context["form"].errors) == wrong


def test_a_number_is_kept_in_one_form_and_only_public_when_said_so(client, service, java_buurt):
    walk(client, reach={**REACH, "phone": "020-0000456", "website": "www.demo.example"})
    draft = Initiative.objects.get()
    assert (draft.phone, draft.phone_public, draft.public_phone, draft.website) == ("+31200000456", False, "", "https://www.demo.example")


# --- What may be skipped


def test_what_may_be_skipped_is_skipped_and_what_was_understood_of_it_is_kept(client, service, java_buurt):
    walk(client)
    assert post(client, "aanbod", {"offers": ["work", "x"], "languages": ["nl"], "skip": "1"}).url == step("tijden")
    assert post(client, "tijden", {"day0_0": "9", "day0_1": "12", "day1_0": "x", "skip": "1"}).url == reverse("register_photo")
    draft = Initiative.objects.get()
    assert (draft.offers, draft.languages, draft.opening_hours["week"]) == ([], ["nl"], [[0, 540, 720]])
    assert client.get(step("controle")).status_code == 200
    assert post(client, "wie", {"name": "Other", "skip": "1"}).status_code == 422, "who they are may not be skipped"


def test_one_more_row_keeps_all_that_was_typed_and_says_nothing_about_it(client, service, java_buurt):
    walk(client)
    typed = {"day0_0": "half", "exception0_0": "2026-99-99", "exception0_4": "Kerst", "more": "exceptions"}
    response = post(client, "tijden", typed)
    assert response.status_code == 200
    assert b"data-error-summary" not in response.content
    assert [response.context["form"][name].value()[0] for name in ("day0", "exception0")] == ["half", "2026-99-99"]
    assert b"exception1_0" in response.content
    response = post(client, "bereiken", {**REACH, "channel0_0": "facebook", "channel0_1": "x", "more": "channels"})
    assert b"channel1_1" in response.content
    response = post(client, "tijden", {"day0_0": "half"})
    assert response.status_code == 422
    assert b"data-error-summary" in response.content


def test_hours_survive_a_session_that_ends_and_a_form_that_is_a_day_old(client, service, java_buurt):
    walk(client)
    key = client.get(step("tijden")).context["key"]
    client.cookies.clear()
    assert post(client, "tijden", {"day0_0": "9", "day0_1": "17"}, key).url == reverse("register_photo")
    assert Initiative.objects.get().opening_hours["week"] == [[0, 540, 1020]]
    checked = Client(enforce_csrf_checks=True)
    refused = checked.post(step("tijden"), {"day0_0": "10", "day0_1": "17", "key": key})
    assert refused.status_code == 403
    assert Initiative.objects.get().opening_hours["week"] == [[0, 540, 1020]]


# --- Sessions, double sends and whose draft it is


def test_another_session_never_opens_the_draft(client, service, java_buurt):
    walk(client)
    other = Client()
    assert other.get(step("waar")).url == reverse("register")
    assert other.get(step("controle")).url == reverse("register")
    assert b"De Draad" not in other.get(reverse("register")).content
    assert other.get("/initiatieven/de-draad/").status_code == 404
    begin(other)
    assert other.get(step("wie")).context["form"]["name"].value() in (None, "")


def test_a_draft_has_no_page_not_even_for_a_coordinator(client, service, java_buurt):
    InitiativeFactory(draft=True)
    coordinator = signed_in(UserFactory(coordinator=True))
    assert coordinator.get("/initiatieven/None/").status_code == 404
    assert b"De Draad" not in coordinator.get(reverse("moderation_queue")).content


def test_a_session_that_ends_half_way_loses_nothing(client, service, java_buurt):
    begin(client)
    post(client, "wie", WHO)
    key = client.get(step("waar")).context["key"]
    client.cookies.pop(settings.SESSION_COOKIE_NAME)
    assert post(client, "waar", WHERE, key).url == step("bereiken")
    assert Initiative.objects.get().street == "Javastraat"
    assert client.get(step("bereiken")).status_code == 200


def test_an_owner_whose_session_ends_signs_in_and_goes_on(service, java_buurt):
    user = UserFactory()
    client = signed_in(user)
    begin(client)
    post(client, "wie", WHO)
    key = client.get(step("waar")).context["key"]
    client.cookies.pop(settings.SESSION_COOKIE_NAME)
    assert post(client, "waar", WHERE, key).url == step("bereiken")
    assert client.get(step("bereiken")).url.startswith(reverse(settings.LOGIN_URL))
    assert Initiative.objects.get().street == "Javastraat"


def test_signed_in_one_goes_on_on_another_device(service, java_buurt):
    user = UserFactory()
    first, second = signed_in(user), signed_in(user)
    begin(first)
    post(first, "wie", WHO)
    page = second.get(reverse("register"))
    assert b"De Draad" in page.content
    key = Initiative.objects.get().draft_key
    assert second.post(reverse("register"), {"draft": key}).url == step("waar")
    assert signed_in(UserFactory()).post(reverse("register"), {"draft": key}).status_code == 404


def test_sending_twice_and_coming_back_make_no_twin(client, service, java_buurt):
    walk(client)
    key = client.get(step("controle")).context["key"]
    for _ in range(3):
        assert client.post(step("controle"), {"key": key}).url == reverse("register_done")
    assert client.get(step("controle")).url == reverse("register")
    assert client.post(step("wie"), {**WHO, "name": "Other", "key": key}).url == reverse("register_done")
    assert Initiative.objects.get().name == "De Draad"
    assert OutboxMessage.objects.filter(key__startswith="initiative-received").count() == 1


def test_begin_anew_beside_a_draft_and_throw_it_away(client):
    begin(client)
    post(client, "wie", WHO)
    client.post(reverse("register"), {"new": "1"})
    post(client, "wie", {**WHO, "name": "De Naald"})
    assert set(Initiative.objects.values_list("name", flat=True)) == {"De Draad", "De Naald"}
    assert client.get(reverse("register_discard")).status_code == 200
    assert Initiative.objects.count() == 2
    client.post(reverse("register_discard"))
    assert Initiative.objects.get().name == "De Draad"


@pytest.mark.parametrize("key", ["", "x", "\x00", str(uuid.UUID(int=7, version=4)), "9" * 500])
def test_a_made_up_key_opens_nothing(client, service, java_buurt, key):
    InitiativeFactory(draft=True, name="Of somebody else")
    response = client.post(step("controle"), {"key": key})
    assert response.url == reverse("register")
    client.post(step("wie"), {**WHO, "key": key})
    assert Initiative.objects.filter(name="Of somebody else").exists()


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\u202eevil", "🧵🪡", "a" * 80])
def test_odd_names_are_shown_as_text(client, service, java_buurt, name):
    begin(client)
    post(client, "wie", {**WHO, "name": name})
    page = client.get(step("waar")).content.decode()
    assert "<script>alert" not in page
    assert Initiative.objects.get().name == name


def test_a_null_byte_is_refused_politely(client):
    begin(client)
    assert post(client, "wie", {**WHO, "name": "a\x00b"}).status_code == 422


def test_the_card_is_shown_without_saving(client):
    response = client.post(reverse("register_preview"), {"name": "De Draad", "kind": "cooperative", "activity": "garden"})
    assert b"De Draad" in response.content
    assert client.post(reverse("register_preview"), {"kind": "x", "activity": "y"}).status_code == 200
    assert not Initiative.objects.exists()


def test_a_coordinator_types_for_somebody_on_the_telephone(service, java_buurt):
    client = signed_in(UserFactory(coordinator=True))
    client.post(reverse("register"), {"by_phone": "1"})
    post(client, "wie", WHO)
    post(client, "waar", WHERE)
    post(client, "bereiken", REACH)
    post(client, "controle", {})
    initiative = Initiative.objects.get()
    assert (initiative.by_phone, initiative.status, initiative.members.exists()) == (True, "submitted", False)
    assert initiative.invitations.get().email == "nadia@demo.example"


def test_nobody_else_types_for_others(client):
    for each in (client, signed_in(UserFactory())):
        each.post(reverse("register"), {"by_phone": "1"})
        post(each, "wie", WHO)
    assert not Initiative.objects.filter(by_phone=True).exists()


def test_pages_of_a_registration_are_not_kept_by_the_browser(client):
    begin(client)
    for url in (reverse("register"), step("wie")):
        assert "no-store" in client.get(url).headers["Cache-Control"]


def test_one_address_does_not_flood_the_queue(client, service, java_buurt, monkeypatch):
    monkeypatch.setattr(register, "SENDS_AN_HOUR", 1)
    for number in range(2):
        walk(client)
        post(client, "controle", {})
        assert Initiative.objects.filter(status="submitted").count() == 1, number
    assert Initiative.objects.filter(status="draft").count() == 1, "what was typed is kept"
    monkeypatch.setattr(register, "DRAFTS_AN_HOUR", 2)
    begin(client)
    held = post(client, "wie", WHO)
    assert held.status_code == 429
    assert held.context["form"]["name"].value() == WHO["name"]
    walk(signed_in(UserFactory()))
    assert Initiative.objects.count() == 3


@override_settings(CACHES={"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}})
def test_without_redis_registering_goes_on(client, java_buurt):
    begin(client)
    assert post(client, "wie", WHO).url == step("waar")
    assert post(client, "waar", {**WHERE, **BY_HAND, "neighbourhood": java_buurt.pk}).url == step("bereiken")


@pytest.mark.parametrize("website", ["ftp://x.example/", "javascript:alert(1)", "data:text/html,x", "javascript://x.example/%0aalert(1)"])
def test_a_website_is_on_the_web(client, service, java_buurt, website):
    walk(client)
    assert post(client, "bereiken", {**REACH, "website": website}).status_code == 422


@pytest.mark.parametrize("name", ["Win! www.kwaad.example", "https://kwaad.example", "kwaad.example/digid"])
def test_names_hold_no_links(client, service, java_buurt, name):
    begin(client)
    assert post(client, "wie", {**WHO, "name": name}).status_code == 422
    walk(client)
    assert post(client, "bereiken", {**REACH, "contact_name": name}).status_code == 422
