"""The versions of an entry: who changed what, in words, and bringing one back."""

from datetime import timedelta

import pghistory
import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from fieldlab.lib.errors import DomainError
from initiatives.actions import StaleEdit, decide, differences, edit, restore, restoring, save_draft, submit, timeline, version_at, versions
from initiatives.actions.differences import Mark, word_by_word
from initiatives.models import Initiative, InitiativeMember, ModerationDecision, Photo
from tests.concurrency.harness import race
from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory, district_of, make_spanner
from tests.initiatives.test_register_actions import answers
from tests.queries import assert_constant_queries
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
CHRISTMAS = {"from": "2026-12-24", "until": "2026-12-26", "hours": [], "note": "Kerst"}
HOURS = {"week": [[0, 540, 750], [2, 780, 1020]], "exceptions": [CHRISTMAS]}


@pytest.fixture
def initiative():
    return InitiativeFactory(name="De Draad", summary="We sew together.", languages=["nl"])


@pytest.fixture
def owner(initiative):
    return MemberFactory(initiative=initiative, user__name="Yasmina").user


def changed(initiative, at, actor=None, **changes):
    """Saved as a request of `actor` saves it."""
    who = {"kind": "user", "user": actor.pk} if actor else {"kind": "visitor"}
    with pghistory.context(**who):
        return edit(initiative=initiative, changes=changes, revision=Initiative.objects.get(pk=initiative.pk).revision, actor=actor, at=at)


def told(initiative, **page):
    return timeline(initiative, **{"start": 0, "count": 10, **page})


# --- Versions


def test_each_revision_is_one_version_with_who_and_what(at, initiative, owner):
    changed(initiative, at, owner, summary="We mend together.")
    now = changed(initiative, at, None, languages=["nl", "ar"])
    with translation.override("en"):
        newest, middle, first = told(now)
    assert [each.revision for each in (newest, middle, first)] == [3, 2, 1]
    assert (newest.current, middle.current, first.first, middle.first) == (True, False, True, False)
    assert middle.who == "Yasmina"
    assert newest.who == "somebody without an account"
    assert [(each.field, each.before, each.after) for each in middle.differences] == [("summary", "We sew together.", "We mend together.")]
    assert [piece.mark for piece in newest.differences[0].pieces] == [Mark.SAME, Mark.NEW]


def test_what_makes_no_revision_makes_no_version(at, initiative, owner):
    Initiative.objects.filter(pk=initiative.pk).update(confirmed_at=at, room="yes", room_at=at)
    assert [version.revision for version in told(initiative)] == [1]


def test_who_changed_it_is_who_made_the_revision_and_not_who_confirmed_it_after(at, initiative, owner):
    now = changed(initiative, at, owner, summary="We mend together.")
    with pghistory.context(kind="user", user=UserFactory(name="Joost").pk):
        Initiative.objects.filter(pk=initiative.pk).update(confirmed_at=at + timedelta(days=1))
    assert told(now)[0].who == "Yasmina"


def test_an_account_that_is_gone_leaves_no_name(at, initiative, owner):
    editor = MemberFactory(initiative=initiative, role="editor").user
    now = changed(initiative, at, editor, summary="We mend together.")
    editor.delete()
    with translation.override("en"):
        assert told(now)[0].who == "somebody whose account is no longer there"


def test_what_was_a_draft_is_not_told(at, java_buurt):
    owner, key = UserFactory(), "5c1d7d1e-3a39-4f6c-8bd8-2f6a9a1f5e10"
    draft = save_draft(key=key, actor=owner, changes={**answers(area=java_buurt), "summary": "Secret first thought."}, at=at)
    save_draft(key=key, actor=owner, changes={"summary": "We sew."}, at=at)
    entry = submit(initiative=draft, actor=owner, language="nl", at=at)
    (version,) = told(entry)
    assert version.first
    assert version.row.summary == "We sew."


def test_nothing_of_a_person_is_kept_in_a_version(initiative):
    row = versions(initiative).get()
    assert not {"contact_name", "phone", "email", "channels", "draft_key"} & {field.name for field in row._meta.get_fields()}


def test_paged_versions_compare_with_the_one_on_the_next_page(at, initiative, owner):
    for number in range(4):
        now = changed(initiative, at, owner, summary=f"Number {number}.")
    page = told(now, start=0, count=2)
    assert [version.revision for version in page] == [5, 4]
    assert all(version.differences for version in page)


# --- Differences


