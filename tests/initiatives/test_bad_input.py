"""Hostile requests against the public pages of this app: each has the right status, says something, and loses nothing."""

from urllib.parse import quote, urlencode

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from initiatives.models import Initiative, SearchEntry
from tests.factories.initiatives import InitiativeFactory

pytestmark = pytest.mark.django_db

MEGABYTE = 1024 * 1024
WORDS = "naaien " * (MEGABYTE // 7)
NUL, EMOJI, TURNED = "a\x00b", "🧵🪡", "\u202egnol\u202c"
FAR = 10**9
WHO = {"name": "De Draad", "kind": "social_enterprise", "activity": "sewing", "summary": "We sew."}
REACH = {"contact_name": "Nadia", "phone": "", "email": "nadia@demo.example", "email_public": "on"}

# Path and query, and the status it gets
ASKED = [
    # Filters that do not exist are named and left out
    ("/kaart/", {"soort": "ruimteschip"}, 200),
    ("/kaart/", {"soort": ["ruimteschip", "cooperative"], "doet": NUL, "aanbod": EMOJI, "taal": "klingon", "toegang": TURNED}, 200),
    ("/kaart/", {"fase": "'; DROP TABLE", "voor": "%", "open": "gisteren", "plek": "nu\x00", "toon": "alles"}, 200),
    ("/kaart/", {"gebied": "ZZ99"}, 200),
    ("/kaart/", {"gebied": "M" * 10_000}, 200),
    ("/kaart/", [("soort", f"soort-{number}") for number in range(2000)], 400),
    # A box upside down, of nothing, of no numbers
    ("/kaart/", {"vak": "5.0,52.4,4.8,52.3"}, 200),
    ("/kaart/", {"vak": "nan,nan,nan,nan"}, 200),
    ("/kaart/", {"vak": "-inf,-inf,inf,inf"}, 200),
    ("/kaart/", {"vak": "4.8,52.3,4.8"}, 200),
    ("/kaart/vak.json", {}, 400),
    ("/kaart/vak.json", {"vak": "5.0,52.4,4.8,52.3", "beeld": "5.0,52.4,4.8,52.3", "zoom": 13}, 400),
    ("/kaart/vak.json", {"vak": "nan,1,2,3", "beeld": "nan,1,2,3", "zoom": 13}, 400),
    # Places that are none
    ("/kaart/", {"bij": "NaN,NaN"}, 200),
    ("/kaart/", {"bij": "52.3"}, 200),
    ("/kaart/", {"bij": "91,181"}, 200),
    ("/kaart/", {"bij": "1e308,-1e308"}, 200),
    ("/kaart/", {"bij": f"{'9' * 5000},4.9"}, 200),
    ("/kaart/", {"postcode": "0000"}, 200),
    ("/kaart/", {"postcode": NUL}, 200),
    ("/kaart/", {"postcode": "١٠٩٤"}, 200),
    # Pages that are none
    ("/kaart/", {"page": FAR}, 200),
    ("/kaart/", {"page": -1}, 200),
    ("/kaart/", {"page": "9" * 5000}, 200),
    ("/kaart/", {"page": "twee"}, 200),
    ("/kaart/", {"page": NUL}, 200),
    ("/gebieden/{code}/", {"page": FAR}, 200),
    ("/gebieden/{code}/", {"page": "9" * 5000}, 200),
    ("/gebieden/{code}/", {"page": NUL}, 200),
    # Words
    ("/kaart/", {"q": WORDS}, 200),
    ("/kaart/", {"q": "🧵" * 50_000}, 200),
    ("/kaart/", {"q": NUL}, 200),
    ("/kaart/", {"q": EMOJI}, 200),
    ("/kaart/", {"q": TURNED}, 200),
    ("/kaart/", {"q": "'):* & | ! <-> \\"}, 200),
    ("/kaart/", {"q": "a\u0301" * 5000}, 200),
    ("/kaart/vak.json", {"vak": "4.9,52.3,4.95,52.4", "beeld": "4.9,52.3,4.95,52.4", "zoom": 13, "q": WORDS}, 200),
    # What is not there
    ("/kaart/plek/{far}/", {}, 404),
    ("/kaart/plek/99999999999999999999999/", {}, 404),
    ("/kaart/plek/-1/", {}, 404),
    ("/kaart/punten/0000000000000000.json", {}, (302, 404)),
    ("/kaart/punten/..json", {}, 404),
    ("/initiatieven/bestaat-niet/", {}, 404),
    ("/initiatieven/" + "a" * 5000 + "/", {}, 404),
    ("/initiatieven/" + quote(EMOJI) + "/", {}, 404),
    ("/initiatieven/" + quote(NUL) + "/", {}, 404),
    ("/initiatieven/" + quote(TURNED) + "/", {}, 404),
    ("/gebieden/ZZ99/", {}, 404),
    ("/gebieden/" + "M" * 5000 + "/", {}, 404),
    ("/gebieden/" + quote(NUL) + "/", {}, 404),
    ("/gebieden/ZZ99/blad.pdf", {}, 404),
    ("/initiatieven/nieuw/geen-stap/", {}, 404),
    ("/initiatieven/nieuw/" + quote(NUL) + "/", {}, 404),
    ("/initiatieven/wijzigen/niets/", {}, (404, 410)),
    ("/initiatieven/wijzigen/" + quote(NUL) + "/", {}, (404, 410)),
    ("/kennismaken/niets/", {}, (404, 410)),
    ("/klopt/niets/ja/", {}, (404, 410)),
]


@pytest.fixture
def place(db):
    return InitiativeFactory(name="Naaiatelier De Draad")


def _address(path, query, place):
    path = path.format(code=place.area.code, far=FAR) if "{" in path else path
    return f"{path}?{urlencode(query, doseq=True, errors='surrogatepass')}" if query else path


@pytest.mark.parametrize(("path", "query", "status"), ASKED, ids=[f"{number}-{path[:24]}" for number, (path, *_rest) in enumerate(ASKED)])
def test_what_is_asked_gets_its_status_and_a_page_with_words(client, place, path, query, status):
    answer = client.get(_address(path, query, place))
    assert answer.status_code in (status if isinstance(status, tuple) else (status,))
    if answer.status_code not in (301, 302):
        body = answer.content.decode()
        assert len(body) > 20
        assert "Traceback" not in body
    assert SearchEntry.objects.count() == 1


def test_a_megabyte_of_words_is_not_sent_back(client, place):
    assert len(client.get("/kaart/", {"q": WORDS}).content) < MEGABYTE / 4


def test_a_null_byte_in_a_path_is_not_sent_back(client, place):
    assert b"\x00" not in client.get("/initiatieven/" + quote(NUL) + "/").content


def test_an_unknown_filter_and_a_far_page_still_show_what_there_is(client, place):
    page = client.get("/kaart/", {"soort": "ruimteschip", "page": FAR}).content.decode()
    assert "Naaiatelier De Draad" in page


def test_a_lone_half_of_a_sign_is_refused_or_left_out(client, place):
    for path in ("/kaart/", "/kaart/vak.json", f"/gebieden/{place.area.code}/"):
        assert client.get(f"{path}?q=%ED%A0%BD&page=%ED%A0%BD&vak=%ff").status_code in (200, 400), path


PUBLIC = ["/kaart/", "/kaart/vak.json", "/kaart/punten.json", "/initiatieven/{slug}/", "/gebieden/{code}/", "/initiatieven/nieuw/"]
NAMES = ["q", "bij", "postcode", "soort", "doet", "aanbod", "taal", "toegang", "fase", "voor", "gebied", "open", "plek", "toon", "vak"]
NAMES += ["beeld", "zoom", "zonder", "page", "kind", "activity", "area"]
numbers = st.one_of(st.integers().map(str), st.floats().map(str))
values = st.one_of(st.text(max_size=30), numbers, st.lists(numbers, min_size=4, max_size=4).map(",".join))
questions = st.lists(st.tuples(st.sampled_from(NAMES), values), max_size=8)


@hypothesis_settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(PUBLIC), question=questions)
def test_any_question_gets_an_answer(client, place, path, question):
    query = urlencode([(name, value.encode("utf-8", "ignore")) for name, value in question])
    answer = client.get(f"{path.format(slug=place.slug, code=place.area.code)}?{query}")
    assert answer.status_code < 500
    assert answer.status_code in (200, 302, 400)


