"""An invented network over the whole city: initiatives of every kind, a queue to read, and who checks and answers where.

What people read stands in `texts/`, a file a district; loading it again adds nothing.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pghistory
from django.db import transaction

from fieldlab.accounts.models import User
from fieldlab.areas.models import Area
from fieldlab.audit.context import UserActor, described
from initiatives.models import BoundarySpanner, Initiative, ModerationDecision, Status
from initiatives.sample.bulk import load_many
from initiatives.sample.entries import Entry, areas_by_name, fields, published, read, texts
from initiatives.sample.people import OWN, by_account, load_contacts, load_people, load_spanners, load_teams
from initiatives.sample.photos import load_photos
from initiatives.sample.stories import ask_for_changes, hand_in, load_changes, load_drafts, load_meetings, load_unsaved, load_words

__all__ = ["load", "load_many"]

Decision = ModerationDecision.Decision


@transaction.atomic
def load(at: datetime) -> None:
    load_people(at)
    people, areas = by_account(), areas_by_name()
    load_spanners(people, areas)
    load_contacts(people, areas, at)
    checkers = {row.district_id: row.user for row in BoundarySpanner.objects.select_related("user")}
    groups = [(Status.PUBLISHED, published()), (Status.ARCHIVED, read("archived"))]
    numbered = {entry.name: number for number, entry in enumerate(entry for _status, entries in groups for entry in entries)}
    there = set(Initiative.objects.values_list("slug", flat=True))
    new: list[Initiative] = []
    with pghistory.context(**described(UserActor(people["coordinator"]))):
        for status, entries in groups:
            missing = [entry for entry in entries if entry.slug not in there]
            new += _on_the_map(missing, status, numbered, areas, checkers, people["coordinator"], at)
    load_teams(new, people, at)
    load_photos({initiative.pk for initiative in new}, people["coordinator"], at)
    for name in ("waiting", "asked"):
        for number, entry in enumerate(read(name), len(numbered) + 20 * (name == "asked")):
            if entry.slug not in there:
                handed_in = hand_in(entry, number, people, areas, at)
                if name == "asked":
                    ask_for_changes(handed_in, _checker(handed_in, checkers, people["coordinator"]), at - timedelta(days=1))
    load_drafts(people, at)
    if OWN in {initiative.name for initiative in new}:
        load_changes(people, at)
        load_unsaved(people, at)
        load_words(people, at)
        load_meetings(at)


def _on_the_map(
    entries: Sequence[Entry],
    status: Status,
    numbered: Mapping[str, int],
    areas: Mapping[str, Area],
    checkers: Mapping[int, User],
    coordinator: User,
    at: datetime,
) -> list[Initiative]:
    """Published in the past, in one go each for rows and decisions; archived ones after that."""
    rows = []
    for entry in entries:
        made = at - timedelta(days=entry.published_days_ago + 2, hours=numbered[entry.name] % 11)
        confirmed = at - timedelta(days=entry.confirmed_days_ago, hours=numbered[entry.name] % 7)
        rows.append(
            Initiative(
                **fields(entry, numbered[entry.name], areas, at),
                slug=entry.slug,
                status=status,
                checked_revision=1,
                created_at=made,
                updated_at=confirmed,
                submitted_at=made,
                published_at=made + timedelta(days=2),
                confirmed_at=confirmed,
            )
        )
    made_rows = Initiative.objects.bulk_create(rows)
    why = texts("stories")["why"]
    decisions = [(Decision.PUBLISHED, "", row.published_at or at, row) for row in made_rows]
    if status == Status.ARCHIVED:
        decisions += [(Decision.ARCHIVED, why[row.name], row.confirmed_at or at, row) for row in made_rows]
    ModerationDecision.objects.bulk_create(
        ModerationDecision(
            initiative=row, decided_by=_checker(row, checkers, coordinator), decision=decision, message=message, revision=1, at=when
        )
        for decision, message, when, row in decisions
    )
    return made_rows


def _checker(initiative: Initiative, checkers: Mapping[int, User], coordinator: User) -> User:
    quarter = initiative.area.parent if initiative.area else None
    return checkers.get(quarter.parent_id or 0, coordinator) if quarter else coordinator
