"""Two initiatives meet: asking later on, answering, and what happens when nobody answers. Nothing is shared before both said yes."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from fieldlab.lib.links import LinkExpired, read_link_token
from initiatives.actions.twins import MOST_OPEN, Twin, send_introductions, similar_to
from initiatives.models import Initiative, Introduction, Status
from initiatives.notifications.twins import (
    INTRODUCTION_LASTS,
    INTRODUCTION_LINK,
    Reader,
    readers_of,
    tell_introduction,
    tell_met,
    tell_not_met,
)
from initiatives.permissions import in_team

REMIND_AFTER = timedelta(days=14)
MOST_ASKED_OPEN = 5  # by one initiative at once
SIMILAR = 6
# Whoever is on its way to the map may be met; a draft or what was taken off the site may not
ALIVE = (Status.SUBMITTED, Status.CHANGES_REQUESTED, Status.PUBLISHED)


def introductions_of(initiative: Initiative) -> list[Introduction]:
    """What it asked and what it was asked, the newest first, with both initiatives; not of an asker who went away unanswered."""
    rows = Introduction.objects.filter(Q(asker=initiative) | Q(other=initiative, told_at__isnull=False))
    found = list(rows.filter(Q(asker__status__in=ALIVE) | Q(agreed=True)))
    keys = {key for row in found for key in (row.asker_id, row.other_id)}
    both = {each.pk: each for each in Initiative.objects.with_area().filter(pk__in=keys)}
    for row in found:
        row.asker, row.other = both[row.asker_id], both[row.other_id]
    return found


def may_meet(initiative: Initiative) -> list[Twin]:
    """Published entries like it that it has not asked yet, nor they it."""
    asked = introductions_of(initiative)
    known = {key for row in asked for key in (row.asker_id, row.other_id)}
    return [twin for twin in similar_to(initiative, most=SIMILAR, most_like=SIMILAR) if not twin.hidden and twin.initiative.pk not in known]


@transaction.atomic
def ask_introduction(*, initiative: Initiative, other: Initiative, actor: User, message: str, at: datetime) -> Introduction:
    """A team asks to meet a published entry like its own. When the other asked first, this is a yes. Raises DomainError."""
    # Both rows in one order: of two teams that ask each other at once, the second says yes to the first.
    locked = {row.pk: row for row in Initiative.objects.select_for_update().filter(pk__in=[initiative.pk, other.pk]).order_by("pk")}
    initiative, other = locked[initiative.pk], locked[other.pk]
    if not in_team(actor, initiative):
        raise DomainError(_("Only somebody of the team can do this."))
    if initiative.status != Status.PUBLISHED or other.status != Status.PUBLISHED:
        raise DomainError(_("You can meet others as soon as you are both on the map."))
    before = Introduction.objects.between(initiative, other).select_for_update().first()
    if before and before.is_open and before.asker_id == other.pk:
        return _settle(before, agreed=True, at=at)
    if before:
        raise DomainError(_("You have asked this already."))
    if all(twin.initiative.pk != other.pk for twin in may_meet(initiative)):
        raise DomainError(_("Choose an initiative from the list."))
    if initiative.introductions_asked.open().count() >= MOST_ASKED_OPEN:
        raise DomainError(_("You wait for several answers already. Ask the next when those are there."))
    if other.introductions_received.at_the_door().count() >= MOST_OPEN:
        raise DomainError(_("Many initiatives want to meet %(name)s just now. Try again next week.") % {"name": other.name})
    introduction = Introduction.objects.create(asker=initiative, other=other, message=message.strip(), asked_at=at, told_at=at)
    tell_introduction(introduction, at=at)
    return introduction


@transaction.atomic
def answer_introduction(*, introduction: Introduction, actor: User, agreed: bool, at: datetime) -> Introduction:
    """Yes or no, by somebody of the team that was asked. Of two who answer at once the first counts. Raises DomainError."""
    introduction = _locked(introduction.pk)
    if not in_team(actor, introduction.other):
        raise DomainError(_("Only somebody of the team can do this."))
    return _settle(introduction, agreed=agreed, at=at)


@transaction.atomic
def answer_by_link(*, token: str, agreed: bool, at: datetime) -> Introduction:
    """As `answer_introduction`, for whoever holds the link of the mail. Raises DomainError when it no longer works."""
    introduction, _reader = introduction_by_link(token=token, at=at)
    locked = _locked(introduction.pk)
    return _settle(locked, agreed=agreed, at=at)


def introduction_by_link(*, token: str, at: datetime) -> tuple[Introduction, Reader]:
    """What the link is about, and for whom. Raises DomainError when it was answered or ended, or they no longer read its mail."""
    claim = read_link_token(INTRODUCTION_LINK, token, at)
    introduction = Introduction.objects.select_related("asker__area", "other__area").filter(pk=claim.object_id).first()
    readers = readers_of(introduction.other) if introduction else []
    reader = next((each for each in readers if each.key == claim.revision), None)
    if introduction is None or reader is None:
        raise LinkExpired(_("This link has been used, or something has changed since we sent it."))
    _check_open(introduction)
    return introduction, reader


@transaction.atomic
def remind(*, at: datetime) -> int:
    """One reminder after 14 days without an answer. Returns how many."""
    due = _due().filter(told_at__lte=at - REMIND_AFTER, reminded_at=None).exclude(told_at__lte=at - INTRODUCTION_LASTS)
    rows = [row for row in due if row.asker.status in ALIVE and row.other.status == Status.PUBLISHED]
    for row in rows:
        row.reminded_at = at
        row.save(update_fields=["reminded_at"])
        tell_introduction(row, at=at, again=True)
    return len(rows)


@transaction.atomic
def close_old(*, at: datetime) -> int:
    """End what nobody answered in 30 days, and say so to whoever asked. Returns how many."""
    rows = list(_due().filter(told_at__lte=at - INTRODUCTION_LASTS))
    for row in rows:
        row.closed_at = at
        row.save(update_fields=["closed_at"])
        if row.asker.status in ALIVE:
            tell_not_met(row, at=at)
    return len(rows)


def send_waiting(*, at: datetime) -> None:
    """Send what had to wait because a team had many open ones."""
    waiting = Introduction.objects.filter(told_at=None, other__status=Status.PUBLISHED).values("asker")
    for initiative in Initiative.objects.filter(pk__in=waiting, status__in=ALIVE).order_by("pk"):
        send_introductions(initiative=initiative, at=at)


def _due() -> QuerySet[Introduction]:
    open_ones = Introduction.objects.open().select_for_update(of=("self",), skip_locked=True)
    return open_ones.select_related("asker__area", "other__area").order_by("pk")


def _locked(key: int) -> Introduction:
    return Introduction.objects.select_for_update(of=("self",)).select_related("asker__area", "other__area").get(pk=key)


def _check_open(introduction: Introduction) -> None:
    if introduction.answered_at:
        raise LinkExpired(_("Somebody of your team has answered already. You need not do anything."))
    gone = introduction.asker.status not in ALIVE or introduction.other.status != Status.PUBLISHED
    if gone or not introduction.is_open:
        raise LinkExpired(_("This is over. You need not do anything."))


def _settle(introduction: Introduction, *, agreed: bool, at: datetime) -> Introduction:
    _check_open(introduction)
    # Whoever waited for the other's row read the clock before that one was told.
    introduction.agreed, introduction.answered_at = agreed, max(at, introduction.told_at or at)
    introduction.save(update_fields=["agreed", "answered_at"])
    (tell_met if agreed else tell_not_met)(introduction, at=at)
    return introduction
