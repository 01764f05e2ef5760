import re

import pytest
from django.urls import reverse
from django.utils import timezone

from fieldlab.lib.links import make_link_token
from fieldlab.outbox.models import OutboxMessage
from initiatives.actions import decide
from initiatives.models import InitiativeMember, ModerationDecision
from initiatives.notifications import CHANGE_LINK, CHANGE_LINK_LASTS
from tests.factories.accounts import UserFactory
from tests.factories.areas import NeighbourhoodFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory, district_of, make_contact, make_spanner
from tests.queries import assert_constant_queries
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
Decision = ModerationDecision.Decision


# --- The initiative's page


def test_a_visitor_reads_the_page(client):
    initiative = InitiativeFactory(name="De Draad", email_public=False, website="https://demo.example")
    page = client.get(initiative.get_absolute_url()).content.decode()
    assert "De Draad" in page
    assert 'href="tel:+31200000456"' in page
    assert "Javastraat 112, 1094 HP Amsterdam" in page
    assert initiative.email not in page
    assert reverse("initiative_edit", args=[initiative.slug]) not in page


@pytest.mark.parametrize("status", ["submitted", "changes_requested", "archived"])
def test_what_is_not_published_is_not_there_for_strangers(client, status):
    initiative = InitiativeFactory(**{status: True})
    assert client.get(initiative.get_absolute_url()).status_code == 404
    assert signed_in(UserFactory()).get(initiative.get_absolute_url()).status_code == 404
    assert signed_in(MemberFactory(initiative=initiative).user).get(initiative.get_absolute_url()).status_code == 200
    assert signed_in(make_spanner(district_of(initiative))).get(initiative.get_absolute_url()).status_code == 200


def test_without_a_fixed_place_only_the_neighbourhood_shows(client):
    initiative = InitiativeFactory(nowhere=True, area__name="Dapperbuurt")
    page = client.get(initiative.get_absolute_url()).content.decode()
    assert "Dapperbuurt" in page


def test_nearby_shows_the_same_activity_first(client):
    here = NeighbourhoodFactory()
    initiative = InitiativeFactory(area=here, activity="sewing")
    InitiativeFactory(area=here, activity="garden")
    same = InitiativeFactory(area=here, activity="sewing")
    InitiativeFactory(area=here, activity="sewing", submitted=True)
    similar = client.get(initiative.get_absolute_url()).context["similar"]
    assert similar[0] == same
    assert len(similar) == 2


def test_the_page_asks_the_database_as_much_with_more_neighbours(client):
    here = NeighbourhoodFactory()
    initiative = InitiativeFactory(area=here)
    assert_constant_queries(client, initiative.get_absolute_url(), lambda: InitiativeFactory(area=here))


# --- Keeping it true


def edited(initiative, **fields):
    form = {
        "name": initiative.name,
        "kind": initiative.kind,
        "activity": initiative.activity,
        "summary": initiative.summary,
        "access": initiative.access,
        "postcode": initiative.postcode,
        "house_number": initiative.house_number,
        "street": initiative.street,
        "neighbourhood": initiative.area_id,
        "lon": initiative.location.lon,
        "lat": initiative.location.lat,
        "contact_name": initiative.contact_name,
        "phone": initiative.phone,
        "phone_public": "on",
        "email": initiative.email,
        "revision": initiative.revision,
    }
    return {**form, **fields}


def test_a_member_changes_the_page_without_asking_the_address_service(service):
    member = MemberFactory(role=InitiativeMember.Role.EDITOR)
    initiative, client = member.initiative, signed_in(member.user)
    url = reverse("initiative_edit", args=[initiative.slug])
    assert client.get(url).context["form"].initial["summary"] == initiative.summary
    assert client.post(url, edited(initiative, summary="New.", description="More.")).url == initiative.get_absolute_url()
    initiative.refresh_from_db()
    assert (initiative.summary, initiative.description, initiative.status) == ("New.", "More.", "published")
    assert service.requests == []


