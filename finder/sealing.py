"""Sealing of addresses that the directory keeps for a while; what a patient says is not here.

The key comes from ``SECRET_KEY``: who changes that loses waiting letters, and no listing.
"""

import json
from base64 import urlsafe_b64encode
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(Exception):
    """A sealed value was changed, or made with a key that is gone."""


def seal(told: dict[str, Any], *, purpose: str) -> bytes:
    """Encrypt plain values for one purpose; nothing else opens them."""
    return _ring(purpose, *_secrets()).encrypt(json.dumps(told).encode())


def unseal(sealed: bytes, *, purpose: str) -> dict[str, Any]:
    """Decrypt; raises Unreadable rather than return anything doubtful."""
    try:
        return json.loads(_ring(purpose, *_secrets()).decrypt(bytes(sealed)))
    except InvalidToken as error:
        raise Unreadable("changed, or sealed with a key that is gone") from error


def _secrets() -> tuple[str, ...]:
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@cache
def _ring(purpose: str, *secrets: str) -> MultiFernet:
    return MultiFernet([Fernet(_key(purpose, secret)) for secret in secrets])


def _key(purpose: str, secret: str) -> bytes:
    derived = HKDF(SHA256(), 32, salt=None, info=f"finder.sealing:{purpose}".encode())
    return urlsafe_b64encode(derived.derive(secret.encode()))
