"""A report: read sentence by sentence, approved, taken away; what is left in the database, on paper and after erasure."""

import re

import pytest
from django.core.management import call_command
from django.db import ProgrammingError
from django.urls import reverse
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.audit.models import AccessRecord
from fieldlab.lib.encryption import DecryptionError, Key, unseal
from fieldlab.lib.errors import DomainError
from participants.actions import reports, retention, talks
from participants.actions.reports import Changed
from participants.models import Answer, IntakeReport, IntakeReportVersion, Participant, ParticipantKey, ReportSentence
from participants.papers.report import report_pdf
from tests.factories.accounts import UserFactory
from tests.factories.participants import give_own_account, make_participant, make_professional
from tests.factories.reports import allow_writing, approve, judge, make_report, make_sentences, make_talk
from tests.participants.test_rotation import keys
from tests.queries import assert_constant_queries
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db
MARKER = "Zwaluwstaart"


@pytest.fixture
def professional():
    return make_professional(name="Fatma Demir")


@pytest.fixture
def participant(professional):
    return make_participant(professional, first_name="Sara", last_name="Haddad")


@pytest.fixture
def draft(participant, professional):
    report = make_talk(participant, professional, energy="koken", proud="mijn tuin", want="naaien")
    make_sentences(report, professional)
    return report


def helping(professional):
    return person_context(UserActor(professional, "professional"))


def rows(report, professional):
    with helping(professional):
        return list(report.sentences.all())


def key_of(participant):
    return Participant.objects.select_related("key").get(pk=participant.pk).key.unwrap()


def approved(report, professional):
    """Of each version its sentences, the first one first."""
    with helping(professional):
        found = report.versions.order_by("number")
        return [version.sentences for version in reports.versions_of(found, key_of(report.participant))]


def opened(participant):
    """Everything that this participant's key still opens, wherever a report lies, history included."""
    with person_context(SystemActor("a test looks")):
        found = []
        key = ParticipantKey.objects.get(participant=participant).unwrap()
        history = IntakeReport.pgh_event_model.objects.filter(participant_id=participant.pk)
        assert all(not isinstance(value, (bytes, memoryview)) for row in history.values() for value in row.values())
        for model, names in (
            (IntakeReport, ["guide", "trail"]),
            (ReportSentence, ["words", "instead"]),
            (IntakeReportVersion, ["sentences"]),
        ):
            for row in model.objects.filter(participant=participant):
                found += [str(unseal(row, key, [name])) for name in names if getattr(row, name) is not None]
        return " ".join(found)


# --- Only what is approved


def test_only_what_was_right_or_said_differently_is_approved(draft, professional):
    energy, proud, want = rows(draft, professional)
    judge(energy, professional, "right")
    judge(proud, professional, "other", "Ik ben trots op mijn rozen.")
    judge(want, professional, "away")
    version = approve(draft, professional)
    assert (version.number, version.read_with) == (1, professional)
    assert approved(draft, professional) == [["Ik krijg energie van koken.", "Ik ben trots op mijn rozen."]]
    assert rows(draft, professional) == [], "nothing but the version is left"
    with helping(professional):
        assert IntakeReport.objects.get().guide is None


def test_what_is_taken_away_is_gone_at_once_everywhere(participant, professional):
    report = make_talk(participant, professional, energy=MARKER, want="naaien")
    make_sentences(report, professional)
    assert opened(participant).count(MARKER) == 2, "in what was typed, and in the sentence"
    judge(rows(report, professional)[0], professional, "away")
    assert MARKER not in opened(participant)
    assert "naaien" in opened(participant)
    with helping(professional):
        late = talks.save_answers(
            participant=participant,
            writer=professional,
            answers={"energy": {"words": f"{MARKER} nog op een scherm", "pictures": [], "scale": None}},
            screen=talks.Screen(4, 1, 1),
            at=timezone.now(),
        )
    assert "energy" in late.others, "a screen that still has it is told, and does not put it back"
    assert MARKER not in opened(participant)
    approve(report, professional)
    assert MARKER not in opened(participant)