def test_a_second_editor_sees_both_versions_and_can_still_save():
    member = MemberFactory()
    initiative, client = member.initiative, signed_in(member.user)
    url = reverse("initiative_edit", args=[initiative.slug])
    first, second = edited(initiative, summary="First."), edited(initiative, summary="Second.")
    client.post(url, first)
    stale = client.post(url, second)
    assert stale.status_code == 409
    assert [(choice.theirs, choice.mine) for choice, _picked in stale.context["both"]] == [(["First."], ["Second."])]
    assert b"Second." in stale.content
    client.post(url, {**second, "revision": stale.context["form"]["revision"].value()})
    initiative.refresh_from_db()
    assert initiative.summary == "Second."


def test_errors_keep_what_was_typed():
    member = MemberFactory()
    client, url = signed_in(member.user), reverse("initiative_edit", args=[member.initiative.slug])
    response = client.post(url, edited(member.initiative, name="", summary="Typed."))
    assert response.status_code == 422
    assert b"Typed." in response.content


def test_nobody_else_opens_the_edit_page(client):
    initiative = InitiativeFactory()
    url = reverse("initiative_edit", args=[initiative.slug])
    assert signed_in(UserFactory()).get(url).status_code == 404
    assert signed_in(UserFactory()).post(url, edited(initiative)).status_code == 404
    assert reverse("account_login") in client.get(url).url
    assert reverse("account_login") in client.get(reverse("initiative_edit", args=["unknown"])).url


def test_everything_is_still_right(at):
    member = MemberFactory()
    client, url = signed_in(member.user), reverse("initiative_confirm", args=[member.initiative.slug])
    assert client.get(url).status_code == 405
    client.post(url)
    member.initiative.refresh_from_db()
    assert member.initiative.confirmed_at > at
    assert signed_in(UserFactory()).post(url).status_code == 404


def asked(initiative, at, message="Which day?"):
    actor = make_spanner(district_of(initiative))
    return decide(
        initiative=initiative,
        actor=actor,
        decision=Decision.CHANGES_REQUESTED,
        message=message,
        revision=initiative.revision,
        at=at,
    )


def test_the_link_in_the_mail_leads_to_the_edit_page_and_dies_when_it_is_sent_again(client, at):
    initiative = InitiativeFactory(submitted=True)
    asked(initiative, at)
    link = re.search(r"http://testserver(/initiatieven/wijzigen/\S+)", OutboxMessage.objects.get().text)[1]
    edit = reverse("initiative_edit", args=[initiative.slug])
    opened = client.get(link)
    assert opened.status_code == 200
    assert b"Which day?" in opened.content
    assert initiative.phone.encode() not in opened.content
    assert client.get(edit).status_code == 302, "opening the link must not do anything yet: mail scanners open it"
    assert client.post(link).url == edit
    assert client.get(edit).status_code == 200
    initiative.refresh_from_db()
    assert client.post(edit, edited(initiative, summary="On Tuesday.", submit="1")).url == reverse("register_done")
    initiative.refresh_from_db()
    assert (initiative.status, initiative.summary) == ("submitted", "On Tuesday.")
    assert client.get(edit).status_code == 302
    assert client.get(link).status_code == 410


def test_links_that_are_old_changed_or_of_before_the_next_decision(client, at):
    initiative = InitiativeFactory(submitted=True)
    record = asked(initiative, at)

    def link(pk=initiative.pk, revision=record.pk, expires=at + CHANGE_LINK_LASTS, purpose=CHANGE_LINK):
        return reverse("initiative_change", args=[make_link_token(purpose, pk, revision, expires)])

    assert client.get(link()).status_code == 200
    for wrong in (link(expires=at), link(revision=record.pk - 1), link(purpose="other"), link(pk=0), link()[:-4] + "xxx/"):
        assert client.get(wrong).status_code == 410
        assert client.post(wrong).status_code == 410
    other = InitiativeFactory(changes_requested=True)
    client.post(link())
    assert client.get(reverse("initiative_edit", args=[other.slug])).status_code == 302


# --- The team


