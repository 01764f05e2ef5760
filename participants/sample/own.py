"""What people said yes and no to, who looked, and a card whose code the demo prints when it starts."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from fieldlab.accounts.models import User
from fieldlab.audit.actions import record_access
from fieldlab.audit.context import UserActor, person_context
from participants.actions.codes import digest, keep_code
from participants.actions.consents import answer_consent
from participants.actions.texts import mark_checked
from participants.models import Answer, Consent, ConsentText, Participant, PersonalCode, Purpose
from participants.sample.people import CASELOAD

# Selam's; beside it 0106, the end of her number. Known to all: it opens the demo's invented person and nobody else.
CARD, CARD_OF = "CDF-GHJ-234", 5
# Nobody: a person of the demo
CHECKED_BY = "Noor van Demo, taalcoach (demo)"
YES, NO = Answer.GIVEN, Answer.REFUSED
SAID = [
    {Purpose.DETAILS: YES, Purpose.REMINDERS: YES, Purpose.REPORT: YES, Purpose.SHARE: YES, Purpose.LEARNING: YES},
    {Purpose.DETAILS: YES, Purpose.REMINDERS: YES, Purpose.REPORT: NO},
    {Purpose.DETAILS: YES, Purpose.REMINDERS: YES, Purpose.REPORT: YES, Purpose.SHARE: NO},
]
LOOKED = [
    ("participant.name", "prepares the first talk", timedelta(days=2, hours=1)),
    ("participant.details", "prepares the first talk", timedelta(days=1, hours=3)),
    ("participant.details", "prints a card", timedelta(hours=5)),
]


def _check_texts(at: datetime) -> None:
    """Dutch and English; nobody checked the Arabic."""
    noor = User.objects.get(email="coordinator@demo.example")
    for text in ConsentText.objects.filter(language__in=("nl", "en"), checked_at=None):
        mark_checked(text=text, actor=noor, name=CHECKED_BY, at=at)


def load(at: datetime) -> None:
    fatma = User.objects.get(email="professional@demo.example")
    _check_texts(at)
    texts = {text.purpose: text for text in ConsentText.objects.current().filter(language="nl")}
    with person_context(UserActor(fatma, "professional")):
        answered = set(Consent.objects.values_list("participant", flat=True))
        for number, person in enumerate(CASELOAD):
            participant = Participant.objects.filter(pk=uuid5(NAMESPACE_URL, f"https://demo.example/participants/{number}")).first()
            if participant is None or participant.erased_at is not None or participant.pk in answered:
                continue
            begun = at - timedelta(days=person.days_ago)
            languages = person.details.languages
            for minute, (purpose, answer) in enumerate(SAID[number % len(SAID)].items()):
                answer_consent(
                    participant=participant,
                    text=texts[purpose],
                    answer=answer,
                    witness=fatma,
                    at=begun + timedelta(minutes=minute),
                    interpreted_in=languages[0] if person.details.interpreter else "",
                )
            for what, reason, ago in LOOKED:
                record_access(participant_id=participant.pk, what=what, reason=reason, at=at - ago)
            if number == CARD_OF and not PersonalCode.objects.filter(digest=digest(CARD)).exists():
                keep_code(participant=participant, code=CARD, actor=fatma, at=at - timedelta(hours=5))