def test_the_first_words_are_gone_once_they_said_it_differently_and_approved(participant, professional):
    report = make_talk(participant, professional, energy=MARKER)
    (sentence,) = make_sentences(report, professional)
    judge(sentence, professional, "other", "Ik zing graag.")
    approve(report, professional)
    assert MARKER not in opened(participant)
    assert approved(report, professional) == [["Ik zing graag."]]


def test_nothing_is_approved_before_all_is_read_or_when_nothing_is_left(draft, professional):
    def refused():
        with helping(professional):
            revision = IntakeReport.objects.get().revision
        with helping(professional), pytest.raises(DomainError):
            reports.approve(report=draft, number=1, revision=revision, read_with=professional, at=timezone.now())

    refused()
    for sentence in rows(draft, professional):
        judge(sentence, professional, "away")
    refused()
    assert approved(draft, professional) == []


def test_answers_can_be_changed_until_it_is_approved(draft, professional):
    energy, proud, _want = rows(draft, professional)
    for verdict, instead in (("right", ""), ("other", "Ik bak."), ("right", ""), ("other", "Ik bak graag."), ("away", "")):
        judge(energy, professional, verdict, instead)
    with helping(professional):
        row = ReportSentence.objects.get(pk=energy.pk)
        assert (row.words, row.instead) == (None, None)
    with pytest.raises(DomainError):
        judge(energy, professional, "right")
    judge(energy, professional, "other", "Ik bak graag brood.")
    judge(proud, professional, "right")
    approve(draft, professional)
    assert approved(draft, professional)[0][0] == "Ik bak graag brood."


def test_a_sentence_that_changed_meanwhile_is_not_approved_unread(draft, professional):
    energy, *_others = rows(draft, professional)
    with helping(professional):
        seen = IntakeReport.objects.get().revision
        reports.save_sentences(report=draft, words={energy.pk: "Ik krijg energie van iets anders."}, revision=seen, at=timezone.now())
        with pytest.raises(Changed):
            reports.answer_sentence(report=draft, sentence=energy.pk, verdict="right", revision=seen, at=timezone.now())
    judge(energy, professional, "right")
    with helping(professional):
        seen = IntakeReport.objects.get().revision
        reports.save_sentences(report=draft, words={energy.pk: "Ik krijg energie van zingen."}, revision=seen, at=timezone.now())
        assert ReportSentence.objects.get(pk=energy.pk).verdict == "", "a changed sentence is read anew"


def test_arranging_moves_adds_removes_and_refuses_an_old_screen(draft, professional):
    def texts():
        with helping(professional):
            return [sentence.says for sentence in reports.sentences_of(draft, key_of(draft.participant))]

    def change(**values):
        with helping(professional):
            revision = values.pop("revision", IntakeReport.objects.get().revision)
            reports.save_sentences(report=draft, words=values.pop("words", {}), revision=revision, at=timezone.now(), **values)

    first, second, third = rows(draft, professional)
    change(down=first.pk)
    assert texts()[:2] == ["Ik ben trots op mijn tuin.", "Ik krijg energie van koken."]
    change(up=second.pk)
    change(add="Ik  spreek\nTigrinya.", remove=third.pk)
    assert texts() == ["Ik ben trots op mijn tuin.", "Ik krijg energie van koken.", "Ik spreek Tigrinya."]
    change(words={first.pk: ""})
    assert texts() == ["Ik ben trots op mijn tuin.", "Ik spreek Tigrinya."]
    with pytest.raises(Changed) as stale:
        change(words={second.pk: "Ik ben trots op mijn rozen."}, revision=1)
    assert stale.value.now[second.pk] == "Ik ben trots op mijn tuin."
    for wrong in ("x" * 501, "a\x00b"):
        with pytest.raises(DomainError):
            change(add=wrong)


def test_a_second_reading_makes_version_two(draft, professional):
    approve(draft, professional)
    with helping(professional):
        reports.read_again(report=draft, at=timezone.now())
    first, *_others = rows(draft, professional)
    judge(first, professional, "other", "Ik krijg energie van koken en zingen.")
    assert approve(draft, professional).number == 2
    one, two = approved(draft, professional)
    assert (one[0], two[0]) == ("Ik krijg energie van koken.", "Ik krijg energie van koken en zingen.")


