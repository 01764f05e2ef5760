"""Where talks are held: kept by the coordinators."""

from datetime import datetime
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError
from participants.models import TalkPlace, TalkRoom
from participants.permissions import can_keep_talk_places

FIELDS = ("initiative", "own_name", "own_address", "own_area", "own_accessibility", "how_to_find", "fee", "paid_by")


@transaction.atomic
def save_place(*, place: TalkPlace | None, actor: User, changes: dict[str, Any]) -> TalkPlace:
    """An initiative's place, or a room of the municipality. Raises DomainError."""
    _check(actor)
    place = TalkPlace() if place is None else TalkPlace.objects.select_for_update(of=["self"]).get(pk=place.pk)
    for name in FIELDS:
        if name in changes:
            setattr(place, name, changes[name])
    if place.fee and not place.paid_by:
        raise DomainError(_("Say who pays the place."))
    return _saved(place)


@transaction.atomic
def save_room(*, place: TalkPlace, room: TalkRoom | None, actor: User, name: str, quiet: bool, step_free: bool) -> TalkRoom:
    _check(actor)
    room = TalkRoom(place=place) if room is None else TalkRoom.objects.select_for_update(of=["self"]).get(pk=room.pk, place=place)
    room.name, room.quiet, room.step_free = name, quiet, step_free
    return _saved(room)


@transaction.atomic
def end_place(*, place: TalkPlace, actor: User, at: datetime) -> None:
    """Nothing more is booked there. Talks that were agreed go on."""
    _check(actor)
    TalkPlace.objects.filter(pk=place.pk, ended_at=None).update(ended_at=at)


@transaction.atomic
def use_place_again(*, place: TalkPlace, actor: User) -> None:
    _check(actor)
    TalkPlace.objects.filter(pk=place.pk).update(ended_at=None)


@transaction.atomic
def end_room(*, room: TalkRoom, actor: User, at: datetime) -> None:
    _check(actor)
    TalkRoom.objects.filter(pk=room.pk, ended_at=None).update(ended_at=at)


def _check(actor: User) -> None:
    if not can_keep_talk_places(actor):
        raise DomainError(_("Only a coordinator does this."))


Row = TypeVar("Row", TalkPlace, TalkRoom)


def _saved(row: Row) -> Row:
    try:
        row.full_clean()
    except ValidationError as error:
        raise DomainError(" ".join(error.messages)) from error
    row.save()
    return row