def test_an_owner_invites_and_the_mail_carries_the_link():
    member = MemberFactory()
    client, url = signed_in(member.user), reverse("initiative_team", args=[member.initiative.slug])
    assert client.get(url).status_code == 200
    client.post(url, {"name": "Joost", "email": "joost@demo.example", "role": "editor", "decides_on_benefits": "no"})
    assert "/uitnodiging/team/" in OutboxMessage.objects.get(to="joost@demo.example").text
    assert b"Joost" in client.get(url).content
    assert client.post(url, {"name": "", "email": "x", "role": "king"}).status_code == 422
    assert client.post(url, {"name": "Els", "email": "els@demo.example", "role": "editor"}).status_code == 422  # the benefits question
    invitation = member.initiative.invitations.get()
    assert client.post(reverse("initiative_team_withdraw", args=[member.initiative.slug, invitation.pk])).status_code == 302
    assert b"Joost" not in client.get(url).content


def test_an_editor_sees_the_team_and_changes_nothing():
    owner = MemberFactory()
    editor = MemberFactory(initiative=owner.initiative, role=InitiativeMember.Role.EDITOR)
    client, url = signed_in(editor.user), reverse("initiative_team", args=[owner.initiative.slug])
    assert client.get(url).context["may_manage"] is False
    client.post(url, {"name": "Joost", "email": "joost@demo.example", "role": "owner"})
    assert not owner.initiative.invitations.exists()
    client.post(reverse("initiative_team_change", args=[owner.initiative.slug, owner.pk]))
    client.post(reverse("initiative_team_change", args=[owner.initiative.slug, editor.pk]), {"role": "owner"})
    assert owner.initiative.members.filter(role="owner").count() == 1
    assert client.post(reverse("initiative_team_change", args=[owner.initiative.slug, editor.pk])).url == reverse("overview")
    assert signed_in(UserFactory()).get(url).status_code == 404


def test_a_member_of_another_team_cannot_be_changed_through_ones_own():
    mine, theirs = MemberFactory(), MemberFactory()
    url = reverse("initiative_team_change", args=[mine.initiative.slug, theirs.pk])
    assert signed_in(mine.user).post(url, {"role": "editor"}).status_code == 404


# --- Moderation


def test_the_queue_shows_the_longest_waiting_first_and_only_ones_own_district():
    spanner = make_spanner(district_of(InitiativeFactory()))
    district = spanner.boundary_spanner_of.get().district
    late, early = (
        InitiativeFactory(submitted=True, area__parent__parent=district, created_at=timezone.now() - timezone.timedelta(days=days))
        for days in (3, 8)
    )
    elsewhere = InitiativeFactory(submitted=True, name="Elsewhere")
    page = signed_in(spanner).get(reverse("moderation_queue"))
    assert list(page.context["page"]) == [early, late]
    assert elsewhere.name not in page.content.decode()
    everything = signed_in(UserFactory(coordinator=True)).get(reverse("moderation_queue"))
    assert set(everything.context["page"]) == {early, late, elsewhere}


def test_the_queue_is_not_for_everybody(client):
    assert signed_in(UserFactory()).get(reverse("moderation_queue")).status_code == 403
    assert client.get(reverse("moderation_queue")).status_code == 302


def test_deciding_through_the_page():
    initiative = InitiativeFactory(submitted=True)
    client, url = signed_in(make_spanner(district_of(initiative))), reverse("moderate", args=[initiative.slug])
    assert client.get(url).status_code == 200
    wrong = client.post(url, {"decision": "changes_requested", "message": "", "revision": initiative.revision})
    assert set(wrong.context["form"].errors) == {"message"}
    assert client.post(url, {"decision": "published", "revision": initiative.revision}).url == reverse("moderation_queue")
    initiative.refresh_from_db()
    assert initiative.status == "published"
    again = client.post(url, {"decision": "published", "revision": initiative.revision}, follow=True)
    assert again.status_code == 200
    assert ModerationDecision.objects.count() == 1
    initiative.refresh_from_db()
    gone = {"decision": "archived", "message": "They stopped.", "revision": initiative.revision}
    assert client.post(url, gone).url == reverse("moderation_queue")
    assert [decision for decision, _words in client.get(url).context["form"].offered] == ["published"]