def test_a_version_never_changes(draft, professional):
    approve(draft, professional)
    with pytest.raises(ProgrammingError, match="permission denied"), helping(professional):
        IntakeReportVersion.objects.update(number=9)


def test_who_takes_the_consent_back_loses_the_draft_and_keeps_what_was_approved(draft, participant, professional):
    approve(draft, professional)
    again = make_talk(participant, professional, energy=MARKER)
    make_sentences(again, professional)
    allow_writing(participant, professional, Answer.WITHDRAWN)
    with helping(professional):
        for act in (
            lambda: reports.read_again(report=draft, at=timezone.now()),
            lambda: talks.make_sentences(report=again, at=timezone.now()),
        ):
            with pytest.raises(talks.NoConsent):
                act()
        reports.forget_unapproved(participant=participant, at=timezone.now())
    assert MARKER not in opened(participant)
    assert len(approved(draft, professional)) == 1


# --- The participant's own


def test_they_take_a_sentence_away_later_and_only_the_new_version_is_shown(draft, participant, professional):
    me = UserFactory()
    give_own_account(participant, me)
    approve(draft, professional)
    mine, theirs = signed_in(me), signed_in(professional)
    page = mine.get(reverse("own_report")).content.decode()
    assert "Ik ben trots op mijn tuin." in page
    away = reverse("own_report_away", args=[draft.pk, 1, 2])
    assert "Ik ben trots op mijn tuin." in mine.get(away).content.decode()
    assert mine.post(away).status_code == 302
    assert mine.post(away).status_code == 302, "twice takes one away"
    assert approved(draft, professional)[1] == ["Ik krijg energie van koken.", "Ik wil graag naaien."]
    assert len(approved(draft, professional)) == 2
    assert "tuin" not in theirs.get(reverse("report", args=[draft.pk])).content.decode()
    assert "tuin" in mine.get(reverse("own_report")).content.decode(), "below, among their earlier versions"
    assert mine.get(reverse("own_report_away", args=[draft.pk, 2, 9])).status_code == 404
    assert mine.get(reverse("own_report_away", args=[draft.pk, 10**12, 1])).status_code == 404


def test_they_throw_a_draft_away_themselves(draft, participant, professional):
    me = UserFactory()
    give_own_account(participant, me)
    client = signed_in(me)
    assert "nog niet goedgekeurd" in client.get(reverse("own_report")).content.decode()
    assert "koken" not in client.get(reverse("own_report")).content.decode()
    assert client.post(reverse("own_report_throw_away", args=[draft.pk])).status_code == 302
    assert "koken" not in opened(participant)


def test_the_code_on_the_card_opens_it_too(draft, participant, professional):
    approve(draft, professional)
    with person_context(LinkActor(participant.pk, "code")):
        reports.take_away(report=draft, number=1, place=1, at=timezone.now())
    assert len(approved(draft, professional)) == 2


def test_another_persons_report_is_not_found(draft, participant, professional):
    stranger, me = make_professional(), UserFactory()
    foreign = make_report(make_participant(stranger), stranger)
    give_own_account(participant, me)
    client = signed_in(me)
    assert client.get(reverse("own_report_print", args=[foreign.pk])).status_code == 404
    assert client.post(reverse("own_report_throw_away", args=[foreign.pk])).status_code == 404
    assert client.post(reverse("own_report_away", args=[foreign.pk, 1, 1])).status_code == 404
    for name in ("report", "report_print", "report_read", "report_sentences", "report_throw_away"):
        assert signed_in(professional).get(reverse(name, args=[foreign.pk])).status_code == 404
    assert len(approved(foreign, stranger)) == 1


# --- Pages


def read(client, report, place, **sent):
    url = reverse("report_read", args=[report.pk])
    page = client.get(f"{url}?zin={place}").content.decode()
    found = {name: re.search(f'name="{name}" value="([^"]+)"', page)[1] for name in ("sentence", "revision")}
    return client.post(url, {**found, **sent})


