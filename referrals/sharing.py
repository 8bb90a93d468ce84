"""Links that open a patient's own page, and the code for what is kept; pages live in views.

A link is 192 random bits, known here by their hash. It dies 14 days after the next planned
check-in and after 100 days at the latest. The six digits are given apart from it. Nothing is
stored in the browser: the proof of a right code is signed and travels with each form.
"""

import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.core import signing
from django.core.exceptions import PermissionDenied
from django.db import transaction

from finder.models import User
from finder.secret_links import new_token, token_hash
from referrals import audit, tasks
from referrals.lifecycle import Outsider
from referrals.models import Kind, Patient, Plan, ShareLink, TaskKind
from referrals.permissions import Permission, allows, demand
from referrals.sealed import blind_index
from referrals.tenancy import find_share_link, organization

AFTER_CHECK_IN = timedelta(days=14)
LONGEST = timedelta(days=100)
PROOF_LIVES = 15 * 60
CODE_DIGITS = 6


@dataclass(frozen=True)
class Made:
    """A new link with its token and code, which are shown once and known to nobody afterwards."""

    link: ShareLink
    token: str
    code: str


@transaction.atomic
def make(patient: Patient, *, by: User, now: datetime) -> Made:
    """Make a link for a patient with a live plan; the one before it ends."""
    _demand_sharing(patient, by=by)
    plan = patient.plans.live().first()
    if plan is None:
        raise PermissionDenied
    for earlier in _live(patient):
        _end(earlier, by=by, now=now)
    token, code = new_token(), _new_code()
    link = ShareLink(
        organization=patient.organization,
        patient=patient,
        token_hash=token_hash(token),
        made_by=by,
        made_at=now,
        expires_at=_ends_at(plan, made_at=now, now=now),
    )
    link.code_hash = _code_hash(link, code)
    link.save(force_insert=True)
    audit.record(Kind.SHARE_MADE, target=link, by=by, organization=patient.organization)
    return Made(link, token, code)


@contextmanager
def opened(token: str, *, now: datetime) -> Iterator[ShareLink | None]:
    """Open the rows of the organization behind a token; None for all that opens nothing."""
    found = find_share_link(token_hash(token), now=now)
    if found is None:
        yield None
        return
    with organization(found[1]):
        rows = ShareLink.objects.select_related("patient__organization", "organization")
        yield rows.get(pk=found[0])


@transaction.atomic
def revoke(link: ShareLink, *, by: User | Outsider, now: datetime) -> None:
    """End a link at once: a member, who runs the organization, or the patient."""
    if not isinstance(by, Outsider):
        _demand_ending(link.patient, by=by)
    for found in _live(link.patient).filter(pk=link.pk):
        _end(found, by=by, now=now)


@transaction.atomic
def reset_code(link: ShareLink, *, by: User, now: datetime) -> str:
    """Give a new code, to be told to the patient by another way than the link."""
    _demand_sharing(link.patient, by=by)
    code = _new_code()
    link.code_hash, link.code_misses = _code_hash(link, code), 0
    link.save(update_fields=["code_hash", "code_misses"])
    for plan in link.patient.plans.live():
        tasks.close_check_in(plan, TaskKind.RESET_CODE, by=by, now=now)
    audit.record(Kind.SHARE_CODE_RESET, target=link, by=by, organization=link.organization)
    return code


@transaction.atomic
def try_code(link: ShareLink, typed: str, *, now: datetime) -> str:
    """Return a signed proof for the right code, '' for a wrong one or a locked link.

    Tries are counted one by one; at the fifth miss the clinic gets a task.
    """
    locked = ShareLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
    if locked.is_code_locked:
        return ""
    digits = "".join(character for character in typed if character.isdecimal())
    if hmac.compare_digest(_code_hash(locked, digits), bytes(locked.code_hash)):
        if locked.code_misses:
            locked.code_misses = 0
            locked.save(update_fields=["code_misses"])
        return _signer().sign(_proved(locked))
    locked.code_misses += 1
    locked.save(update_fields=["code_misses"])
    link.code_misses = locked.code_misses
    audit.record(Kind.SHARE_CODE_MISSED, target=link, by=None, organization=link.organization)
    if locked.is_code_locked and (plan := link.patient.plans.live().first()):
        tasks.open_task(plan, TaskKind.RESET_CODE, due=now, by=None, now=now)
    return ""


def is_proved(link: ShareLink, proof: str) -> bool:
    """Say whether a posted proof is of this link, of its present code, and fresh."""
    try:
        told = _signer().unsign(proof, max_age=PROOF_LIVES)
    except signing.BadSignature:
        return False
    return hmac.compare_digest(told, _proved(link)) and not link.is_code_locked


def extend(patient: Patient, plan: Plan, *, now: datetime) -> None:
    """Let the live link of a patient last until the check-in after this one."""
    for link in _live(patient):
        link.expires_at = max(
            link.expires_at, _ends_at(plan, made_at=link.made_at, now=now, default=link.expires_at)
        )
        link.save(update_fields=["expires_at"])


def _ends_at(
    plan: Plan, *, made_at: datetime, now: datetime, default: datetime | None = None
) -> datetime:
    planned = tasks.next_check_in(plan, now=now)
    wanted = planned + AFTER_CHECK_IN if planned else default or now + AFTER_CHECK_IN
    return min(wanted, made_at + LONGEST)


def _live(patient: Patient):
    return ShareLink.objects.select_for_update(of=("self",)).filter(
        patient=patient, revoked_at=None
    )


def _end(link: ShareLink, *, by: User | Outsider, now: datetime) -> None:
    account = None if isinstance(by, Outsider) else by
    link.revoked_at, link.revoked_by = now, account
    link.save(update_fields=["revoked_at", "revoked_by"])
    audit.record(Kind.SHARE_REVOKED, target=link, by=account, organization=link.organization)


def _demand_sharing(patient: Patient, *, by: User) -> None:
    demand(by, Permission.SHARE, organization=patient.organization)
    if not Patient.objects.visible_to(by).filter(pk=patient.pk).exists():
        raise PermissionDenied


def _demand_ending(patient: Patient, *, by: User) -> None:
    if not allows(by, Permission.OVERSEE, organization=patient.organization):
        _demand_sharing(patient, by=by)


def _new_code() -> str:
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


def _code_hash(link: ShareLink, code: str) -> bytes:
    # Keyed: a million codes could be tried out against a plain hash.
    return blind_index(code, scope=f"share code {link.pk}")


def _proved(link: ShareLink) -> str:
    return f"{link.pk.hex}.{sha256(bytes(link.code_hash)).hexdigest()[:16]}"


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="referrals.sharing.proof")
