"""No twins, more meetings: what looks like a draft, what is answered, who hears what, and that nothing is shared before both said yes."""

import re
import uuid
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from fieldlab.lib.errors import DomainError
from fieldlab.lib.geo import Point
from fieldlab.outbox.models import OutboxMessage
from initiatives.actions import introductions, joining
from initiatives.actions.introductions import ask_introduction, introductions_of, may_meet
from initiatives.actions.twins import (
    MOST_OPEN,
    answer_twins,
    same_as,
    send_introductions,
    similar_to,
    twins_for_moderator,
    unanswered_twins,
)
from initiatives.models import Initiative, InitiativeMember, Introduction, JoinRequest, MemberInvitation, TwinAnswer
from initiatives.similarity import Reason
from initiatives.tasks import keep_introductions
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory, MemberFactory, district_of, make_spanner
from tests.queries import assert_constant_queries
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
Answer = TwinAnswer.Answer

# How the two are reached: in no mail and on no page before both said yes
OURS = {"contact_name": "Nadia Geheim", "phone": "+31200000111", "email": "ons@demo.example", "phone_public": False, "email_public": False}
THEIRS = {
    "contact_name": "Piet Verborgen",
    "phone": "+31200000222",
    "email": "hun@demo.example",
    "phone_public": False,
    "email_public": False,
}
SECRETS = [
    "Nadia Geheim",
    "020 000 01 11",
    "200000111",
    "ons@demo.example",
    "Piet Verborgen",
    "020 000 02 22",
    "200000222",
    "hun@demo.example",
]


@pytest.fixture
def area(java_buurt):
    return java_buurt


@pytest.fixture
def near(area):
    """Published: the same work around the corner, under another name."""
    return InitiativeFactory(
        name="Naaicafé Pretorius", slug="naaicafe", area=area, location=Point(4.942, 52.3635), postcode="1094 HV", **THEIRS
    )


@pytest.fixture
def draft(area):
    return make_draft(area)


def make_draft(area, **fields):
    return InitiativeFactory(
        draft=True, **{"name": "Naaiatelier De Draad", "area": area, "location": Point(4.94, 52.363), **OURS, **fields}
    )


def said(draft, other, answer, at, word=""):
    answer_twins(draft=draft, answers={other.pk: answer}, words={other.pk: word}, at=at)


def hand_in(draft, at):
    """As `submit` does."""
    draft.status, draft.slug, draft.submitted_at = "submitted", "de-draad", at
    draft.save()
    send_introductions(initiative=draft, at=at)
    return draft


def told(draft, other, at, **fields):
    said(draft, other, Answer.INTRODUCE, at, **fields)
    hand_in(draft, at)
    return Introduction.objects.get()


def mails(**filters):
    return list(OutboxMessage.objects.filter(**filters).order_by("pk"))


def everything_sent():
    return "\n".join(f"{mail.subject}\n{mail.text}\n{mail.html}" for mail in mails())


def link_of(mail):
    return re.search(r"http://\S+(/kennismaken/\S+/)", mail.text)[1]


def browsing(draft, user=None):
    client = signed_in(user) if user else Client()
    session = client.session
    session["registration"] = str(draft.draft_key)
    session.save()
    return client


TWINS, SAME = "/initiatieven/nieuw/lijkt-op/", "/initiatieven/nieuw/dat-zijn-wij/"


# --- Who looks like it


def test_the_same_work_around_the_corner_is_found_and_said_why(draft, near, at):
    (twin,) = unanswered_twins(draft=draft, at=at)
    assert (twin.initiative, twin.maybe_same, twin.likeness.reasons, twin.away) == (near, False, (Reason.ACTIVITY,), 150)


def test_a_name_that_looks_like_it_is_found_whatever_it_does(draft, area, at):
    twin = InitiativeFactory(name="Stichting De Draad", activity="garden", area=area, location=Point(4.945, 52.363), postcode="1094 AA")
    (found,) = unanswered_twins(draft=draft, at=at)
    assert (found.initiative, found.maybe_same, found.likeness.reasons) == (twin, True, (Reason.NAME,))


