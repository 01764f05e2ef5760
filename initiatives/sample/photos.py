"""Some initiatives have a photo: a collage of paper, as if somebody had photographed it."""

from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.db.models import F

from fieldlab.accounts.models import User
from fieldlab.lib.look.photos import drawn_photo
from initiatives.actions.photos import add_photo
from initiatives.models import Initiative
from initiatives.sample.entries import texts


def load_photos(keys: Collection[int], coordinator: User, at: datetime) -> None:
    """Of those that `photos.toml` names; whoever published the page has seen the photo too."""
    words = texts("photos")
    rows = list(Initiative.objects.filter(pk__in=keys, name__in=words).order_by("pk"))
    with ThreadPoolExecutor() as threads:
        pictures = threads.map(lambda row: drawn_photo(row.kind, row.activity, row.cover_seed), rows)
        for row, picture in zip(rows, pictures, strict=True):
            add_photo(initiative=row, data=picture, alternative_text=words[row.name], actor=coordinator, at=row.confirmed_at or at)
    Initiative.objects.filter(pk__in=[row.pk for row in rows]).update(checked_revision=F("revision"))
