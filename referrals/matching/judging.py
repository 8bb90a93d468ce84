"""What rules a group out, which of its meetings one could use, and what must be asked first.

A fact that is "no" removes; one that nobody knows stays, to be asked.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from finder.search.candidates import (
    UNKNOWN_READING,
    CandidateGroup,
    CandidateMeeting,
    Facts,
    Reading,
)
from finder.vocab import ADMISSION, POSITIVE_LABELS, Access, Fact, Focus, ScheduleKind
from referrals.matching.needs import AcceptanceMode, Device, Needs, Travel, Way, Window
from referrals.matching.scoring import ANY_SUBSTANCE, SUBSTANCES, travel_minutes
from referrals.matching.values import MatchMeeting

DEFAULT_LANGUAGE = "en"
CHILDREN = "children"
LANGUAGE = "language"
# Access that only a room can give or withhold.
OF_A_ROOM = frozenset(
    {
        *(Access.STEP_FREE, Access.ACCESSIBLE_TOILET, Access.FRAGRANCE_FREE, Access.SMOKE_FREE),
        *(Access.CHILD_CARE, Access.CHILDREN_WELCOME, Access.NEAR_TRANSIT, Access.OUTDOOR),
    }
)
# Admission that a person must have named to be taken as fitting; sex is never inferred.
_FITS_ONLY_IF_NAMED = frozenset({Focus.PROFESSIONALS, Focus.HEALTH_PROFESSIONALS})


@dataclass(frozen=True)
class Judged:
    """A group with the meetings left to it, or the code of what ruled it out."""

    group: CandidateGroup
    meetings: tuple[MatchMeeting, ...] = ()
    ruled_out_by: str = ""


def readings_for(group: CandidateGroup, needs: Needs) -> tuple[Reading, ...]:
    """The public readings of the medications that matter; a missing one is not known."""
    told = group.acceptance
    return tuple(told.get(medication, UNKNOWN_READING) for medication in needs.medications)


def judge(group: CandidateGroup, needs: Needs) -> Judged:
    """Apply every rule that is never let go."""
    if code := _group_ruled_out_by(group, needs):
        return Judged(group, ruled_out_by=code)
    usable: list[MatchMeeting] = []
    last = "way_in"
    for meeting in group.meetings:
        code = _meeting_ruled_out_by(group, meeting, needs)
        ways = [] if code else list(_ways(group, meeting, needs))
        usable.extend(way for way in ways if isinstance(way, MatchMeeting))
        last = code or next((way for way in ways if isinstance(way, str)), last)
    return Judged(group, tuple(usable)) if usable else Judged(group, ruled_out_by=last)


def _group_ruled_out_by(group: CandidateGroup, needs: Needs) -> str:
    if group.id in needs.vetoed_groups:
        return "veto"
    if group.is_family:
        return "family"
    if is_other_concern(group.substances, needs):
        return "other_concern"
    is_positive = all(reading.label in POSITIVE_LABELS for reading in readings_for(group, needs))
    if needs.acceptance == AcceptanceMode.ONLY and not is_positive:
        return "acceptance"
    return ""


def is_other_concern(about: frozenset[str], needs: Needs) -> bool:
    """Say whether a program is about something else altogether, such as gambling."""
    return bool(about) and not about & (SUBSTANCES | {ANY_SUBSTANCE, needs.substance})


def _meeting_ruled_out_by(group: CandidateGroup, meeting: CandidateMeeting, needs: Needs) -> str:
    if any(not may_be_admitted(code, needs) for code in admission(group, meeting)):
        return "admission"
    if _language(group, meeting, needs) == Fact.NO:
        return LANGUAGE
    return ""


def admission(group: CandidateGroup, meeting: CandidateMeeting) -> list[str]:
    """Admission rules that hold for a meeting; its own word goes before its group's."""
    return [code for code in ADMISSION if _fact(meeting.focus, group.focus, code) == Fact.YES]


def may_be_admitted(code: str, needs: Needs) -> bool:
    """Say whether a group made for some people alone may admit this one."""
    if code in needs.does_not_fit:
        return False
    if code in needs.focus:
        return True
    if code == Focus.TEENS:
        return needs.is_under_18
    return code not in _FITS_ONLY_IF_NAMED


def _fact(own: Facts, of_group: Facts, code: str) -> Fact:
    told = own.of(code)
    return told if told != Fact.NOT_KNOWN else of_group.of(code)


def _language(group: CandidateGroup, meeting: CandidateMeeting, needs: Needs) -> Fact:
    spoken = meeting.languages.yes or group.languages.yes
    return language_fact(spoken, meeting.languages.no | group.languages.no, needs)


def language_fact(spoken: frozenset[str], told_not: frozenset[str], needs: Needs) -> Fact:
    """Say whether a meeting is held in a language the person understands.

    Languages that are stated are taken as complete. Where none is, English is the usual one.
    """
    understood = {_base(code) for code in needs.languages}
    if spoken:
        return Fact.YES if understood & {_base(code) for code in spoken} else Fact.NO
    not_spoken = {_base(code) for code in told_not}
    if not understood - not_spoken:
        return Fact.NO
    return Fact.YES if DEFAULT_LANGUAGE in understood - not_spoken else Fact.NOT_KNOWN