def test_another_districts_entry_is_not_there():
    initiative, other = InitiativeFactory(submitted=True), InitiativeFactory()
    client, url = signed_in(make_spanner(district_of(other))), reverse("moderate", args=[initiative.slug])
    assert client.get(url).status_code == 404
    assert client.post(url, {"decision": "published", "revision": initiative.revision}).status_code == 404


def test_the_queue_asks_the_database_as_much_for_more():
    client = signed_in(UserFactory(coordinator=True))
    assert_constant_queries(client, reverse("moderation_queue"), lambda: InitiativeFactory(submitted=True))


def test_the_decided_ones_ask_the_database_as_much_for_more():
    actor = UserFactory(coordinator=True)

    def row():
        ModerationDecision.objects.create(
            initiative=InitiativeFactory(),
            decided_by=make_spanner(NeighbourhoodFactory().parent.parent),
            decision="published",
            at=timezone.now(),
        )

    assert_constant_queries(signed_in(actor), reverse("moderation_queue"), row)


# --- Areas


def area_page(client, area):
    return client.get(reverse("area", args=[area.code]))


def test_an_area_page_at_each_level(client):
    initiative = InitiativeFactory()
    neighbourhood = initiative.area
    quarter = neighbourhood.parent
    InitiativeFactory(area=neighbourhood, submitted=True)
    InitiativeFactory()
    contact = make_contact(quarter.parent)
    make_contact(NeighbourhoodFactory(), name="Of elsewhere")
    for area in (neighbourhood, quarter, quarter.parent):
        page = area_page(client, area)
        assert list(page.context["page"]) == [initiative]
        assert list(page.context["contacts"]) == [contact]
    assert [(part, part.published) for part in area_page(client, quarter.parent).context["parts"]] == [(quarter, 1)]
    assert [(part, part.published) for part in area_page(client, quarter).context["parts"]] == [(neighbourhood, 1)]
    assert list(area_page(client, neighbourhood).context["parts"]) == []


def test_an_empty_and_an_unknown_area(client):
    assert area_page(client, NeighbourhoodFactory()).status_code == 200
    assert client.get(reverse("area", args=["UNKNOWN"])).status_code == 404
    assert area_page(client, NeighbourhoodFactory(vanished_at=timezone.now())).status_code == 404
    assert client.get(reverse("area", args=[NeighbourhoodFactory().code]) + "?page=999999999999").status_code == 200


def test_an_area_page_asks_the_database_as_much_for_more(client):
    area = NeighbourhoodFactory()
    assert_constant_queries(client, reverse("area", args=[area.code]), lambda: InitiativeFactory(area=area))
    district = NeighbourhoodFactory().parent.parent
    # Made before: a process reads the areas again when there are more
    inside = iter([NeighbourhoodFactory(parent__parent=district) for _ in range(3)])

    def row():
        InitiativeFactory(area=next(inside))
        make_contact(district)

    assert_constant_queries(client, reverse("area", args=[district.code]), row)


def test_counts_do_not_multiply(client):
    quarter = NeighbourhoodFactory().parent
    for _ in range(2):
        area = NeighbourhoodFactory(parent=quarter)
        InitiativeFactory(area=area)
        InitiativeFactory(area=area)
    assert [part.published for part in area_page(client, quarter.parent).context["parts"]] == [4]


@pytest.mark.django_db
@pytest.mark.parametrize("code", ["%00", "0363%00", "..", "%0a"])
def test_an_area_that_cannot_be_is_not_found(client, code):
    assert client.get(f"/gebieden/{code}/").status_code == 404


@pytest.mark.django_db
def test_an_e_mail_address_adds_nothing_to_the_mail_that_it_opens(client):
    initiative = InitiativeFactory(email="a?bcc=b@demo.example", email_public=True)
    assert b'"mailto:a%3Fbcc%3Db@demo.example"' in client.get(initiative.get_absolute_url()).content
