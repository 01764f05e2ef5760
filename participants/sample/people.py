"""A dozen invented participants: nine in the caseload of professional@, of whom one has the account deelnemer@, and three who have just
signed up and whom nobody sees yet."""

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import NAMESPACE_URL, uuid5

from fieldlab.accounts.models import User
from fieldlab.areas.models import Area
from fieldlab.audit.context import LinkActor, SystemActor, UserActor, person_context
from participants.actions import add_participant, open_participant
from participants.models import Details, Participant, Professional, ReachedBy


class Person(NamedTuple):
    details: Details
    reached_by: ReachedBy
    days_ago: int


def _details(number: int, first_name: str, last_name: str, birth_year: int | None, *languages: str, interpreter: bool = False) -> Details:
    return Details(
        first_name=first_name,
        last_name=last_name,
        phone=f"+312000001{number:02}",
        email=f"{first_name.lower()}@demo.example" if number % 3 else "",
        birth_year=birth_year,
        languages=languages,
        interpreter=interpreter,
    )


CASELOAD = [
    Person(_details(1, "Amina", "Warsame", 1984, "so", "nl"), ReachedBy.INITIATIVE, 60),
    Person(_details(2, "Wim", "de Graaf", 1961, "nl"), ReachedBy.CITY, 48),
    Person(_details(3, "Samira", "Haddad", 1979, "ar", interpreter=True), ReachedBy.FRIEND, 41),
    Person(_details(4, "Precious", "Boateng", 1990, "en", "nl"), ReachedBy.INITIATIVE, 33),
    Person(_details(5, "Hakan", "Yildiz", 1972, "tr", "nl"), ReachedBy.PROFESSIONAL, 27),
    Person(_details(6, "Selam", "Tesfay", None, "ti", interpreter=True), ReachedBy.FRIEND, 20),
    Person(_details(7, "Monique", "Jansen", 1968, "nl"), ReachedBy.WEBSITE, 13),
    Person(_details(8, "Oleksandr", "Kovalenko", 1987, "uk", "en"), ReachedBy.INITIATIVE, 8),
    Person(_details(9, "Maria", "Fernandes", 1955, "pt", "nl"), ReachedBy.OTHER, 3),
]
WAITING = [
    Person(_details(10, "Jerrel", "Pinas", 1993, "nl"), ReachedBy.WEBSITE, 2),
    Person(_details(11, "Fatoumata", "Diallo", None, "fr", interpreter=True), ReachedBy.INITIATIVE, 1),
    Person(_details(12, "Karin", "Smit", 1976, "nl"), ReachedBy.FRIEND, 0),
]


def load(at: datetime) -> None:
    fatma, amina = (User.objects.get(email=f"{account}@demo.example") for account in ("professional", "deelnemer"))
    professional, _created = Professional.objects.get_or_create(user=fatma, defaults={"since": at - timedelta(days=400)})
    professional.areas.set(Area.objects.in_force().filter(level="district", name__in=["Oost", "West"]))
    neighbourhoods = list(Area.objects.in_force().neighbourhoods().order_by("code"))
    with person_context(SystemActor("sample data")):
        there = set(Participant.objects.values_list("pk", flat=True))
    for number, person in enumerate([*CASELOAD, *WAITING]):
        participant_id = uuid5(NAMESPACE_URL, f"https://demo.example/participants/{number}")
        if participant_id in there:
            continue
        helped = person in CASELOAD
        with person_context(UserActor(fatma, "professional") if helped else LinkActor(participant_id, "sign_up")):
            participant = add_participant(
                actor=fatma if helped else None,
                details=person.details,
                reached_by=person.reached_by,
                neighbourhood=neighbourhoods[number * 7 % len(neighbourhoods)] if neighbourhoods else None,
                account=amina if number == 0 else None,
                at=at - timedelta(days=person.days_ago),
                participant_id=participant_id,
            )
            if helped:
                open_participant(participant=participant, reason="prepares the first talk", at=at - timedelta(days=person.days_ago))
