"""One link, one role, once: for the right address, in time, and never by merely opening it."""

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from challenge.models import JuryInvitation, JuryMember
from fieldlab.accounts.actions import change_employment
from fieldlab.accounts.invitations.actions import accept, accept_as_new, digest, invite, resend, revoke
from fieldlab.accounts.models import CoordinatorInvitation, User
from fieldlab.figures.models import Researcher, ResearcherInvitation
from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import OutboxMessage
from tests.accounts.conftest import last_mail, make_person
from tests.concurrency.harness import race
from tests.factories.accounts import PASSWORD, UserFactory
from tests.sign_in import signed_in
from workshops.models import Facilitator, FacilitatorInvitation

pytestmark = pytest.mark.django_db
TYPED = {"name": "Sanne Kuiper", "decides_on_benefits": "no", "password": "koffie met melk 42"}
NEW = {**TYPED, "decides_on_benefits": False}


def make(model=JuryInvitation, **fields):
    """An invitation and its link, out of the mail."""
    values = {"email": "sanne@demo.example", "name": "Sanne", "employer": "Stichting", "decides_on_benefits": False, **fields}
    invitation = invite(model(**values), actor=fields.pop("actor", UserFactory(coordinator=True)), at=timezone.now())
    return invitation, link_to(invitation.email)


def link_to(email):
    return re.search(r"http://testserver(/uitnodiging/\S+)", last_mail(email).text)[1]


def token_in(link):
    return link.rstrip("/").rpartition("/")[2]


def test_the_token_stands_only_in_the_mail():
    invitation, link = make()
    assert invitation.token_digest == digest(token_in(link))
    assert token_in(link) not in str(JuryInvitation.objects.values().get())


def test_opening_the_link_gives_nothing_yet(client):
    _invitation, link = make()
    for _ in range(3):
        assert client.get(link).status_code == 200
        assert client.head(link).status_code in (200, 405)
    assert JuryInvitation.objects.open_at(timezone.now()).count() == 1
    assert not User.objects.filter(email="sanne@demo.example").exists()


@pytest.mark.parametrize(
    ("model", "role", "second_factor"),
    [
        (JuryInvitation, JuryMember, True),
        (FacilitatorInvitation, Facilitator, True),
        (ResearcherInvitation, Researcher, False),
    ],
)
def test_a_new_person_gets_account_role_and_session(client, model, role, second_factor):
    _invitation, link = make(model, decides_on_benefits=True, language="en")
    assert client.post(link, TYPED).status_code == 302
    user = User.objects.get(email="sanne@demo.example")
    assert (user.name, user.language, user.employer, user.decides_on_benefits) == ("Sanne Kuiper", "en", "Stichting", True)
    assert user.needs_second_factor == second_factor
    assert role.objects.current().get().user == user
    assert EmailAddress.objects.get(user=user).verified
    assert client.session["_auth_user_id"] == str(user.pk)


def test_who_makes_an_account_is_asked_about_benefits_too(client):
    """Whoever registered a place invited themselves, so nobody else has answered for them."""
    _invitation, link = make(decides_on_benefits=False)
    assert client.post(link, {**TYPED, "decides_on_benefits": ""}).status_code == 422
    assert client.post(link, {**TYPED, "decides_on_benefits": "yes"}).status_code == 302
    assert User.objects.get(email="sanne@demo.example").decides_on_benefits


def test_a_new_coordinator_may_do_without_a_password(client):
    _invitation, link = make(CoordinatorInvitation)
    assert client.post(link, {**TYPED, "password": ""}).status_code == 302
    user = User.objects.get(email="sanne@demo.example")
    assert user.is_coordinator
    assert not user.has_usable_password()


def test_a_weak_password_is_refused_and_gives_nothing(client):
    _invitation, link = make()
    assert client.post(link, {**TYPED, "password": "password12"}).status_code == 422
    assert not User.objects.filter(email="sanne@demo.example").exists()