def test_nothing_alike_is_nothing_asked(draft, area, at):
    InitiativeFactory(name="Moestuin Oost", activity="garden", area=area, location=Point(4.99, 52.40), postcode="1099 AA", house_number="1")
    assert unanswered_twins(draft=draft, at=at) == []
    assert unanswered_twins(draft=InitiativeFactory(draft=True, name="", activity="", area=None), at=at) == []


@pytest.mark.parametrize("public", [True, False])
@pytest.mark.parametrize(
    ("fact", "visible"),
    [
        ({"phone": "+31200000999"}, "phone_public"),
        ({"email": "x@demo.example"}, "email_public"),
        ({"website": "https://x.example/a"}, "website_public"),
    ],
)
def test_what_a_visitor_cannot_see_of_it_gives_no_twin(area, at, fact, visible, public):
    """Else anybody could find out whose a number is, by registering with it."""
    elsewhere = {"activity": "garden", "location": Point(4.99, 52.40), "postcode": "1099 AA", "name": "Iets anders"}
    InitiativeFactory(**elsewhere, **{"phone": "", "email": "z@demo.example", **fact, visible: public})
    draft = make_draft(area, **{**fact, "name": "De Draad"})
    assert bool(similar_to(draft)) is public
    assert len(twins_for_moderator(draft)) == 1


@pytest.mark.parametrize("written", ["http://www.x.example/a/", "https://x.example/a", "http://x.example/a"])
def test_a_website_is_the_same_however_it_is_written(area, written):
    InitiativeFactory(name="Iets", activity="garden", location=Point(4.99, 52.40), house_number="9", website="https://www.x.example/a")
    (twin,) = similar_to(make_draft(area, website=written))
    assert twin.likeness.reasons == (Reason.WEBSITE,)


@pytest.mark.parametrize("status", ["submitted", "changes_requested"])
def test_of_one_that_waits_only_that_there_is_one(draft, area, at, status):
    hidden = InitiativeFactory(
        name="De Draad", summary="Geheime woorden", slug="geheim-1", area=area, location=draft.location, **{status: True}
    )
    (twin,) = unanswered_twins(draft=draft, at=at)
    assert (twin.hidden, twin.initiative) == (True, hidden)
    page = browsing(draft).get(TWINS).content.decode()
    assert "Geheime woorden" not in page
    assert "geheim-1" not in page
    assert f"answer-{hidden.pk}" not in page
    answer_twins(draft=draft, answers={hidden.pk: Answer.SAME}, words={}, at=at)
    assert TwinAnswer.objects.get().answer == Answer.NOT_SAID
    assert same_as(draft) is None


def test_of_one_that_waits_only_the_name_counts(draft, area, at):
    InitiativeFactory(name="Iets", area=area, location=draft.location, submitted=True, phone=draft.phone, email=draft.email)
    assert unanswered_twins(draft=draft, at=at) == []


def test_drafts_and_what_was_taken_off_are_never_shown(draft, area, at):
    InitiativeFactory(name="Naaiatelier De Draad", area=area, archived=True)
    make_draft(area)
    assert unanswered_twins(draft=draft, at=at) == []


def test_at_most_five_are_shown_and_of_those_nearby_three(draft, area, at):
    for number in range(7):
        InitiativeFactory(area=area, location=Point(4.94 + number / 2000, 52.363), postcode="1094 HV", house_number=str(number))
    assert len(unanswered_twins(draft=draft, at=at)) == 3
    for _ in range(6):
        InitiativeFactory(name="De Draad", area=area)
    assert [twin.maybe_same for twin in unanswered_twins(draft=draft, at=at)] == [True] * 5


@pytest.mark.parametrize("name", ["' OR 1=1 --", "%", "🧵", "\u202eDraad", "a" * 80, "de het een", "()&|!<->"])
def test_any_name_can_be_looked_up(area, near, at, name):
    unanswered_twins(draft=make_draft(area, name=name), at=at)


