"""The edit page: kept while one types, gone on with elsewhere, two at once question by question, and room now."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from fieldlab.lib.errors import DomainError
from initiatives.actions import choices, edit, keep_typed, remove_old_typed, say_room, without
from initiatives.forms import EditForm
from initiatives.models import EditDraft, InitiativeMember
from tests.accounts.conftest import make_person
from tests.concurrency.harness import race
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory, district_of, make_spanner
from tests.initiatives.test_hours_and_offer_forms import as_sent
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def initiative():
    return InitiativeFactory()


@pytest.fixture
def one(initiative):
    return MemberFactory(initiative=initiative).user


@pytest.fixture
def two(initiative):
    return MemberFactory(initiative=initiative, role=InitiativeMember.Role.EDITOR).user


def url(initiative, name="initiative_edit"):
    return reverse(name, args=[initiative.slug])


def typed(initiative, **data):
    initiative.refresh_from_db()
    return {**as_sent(EditForm.of(initiative)), **data}


# --- Kept while one types


def test_what_was_typed_is_kept_and_comes_back_on_another_device(initiative, one, two):
    client = signed_in(one)
    kept = client.post(url(initiative, "initiative_edit_keep"), typed(initiative, summary="Half a sen", day0_0="9"), headers=HTMX)
    assert kept.status_code == 200
    assert b"<html" not in kept.content
    initiative.refresh_from_db()
    assert (initiative.summary, initiative.revision) == ("We sew together.", 1)
    elsewhere = signed_in(one).get(url(initiative))
    assert elsewhere.context["form"]["summary"].value() == "Half a sen"
    assert elsewhere.context["form"]["day0"].value()[0] == "9"
    assert not elsewhere.context["form"].errors, "what is half typed is not called wrong"
    assert url(initiative, "initiative_edit_discard") in elsewhere.content.decode()
    assert b"Half a sen" not in signed_in(two).get(url(initiative)).content, "nobody else sees it"
    assert b"Half a sen" not in signed_in(one).get(initiative.get_absolute_url()).content


def test_without_javascript_a_button_keeps_it(initiative, one):
    client = signed_in(one)
    assert client.post(url(initiative, "initiative_edit_keep"), typed(initiative, summary="Half")).url == url(initiative)
    assert client.get(url(initiative)).context["form"]["summary"].value() == "Half"


@pytest.mark.parametrize("name", ["initiative_edit", "initiative_edit_keep"])
def test_who_was_signed_out_while_typing_signs_in_and_goes_on(initiative, name):
    client, one = Client(), make_person()
    MemberFactory(initiative=initiative, user=one)
    answer = client.post(url(initiative, name), typed(initiative, summary="Half a sen"))
    assert answer.url == f"{reverse('account_login')}?next={url(initiative)}"
    assert "Wat u typte is bewaard" in client.get(answer.url).content.decode()
    assert client.post(answer.url, {"login": one.email, "password": PASSWORD}).url == url(initiative)
    page = client.get(url(initiative))
    assert page.context["form"]["summary"].value() == "Half a sen"
    assert EditDraft.objects.get().user == one
    client.post(url(initiative, "initiative_edit_discard"))
    assert client.get(url(initiative)).context["form"]["summary"].value() == initiative.summary, "once"


def test_the_page_itself_says_that_somebody_was_signed_out(initiative):
    said = Client().post(url(initiative, "initiative_edit_keep"), typed(initiative, summary="Half a sen"), headers=HTMX)
    assert b"U bent uitgelogd. Wat u typte is bewaard" in said.content
    assert b"<html" not in said.content


def test_what_a_stranger_sends_reaches_no_page(initiative, one):
    """Neither too much of it, nor what was sent for another page, nor by somebody who may not edit."""
    other, client = InitiativeFactory(), Client()
    client.post(url(other), typed(initiative, summary="Half a sen"))
    client.post(url(other), typed(initiative, description="x" * 100_000))
    client.force_login(one)
    assert client.get(url(initiative)).context["form"]["summary"].value() == initiative.summary
    assert client.get(url(other)).status_code == 404
    assert not EditDraft.objects.exists()


def test_saving_and_throwing_away_end_it(initiative, one):
    client = signed_in(one)
    for end in ("initiative_edit", "initiative_edit_discard"):
        client.post(url(initiative, "initiative_edit_keep"), typed(initiative, summary="Half"))
        assert EditDraft.objects.count() == 1
        client.post(url(initiative, end), typed(initiative, summary="Whole."))
        assert not EditDraft.objects.exists()
    initiative.refresh_from_db()
    assert initiative.summary == "Whole."


def test_what_was_still_on_its_way_when_the_page_was_saved_is_not_kept(initiative, one):
    client, sent = signed_in(one), typed(initiative, summary="Whole.")
    client.post(url(initiative), sent)
    client.post(url(initiative, "initiative_edit_keep"), {**sent, "summary": "Whole"}, headers=HTMX)
    assert not EditDraft.objects.exists()


def test_kept_beside_a_page_that_moved_on_both_are_offered(initiative, one, two):
    mine = signed_in(one)
    sent = typed(initiative, summary="Mine.")
    mine.post(url(initiative, "initiative_edit_keep"), sent)
    signed_in(two).post(url(initiative), typed(initiative, summary="Theirs."))
    page = mine.get(url(initiative))
    assert page.context["form"]["summary"].value() == "Theirs."
    assert b"Mine." in page.content
    both = mine.post(url(initiative), page.context["overtaken"])
    assert both.status_code == 409
    assert [(choice.key, list(choice.theirs), list(choice.mine)) for choice, _picked in both.context["both"]] == [
        ("summary", ["Theirs."], ["Mine."])
    ]
    assert EditDraft.objects.count() == 1, "nothing is lost before one has chosen"


@pytest.mark.parametrize("odd", ["a\x00b", "🧵\u202eevil", "<script>alert(1)</script>", "\ud7ff" * 9])
def test_odd_text_is_kept_as_it_is(initiative, one, odd):
    client = signed_in(one)
    assert client.post(url(initiative, "initiative_edit_keep"), typed(initiative, description=odd), headers=HTMX).status_code == 200
    assert EditDraft.objects.get().typed["description"] == [odd.replace("\x00", "")]
    page = client.get(url(initiative))
    assert page.status_code == 200
    assert b"<script>alert" not in page.content


def test_too_much_text_is_said_and_not_kept(initiative, one):
    client = signed_in(one)
    client.post(url(initiative, "initiative_edit_keep"), typed(initiative, summary="Half"))
    answer = client.post(url(initiative, "initiative_edit_keep"), typed(initiative, description="x" * 1_000_000), headers=HTMX)
    assert answer.status_code == 200
    assert EditDraft.objects.get().typed["summary"] == ["Half"], "what was kept stays"
    assert client.post(url(initiative), typed(initiative, description="x" * 1_000_000)).status_code == 422


@pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 400, "\x00", "1e3", "٣"])
def test_a_revision_that_is_none_does_no_harm(initiative, one, revision):
    client = signed_in(one)
    assert client.post(url(initiative, "initiative_edit_keep"), typed(initiative, revision=revision), headers=HTMX).status_code == 200
    assert client.get(url(initiative)).status_code == 200
    assert client.post(url(initiative), typed(initiative, revision=revision)).status_code in (302, 409, 422)
    assert client.post(url(initiative), typed(initiative, revision=1, base=revision)).status_code in (302, 409, 422)


def test_what_nobody_came_back_for_is_deleted_after_30_days(initiative, one, two, at):
    for user, days in ((one, 31), (two, 29)):
        keep_typed(initiative=initiative, actor=user, typed={"summary": ["x"]}, revision=1, at=at - timedelta(days=days))
    assert remove_old_typed(at=at) == 1
    assert EditDraft.objects.get().user == two


def test_only_the_team_and_whoever_checks_it_keep_anything(initiative, at):
    with pytest.raises(DomainError):
        keep_typed(initiative=initiative, actor=UserFactory(), typed={}, revision=1, at=at)
    assert keep_typed(initiative=initiative, actor=make_spanner(district_of(initiative)), typed={}, revision=1, at=at)


def test_one_more_row_shows_what_was_typed_and_keeps_it(initiative, one):
    client = signed_in(one)
    page = client.post(
        url(initiative), typed(initiative, summary="", day0_0="x", exception0_0="2026-12-24", exception1_0="", more="exceptions")
    )
    assert page.status_code == 200
    assert not page.context["form"].errors
    assert b"exception2_0" in page.content
    assert EditDraft.objects.get().typed["day0_0"] == ["x"]


# --- Two at once


def both_edit(initiative, one, two, theirs, mine):
    opened = typed(initiative)
    assert signed_in(two).post(url(initiative), {**opened, **theirs}).status_code == 302
    client = signed_in(one)
    return client, client.post(url(initiative), {**opened, **mine})


def told(response):
    return {choice.key: (list(choice.theirs), list(choice.mine), picked) for choice, picked in response.context["both"]}


def test_each_question_that_differs_is_shown_with_who_changed_it(initiative, one, two):
    theirs = {"offers": ["work"], "day0_0": "9", "day0_1": "17", "contact_name": "Joost", "summary": "Theirs."}
    mine = {"languages": ["ar"], "channel0_0": "facebook", "channel0_1": "facebook.com/draad", "summary": "Mine."}
    _client, response = both_edit(initiative, one, two, theirs, mine)
    assert response.status_code == 409
    shown = told(response)
    assert set(shown) == {"summary", "offers", "languages", "opening_hours", "contact_name", "channels"}
    assert shown["summary"] == (["Theirs."], ["Mine."], "")
    assert (shown["offers"][2], shown["opening_hours"][2], shown["languages"][2]) == ("theirs", "theirs", "mine")
    assert shown["opening_hours"][:2] == (["maandag 9.00–17.00"], [])
    assert (shown["contact_name"][2], shown["channels"][2]) == ("", ""), "history does not know these, so one chooses"
    assert "facebook.com/draad" in shown["channels"][1][0]


def test_what_was_chosen_is_saved_question_by_question(initiative, one, two):
    theirs = {"offers": ["work"], "summary": "Theirs.", "day0_0": "9", "day0_1": "17"}
    client, response = both_edit(initiative, one, two, theirs, {"languages": ["ar"], "summary": "Mine.", "description": "Mine too."})
    sent = {**response.context["typed"], "base": response.context["base"]}
    unanswered = client.post(url(initiative), {**sent, "choose-offers": "theirs"})
    assert unanswered.status_code == 422
    assert b"data-error-summary" in unanswered.content
    chosen = {"choose-summary": "mine", "choose-offers": "theirs", "choose-languages": "mine"}
    chosen |= {"choose-opening_hours": "theirs", "choose-description": "mine"}
    assert client.post(url(initiative), {**sent, **chosen}).url == initiative.get_absolute_url()
    initiative.refresh_from_db()
    assert (initiative.summary, initiative.offers, initiative.languages) == ("Mine.", ["work"], ["ar"])
    assert (initiative.opening_hours["week"], initiative.description, initiative.revision) == ([[0, 540, 1020]], "Mine too.", 3)


def test_an_address_is_chosen_whole_and_an_old_one_is_not_looked_up_again(initiative, one, two, service):
    opened = typed(initiative)
    edit(initiative=initiative, changes={"house_number": "114", "street": "Sumatrastraat"}, revision=1, at=timezone.now(), actor=two)
    client = signed_in(one)
    response = client.post(url(initiative), {**opened, "summary": "Mine."})
    assert response.status_code == 409
    assert service.requests == []
    shown = told(response)
    assert set(shown) == {"place", "summary"}
    assert "Sumatrastraat 114" in shown["place"][0][0]
    assert "Javastraat 112" in shown["place"][1][0]
    assert shown["place"][2] == "theirs"
    sent = {**response.context["typed"], "base": response.context["base"], "choose-place": "theirs", "choose-summary": "mine"}
    assert client.post(url(initiative), sent).status_code == 302
    initiative.refresh_from_db()
    assert (initiative.street_and_number, initiative.summary) == ("Sumatrastraat 114", "Mine.")


def test_a_third_who_saves_while_one_chooses_is_shown_too(initiative, one, two):
    client, response = both_edit(initiative, one, two, {"summary": "Theirs."}, {"summary": "Mine."})
    signed_in(two).post(url(initiative), typed(initiative, summary="Third."))
    sent = {**response.context["typed"], "base": response.context["base"], "choose-summary": "mine"}
    again = client.post(url(initiative), sent)
    assert again.status_code == 409
    assert told(again)["summary"][:2] == (["Third."], ["Mine."])


def test_back_to_the_form_shows_ones_own_words_and_the_others_above_it(initiative, one, two):
    client, response = both_edit(initiative, one, two, {"summary": "Theirs."}, {"summary": "Mine."})
    page = client.post(url(initiative), {**response.context["typed"], "base": response.context["base"], "back": "1"})
    assert page.status_code == 200
    assert page.context["form"]["summary"].value() == "Mine."
    assert b"Theirs." in page.content
    assert client.post(url(initiative), typed(initiative, summary="Both.")).status_code == 302


def test_a_double_click_and_two_who_did_the_same_have_nothing_to_choose(initiative, one, two):
    client, response = both_edit(initiative, one, two, {"summary": "Same."}, {"summary": "Same."})
    assert response.url == initiative.get_absolute_url()
    sent = typed(initiative, summary="Sent twice.")
    client.post(url(initiative, "initiative_edit_keep"), sent)
    assert [client.post(url(initiative), sent).status_code for _click in range(2)] == [302, 302]
    initiative.refresh_from_db()
    assert (initiative.summary, initiative.revision, EditDraft.objects.count()) == ("Sent twice.", 3, 0)


def test_without_leaves_the_others_answer_alone(initiative):
    changes = {"phone": "+31200000999", "phone_public": False, "summary": "Mine."}
    assert {choice.key for choice in choices(initiative, changes, 1)} == {"phone", "summary"}
    assert without(changes, ["phone"]) == {"summary": "Mine."}


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_of_one_revision_one_wins_and_the_other_sees_both(initiative, one, two):
    opened = typed(initiative)
    clients = {"One.": signed_in(one), "Two.": signed_in(two)}
    outcomes = race(
        *[
            lambda text=text: clients[text].post(url(initiative), {**opened, "summary": text, "day0_0": "9", "day0_1": "17"})
            for text in clients
        ]
    )
    assert [outcome.error for outcome in outcomes] == [None, None]
    assert sorted(outcome.result.status_code for outcome in outcomes) == [302, 409]
    loser = next(outcome.result for outcome in outcomes if outcome.result.status_code == 409)
    initiative.refresh_from_db()
    (theirs, mine, _picked) = told(loser)["summary"]
    assert theirs == [initiative.summary]
    assert {*theirs, *mine} == {"One.", "Two."}


@pytest.mark.django_db(transaction=True)
def test_keeping_at_the_same_moment_in_two_windows_keeps_one(initiative, one):
    calls = [
        lambda text=text: keep_typed(initiative=initiative, actor=one, typed={"summary": [text]}, revision=1, at=timezone.now())
        for text in ("One", "Two", "Three")
    ]
    assert [outcome.error for outcome in race(*calls)] == [None] * 3
    assert EditDraft.objects.count() == 1


# --- Who saves what it says


def test_a_moderator_who_changes_it_does_not_say_that_it_is_right_and_adds_nothing_to_the_queue(initiative, at):
    initiative.checked_revision = initiative.revision
    initiative.save()
    before, spanner = initiative.confirmed_at, make_spanner(district_of(initiative))
    saved = edit(initiative=initiative, changes={"summary": "Checked."}, revision=1, actor=spanner, at=at)
    assert (saved.confirmed_at, saved.checked_revision, saved.revision) == (before, 2, 2)
    mine = edit(initiative=initiative, changes={"summary": "Ours."}, revision=2, actor=MemberFactory(initiative=initiative).user, at=at)
    assert (mine.confirmed_at, mine.checked_revision, mine.revision) == (at, 2, 3)


# --- Room now


def test_room_is_said_in_one_tap_with_its_date(initiative, one):
    client = signed_in(one)
    assert client.post(url(initiative, "initiative_room"), {"room": "waiting_list"}).url == initiative.get_absolute_url()
    assert client.post(url(initiative, "initiative_room"), {"room": "yes", "back": "edit"}).url == url(initiative)
    initiative.refresh_from_db()
    assert (initiative.room, initiative.room_now(timezone.now()), initiative.revision) == ("yes", "yes", 1)
    assert initiative.room_now(timezone.now() + timedelta(days=31)) == ""


@pytest.mark.parametrize("room", ["", "maybe", "\x00", "y" * 1_000_000, "🧵"])
def test_another_word_than_the_three_is_refused(initiative, one, room):
    assert signed_in(one).post(url(initiative, "initiative_room"), {"room": room}).status_code == 302
    initiative.refresh_from_db()
    assert (initiative.room, initiative.room_at) == ("", None)


def test_room_is_the_teams_to_say_and_of_a_page_that_is_there(initiative, one, at):
    for actor in (UserFactory(), make_spanner(district_of(initiative))):
        with pytest.raises(DomainError):
            say_room(initiative=initiative, actor=actor, room="yes", at=at)
    archived = InitiativeFactory(archived=True)
    with pytest.raises(DomainError):
        say_room(initiative=archived, actor=MemberFactory(initiative=archived).user, room="yes", at=at)


def test_room_said_during_an_edit_is_neither_lost_nor_a_second_version(initiative, one, two):
    opened = typed(initiative, summary="New.")
    signed_in(two).post(url(initiative, "initiative_room"), {"room": "no"})
    assert signed_in(one).post(url(initiative), opened).status_code == 302
    initiative.refresh_from_db()
    assert (initiative.summary, initiative.room) == ("New.", "no")


@pytest.mark.django_db(transaction=True)
def test_room_and_an_edit_at_the_same_moment_both_stand(initiative, one):
    outcomes = race(
        lambda: say_room(initiative=initiative, actor=one, room="yes", at=timezone.now()),
        lambda: edit(initiative=initiative, changes={"summary": "New."}, revision=1, at=timezone.now(), actor=one),
    )
    assert [outcome.error for outcome in outcomes] == [None, None]
    initiative.refresh_from_db()
    assert (initiative.summary, initiative.room) == ("New.", "yes")


# --- Queries


def test_the_edit_page_asks_the_database_as_much_for_a_full_page_as_for_a_bare_one(initiative, one):
    client = signed_in(one)
    client.get(url(initiative))
    counts = []
    for changes in ({}, {"offers": ["work", "meals"], "opening_hours": {"week": [[day, 540, 1020] for day in range(7)], "exceptions": []}}):
        edit(initiative=initiative, changes=changes, revision=initiative.revision, actor=one, at=timezone.now())
        initiative.refresh_from_db()
        with CaptureQueriesContext(connection) as context:
            assert client.get(url(initiative)).status_code == 200
        counts.append(len(context))
    assert counts[0] == counts[1] <= 14, counts
