"""Works out every change an import makes, without writing: groups, places, meetings, fates."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from finder.feeds import identity
from finder.feeds.identity import Gathering
from finder.feeds.ingest.values import Fate, Match, Plan, State
from finder.feeds.record import MeetingRecord, PlaceRecord
from finder.feeds.zones import zone_of_point
from finder.models import Group, Meeting, Place, Program, Source
from finder.vocab import Focus, ScheduleKind, Status

_TAGS = ("focus", "focus_no", "access", "access_no", "languages")
_COPIED = (
    *("slug", "name", "kind", "weekday", "start", "duration_minutes", "timezone", "format"),
    *("notes", "website", "join_url", "join_url_secret", "join_password", "phone", "phone_code"),
    *("status", "updated_on"),
)
_LISTS = ("types", *_TAGS, "source_codes", "unknown_codes")
_SCHEDULE = ("kind", "weekday", "start", "duration_minutes", "timezone", "rrule", "first_on")


class Planner:
    """Plans one import of one source; ``plan`` is what comes of it."""

    def __init__(self, source: Source, program: Program, state: State, *, today: date) -> None:
        self.source, self.program, self.state, self.today = source, program, state, today
        self.plan = Plan()
        self._groups = {group.source_key: group for group in state.groups}
        self._places = {place.source_key: place for place in state.places}
        self._keys = {meeting.source_key for meeting in state.meetings}
        self._by_pk = {group.pk: group for group in state.groups}
        self._touched: set[int] = set()

    def run(self, matches: list[Match], *, spared: frozenset[int] = frozenset()) -> Plan:
        """Plan groups, then places, then meetings, then what is gone.

        ``spared`` are meetings to leave as they are, though the feed lacks them.
        """
        matches = sorted(matches, key=lambda match: match.gathering.record.key)
        groups = self._plan_groups(matches)
        places = self._plan_places(matches)
        for match in matches:
            self._plan_meeting(match, groups[match.gathering.group_key], places)
        self._plan_absent({match.meeting.pk for match in matches if match.meeting} | spared)
        self._plan_listing_of_groups()
        return self.plan

    # --- Groups -----------------------------------------------------------------------

    def _plan_groups(self, matches: list[Match]) -> dict[str, Group]:
        told: dict[str, list[Match]] = defaultdict(list)
        for match in matches:
            told[match.gathering.group_key].append(match)
        claimed = {id(self._groups[key]) for key in told if key in self._groups}
        found = {}
        for key, members in told.items():
            group = self._groups.get(key) or self._adopted(members, claimed)
            if group is None:
                group = self._new_group(key, members)
            else:
                claimed.add(id(group))
                self._update_group(group, key, members)
            found[key] = _standing(group)
        return found

    def _adopted(self, members: list[Match], claimed: set[int]) -> Group | None:
        """Return the group these meetings were of, when it goes under another key now.

        It keeps its id and evidence if the name or the place or the link still agrees.
        """
        votes: Counter[int] = Counter()
        for match in members:
            group = match.meeting and self._by_pk.get(match.meeting.group_id)
            if group and id(group) not in claimed:
                votes[group.pk] += 1
        return self._by_pk[min(votes, key=lambda pk: (-votes[pk], pk))] if votes else None

    def _new_group(self, key: str, members: list[Match]) -> Group:
        group = Group(program=self.program, source=self.source, source_key=key)
        for field, value in self._group_values(members).items():
            setattr(group, field, value)
        group.needs_community_consent = _is_indigenous(members)
        self.plan.new_groups.append(group)
        return group

    def _update_group(self, group: Group, key: str, members: list[Match]) -> None:
        values = self._group_values(members) | {"source_key": key}
        if _is_indigenous(members):
            values["needs_community_consent"] = True
        if self._assign(group, values):
            self._touch(group, self.plan.changed_groups)

    def _group_values(self, members: list[Match]) -> dict[str, str]:
        records = [match.gathering.record for match in members]
        return {
            "name": _agreed(r.group_name or r.name for r in records),
            "notes": _agreed(r.group_notes for r in records),
            "website": _agreed(r.group_website for r in records),
            "entity": _agreed(r.entity for r in records),
        }

    # --- Places -----------------------------------------------------------------------

    def _plan_places(self, matches: list[Match]) -> dict[str, Place]:
        told: dict[str, list[PlaceRecord]] = defaultdict(list)
        for match in matches:
            if place := match.gathering.record.place:
                told[_place_identity(place)].append(place)
        found = {}
        for key, records in told.items():
            place = self._places.get(key)
            values = _place_values(records)
            if place is None:
                place = Place(source=self.source, source_key=key, **values)
                self.plan.new_places.append(place)
            elif self._assign(place, values):
                self._touch(place, self.plan.changed_places)
            found[key] = place
        return found

    # --- Meetings ---------------------------------------------------------------------

    def _plan_meeting(self, match: Match, group: Group, places: dict[str, Place]) -> None:
        record, meeting = match.gathering.record, match.meeting
        place = places[_place_identity(record.place)] if record.place else None
        values = self._meeting_values(record, group, place)
        if meeting is None:
            meeting = Meeting(source=self.source, source_key=self._free_key(record.key), **values)
            self.plan.new_meetings.append(meeting)
            fate = Fate.CREATED
        else:
            fate = self._update_meeting(match, meeting, values)
        if fate != Fate.UNCHANGED:
            self.plan.records.append((meeting, match.gathering))
        for row in match.gathering.rows:
            self.plan.fates[row] = _stronger(self.plan.fates.get(row), fate)

    def _update_meeting(self, match: Match, meeting: Meeting, values: dict) -> Fate:
        if match.is_reidentified:
            values["source_key"] = self._free_key(match.gathering.record.key)
        stored = self.state.records.get(meeting.pk)
        is_said_anew = stored is None or stored.content_hash != match.gathering.digest
        if self._assign(meeting, values):
            self._touch(meeting, self.plan.changed_meetings)
            return Fate.UPDATED
        return Fate.UPDATED if is_said_anew else Fate.UNCHANGED

    def _meeting_values(self, record: MeetingRecord, group: Group, place: Place | None) -> dict:
        values = {field: getattr(record, field) for field in _COPIED}
        values |= {field: list(getattr(record, field)) for field in _LISTS}
        values |= {
            "group": group,
            "place": place,
            "retired_on": None,
            "status_note": record.status_note[:300],
        }
        said = record.place.notes if place and "notes" not in self.state.locked(place) else ""
        if said and said != place.notes:
            # The hall is one, the rooms differ: what is said of this room stays with the meeting.
            values["notes"] = "\n".join(filter(None, (record.notes, said)))
        return values

    def _free_key(self, key: str) -> str:
        found, number = key, 2
        while found in self._keys:
            found, number = f"{key[:290]}~{number}", number + 1
        self._keys.add(found)
        return found

    # --- What is gone -----------------------------------------------------------------

    def _plan_absent(self, matched: set[int]) -> None:
        for meeting in self.state.meetings:
            if meeting.pk in matched or meeting.status == Status.RETIRED:
                continue
            values = {"status": Status.RETIRED, "retired_on": self.today}
            if self._assign(meeting, values):
                self._touch(meeting, self.plan.changed_meetings)
                self.plan.retired.append(meeting)

    def _plan_listing_of_groups(self) -> None:
        """Retire a group whose every meeting is retired, and bring it back with them."""
        live: Counter[int] = Counter()
        for meeting in (*self.state.meetings, *self.plan.new_meetings):
            live[id(self._own(meeting.group))] += meeting.status != Status.RETIRED
        for group in self.state.groups:
            # One without a meeting of this source is not the feed's to tell of.
            if group.merged_into_id or id(group) not in live:
                continue
            is_live = live[id(group)] > 0 or group.pk in self.state.listed_elsewhere
            if is_live == (group.status != Status.RETIRED):
                continue
            values = {"status": Status.ACTIVE, "retired_on": None}
            if not is_live:
                values = {"status": Status.RETIRED, "retired_on": self.today}
            if self._assign(group, values):
                self._touch(group, self.plan.changed_groups)
                self.plan.relisted_groups.append(group)

    def _own(self, group: Group) -> Group:
        # A meeting loads its group as an object of its own; the planner's is the one changed.
        return self._by_pk.get(group.pk, group)

    # --- One row ----------------------------------------------------------------------

    def _assign(self, row: Group | Place | Meeting, values: dict) -> bool:
        """Set what differs and is not locked; say whether anything was."""
        self._hear_locked(row, values)
        locked = self.state.locked(row)
        if locked & {"lat", "lng"}:
            locked = locked | {"lat", "lng"}
        if "status" in locked:
            locked = locked | {"retired_on", "status_note"}
        if locked & set(_SCHEDULE):
            locked = locked | _kept_schedule(locked, row, values)
        differing = {
            field: value
            for field, value in values.items()
            if field not in locked and _stored(row, field) != _plain(value)
        }
        before = self.plan.before.setdefault(id(row), {}) if differing else {}
        for field, value in differing.items():
            column = row._meta.get_field(field).attname
            before.setdefault(column, getattr(row, column))
            setattr(row, field, value)
        return bool(differing)

    def _hear_locked(self, row: Group | Place | Meeting, values: dict) -> None:
        """Note what the feed says of locked fields: a curator may want to know."""
        for field, lock in self.state.locks_of(row).items():
            if field in values:
                differs = _stored(row, field) != _plain(values[field])
                self.plan.said_of_locks.append((lock, differs, values[field]))

    def _touch(self, row: object, changed: list) -> None:
        if id(row) not in self._touched:
            self._touched.add(id(row))
            changed.append(row)


def _kept_schedule(locked: set[str], row: object, values: dict) -> set[str]:
    """Return the schedule fields to keep, lest a locked half and a new half make no sense."""
    after = {
        f: getattr(row, f) if f in locked else values.get(f, getattr(row, f)) for f in _SCHEDULE
    }
    has_time = after["start"] is not None
    is_whole = after["kind"] != ScheduleKind.WEEKLY or (has_time and after["weekday"] is not None)
    is_rule = after["kind"] == ScheduleKind.RULE
    if is_whole and not is_rule and (not has_time or after["timezone"]):
        return set()
    return set(_SCHEDULE)


def _stored(row: object, field: str) -> object:
    """Return a field's value to compare with; a related row by its id, or itself when new."""
    if field in ("group", "place"):
        related = getattr(row, field)
        return (related and related.pk) or related
    return getattr(row, field)