def test_every_kind_of_fact_is_told_in_words(at, initiative):
    photo = Photo.objects.create(initiative=initiative, alternative_text="Two people sewing", width=10, height=10, uploaded_at=at)
    elsewhere = NeighbourhoodFactory(name="Dapperbuurt")
    changed(
        initiative,
        at,
        opening_hours=HOURS,
        photo_id=photo.pk,
        kind="cooperative",
        phase="idea",
        area_id=elsewhere.pk,
        location=elsewhere.centre,
        house_number="114",
        service_areas=[elsewhere.parent.code],
        website_public=False,
    )
    with translation.override("en"):
        found = {each.field: each for each in differences(version_at(initiative, 1), version_at(initiative, 2))}
    assert [piece.text for piece in found["opening_hours"].pieces] == [
        "Monday 9.00–12.30",
        "Wednesday 13.00–17.00",
        "Dec. 24, 2026 to Dec. 26, 2026: closed (Kerst)",
    ]
    assert found["photo"].after == "Two people sewing"
    assert (found["kind"].before, found["kind"].after) == ("Social enterprise", "Co-operative")
    assert found["phase"].after == "An idea"
    assert found["area"].after == "Dapperbuurt"
    assert found["address"].after == "Javastraat 114, 1094 HP Amsterdam"
    assert "metres" in found["location"].after
    assert found["service_areas"].after == elsewhere.parent.name
    assert (found["website_public"].before, found["website_public"].after) == ("yes", "no")


def test_a_long_text_shows_what_stands_around_the_change(at, initiative):
    words = [f"word{number}" for number in range(200)]
    changed(initiative, at, description=" ".join(words))
    words[100] = "changed"
    changed(initiative, at, description=" ".join(words))
    (found,) = differences(version_at(initiative, 2), version_at(initiative, 3))
    shown = " ".join(piece.text for piece in found.pieces)
    assert "changed" in shown
    assert "word99 " in shown
    assert "word50" not in shown


WORDS = st.lists(st.sampled_from(["we", "sew", "mend", "\n", "together,", "ünïcøde", "\u202ertl", "🧵"]), max_size=30).map(" ".join)


@given(before=WORDS, after=WORDS)
def test_word_by_word_loses_nothing(before, after):
    def without(mark):
        return " ".join(piece.text for piece in word_by_word(before, after) if piece.mark != mark).split()

    assert without(Mark.NEW) == before.split()
    assert without(Mark.GONE) == after.split()


# --- Bringing back


def brought_back(initiative, actor, version, at, **fields):
    revision = Initiative.objects.get(pk=initiative.pk).revision
    return restore(initiative=initiative, actor=actor, version=version, **{"revision": revision, **fields}, at=at)


def test_a_version_comes_back_as_a_new_one_and_the_page_stays_on_the_site(at, initiative, owner):
    changed(initiative, at, owner, summary="We mend.", languages=["ar"], opening_hours=HOURS)
    brought_back(initiative, owner, 1, at)
    initiative.refresh_from_db()
    assert (initiative.summary, initiative.languages, initiative.opening_hours) == ("We sew together.", ["nl"], {})
    assert (initiative.status, initiative.revision) == ("published", 3)
    brought_back(initiative, owner, 2, at)
    initiative.refresh_from_db()
    assert initiative.summary == "We mend."


def test_contact_details_and_what_is_public_stay_as_they_are(at, initiative, owner):
    changed(
        initiative, at, owner, phone="+31200000999", phone_public=False, website_public=False, summary="We mend.", room="yes", room_at=at
    )
    brought_back(initiative, owner, 1, at)
    initiative.refresh_from_db()
    assert (initiative.phone, initiative.phone_public, initiative.website_public, initiative.room) == ("+31200000999", False, False, "yes")


def test_a_photo_that_is_gone_an_area_that_vanished_and_unknown_words_are_left_out_and_said(at, initiative, owner):
    photo = Photo.objects.create(initiative=initiative, alternative_text="Sewing", width=10, height=10, uploaded_at=at)
    before, new = initiative.area, NeighbourhoodFactory()
    changed(initiative, at, owner, photo_id=photo.pk, service_areas=[before.parent.code])
    changed(initiative, at, owner, photo_id=None, service_areas=[], area_id=new.pk, location=new.centre, summary="We mend.")
    photo.delete()
    for area in (before, before.parent):
        area.vanished_at = at
        area.save()
    row = version_at(initiative, 2)
    row.offers = ["no-longer-a-word"]
    would = restoring(Initiative.objects.with_area().get(pk=initiative.pk), row)
    assert len(would.left_out) == 4
    assert would.changes.keys() == {"summary"}
    brought_back(initiative, owner, 2, at)
    initiative.refresh_from_db()
    assert (initiative.summary, initiative.area, initiative.photo) == ("We sew together.", new, None)


def test_somebody_who_saved_in_between_is_not_overwritten(at, initiative, owner):
    changed(initiative, at, owner, summary="We mend.")
    with pytest.raises(StaleEdit):
        brought_back(initiative, owner, 1, at, revision=1)
    initiative.refresh_from_db()
    assert initiative.summary == "We mend."


