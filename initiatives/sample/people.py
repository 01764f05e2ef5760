"""Who is in the teams, who checks entries and whom to ask at the municipality, beside the demo's own accounts."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.utils.text import slugify

from fieldlab.accounts.models import User
from fieldlab.areas.models import Area
from initiatives.models import AreaContact, BoundarySpanner, Initiative, InitiativeMember
from initiatives.sample.entries import texts

Role = InitiativeMember.Role
OWN = "Naaiatelier De Draad"
# From the +3120000 numbers, which do not exist
FIRST_NUMBER = 301


def by_account() -> dict[str, User]:
    return {user.email.partition("@")[0]: user for user in User.objects.filter(email__endswith="@demo.example")}


def load_people(at: datetime) -> None:
    """Everybody of `people.toml`: known by name, but without a password."""
    people = texts("people")
    employers = {name: team for team, names in people["teams"].items() for name in names}
    employers |= {name: f"Bewonersplatform {district}" for district, name in people["spanners"].items()}
    users = [User(email=_email(name), name=name, employer=employer, date_joined=at) for name, employer in employers.items()]
    for user in users:
        user.set_unusable_password()
    User.objects.bulk_create(users, ignore_conflicts=True)


def load_spanners(people: Mapping[str, User], areas: Mapping[str, Area]) -> None:
    spanners = {"Oost": people["verbinder"]}
    spanners |= {district: people[slugify(name)] for district, name in texts("people")["spanners"].items()}
    rows = [BoundarySpanner(user=user, district=areas[f"district {district}"]) for district, user in spanners.items()]
    BoundarySpanner.objects.bulk_create(rows, ignore_conflicts=True)


def load_teams(initiatives: Iterable[Initiative], people: Mapping[str, User], at: datetime) -> None:
    """The first of each team is its owner."""
    teams = {name: [people[slugify(member)] for member in members] for name, members in texts("people")["teams"].items()}
    teams[OWN] = [people["initiatief"], people["redacteur"]]
    rows = [
        InitiativeMember(
            initiative=initiative,
            user=user,
            role=Role.EDITOR if number else Role.OWNER,
            since=max(initiative.created_at, at - timedelta(days=200 - 30 * number)),
        )
        for initiative in initiatives
        for number, user in enumerate(teams.get(initiative.name, []))
    ]
    InitiativeMember.objects.bulk_create(rows, ignore_conflicts=True)


def load_contacts(people: Mapping[str, User], areas: Mapping[str, Area], at: datetime) -> None:
    known = set(AreaContact.objects.values_list("name", flat=True))
    for number, row in enumerate(texts("contacts")["contact"]):
        if row["name"] in known:
            continue
        account = row.get("account")
        contact = AreaContact.objects.create(
            user=people[account] if account else None,
            name=row["name"],
            function=row["function"],
            organisation=row["organisation"],
            topics=row["topics"],
            phone=f"+3120000{FIRST_NUMBER + number:04}",
            email=f"{account or slugify(row['name'])}@demo.example",
            website=row.get("website", ""),
            note=row.get("note", ""),
            confirmed_at=at - timedelta(days=row["confirmed_days_ago"]),
        )
        contact.areas.set([areas[name] for name in row["areas"]])


def _email(name: str) -> str:
    return f"{slugify(name)}@demo.example"