def test_no_fixed_place_is_compared_by_its_neighbourhood_but_no_metres_are_told(area, near, at):
    (twin,) = unanswered_twins(draft=InitiativeFactory(draft=True, nowhere=True, name="Los Draadje", area=area), at=at)
    assert (twin.initiative, twin.metres) == (near, None)


# --- Answers


def test_answers_are_kept_and_what_is_left_open_is_not_asked_again(draft, near, at):
    answer_twins(draft=draft, answers={}, words={}, at=at)
    assert TwinAnswer.objects.get().answer == Answer.NOT_SAID
    assert unanswered_twins(draft=draft, at=at) == []
    said(draft, near, Answer.INTRODUCE, at, word="Koffie?")
    assert Introduction.objects.get().message == "Koffie?"
    said(draft, near, Answer.INTRODUCE, at, word="Thee?")
    assert Introduction.objects.get().message == "Thee?"
    said(draft, near, Answer.DIFFERENT, at)
    assert not Introduction.objects.exists()


def test_only_what_is_similar_can_be_answered_about(draft, near, at):
    far = InitiativeFactory(activity="garden", name="Ver weg", location=Point(4.7, 52.2), postcode="1000 AA")
    answer_twins(draft=draft, answers={far.pk: Answer.INTRODUCE, 10**12: Answer.SAME}, words={far.pk: "Hallo"}, at=at)
    assert set(TwinAnswer.objects.values_list("other", flat=True)) == {near.pk}
    assert not Introduction.objects.exists()


def test_what_is_handed_in_cannot_be_answered_about(near, area, at):
    with pytest.raises(DomainError):
        said(InitiativeFactory(submitted=True, area=area), near, Answer.SAME, at)


# --- The page while registering


def test_the_page_shows_them_and_keeps_the_answers(draft, near):
    client = browsing(draft)
    page = client.get(TWINS)
    text = page.content.decode()
    assert (page.status_code, "Naaicafé Pretorius" in text, text.count("<h1")) == (200, True, 1)
    assert [secret for secret in SECRETS if secret in text] == []
    answer = client.post(TWINS, {f"answer-{near.pk}": "introduce", f"word-{near.pk}": "Zullen we samen naaien?"})
    assert answer.url == reverse("register_step", args=["bereiken"])
    assert (Introduction.objects.get().message, OutboxMessage.objects.count()) == ("Zullen we samen naaien?", 0)
    again = client.get(TWINS).content.decode()
    assert "Zullen we samen naaien?" in again
    assert re.search(r'value="introduce"[^>]*checked', again)


def test_nothing_has_to_be_chosen(draft, near):
    assert browsing(draft).post(TWINS, {}).url == reverse("register_step", args=["bereiken"])
    assert browsing(draft).post(TWINS, {"later": "1"}).url == reverse("register_later")


@pytest.mark.parametrize("word", ["bel 020 000 01 11", "mail ons@demo.example", "www.kwaad.example", "https://x", "a" * 201, "a\0b"])
def test_no_contact_and_no_link_in_the_word_with_it(draft, near, word):
    answer = browsing(draft).post(TWINS, {f"answer-{near.pk}": "introduce", f"word-{near.pk}": word})
    assert answer.status_code == 422
    assert 'class="sum"' in answer.content.decode()
    assert re.search(r'value="introduce"[^>]*checked', answer.content.decode())
    assert not Introduction.objects.exists()


@pytest.mark.parametrize("bad", ["x", "same\0", "not_said", "9" * 1000, "🧵", "\u202esame"])
def test_an_unknown_answer_is_said(draft, near, bad):
    assert browsing(draft).post(TWINS, {f"answer-{near.pk}": bad}).status_code == 422
    assert not TwinAnswer.objects.exists()


def test_without_a_draft_one_begins_at_the_beginning(client):
    for url in (TWINS, SAME):
        assert client.get(url).url == reverse("register")
        assert client.post(url, {"key": "x" * 10_000}).url == reverse("register")
        assert client.post(url, {"key": str(uuid.uuid4())}).url == reverse("register")


