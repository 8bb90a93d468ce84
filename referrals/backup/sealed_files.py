"""A compressed, encrypted file, written and read as a stream; what is in it lives in copying.

AES-256-GCM in chunks, under a key made for this one file from BACKUP_KEY. Each chunk is bound to
its number, the last one is marked: a file that was changed, reordered or cut short does not open.
"""

import gzip
import io
import os
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

MAGIC = b"MHG-COPY-1\n"
SALT_BYTES, KEY_BYTES, TAG_BYTES, CHUNK = 16, 32, 16, 1 << 20
MORE, LAST = b"\x00", b"\x01"


class Broken(Exception):
    """A file that is not whole, is not ours, or was made with another key."""


def _cipher(salt: bytes) -> AESGCM:
    try:
        key = b64decode(settings.BACKUP_KEY, validate=True)
    except ValueError as error:
        raise ImproperlyConfigured("BACKUP_KEY must be base64.") from error
    if len(key) != KEY_BYTES:
        raise ImproperlyConfigured(f"BACKUP_KEY needs {KEY_BYTES} bytes, base64-encoded.")
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt, b"mhg-finder copy").derive(key))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")


class _Sealing(io.RawIOBase):
    """Encrypts what is written to it, chunk by chunk."""

    def __init__(self, file: io.BufferedIOBase) -> None:
        salt = os.urandom(SALT_BYTES)
        self._file, self._cipher = file, _cipher(salt)
        self._waiting, self._number = bytearray(), 0
        file.write(MAGIC + salt)

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self._waiting += data
        while len(self._waiting) > CHUNK:
            self._seal(bytes(self._waiting[:CHUNK]), MORE)
            del self._waiting[:CHUNK]
        return len(data)

    def _seal(self, chunk: bytes, mark: bytes) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number), chunk, mark)
        self._file.write(mark + len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1

    def finish(self) -> None:
        """Write the last chunk; without it the file does not open."""
        self._seal(bytes(self._waiting), LAST)


class _Opening(io.RawIOBase):
    """Decrypts chunk by chunk; raises Broken rather than give anything doubtful."""

    def __init__(self, file: io.BufferedIOBase) -> None:
        if file.read(len(MAGIC)) != MAGIC:
            raise Broken("This is no copy that backup made.")
        self._file, self._cipher = file, _cipher(self._exactly(file, SALT_BYTES))
        self._ready, self._number, self._is_over = b"", 0, False

    @staticmethod
    def _exactly(file: io.BufferedIOBase, count: int) -> bytes:
        found = file.read(count)
        if len(found) != count:
            raise Broken("This copy is cut short.")
        return found

    def readable(self) -> bool:
        return True

    def readinto(self, buffer) -> int:
        while not self._ready and not self._is_over:
            self._ready = self._next()
        count = min(len(buffer), len(self._ready))
        buffer[:count], self._ready = self._ready[:count], self._ready[count:]
        return count

    def _next(self) -> bytes:
        mark = self._exactly(self._file, 1)
        length = int.from_bytes(self._exactly(self._file, 4), "big")
        if mark not in (MORE, LAST) or not TAG_BYTES <= length <= CHUNK + TAG_BYTES:
            raise Broken("This copy was changed.")
        try:
            chunk = self._cipher.decrypt(
                _nonce(self._number), self._exactly(self._file, length), mark
            )
        except InvalidTag as error:
            raise Broken("This copy was changed, or BACKUP_KEY is not the key it needs.") from error
        self._number += 1
        self._is_over = mark == LAST
        if self._is_over and self._file.read(1):
            raise Broken("Something was put behind the end of this copy.")
        return chunk


@contextmanager
def sealed(path: Path) -> Iterator[io.BufferedIOBase]:
    """Open a new file to write to; it takes its name only once it is whole and on the disk."""
    draft = path.with_name(path.name + ".part")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        sealing = _Sealing(file)
        with gzip.GzipFile(fileobj=sealing, mode="wb", compresslevel=4, mtime=0) as packed:
            yield packed
        sealing.finish()
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


@contextmanager
def opened(path: Path) -> Iterator[io.BufferedIOBase]:
    """Open a file to read from; Broken is raised at the first doubtful byte."""
    with path.open("rb") as file, io.BufferedReader(_Opening(file), CHUNK) as opening:
        try:
            with gzip.GzipFile(fileobj=opening, mode="rb") as unpacked:
                yield unpacked
        except (gzip.BadGzipFile, EOFError) as error:
            raise Broken("This copy was changed.") from error
