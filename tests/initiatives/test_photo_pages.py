"""The pages that put a photo somewhere, and the address that serves it."""

import uuid
from html.parser import HTMLParser

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import Context, Template
from django.urls import reverse
from django.utils import translation

from fieldlab.lib.pictures import MOST_BYTES
from initiatives.models import Initiative, Photo
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory, district_of, make_photo, make_spanner
from tests.initiatives.test_photos import WORDS, files, files_of, jpeg
from tests.queries import assert_constant_queries
from tests.servers.clamd import clamd
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def storage(settings, tmp_path):
    settings.MEDIA_ROOT, settings.LANGUAGE_CODE = tmp_path / "media", "en"
    with translation.override("en"):
        yield


@pytest.fixture
def member():
    return MemberFactory(user__language="en")


def page(initiative):
    return reverse("initiative_photo", args=[initiative.slug])


def address(photo, width=320):
    return reverse("photo", args=[photo.key, width])


def sent(data=None, words=WORDS, name="IMG_1234.jpg", **more):
    return {"photo": SimpleUploadedFile(name, jpeg() if data is None else data), "alternative_text": words, **more}


def test_a_member_puts_a_photo_on_the_page(member):
    client = signed_in(member.user)
    assert client.post(page(member.initiative), sent()).url == page(member.initiative)
    photo = Photo.objects.get()
    assert Initiative.objects.get().photo == photo
    shown = client.get(page(member.initiative)).content.decode()
    assert f'alt="{WORDS}"' in shown
    assert address(photo) in shown
    assert "IMG_1234" not in shown


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "This file is empty"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "We cannot read this kind"),
        (jpeg()[:-900], "This photo is damaged"),
        (jpeg() + b"\0" * (MOST_BYTES + 500_000), "larger than 12 megabytes"),
        (jpeg(1, 1), "so small"),
    ],
)
def test_a_refused_file_says_why_and_keeps_the_words(member, data, words):
    answer = signed_in(member.user).post(page(member.initiative), sent(data))
    assert answer.status_code == 422
    shown = answer.content.decode()
    assert shown.count(words) == 2, "on top and at the field"
    assert f">\n{WORDS}</textarea>" in shown
    assert files() == []


@pytest.mark.parametrize("words", ["", "  ", "x", "IMG_1234.jpg", "x" * 201, "a\x00photo"])
def test_without_a_sentence_no_photo(member, words):
    answer = signed_in(member.user).post(page(member.initiative), sent(words=words))
    assert answer.status_code == 422
    assert not Photo.objects.exists()


@pytest.mark.parametrize("words", ["Een \N{GRINNING FACE} bij de \u202edeur\u202c", "صورة للباب", '"><script>alert(1)</script>'])
def test_any_sentence_is_shown_as_it_was_typed(member, words):
    client = signed_in(member.user)
    client.post(page(member.initiative), sent(words=words))
    assert Photo.objects.get().alternative_text == words
    assert b"<script>alert" not in client.get(page(member.initiative)).content


def test_the_wrong_name_is_no_fault(member):
    signed_in(member.user).post(page(member.initiative), sent(name="holiday.exe\u202egpj.docx"))
    assert Photo.objects.exists()


def test_a_scanner_that_is_down_is_not_their_fault(member, settings):
    with clamd() as scanner:
        settings.CLAMD_URL = scanner.url
    answer = signed_in(member.user).post(page(member.initiative), sent())
    assert answer.status_code == 503
    assert "Try again in an hour" in answer.content.decode()
    assert WORDS in answer.content.decode()


def test_other_words_take_away_put_back_gone(member, django_capture_on_commit_callbacks):
    client, url = signed_in(member.user), page(member.initiative)
    client.post(url, sent())
    photo = Photo.objects.get()
    client.post(url, {"alternative_text": "Two men sew"})
    photo.refresh_from_db()
    assert photo.alternative_text == "Two men sew"
    client.post(url, {"remove": "1"})
    assert Initiative.objects.get().photo is None
    assert "for a year at most" in client.get(url).content.decode()
    client.post(url, {"back": photo.key})
    assert Initiative.objects.get().photo == photo
    ask = client.get(url, {"weg": photo.key})
    assert "Nobody can bring it back" in ask.content.decode()
    assert Photo.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url, {"gone": photo.key}).url == url
        assert client.post(url, {"gone": photo.key}).url == url
    assert (Photo.objects.count(), files()) == (0, [])


@pytest.mark.parametrize("key", ["", "x", "\x00", "0" * 32, str(uuid.UUID(int=7))])
def test_keys_of_nothing(member, key):
    client, url = signed_in(member.user), page(member.initiative)
    assert client.get(url, {"weg": key}).status_code == 404
    assert client.post(url, {"back": key}).status_code == 404
    assert client.post(url, {"gone": key}).status_code in (302, 404)


def test_another_teams_photo_is_out_of_reach(member):
    theirs = make_photo(InitiativeFactory())
    client, url = signed_in(member.user), page(member.initiative)
    assert client.get(url, {"weg": theirs.key}).status_code == 404
    client.post(url, {"gone": theirs.key})
    assert Photo.objects.get() == theirs
    assert client.post(url, {"back": theirs.key}).status_code == 404


