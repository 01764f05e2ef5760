"""Everything that is kept, to read and to take along; erasing; a proof that somebody came."""

import json
from datetime import timedelta

import pytest
from django.apps import apps
from django.test import Client
from django.utils import timezone

from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from fieldlab.audit.models import AccessRecord
from fieldlab.lib.encryption import SealedField
from fieldlab.lib.errors import DomainError
from fieldlab.outbox.actions import queue_email
from fieldlab.outbox.models import Mail, OutboxMessage
from participants.actions.copies import HISTORY, LEFT_OUT, TABLES, as_data, everything_about
from participants.actions.copy_words import sections
from participants.actions.retention import erase
from participants.models import AccessReason, Appointment, AppointmentStatus, IntakeReportVersion, Participant, ParticipantAccess
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory
from tests.factories.participants import give_own_account, make_participant, make_professional
from tests.factories.rights import add_rows, make_whole
from tests.factories.talks import agreed
from tests.initiatives.paper import Paper
from tests.pages import text
from tests.queries import assert_constant_queries
from tests.sign_in import signed_in

pytestmark = pytest.mark.django_db

COPY, PDF, JSON = "/mijn-gegevens/alles/", "/mijn-gegevens/alles.pdf", "/mijn-gegevens/alles.json"
ERASE, PROOF, KEEP = "/mijn-gegevens/wissen/", "/mijn-gegevens/bewijs/", "/mijn-gegevens/bewaren/"
MARKER = "Zwaluwstaart"


@pytest.fixture
def professional():
    return make_professional(name="Fatma Demir")


@pytest.fixture
def whole(professional):
    return make_whole(professional, MARKER)


def client_of(participant):
    user = UserFactory()
    give_own_account(participant, user)
    return signed_in(user)


def system():
    return person_context(SystemActor("a test"))


def pointing():
    """Every model of this app that points at a participant."""
    return {
        model.__name__
        for model in apps.get_app_config("participants").get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model is Participant
    }


# --- Everything


def test_every_table_about_a_person_is_in_the_export_or_says_why_not():
    events = {f"{name}Event" for name in HISTORY}
    assert pointing() - set(TABLES) - set(LEFT_OUT) - events == set(), "tell in actions/copies.py what it holds, or why it is left out"
    assert set(TABLES) | set(LEFT_OUT) | events == pointing(), "what is told of is there"
    assert all(LEFT_OUT.values())


def test_the_export_holds_every_row_and_every_sealed_word(whole):
    data = json.loads(client_of(whole).get(JSON).content)
    for name, _about in TABLES.values():
        assert data[name], f"nothing of {name}"
        assert name in data["schema"]
        assert set(data[name][0]) <= set(data["schema"][name]["fields"])
    assert data["participant"]["first_name"] == data["participant"]["best_time"] == MARKER
    assert data["participant"]["account"]["email"]
    assert data["reports"][0]["guide"]["energy"]["words"] == MARKER
    assert data["report_versions"][0]["sentences"] == [f"Ik ben {MARKER}."]
    assert (data["goals"][0]["words"], data["plan_steps"][0]["why"], data["hand_overs"][0]["what"]) == (MARKER,) * 3
    assert MARKER in data["opened_in_emergency"][0]["why"]
    assert data["consents"][0]["text"]["text"]
    assert "digest" not in data["codes"][0]
    assert {each["channel"] for each in data["messages"]} == {"email", "sms"}
    assert any(each["what"] == "participant.glass" for each in data["who_looked"])
    assert data["history"]["participant"][0]["first_name"] == MARKER
    assert {"version", "made_at", "about"} <= set(data["meta"])
    _no_sealed_left_closed(whole)


def _no_sealed_left_closed(participant):
    """Whatever column is sealed, in whatever table, is told by what the export says."""
    with person_context(LinkActor(participant.pk, "code")):
        participant = Participant.objects.select_related("key", "neighbourhood").get(pk=participant.pk)
        data = json.dumps(as_data(everything_about(participant, history=True), at=timezone.now()))
    for name in TABLES:
        model = apps.get_model("participants", name)
        for column in (each.name for each in model._meta.concrete_fields if isinstance(each, SealedField)):
            assert f'"{column}"' in data


