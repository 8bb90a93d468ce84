"""From stored rows to what the decision reads: which elements a consent has, and how it stands."""

from collections.abc import Iterable
from datetime import datetime

from referrals.consent.deciding import (
    Element,
    Recipient,
    Signed,
    names_a_class,
    says_something,
)
from referrals.consent.wording import needs_guardian
from referrals.models import (
    CONSENTABLE,
    OFFERED,
    Category,
    Consent,
    Ending,
    Expiry,
    Method,
    Purpose,
    RecipientKind,
    Referral,
    Signer,
)


def missing(consent: Consent) -> frozenset[Element]:
    """Return the elements of 2.31(a) that a consent lacks; none for one that is whole."""
    has = {
        Element.PATIENT_NAME: says_something(consent.patient_name),
        Element.DISCLOSER: says_something(consent.discloser),
        Element.CATEGORIES: bool(consent.categories) and set(consent.categories) <= set(OFFERED),
        Element.RECIPIENT: _names_a_recipient(consent),
        Element.PURPOSE: consent.purpose in CONSENTABLE,
        Element.REVOCATION: bool(consent.tells_how_to_revoke),
        Element.EXPIRY: _has_an_end(consent),
        Element.SIGNATURE: _is_signed(consent),
        Element.SIGNED_AT: consent.signed_at is not None,
        Element.STATEMENTS: _tells_all(consent),
        Element.AUTHORITY: _has_authority(consent),
    }
    return frozenset(element for element, is_there in has.items() if not is_there)


def _names_a_recipient(consent: Consent) -> bool:
    if consent.recipient_kind == RecipientKind.ORGANIZATION:
        return consent.recipient_organization_id is not None
    return says_something(consent.recipient_name) and not names_a_class(consent.recipient_name)


def _has_an_end(consent: Consent) -> bool:
    match consent.expiry:
        case Expiry.DATE:
            return consent.expires_at is not None
        case Expiry.EVENT:
            return True
        case Expiry.NONE:
            return consent.purpose == Purpose.TPO
    return False


def _is_signed(consent: Consent) -> bool:
    """A typed name, or the number under which the paper was scanned."""
    match consent.method:
        case Method.TYPED:
            return says_something(consent.signature)
        case Method.PAPER:
            return says_something(consent.scan_number)
    return False


def _tells_all(consent: Consent) -> bool:
    if consent.purpose != Purpose.TPO:
        return True
    return bool(consent.tells_of_passing_on and consent.tells_of_refusing)


def _has_authority(consent: Consent) -> bool:
    """Whoever signs for, or with, another says by what right."""
    match consent.signer:
        case Signer.PATIENT:
            return True
        case Signer.REPRESENTATIVE:
            return says_something(consent.authority)
        case Signer.MINOR:
            told = (consent.guardian_signature, consent.authority)
            return not needs_guardian(consent.state) or all(map(says_something, told))
    return False


def recipient_of(consent: Consent) -> Recipient:
    """Return whom a consent names."""
    return Recipient(
        kind=RecipientKind(consent.recipient_kind),
        organization=consent.recipient_organization_id,
        name=consent.recipient_name,
    )


def signed(consent: Consent, *, referral: Referral | None, covers: bool = True) -> Signed:
    """Read a consent for the decision on one referral; ``revocation`` must be loaded or absent."""
    ending = getattr(consent, "revocation", None)
    return Signed(
        patient=consent.patient_id,
        missing=missing(consent),
        recipient=recipient_of(consent),
        purpose=Purpose(consent.purpose),
        categories=frozenset(Category(kind) for kind in consent.categories),
        signed_at=consent.signed_at,
        expiry=Expiry(consent.expiry),
        expires_at=consent.expires_at,
        is_event_over=referral is None or not referral.is_live,
        covers_referral=covers,
        ending=Ending(ending.ending) if ending else None,
    )


def standing(consents: Iterable[Consent], *, now: datetime) -> list[tuple[Consent, bool]]:
    """Pair each consent with whether it holds; each with its revocation at hand."""
    return [(consent, holds(consent, now=now)) for consent in consents]


def holds(consent: Consent, *, now: datetime) -> bool:
    """Say whether a consent stands at this moment, whatever referral it is read for."""
    if getattr(consent, "revocation", None) is not None or missing(consent):
        return False
    return consent.expires_at is None or consent.expires_at > now
