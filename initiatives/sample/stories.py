"""What people are in the middle of: a queue to read, changes to look through, messages, meetings, and what is half done."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

import pghistory
from django.utils.text import slugify

from fieldlab.accounts.models import User
from fieldlab.areas.models import Area
from fieldlab.audit.context import UserActor, described
from initiatives.actions import decide, edit, invite_member, keep_typed, save_draft, send_message, submit
from initiatives.forms import EditForm
from initiatives.models import Initiative, InitiativeMember, Introduction, ModerationDecision, Status, TwinAnswer
from initiatives.sample.entries import Entry, fields, texts
from initiatives.sample.people import OWN

Decision, Answer = ModerationDecision.Decision, TwinAnswer.Answer
DRAFTS = UUID("5f0c6a1e-6f0e-4d0e-9a55-0d1f6b1c7a10")
TYPED = ("name", "kind", "activity", "summary")


def hand_in(entry: Entry, number: int, people: Mapping[str, User], areas: Mapping[str, Area], at: datetime) -> Initiative:
    """By the owner it is to have, or by somebody without an account; with what was said about similar entries on the way."""
    then = at - timedelta(days=entry.confirmed_days_ago)
    team = texts("people")["teams"].get(entry.name)
    owner = people[slugify(team[0])] if team else None
    stories = texts("stories")
    draft = save_draft(key=uuid5(DRAFTS, entry.slug), actor=owner, changes=fields(entry, number, areas, then), at=then)
    for row in stories["different"]:
        if row["name"] == entry.name:
            TwinAnswer.objects.create(initiative=draft, other=_named(row["other"]), answer=Answer.DIFFERENT, at=then)
    for row in stories["meeting"]:
        if row["asker"] == entry.name:
            _wants_to_meet(draft, row, then)
    return submit(initiative=draft, actor=owner, language="nl", at=then)


def ask_for_changes(initiative: Initiative, actor: User, at: datetime) -> None:
    decide(
        initiative=initiative,
        actor=actor,
        decision=Decision.CHANGES_REQUESTED,
        message=texts("stories")["why"][initiative.name],
        revision=initiative.revision,
        at=at,
    )


def load_changes(people: Mapping[str, User], at: datetime) -> None:
    """What teams changed after they were published; some of it a moderator looked through."""
    for row in texts("stories")["change"]:
        then, actor = at - timedelta(days=row["days_ago"]), people[row["by"]]
        changes = {name: row[name].strip() for name in ("summary", "description") if name in row}
        with pghistory.context(**described(UserActor(actor))):
            changed = _named(row["name"])
            changed = edit(initiative=changed, changes=changes, revision=changed.revision, at=then)
        if row.get("checked"):
            checker = people["verbinder"]
            with pghistory.context(**described(UserActor(checker))):
                decide(
                    initiative=changed, actor=checker, decision=Decision.CHECKED, message="", revision=changed.revision,
                    at=then + timedelta(hours=9),
                )  # fmt: skip


def load_words(people: Mapping[str, User], at: datetime) -> None:
    """Messages, and an invitation to a team that is not answered."""
    for row in texts("stories")["message"]:
        then = at - timedelta(hours=row["hours_ago"])
        by_moderator = row.get("moderator", False)
        send_message(initiative=_named(row["name"]), actor=people[row["by"]], by_moderator=by_moderator, text=row["text"], at=then)
    invite_member(
        initiative=_named(OWN),
        actor=people["initiatief"],
        name="Selin Kaplan",
        email="selin-kaplan@demo.example",
        role=InitiativeMember.Role.EDITOR,
        decides_on_benefits=False,
        at=at - timedelta(days=1),
    )


def load_unsaved(people: Mapping[str, User], at: datetime) -> None:
    """What somebody typed on the edit page and goes on with: the whole form, as a browser would have sent it."""
    for row in texts("stories")["unsaved"]:
        initiative = Initiative.objects.with_area().get(name=row["name"])
        typed = _as_sent(EditForm.of(initiative)) | {"description": [f"{initiative.description}\n\n{row['adds']}"]}
        then = at - timedelta(hours=row["hours_ago"])
        keep_typed(initiative=initiative, actor=people[row["by"]], typed=typed, revision=initiative.revision, at=then)


def _as_sent(form: EditForm) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    controls = [bound.field.widget.get_context(bound.html_name, bound.value(), {})["widget"] for bound in form]
    while controls:
        control = controls.pop()
        if "optgroups" in control:
            sent[control["name"]] = control["value"]
        elif "subwidgets" in control:
            controls += control["subwidgets"]
        elif control.get("type") != "checkbox":
            sent[control["name"]] = [str(control["value"] or "")]
        elif control["attrs"].get("checked"):
            sent[control["name"]] = ["on"]
    return sent


def load_meetings(at: datetime) -> None:
    """Of those that stand on the map already."""
    for row in texts("stories")["meeting"]:
        asker = Initiative.objects.filter(name=row["asker"]).exclude(status=Status.SUBMITTED).first()
        if asker and not asker.introductions_asked.exists():
            then = at - timedelta(days=row["days_ago"])
            introduction = _wants_to_meet(asker, row, then)
            if "agreed" in row:
                introduction.told_at, introduction.agreed, introduction.answered_at = then, row["agreed"], then + timedelta(days=2)
                introduction.save()


def load_drafts(people: Mapping[str, User], at: datetime) -> None:
    """Begun, by people with and without an account, and once by telephone."""
    for number, row in enumerate(texts("stories")["draft"]):
        key = uuid5(DRAFTS, str(number))
        if not Initiative.objects.filter(draft_key=key).exists():
            actor = people[row["by"]] if "by" in row else None
            typed = {name: row[name] for name in TYPED if name in row}
            then = at - timedelta(days=row["days_ago"])
            save_draft(key=key, actor=actor, changes=typed, at=then, by_phone=row.get("by_phone", False))


def _wants_to_meet(asker: Initiative, row: Mapping[str, Any], then: datetime) -> Introduction:
    other = _named(row["other"])
    if asker.status == Status.DRAFT:
        TwinAnswer.objects.create(initiative=asker, other=other, answer=Answer.INTRODUCE, at=then)
    return Introduction.objects.create(asker=asker, other=other, message=row["message"], asked_at=then)


def _named(name: str) -> Initiative:
    return Initiative.objects.get(name=name)
