"""Municipal contacts: each keeps an own entry true, coordinators keep them all."""

import pytest
from django.urls import reverse
from django.utils import timezone

from fieldlab.accounts.invitations.actions import accept, digest
from fieldlab.lib.errors import DomainError
from fieldlab.outbox.models import OutboxMessage
from initiatives.actions.contacts import StaleContact, add_contact, change_contact, confirm_contact, invite_contact, remove_contact
from initiatives.models import AreaContact, ContactInvitation
from tests.concurrency.harness import race
from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import make_contact
from tests.queries import assert_constant_queries
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def own():
    return make_contact(NeighbourhoodFactory(), user=UserFactory())


@pytest.fixture
def coordinator():
    return UserFactory(coordinator=True)


def typed(contact, **fields):
    return {
        "name": contact.name,
        "function": contact.function,
        "organisation": contact.organisation,
        "topics": contact.topics,
        "phone": contact.phone,
        "email": contact.email,
        "website": contact.website,
        "note": contact.note,
        "revision": contact.revision,
        **fields,
    }


def changes(contact, **fields):
    return {name: value for name, value in typed(contact, **fields).items() if name != "revision"}


# --- One's own entry


def test_a_holder_keeps_the_own_entry_true(own):
    client, url = signed_in(own.user), reverse("contact_edit", args=[own.pk])
    page = client.get(reverse("own_contacts"))
    assert url in page.content.decode()
    assert "areas" not in client.get(url).context["form"].fields
    answer = client.post(
        url, typed(own, phone="06 12 34 56 78", topics=["permits", "space"], note="Not on\nFriday.", website="gemeente.example")
    )
    assert answer.url == reverse("own_contacts")
    own.refresh_from_db()
    assert (own.phone, own.topics, own.note, own.website) == (
        "+31612345678",
        ["space", "permits"],
        "Not on Friday.",
        "https://gemeente.example",
    )
    assert own.revision == 2
    assert own.confirmed_at


def test_a_holder_gives_no_areas(own, at):
    more = NeighbourhoodFactory()
    signed_in(own.user).post(reverse("contact_edit", args=[own.pk]), typed(own, areas=[more.code]))
    assert more not in own.areas.all()
    with pytest.raises(DomainError):
        change_contact(contact=own, actor=own.user, changes=changes(own), areas=[more], revision=2, at=at)


def test_it_is_still_right(own, at):
    assert signed_in(own.user).get(reverse("contact_confirm", args=[own.pk])).status_code == 405
    assert signed_in(own.user).post(reverse("contact_confirm", args=[own.pk])).url == reverse("own_contacts")
    own.refresh_from_db()
    assert own.confirmed_at >= at


def test_nobody_elses_entry_is_there(own, at):
    other = make_contact(NeighbourhoodFactory(), user=UserFactory())
    client = signed_in(other.user)
    for name in ("contact_edit", "contact_confirm", "contact_invite", "contact_remove"):
        assert client.post(reverse(name, args=[own.pk]), typed(own)).status_code == 404
    assert client.get(reverse("contacts")).status_code == 404
    assert signed_in(UserFactory()).get(reverse("own_contacts")).status_code == 404
    for refused in (
        lambda: change_contact(contact=own, actor=other.user, changes=changes(own), areas=None, revision=1, at=at),
        lambda: confirm_contact(contact=own, actor=other.user, at=at),
        lambda: remove_contact(contact=own, actor=own.user),
        lambda: add_contact(actor=own.user, changes=changes(own), areas=[], at=at),
        lambda: invite_contact(contact=own, actor=own.user, name="X", email="x@demo.example", decides_on_benefits=False, at=at),
    ):
        with pytest.raises(DomainError):
            refused()


