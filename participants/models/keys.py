from typing import Any
from uuid import UUID

from django.db import models
from django.utils.translation import gettext_lazy as _

from fieldlab.lib import encryption
from fieldlab.lib.encryption import Key, Sealed, SealedField


class HoldsKey(models.Model):
    """A row with the data key of one person, wrapped by a master key. Without the row nothing sealed for them opens."""

    wrapped = SealedField(_("wrapped key"))
    # Which of ENCRYPTION_KEYS wraps it, so that rotation finds what is left to do
    master = models.CharField(_("master key"), max_length=255, db_index=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.master

    @property
    def _id(self) -> UUID:
        pk: Any = self.pk
        return pk if isinstance(pk, UUID) else UUID(str(pk))

    @property
    def _place(self) -> bytes:
        return encryption.place(self._meta.db_table, self._id, "wrapped")

    def wrap(self, key: Key) -> None:
        self.wrapped = wrapped = encryption.wrap(key, self._place)
        self.master = wrapped.key_id.decode()

    def unwrap(self) -> Key:
        wrapped: Sealed = self.wrapped  # type: ignore[assignment]
        return encryption.unwrap(self._id.bytes, wrapped, self._place)
