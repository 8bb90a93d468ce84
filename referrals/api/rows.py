"""The rows of the referral API; which of them a person may read is decided before."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from referrals.checkins import Told
from referrals.lifecycle import Move
from referrals.matching import Line, Match, Needs, Suggestions
from referrals.models import CheckIn, Referral, ReferralEvent
from referrals.suggested import GroupCard, MeetingChoice, cards


def referral_row(referral: Referral) -> dict[str, Any]:
    """Group, state and dates: what programs and administrators read. Group and program loaded."""
    program = referral.group.program
    return {
        "id": referral.pk,
        "group": {"id": referral.group_id, "name": referral.group.name},
        "program": {"slug": program.slug, "name": program.name},
        "state": referral.state,
        "state_at": referral.state_at,
        "created_at": referral.created_at,
        "first_meeting_at": referral.first_meeting_at,
        "reopens": referral.reopens_id,
        "version": referral.version,
        "is_live": referral.is_live,
    }


def content_row(referral: Referral) -> dict[str, Any]:
    """What those who work with the patient read besides. The patient must be loaded."""
    return referral_row(referral) | {
        "patient": {"id": referral.patient_id, "label": referral.patient.label},
        "plan": referral.plan_id,
        "meetings": referral.meetings,
        "medication": referral.medication,
        "reason": referral.reason,
    }


def event_row(event: ReferralEvent, *, may_read: bool) -> dict[str, Any]:
    """One line of the history; its reason is for those who work with the patient."""
    row = {
        "from": event.from_state,
        "to": event.to_state,
        "at": event.at,
        "role": event.role,
    }
    return row | {"reason": event.reason} if may_read else row


def move_row(move: Move) -> dict[str, Any]:
    """One step that the asker may take now."""
    return {"step": move.name, "label": str(move.label), "needs_reason": move.needs_reason}


def check_in_row(check_in: CheckIn) -> dict[str, Any]:
    """How it went, as it was told."""
    told = Told.from_document(check_in.answers)
    names = ("went", "felt", "spoke", "pushed", "knew", "again")
    return {
        "id": check_in.pk,
        "at": check_in.at,
        "role": check_in.role,
        **{name: getattr(told, name) for name in names},
        "is_bad": told.is_bad,
    }


def match_document(found: Suggestions, *, needs: Needs, now: datetime) -> dict[str, Any]:
    """Everything that was found for needs, with its words."""
    return {
        "three": _matches(found.chosen, needs=needs, now=now),
        "rest": _matches(found.rest, needs=needs, now=now),
        "why_not": [
            {
                "group": {"id": why.group.id, "name": why.group.name},
                "miles": round(why.miles, 1),
                "reason": asdict(why.reason),
            }
            for why in found.why_not
        ],
        "notes": _lines(found.notes),
        "let_go": list(found.let_go),
        "near_count": found.near_count,
        "asked_count": found.asked_count,
        "timezone": needs.zone,
    }


def _matches(matches: tuple[Match, ...], *, needs: Needs, now: datetime) -> list[dict[str, Any]]:
    shown = cards(matches, needs=needs, now=now)
    return [_match(match, card, needs) for match, card in zip(matches, shown, strict=True)]


def _match(match: Match, card: GroupCard, needs: Needs) -> dict[str, Any]:
    return {
        "group": {"id": match.group.id, "name": match.group.name},
        "program": {"slug": match.group.program, "name": match.group.program_name},
        "score": round(match.score, 6),
        "terms": asdict(match.terms),
        "acceptance": {
            medication: {
                "label": reading.label,
                "basis": reading.basis,
                "lower_bound": reading.lower,
                "newest_month": reading.newest_month,
                "caution": reading.has_caution,
            }
            for medication, reading in zip(needs.medications, match.readings, strict=False)
        },
        "must_ask_first": match.must_ask_first,
        "best": _meeting(card.best),
        "others": [_meeting(other) for other in card.others],
        "reasons": _lines(match.reasons),
        "not_known": _lines(match.not_known),
        "cautions": _lines(match.cautions),
    }


def _meeting(choice: MeetingChoice) -> dict[str, Any]:
    return asdict(choice)


def _lines(lines: tuple[Line, ...]) -> list[dict[str, str]]:
    return [asdict(line) for line in lines]