def test_reading_goes_from_sentence_to_sentence_to_the_end(draft, professional):
    client, url = signed_in(professional), reverse("report_read", args=[draft.pk])
    page = client.get(url).content.decode()
    assert "Zin 1 van 3" in page
    assert "Ik krijg energie van koken." in page
    assert "U hoeft niets goed te keuren. Dat verandert niets." in page
    assert read(client, draft, 1, verdict="right").headers["Location"].endswith("?zin=2")
    empty = read(client, draft, 2, verdict="other", instead="  ")
    assert empty.status_code == 422
    assert read(client, draft, 2, verdict="other", instead="Ik ben trots op mijn rozen.").headers["Location"].endswith("?zin=3")
    assert "zin is nog niet gelezen" in client.get(f"{url}?zin=klaar").content.decode()
    assert read(client, draft, 3, verdict="away").headers["Location"].endswith("?zin=klaar")
    assert "Deze zin is weg" in client.get(f"{url}?zin=3").content.decode()
    end = client.get(f"{url}?zin=klaar").content.decode()
    assert "mijn rozen" in end
    sent = {name: re.search(f'name="{name}" value="([^"]+)"', end)[1] for name in ("number", "revision")}
    assert client.post(url, {**sent, "do": "approve", "interpreted_in": "klingon"}).status_code == 422
    for _twice in range(2):
        done = client.post(url, {**sent, "do": "approve", "interpreted_in": "ti"})
        assert done.headers["Location"] == reverse("report", args=[draft.pk])
    assert approved(draft, professional) == [["Ik krijg energie van koken.", "Ik ben trots op mijn rozen."]]
    assert "versie 1" in client.get(reverse("report", args=[draft.pk])).content.decode()


def test_a_double_tap_is_one_answer_and_an_old_page_is_read_again(draft, professional):
    client, url = signed_in(professional), reverse("report_read", args=[draft.pk])
    page = client.get(f"{url}?zin=1").content.decode()
    sent = {name: re.search(f'name="{name}" value="([^"]+)"', page)[1] for name in ("sentence", "revision")}
    assert [client.post(url, {**sent, "verdict": "right"}).status_code for _tap in range(2)] == [302, 302]
    old = client.post(url, {**sent, "verdict": "away"})
    assert old.status_code == 409
    assert "Lees het opnieuw" in old.content.decode()


@pytest.mark.parametrize("words", ["=cmd()", "🙂🙂", "مرحبا", "<script>alert(1)</script>", "‮txt", "é" * 500])
def test_hostile_words_are_read_and_printed(participant, professional, words):
    report = make_talk(participant, professional)
    (sentence,) = make_sentences(report, professional)
    judge(sentence, professional, "other", words)
    client = signed_in(professional)
    for zin in ("1", "klaar", "99", "x", "-1", "9" * 40):
        page = client.get(reverse("report_read", args=[report.pk]) + f"?zin={zin}")
        assert page.status_code == 200
        assert b"<script>alert(1)" not in page.content
    approve(report, professional)
    paper = client.get(reverse("report_print", args=[report.pk]))
    assert (paper.status_code, paper.content[:5]) == (200, b"%PDF-")
    assert "Sara" not in paper.headers["Content-Disposition"]


@pytest.mark.parametrize("words", ["x" * 10_000, "a\x00b"])
def test_words_that_cannot_be_kept_are_refused_with_what_was_typed(draft, professional, words):
    client = signed_in(professional)
    answer = read(client, draft, 1, verdict="other", instead=words)
    assert answer.status_code == 422
    arranged = client.post(reverse("report_sentences", args=[draft.pk]), {"revision": "1", "add": words, "do": "add"})
    assert arranged.status_code == 422
    assert "data-error-summary" in arranged.content.decode()


@pytest.mark.parametrize("sent", [{}, {"verdict": "maybe"}, {"sentence": "x"}, {"do": "up:x"}, {"do": "remove:"}, {"revision": "9" * 30}])
def test_what_no_form_sends_is_no_error_of_ours(draft, professional, sent):
    client = signed_in(professional)
    for name in ("report_read", "report_sentences", "report"):
        assert client.post(reverse(name, args=[draft.pk]), sent).status_code in (302, 409, 422)