def test_somebody_with_an_account_signs_in_and_accepts():
    person = make_person(email="sanne@demo.example")
    _invitation, link = make(decides_on_benefits=True)
    client = Client()
    assert client.post(link, TYPED).status_code == 422  # the link alone does not open an account that is there
    assert not JuryMember.objects.exists()
    response = client.post("/account/login/", {"login": person.email, "password": PASSWORD, "next": link})
    assert response.url == link
    assert client.post(link).status_code == 302
    person.refresh_from_db()
    assert JuryMember.objects.get().user == person
    assert (person.employer, person.decides_on_benefits, person.needs_second_factor) == ("Stichting", True, True)
    assert person.employment_changes.count() == 1


def test_accepting_replaces_no_employer_and_lowers_no_flag():
    person = make_person(email="sanne@demo.example", employer="Gemeente, Inkomen", decides_on_benefits=True)
    _invitation, link = make(employer="Buurthuis", decides_on_benefits=False)
    accept(JuryInvitation, token_in(link), actor=person, at=timezone.now())
    person.refresh_from_db()
    assert (person.employer, person.decides_on_benefits) == ("Gemeente, Inkomen", True)
    assert not person.employment_changes.exists()


def test_somebody_else_cannot_accept():
    make_person(email="sanne@demo.example")
    _invitation, link = make()
    client = signed_in(make_person())
    response = client.post(link)
    assert response.status_code == 422
    assert not JuryMember.objects.exists()
    assert signed_in(make_person(is_coordinator=True)).post(link).status_code in (302, 422)
    assert not JuryMember.objects.exists()


def test_an_account_that_never_proved_the_address_gives_way(client):
    squatter = UserFactory(email="sanne@demo.example", password="the squatter's own")
    EmailAddress.objects.create(user=squatter, email=squatter.email, verified=False, primary=True)
    _invitation, link = make()
    client.post(link, TYPED)
    user = User.objects.get(email="sanne@demo.example")
    assert user.pk != squatter.pk
    assert user.check_password(NEW["password"])


@pytest.mark.parametrize("end", ["accepted", "revoked", "expired", "resent"])
def test_a_link_works_once_in_time_and_until_it_is_withdrawn(client, end):
    invitation, link = make()
    with time_machine.travel(timezone.now() + timedelta(days=14, minutes=1) if end == "expired" else timezone.now()):
        if end == "accepted":
            accept_as_new(JuryInvitation, token_in(link), at=timezone.now(), **NEW)
        elif end == "revoked":
            revoke(invitation, at=timezone.now())
        elif end == "resent":
            resend(invitation, at=timezone.now())
        expected = 404 if end == "resent" else 410
        members = JuryMember.objects.count()
        assert client.get(link).status_code == client.post(link, TYPED).status_code == expected
        assert JuryMember.objects.count() == members
        with pytest.raises(DomainError):
            accept_as_new(JuryInvitation, token_in(link), at=timezone.now(), **NEW)


def test_sending_again_gives_a_link_that_works(client):
    invitation, _old = make()
    with time_machine.travel(timezone.now() + timedelta(days=20)):
        resend(invitation, at=timezone.now())
        assert client.post(link_to(invitation.email), TYPED).status_code == 302


@pytest.mark.parametrize("action", [revoke, resend])
def test_what_is_accepted_stays_accepted(action):
    invitation, link = make()
    accept_as_new(JuryInvitation, token_in(link), at=timezone.now(), **NEW)
    with pytest.raises(DomainError):
        action(invitation, at=timezone.now())


def test_a_link_of_one_kind_gives_no_other_role(client):
    _invitation, link = make(ResearcherInvitation)
    assert client.get(link.replace("kennisinstelling", "coordinator")).status_code == 404


def test_one_open_invitation_for_a_role():
    invitation, _link = make()
    with pytest.raises(DomainError):
        make(email="SANNE@demo.example")
    revoke(invitation, at=timezone.now())
    make()


