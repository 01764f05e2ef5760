"""The demo's accounts: one for every role, all with the password `fieldlab-demo`. What they may do is given by the apps' own samples."""

from datetime import datetime
from typing import NamedTuple

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.db import transaction

from fieldlab.accounts.models import User

PASSWORD = "fieldlab-demo"  # noqa: S105 - known on purpose; load_sample runs only where DEMO is set


class Person(NamedTuple):
    account: str
    name: str
    employer: str = ""
    decides_on_benefits: bool = False
    is_coordinator: bool = False
    needs_second_factor: bool = False


PEOPLE = [
    Person("coordinator", "Noor Bakker", "Fieldlabteam", is_coordinator=True),
    Person("initiatief", "Yasmina El Amrani", "Naaiatelier De Draad"),
    Person("redacteur", "Joost van Dam", "Naaiatelier De Draad"),
    Person("professional", "Fatma Demir", "Gemeente Amsterdam, Werk en Participatie", needs_second_factor=True),
    Person("workshop", "Ruben Hoekstra", "Werkplaats Oost", needs_second_factor=True),
    Person("verbinder", "Lucia Sarpong", "Huis aan het Plein"),
    Person("jurylid", "Pieter Kramer", "Stichting Buurtkracht Nederland", needs_second_factor=True),
    Person("gemeente", "Anneke de Wit", "Gemeente Amsterdam, stadsdeel Oost"),
    Person("uitkering", "Mark Visser", "Gemeente Amsterdam, Inkomen", decides_on_benefits=True),
    Person("kennis", "Dr. Eva Lindeman", "Hogeschool van de Amstel"),
    Person("deelnemer", "Amina Warsame"),
]


@transaction.atomic
def load(at: datetime) -> None:
    password = make_password(PASSWORD)  # once for all, as it is slow on purpose
    for person in PEOPLE:
        user, _created = User.objects.get_or_create(
            email=f"{person.account}@demo.example",
            defaults={
                "name": person.name,
                "password": password,
                "employer": person.employer,
                "decides_on_benefits": person.decides_on_benefits,
                "is_coordinator": person.is_coordinator,
                "needs_second_factor": person.needs_second_factor,
                "date_joined": at,
            },
        )
        EmailAddress.objects.get_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
