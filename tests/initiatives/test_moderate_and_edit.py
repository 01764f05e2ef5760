import pytest

from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import OutboxMessage
from initiatives.actions import (
    StaleEdit,
    change_role,
    confirm,
    decide,
    edit,
    invite_member,
    reassign_areas,
    remove_member,
    submit,
    withdraw_invitation,
)
from initiatives.models import InitiativeMember, ModerationDecision, Status
from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory, district_of, make_spanner

pytestmark = pytest.mark.django_db
Decision, Role = ModerationDecision.Decision, InitiativeMember.Role


@pytest.fixture
def submitted():
    return InitiativeFactory(submitted=True)


@pytest.fixture
def spanner(submitted):
    return make_spanner(district_of(submitted), name="Lucia")


def decided(initiative, actor, decision, at, message="Say when you are open.", **fields):
    return decide(initiative=initiative, actor=actor, decision=decision, message=message, revision=initiative.revision, at=at, **fields)


ALLOWED = {
    ("submitted", Decision.PUBLISHED),
    ("submitted", Decision.CHANGES_REQUESTED),
    ("submitted", Decision.ARCHIVED),
    ("archived", Decision.PUBLISHED),
    ("changes_requested", Decision.ARCHIVED),
    ("published", Decision.ARCHIVED),
}


@pytest.mark.parametrize("status", Status.values)
@pytest.mark.parametrize("decision", list(Decision))
def test_every_transition_and_every_illegal_one(at, status, decision):
    initiative = InitiativeFactory(**({} if status == "published" else {status: True}))
    actor = UserFactory(coordinator=True)
    if (status, decision) in ALLOWED:
        record = decided(initiative, actor, decision, at)
        initiative.refresh_from_db()
        assert (initiative.status, record.decided_by, record.at) == (decision, actor, at)
    else:
        with pytest.raises(DomainError):
            decided(initiative, actor, decision, at)
        initiative.refresh_from_db()
        assert initiative.status == status
        assert not ModerationDecision.objects.exists()
        assert not OutboxMessage.objects.exists()


def test_publishing_is_one_recorded_action_and_every_owner_hears_it(at, submitted, spanner):
    owners = [MemberFactory(initiative=submitted).user, MemberFactory(initiative=submitted, user__language="en").user]
    MemberFactory(initiative=submitted, role=Role.EDITOR)
    decided(submitted, spanner, Decision.PUBLISHED, at, message="")
    submitted.refresh_from_db()
    assert (submitted.status, submitted.published_at) == ("published", at)
    assert set(OutboxMessage.objects.values_list("to", "language")) == {(user.email, user.language) for user in owners}
    assert all(f"/initiatieven/{submitted.slug}/" in message.text for message in OutboxMessage.objects.all())


def test_asking_for_changes_goes_out_in_the_moderators_words_with_the_way_to_the_edit_page(at, submitted, spanner):
    MemberFactory(initiative=submitted)
    decided(submitted, spanner, Decision.CHANGES_REQUESTED, at, message="Op welke dag is de soep?")
    text = OutboxMessage.objects.get().text
    assert "Op welke dag is de soep?" in text
    assert "Lucia" in text
    assert f"/initiatieven/{submitted.slug}/bewerken/" in text


def test_without_an_owner_its_own_address_hears_it_with_a_signed_link(at, submitted, spanner):
    decided(submitted, spanner, Decision.CHANGES_REQUESTED, at)
    message = OutboxMessage.objects.get()
    assert message.to == submitted.email
    assert "/initiatieven/wijzigen/" in message.text
    assert submitted.email not in message.text.partition("/initiatieven/wijzigen/")[2].split()[0]


def test_asking_for_changes_needs_words(at, submitted, spanner):
    with pytest.raises(DomainError):
        decided(submitted, spanner, Decision.CHANGES_REQUESTED, at, message="  ")


@pytest.mark.parametrize("who", ["stranger", "owner", "elsewhere"])
def test_nobody_else_decides(at, submitted, who):
    other = InitiativeFactory()
    actor = {
        "stranger": UserFactory,
        "owner": lambda: MemberFactory(initiative=submitted).user,
        "elsewhere": lambda: make_spanner(district_of(other)),
    }[who]()
    with pytest.raises(DomainError):
        decided(submitted, actor, Decision.PUBLISHED, at)


def test_the_second_moderator_reads_who_was_before(at, submitted, spanner):
    second = make_spanner(district_of(submitted))
    decided(submitted, spanner, Decision.PUBLISHED, at)
    with pytest.raises(DomainError, match="Lucia"):
        decided(submitted, second, Decision.CHANGES_REQUESTED, at)
    assert ModerationDecision.objects.count() == 1


def test_nobody_decides_about_what_they_have_not_read(at, submitted, spanner):
    edit(initiative=submitted, changes={"summary": "Something else."}, revision=submitted.revision, at=at)
    with pytest.raises(DomainError, match=submitted.name):
        decided(submitted, spanner, Decision.PUBLISHED, at)


def test_changes_asked_edited_and_handed_in_again(at, submitted, spanner):
    owner = MemberFactory(initiative=submitted).user
    slug = submitted.slug
    decided(submitted, spanner, Decision.CHANGES_REQUESTED, at)
    submitted.refresh_from_db()
    saved = edit(initiative=submitted, changes={"name": "Another name", "summary": "Every Tuesday."}, revision=submitted.revision, at=at)
    again = submit(initiative=saved, actor=owner, language="nl", at=at)
    assert (again.status, again.slug, again.summary, again.submitted_at) == ("submitted", slug, "Every Tuesday.", at)
    assert OutboxMessage.objects.filter(key__startswith="initiative-submitted", to=spanner.email).count() == 1