@hypothesis_settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.sampled_from(PUBLIC), raw=st.binary(max_size=60))
def test_any_bytes_behind_the_question_mark_get_an_answer(client, place, path, raw):
    path = path.format(slug=place.slug, code=place.area.code)
    assert client.get(path, QUERY_STRING=raw.decode("latin-1")).status_code < 500


# --- Registering


def _step(slug):
    return reverse("register_step", args=[slug])


def _begin(client):
    client.post(reverse("register"), {"new": "1"})
    return client.get(_step("wie")).context["key"]


def _post(client, slug, data):
    return client.post(_step(slug), {**data, "key": client.get(_step(slug)).context["key"]})


def _walk(client, name="De Draad", email="nadia@demo.example"):
    _begin(client)
    _post(client, "wie", {**WHO, "name": name})
    _post(client, "waar", {"postcode": "1094 hp", "house_number": "112", "access": "walk_in"})
    _post(client, "bereiken", {**REACH, "email": email})
    return client.get(_step("controle"))


TYPED = [
    ("wie", {**WHO, "summary": WORDS}, 422),
    ("wie", {**WHO, "name": NUL}, 422),
    ("wie", {**WHO, "name": "a" * 81}, 422),
    ("wie", {**WHO, "kind": "ruimteschip", "activity": NUL}, 422),
    ("wie", {**WHO, "name": EMOJI + TURNED}, 302),
    ("wie", {}, 422),
    ("waar", {"postcode": NUL, "house_number": "9" * 500, "access": "walk_in"}, 422),
    ("waar", {"postcode": "1094 hp", "house_number": "1", "access": "ruimte", "lon": "NaN", "lat": "inf"}, 422),
    ("waar", {"access": "walk_in", "lon": "1e999", "lat": "-1e999", "street": TURNED, "neighbourhood": FAR}, 422),
    ("waar", {"access": "no_fixed_place", "neighbourhood": "9" * 100}, 422),
    ("bereiken", {**REACH, "email": "a" * 5000 + "@demo.example"}, 422),
    ("bereiken", {**REACH, "email": "nadia@demo.example\x00"}, 422),
    ("bereiken", {**REACH, "phone": "9" * 5000}, 422),
    ("bereiken", {**REACH, "website": "javascript:alert(1)"}, 422),
]