def test_the_draft_of_another_is_not_found(draft, near):
    draft.registered_by = UserFactory()
    draft.save()
    answers = {f"answer-{near.pk}": "same", "key": str(draft.draft_key)}
    for client in (browsing(draft), browsing(draft, UserFactory())):
        assert client.get(TWINS).url == reverse("register")
        assert client.post(TWINS, answers).url == reverse("register")
    assert not TwinAnswer.objects.exists()


def test_the_key_in_the_form_goes_on_where_a_session_ended(draft, near):
    answer = Client().post(TWINS, {f"answer-{near.pk}": "different", "key": str(draft.draft_key)})
    assert answer.url == reverse("register_step", args=["bereiken"])
    assert TwinAnswer.objects.get().answer == Answer.DIFFERENT


def test_it_asks_no_more_of_the_database_the_more_are_alike(draft, area):
    places = iter(range(9))

    def one_more():
        number = next(places)
        InitiativeFactory(area=area, location=Point(4.94 + number / 2000, 52.363), postcode="1094 HV", house_number=str(number))

    assert_constant_queries(browsing(draft), TWINS, one_more)


# --- Dat zijn wij


def test_that_is_us_stops_kindly_and_makes_no_twin(draft, near, at):
    client = browsing(draft)
    assert client.post(TWINS, {f"answer-{near.pk}": "same"}).url == SAME
    assert "Naaicafé Pretorius" in client.get(SAME).content.decode()
    draft.refresh_from_db()
    assert draft.status == "draft"
    with pytest.raises(DomainError):
        hand_in(draft, at)
    draft.status = "draft"
    draft.save()
    assert client.post(SAME, {"different": "1"}).url == reverse("register_step", args=["bereiken"])
    assert same_as(draft) is None
    assert client.get(SAME).url == reverse("register_step", args=["bereiken"])


ASK = {"name": "Samir", "email": "Samir@demo.example", "message": "Ik help op dinsdag."}


def ask(draft, near, **fields):
    said(draft, near, Answer.SAME, timezone.now())
    return browsing(draft).post(SAME, {**ASK, **fields})


def test_the_owners_hear_it_and_the_one_who_asks_hears_nothing_yet(draft, near):
    owner = MemberFactory(initiative=near).user
    MemberFactory(initiative=near, role=InitiativeMember.Role.EDITOR)
    assert ask(draft, near).status_code == 200
    (mail,) = mails()
    assert mail.to == owner.email
    assert "Samir" in mail.text
    assert "samir@demo.example" in mail.text
    assert reverse("join_request", args=[near.slug, JoinRequest.objects.get().pk]) in mail.text


def test_without_an_owner_the_moderators_hear_it_and_whoever_comes_in_owns_it(draft, near, at):
    spanner = make_spanner(district_of(near))
    MemberFactory(initiative=near, role=InitiativeMember.Role.EDITOR)
    ask(draft, near)
    assert [mail.to for mail in mails()] == [spanner.email]
    join = JoinRequest.objects.get()
    client = signed_in(spanner)
    url = reverse("join_request", args=[near.slug, join.pk])
    assert client.get(url).status_code == 200
    assert client.post(url, {"yes": "1", "decides_on_benefits": "no", "role": "editor"}).status_code == 302
    invitation = MemberInvitation.objects.get()
    assert (invitation.email, invitation.member_role, invitation.invited_by) == ("samir@demo.example", "owner", spanner)