def test_a_published_one_stays_published_while_it_is_edited_and_is_confirmed_by_it(at):
    initiative = InitiativeFactory()
    saved = edit(initiative=initiative, changes={"summary": "New."}, revision=initiative.revision, at=at)
    assert (saved.status, saved.summary, saved.confirmed_at, saved.revision) == ("published", "New.", at, initiative.revision + 1)


def test_a_second_editor_is_told_and_overwrites_nothing(at):
    initiative = InitiativeFactory()
    edit(initiative=initiative, changes={"summary": "First."}, revision=initiative.revision, at=at)
    with pytest.raises(StaleEdit) as stale:
        edit(initiative=initiative, changes={"summary": "Second."}, revision=initiative.revision, at=at)
    assert stale.value.current.summary == "First."
    initiative.refresh_from_db()
    assert initiative.summary == "First."


def test_an_edit_may_not_leave_it_incomplete_and_an_archived_one_is_not_edited(at):
    initiative, archived = InitiativeFactory(), InitiativeFactory(archived=True)
    with pytest.raises(DomainError):
        edit(initiative=initiative, changes={"summary": ""}, revision=initiative.revision, at=at)
    with pytest.raises(DomainError):
        edit(initiative=archived, changes={"summary": "New."}, revision=archived.revision, at=at)


def test_only_what_is_on_the_site_is_confirmed(at, submitted):
    assert confirm(initiative=InitiativeFactory(), at=at).confirmed_at == at
    with pytest.raises(DomainError):
        confirm(initiative=submitted, at=at)


def test_there_is_always_an_owner(at):
    owner = MemberFactory()
    editor = MemberFactory(initiative=owner.initiative, role=Role.EDITOR)
    for action in (
        lambda: remove_member(member=owner, actor=owner.user, at=at),
        lambda: change_role(member=owner, actor=owner.user, role=Role.EDITOR),
        lambda: remove_member(member=owner, actor=editor.user, at=at),
        lambda: change_role(member=editor, actor=editor.user, role=Role.OWNER),
    ):
        with pytest.raises(DomainError):
            action()
    change_role(member=editor, actor=owner.user, role=Role.OWNER)
    remove_member(member=owner, actor=owner.user, at=at)
    assert [member.user for member in owner.initiative.members.all()] == [editor.user]


def test_members_invite_and_only_an_owner_another_owner(at):
    owner = MemberFactory()
    editor = MemberFactory(initiative=owner.initiative, role=Role.EDITOR)
    invited = {"initiative": owner.initiative, "name": "Joost", "role": Role.EDITOR, "decides_on_benefits": False, "at": at}
    with pytest.raises(DomainError):
        invite_member(actor=editor.user, email="joost@demo.example", **invited | {"role": Role.OWNER})
    with pytest.raises(DomainError):
        invite_member(actor=UserFactory(), email="joost@demo.example", **invited)
    with pytest.raises(DomainError):
        invite_member(actor=owner.user, email=editor.user.email.upper(), **invited)
    assert invite_member(actor=editor.user, email="els@demo.example", **invited).member_role == "editor"
    assert invite_member(actor=owner.user, email="joost@demo.example", **invited).member_role == "editor"
    with pytest.raises(DomainError):
        invite_member(actor=owner.user, email="joost@demo.example", **invited)


def test_an_owner_takes_an_invitation_back(at):
    owner = MemberFactory()
    editor = MemberFactory(initiative=owner.initiative, role=Role.EDITOR)
    invited = {"initiative": owner.initiative, "actor": owner.user, "name": "Joost", "role": Role.EDITOR, "decides_on_benefits": True}
    invitation = invite_member(email="joost@demo.example", at=at, **invited)
    assert invitation.decides_on_benefits
    with pytest.raises(DomainError):
        withdraw_invitation(invitation=invitation, actor=editor.user, at=at)
    withdraw_invitation(invitation=invitation, actor=owner.user, at=at)
    assert not owner.initiative.invitations.pending().exists()
    with pytest.raises(DomainError):
        withdraw_invitation(invitation=invitation, actor=owner.user, at=at)


def test_whoever_leaves_the_team_leaves_no_open_invitations(at):
    owner = MemberFactory()
    other = MemberFactory(initiative=owner.initiative)
    invited = {"initiative": owner.initiative, "name": "Joost", "role": Role.OWNER, "decides_on_benefits": False, "at": at}
    invite_member(actor=owner.user, email="joost@demo.example", **invited)
    kept = invite_member(actor=other.user, email="els@demo.example", **invited)
    remove_member(member=owner, actor=other.user, at=at)
    assert list(owner.initiative.invitations.pending()) == [kept]


def test_new_boundaries_give_each_place_its_area_again(at):
    initiative = InitiativeFactory()
    right = initiative.area
    wrong = NeighbourhoodFactory()
    type(initiative).objects.filter(pk=initiative.pk).update(area=wrong)
    nowhere = InitiativeFactory(nowhere=True)
    assert reassign_areas(at=at) == 1
    initiative.refresh_from_db()
    assert initiative.area == right
    assert reassign_areas(at=at) == 0
    nowhere.refresh_from_db()
    assert nowhere.revision == 1