@pytest.mark.parametrize(("slug", "data", "status"), TYPED, ids=[f"{number}-{slug}" for number, (slug, *_rest) in enumerate(TYPED)])
def test_what_is_typed_wrong_is_said_and_kept(client, service, java_buurt, slug, data, status):
    _begin(client)
    _post(client, "wie", WHO)
    if slug == "bereiken":
        _post(client, "waar", {"postcode": "1094 hp", "house_number": "112", "access": "walk_in"})
    before = Initiative.objects.values().get()
    answer = _post(client, slug, data)
    assert answer.status_code == status
    draft = Initiative.objects.values().get()
    if status == 422:
        assert 'class="errors' in (page := answer.content.decode()) or "aria-invalid" in page
        kept = {name: draft[name] for name in ("name", "summary", "area_id", "email", "location")}
        assert kept == {name: before[name] for name in kept}


def test_more_than_a_form_may_hold_is_refused(client):
    _begin(client)
    key = client.get(_step("wie")).context["key"]
    too_much = client.post(_step("wie"), {**WHO, "summary": "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1), "key": key})
    too_many = client.post(_step("wie"), {**WHO, "key": key, **{f"field{number}": "" for number in range(2000)}})
    assert (too_much.status_code, too_many.status_code) == (400, 400)
    assert Initiative.objects.filter(summary="").count() == Initiative.objects.count() <= 1


def test_colliding_names_each_get_a_page_of_their_own(client, service, java_buurt):
    for number in range(3):
        visitor = Client()
        _walk(visitor, "Nieuw", f"nadia{number}@demo.example")
        assert _post(visitor, "controle", {}).status_code == 302
    assert sorted(Initiative.objects.values_list("slug", flat=True)) == ["nieuw-2", "nieuw-3", "nieuw-4"]


def test_sending_it_twice_is_sending_it_once(client, service, java_buurt):
    _walk(client)
    key = client.get(_step("controle")).context["key"]
    answers = [client.post(_step("controle"), {"key": key}) for _time in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert Initiative.objects.get().status == "submitted"


def test_an_expired_form_is_said_in_words_and_the_draft_stays(service, java_buurt):
    client = Client(enforce_csrf_checks=True)
    page = client.get(reverse("register"))
    token = page.context["csrf_token"]
    client.post(reverse("register"), {"new": "1", "csrfmiddlewaretoken": str(token)})
    key = client.get(_step("wie")).context["key"]
    client.post(_step("wie"), {**WHO, "key": key, "csrfmiddlewaretoken": str(client.get(_step("wie")).context["csrf_token"])})
    answer = client.post(_step("wie"), {**WHO, "name": "Iets anders", "key": key, "csrfmiddlewaretoken": "x" * 64})
    assert answer.status_code == 403
    assert 'href="tel:' in answer.content.decode()
    assert Initiative.objects.get().name == "De Draad"