def test_an_owner_lets_in_by_the_usual_invitation(draft, near):
    owner = MemberFactory(initiative=near).user
    ask(draft, near)
    join = JoinRequest.objects.get()
    url, client = reverse("join_request", args=[near.slug, join.pk]), signed_in(owner)
    assert client.post(url, {"yes": "1", "role": "editor"}).status_code == 422
    assert client.post(url, {"yes": "1", "role": "editor", "decides_on_benefits": "no"}).status_code == 302
    invitation = MemberInvitation.objects.get()
    assert (invitation.email, invitation.name, invitation.member_role) == ("samir@demo.example", "Samir", "editor")
    assert mails(to="samir@demo.example")
    join.refresh_from_db()
    assert (join.accepted, join.answered_by) == (True, owner)
    # A second press changes nothing.
    client.post(url, {"no": "1"})
    join.refresh_from_db()
    assert join.accepted is True
    assert MemberInvitation.objects.count() == 1
    assert client.get(url).status_code == 200


def test_not_now_is_told_kindly_and_asking_again_bothers_nobody(draft, near):
    owner = MemberFactory(initiative=near).user
    ask(draft, near)
    signed_in(owner).post(reverse("join_request", args=[near.slug, JoinRequest.objects.get().pk]), {"no": "1"})
    (declined,) = mails(to="samir@demo.example")
    assert owner.name not in declined.text
    before = OutboxMessage.objects.count()
    assert ask(draft, near).status_code == 200
    assert (OutboxMessage.objects.count(), JoinRequest.objects.count()) == (before, 1)


def test_a_double_send_is_one_request(draft, near):
    MemberFactory(initiative=near)
    ask(draft, near)
    ask(draft, near, email="SAMIR@demo.example")
    assert (JoinRequest.objects.count(), OutboxMessage.objects.count()) == (1, 1)


def test_owners_are_not_bombed_with_requests(draft, near):
    MemberFactory(initiative=near)
    # Each from an address of its own: it is not the visitor's limit that holds here.
    answers = [
        browsing(draft).post(SAME, {**ASK, "email": f"{number}@demo.example"}, REMOTE_ADDR=f"192.0.2.{number}").status_code
        for number in range(joining.MOST_OPEN + 2)
        if said(draft, near, Answer.SAME, timezone.now()) is None
    ]
    assert answers == [200] * joining.MOST_OPEN + [422] * 2
    assert OutboxMessage.objects.count() == joining.MOST_OPEN


@pytest.mark.parametrize(
    "bad",
    [
        {"name": ""},
        {"email": ""},
        {"email": "x"},
        {"name": "www.kwaad.example"},
        {"message": "https://kwaad.example"},
        {"name": "a\0b"},
        {"name": "a" * 10**6},
    ],
)
def test_a_request_that_is_not_right_is_said_and_kept(draft, near, bad):
    MemberFactory(initiative=near)
    assert ask(draft, near, **bad).status_code == 422
    assert not JoinRequest.objects.exists()


def test_a_member_is_sent_to_the_page_they_have(draft, near):
    owner = MemberFactory(initiative=near).user
    said(draft, near, Answer.SAME, timezone.now())
    client = browsing(draft, owner)
    assert reverse("initiative_edit", args=[near.slug]) in client.get(SAME).content.decode()
    assert client.post(SAME, ASK).status_code == 422
    assert not JoinRequest.objects.exists()


def test_no_request_to_join_what_one_did_not_choose(draft, near):
    MemberFactory(initiative=near)
    assert browsing(draft).post(SAME, ASK).status_code == 302
    with pytest.raises(DomainError):
        joining.ask_to_join(draft=draft, actor=None, language="nl", at=timezone.now(), **ASK)


def test_old_requests_are_forgotten(draft, near, at):
    JoinRequest.objects.create(initiative=near, name="Samir", email="s@demo.example", asked_at=at - timedelta(days=61))
    kept = JoinRequest.objects.create(initiative=near, name="Samir", email="s2@demo.example", asked_at=at - timedelta(days=59))
    keep_introductions()
    assert JoinRequest.objects.get() == kept


# --- Introductions


