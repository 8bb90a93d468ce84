"""Tokens of secret links: made here, known to the database only by their hash."""

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode

from django.conf import settings
from django.core import signing

TOKEN_BYTES = 24
_TOKEN = re.compile(r"[A-Za-z0-9_-]{32}", re.ASCII)


class FormStamp:
    """The signed moment at which a form was shown: how long filling it in took, without a cookie.

    The nonce in it names one filling-in: a form sent twice makes one suggestion, with one link.
    """

    QUICKEST = 3
    LONGEST = 24 * 60 * 60

    @staticmethod
    def make() -> str:
        """Make the stamp of a form that is shown now."""
        return _signer().sign(secrets.token_urlsafe(12))

    @classmethod
    def read(cls, stamp: str) -> str:
        """Return the nonce; raises StampError with the reason."""
        try:
            nonce = _signer().unsign(stamp, max_age=cls.LONGEST)
        except signing.BadSignature as error:
            raise StampError("old") from error
        try:
            _signer().unsign(stamp, max_age=cls.QUICKEST)
        except signing.SignatureExpired:
            return nonce
        raise StampError("quick")


class StampError(Exception):
    """A form was sent too quickly, or its stamp is not of this day."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def new_token() -> str:
    """Make a token of 192 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_for(nonce: str) -> str:
    """Make the token of one filling-in: the same again when the form is sent again."""
    digest = hmac.digest(settings.SECRET_KEY.encode(), f"suggestion:{nonce}".encode(), "sha256")
    return urlsafe_b64encode(digest[:TOKEN_BYTES]).decode()


def token_hash(token: str) -> str:
    """Return what the database keeps of a token; empty for what cannot be one."""
    return hashlib.sha256(token.encode()).hexdigest() if _TOKEN.fullmatch(token) else ""


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="finder.suggestions.form")
