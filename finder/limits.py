"""Limits on what one connection may do in an hour, counted without storing any address.

A count is kept under a keyed hash of the connection and the day's random salt. Salt and counts
are deleted when the day is over, so that nothing leads back from a count to a connection.
"""

import hmac
import ipaddress
import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection

from finder.models import Salt, Tally

KEPT = timedelta(hours=24)
_ADD = """
    INSERT INTO finder_tally (key, count, gone_at) VALUES (%s, 1, %s)
    ON CONFLICT (key) DO UPDATE SET count = finder_tally.count + 1
    RETURNING count
"""
_SALT = 'INSERT INTO finder_salt ("on", value) VALUES (%s, %s) ON CONFLICT DO NOTHING'
# An hour's suggestions, an hour's links opened, and so on, of one connection.
SUGGESTIONS = ("suggestion", 5)
SAFETY_REPORTS = ("safety", 5)
LINKS = ("link", 20)
# Addresses of patients' pages that opened nothing; one that opens always does.
WRONG_SHARE_LINKS = ("wrong share link", 20)
# Codes of paper cards that did not work; the desk of a clinic is one connection for many.
WRONG_CARDS = ("wrong card", 20)
# Tokens shown to the API that opened nothing.
WRONG_TOKENS = ("wrong token", 60)
BODY_LINKS = ("body link", 300)


def allow(limit: tuple[str, int], address: str, *, now: datetime) -> bool:
    """Count once more and say whether that is still within the limit of this hour.

    One statement, so that posts at the same moment are counted one by one.
    """
    name, most = limit
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [_key(name, address, now), now + timedelta(hours=1)])
        return cursor.fetchone()[0] <= most


def is_used_up(limit: tuple[str, int], address: str, *, now: datetime) -> bool:
    """Say whether this hour's limit is reached, without counting."""
    name, most = limit
    return Tally.objects.filter(pk=_key(name, address, now), count__gte=most).exists()


def forget(*, now: datetime) -> int:
    """Delete the counts of past hours and the salts of past days."""
    gone, _ = Tally.objects.filter(gone_at__lte=now).delete()
    Salt.objects.filter(on__lt=now.astimezone(UTC).date()).delete()
    return gone


def _key(name: str, address: str, now: datetime) -> str:
    hour = now.astimezone(UTC).strftime("%Y-%m-%dT%H")
    told = f"{_salt(now)}|{name}|{hour}|{_network(address)}"
    return hmac.digest(settings.SECRET_KEY.encode(), told.encode(), "sha256").hex()


def connection_of_today(address: str, *, now: datetime) -> str:
    """Name a connection for counts that live elsewhere; tomorrow it has another name."""
    told = f"{_salt(now)}|{_network(address)}"
    return hmac.digest(settings.SECRET_KEY.encode(), told.encode(), "sha256").hex()


def _salt(now: datetime) -> str:
    today = now.astimezone(UTC).date()
    if not (kept := Salt.objects.filter(on=today).first()):
        # The first post of a day sweeps up the day before, even where no worker runs.
        forget(now=now)
        with connection.cursor() as cursor:
            cursor.execute(_SALT, [today, secrets.token_hex(16)])
        kept = Salt.objects.get(on=today)
    return kept.value


def _network(address: str) -> str:
    """Name whom an address belongs to: one IPv6 line has a whole /64 of them.

    >>> _network("2001:db8::1") == _network("2001:db8::ffff"), _network("192.0.2.7")
    (True, '192.0.2.7')
    """
    try:
        told = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if told.version == 6 and told.ipv4_mapped:
        told = told.ipv4_mapped
    if told.version == 6:
        return str(ipaddress.ip_network(f"{told}/64", strict=False))
    return str(told)