def test_everything_is_readable_on_a_page_and_on_paper(whole):
    client = client_of(whole)
    page = text(client.get(COPY))
    for said in (MARKER, "Fatma Demir", "Wie keek naar mijn gegevens?", "Iemand is in gevaar", f"Ik ben {MARKER}.", "Coen"):
        assert said in page
    assert client.get(COPY)["Cache-Control"].count("no-store")
    answer = client.get(PDF)
    assert answer["Content-Type"] == "application/pdf"
    paper = Paper(answer.content).text
    for said in (MARKER, "Fatma Demir", "Iemand is in gevaar", f"Ik ben {MARKER}.", "020 000 07 31"):
        assert said in paper


def test_reading_everything_is_written_down(whole):
    client = client_of(whole)
    for address in (COPY, PDF, JSON):
        client.get(address)
    with system():
        assert AccessRecord.objects.filter(participant_id=whole.pk, what="participant.copy").count() == 3


def test_no_code_that_signs_in_stands_in_the_export(whole):
    """Whoever finds a card must not get into the account."""
    secret = "sign-in code 482913"
    queue_email(
        key="account-code-1", to=whole.open().email, language="nl", mail=Mail(subject=secret, paragraphs=[secret]), at=timezone.now()
    )
    client = client_of(whole)
    for address in (COPY, JSON):
        assert "482913" not in client.get(address).content.decode()
    assert "482913" not in Paper(client.get(PDF).content).text


def test_everything_asks_as_often_for_one_row_as_for_three(professional):
    participant = make_whole(professional, MARKER)
    client = client_of(participant)
    rows = iter(range(20))

    def add():
        if next(rows):  # the first is there already
            with system():
                fresh = Participant.objects.select_related("key").get(pk=participant.pk)
            add_rows(fresh, professional, MARKER)

    assert_constant_queries(client, PDF, add)
    assert_constant_queries(client, JSON, add)


@pytest.mark.parametrize("name", ["سميرة", "X", "😀 Ö", "=cmd()", "O'Brien <b>"])
def test_names_of_every_kind(professional, name):
    client = client_of(make_whole(professional, name, email="a@demo.example"))
    for address in (COPY, PDF, JSON):
        assert client.get(address).status_code == 200
    assert json.loads(client.get(JSON).content)["participant"]["first_name"] == name


# --- Erasing


def test_erasing_by_oneself(whole, professional):
    client = client_of(whole)
    assert "Zullen wij alles over u wissen?" in text(client.get(ERASE))
    answer = client.post(ERASE)
    assert answer.url == "/mijn-gegevens/gewist/"
    assert "Alles over u is gewist" in text(client.get(answer.url))
    assert client.get("/mijn-gegevens/").status_code == 302
    with person_context(UserActor(professional)):
        assert not Participant.objects.exists()
    with system():
        assert Participant.objects.get(pk=whole.pk).erased_at


def test_erasing_empties_and_keeps_a_count(whole, professional):
    with person_context(LinkActor(whole.pk, "code")):
        erase(participant=whole, by=None, reason="asked for it", at=timezone.now())
    kept = {"ParticipantAccess", "Consent", "Appointment", "IntakeReport", "IntakeReportVersion", "PlanStep", "HandOver", "BrokenGlass"}
    with system():
        for name in TABLES:
            model = apps.get_model("participants", name)
            rows = list(model.objects.filter(participant=whole.pk))
            assert bool(rows) == (name in kept), name
            for column in (each.name for each in model._meta.concrete_fields if isinstance(each, SealedField)):
                if model is not IntakeReportVersion:  # never changed: sealed, and its key is gone
                    assert [getattr(row, column) for row in rows] == [None] * len(rows)
        talk = Appointment.objects.get(participant=whole.pk)
        assert (talk.status, talk.interpreter_language, talk.booked_for) == ("cancelled", "", None)
        assert not ParticipantAccess.objects.open().filter(participant=whole.pk).exists()


