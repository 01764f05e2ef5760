"""What waits for moderators, looking through what changed on a live page, and writing to each other."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import translation

from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import OutboxMessage
from initiatives.actions import decide, decisions_for, edit, send_message
from initiatives.forms.moderate import REASONS, DecisionForm
from initiatives.models import Initiative, ModerationDecision, ModerationMessage
from tests.concurrency.harness import race
from tests.factories.accounts import UserFactory
from tests.factories.areas import DistrictFactory, NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory, district_of, make_spanner
from tests.queries import assert_constant_queries
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
Decision = ModerationDecision.Decision


@pytest.fixture
def live():
    return InitiativeFactory(name="De Draad", summary="We sew together.", checked_revision=1)


@pytest.fixture
def owner(live):
    return MemberFactory(initiative=live, user__name="Yasmina").user


@pytest.fixture
def spanner(live):
    return make_spanner(district_of(live), name="Lucia")


@pytest.fixture
def changed(live, owner, at):
    return edit(initiative=live, changes={"summary": "We mend together."}, revision=live.revision, actor=owner, at=at)


def decided(initiative, actor, decision, at, message="The old hours were right."):
    return decide(initiative=initiative, actor=actor, decision=decision, message=message, revision=initiative.revision, at=at)


# --- Live pages that changed


def test_only_what_changed_on_a_live_page_is_looked_through(live, changed):
    assert set(decisions_for(changed)) == {Decision.CHECKED, Decision.BROUGHT_BACK, Decision.ARCHIVED}
    assert decisions_for(live) == [Decision.ARCHIVED]
    assert decisions_for(InitiativeFactory()) == [Decision.ARCHIVED]  # of before there was looking through


def test_looking_through_makes_no_revision_and_no_mail(at, changed, spanner):
    record = decided(changed, spanner, Decision.CHECKED, at, message="")
    now = Initiative.objects.get(pk=changed.pk)
    assert (now.checked_revision, now.revision, now.status, record.revision) == (2, 2, "published", 2)
    assert not OutboxMessage.objects.exists()


def test_looking_through_with_a_word_is_heard(at, changed, spanner, owner):
    decided(changed, spanner, Decision.CHECKED, at, message="Mooi!")
    assert "Mooi!" in OutboxMessage.objects.get(to=owner.email).text


def test_undoing_brings_the_page_back_as_it_was_checked_and_is_heard(at, changed, spanner, owner):
    decided(changed, spanner, Decision.BROUGHT_BACK, at)
    now = Initiative.objects.get(pk=changed.pk)
    assert (now.summary, now.status, now.revision, now.checked_revision) == ("We sew together.", "published", 3, 3)
    assert now.confirmed_at == changed.confirmed_at
    assert "The old hours were right." in OutboxMessage.objects.get(to=owner.email).text


def test_undoing_needs_a_reason(at, changed, spanner):
    with pytest.raises(DomainError):
        decided(changed, spanner, Decision.BROUGHT_BACK, at, message=" ")
    assert Initiative.objects.get(pk=changed.pk).summary == "We mend together."


def test_who_looked_first_is_told_to_the_second(at, changed, spanner):
    decided(changed, spanner, Decision.CHECKED, at)
    with pytest.raises(DomainError, match="Lucia"):
        decided(changed, UserFactory(coordinator=True), Decision.BROUGHT_BACK, at)


def test_what_changed_while_one_read_is_not_passed(at, changed, spanner, owner):
    edit(initiative=changed, changes={"summary": "Something else."}, revision=2, actor=owner, at=at)
    with pytest.raises(DomainError):
        decided(changed, spanner, Decision.CHECKED, at)
    assert Initiative.objects.get(pk=changed.pk).checked_revision == 1


def test_publishing_is_looking_through(at):
    entry = InitiativeFactory(submitted=True)
    decided(entry, UserFactory(coordinator=True), Decision.PUBLISHED, at)
    entry.refresh_from_db()
    assert entry.checked_revision == entry.revision


def test_what_was_taken_off_can_be_put_back(at, live, spanner):
    decided(live, spanner, Decision.ARCHIVED, at)
    live.refresh_from_db()
    assert decisions_for(live) == [Decision.PUBLISHED]
    decided(live, spanner, Decision.PUBLISHED, at, message="")
    live.refresh_from_db()
    assert (live.status, live.published_at) == ("published", at)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_look_at_once_one_decides_and_the_other_reads_who(at):
    entry = InitiativeFactory(checked_revision=1)
    edit(initiative=entry, changes={"summary": "We mend together."}, revision=1, at=at)
    entry.refresh_from_db()
    one, two = UserFactory(coordinator=True), UserFactory(coordinator=True)
    outcomes = race(
        lambda: decided(entry, one, Decision.CHECKED, at, message=""),
        lambda: decided(entry, two, Decision.BROUGHT_BACK, at),
    )
    assert [type(outcome.error) for outcome in outcomes if outcome.error] == [DomainError]
    record = ModerationDecision.objects.get()
    entry.refresh_from_db()
    assert entry.checked_revision == entry.revision
    assert entry.summary == ("We mend together." if record.decision == "checked" else "We sew together.")


# --- The queue


def queue(user, **asked):
    return signed_in(user).get(reverse("moderation_queue"), asked)


def listed(response):
    return [initiative.name for initiative in response.context["page"]]


def test_three_lists_with_what_waits_longest_first(at, changed, spanner):
    here = changed.area
    InitiativeFactory(area=here, name="New", submitted=True)
    InitiativeFactory(area=here, name="Newer", submitted=True, created_at=at - timedelta(days=3))
    long_ago = at - timedelta(days=500)
    for name, days in (("Silent", 380), ("More silent", 420)):
        InitiativeFactory(area=here, name=name, created_at=long_ago, confirmed_at=at - timedelta(days=days))
    InitiativeFactory(area=here, name="Fresh", created_at=long_ago, confirmed_at=at - timedelta(days=300), checked_revision=1)
    InitiativeFactory(name="Elsewhere", submitted=True)
    first = queue(spanner)
    assert first.context["counts"] == {"nieuw": 2, "veranderd": 1, "stil": 2}
    assert listed(first) == ["New", "Newer"]
    assert listed(queue(spanner, lijst="veranderd")) == ["De Draad"]
    assert listed(queue(spanner, lijst="stil")) == ["More silent", "Silent"]
    assert listed(queue(spanner, lijst="\x00onzin", gebied="nergens", page="1000000000")) == ["New", "Newer"]


def test_the_wait_of_a_change_begins_with_the_first_that_nobody_looked_at(at, live, owner, spanner):
    for text in ("One.", "Two."):
        revision = Initiative.objects.get(pk=live.pk).revision
        edit(initiative=live, changes={"summary": text}, revision=revision, actor=owner, at=at)
    first = live.events.get(revision=2, summary="One.", confirmed_at=live.confirmed_at)
    assert Initiative.objects.changed_since_checked().get().changed_since == first.pgh_created_at


def test_without_anything_new_the_queue_opens_at_what_there_is(changed, spanner):
    assert listed(queue(spanner)) == ["De Draad"]
    assert "De Draad" not in queue(spanner, lijst="nieuw").content.decode().partition("<aside")[0]


def test_a_coordinator_sees_counts_by_district_and_chooses_one(changed):
    there = NeighbourhoodFactory(parent__parent=DistrictFactory(name="Noord"))
    InitiativeFactory(area=there, name="In Noord", submitted=True)
    coordinator = UserFactory(coordinator=True)
    everywhere = queue(coordinator)
    assert [(each["district"] == "Noord", each["new"], each["changed"], each["stale"]) for each in everywhere.context["districts"]] in (
        [(True, 1, 0, 0), (False, 0, 1, 0)],
        [(False, 0, 1, 0), (True, 1, 0, 0)],
    )
    assert everywhere.context["counts"]["nieuw"] == 1
    elsewhere = queue(coordinator, gebied=district_of(changed).code)
    assert elsewhere.context["counts"] == {"nieuw": 0, "veranderd": 1, "stil": 0}
    assert listed(elsewhere) == ["De Draad"]
    assert listed(queue(coordinator, gebied=there.parent.parent.code)) == ["In Noord"]


@pytest.mark.parametrize("which", ["nieuw", "veranderd", "stil"])
def test_each_list_asks_the_same_number_of_questions_however_long_it_is(at, which):
    area, coordinator = NeighbourhoodFactory(), UserFactory(coordinator=True)

    def another():
        long_ago = at - timedelta(days=500)
        kinds = {"nieuw": {"submitted": True}, "veranderd": {"checked_revision": 1, "revision": 2}, "stil": {"created_at": long_ago}}
        entry = InitiativeFactory(area=area, **kinds[which])
        ModerationDecision.objects.create(initiative=entry, decided_by=UserFactory(), decision="published", at=at)

    assert assert_constant_queries(signed_in(coordinator), f"{reverse('moderation_queue')}?lijst={which}", another) < 15


# --- The page to decide on


def page(initiative, user):
    return signed_in(user).get(reverse("moderate", args=[initiative.slug]))


def test_it_shows_what_changed_since_it_was_looked_at(changed, spanner):
    text = page(changed, spanner).content.decode()
    assert "<del>" in text
    assert "mend" in text


def test_it_shows_what_was_changed_after_changes_were_asked(at, spanner, live):
    entry = InitiativeFactory(submitted=True, area=live.area, summary="Soup.")
    assert page(entry, spanner).context["seen"] is None
    decided(entry, spanner, Decision.CHANGES_REQUESTED, at, message="Which day?")
    entry.refresh_from_db()
    edit(initiative=entry, changes={"summary": "Soup on Tuesday."}, revision=entry.revision, at=at)
    Initiative.objects.filter(pk=entry.pk).update(status="submitted")
    assert [each.field for each in page(entry, spanner).context["differences"]] == ["summary"]


def test_a_ready_made_reason_stands_in_for_words_and_never_replaces_them(changed, spanner, at, owner):
    address = reverse("moderate", args=[changed.slug])
    sent = {"decision": "brought_back", "revision": changed.revision, "reason": "hours"}
    with translation.override("nl"):
        form = DecisionForm({**sent, "message": "My own words."}, initiative=changed)
        assert form.is_valid()
        assert form.cleaned_data["message"] == "My own words."
        assert signed_in(spanner).post(address, {**sent, "message": ""}).status_code == 302
        assert ModerationDecision.objects.get().message == str(REASONS["hours"][1])


@pytest.mark.parametrize("reason", ["", "onzin", "\x00"])
def test_without_words_or_reason_the_form_comes_back(changed, spanner, reason):
    sent = {"decision": "brought_back", "revision": changed.revision, "reason": reason, "message": ""}
    response = signed_in(spanner).post(reverse("moderate", args=[changed.slug]), sent)
    assert response.status_code == 422
    assert not ModerationDecision.objects.exists()


def test_a_moderator_reads_what_is_not_public(spanner, live):
    Initiative.objects.filter(pk=live.pk).update(
        channels=[{"kind": "telegram", "address": "https://t.me/dedraad", "public": False}],
        offers=["work"],
        languages=["ar"],
        phone_public=False,
    )
    text = page(live, spanner).content.decode()
    assert "t.me/dedraad" in text
    assert "020 000" in text.replace("\N{NO-BREAK SPACE}", " ")


def test_its_questions_do_not_grow_with_the_thread(at, live, owner, spanner):
    numbers = iter(range(9))

    def another():
        send_message(initiative=live, actor=owner, by_moderator=False, text=f"Number {next(numbers)}", at=at)
        ModerationDecision.objects.create(initiative=live, decided_by=UserFactory(), decision="checked", at=at)

    assert assert_constant_queries(signed_in(spanner), reverse("moderate", args=[live.slug]), another) < 30


# --- Messages


def test_each_side_hears_the_other_once(at, live, owner, spanner):
    second = MemberFactory(initiative=live, user__language="en").user
    one = send_message(initiative=live, actor=owner, by_moderator=False, text="Is the photo right?", at=at)
    again = send_message(initiative=live, actor=owner, by_moderator=False, text="Is the photo right? ", at=at)
    assert one == again
    assert list(OutboxMessage.objects.values_list("to", flat=True)) == [spanner.email]
    send_message(initiative=live, actor=spanner, by_moderator=True, text="Yes it is.", at=at)
    answers = OutboxMessage.objects.filter(text__contains="Yes it is.")
    assert {(message.to, message.language) for message in answers} == {(owner.email, "nl"), (second.email, "en")}
    assert all(f"/initiatieven/{live.slug}/berichten/" in message.text for message in answers)


def test_without_an_owner_its_address_hears_it_without_a_link_it_cannot_use(at, live, spanner):
    send_message(initiative=live, actor=spanner, by_moderator=True, text="When are you open?", at=at)
    message = OutboxMessage.objects.get()
    assert message.to == live.email
    assert "/berichten/" not in message.text


@pytest.mark.parametrize("by_moderator", [True, False])
def test_strangers_write_nothing(at, live, owner, spanner, by_moderator):
    wrong = owner if by_moderator else spanner
    for actor in (wrong, UserFactory()):
        with pytest.raises(DomainError):
            send_message(initiative=live, actor=actor, by_moderator=by_moderator, text="Hello", at=at)


def test_both_sides_write_on_their_own_page(live, owner, spanner):
    team, desk = reverse("initiative_messages", args=[live.slug]), reverse("moderate_message", args=[live.slug])
    assert signed_in(owner).post(team, {"text": "Is it right? 🧵 \u202eabc"}).status_code == 302
    assert signed_in(spanner).post(desk, {"text": "<script>It is.</script>"}).status_code == 302
    assert [message.by_moderator for message in ModerationMessage.objects.all()] == [False, True]
    text = signed_in(owner).get(team).content.decode()
    assert "Lucia" in text
    assert "<script>It is" not in text
    for bad in ("", "   ", "\x00", "x" * 2001):
        assert signed_in(owner).post(team, {"text": bad}).status_code == 422
        assert signed_in(spanner).post(desk, {"text": bad}).status_code == 422
    assert ModerationMessage.objects.count() == 2


def test_the_thread_asks_the_same_number_of_questions_however_long_it_is(at, live, owner):
    numbers = iter(range(9))
    add = lambda: send_message(initiative=live, actor=owner, by_moderator=False, text=f"{next(numbers)}", at=at)  # noqa: E731
    assert assert_constant_queries(signed_in(owner), reverse("initiative_messages", args=[live.slug]), add) < 12
