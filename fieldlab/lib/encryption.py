"""Personal values that only a key opens, and only in the place they were written for.

A sealed value is: version | length of the key's id | key's id | nonce (12 bytes) | AES-256-GCM ciphertext and tag. Its place (table,
primary key, column) is authenticated with it, so a value that is moved to another row or column does not open; neither does
one that was changed, or one that another key wrote. Each participant has a data key; a master key from
settings.ENCRYPTION_KEYS wraps it. Rotation rewraps the data keys; destroying one erases all that was sealed with it, history too.
"""

import base64
import binascii
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models

VERSION = b"\x01"
KEY_BYTES, NONCE_BYTES = 32, 12


class DecryptionError(Exception):
    """A value that does not open: changed, moved from its place, or of another key."""


class Sealed(bytes):
    """A sealed value as the database holds it. Printing it tells nothing."""

    def __repr__(self) -> str:
        return "<sealed>"

    __str__ = __repr__

    @property
    def key_id(self) -> bytes:
        return self[2 : 2 + self[1]]


def place(table: str, pk: Any, column: str) -> bytes:
    return json.dumps([table, str(pk), column]).encode()


@dataclass(frozen=True)
class Key:
    """An id of at most 255 bytes and a secret of 32."""

    id: bytes
    secret: bytes = field(repr=False)

    @classmethod
    def new(cls, key_id: bytes) -> "Key":
        return cls(key_id, AESGCM.generate_key(KEY_BYTES * 8))

    def seal(self, plain: bytes, where: bytes) -> Sealed:
        head, nonce = VERSION + bytes([len(self.id)]) + self.id, os.urandom(NONCE_BYTES)
        return Sealed(head + nonce + AESGCM(self.secret).encrypt(nonce, plain, head + where))

    def open(self, sealed: bytes, where: bytes) -> bytes:
        """The plain bytes. Raises DecryptionError, never returns anything else."""
        head = VERSION + bytes([len(self.id)]) + self.id
        if not sealed.startswith(head):
            raise DecryptionError("This value was sealed with another key or another version.")
        nonce, box = sealed[len(head) : len(head) + NONCE_BYTES], sealed[len(head) + NONCE_BYTES :]
        try:
            return AESGCM(self.secret).decrypt(nonce, box, head + where)
        except (InvalidTag, ValueError) as error:
            raise DecryptionError("This value was changed, moved from its place, or sealed with another key.") from error


def master_keys() -> list[Key]:
    """From settings.ENCRYPTION_KEYS: the first seals, all open. Raises ImproperlyConfigured naming the key that is wrong."""
    keys = []
    for name, secret in settings.ENCRYPTION_KEYS.items():
        try:
            key = Key(name.encode(), base64.b64decode(secret, validate=True))
        except (binascii.Error, TypeError, ValueError) as error:
            raise ImproperlyConfigured(f"ENCRYPTION_KEYS: {name} is not base64.") from error
        if len(key.secret) != KEY_BYTES or not 0 < len(key.id) < 256:
            raise ImproperlyConfigured(f"ENCRYPTION_KEYS: {name} must be {KEY_BYTES} bytes.")
        keys.append(key)
    if not keys:
        raise ImproperlyConfigured("ENCRYPTION_KEYS holds no key.")
    return keys


def wrap(key: Key, where: bytes) -> Sealed:
    """A data key under the first master key."""
    return master_keys()[0].seal(key.secret, where)


def unwrap(key_id: bytes, wrapped: Sealed, where: bytes) -> Key:
    """The data key `key_id`. Raises DecryptionError when its master key is not in the settings."""
    for master in master_keys():
        if master.id == wrapped.key_id:
            return Key(key_id, master.open(wrapped, where))
    raise DecryptionError(f"ENCRYPTION_KEYS has no key {wrapped.key_id.decode(errors='replace')!r}.")


class SealedField(models.BinaryField[Sealed | None, Sealed | None]):
    """A column of sealed values. It takes nothing else, so that plain text cannot reach the database by mistake."""

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Sealed | None:
        return None if value is None else Sealed(value)

    def get_prep_value(self, value: Any) -> Sealed | None:
        if value is not None and not isinstance(value, Sealed):
            raise TypeError(f"{self.name} holds sealed values; got {type(value).__name__}.")
        return value


def _home(row: models.Model) -> tuple[str, Any]:
    """Where a row's values were written for: a row of history opens as the row that it tells about."""
    tracked = getattr(row, "pgh_tracked_model", None)
    if tracked is not None:
        return tracked._meta.db_table, row.pgh_obj_id  # type: ignore[attr-defined]
    if row.pk is None:
        raise ValueError("A row needs its primary key before its values can be sealed.")
    return row._meta.db_table, row.pk


def _column(row: models.Model, name: str) -> str:
    field = row._meta.get_field(name)
    if not isinstance(field, SealedField):
        raise TypeError(f"{name} is not a SealedField.")
    return str(field.column)


def seal(row: models.Model, key: Key, values: Mapping[str, Any]) -> None:
    """Set the row's sealed fields from `values` (field name to anything JSON holds)."""
    table, pk = _home(row)
    for name, value in values.items():
        column = _column(row, name)
        setattr(row, name, key.seal(json.dumps(value).encode(), place(table, pk, column)))


def unseal(row: models.Model, key: Key, names: Iterable[str]) -> dict[str, Any]:
    """The plain values of the row's sealed fields. Raises DecryptionError; an empty field is one too."""
    table, pk = _home(row)
    values = {}
    for name in names:
        sealed: Sealed | None = getattr(row, name)
        if sealed is None:
            raise DecryptionError(f"{name} is empty: what it held was erased.")
        column = _column(row, name)
        values[name] = json.loads(key.open(sealed, place(table, pk, column)))
    return values
