"""Asking teams whether their page is still right, and the three answers in the mail."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from fieldlab.outbox.models import OutboxMessage
from initiatives.actions import ask_to_confirm, confirm, edit
from initiatives.models import Initiative, ModerationMessage
from initiatives.querysets import ASK_AFTER, REMIND_AFTER, STALE_AFTER
from tests.concurrency.harness import race
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory, district_of, make_spanner
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def silent(at):
    """Not confirmed for half a year."""
    return InitiativeFactory(name="De Draad", created_at=at - 300 * DAY, confirmed_at=at - ASK_AFTER)


def mails():
    return list(OutboxMessage.objects.filter(key__startswith="initiative-still-right").order_by("pk"))


def links(message):
    """The three addresses of a mail, by their answer."""
    found = re.findall(r"http://[^/\s]+(/klopt/\S+/(\w+)/)", message.text)
    return {answer: path for path, answer in found}


def asked(at):
    ask_to_confirm(at=at)
    return links(mails()[-1])


# --- Who is asked, and when


@settings(deadline=None, max_examples=60)
@given(days=st.integers(0, 800))
def test_whose_time_it_is(days):
    at = timezone.now()
    when = at - days * DAY
    entry = InitiativeFactory(created_at=when - 9 * DAY, confirmed_at=when)
    assert Initiative.objects.to_ask(at).filter(pk=entry.pk).exists() == (days * DAY >= ASK_AFTER)
    assert Initiative.objects.stale(at).filter(pk=entry.pk).exists() == entry.is_stale(at) == (days * DAY >= STALE_AFTER)


@pytest.mark.parametrize("status", ["draft", "submitted", "changes_requested", "archived"])
def test_only_what_is_on_the_site_is_asked_about(at, status):
    entry = InitiativeFactory(**{status: True}, created_at=at - 900 * DAY)
    assert ask_to_confirm(at=at) == 0
    assert not entry.is_stale(at)


def test_the_owners_are_asked_once_and_reminded_once(at, silent):
    owners = [MemberFactory(initiative=silent).user, MemberFactory(initiative=silent, user__language="en").user]
    MemberFactory(initiative=silent, role="editor")
    assert ask_to_confirm(at=at) == 2
    assert {message.to for message in mails()} == {user.email for user in owners}
    for days in (0, 1, 13):
        assert ask_to_confirm(at=at + days * DAY) == 0
    assert ask_to_confirm(at=at + REMIND_AFTER) == 2
    for days in (14, 15, 100, 400):
        assert ask_to_confirm(at=at + days * DAY) == 0
    assert len(mails()) == 4


def test_without_an_owner_its_address_is_asked(at, silent):
    assert ask_to_confirm(at=at) == 1
    assert [message.to for message in mails()] == [silent.email]


def test_without_owner_and_address_nobody_can_be_asked_and_nothing_breaks(at, silent):
    Initiative.objects.filter(pk=silent.pk).update(email="", email_public=False)
    assert ask_to_confirm(at=at) == 0
    assert ask_to_confirm(at=at) == 0


def test_who_answered_is_not_reminded_and_asked_again_half_a_year_later(at, silent):
    ask_to_confirm(at=at)
    confirm(initiative=silent, at=at + DAY)
    assert ask_to_confirm(at=at + REMIND_AFTER + DAY) == 0
    assert ask_to_confirm(at=at + DAY + ASK_AFTER) == 1
    assert ask_to_confirm(at=at + DAY + ASK_AFTER + REMIND_AFTER) == 1


def test_an_edit_is_an_answer(at, silent):
    ask_to_confirm(at=at)
    edit(initiative=silent, changes={"summary": "New."}, revision=silent.revision, at=at + DAY)
    assert ask_to_confirm(at=at + REMIND_AFTER + DAY) == 0


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_ask_once(at):
    for _ in range(3):
        MemberFactory(initiative=InitiativeFactory(created_at=at - 300 * DAY, confirmed_at=at - 200 * DAY))
    outcomes = race(*[lambda: ask_to_confirm(at=at)] * 3)
    assert [outcome.error for outcome in outcomes] == [None] * 3
    assert sum(outcome.result for outcome in outcomes) == len(mails()) == 3


# --- The links


def test_opening_changes_nothing_and_each_page_has_one_button(at, silent):
    Initiative.objects.filter(pk=silent.pk).update(contact_name="Verborgen", phone_public=False)
    for path in asked(at).values():
        page = Client().get(path)
        assert page.status_code == 200
        main = page.content.decode().partition("<main")[2].partition("</main>")[0]
        assert main.count('class="btn') == 1
        assert "Verborgen" not in main
    silent.refresh_from_db()
    assert (silent.confirmed_at, silent.status, silent.revision) == (at - ASK_AFTER, "published", 1)


def test_yes_everything_is_right(at, silent, client):
    path = asked(at)["klopt"]
    assert client.post(path).status_code == 302
    silent.refresh_from_db()
    assert silent.confirmed_at >= at
    # A double click, and opening the mail again
    assert client.post(path).status_code == 200
    assert client.get(path).status_code == 200


def test_we_have_stopped_is_told_to_moderators_in_their_words_and_can_be_undone(at, silent, client):
    spanner = make_spanner(district_of(silent))
    path = asked(at)["gestopt"]
    assert client.post(path, {"reason": "x" * 501}).status_code == 422
    assert client.post(path, {"reason": "De ruimte is weg."}).status_code == 302
    silent.refresh_from_db()
    assert silent.status == "archived"
    assert "De ruimte is weg." in ModerationMessage.objects.get(author=None).text
    assert "De ruimte is weg." in OutboxMessage.objects.get(to=spanner.email).text
    assert client.get(path).status_code == 200
    assert client.post(path, {"reason": "Again."}).status_code == 200
    assert ModerationMessage.objects.count() == 1
    offered = signed_in(spanner).get(reverse("moderate", args=[silent.slug])).context["form"].offered
    assert [decision for decision, _words in offered] == ["published"]


def test_something_changed_leads_whoever_has_an_account_to_sign_in(at, silent, client):
    owner = MemberFactory(initiative=silent).user
    path = asked(at)["veranderd"]
    edit_page = reverse("initiative_edit", args=[silent.slug])
    assert edit_page in client.get(path).content.decode()
    client.post(path)
    assert client.get(edit_page).status_code == 302
    assert signed_in(owner).get(edit_page).status_code == 200


def test_something_changed_opens_the_edit_page_for_whoever_has_none_until_the_next_revision(at, silent, client):
    path, edit_page = asked(at)["veranderd"], reverse("initiative_edit", args=[silent.slug])
    assert client.get(edit_page).status_code == 302
    assert client.post(path).url == edit_page
    assert client.get(edit_page).status_code == 200
    assert Client().get(edit_page).status_code == 302
    edit(initiative=silent, changes={"summary": "New."}, revision=1, at=at)
    assert client.get(edit_page).status_code == 302


def test_who_becomes_owner_closes_the_way_without_an_account(at, silent, client):
    path, edit_page = asked(at)["veranderd"], reverse("initiative_edit", args=[silent.slug])
    client.post(path)
    MemberFactory(initiative=silent)
    assert client.get(edit_page).status_code == 302


@pytest.mark.parametrize("answer", ["klopt", "veranderd", "gestopt"])
def test_a_link_about_another_revision_is_over(at, silent, client, answer):
    path = asked(at)[answer]
    edit(initiative=silent, changes={"summary": "New."}, revision=1, at=at)
    assert client.get(path).status_code == client.post(path).status_code == 410
    silent.refresh_from_db()
    assert silent.status == "published"


def test_a_link_ends_after_90_days_and_is_for_nothing_else(at, silent, client):
    path = asked(at)["klopt"]
    assert client.get(path.replace("/klopt/", "/onzin/", 2).replace("/onzin/", "/klopt/", 1)).status_code == 404
    assert client.get(reverse("initiative_change", args=[path.split("/")[2]])).status_code == 410
    with time_machine.travel(at + 91 * DAY, tick=False):
        assert client.get(path).status_code == 410


@pytest.mark.parametrize("token", ["x", "a.b", "é", "x" * 5000, "%00"])
def test_a_link_that_is_none(client, token):
    assert client.get(f"/klopt/{token}/klopt/").status_code == 410


# --- Where it shows


def test_a_page_that_nobody_confirmed_for_a_year_says_so(at, silent, client):
    assert client.get(silent.get_absolute_url()).context["stale"] is False
    Initiative.objects.filter(pk=silent.pk).update(created_at=at - 800 * DAY, confirmed_at=at - STALE_AFTER)
    assert client.get(silent.get_absolute_url()).context["stale"] is True
    assert silent.name in signed_in(UserFactory(coordinator=True)).get(reverse("moderation_queue"), {"lijst": "stil"}).content.decode()


def test_a_moderator_whom_the_team_told_so_confirms_it(at):
    entry = InitiativeFactory(created_at=at - 800 * DAY)
    spanner = make_spanner(district_of(entry))
    address = reverse("initiative_confirm", args=[entry.slug])
    assert address in signed_in(spanner).get(reverse("moderate", args=[entry.slug])).content.decode()
    assert signed_in(UserFactory()).post(address).status_code == 404
    assert signed_in(spanner).post(address).status_code == 302
    entry.refresh_from_db()
    assert not entry.is_stale(at)
