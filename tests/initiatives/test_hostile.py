"""What somebody who means no good tries."""

from datetime import timedelta

import pytest
from django.urls import reverse

from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import OutboxMessage
from initiatives.actions import edit, keep_typed, remove_member, restore, send_message
from initiatives.actions.introductions import ask_introduction
from initiatives.actions.messages import MOST_AN_HOUR
from initiatives.actions.twins import MOST_OPEN
from initiatives.models import Introduction, JoinRequest, Status
from initiatives.notifications import STOPPED, ask_token
from initiatives.notifications.twins import tell_introduction, tell_join_request
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory, district_of, make_spanner
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
EVIL = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


def changed(initiative, actor, at, **changes):
    initiative.refresh_from_db()
    edit(initiative=initiative, changes=changes, revision=initiative.revision, actor=actor, at=at)
    initiative.refresh_from_db()


def test_a_website_for_the_network_does_not_become_public_by_bringing_a_version_back(at):
    initiative = InitiativeFactory(website="https://first.demo.example", website_public=False)
    owner = MemberFactory(initiative=initiative).user
    changed(initiative, owner, at, website="https://second.demo.example", website_public=True)
    restore(initiative=initiative, actor=owner, version=1, revision=initiative.revision, at=at)
    initiative.refresh_from_db()
    assert (initiative.website, initiative.website_public) == ("https://first.demo.example", False)


def test_while_the_team_changes_what_was_asked_a_moderator_brings_nothing_back(at):
    initiative = InitiativeFactory(changes_requested=True)
    owner, spanner = MemberFactory(initiative=initiative).user, make_spanner(district_of(initiative))
    changed(initiative, owner, at, summary="Ours now.")
    with pytest.raises(DomainError):
        restore(initiative=initiative, actor=spanner, version=1, revision=initiative.revision, at=at)
    assert signed_in(spanner).get(reverse("initiative_history", args=[initiative.slug])).context["may_restore"] is False
    assert signed_in(spanner).get(reverse("initiative_restore", args=[initiative.slug, 1])).status_code == 404


def test_the_name_of_a_field_is_as_little_trusted_as_what_is_in_it(at):
    initiative = InitiativeFactory()
    owner = MemberFactory(initiative=initiative).user
    kept = signed_in(owner).post(reverse("initiative_edit_keep", args=[initiative.slug]), {"a\x00b": "x", "revision": "1"})
    assert kept.status_code == 302
    with pytest.raises(DomainError):
        keep_typed(initiative=initiative, actor=owner, typed={"a" * 500_000: ["x"]}, revision=1, at=at)


def test_nobody_floods_the_other_side_with_messages(at):
    initiative = InitiativeFactory()
    owner = MemberFactory(initiative=initiative).user

    def send(number, at):
        send_message(initiative=initiative, actor=owner, by_moderator=False, text=f"Hello {number}", at=at)

    for number in range(MOST_AN_HOUR):
        send(number, at)
    with pytest.raises(DomainError):
        send(MOST_AN_HOUR, at)
    send(MOST_AN_HOUR, at + timedelta(hours=1))


def test_who_left_the_team_cannot_take_the_page_off_the_site_by_an_old_mail(at, client):
    initiative = InitiativeFactory()
    stays, left = MemberFactory(initiative=initiative), MemberFactory(initiative=initiative)
    tokens = {member: ask_token(initiative, f"user-{member.user_id}", at) for member in (stays, left)}
    remove_member(member=left, actor=stays.user, at=at)
    for member, status in ((left, Status.PUBLISHED), (stays, Status.ARCHIVED)):
        client.post(reverse("initiative_still_right", args=[tokens[member], STOPPED]), {"reason": "Ha"})
        initiative.refresh_from_db()
        assert initiative.status == status


def test_askers_that_were_taken_off_the_site_take_nobodys_turn(at):
    other = InitiativeFactory(name="De Draad Naaiatelier")
    MemberFactory(initiative=other)
    for _each in range(MOST_OPEN):
        Introduction.objects.create(asker=InitiativeFactory(archived=True), other=other, asked_at=at, told_at=at)
    mine = InitiativeFactory(name="De Draad Naaiclub", area=other.area)
    ask_introduction(initiative=mine, other=other, actor=MemberFactory(initiative=mine).user, message="", at=at)


def test_a_link_in_the_words_of_who_has_no_account_is_not_mailed(at):
    other = MemberFactory().initiative
    asker = InitiativeFactory(submitted=True)
    tell_introduction(
        Introduction.objects.create(asker=asker, other=other, asked_at=at, told_at=at, message="Win prizes at evil.example"), at=at
    )
    tell_join_request(
        JoinRequest.objects.create(initiative=other, name="Eve", email="e@demo.example", asked_at=at, message="Sign in at evil.example"),
        at=at,
    )
    mails = OutboxMessage.objects.values()
    assert len(mails) == 2
    assert not any("evil.example" in str(mail) for mail in mails)


def test_what_is_typed_is_never_read_as_markup(at, client):
    exceptions = [{"from": "2099-12-24", "until": "2099-12-26", "hours": [], "note": EVIL}]
    bad = [{"kind": "other", "address": address, "public": True} for address in ("javascript:alert(1)", 'https://a.example/"onx="')]
    initiative = InitiativeFactory(
        **dict.fromkeys(["name", "summary", "description", "contact_name", "street", "city"], EVIL),
        channels=bad,
        opening_hours={"week": [[0, 540, 750]], "exceptions": exceptions},
    )
    owner = MemberFactory(initiative=initiative).user
    changed(initiative, owner, at, summary=f"More {EVIL}")
    pages = ["initiative", "initiative_edit", "initiative_history", "initiative_messages", "initiative_team", "initiative_introductions"]
    addresses = [reverse(name, args=[initiative.slug]) for name in [*pages, "initiative_photo", "moderate"]]
    addresses += [reverse("map"), reverse("area", args=[initiative.area.code]), reverse("map_place", args=[initiative.pk])]
    for reader in (signed_in(owner), signed_in(make_spanner(district_of(initiative))), client):
        for address in addresses:
            text = reader.get(address).content.decode()
            assert "<script>alert" not in text, address
            assert "<img src=x" not in text, address
            assert 'href="javascript' not in text, address
            assert '/"onx=' not in text, address
    assert client.get(reverse("map_sheet")).status_code == 200


def test_of_an_entry_that_waits_others_learn_and_do_nothing(at):
    initiative, mine = MemberFactory(initiative__submitted=True).initiative, InitiativeFactory()
    join = JoinRequest.objects.create(initiative=initiative, name="Eve", email="e@demo.example", asked_at=at)
    pages = ["initiative", "initiative_edit", "initiative_edit_keep", "initiative_edit_discard", "initiative_room", "initiative_photo"]
    pages += ["initiative_confirm", "initiative_history", "initiative_messages", "initiative_team", "initiative_introductions"]
    addresses = [reverse(name, args=[initiative.slug]) for name in [*pages, "moderate", "moderate_message"]]
    addresses.append(reverse("join_request", args=[initiative.slug, join.pk]))
    for user in (make_spanner(district_of(mine)), MemberFactory(initiative=mine).user, UserFactory()):
        client = signed_in(user)
        for address in addresses:
            assert client.get(address).status_code in (404, 405), address
            assert client.post(address, {"room": "yes", "text": "x", "role": "owner"}).status_code in (404, 405), address
