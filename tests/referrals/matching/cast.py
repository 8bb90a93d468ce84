"""Invented candidate groups for the tests of matching; no database."""

from datetime import UTC, date, datetime, timedelta

from finder.search.candidates import CandidateGroup, CandidateMeeting, Facts, Reading, Slot
from referrals.matching import Needs

NOW = datetime(2026, 11, 2, 18, tzinfo=UTC)
NOT_ASKED = Reading("not_known", "program", 0.1, None, False)
ACCEPTING = Reading("accepting", "group", 0.63, "2026-10-01", False)


def yes(*codes):
    return Facts(yes=frozenset(codes))


def no(*codes):
    return Facts(no=frozenset(codes))


def meeting(pk=1, *, format="in_person", miles=2.0, weekday=0, minute=19 * 60, **rest):
    """A meeting of an hour on Monday at seven, two miles away."""
    is_in_person = format in ("in_person", "hybrid")
    told = {
        "id": pk,
        "name": f"Meeting {pk}",
        "kind": "weekly",
        "format": format,
        "slot": Slot(weekday, minute, 60),
        "per_week": 1.0,
        "next_start": NOW + timedelta(days=1 + pk % 7),
        "distance_miles": miles if is_in_person else None,
        "has_link": format in ("online", "hybrid"),
        "has_phone": format == "phone",
        "types": frozenset(),
        "focus": Facts(),
        "access": Facts(),
        "languages": Facts(),
        "verified_on": None,
        "row": {"id": pk, "place": {"name": "Walnut Hall", "address": "1 Elm St", "city": "X"}},
    }
    return CandidateMeeting(**told | rest)


def group(pk=1, *meetings, acceptance=None, **rest):
    """A 12-step group nobody has asked, with one meeting in person."""
    told = {
        "id": pk,
        "name": f"Group {pk}",
        "program": "na",
        "program_name": "Narcotics Anonymous",
        "model": "12-step",
        "is_secular": False,
        "is_family": False,
        "prior_class": "open",
        "substances": frozenset({"any"}),
        "focus": Facts(),
        "access": Facts(),
        "languages": Facts(),
        "acceptance": dict.fromkeys(
            ("methadone", "buprenorphine", "naltrexone"), acceptance or NOT_ASKED
        ),
        "verified_on": date(2026, 10, 1),
        "meetings": meetings or (meeting(pk * 10),),
    }
    return CandidateGroup(**told | rest)


def smart(pk=50, **rest):
    """A SMART group online that nobody has asked."""
    told = {
        "program": "smart",
        "program_name": "SMART Recovery",
        "model": "smart",
        "is_secular": True,
        "prior_class": "explicit",
        "acceptance": Reading("likely_accepting", "program", 0.657011, None, False),
    }
    meetings = rest.pop("meetings", (meeting(pk * 10, format="online"),))
    return group(pk, *meetings, **told | rest)


def needs(**rest):
    """Someone on methadone who drives and looks within 25 miles."""
    told = {
        "lat": 39.8,
        "lng": -89.65,
        "zone": "America/Chicago",
        "taking": "takes",
        "medication": "methadone",
    }
    return Needs(**told | rest)