def test_two_screens_that_arrange_see_both(draft, professional):
    client, url = signed_in(professional), reverse("report_sentences", args=[draft.pk])
    first, *_others = rows(draft, professional)
    old = re.search(r'name="revision" value="(\d+)"', client.get(url).content.decode())[1]
    assert client.post(url, {f"s-{first.pk}": "Ik zing graag.", "revision": old}).status_code == 302
    late = client.post(url, {f"s-{first.pk}": "Ik bak graag.", "revision": old})
    page = late.content.decode()
    assert late.status_code == 409
    assert "Ik zing graag." in page
    assert "Ik bak graag." in page
    now = re.search(r'name="revision" value="(\d+)"', page)[1]
    assert client.post(url, {f"s-{first.pk}": "Ik zing en bak.", "revision": now, "do": "read"}).status_code == 302


def test_paper_holds_the_last_version_and_nothing_more(draft, participant, professional):
    client = signed_in(professional)
    assert client.get(reverse("report_print", args=[draft.pk])).status_code == 404, "nothing is approved"
    approve(draft, professional)
    with helping(professional):
        version = reports.versions_of(draft.versions.select_related("read_with"), key_of(participant))[0]
    assert report_pdf(version, first_name="Sara", at=timezone.now()).startswith(b"%PDF-")


def test_the_pages_ask_as_much_of_the_database_for_three_as_for_one(participant, professional):
    me = UserFactory()
    give_own_account(participant, me)
    report = make_talk(participant, professional)
    make_sentences(report, professional)

    def one_more():
        with helping(professional):
            revision = IntakeReport.objects.get(pk=report.pk).revision
            reports.save_sentences(report=report, words={}, add="Ik zing.", revision=revision, at=timezone.now())

    assert_constant_queries(signed_in(professional), reverse("report_sentences", args=[report.pk]), one_more)
    assert_constant_queries(signed_in(professional), reverse("report_read", args=[report.pk]) + "?zin=1", one_more)
    approve(report, professional)

    def one_version_more():
        make_report(participant, professional, energy="koken", want="naaien")
        with helping(professional):
            reports.read_again(report=report, at=timezone.now())
        approve(report, professional)

    assert_constant_queries(signed_in(professional), reverse("report", args=[report.pk]), one_version_more)
    assert_constant_queries(signed_in(me), reverse("own_report"), one_version_more)


def test_every_look_is_logged(draft, participant, professional):
    me = UserFactory()
    give_own_account(participant, me)
    client = signed_in(professional)
    for name in ("report", "report_sentences", "report_read"):
        client.get(reverse(name, args=[draft.pk]))
    approve(draft, professional)
    client.get(reverse("report_print", args=[draft.pk]))
    signed_in(me).get(reverse("own_report"))
    with person_context(SystemActor("a test")):
        seen = set(AccessRecord.objects.about(participant.pk).filter(what="report").values_list("reason", flat=True))
    assert seen >= {"reads a report", "arranges a report", "reads a report together", "prints a report", "reads their own report"}


# --- Keys


def test_after_rotation_everything_still_opens(professional):
    with keys(old=b"o"):
        participant = make_participant(professional, first_name="Sara")
        report = make_report(participant, professional, energy=MARKER)
        typed = make_talk(participant, professional, want="naaien")
        make_sentences(typed, professional)
    with keys(new=b"n", old=b"o"):
        call_command("rotate_encryption_keys")
    with keys(new=b"n"):
        assert approved(report, professional) == [[f"Ik krijg energie van {MARKER}."]]
        assert "naaien" in opened(participant)


def test_after_erasing_nothing_opens(draft, participant, professional):
    approve(draft, professional)
    make_sentences(make_talk(participant, professional, want=MARKER), professional)
    with person_context(SystemActor("a test")):
        retention.erase(participant=Participant.objects.get(pk=participant.pk), by=None, reason="asked for it", at=timezone.now())
        assert not ParticipantKey.objects.filter(participant=participant).exists()
        assert ReportSentence.objects.count() == 0
        assert [row.guide for row in IntakeReport.objects.all()] == [None, None]
        (version,) = IntakeReportVersion.objects.all()
        with pytest.raises(DecryptionError):
            unseal(version, Key.new(participant.pk.bytes), ["sentences"])
