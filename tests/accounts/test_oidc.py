"""Signing in with an organisation: believed about its own people's verified addresses, and about nothing else."""

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.urls import reverse

from fieldlab.accounts.models import User
from tests.accounts.conftest import make_person
from tests.servers.oidc import User as Somebody
from tests.servers.oidc import approve, oidc_server, provider

pytestmark = pytest.mark.django_db


def somebody(email, verified=True):
    return Somebody(sub="77", claims={"email": email, "email_verified": verified, "name": "Bas Jansen"})


@pytest.fixture
def come_from(client, settings):
    """Sign in over there as `who` and come back; the response of the way back."""

    def come(who):
        with oidc_server(who) as url:
            settings.SOCIALACCOUNT_PROVIDERS = {
                "openid_connect": {
                    "OAUTH_PKCE_ENABLED": True,
                    "APPS": [provider(url, employer="Gemeente Veldstad", email_domains=["demo.example"])],
                }
            }
            away = client.post(reverse("openid_connect_login", args=["gemeente"]))
            assert away.url.startswith(url)
            assert "code_challenge=" in away.url
            return client.get(reverse("openid_connect_callback", args=["gemeente"]), approve(away.url, who.sub))

    return come


def signed_in_as(client):
    return client.session.get("_auth_user_id")


def test_a_new_colleague_gets_an_account_with_employer_and_name(client, come_from):
    assert come_from(somebody("bas@demo.example")).url == reverse("overview")
    user = User.objects.get(email="bas@demo.example")
    assert (user.name, user.employer, user.decides_on_benefits) == ("Bas Jansen", "Gemeente Veldstad", False)
    assert EmailAddress.objects.get(user=user).verified
    assert signed_in_as(client) == str(user.pk)


def test_a_verified_address_of_its_own_domain_gets_the_account_that_is_there(client, come_from):
    person = make_person(email="bas@demo.example", employer="Buurtwerk")
    come_from(somebody("bas@demo.example"))
    assert signed_in_as(client) == str(person.pk)
    assert SocialAccount.objects.get().user == person
    person.refresh_from_db()
    assert person.employer == "Buurtwerk"


@pytest.mark.parametrize("verified", [False, "false", None, "true"])
def test_an_unverified_address_links_to_nobody(client, come_from, verified):
    make_person(email="bas@demo.example")
    response = come_from(somebody("bas@demo.example", verified))
    assert response.url == reverse("account_email_verification_sent")
    assert signed_in_as(client) is None
    assert not SocialAccount.objects.exists()


def test_an_address_of_another_domain_links_to_nobody(client, come_from):
    make_person(email="bas@elsewhere.example")
    response = come_from(somebody("bas@elsewhere.example"))
    assert response.url == reverse("account_email_verification_sent")
    assert signed_in_as(client) is None
    assert not SocialAccount.objects.exists()


def test_a_new_address_of_another_domain_must_be_proved_by_a_code(client, come_from):
    response = come_from(somebody("bas@elsewhere.example"))
    assert response.url == reverse("account_email_verification_sent")
    assert signed_in_as(client) is None


def test_the_sign_in_page_offers_the_organisation(client, settings):
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [provider("http://localhost:9")]}}
    assert reverse("openid_connect_login", args=["gemeente"]) in client.get(reverse("account_login")).content.decode()