def test_the_database_keeps_accepted_and_revoked_apart():
    invitation, _link = make()
    with pytest.raises(IntegrityError, match="accepted_or_revoked"), transaction.atomic():
        JuryInvitation.objects.filter(pk=invitation.pk).update(accepted_at=timezone.now(), revoked_at=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_the_link_at_once_one_gets_the_role():
    person = make_person(email="sanne@demo.example")
    _invitation, link = make()
    outcomes = race(*[lambda: accept(JuryInvitation, token_in(link), actor=person, at=timezone.now())] * 6)
    assert sum(outcome.error is None for outcome in outcomes) == 1
    assert {type(outcome.error) for outcome in outcomes if outcome.error} == {DomainError}
    assert JuryMember.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_invitations_at_once_make_one_account():
    _jury, link = make()
    _researcher, other = make(ResearcherInvitation)
    at = timezone.now()
    outcomes = race(
        lambda: accept_as_new(JuryInvitation, token_in(link), at=at, **NEW),
        lambda: accept_as_new(ResearcherInvitation, token_in(other), at=at, **NEW),
    )
    assert sorted(type(outcome.error).__name__ for outcome in outcomes) == ["DomainError", "NoneType"]
    assert User.objects.filter(email="sanne@demo.example").count() == 1


FIELDS = {"name": "Sanne", "email": "Sanne@Demo.Example", "employer": "", "decides_on_benefits": "no", "language": "nl"}
LISTS = ["coordinator", "workshopbegeleider", "jurylid", "kennisinstelling"]


@pytest.mark.parametrize("slug", LISTS)
def test_a_coordinator_invites_sends_again_and_withdraws(slug):
    client, url = signed_in(UserFactory(coordinator=True)), f"/uitnodigingen/{slug}/"
    assert client.get(url).status_code == 200
    assert client.post(url, FIELDS | {"decides_on_benefits": ""}).status_code == 422
    assert client.post(url, FIELDS).url == url
    assert client.post(url, FIELDS).status_code == 422
    page = client.get(url).content.decode()
    again, withdraw = re.search(rf"{url}[\w-]+/opnieuw/", page)[0], re.search(rf"{url}[\w-]+/intrekken/", page)[0]
    assert client.get(again).status_code == 405
    assert client.post(again).status_code == client.post(withdraw).status_code == 302
    assert OutboxMessage.objects.filter(to="sanne@demo.example").count() == 2
    assert "sanne@demo.example" not in client.get(url).content.decode().partition('id="pending"')[2]


@pytest.mark.parametrize("slug", LISTS)
def test_nobody_else_invites(slug):
    client, url = signed_in(UserFactory()), f"/uitnodigingen/{slug}/"
    assert client.get(url).status_code == client.post(url, FIELDS).status_code == 404
    assert Client().get(url).status_code == 302


def test_the_first_coordinator_is_invited_from_the_command_line(client, capsys):
    call_command("create_coordinator", "Sanne@demo.example", name="Sanne")
    assert "sanne@demo.example" in capsys.readouterr().out
    client.post(link_to("sanne@demo.example"), TYPED)
    assert User.objects.get(email="sanne@demo.example").is_coordinator
    with pytest.raises(CommandError):
        call_command("create_coordinator", "no address", name="Sanne")


def test_the_page_for_many_open_invitations_takes_no_more_queries(django_assert_num_queries):
    client = signed_in(UserFactory(coordinator=True))
    client.get("/uitnodigingen/jurylid/")
    for more in (1, 2):
        for number in range(more):
            make(email=f"{more}{number}@demo.example")
        with django_assert_num_queries(4):
            client.get("/uitnodigingen/jurylid/")


def test_an_unproved_account_that_cannot_go_is_said_so():
    invitation, link = make()
    unproved = UserFactory(email=invitation.email)
    change_employment(
        actor=UserFactory(coordinator=True), user=unproved, employer="X", decides_on_benefits=True, reason="x", at=timezone.now()
    )
    answer = Client().post(link, TYPED)
    assert answer.status_code == 422
    assert not User.objects.get(email=invitation.email).check_password(NEW["password"])