def test_earlier_photos_cost_no_queries(member):
    def one_more():
        make_photo(member.initiative)
        Initiative.objects.update(photo=None)

    assert_constant_queries(signed_in(member.user), page(member.initiative), one_more)


# Registering, without an account


def begin(client):
    client.post(reverse("register"), {"new": "1"})
    key = client.get(reverse("register_step", args=["wie"])).context["key"]
    who = {"name": "De Draad", "kind": "social_enterprise", "activity": "sewing", "summary": "We sew.", "key": key}
    client.post(reverse("register_step", args=["wie"]), who)


def test_registering_with_a_photo(client, django_capture_on_commit_callbacks):
    begin(client)
    url = reverse("register_photo")
    assert client.post(url, sent(b"no photo")).status_code == 422
    assert client.post(url, sent()).url == reverse("register_step", args=["controle"])
    photo = Photo.objects.get()
    assert Initiative.objects.get().photo == photo
    assert client.get(address(photo)).status_code == 200, "whoever is registering sees it"
    assert WORDS in client.get(url).content.decode()
    assert client.post(url, {"alternative_text": "Two men sew", "later": "1"}).url == reverse("register_later")
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url, {"remove": "1"})
    assert (Photo.objects.count(), files()) == (0, [])


def test_registering_without_a_photo(client):
    assert client.get(reverse("register_photo")).url == reverse("register")
    begin(client)
    assert client.post(reverse("register_photo"), {"skip": "1", "alternative_text": ""}).url == reverse("register_step", args=["controle"])
    assert client.post(reverse("register_photo"), {"later": "1"}).url == reverse("register_later")
    assert client.post(reverse("register_photo"), {}).status_code == 422


def test_a_stranger_sends_no_more_than_so_many(client, monkeypatch):
    monkeypatch.setattr("initiatives.views.photos.PHOTOS_AN_HOUR", 1)
    begin(client)
    assert client.post(reverse("register_photo"), sent(b"no photo")).status_code == 422
    answer = client.post(reverse("register_photo"), sent())
    assert answer.status_code == 429
    assert WORDS in answer.content.decode()


# Serving


def test_a_published_photo_is_everybodys_and_asks_the_database_once(client, django_assert_num_queries):
    photo = make_photo(InitiativeFactory())
    with django_assert_num_queries(1):
        answer = client.get(address(photo))
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "public, max-age=86400, immutable"
    again = client.get(address(photo), headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    assert client.head(address(photo)).content == b""


@pytest.mark.parametrize("state", ["draft", "submitted", "changes_requested", "archived"])
def test_what_is_not_published_is_theirs_who_may_see_the_page(client, state):
    initiative = InitiativeFactory(**{state: True})
    photo, member = make_photo(initiative), MemberFactory(initiative=initiative)
    spanner = make_spanner(district_of(initiative), needs_second_factor=True)
    assert client.get(address(photo)).status_code == 404
    assert signed_in(UserFactory()).get(address(photo)).status_code == 404
    answer = signed_in(member.user).get(address(photo))
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert signed_in(spanner).get(address(photo)).status_code == (404 if state == "draft" else 200)
    etag = {"If-None-Match": f'"{photo.key.hex}-320"'}
    assert client.get(address(photo), headers=etag).status_code == 404, "knowing its name opens nothing"


def test_what_was_replaced_is_no_longer_everybodys(client, member):
    earlier = make_photo(member.initiative)
    make_photo(member.initiative)
    assert client.get(address(earlier)).status_code == 404
    assert signed_in(member.user).get(address(earlier)).status_code == 200


def test_addresses_of_nothing(client):
    photo = make_photo(InitiativeFactory(), width=720)
    for url in (address(photo, 1440), address(photo, 10**9), address(photo, 0), reverse("photo", args=[uuid.uuid4(), 320])):
        assert client.get(url).status_code == 404
    assert client.get(address(photo, 720)).status_code == 200


def test_a_lost_file_is_not_there_and_is_told(client, caplog):
    from django.core.files.storage import default_storage

    photo = make_photo(InitiativeFactory())
    default_storage.delete(f"photos/{files_of(photo)[0]}")
    assert client.get(address(photo)).status_code == 404
    assert "lost a file" in caplog.text


# In a template


class Tag(HTMLParser):
    def handle_starttag(self, tag, attributes):
        self.seen = dict(attributes)


def drawn(initiative, variant):
    html = Template("{% load pictures %}{% picture initiative variant %}").render(Context({"initiative": initiative, "variant": variant}))
    parser = Tag()
    parser.feed(html)
    return html, parser.seen


def test_its_photo_or_else_its_cover():
    initiative = InitiativeFactory()
    assert "/omslag/" in drawn(initiative, "card")[0]
    assert "<svg" in drawn(initiative, "wide")[0]
    make_photo(initiative, width=1440, height=900, alternative_text='A "door" & more')
    _html, card = drawn(initiative, "card")
    assert (card["width"], card["height"], card["loading"], card["alt"]) == ("1440", "900", "lazy", 'A "door" & more')
    assert card["srcset"].count(" 320w") == card["srcset"].count(" 720w") == card["srcset"].count(" 1440w") == 1
    assert drawn(initiative, "list")[1]["alt"] == ""
    assert drawn(initiative, "wide")[1]["class"] == "wide-cover"
