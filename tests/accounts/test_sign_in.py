"""Signing in, up and out: no address is given away, no guess goes uncounted, no old session lives on."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from fieldlab.accounts.models import User
from fieldlab.accounts.passwords import Argon2idHasher
from fieldlab.outbox.models import OutboxMessage
from tests.accounts.conftest import code_in, last_mail, make_person
from tests.concurrency.harness import race
from tests.factories.accounts import PASSWORD

LOGIN, SIGNUP, RESET, CODE = "/account/login/", "/account/signup/", "/account/password/reset/", "/account/login/code/"
NEW = {"name": "Nieuw", "password1": "koffie met melk 42"}


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": email, "password": password, **extra})


def body(response) -> str:
    """The page without what differs at every request and without the address itself."""
    return re.sub(r'csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"|[\w-]+@demo\.example', "", response.content.decode())


def answers(path, data, email):
    client = Client()
    response = client.post(path, {**data, "email": email, "login": email})
    followed = client.get(response.url) if response.status_code == 302 else response
    return response.status_code, response.get("Location"), followed.status_code, body(followed)


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "data"), [(LOGIN, {"password": "a wrong password"}), (SIGNUP, NEW), (RESET, {}), (CODE, {})])
def test_a_known_and_an_unknown_address_get_the_same_answer(person, path, data):
    assert answers(path, data, person.email) == answers(path, data, "nobody@demo.example")


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "data"), [(LOGIN, {"password": "a wrong password"}), (SIGNUP, NEW)])
def test_a_known_and_an_unknown_address_take_about_the_same_time(person, monkeypatch, path, data):
    """Counted and not timed: next to an argon2 hash everything else is short, and a clock would tell how busy this machine is."""
    hashed = []
    for name in ("encode", "verify"):
        plain = getattr(Argon2idHasher, name)
        monkeypatch.setattr(Argon2idHasher, name, lambda *args, plain=plain: hashed.append(1) or plain(*args))
    answers(path, data, person.email)
    known = len(hashed)
    answers(path, data, "nobody@demo.example")
    assert (known, len(hashed)) == (1, 2)


@pytest.mark.django_db
def test_signing_up_needs_the_code_from_the_mail(client):
    response = client.post(SIGNUP, {**NEW, "email": "Nieuw@Demo.Example"})
    assert response.url == reverse("account_email_verification_sent")
    user = User.objects.get(email="nieuw@demo.example")
    assert user.name == "Nieuw"
    assert "_auth_user_id" not in client.session
    client.post(response.url, {"code": code_in(last_mail(user.email))})
    assert client.session["_auth_user_id"] == str(user.pk)
    assert EmailAddress.objects.get(user=user).verified


@pytest.mark.django_db
def test_the_code_stands_in_the_mail_and_not_in_its_subject(person, client):
    client.post(CODE, {"email": person.email})
    message = last_mail(person.email)
    assert code_in(message) not in message.subject


@pytest.mark.django_db
def test_signing_in_with_a_code(person, client):
    response = client.post(CODE, {"email": person.email})
    client.post(response.url, {"code": "WRONG-1"})
    assert "_auth_user_id" not in client.session
    response = client.post(response.url, {"code": code_in(last_mail(person.email))})
    assert response.url == reverse("overview")


@pytest.mark.django_db
def test_a_new_password_by_code_signs_out_everywhere(person, client):
    elsewhere = Client()
    sign_in(elsewhere, person.email)
    assert elsewhere.get("/account/").status_code == 200
    response = client.post(RESET, {"email": person.email})
    response = client.post(response.url, {"code": code_in(last_mail(person.email))})
    client.post(response.url, {"password1": "een heel nieuw wachtwoord"})
    assert elsewhere.get("/account/").status_code == 302
    assert sign_in(Client(), person.email).status_code == 200
    assert sign_in(Client(), person.email, "een heel nieuw wachtwoord").status_code == 302


@pytest.mark.django_db
def test_changing_the_password_signs_out_everywhere(person):
    here, elsewhere = Client(), Client()
    sign_in(here, person.email)
    sign_in(elsewhere, person.email)
    here.post("/account/password/change/", {"oldpassword": PASSWORD, "password1": "een heel nieuw wachtwoord"})
    assert here.get("/account/").status_code == elsewhere.get("/account/").status_code == 302


@pytest.mark.django_db
def test_signing_in_gives_a_new_session_key(person, client):
    session = client.session
    session["planted"] = True
    session.save()
    before = session.session_key
    client.cookies[settings.SESSION_COOKIE_NAME] = before
    sign_in(client, person.email)
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before
    stranger = Client()
    stranger.cookies[settings.SESSION_COOKIE_NAME] = before
    assert stranger.get("/account/").status_code == 302


@pytest.mark.django_db
def test_signing_out_ends_the_session(person, client):
    sign_in(client, person.email)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/account/logout/")
    client.cookies[settings.SESSION_COOKIE_NAME] = key
    assert client.get("/account/").status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_no_redirect_to_another_site(person, client, target):
    assert sign_in(client, person.email, next=target).url == reverse("overview")


@pytest.mark.django_db
def test_a_closed_account_cannot_sign_in(person, client):
    User.objects.filter(pk=person.pk).update(is_active=False)
    sign_in(client, person.email)
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db(transaction=True)
def test_of_twenty_guesses_at_once_no_more_than_the_limit_is_checked(monkeypatch):
    person, checked = make_person(), []
    check = User.check_password
    monkeypatch.setattr(User, "check_password", lambda user, raw: checked.append(raw) or check(user, raw))
    race(*[lambda number=number: sign_in(Client(REMOTE_ADDR=f"10.0.0.{number}"), person.email, f"guess {number}") for number in range(20)])
    assert len(checked) <= 5
    # The owner is not locked out: a code still works.
    client = Client(REMOTE_ADDR="10.0.1.1")
    response = client.post(CODE, {"email": person.email})
    assert client.post(response.url, {"code": code_in(last_mail(person.email))}).url == reverse("overview")


@pytest.mark.django_db
def test_without_redis_signing_in_refuses_with_a_word(person, client, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:9/0"}}
    response = sign_in(client, person.email)
    assert response.status_code == 503
    assert response["Retry-After"] == "60"
    assert b"<h1>" in response.content
    assert "_auth_user_id" not in client.session
    assert client.get(LOGIN).status_code == 200


@pytest.mark.django_db
def test_each_sending_is_a_mail_of_its_own(person):
    for _ in range(2):
        cache.clear()
        Client().post(CODE, {"email": person.email})
    assert OutboxMessage.objects.filter(to=person.email).count() == 2


@pytest.mark.django_db
def test_a_new_address_counts_once_its_code_is_typed(person, client):
    sign_in(client, person.email)
    old = person.email
    response = client.post("/account/email/", {"email": "nieuw@demo.example", "action_add": "1"})
    assert response.url == reverse("account_email_verification_sent")
    person.refresh_from_db()
    assert person.email == old
    client.post(response.url, {"code": code_in(last_mail("nieuw@demo.example"))})
    person.refresh_from_db()
    assert person.email == "nieuw@demo.example"
    assert "nieuw@demo.example" in last_mail(old).text  # the old address hears it


@pytest.mark.parametrize("path", ["/", "/mijn/", "/account/", "/account/email/", "/nergens/"])
def test_no_browser_keeps_what_somebody_sees_who_signed_in(person, path):
    client = Client()
    assert "no-store" not in client.get("/").headers.get("Cache-Control", "")
    client.force_login(person)
    assert "no-store" in client.get(path)["Cache-Control"]


def test_public_files_stay_kept_for_whoever_signed_in(person):
    client = Client()
    client.force_login(person)
    document = client.get("/kaart/punten.json")
    assert document["Cache-Control"] == "public, max-age=1"
    assert client.get(document["Location"])["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(("path", "known"), [("/account/signup/", True), ("/account/login/code/", False)])
def test_links_in_mails_do_not_follow_the_host_header(person, settings, path, known):
    address = person.email if known else "niemand@demo.example"
    Client(headers={"host": "testserver:6666"}).post(path, {"email": address, "name": "X", "password1": "koffie met melk 42"})
    message = last_mail(address)
    assert settings.SITE_URL + "/account/" in message.text
    assert "6666" not in message.text + message.html
