"""Somebody of whom there is something in every table, with the same word planted wherever words can stand."""

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from fieldlab.accounts.models import User
from fieldlab.audit.context import SystemActor, UserActor, person_context
from fieldlab.lib import encryption
from fieldlab.outbox.actions import queue_email, queue_sms
from fieldlab.outbox.models import Mail
from initiatives.models import Initiative
from participants.actions import consents, plans
from participants.actions.codes import give_code
from participants.actions.day import record_call
from participants.actions.glass import break_glass
from participants.models import (
    Answer,
    Appointment,
    CallResult,
    EarlierWish,
    IntakeReport,
    IntakeReportVersion,
    Participant,
    Purpose,
    ReportSentence,
)
from participants.notifications.reach import prefix
from tests.factories.accounts import UserFactory
from tests.factories.initiatives import InitiativeFactory
from tests.factories.participants import consent_text, make_participant
from tests.factories.plans import make_goal, make_hand_over, make_step
from tests.factories.talks import agreed

PHONE = "+31200000731"


def make_whole(professional: User, words: str, *, place: Initiative | None = None, **details: object) -> Participant:
    """`words` stands in every text there is about them."""
    known = {"first_name": words, "last_name": words, "phone": PHONE, "email": f"{words}@demo.example".lower(), "birth_year": 1980}
    participant = make_participant(professional, **known | {"best_time": words, "reach": "email", "languages": ("ti",), **details})
    add_rows(participant, professional, words, place=place)
    with person_context(SystemActor("a test")):
        code = Participant.objects.get(pk=participant.pk).code
    break_glass(coordinator=UserFactory(coordinator=True, name="Coen"), code=code, why=f"Iemand is in gevaar. {words}", at=timezone.now())
    return participant


def add_rows(participant: Participant, professional: User, words: str, *, place: Initiative | None = None) -> None:
    """One more row in every table, but for the emergency: of that there is one at a time."""
    at = timezone.now()
    with person_context(UserActor(professional, "professional")):
        for purpose in (Purpose.SHARE, Purpose.REMINDERS):
            text = consent_text(purpose)
            consents.answer_consent(participant=participant, text=text, answer=Answer.GIVEN, witness=professional, at=at)
    make_goal(participant, professional, words, 1, 3)
    step = make_step(participant, professional, initiative=place or InitiativeFactory(), why=words)
    make_hand_over(step, professional, what=words)
    appointment = _next_talk(participant, professional)
    with person_context(UserActor(professional, "professional")):
        on = timezone.localdate() + timedelta(days=30 + plans.FollowUp.objects.filter(participant=participant).count())
        plans.add_follow_up(participant=participant, on=on, professional=professional, at=at)
        record_call(participant=participant, caller=professional, result=CallResult.SPOKEN, at=at)
        give_code(participant=participant, actor=professional, at=at)
        EarlierWish.objects.create(participant=participant, appointment=appointment, since=at, waits_from=at)
        _report(participant, professional, words)
    key = f"{prefix(participant)}test:{uuid4()}"
    queue_email(key=key, to=participant.open().email, language="nl", mail=Mail(subject=words, paragraphs=[words]), at=at)
    queue_sms(key=f"{key}:sms", to=PHONE, language="nl", text=words, at=at)


def _next_talk(participant: Participant, professional: User) -> Appointment:
    with person_context(SystemActor("a test")):
        found = list(Appointment.objects.filter(participant=participant).order_by("-begins")[:1])
        if not found:
            pass
        else:
            last = found[0]
            moved = last.begins + timedelta(days=1)
            ends = moved + timedelta(hours=1)
            return Appointment.objects.create(
                participant=participant, professional=last.professional, kind="plan", place=last.place, room=last.room, begins=moved,
                ends=ends, occupied=(moved, ends), status="booked", booked_by="professional", booked_at=timezone.now(),
            )  # fmt: skip
    return agreed(participant, professional)


def _report(participant: Participant, professional: User, words: str) -> None:
    key, at = participant.key.unwrap(), timezone.now()
    report = IntakeReport(participant=participant, writer=professional, begun_at=at, updated_at=at)
    encryption.seal(report, key, {"guide": {"energy": {"words": words, "pictures": ["hands"], "scale": 4}}})
    report.save(force_insert=True)
    sentence = ReportSentence(participant=participant, report=report, position=1, verdict="other")
    encryption.seal(sentence, key, {"words": words, "instead": f"anders {words}"})
    sentence.save(force_insert=True)
    version = IntakeReportVersion(participant=participant, report=report, number=1, approved_at=at, read_with=professional)
    encryption.seal(version, key, {"sentences": [f"Ik ben {words}."]})
    version.save(force_insert=True)
