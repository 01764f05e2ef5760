"""Every version of an entry: who changed what and when, and bringing one back.

Contact name, telephone, e-mail and channels are not in the history, as they must be erasable; nor does bringing back make anything
public that is not public now.
"""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet, Window
from django.db.models.functions import FirstValue
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.areas.models import Area
from fieldlab.lib.errors import DomainError
from initiatives.actions.differences import Difference, differences, names_of_areas
from initiatives.actions.edit import StaleEdit, write_as
from initiatives.models import Initiative, Status
from initiatives.permissions import can_edit

PLACE = ("access", "street", "house_number", "postcode", "city", "location", "area_id")
CHOSEN = ("kind", "activity", "phase")
LISTS = ("offers", "themes", "audiences", "languages", "accessibility")
# Whether there is room now is a word of its day: that does not come back
RESTORED = (*CHOSEN, *LISTS, *PLACE, "name", "summary", "description", "opening_hours", "photo_id", "service_areas", "website")


@dataclass(frozen=True)
class Version:
    """One line of the timeline. `differences` are those to the version before it; the first has none."""

    revision: int
    at: datetime
    who: str
    first: bool
    current: bool
    row: Any
    differences: Sequence[Difference]


@dataclass(frozen=True)
class Restoring:
    """What bringing a version back would do: the entry as it would be, and what does not come back, in words."""

    after: Initiative
    changes: dict[str, Any]
    left_out: list[str]


def versions(initiative: Initiative) -> QuerySet[Any]:
    """Rows of its history since it was handed in, one for each revision as that ended, the newest first.

    Each has `.since` and `.by`: when that revision was made and who acted. What changes without a new revision (a confirmation, new
    boundaries) belongs to the one it happened in.
    """
    events = apps.get_model("initiatives", "InitiativeEvent")._default_manager
    began: dict[str, Any] = {"partition_by": F("revision"), "order_by": F("pgh_id").asc()}
    handed_in = events.filter(pgh_obj_id=initiative.pk).exclude(status=Status.DRAFT).exclude(pgh_label="delete")
    dated: QuerySet[Any] = handed_in.annotate(
        since=Window(FirstValue("pgh_created_at"), **began), by=Window(FirstValue("pgh_context"), **began)
    )
    return dated.order_by("-revision", "-pgh_id").distinct("revision").select_related("area", "photo").defer("area__boundary")


def version_at(initiative: Initiative, revision: int) -> Any:
    """The row of that revision; None when there is none."""
    return versions(initiative).filter(revision=revision).first()


def timeline(initiative: Initiative, start: int, count: int) -> list[Version]:
    """`count` versions from the `start`th on, newest first; four queries at most."""
    rows = list(versions(initiative)[start : start + count + 1])
    names, areas = _names(rows), names_of_areas(rows)
    older = [*rows[1:], None][: len(rows)]
    return [
        Version(
            revision=row.revision,
            at=row.since,
            who=_who(row.by, names),
            first=before is None,
            current=row.revision == initiative.revision,
            row=row,
            differences=differences(before, row, area_names=areas) if before else [],
        )
        for row, before in zip(rows, older, strict=True)
    ][:count]


def restoring(initiative: Initiative, row: Any) -> Restoring:
    """What bringing `row` back on `initiative` would change. Nothing is written."""
    changes: dict[str, Any] = {name: getattr(row, name) for name in RESTORED}
    left_out: list[str] = []
    if row.area is None or row.area.vanished_at:
        for name in PLACE:
            changes.pop(name)
        left_out.append(_("The neighbourhood of then no longer exists. The place stays as it is now."))
    _leave_out_words(changes, left_out)
    if row.photo_id and row.photo is None:
        del changes["photo_id"]
        left_out.append(_("The photo of then was taken away for good. The photo stays as it is now."))
    in_force = set(Area.objects.in_force().filter(code__in=row.service_areas).values_list("code", flat=True))
    if set(row.service_areas) - in_force:
        changes["service_areas"] = [code for code in row.service_areas if code in in_force]
        left_out.append(_("Areas that no longer exist are left out."))
    if row.website and row.website != initiative.website and not row.website_public:
        # It was for the network then; that another one is public now says nothing about it.
        changes["website_public"] = False
    after = copy.copy(initiative)
    for name, value in changes.items():
        setattr(after, name, value)
    if "area_id" in changes:
        after.area = row.area
    if "photo_id" in changes:
        after.photo = row.photo
    changes = {name: value for name, value in changes.items() if getattr(initiative, name) != value}
    return Restoring(after, changes, left_out)


@transaction.atomic
def restore(*, initiative: Initiative, actor: User, version: int, revision: int, at: datetime) -> Restoring:
    """Bring back the contents of the version of that revision, as a new revision on top of `revision`.

    A published entry stays published. Raises StaleEdit when somebody saved in between, and DomainError.
    """
    initiative = Initiative.objects.select_for_update(of=("self",)).with_area().get(pk=initiative.pk)
    if initiative.status == Status.ARCHIVED:
        raise DomainError(_("This page was taken off the site. Call us if that is not right."))
    if not can_edit(actor, initiative):
        raise DomainError(_("Only the team and whoever checks this page bring a version back."))
    if initiative.revision != revision:
        raise StaleEdit(_("Somebody else changed this page in the meantime. Look at it once more."), initiative)
    row = version_at(initiative, version)
    if row is None:
        raise DomainError(_("This version is not there."))
    done = restoring(initiative, row)
    if not done.changes:
        raise DomainError(_("The page already is as it was then."))
    write_as(initiative, actor, done.changes, at)
    return done


def _leave_out_words(changes: dict[str, Any], left_out: list[str]) -> None:
    """Take out words that the site no longer has: the database would refuse them."""
    gone = False
    for name in LISTS:
        known = dict(Initiative._meta.get_field(name).base_field.flatchoices)  # type: ignore[union-attr]
        gone |= any(word not in known for word in changes[name])
        changes[name] = [word for word in changes[name] if word in known]
    for name in CHOSEN:
        if changes[name] and changes[name] not in dict(Initiative._meta.get_field(name).flatchoices):  # type: ignore[union-attr]
            gone = True
            del changes[name]
    if gone:
        left_out.append(_("Words that this site no longer has are left out."))


def _names(rows: Sequence[Any]) -> dict[int, str]:
    keys = {row.by["user"] for row in rows if row.by and row.by.get("kind") == "user"}
    return {user.pk: str(user) for user in User.objects.filter(pk__in=keys)}


def _who(context: dict[str, Any] | None, names: dict[int, str]) -> str:
    if not context or context.get("kind") == "system":
        return str(settings.SITE_NAME)
    if context.get("kind") == "user":
        return names.get(context["user"], _("somebody whose account is no longer there"))
    return _("somebody without an account")