def test_nothing_is_sent_before_it_is_handed_in_and_then_once(draft, near, at):
    MemberFactory(initiative=near)
    said(draft, near, Answer.INTRODUCE, at, word="Zullen we samen naaien?")
    assert mails() == []
    hand_in(draft, at)
    send_introductions(initiative=draft, at=at + timedelta(hours=1))
    (mail,) = mails()
    for shown in ("Naaiatelier De Draad", "We sew together.", "Javabuurt", "Zullen we samen naaien?"):
        assert shown in mail.text
    assert [secret for secret in SECRETS if secret in everything_sent()] == []
    assert Introduction.objects.get().told_at == at


def test_a_stranger_mails_no_link_by_way_of_us(draft, near, at):
    draft.summary = "Win geld op kwaad.example/nu"
    draft.save()
    told(draft, near, at)
    assert "kwaad" not in everything_sent()


def test_the_whole_way_to_yes_by_link(draft, near, at):
    told(draft, near, at)
    (mail,) = mails()
    assert mail.to == THEIRS["email"]
    link, client = link_of(mail), Client()
    for _ in range(3):  # mail scanners open links
        page = client.get(link)
        assert page.status_code == 200
        assert [secret for secret in SECRETS if secret in page.content.decode()] == []
    client.head(link)
    client.post(link, {})
    assert Introduction.objects.get().answered_at is None
    assert client.post(link, {"yes": "1"}).status_code == 200
    introduction = Introduction.objects.get()
    assert (introduction.agreed, introduction.answered_at is not None) == (True, True)
    to_asker, to_other = mails(to=OURS["email"])[0], mails(to=THEIRS["email"])[1]
    for shown in ("Piet Verborgen", "020 000 02 22", "hun@demo.example"):
        assert shown in to_asker.text
        assert shown not in to_other.text
    for shown in ("Nadia Geheim", "020 000 01 11", "ons@demo.example"):
        assert shown in to_other.text
        assert shown not in to_asker.text
    # It dies with use.
    for answer in (client.get(link), client.post(link, {"no": "1"})):
        assert answer.status_code == 410
    assert Introduction.objects.get().agreed is True
    assert OutboxMessage.objects.count() == 3


def test_no_is_told_kindly_and_shares_nothing(draft, near, at):
    told(draft, near, at)
    assert Client().post(link_of(mails()[0]), {"no": "1"}).status_code == 200
    (declined,) = mails(to=OURS["email"])
    assert "Naaicafé Pretorius" in declined.text
    assert [secret for secret in SECRETS if secret in everything_sent()] == []


def test_one_reminder_after_14_days_and_closed_after_30_each_once(draft, near, at):
    told(draft, near, at)
    (first,) = mails()

    def run(days):
        with time_machine.travel(at + timedelta(days=days), tick=False):
            keep_introductions()
            keep_introductions()
            return [mail.key for mail in mails()][1:]

    pk = Introduction.objects.get().pk
    assert run(13) == []
    assert run(15) == [f"introduction-reminder:{pk}:address"]
    assert run(29) == [f"introduction-reminder:{pk}:address"]
    with time_machine.travel(at + timedelta(days=29), tick=False):
        assert Client().get(link_of(first)).status_code == 200
    assert run(31)[1:] == [f"introduction-not-met:{pk}:address"]
    with time_machine.travel(at + timedelta(days=31), tick=False):
        assert Client().get(link_of(first)).status_code == 410
        assert Client().post(link_of(first), {"yes": "1"}).status_code == 410
    assert run(90)[1:] == [f"introduction-not-met:{pk}:address"]
    assert [secret for secret in SECRETS if secret in everything_sent()] == []


def test_a_link_dies_when_its_reader_no_longer_looks_after_the_page(draft, near, at):
    told(draft, near, at)
    (mail,) = mails()
    MemberFactory(initiative=near)
    assert Client().get(link_of(mail)).status_code == 410
    assert Client().post(link_of(mail), {"yes": "1"}).status_code == 410


@pytest.mark.parametrize("whose", ["asker", "other"])
def test_a_link_dies_when_either_is_taken_off_the_site(draft, near, at, whose):
    told(draft, near, at)
    Initiative.objects.filter(pk=getattr(Introduction.objects.get(), whose).pk).update(status="archived")
    assert Client().post(link_of(mails()[0]), {"yes": "1"}).status_code == 410
    assert Introduction.objects.get().agreed is None