def test_the_professional_hears_that_a_talk_is_off_and_nobody_is_named(whole, professional):
    with person_context(LinkActor(whole.pk, "code")):
        erase(participant=whole, by=None, reason="asked for it", at=timezone.now())
    mails = OutboxMessage.objects.filter(to=professional.email, emptied_at=None, key__contains=":cancelled:professional")
    assert mails.count() == 1
    assert "METHOD:CANCEL" in mails.get().calendar
    left = OutboxMessage.objects.exclude(text="")
    assert not [each.key for each in left if MARKER in each.text + each.subject + each.html or MARKER.lower() in each.to]
    assert not left.filter(text__contains=whole.code).exists()


def test_a_place_that_was_told_hears_that_nobody_comes(professional):
    place = InitiativeFactory(email="plek@demo.example")
    participant = make_whole(professional, MARKER, place=place)
    asked = OutboxMessage.objects.filter(key__startswith="hand-over:", to=place.email)
    assert asked.filter(text__contains=MARKER).update(sent_at=timezone.now()) == 1
    with person_context(LinkActor(participant.pk, "code")):
        erase(participant=participant, by=None, reason="asked for it", at=timezone.now())
    assert [message.key.split(":")[3] for message in asked.exclude(text="")] == ["off"]
    assert not OutboxMessage.objects.filter(text__contains=MARKER).exists()


def test_nobody_else_erases(whole, professional):
    stranger = make_professional()
    coordinator = UserFactory(coordinator=True)
    for user, by in ((professional, None), (stranger, stranger), (coordinator, coordinator), (professional, stranger)):
        with pytest.raises(DomainError), person_context(UserActor(user)):
            erase(participant=whole, by=by, reason="x", at=timezone.now())
    other = make_participant(professional)
    with pytest.raises(DomainError), person_context(LinkActor(other.pk, "code")):
        erase(participant=whole, by=None, reason="x", at=timezone.now())
    with system():
        assert Participant.objects.in_force().filter(pk=whole.pk).exists()


def test_their_own_account_no_longer_stands_in_what_stays(whole, professional):
    user = UserFactory()
    give_own_account(whole, user)
    client = signed_in(user)
    client.get(COPY)
    client.post("/mijn-gegevens/gegevens/", {"first_name": "Nieuw", "reach": "call", "languages": ["nl"]})
    with system():
        events = Participant.pgh_event_model.objects.filter(pgh_obj=whole.pk)
        assert events.filter(pgh_context__user=user.pk).exists()
        assert AccessRecord.objects.filter(participant_id=whole.pk, user=user).exists()
    client.post(ERASE)
    with system():
        assert not AccessRecord.objects.filter(participant_id=whole.pk, user=user).exists()
        for name in HISTORY:
            events = apps.get_model("participants", f"{name}Event").objects
            assert not events.filter(pgh_context__user=user.pk).exists(), name
        assert AccessRecord.objects.filter(participant_id=whole.pk, user=professional).exists(), "who looked stays"


def test_a_professional_erases_together_in_two_steps(whole, professional):
    client, address = signed_in(professional), f"/deelnemers/{whole.pk}/wissen/"
    assert "Stap 1 van 2" in text(client.get(address))
    assert "Alleen als de deelnemer er zelf om vraagt" in text(client.post(address, {"sure": "yes"}), 422)
    assert "Stap 2 van 2" in text(client.post(address, {"asked": "on"}))
    with system():
        assert Participant.objects.in_force().filter(pk=whole.pk).exists()
    assert client.post(address, {"asked": "on", "sure": "yes"}).url == "/deelnemers/"
    with system():
        assert not Participant.objects.in_force().filter(pk=whole.pk).exists()
        assert AccessRecord.objects.filter(participant_id=whole.pk, what="participant.erased", user=professional).exists()
    assert client.get(address).status_code == 404


