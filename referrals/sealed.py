"""Sealed fields: what a clinic writes about a patient, encrypted before it reaches the database.

AES-256-GCM under a key ring of its own (``PHI_KEYS``), never ``SECRET_KEY``. A sealed value is
bound to its table, column and row: copied anywhere else, it does not open.
"""

import hmac
import json
import os
import unicodedata
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.query_utils import DeferredAttribute

NONCE_BYTES = 12
KEY_BYTES = 32
INDEX_BYTES = 16


class Unreadable(Exception):
    """A sealed value was changed, moved, or made with a key that the ring does not hold."""


def _key(text: str, name: str) -> bytes:
    try:
        key = b64decode(text, validate=True)
    except Base64Error as error:
        raise ImproperlyConfigured(f"{name} has a key that is not base64.") from error
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"{name} needs keys of {KEY_BYTES} bytes, base64-encoded.")
    return key


@dataclass(frozen=True)
class KeyRing:
    """Keys by id, newest first: the first seals, all of them open."""

    keys: Mapping[str, AESGCM]

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """Read ``k2:<base64>,k1:<base64>``; refuses no key, a bad key and a repeated id."""
        keys: dict[str, AESGCM] = {}
        for part in filter(None, (part.strip() for part in text.split(","))):
            key_id, colon, encoded = part.partition(":")
            if not colon or not key_id.isalnum() or key_id in keys:
                raise ImproperlyConfigured("PHI_KEYS must look like k2:<base64>,k1:<base64>.")
            keys[key_id] = AESGCM(_key(encoded, "PHI_KEYS"))
        if not keys:
            raise ImproperlyConfigured("PHI_KEYS is not set: patient fields cannot be sealed.")
        return cls(keys)

    @property
    def newest(self) -> str:
        """The id of the key that seals."""
        return next(iter(self.keys))

    def seal(self, text: str, *, bound_to: str) -> bytes:
        """Encrypt a text for one place; the result names its key."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self.keys[self.newest].encrypt(nonce, text.encode(), bound_to.encode())
        return self.newest.encode() + b"." + nonce + sealed

    def open(self, blob: bytes, *, bound_to: str) -> str:
        """Decrypt; raises Unreadable rather than return anything doubtful."""
        key_id, _, rest = bytes(blob).partition(b".")
        key = self.keys.get(key_id.decode("ascii", "replace"))
        if key is None:
            raise Unreadable("sealed with a key that the ring does not hold")
        try:
            return key.decrypt(rest[:NONCE_BYTES], rest[NONCE_BYTES:], bound_to.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Unreadable("changed, or moved from another row or column") from error

    def is_stale(self, blob: bytes) -> bool:
        """Say whether a value was sealed with an older key."""
        return not bytes(blob).startswith(self.newest.encode() + b".")


@cache
def _parsed(text: str) -> KeyRing:
    return KeyRing.parse(text)


def ring() -> KeyRing:
    """Return the key ring of this process."""
    return _parsed(settings.PHI_KEYS)


def blind_index(value: str, *, scope: str) -> bytes:
    """Return a keyed hash for exact look-up; spelling variants of one value share it.

    ``scope`` (an organization) keeps equal values of two scopes from looking equal.
    """
    key = _key(settings.PHI_INDEX_KEY, "PHI_INDEX_KEY")
    folded = " ".join(unicodedata.normalize("NFKC", value).casefold().split())
    return hmac.digest(key, f"{scope}\x00{folded}".encode(), sha256)[:INDEX_BYTES]


class Blob(bytes):
    """A sealed value as it lies in the database, not yet opened."""


class _OpensWhenRead(DeferredAttribute):
    """Open a sealed value the first time it is read, when the row it belongs to is known."""

    def __get__(self, instance: models.Model | None, cls: type | None = None) -> Any:
        value = super().__get__(instance, cls)
        if isinstance(value, Blob):
            value = self.field.open(value, instance)
            instance.__dict__[self.field.attname] = value
        return value

    def __set__(self, instance: models.Model, value: Any) -> None:
        # With a setter the descriptor comes before the instance's dictionary when read.
        instance.__dict__[self.field.attname] = value


class SealedTextField(models.BinaryField):
    """Text that is sealed in the database. Needs a primary key made before saving."""

    descriptor_class = _OpensWhenRead
    # The value of a row that says nothing.
    empty: Any = ""

    def __init__(self, *args, **kwargs) -> None:
        kwargs.setdefault("editable", True)
        super().__init__(*args, **kwargs)

    def encode(self, value: Any) -> str:
        """Turn the value into the text that is sealed."""
        return value

    def decode(self, text: str) -> Any:
        """Turn the opened text back into the value."""
        return text

    def bound_to(self, instance: models.Model) -> str:
        """Name the one place where a value opens."""
        return f"{instance._meta.db_table}.{self.column}:{instance.pk}"

    def open(self, blob: bytes, instance: models.Model) -> Any:
        """Open a value of this row."""
        return self.decode(ring().open(blob, bound_to=self.bound_to(instance)))

    def pre_save(self, model_instance: models.Model, add: bool) -> Blob:
        value = model_instance.__dict__[self.attname]
        if isinstance(value, Blob):
            return value
        text = self.encode(value)
        return Blob(ring().seal(text, bound_to=self.bound_to(model_instance)))

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Blob | None:
        return None if value is None else Blob(value)

    def get_prep_value(self, value: Any) -> Any:
        # QuerySet.update() does not know the row, so it could only store plain text.
        if value is not None and not isinstance(value, Blob):
            raise TypeError(f"{self.name} is sealed: set it on a row and save that row.")
        return super().get_prep_value(value)

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if not prepared:
            value = self.get_prep_value(value)
        return None if value is None else connection.Database.Binary(value)

    def get_lookup(self, lookup_name: str) -> None:
        """Refuse every lookup: ciphertext has no order and no equality."""
        return None

    def get_default(self) -> Any:
        if not self.has_default():
            return self.empty
        return self.default() if callable(self.default) else self.default

    def value_to_string(self, obj: models.Model) -> str:
        raise TypeError(f"{self.name} is sealed and never exported.")


class SealedJSONField(SealedTextField):
    """A structure of plain values that is sealed in the database."""

    empty = None

    def encode(self, value: Any) -> str:
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)

    def decode(self, text: str) -> Any:
        return json.loads(text)
