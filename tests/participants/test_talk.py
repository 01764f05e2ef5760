"""A talk that is saved as it goes: what is kept, two screens, consent, hostile input, and who sees it."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.context import SystemActor, UserActor, person_context
from fieldlab.audit.models import AccessRecord
from participants.actions import talks
from participants.actions.talks import NoConsent, Screen
from participants.models import Answer, IntakeReport, Participant, ReportSentence
from tests.factories.accounts import UserFactory
from tests.factories.participants import make_participant, make_professional
from tests.factories.reports import allow_writing, make_report, make_sentences, make_talk
from tests.factories.talks import agreed
from tests.queries import assert_constant_queries
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def professional():
    return make_professional(name="Fatma Demir")


@pytest.fixture
def participant(professional):
    made = make_participant(professional, first_name="Sara", last_name="Haddad")
    allow_writing(made, professional)
    return made


def helping(professional):
    return person_context(UserActor(professional, "professional"))


def save(participant, professional, words, *, screen=7, sent=1, revision=0, name="energy"):
    with helping(professional):
        return talks.save_answers(
            participant=participant,
            writer=professional,
            answers={name: {"words": words, "pictures": [], "scale": None}},
            screen=Screen(screen, sent, revision),
            at=timezone.now(),
        )


def kept(participant, professional):
    with helping(professional):
        whole = Participant.objects.select_related("key").get(pk=participant.pk)
        report = talks.current_report(whole)
        return {name: answer["words"] for name, answer in talks.answers_of(report, whole.key.unwrap()).items()}


# --- Saving


def test_what_was_typed_is_kept_sealed_and_counts_as_contact(participant, professional):
    saved = save(participant, professional, "koken voor veel mensen")
    assert (saved.revision, saved.others) == (1, {})
    assert kept(participant, professional) == {"energy": "koken voor veel mensen"}
    with helping(professional):
        assert Participant.objects.get(pk=participant.pk).last_contact_at is not None
        assert b"koken" not in bytes(IntakeReport.objects.get().guide)
    with person_context(SystemActor("a test")):
        assert all("guide" not in row and "trail" not in row for row in IntakeReport.pgh_event_model.objects.values())


def test_an_answer_that_is_emptied_is_gone(participant, professional):
    save(participant, professional, "koken")
    save(participant, professional, "", sent=2, revision=1)
    with helping(professional):
        assert IntakeReport.objects.get().guide is None


def test_another_screen_is_not_overwritten_and_shows_both(participant, professional):
    save(participant, professional, "koken", screen=7)
    late = save(participant, professional, "zingen", screen=8, revision=0)
    assert late.others["energy"]["words"] == "koken"
    assert kept(participant, professional) == {"energy": "koken"}
    elsewhere = save(participant, professional, "mijn tuin", screen=8, sent=2, revision=0, name="proud")
    assert elsewhere.others == {}, "another question is nobody's quarrel"
    save(participant, professional, "koken en zingen", screen=8, sent=3, revision=elsewhere.revision)
    assert kept(participant, professional) == {"energy": "koken en zingen", "proud": "mijn tuin"}


def test_the_same_words_on_both_screens_are_no_quarrel(participant, professional):
    save(participant, professional, "koken", screen=7)
    assert save(participant, professional, "koken", screen=8).others == {}


def test_an_answer_that_was_lost_and_is_sent_again_is_no_quarrel(participant, professional):
    save(participant, professional, "koken", sent=1)  # the answer to this one never arrived
    assert save(participant, professional, "koken en bakken", sent=2, revision=0).others == {}
    assert kept(participant, professional) == {"energy": "koken en bakken"}


def test_an_older_save_that_arrives_late_undoes_nothing(participant, professional):
    save(participant, professional, "koken en bakken", sent=2)
    save(participant, professional, "koken", sent=1)
    assert kept(participant, professional) == {"energy": "koken en bakken"}
    save(participant, professional, "koken", sent=3, revision=1)
    save(participant, professional, "koken", sent=5, revision=2)
    save(participant, professional, "koken, te laat", sent=4, revision=2)
    assert kept(participant, professional) == {"energy": "koken"}


def test_without_consent_nothing_is_saved_and_nothing_is_shown(participant, professional):
    make_talk(participant, professional, energy="Zwaluwstaart")
    allow_writing(participant, professional, Answer.WITHDRAWN)
    with pytest.raises(NoConsent):
        save(participant, professional, "meer", sent=9)
    client, url = signed_in(professional), reverse("talk", args=[participant.pk])
    body = client.get(url).content.decode()
    assert "Zwaluwstaart" not in body
    assert "Praat, en schrijf niets op" in body
    assert "<textarea" not in body
    assert "Niet opschrijven" in body
    sent = {"questions": "energy", "energy-words": "meer", "screen": "3", "sent": "1", "revision": "9"}
    assert client.post(url, sent, **JSON).status_code == 403
    assert client.post(url, sent).status_code == 409


def test_a_talk_belongs_to_its_appointment_and_a_new_one_begins_after_approval(participant, professional):
    appointment = agreed(participant, professional)
    client = signed_in(professional)
    url = f"{reverse('talk', args=[participant.pk])}?afspraak={appointment.pk}"
    sent = {"questions": "energy", "energy-words": "koken", "screen": "3", "sent": "1", "revision": "0"}
    assert client.post(url, {**sent, "do": "person"}).headers["Location"] == f"{url}#person"
    with helping(professional):
        assert IntakeReport.objects.get().appointment == appointment
    foreign = agreed(make_participant(make_professional()), make_professional())
    assert client.get(f"{reverse('talk', args=[participant.pk])}?afspraak={foreign.pk}").status_code == 404
    make_report(participant, professional, want="naaien")
    assert save(participant, professional, "zingen").report.appointment is None


# --- Sentences


def test_answers_become_sentences_in_the_order_of_the_talk_once(participant, professional):
    report = make_talk(participant, professional, want="naaien", energy="koken")
    texts = said(make_sentences(report, professional), participant, professional)
    assert texts == ["Ik krijg energie van koken.", "Ik wil graag naaien."]
    assert said(make_sentences(report, professional), participant, professional) == texts
    save(participant, professional, "mijn tuin", name="proud", sent=9)
    save(participant, professional, "koken en bakken", screen=9, sent=1, revision=2**31 - 1)
    assert said(make_sentences(report, professional), participant, professional) == [
        "Ik krijg energie van koken en bakken.",
        "Ik ben trots op mijn tuin.",
        "Ik wil graag naaien.",
    ]


def said(rows, participant, professional):
    with helping(professional):
        key = Participant.objects.select_related("key").get(pk=participant.pk).key.unwrap()
        return [talks.encryption.unseal(row, key, ["words"])["words"] for row in rows]


# --- The page


def test_the_page_asks_and_saves_without_a_script(participant, professional):
    client, url = signed_in(professional), reverse("talk", args=[participant.pk])
    page = client.get(url).content.decode()
    for words in ("Wat geeft u energie?", "Niet opschrijven: ziekte, schulden, inkomsten.", "anderen helpen", "ruim genoeg"):
        assert words in page
    revision, screen = (re.search(f'name="{name}" value="(\\d+)"', page)[1] for name in ("revision", "screen"))
    sent = {"questions": ["energy", "week"], "energy-words": "koken", "energy-pictures": ["music"], "week-scale": "4"}
    sent |= {"revision": revision, "screen": screen, "sent": "0"}
    assert client.post(url, {**sent, "do": "person"}).status_code == 302
    page = client.get(url).content.decode()
    assert "koken" in page
    assert re.search(r'value="music"\s+checked', page)
    with helping(professional):
        report = IntakeReport.objects.get()
    to_sentences = client.post(url, {**sent, "do": "sentences"})
    assert to_sentences.headers["Location"] == reverse("report_sentences", args=[report.pk])
    assert "Mijn week is zo goed." in client.get(to_sentences.headers["Location"]).content.decode()


def test_two_screens_without_a_script_see_both_and_then_decide(participant, professional):
    client, url = signed_in(professional), reverse("talk", args=[participant.pk])
    save(participant, professional, "koken")
    sent = {"questions": ["energy"], "energy-words": "zingen", "revision": "0", "screen": "8", "sent": "0"}
    both = client.post(url, sent)
    page = both.content.decode()
    assert both.status_code == 409
    assert "koken" in page
    assert "zingen" in page
    again = {**sent, "revision": re.search(r'name="revision" value="(\d+)"', page)[1], "energy-words": "koken en zingen"}
    assert client.post(url, again).status_code == 302
    assert kept(participant, professional) == {"energy": "koken en zingen"}


def test_the_script_hears_what_was_saved(participant, professional):
    client, url = signed_in(professional), reverse("talk", args=[participant.pk])
    sent = {"questions": ["energy"], "energy-words": "koken", "revision": "0", "screen": "8", "sent": "1"}
    assert client.post(url, sent, **JSON).json() == {"revision": 1, "others": {}}
    other = client.post(url, {**sent, "screen": "9", "energy-words": "zingen"}, **JSON)
    assert (other.status_code, other.json()["others"]["energy"]["shown"]) == (409, "koken")
    wrong = client.post(url, {**sent, "energy-words": "x" * 10_000}, **JSON)
    assert (wrong.status_code, list(wrong.json()["errors"])) == (422, ["energy"])
    assert "no-store" in other.headers["Cache-Control"]


@pytest.mark.parametrize("words", ["=cmd()", "🙂🙂", "مرحبا بك", "é", "<script>alert(1)</script>", "{{ 7|add:7 }}", "‮txt", "a" * 2000])
def test_hostile_words_are_taken_and_neutral(participant, professional, words):
    client, url = signed_in(professional), reverse("talk", args=[participant.pk])
    sent = {"questions": ["energy"], "energy-words": words, "revision": "0", "screen": "8", "sent": "1", "do": "sentences"}
    to_sentences = client.post(url, sent)
    assert to_sentences.status_code == 302
    for page in (client.get(url), client.get(to_sentences.headers["Location"])):
        assert page.status_code == 200
        assert b"<script>alert(1)" not in page.content
    assert kept(participant, professional) == {"energy": words}


@pytest.mark.parametrize(
    "sent",
    [
        {"energy-words": "x" * 10_000},
        {"energy-words": "a\x00b"},
        {"energy-pictures": "moon"},
        {"questions": "week", "week-scale": "9"},
        {"questions": "week", "week-scale": "x"},
    ],
)
def test_what_cannot_be_kept_is_said_and_stays_typed(participant, professional, sent):
    client, url = signed_in(professional), reverse("talk", args=[participant.pk])
    answer = client.post(url, {"questions": "energy", "revision": "0", "screen": "8", "sent": "1", **sent})
    assert answer.status_code == 422
    assert "data-error-summary" in answer.content.decode()
    if "x" * 10_000 in sent.values():
        assert "x" * 10_000 in answer.content.decode()


@pytest.mark.parametrize("bad", ["", "-1", "x", "9" * 30, "１", "1e5"])
def test_numbers_that_are_none_count_as_nothing_seen(participant, professional, bad):
    client, url = signed_in(professional), reverse("talk", args=[participant.pk])
    sent = {"questions": "energy", "energy-words": "koken", "revision": bad, "screen": bad, "sent": bad}
    assert client.post(url, sent).status_code == 302
    assert client.get(f"{url}?afspraak={bad}").status_code == 200


# --- Walls


def test_nobody_but_they_and_who_helps_them_sees_it(participant, professional):
    report = make_talk(participant, professional)
    make_sentences(report, professional)
    strangers = [make_professional(), UserFactory(), UserFactory(coordinator=True), UserFactory(decides=True)]
    for stranger in strangers:
        with person_context(UserActor(stranger)):
            assert (IntakeReport.objects.count(), ReportSentence.objects.count()) == (0, 0), "row-level security alone"
        client = signed_in(stranger)
        for name, pk in (("talk", participant.pk), ("report", report.pk), ("report_read", report.pk), ("report_sentences", report.pk)):
            assert client.get(reverse(name, args=[pk])).status_code == 404
            assert client.post(reverse(name, args=[pk]), {"questions": "energy"}).status_code == 404
    assert (IntakeReport.objects.count(), ReportSentence.objects.count()) == (0, 0), "outside of a context"


def test_who_opened_it_is_logged(participant, professional):
    make_talk(participant, professional)
    signed_in(professional).get(reverse("talk", args=[participant.pk]))
    with person_context(SystemActor("a test")):
        seen = list(AccessRecord.objects.about(participant.pk).values_list("what", "reason"))
    assert ("talk", "talks with this person") in seen
    assert ("participant.details", "talks with this person") in seen


def test_as_much_is_asked_of_the_database_for_three_answers_as_for_one(participant, professional):
    names = iter(["energy", "proud", "week", "want"])
    assert_constant_queries(
        signed_in(professional),
        reverse("talk", args=[participant.pk]),
        lambda: save(participant, professional, "koken", name=next(names), screen=99, revision=99),
    )
