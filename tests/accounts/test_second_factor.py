"""Whoever works with other people's data reaches nothing but their account until this session has seen a second factor."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from fieldlab.accounts.models import User
from tests.accounts.conftest import make_person
from tests.factories.accounts import PASSWORD

pytestmark = pytest.mark.django_db
KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(secret=KEY):
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def sign_in(user, client=None):
    client = client or Client()
    client.post("/account/login/", {"login": user.email, "password": PASSWORD})
    return client


def test_a_coordinator_without_one_is_led_to_set_one_up():
    client = sign_in(make_person(is_coordinator=True))
    assert client.get("/mensen/").url == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.post("/mensen/1/").url == reverse("mfa_index")


@pytest.mark.parametrize("flags", [{"is_coordinator": True}, {"needs_second_factor": True}])
def test_overview_opens_only_with_one(flags):
    client = sign_in(make_person(**flags))
    assert client.get("/mijn/").url == reverse("mfa_index")


@pytest.mark.django_db(transaction=True)
def test_setting_one_up_opens_the_pages_and_gives_recovery_codes():
    user = make_person(is_coordinator=True)
    client = sign_in(user)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    client.get("/account/2fa/totp/activate/")
    response = client.post("/account/2fa/totp/activate/", {"code": code(client.session["mfa.totp.secret"])})
    assert response.url == reverse("mfa_view_recovery_codes")
    assert client.get("/mensen/").status_code == 200
    assert client.get(response.url).status_code == 200


def test_with_one_signing_in_asks_for_it():
    user = make_person(is_coordinator=True)
    TOTP.activate(user, KEY)
    client = sign_in(user)
    assert "_auth_user_id" not in client.session
    assert client.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    client.post("/account/2fa/authenticate/", {"code": code()})
    assert client.get("/mensen/").status_code == 200


def test_a_session_from_before_the_second_factor_must_show_it():
    user = make_person(is_coordinator=True)
    client = sign_in(user)
    TOTP.activate(user, KEY)  # set up elsewhere
    assert client.get("/mensen/?q=a").url == f"{reverse('mfa_reauthenticate')}?next=%2Fmensen%2F%3Fq%3Da"
    assert client.post("/account/2fa/reauthenticate/", {"code": code(), "next": "/mensen/"}).url == "/mensen/"
    assert client.get("/mensen/").status_code == 200


@pytest.mark.parametrize(
    "path", ["/account/", "/account/email/", "/account/2fa/", "/account/2fa/totp/deactivate/", "/account/reauthenticate/"]
)
def test_a_password_alone_takes_no_second_factor_away(path):
    user = make_person(is_coordinator=True)
    client = sign_in(user)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    TOTP.activate(user, KEY)  # set up elsewhere
    for answer in (client.get(path), client.post(path, {"password": PASSWORD})):
        assert answer.url.startswith(reverse("mfa_reauthenticate"))
    assert Authenticator.objects.filter(user=user).exists()
    assert client.post("/account/logout/").url == "/"


def test_a_second_factor_that_is_taken_away_closes_the_pages_at_the_next_request():
    user = make_person(is_coordinator=True)
    TOTP.activate(user, KEY)
    client = sign_in(user)
    client.post("/account/2fa/authenticate/", {"code": code()})
    Authenticator.objects.filter(user=user).delete()
    assert client.get("/mensen/").url == reverse("mfa_index")


def test_a_role_that_ends_is_gone_at_the_next_request(settings):
    settings.SECOND_FACTOR_ENFORCED = False
    user = make_person(is_coordinator=True)
    client = sign_in(user)
    assert client.get("/mensen/").status_code == 200
    User.objects.filter(pk=user.pk).update(is_coordinator=False)
    assert client.get("/mensen/").status_code == 404


def test_others_need_none(person):
    assert sign_in(person).get("/mijn/").status_code == 200


def test_the_secret_is_sealed_in_the_database():
    user = make_person()
    TOTP.activate(user, KEY)
    assert KEY not in str(Authenticator.objects.get().data)
    client = sign_in(user)
    client.post("/account/2fa/authenticate/", {"code": code()})
    assert client.session["_auth_user_id"] == str(user.pk)