def test_a_second_editor_sees_both_versions(own):
    client, url = signed_in(own.user), reverse("contact_edit", args=[own.pk])
    first, second = typed(own, function="First", topics=["space"]), typed(own, function="Second", topics=["permits"])
    client.post(url, first)
    stale = client.post(url, second)
    assert stale.status_code == 409
    assert [(row["theirs"], row["mine"]) for row in stale.context["both"][:1]] == [("First", "Second")]
    assert stale.context["form"]["topics"].value() == ["permits"], "what was typed stays"
    assert client.post(url, {**second, "revision": ""}).status_code == 409
    assert client.post(url, {**second, "revision": stale.context["form"]["revision"].value()}).status_code == 302
    own.refresh_from_db()
    assert (own.function, own.topics) == ("Second", ["permits"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"phone": "", "email": ""},
        {"phone": "12"},
        {"email": "no"},
        {"website": "javascript:alert(1)"},
        {"website": "ftp://demo.example"},
        {"topics": ["gold"]},
        {"name": ""},
        {"name": "x" * 81},
        {"function": "a\x00b"},
        {"note": "x" * 1_000_000},
        {"revision": "9" * 30},
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(own, wrong):
    client, url = signed_in(own.user), reverse("contact_edit", args=[own.pk])
    response = client.post(url, typed(own, **{"function": "Kept as it was", **wrong}))
    assert response.status_code == 422
    assert response.context["form"].errors
    own.refresh_from_db()
    assert own.revision == 1


# --- What coordinators do


def test_a_coordinator_adds_changes_and_takes_away(coordinator):
    client, area, other = signed_in(coordinator), NeighbourhoodFactory(), NeighbourhoodFactory()
    entry = AreaContact(name="Bea", function="Gebiedsmakelaar", organisation="Gemeente", phone="+31200000301", website="", note="")
    assert client.get(reverse("contact_new")).status_code == 200
    assert client.post(reverse("contact_new"), typed(entry)).status_code == 422, "without an area nobody finds it"
    assert client.post(reverse("contact_new"), typed(entry, areas=["NOWHERE"])).status_code == 422
    made = client.post(reverse("contact_new"), typed(entry, areas=[area.parent.parent.code]))
    assert made.status_code == 302, made.context["form"].errors
    bea = AreaContact.objects.get()
    client.post(reverse("contact_edit", args=[bea.pk]), typed(bea, areas=[area.parent.parent.code, other.parent.code]))
    assert set(bea.areas.all()) == {area.parent.parent, other.parent}
    assert b"Bea" in client.get(reverse("contacts")).content
    assert client.get(reverse("contact_remove", args=[bea.pk])).status_code == 200
    assert AreaContact.objects.exists(), "asking does nothing yet"
    client.post(reverse("contact_remove", args=[bea.pk]))
    assert not AreaContact.objects.exists()
    assert client.post(reverse("contact_remove", args=[bea.pk])).status_code == 404


def test_whoever_accepts_keeps_the_entry_from_then_on(own, coordinator, at):
    before, client = own.user, signed_in(coordinator)
    url = reverse("contact_invite", args=[own.pk])
    assert client.post(url, {"name": "Bo", "email": "bo@demo.example"}).status_code == 422, "the question about benefits"
    client.post(url, {"name": "Bo", "email": "bo@demo.example", "decides_on_benefits": "no"})
    assert "/uitnodiging/aanspreekpunt/" in OutboxMessage.objects.get(to="bo@demo.example").text
    assert b"Bo" in client.get(reverse("contacts")).content
    client.post(url, {"name": "Bo", "email": "bo2@demo.example", "decides_on_benefits": "no"})
    assert ContactInvitation.objects.pending().get().email == "bo2@demo.example", "the first no longer works"
    new = UserFactory(email="bo2@demo.example")
    new.emailaddress_set.create(email=new.email, verified=True, primary=True)
    ContactInvitation.objects.pending().update(token_digest=digest("token"))
    accept(ContactInvitation, "token", actor=new, at=timezone.now())
    own.refresh_from_db()
    assert own.user == new
    assert signed_in(before).get(reverse("contact_edit", args=[own.pk])).status_code == 404
    assert signed_in(new).get(reverse("own_contacts")).status_code == 200


def test_the_list_asks_the_database_as_much_for_more(coordinator, at):
    def row():
        contact = make_contact(NeighbourhoodFactory(), user=UserFactory())
        invite_contact(contact=contact, actor=coordinator, name="X", email=f"x{contact.pk}@demo.example", decides_on_benefits=False, at=at)

    assert_constant_queries(signed_in(coordinator), reverse("contacts"), row)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_the_second_is_told(at):
    contact = make_contact(NeighbourhoodFactory(), user=UserFactory())

    def saving(function):
        new = changes(contact, function=function)
        return lambda: change_contact(contact=contact, actor=contact.user, changes=new, areas=None, revision=1, at=at)

    outcomes = race(saving("One"), saving("Two"))
    assert sorted(type(each.error).__name__ for each in outcomes) == ["NoneType", StaleContact.__name__]
    contact.refresh_from_db()
    assert contact.revision == 2