def _base(code: str) -> str:
    return code.casefold().split("-")[0]


def _ways(
    group: CandidateGroup, meeting: CandidateMeeting, needs: Needs
) -> Iterator[MatchMeeting | str]:
    """Yield each way to take part, or the code of what bars it."""
    for way in _open_ways(meeting, needs):
        if way == Way.IN_PERSON and _is_vetoed_place(meeting, needs):
            yield "veto"
            continue
        told = dict(_access_facts(group, meeting, way, needs))
        if Fact.NO in told.values():
            yield "access"
            continue
        unknown = [code for code, fact in told.items() if fact == Fact.NOT_KNOWN]
        if _language(group, meeting, needs) == Fact.NOT_KNOWN:
            unknown.append(LANGUAGE)
        yield _usable(meeting, way, needs, tuple(unknown))


def _open_ways(meeting: CandidateMeeting, needs: Needs) -> Iterator[Way]:
    away = meeting.distance_miles
    is_in_reach = away is not None and away <= needs.reach
    if meeting.is_in_person and is_in_reach and needs.travel != Travel.NONE:
        yield Way.IN_PERSON
    if meeting.is_online and needs.device == Device.SMARTPHONE:
        yield Way.ONLINE
    if meeting.has_phone and meeting.format != "in_person" and needs.device != Device.NONE:
        yield Way.PHONE


def _is_vetoed_place(meeting: CandidateMeeting, needs: Needs) -> bool:
    """Say whether a place is one to keep away from: part of its name or address is enough.

    Better one meeting too few than the one place that is not safe.
    """
    place = meeting.row.get("place") or {}
    told = [_plain(place.get(name)) for name in ("name", "address", "city")]
    vetoes = filter(None, map(_plain, needs.vetoed_places))
    return any(f" {veto} " in f" {words} " for veto in vetoes for words in told)


def _plain(text: str | None) -> str:
    """Fold case and keep the words alone.

    >>> _plain("St. Mark's  Church,")
    'st mark s church'
    """
    return " ".join(re.findall(r"\w+", (text or "").casefold()))


def _access_facts(
    group: CandidateGroup, meeting: CandidateMeeting, way: Way, needs: Needs
) -> Iterator[tuple[str, Fact]]:
    for code in needs.access:
        if way == Way.IN_PERSON or code not in OF_A_ROOM:
            yield str(code), _fact(meeting.access, group.access, code)
    if needs.with_children and way == Way.IN_PERSON:
        yield CHILDREN, _children(group, meeting)


def _children(group: CandidateGroup, meeting: CandidateMeeting) -> Fact:
    """Say whether one may bring a child: cared for, or simply welcome."""
    told = {
        _fact(meeting.access, group.access, code)
        for code in (Access.CHILD_CARE, Access.CHILDREN_WELCOME)
    }
    if Fact.YES in told:
        return Fact.YES
    welcome = _fact(meeting.access, group.access, Access.CHILDREN_WELCOME)
    return Fact.NO if welcome == Fact.NO else Fact.NOT_KNOWN


def _usable(
    meeting: CandidateMeeting, way: Way, needs: Needs, unknown: tuple[str, ...]
) -> MatchMeeting:
    miles = (meeting.distance_miles or 0.0) if way == Way.IN_PERSON else 0.0
    return MatchMeeting(
        meeting=meeting,
        way=way,
        minutes=travel_minutes(miles, needs.travel) if miles else 0.0,
        is_too_far=miles > needs.miles,
        is_at_other_time=not _is_at_a_good_time(meeting, needs),
        unknown=unknown,
    )


def _is_at_a_good_time(meeting: CandidateMeeting, needs: Needs) -> bool:
    slot = meeting.slot
    if slot is None:
        return meeting.kind in (ScheduleKind.ALWAYS, ScheduleKind.APPOINTMENT)
    start = slot.weekday * 1440 + slot.minute
    end = start + (slot.duration or 60)
    if any(_overlaps(start, end, window) for window in needs.busy):
        return False
    return not needs.times or any(_begins_in(start, window) for window in needs.times)


def _begins_in(start: int, window: Window) -> bool:
    return window.weekday * 1440 + window.start <= start < window.weekday * 1440 + window.end


def _overlaps(start: int, end: int, window: Window) -> bool:
    """Say whether a meeting and a window share a minute of the week, which is a circle."""
    first, last = window.weekday * 1440 + window.start, window.weekday * 1440 + window.end
    week = 7 * 1440
    return any(start + turn < last and first < end + turn for turn in (-week, 0, week))


def usable_within(
    meetings: Iterable[MatchMeeting], let_go: frozenset[str] = frozenset()
) -> tuple[MatchMeeting, ...]:
    """Keep the meetings that break no wish but those let go."""
    return tuple(item for item in meetings if item.broken <= let_go)
