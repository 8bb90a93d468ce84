"""The one door through which anything about a patient leaves: decide, account, then let go.

The decision, its line in the accounting and the record are one transaction with what is shown:
whoever calls ``release`` builds the answer in that transaction and sends it after the commit.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import models
from django.utils.translation import override

from finder.models import User
from referrals import audit, notices
from referrals.consent import receiving
from referrals.consent.deciding import (
    Ask,
    Decision,
    Duty,
    Emergency,
    Recipient,
    Relation,
    Rule,
    decide,
)
from referrals.consent.exits import EXITS, Exit
from referrals.consent.locks import hold_shared
from referrals.consent.reading import recipient_of, signed
from referrals.consent.wording import Wording, load
from referrals.models import (
    Basis,
    Category,
    Consent,
    Disclosure,
    Patient,
    Purpose,
    RecipientKind,
    Referral,
)
from referrals.permissions import Permission, allows, membership_of

# What a member needs to open a door of the clinic.
_NEEDED = {
    "handout": Permission.PRINT_HANDOUT,
    "referral_print": Permission.PRINT_HANDOUT,
    "emergency": Permission.GIVE_CONSENT,
    "own_calendar": Permission.TAKE_STEP,
}
_BY_LINK = {"own_page", "own_record", "own_copy"}
_BY_RECIPIENT = {"received_page", "received_print", "received_file", "received_api"}
_BASES = {
    Rule.INTERNAL: Basis.INTERNAL,
    Rule.OWN_VIEW: Basis.OWN,
    Rule.EMERGENCY: Basis.EMERGENCY,
    Rule.CONSENTED: Basis.CONSENT,
}
# A letter has one language for all; the sentence is the same in each.
LETTERS = "en"
# Work inside the clinic is recorded; a file of it is accounted for as well.
_ACCOUNTED = {"export"}


class NotReleased(PermissionDenied):
    """The door stays shut; ``decision`` says by which rule. Edges answer it as any refusal."""

    def __init__(self, decision: Decision) -> None:
        super().__init__(decision.rule)
        self.decision = decision


@dataclass(frozen=True)
class Released:
    """What may go, and what has to go with it."""

    decision: Decision
    exit: Exit
    categories: frozenset[Category]
    consent: Consent | None = None
    wording: Wording | None = None
    disclosure: Disclosure | None = None

    def has(self, category: str) -> bool:
        """Say whether this kind may be shown."""
        return category in self.categories


def release(
    patient: Patient,
    exit: str,
    *,
    by: User | None,
    now: datetime,
    referral: Referral | None = None,
    consent: Consent | None = None,
    categories: Iterable[Category] | None = None,
    is_restriction_checked: bool = False,
    emergency: Emergency | None = None,
    target: models.Model | None = None,
) -> Released:
    """Decide whether this may leave by one of EXITS, and write what a yes asks for.

    ``by`` is None for the patient behind their own link. Of several consents the first that
    allows it counts; ``consent`` narrows it to one. ``target`` is what the record names, the line
    of the accounting unless told otherwise. Needs the rows of the patient's
    organization open. Raises NotReleased, which the guard of a page records.
    """
    door = EXITS[exit]
    ask, given, decision = _judge(
        door, patient, by=by, now=now, referral=referral, consent=consent, categories=categories,
        is_restriction_checked=is_restriction_checked, emergency=emergency,
    )  # fmt: skip
    if not decision.is_allowed:
        raise NotReleased(decision)
    wording = load(given.wording_version, given.wording_language) if given else None
    row = None
    if Duty.ACCOUNT in decision.duties or door.name in _ACCOUNTED:
        row = Disclosure(
            organization=patient.organization,
            patient=patient,
            referral=referral,
            consent=given,
            exit=door.name,
            basis=_BASES[decision.rule],
            purpose=ask.purpose,
            medium=ask.medium,
            categories=sorted(ask.categories),
            recipient=_name(given, emergency),
            recipient_organization=given and given.recipient_organization,
            facts=_facts(emergency),
            notice_version=wording.version if wording else "",
            by=by,
            at=now,
        )
        row.save(force_insert=True)
    told = target or row or patient
    audit.record(door.kind, target=told, by=by, organization=patient.organization)
    if Duty.TELL_ADMINISTRATORS in decision.duties:
        with override(LETTERS):
            notices.tell_administrators(patient.organization, "look")
    return Released(decision, door, ask.categories, given, wording, row)


def may(patient: Patient, exit: str, *, by: User, now: datetime, referral: Referral) -> bool:
    """Say whether ``release`` would let this leave now; nothing leaves and nothing is written."""
    _ask, _given, decision = _judge(EXITS[exit], patient, by=by, now=now, referral=referral)
    return decision.is_allowed


def _judge(
    door: Exit,
    patient: Patient,
    *,
    by: User | None,
    now: datetime,
    referral: Referral | None = None,
    consent: Consent | None = None,
    categories: Iterable[Category] | None = None,
    is_restriction_checked: bool = False,
    emergency: Emergency | None = None,
) -> tuple[Ask, Consent | None, Decision]:
    if door.relation == Relation.OTHER:
        # Whoever ends a consent waits for us, or we see that it ended.
        hold_shared(patient.pk)
    base = Ask(
        relation=door.relation,
        purpose=door.purpose,
        categories=door.categories,
        medium=door.medium,
        patient=patient.pk,
        now=now,
        is_authorised=_is_authorised(door, patient, referral, by=by),
        has_agreement=_has_agreement(patient),
        recipient=_recipient(door, by=by),
        is_restricted=_is_restricted(door, patient),
        is_restriction_checked=is_restriction_checked,
        emergency=emergency,
    )
    wanted = None if categories is None else frozenset(categories)
    return _first_yes(base, _candidates(door, referral, consent), referral, wanted)


def _first_yes(
    base: Ask,
    candidates: list[Consent],
    referral: Referral | None,
    wanted: frozenset[Category] | None,
) -> tuple[Ask, Consent | None, Decision]:
    """Ask under each consent in turn; the last answer stands where none is yes."""
    if base.relation != Relation.OTHER or base.purpose == Purpose.EMERGENCY:
        ask = replace(base, categories=base.categories if wanted is None else wanted)
        return ask, None, decide(ask, None)
    ask = replace(
        base, purpose=Purpose.COORDINATION, categories=wanted or frozenset({Category.GROUPS})
    )
    answer = ask, None, decide(ask, None)
    for consent in candidates:
        ask = replace(
            base,
            purpose=Purpose(consent.purpose),
            categories=frozenset(map(Category, consent.categories)) if wanted is None else wanted,
            # A clinic hands its paper to the one whom the consent names.
            recipient=base.recipient or recipient_of(consent),
        )
        decision = decide(ask, signed(consent, referral=referral))
        answer = ask, consent, decision
        if decision.is_allowed:
            break
    return answer


def _candidates(door: Exit, referral: Referral | None, consent: Consent | None) -> list[Consent]:
    """Return the consents that cover this referral, newest first."""
    if door.relation != Relation.OTHER or referral is None:
        return []
    rows = Consent.objects.filter(shared__referral=referral)
    if consent is not None:
        rows = rows.filter(pk=consent.pk)
    return list(rows.select_related("revocation", "recipient_organization").order_by("-taken_at"))


def _is_authorised(
    door: Exit, patient: Patient, referral: Referral | None, *, by: User | None
) -> bool:
    """R01: the patient by their link, a member who works with them, or a reader given it."""
    if door.name in _BY_LINK:
        return by is None
    if by is None:
        return False
    if door.name in _BY_RECIPIENT:
        return referral is not None and receiving.is_reader(by, referral)
    if needed := _NEEDED.get(door.name):
        if not allows(by, needed, organization=patient.organization):
            return False
    elif allows(by, Permission.OVERSEE, organization=patient.organization):
        return True
    return Patient.objects.visible_to(by).filter(pk=patient.pk).exists()


def _has_agreement(patient: Patient) -> bool:
    """R02: whoever runs this site and the clinic have signed what the law asks for."""
    return patient.organization.agreement_on is not None


def _recipient(door: Exit, *, by: User | None) -> Recipient | None:
    """Return the organization that asks, for a reader; others are told apart by the consent."""
    if door.name not in _BY_RECIPIENT or by is None:
        return None
    own = membership_of(by)
    return Recipient(RecipientKind.ORGANIZATION, own.organization_id if own else None)


def _is_restricted(door: Exit, patient: Patient) -> bool:
    return door.relation == Relation.OTHER and patient.restrictions.filter(checked_at=None).exists()


def _name(consent: Consent | None, emergency: Emergency | None) -> str:
    if emergency is not None:
        return f"{emergency.to}, {emergency.affiliation}"
    if consent is None:
        return ""
    return str(consent.recipient_organization or consent.recipient_name)


def _facts(emergency: Emergency | None) -> dict:
    """Keep the four facts of 2.51(c)."""
    return {} if emergency is None else asdict(emergency)