@pytest.mark.parametrize("token", ["x", "a.b", "x" * 5000, "%00", "🧵"])
def test_a_link_that_is_not_ours_is_over(token):
    assert Client().get(f"/kennismaken/{token}/").status_code == 410
    assert Client().post(f"/kennismaken/{token}/", {"yes": "1"}).status_code == 410


def test_a_changed_link_is_over(draft, near, at):
    told(draft, near, at)
    link = link_of(mails()[0])
    for place in (15, 30, len(link) - 5):
        other = "A" if link[place] != "A" else "B"
        assert Client().get(f"{link[:place]}{other}{link[place + 1 :]}").status_code == 410


def test_who_has_no_mail_is_called_by_a_connector(draft, near, at):
    near.email = ""
    near.save()
    spanner = make_spanner(district_of(near))
    told(draft, near, at)
    (mail,) = mails()
    assert mail.to == spanner.email
    assert [secret for secret in SECRETS if secret in mail.text] == []
    Client().post(link_of(mail), {"yes": "1"})
    assert len(mails(to=spanner.email)) == 2
    assert "Nadia Geheim" in mails(to=spanner.email)[1].text


def test_a_team_with_many_open_ones_is_told_later(near, area, at):
    drafts = [make_draft(area, name=f"Naaiclub {number}") for number in range(MOST_OPEN + 1)]
    for number, draft in enumerate(drafts):
        said(draft, near, Answer.INTRODUCE, at)
        draft.status, draft.slug, draft.submitted_at = "submitted", f"club-{number}", at
        draft.save()
        send_introductions(initiative=draft, at=at)
    assert Introduction.objects.filter(told_at=None).count() == 1
    introductions.answer_by_link(token=link_of(mails()[0]).split("/")[2], agreed=False, at=at)
    keep_introductions()
    assert Introduction.objects.filter(told_at=None).count() == 0


# --- The page of a team


@pytest.fixture
def ours(area):
    return InitiativeFactory(name="Naaiatelier De Draad", slug="de-draad", area=area, location=Point(4.94, 52.363), **OURS)


def meet(initiative):
    return reverse("initiative_introductions", args=[initiative.slug])


def test_a_team_asks_later_on_and_both_see_how_it_stands(ours, near, at):
    owner, theirs = MemberFactory(initiative=ours).user, MemberFactory(initiative=near).user
    client, other_side = signed_in(owner), signed_in(theirs)
    assert "Naaicafé Pretorius" in client.get(meet(ours)).content.decode()
    assert client.post(meet(ours), {}).status_code == 422
    assert client.post(meet(ours), {"other": near.pk, "message": "Koffie?"}).status_code == 302
    introduction = Introduction.objects.get()
    page = other_side.get(meet(near)).content.decode()
    assert "Koffie?" in page
    for text in (page, client.get(meet(ours)).content.decode(), everything_sent()):
        found = [secret for secret in ("Nadia Geheim", "020 000 01 11", "Piet Verborgen", "020 000 02 22") if secret in text]
        assert found == []
    # Not twice, and not by whoever asked
    assert client.post(meet(ours), {"other": near.pk}).status_code == 422
    assert client.post(reverse("introduction_answer", args=[ours.slug, introduction.pk]), {"yes": "1"}).status_code == 404
    assert other_side.post(reverse("introduction_answer", args=[near.slug, introduction.pk]), {"yes": "1"}).status_code == 302
    assert "Piet Verborgen" in client.get(meet(ours)).content.decode()
    assert "Nadia Geheim" in other_side.get(meet(near)).content.decode()
    assert other_side.post(reverse("introduction_answer", args=[near.slug, introduction.pk]), {"no": "1"}).status_code == 302
    assert Introduction.objects.get().agreed is True


