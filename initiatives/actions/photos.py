"""The photo of an initiative: put on its page, replaced, taken away, and what becomes of the files.

Files are written before the row that names them and removed after it is gone, so that a row never lacks its files. What a crash leaves
behind without a row is swept.
"""

import logging
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from fieldlab.accounts.models import User
from fieldlab.lib.errors import DomainError, NotNow
from fieldlab.lib.pictures import Picture, draw_anew, widths
from fieldlab.lib.scan import refuse_harmful
from initiatives.actions.edit import write_as
from initiatives.models import Initiative, Photo, Status

logger = logging.getLogger(__name__)

FOLDER = "photos"
REPLACED_KEPT = timedelta(days=365)
# Longer than any transaction that may still write the row of a file
ORPHANS_KEPT = timedelta(hours=1)
_NAME = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-[0-9]+\.webp")


def photo_file(key: UUID, width: int) -> str:
    """Its name in the storage, which says nothing about whose it is."""
    return f"{FOLDER}/{key}-{width}.webp"


def add_photo(*, initiative: Initiative, data: bytes, alternative_text: str, actor: User | None, at: datetime) -> Photo:
    """Put this picture on the page, in place of the one there is; a new revision. `data` is the file as it was sent, which is not kept.

    Who may is the view's to say, as with `edit`: some come by the link of a mail. Raises DomainError; nothing is stored then.
    """
    words = _words(alternative_text)
    refuse_harmful(data)
    picture = draw_anew(data)
    photo = Photo(
        initiative=initiative,
        alternative_text=words,
        width=picture.width,
        height=picture.height,
        uploaded_by=actor,
        uploaded_at=at,
    )
    with transaction.atomic():
        locked = _locked(initiative, actor)
        try:
            _keep(photo.key, picture)
            photo.save(force_insert=True)
            write_as(locked, actor, {"photo_id": photo.key}, at)
        except BaseException:
            # Only here: when the commit itself fails nobody knows which way it went.
            _remove_files(_files(photo))
            raise
    return photo


@transaction.atomic
def describe_photo(*, initiative: Initiative, alternative_text: str, actor: User | None, at: datetime) -> None:
    """Other words for people who do not see the photo there is. Raises DomainError."""
    words, locked = _words(alternative_text), _locked(initiative, actor)
    if locked.photo is None:
        raise DomainError(_("Choose a photo first."))
    if locked.photo.alternative_text != words:
        locked.photo.alternative_text = words
        locked.photo.save(update_fields=["alternative_text"])
        write_as(locked, actor, {"updated_at": at}, at)


@transaction.atomic
def remove_photo(*, initiative: Initiative, actor: User | None, at: datetime, for_good: bool, photo: Photo | None = None) -> None:
    """Take the photo from the page, or `photo`, an earlier one of it. Twice is once.

    For good: the picture is gone out of the history too. Otherwise it can be brought back for a year. Raises DomainError.
    """
    locked = _locked(initiative, actor)
    photo = locked.photos.filter(pk=photo.pk).first() if photo else locked.photo
    if photo is None:
        return
    if locked.photo_id == photo.key:
        write_as(locked, actor, {"photo_id": None}, at)
    if for_good:
        transaction.on_commit(partial(_remove_files, _files(photo)), robust=True)
        photo.delete()


@transaction.atomic
def bring_back_photo(*, initiative: Initiative, photo: Photo, actor: User | None, at: datetime) -> None:
    """Put an earlier photo on the page again. Raises DomainError."""
    locked = _locked(initiative, actor)
    if not locked.photos.filter(pk=photo.pk).exists():
        raise DomainError(_("That photo was taken away for good."))
    write_as(locked, actor, {"photo_id": photo.key}, at)


def sweep_photos(*, at: datetime) -> int:
    """Remove what left its page more than a year ago, and files that no row names. Returns how many files; safe to run twice at once."""
    with transaction.atomic():
        old = list(_long_gone(at).select_for_update(skip_locked=True, of=("self",)))
        Photo.objects.filter(pk__in=[photo.pk for photo in old]).delete()
    return sum(_remove_files(_files(photo)) for photo in old) + _remove_files(_orphans(at))


def _locked(initiative: Initiative, actor: User | None) -> Initiative:
    locked = Initiative.objects.select_for_update(of=("self",)).select_related("photo").filter(pk=initiative.pk).first()
    if locked is None or (locked.status == Status.DRAFT and locked.registered_by_id not in (None, actor and actor.pk)):
        raise DomainError(_("This registration is no longer there. Begin again, or call us."))
    if locked.status == Status.ARCHIVED:
        raise DomainError(_("This page was taken off the site. Call us if that is not right."))
    return locked


def _words(alternative_text: str) -> str:
    words = " ".join(alternative_text.replace("\x00", "").split())
    if not 3 <= len(words) <= 200:
        raise DomainError(_("Tell in one sentence what can be seen, for people who do not see it."))
    return words


def _files(photo: Photo) -> list[str]:
    return [photo_file(photo.key, width) for width in widths(photo.width)]


def _keep(key: UUID, picture: Picture) -> None:
    try:
        for width, content in picture.files.items():
            default_storage.save(photo_file(key, width), ContentFile(content))
    except OSError as error:
        logger.error("A photo could not be stored: %s", type(error).__name__)
        raise NotNow(_("We cannot keep photos just now. Try again in an hour, or call us.")) from error


def _remove_files(names: Iterable[str]) -> int:
    removed = 0
    for name in names:
        try:
            default_storage.delete(name)
            removed += 1
        except OSError as error:  # it is swept later
            logger.error("A photo could not be removed: %s", type(error).__name__)
    return removed


def _long_gone(at: datetime) -> QuerySet[Photo]:
    """On no page now, nor at any moment of the last year, as the history tells."""
    since = at - REPLACED_KEPT
    events = apps.get_model("initiatives", "InitiativeEvent")._default_manager.filter(pgh_obj_id=OuterRef("initiative"))
    then = events.filter(pgh_created_at__lt=since).order_by("-pgh_created_at", "-pgh_id").values("photo_id")[:1]
    on_a_page = Initiative.objects.filter(photo=OuterRef("pk"))
    lately = events.filter(pgh_created_at__gte=since, photo_id=OuterRef("pk"))
    photos = Photo.objects.filter(~Exists(on_a_page), ~Exists(lately), uploaded_at__lt=since).annotate(then=Subquery(then))
    return photos.filter(Q(then__isnull=True) | ~Q(then=F("pk")))


def _orphans(at: datetime) -> Iterator[str]:
    try:
        there = default_storage.listdir(FOLDER)[1]
    except FileNotFoundError:
        return
    ours = [name for name in there if _NAME.fullmatch(name)]
    for start in range(0, len(ours), 1000):
        names = {name: UUID(name[:36]) for name in ours[start : start + 1000]}
        known = set(Photo.objects.filter(pk__in=names.values()).values_list("pk", flat=True))
        yield from (f"{FOLDER}/{name}" for name, key in names.items() if key not in known and _is_old(f"{FOLDER}/{name}", at))


def _is_old(name: str, at: datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < at - ORPHANS_KEPT
    except FileNotFoundError:  # swept by another at the same moment
        return False