def _plain(value: object) -> object:
    if isinstance(value, Group | Place):
        return value.pk or value
    return value


def _agreed(said: Iterable, default: object = "") -> object:
    """Return what most rows say, the smallest if several do, so that no order matters."""
    counted = Counter(each for each in said if each not in ("", None))
    return min(counted, key=lambda each: (-counted[each], each)) if counted else default


def _place_identity(place: PlaceRecord) -> str:
    name = identity.fold(place.name)
    point = "" if place.address else identity.point_key(place.lat, place.lng)
    country = f"{identity.fold(place.state)} {place.zip} {place.country}"
    return identity.shortened(f"{identity.place_key(place)}|{country}|{name}|{point}")


_SAID = ("name", "address", "city", "region", "state", "zip", "country", "notes")


def _place_values(records: list[PlaceRecord]) -> dict:
    values = {name: _agreed(getattr(each, name) for each in records) for name in _SAID}
    points = (None if each.lat is None else (each.lat, each.lng) for each in records)
    lat, lng = _agreed(points, (None, None))
    return values | {
        "lat": lat,
        "lng": lng,
        "is_approximate": _agreed(each.is_approximate for each in records),
        "timezone": "" if lat is None else zone_of_point(lat, lng),
    }


def _standing(group: Group) -> Group:
    """Follow merges to the group that stands for this one."""
    while group.merged_into is not None:
        group = group.merged_into
    return group


def _is_indigenous(members: list[Match]) -> bool:
    return any(Focus.INDIGENOUS in match.gathering.record.focus for match in members)


_STRENGTH = (Fate.UNCHANGED, Fate.UPDATED, Fate.CREATED)


def _stronger(before: Fate | None, now: Fate) -> Fate:
    return now if before is None else max(before, now, key=_STRENGTH.index)


def is_withdrawn(gathering: Gathering, tombstones: frozenset[str]) -> bool:
    """Say whether the group of a meeting asked to be taken out."""
    if not tombstones:
        return False
    record = gathering.record
    named = {f"named:{name}" for name in identity.names(record)}
    return bool(tombstones & (named | {gathering.group_key}))