def test_asking_back_is_saying_yes_also_when_the_clock_was_read_just_before(ours, near, at):
    owner, theirs = MemberFactory(initiative=ours).user, MemberFactory(initiative=near).user
    ask_introduction(initiative=ours, other=near, actor=owner, message="", at=at)
    ask_introduction(initiative=near, other=ours, actor=theirs, message="", at=at - timedelta(seconds=1))
    assert Introduction.objects.get().agreed is True


@pytest.mark.parametrize("bad", ["", "0", "-1", "9" * 30, "x", "1\0", "🧵"])
def test_only_one_from_the_list_can_be_asked(ours, near, bad):
    client = signed_in(MemberFactory(initiative=ours).user)
    assert client.post(meet(ours), {"other": bad}).status_code == 422
    far = InitiativeFactory(activity="garden", location=Point(4.7, 52.2), name="Ver weg", postcode="1000 AA")
    assert client.post(meet(ours), {"other": far.pk}).status_code == 422
    assert not Introduction.objects.exists()


def test_only_the_team_asks(ours, near, at):
    for actor in (UserFactory(), MemberFactory(initiative=near).user, UserFactory(coordinator=True)):
        with pytest.raises(DomainError):
            ask_introduction(initiative=ours, other=near, actor=actor, message="", at=at)


def test_what_is_not_on_the_map_yet_asks_nobody(area, near, at):
    waiting = InitiativeFactory(submitted=True, slug="wacht", name="De Draad", area=area, location=Point(4.94, 52.363))
    member = MemberFactory(initiative=waiting)
    client = signed_in(member.user)
    assert client.get(meet(waiting)).status_code == 200
    assert client.post(meet(waiting), {"other": near.pk}).status_code == 422
    with pytest.raises(DomainError):
        ask_introduction(initiative=waiting, other=near, actor=member.user, message="", at=at)


def test_the_page_asks_no_more_of_the_database_the_more_stand_on_it(ours, area):
    client, numbers = signed_in(MemberFactory(initiative=ours).user), iter(range(9))

    def one_more():
        number = next(numbers)
        place = {"area": area, "location": Point(4.94 + number / 2000, 52.363), "postcode": "1094 HV", "house_number": str(number)}
        now = timezone.now()
        InitiativeFactory(**place)
        Introduction.objects.create(asker=InitiativeFactory(**place), other=ours, asked_at=now, told_at=now)
        Introduction.objects.create(asker=ours, other=InitiativeFactory(**place), asked_at=now, told_at=now)
        Introduction.objects.create(asker=ours, other=InitiativeFactory(**place), asked_at=now, told_at=now, answered_at=now, agreed=True)
        JoinRequest.objects.create(initiative=ours, name="Samir", email=f"{number}@demo.example", asked_at=now)

    assert_constant_queries(client, meet(ours), one_more)


def test_who_was_met_or_asked_is_not_offered_again(ours, near, at):
    owner = MemberFactory(initiative=ours).user
    assert [twin.initiative for twin in may_meet(ours)] == [near]
    ask_introduction(initiative=ours, other=near, actor=owner, message="", at=at)
    assert may_meet(ours) == may_meet(near) == []
    assert [row.other for row in introductions_of(ours)] == [near]


# --- Moderators


def test_a_moderator_sees_twins_and_answers(draft, near, area, at):
    hidden = InitiativeFactory(name="De Draad", area=area, location=draft.location, submitted=True)
    said(draft, near, Answer.DIFFERENT, at)
    elsewhere = InitiativeFactory(name="Naaiatelier De Draad", submitted=True, location=draft.location)
    hand_in(draft, at)
    answers = {twin.initiative.pk: twin.answer for twin in twins_for_moderator(draft)}
    assert answers == {near.pk: Answer.DIFFERENT, hidden.pk: Answer.NOT_SAID}
    assert elsewhere.pk not in answers  # waits in another district, whose moderators see it
    draft.name, draft.activity = "Iets heel anders", "music"
    draft.save()
    assert near.pk in {twin.initiative.pk for twin in twins_for_moderator(draft)}
