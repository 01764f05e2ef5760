from datetime import timedelta
from uuid import uuid4

import pytest

from fieldlab.accounts.invitations.actions import accept_as_new
from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import OutboxMessage
from initiatives.actions import DRAFTS_KEPT, discard_draft, remove_old_drafts, save_draft, submit
from initiatives.models import Initiative, InitiativeMember, MemberInvitation, Status
from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory, district_of, make_spanner

pytestmark = pytest.mark.django_db


def answers(**fields):
    return {
        "name": "De Draad",
        "kind": "social_enterprise",
        "activity": "sewing",
        "summary": "We sew.",
        "access": "walk_in",
        "street": "Javastraat",
        "house_number": "112",
        "postcode": "1094 HP",
        "area": NeighbourhoodFactory(),
        "contact_name": "Nadia",
        "email": "nadia@demo.example",
        "email_public": True,
        **fields,
    }


def draft(at, actor=None, **fields):
    return save_draft(key=uuid4(), actor=actor, changes=answers(**fields), at=at)


def mails():
    """Key up to the first number, and to whom."""
    return sorted((message.key.split(":")[0], message.to) for message in OutboxMessage.objects.all())


def test_the_same_key_is_one_draft(at):
    key = uuid4()
    first = save_draft(key=key, actor=None, changes={"name": "One"}, at=at)
    second = save_draft(key=key, actor=None, changes={"summary": "Two"}, at=at)
    assert (first.pk, second.name, second.summary, second.status) == (second.pk, "One", "Two", "draft")


def test_signing_in_on_the_way_makes_the_draft_ones_own(at):
    begun, user = draft(at), UserFactory()
    assert save_draft(key=begun.draft_key, actor=user, changes={}, at=at).registered_by == user


def test_whoever_is_signed_in_becomes_owner_at_once_and_hears_it(at):
    user = UserFactory(language="en")
    initiative = submit(initiative=draft(at, user), actor=user, language="nl", at=at)
    assert (initiative.status, initiative.slug, initiative.submitted_at) == ("submitted", "de-draad", at)
    assert list(initiative.members.values_list("user", "role")) == [(user.pk, "owner")]
    assert mails() == [("initiative-received", user.email)]
    assert not MemberInvitation.objects.exists()


def test_without_an_account_the_address_is_proved_by_an_invitation_to_be_owner(at):
    initiative = submit(initiative=draft(at), actor=None, language="en", at=at)
    assert not initiative.members.exists()
    assert mails() == [("initiative-received", "nadia@demo.example"), ("invitation", "nadia@demo.example")]
    invitation = initiative.invitations.get()
    assert (invitation.member_role, invitation.language, invitation.invited_by) == ("owner", "en", None)
    link = OutboxMessage.objects.get(key__startswith="invitation").text
    token = link.partition("/uitnodiging/team/")[2].partition("/")[0]
    accept_as_new(MemberInvitation, token, name="Nadia", decides_on_benefits=False, password="", at=at)
    assert initiative.members.get(role=InitiativeMember.Role.OWNER).user.email == "nadia@demo.example"


def test_typed_on_the_telephone_the_caller_is_invited_and_the_coordinator_owns_nothing(at):
    coordinator = UserFactory(coordinator=True)
    begun = save_draft(key=uuid4(), actor=coordinator, changes=answers(), by_phone=True, at=at)
    initiative = submit(initiative=begun, actor=coordinator, language="nl", at=at)
    assert not initiative.members.exists()
    assert initiative.invitations.get().invited_by == coordinator
    assert ("initiative-received", "nadia@demo.example") in mails()


def test_typed_on_the_telephone_without_an_email_address(at):
    coordinator = UserFactory(coordinator=True)
    begun = save_draft(key=uuid4(), actor=coordinator, changes=answers(email="", phone="+31200000456"), by_phone=True, at=at)
    submit(initiative=begun, actor=coordinator, language="nl", at=at)
    assert mails() == [("initiative-submitted", coordinator.email)]


def test_only_a_coordinator_types_for_others(at):
    for actor in (None, UserFactory()):
        with pytest.raises(DomainError):
            save_draft(key=uuid4(), actor=actor, changes={}, by_phone=True, at=at)


def test_the_spanners_of_the_district_hear_it_all_of_them_and_nobody_else(at):
    begun = draft(at)
    here = [make_spanner(district_of(begun)), make_spanner(district_of(begun), language="en")]
    make_spanner(district_of(InitiativeFactory()))
    make_spanner(district_of(begun), is_active=False)
    UserFactory(coordinator=True)
    submit(initiative=begun, actor=None, language="nl", at=at)
    told = OutboxMessage.objects.filter(key__startswith="initiative-submitted")
    assert set(told.values_list("to", "language")) == {(user.email, user.language) for user in here}


def test_without_a_spanner_the_coordinators_hear_it(at):
    coordinator = UserFactory(coordinator=True)
    submit(initiative=draft(at), actor=None, language="nl", at=at)
    assert ("initiative-submitted", coordinator.email) in mails()