def test_who_may_not_and_what_cannot_come_back(at, initiative, owner):
    changed(initiative, at, owner, summary="We mend.")
    for actor, version in ((UserFactory(), 1), (make_spanner(NeighbourhoodFactory().parent.parent), 1), (owner, 2), (owner, 99)):
        with pytest.raises(DomainError):
            brought_back(initiative, actor, version, at)
    Initiative.objects.filter(pk=initiative.pk).update(status="archived")
    with pytest.raises(DomainError):
        brought_back(initiative, owner, 1, at)


def test_a_moderator_who_puts_something_right_has_looked_at_it_and_confirms_nothing(at, initiative, owner):
    moderator = make_spanner(district_of(initiative))
    Initiative.objects.filter(pk=initiative.pk).update(checked_revision=1)
    confirmed = initiative.confirmed_at
    now = changed(initiative, at, moderator, summary="We mend.")
    assert (now.checked_revision, now.confirmed_at) == (2, confirmed)
    brought_back(initiative, moderator, 1, at)
    now = changed(initiative, at, owner, summary="We sew and mend.")
    assert (now.revision, now.checked_revision, now.confirmed_at) == (4, 3, at)
    assert changed(initiative, at, moderator, summary="Sewing and mending.").checked_revision == 3


@pytest.mark.django_db(transaction=True)
def test_bringing_back_and_an_edit_at_once_lose_nothing(at):
    owner = MemberFactory()
    entry = owner.initiative
    changed(entry, at, owner.user, summary="We mend.")
    outcomes = race(
        lambda: restore(initiative=entry, actor=owner.user, version=1, revision=2, at=at),
        lambda: edit(initiative=entry, changes={"summary": "We sew and mend."}, revision=2, actor=owner.user, at=at),
    )
    assert [type(outcome.error) for outcome in outcomes if outcome.error] == [StaleEdit]
    entry.refresh_from_db()
    assert entry.revision == 3
    assert entry.summary == ("We sew and mend." if outcomes[0].error else "We sew together.")


# --- Pages


def test_the_timeline_asks_the_same_number_of_questions_however_long_it_is(at, initiative, owner):
    numbers = iter(range(10))
    count = assert_constant_queries(
        signed_in(owner),
        f"/initiatieven/{initiative.slug}/geschiedenis/",
        lambda: changed(initiative, at, owner, summary=f"{next(numbers)}", service_areas=["x"]),
    )
    assert count < 20


def test_pages_tell_who_and_ask_before_bringing_back(at, initiative, owner, client):
    client.force_login(owner)
    changed(initiative, at, owner, summary="We mend <b>together</b>.")
    page = client.get(f"/initiatieven/{initiative.slug}/geschiedenis/").content.decode()
    assert "Yasmina" in page
    assert "<ins>" in page
    assert "mend" in page
    assert "<b>together" not in page
    address = f"/initiatieven/{initiative.slug}/geschiedenis/1/"
    assert "<del>" in client.get(address).content.decode()
    initiative.refresh_from_db()
    assert initiative.summary == "We mend <b>together</b>."
    stale = client.post(address, {"revision": "1"})
    assert stale.status_code == 409
    assert client.post(address, {"revision": "2"}).status_code == 302
    initiative.refresh_from_db()
    assert initiative.summary == "We sew together."


@pytest.mark.parametrize("revision", ["", "x", "9" * 40, "\x00", "-1", "²"])
def test_a_revision_that_is_none_changes_nothing(at, initiative, owner, client, revision):
    client.force_login(owner)
    changed(initiative, at, owner, summary="We mend.")
    assert client.post(f"/initiatieven/{initiative.slug}/geschiedenis/1/", {"revision": revision}).status_code == 409


@pytest.mark.parametrize("number", [0, 2**31, 10**30])
def test_a_version_that_is_not_there_is_not_found(initiative, owner, client, number):
    client.force_login(owner)
    assert client.get(f"/initiatieven/{initiative.slug}/geschiedenis/{number}/").status_code == 404


def test_an_odd_page_number_shows_the_nearest(initiative, owner, client):
    client.force_login(owner)
    for number in ("-1", "1000000000", "x", "NaN"):
        assert client.get(f"/initiatieven/{initiative.slug}/geschiedenis/", {"page": number}).status_code == 200


def test_a_decision_is_a_version_too(at):
    entry, moderator = InitiativeFactory(submitted=True), UserFactory(coordinator=True, name="Noor")
    with pghistory.context(kind="user", user=moderator.pk):
        decide(initiative=entry, actor=moderator, decision=ModerationDecision.Decision.PUBLISHED, message="", revision=1, at=at)
    entry.refresh_from_db()
    newest = told(entry)[0]
    assert newest.who == "Noor"
    assert [each.field for each in newest.differences] == ["status"]
    assert InitiativeMember.objects.count() == 0