def test_who_breaks_the_glass_and_is_a_professional_too_does_not_erase(whole):
    both = make_professional(is_coordinator=True, needs_second_factor=True)
    with system():
        ParticipantAccess.objects.create(
            participant=whole, user=both, reason=AccessReason.BREAK_GLASS, valid_from=timezone.now() - timedelta(minutes=1)
        )
    with pytest.raises(DomainError), person_context(UserActor(both)):
        erase(participant=whole, by=both, reason="x", at=timezone.now())


def test_keeping_from_the_message(professional):
    participant = make_participant(professional)
    with system():
        Participant.objects.filter(pk=participant.pk).update(told_of_erasure_at=timezone.now())
    client = client_of(participant)
    assert "Zullen wij uw gegevens bewaren?" in text(client.get(KEEP))
    assert client.post(KEEP).url == "/mijn-gegevens/"
    with system():
        kept = Participant.objects.get(pk=participant.pk)
    assert (kept.told_of_erasure_at, bool(kept.last_contact_at)) == (None, True)


# --- A proof


@pytest.fixture
def came(professional):
    participant = make_participant(professional, first_name="Selam")
    appointment = agreed(participant, professional)
    with system():
        Appointment.objects.filter(pk=appointment.pk).update(status=AppointmentStatus.CAME)
    return participant, appointment


def test_only_what_is_ticked_stands_on_the_proof(came):
    participant, talk = came
    client = client_of(participant)
    page = text(client.get(PROOF))
    assert "checked" not in page.split("<form")[-1]
    bare = Paper(client.post(PROOF, {"talks": [talk.pk]}).content).text
    assert "Bewijs van deelname" in bare
    for private in ("Fatma", "Stadsloket", "Plein 1", "09.00", "Selam", "uitkering"):
        assert private not in bare
    full = {"talks": [talk.pk], "show": ["place", "professional", "time"], "name": "S. Tesfay"}
    paper = Paper(client.post(PROOF, full).content).text
    for ticked in ("S. Tesfay", "Stadsloket, Plein 1", "Fatma Demir", "09.00"):
        assert ticked in paper
    with system():
        assert AccessRecord.objects.filter(participant_id=participant.pk, what="participant.attendance").exists()


def test_a_talk_that_did_not_take_place_is_not_shown(professional):
    participant = make_participant(professional)
    talk = agreed(participant, professional)
    client = client_of(participant)
    assert "Er is nog niets om te laten zien" in text(client.get(PROOF))
    assert client.post(PROOF, {"talks": [talk.pk]}).status_code == 422


def test_a_talk_of_somebody_else_is_not_shown(came, professional):
    other = make_participant(professional)
    assert client_of(other).post(PROOF, {"talks": [came[1].pk]}).status_code == 422


@pytest.mark.parametrize("name", ["😀", "سميرة", "a" * 10_000, "a\x00b"])
def test_a_name_that_cannot_be_printed_is_said(came, name):
    participant, talk = came
    answer = client_of(participant).post(PROOF, {"talks": [talk.pk], "name": name})
    assert answer.status_code == 422
    assert "data-error-summary" in text(answer, 422)


@pytest.mark.parametrize("name", ["=cmd()", "X", "#set page(fill: red)", "Ö <b>", "😀 Sara"])
def test_a_name_is_never_read_as_something_else(came, name):
    participant, talk = came
    paper = Paper(client_of(participant).post(PROOF, {"talks": [talk.pk], "name": name}).content).text
    assert name.replace("😀 ", "") in paper


def test_without_a_door_none_of_it_is_there():
    for address in (COPY, PDF, JSON, ERASE, PROOF, KEEP):
        assert Client().get(address).url.startswith("/mijn-gegevens/code/")
        assert Client().post(address).status_code in (302, 405)


def test_headings_say_what_stands_below(whole):
    with person_context(LinkActor(whole.pk, "code")):
        participant = Participant.objects.select_related("key").get(pk=whole.pk)
        made = sections(everything_about(participant))
    assert all(section.entries for section in made), [section.name for section in made if not section.entries]