def test_sending_twice_is_sending_once(at):
    begun = draft(at)
    first = submit(initiative=begun, actor=None, language="nl", at=at)
    sent = mails()
    again = submit(initiative=begun, actor=None, language="nl", at=at + timedelta(seconds=1))
    assert (again.submitted_at, again.revision) == (first.submitted_at, first.revision)
    assert mails() == sent
    assert Initiative.objects.count() == 1


@pytest.mark.parametrize(
    "missing",
    [
        {"name": ""},
        {"kind": ""},
        {"summary": ""},
        {"access": ""},
        {"area": None},
        {"email": ""},
        {"access": "appointment", "email_public": False},
    ],
    ids=str,
)
def test_what_is_not_complete_is_not_handed_in(at, missing):
    begun = draft(at, **missing)
    with pytest.raises(DomainError):
        submit(initiative=begun, actor=None, language="nl", at=at)
    begun.refresh_from_db()
    assert begun.status == Status.DRAFT
    assert not OutboxMessage.objects.exists()


def test_an_archived_one_is_not_handed_in_again(at):
    with pytest.raises(DomainError):
        submit(initiative=InitiativeFactory(archived=True), actor=None, language="nl", at=at)


def test_no_fixed_place_leaves_no_address_behind(at):
    begun = save_draft(key=draft(at).draft_key, actor=None, changes={"access": "no_fixed_place"}, at=at)
    assert (begun.street, begun.house_number, begun.postcode, begun.location) == ("", "", "", None)
    assert submit(initiative=begun, actor=None, language="nl", at=at).status == "submitted"


def test_two_with_the_same_name_get_each_their_own_address(at):
    slugs = [submit(initiative=draft(at), actor=None, language="nl", at=at).slug for _ in range(3)]
    assert slugs == ["de-draad", "de-draad-2", "de-draad-3"]


def test_what_is_handed_in_can_no_longer_be_written_as_a_draft_or_thrown_away(at):
    begun = draft(at)
    submit(initiative=begun, actor=None, language="nl", at=at)
    with pytest.raises(DomainError):
        save_draft(key=begun.draft_key, actor=None, changes={"name": "Other"}, at=at)
    with pytest.raises(DomainError):
        discard_draft(draft=begun)
    assert Initiative.objects.get().name == "De Draad"


def test_old_drafts_are_deleted_and_nothing_else(at):
    old, fresh = draft(at - DRAFTS_KEPT - timedelta(minutes=1)), draft(at - DRAFTS_KEPT + timedelta(minutes=1))
    kept = InitiativeFactory(updated_at=at - 3 * DRAFTS_KEPT, created_at=at - 3 * DRAFTS_KEPT)
    assert remove_old_drafts(at=at) == 1
    assert set(Initiative.objects.all()) == {fresh, kept}
    assert not Initiative.objects.filter(pk=old.pk).exists()


def test_a_strangers_address_gets_no_more_of_their_words_than_the_name(at):
    submit(initiative=draft(at, summary="Spoedig uw uitkering kwijt?"), actor=None, language="nl", at=at)
    for message in OutboxMessage.objects.filter(to="nadia@demo.example"):
        assert "uitkering kwijt" not in message.text + message.html
    user = UserFactory()
    submit(initiative=draft(at, user, summary="Wij naaien."), actor=user, language="nl", at=at)
    assert "Wij naaien." in OutboxMessage.objects.get(to=user.email).text


def test_an_address_that_nobody_proved_is_mailed_about_three_entries_at_most(at):
    for _each in range(3):
        submit(initiative=draft(at), actor=None, language="nl", at=at)
    before, fourth = len(mails()), draft(at)
    with pytest.raises(DomainError, match="e-mail"):
        submit(initiative=fourth, actor=None, language="nl", at=at)
    assert len(mails()) == before
    user = UserFactory()
    submit(initiative=draft(at, user), actor=user, language="nl", at=at)
    submit(initiative=draft(at, email="", phone="+31200000456", access="walk_in"), actor=None, language="nl", at=at)


def test_an_address_that_was_put_right_takes_the_first_link_away(at):
    initiative = submit(initiative=draft(at), actor=None, language="nl", at=at)
    Initiative.objects.filter(pk=initiative.pk).update(status=Status.CHANGES_REQUESTED, email="nadia@goed.example")
    submit(initiative=initiative, actor=None, language="nl", at=at)
    assert [invitation.email for invitation in initiative.invitations.pending()] == ["nadia@goed.example"]


def test_an_initiative_names_nobodys_employer(at):
    initiative = submit(initiative=draft(at, name="Gemeente Amsterdam"), actor=None, language="nl", at=at)
    token = OutboxMessage.objects.get(key__startswith="invitation").text.partition("/uitnodiging/team/")[2].partition("/")[0]
    assert accept_as_new(MemberInvitation, token, name="Nadia", decides_on_benefits=False, password="", at=at).employer == ""
    assert initiative.members.exists()
