"""Invents groups, their places and meetings as unsaved rows; what was told of them: evidence."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from finder.demo.shape import City, Dice, shape
from finder.demo.spots import Spot, spots
from finder.models import Group, Meeting, MeetingException, Place, Program
from finder.vocab import Access, Focus, Format, MeetingType, Model, ScheduleKind, Status

SITE = "https://example.org"
# Programs whose groups differ in whom they are for; the others follow their program.
GENERAL = ("aa", "na", "smart", "all-recovery", "ca", "lifering", "rd")
ACCESS_HERE = {"child-care": 5, "outdoor": 3, "asl": 3}
ACCESS_ONLINE = {"captions": 25, "no-camera": 30, "asl": 2, "open": 50}
OPPOSITES = {Focus.WOMEN.value: [Focus.MEN.value], Focus.MEN.value: [Focus.WOMEN.value]}


@dataclass
class Directory:
    """Rows that belong together, in the order in which they were invented."""

    places: list[Place] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    exceptions: list[MeetingException] = field(default_factory=list)
    # Groups where nobody was ever asked about medication.
    quiet: set[str] = field(default_factory=set)

    def rows(self) -> list[Place | Group | Meeting | MeetingException]:
        """Give every row, parents first."""
        return [*self.places, *self.groups, *self.meetings, *self.exceptions]


def invent(programs: dict[str, Program], cities: list[City], *, today: date) -> Directory:
    """Invent the whole demonstration directory; only its dates depend on the day."""
    directory = Directory()
    names = _names()
    focuses, languages = _dealt(list(Focus.values)), _dealt(shape()["languages"])
    for spot in spots(programs, cities):
        dice = Dice(spot.key)
        group = _group(spot, next(names), dice, today=today)
        _tag(group, spot, focuses=focuses, languages=languages)
        directory.groups.append(group)
        if spot.is_quiet:
            directory.quiet.add(spot.key)
        _add_meetings(directory, group, spot, dice, today=today)
    _merge_some(directory, today=today)
    _close_some(directory, today=today)
    _except_some(directory, today=today)
    return directory


def _names() -> Iterator[str]:
    first, second = shape()["first_words"], shape()["second_words"]
    pairs = [f"{one} {two}" for one in first for two in second]
    Dice("names").random.shuffle(pairs)
    return iter(pairs)


def _dealt(values: list[str]) -> Iterator[str]:
    while True:
        yield from values


def _group(spot: Spot, name: str, dice: Dice, *, today: date) -> Group:
    verified = today - timedelta(days=dice.random.randrange(420)) if dice.chance(70) else None
    group = Group(
        program=spot.program,
        source_key=spot.key,
        name=name,
        notes=dice.random.choice(shape()["notes"]),
        website=f"{SITE}/groups/{spot.key}" if dice.chance(50) else "",
        entity="Invented service office" if dice.chance(40) else "",
        verified_on=verified,
        verified_by="demonstration" if verified else "",
    )
    match spot.number % 100:
        case 65:
            group.status, group.status_note = Status.PAUSED, "Back after the holidays."
        case 77:
            group.status, group.status_note = Status.INACTIVE, "Not meeting for now."
        case 89:
            group.status, group.retired_on = Status.RETIRED, today - timedelta(days=45)
    return group


def _tag(group: Group, spot: Spot, *, focuses: Iterator[str], languages: Iterator[str]) -> None:
    """Say whom a group is for and what it speaks; nothing said means not known."""
    own = shape()["program_focus"].get(spot.program.slug)
    is_plain = spot.program.slug in GENERAL and not spot.is_quiet
    if own:
        group.focus = [own]
    elif is_plain and spot.number % 4 == 1:
        focus = next(focuses)
        group.focus, group.focus_no = [focus], OPPOSITES.get(focus, [])
        group.name = f"{group.name} for {Focus(focus).label}"
    if is_plain and spot.number % 9 == 2:
        language = next(languages)
        group.languages = [language, "en"] if spot.number % 2 else [language]
        group.languages_no = [] if spot.number % 2 else ["en"]
    elif spot.program.languages and "en" not in spot.program.languages:
        group.languages = spot.program.languages[:1]
    elif spot.number % 5 < 3:
        group.languages = ["en"]
    if Focus.INDIGENOUS in group.focus:
        _ask_community(group, spot)


def _ask_community(group: Group, spot: Spot) -> None:
    """Two in three have a community's consent; no Nation is named in invented data."""
    group.needs_community_consent = True
    if spot.number % 3:
        group.consent_by = "An invented community council"


def _add_meetings(
    directory: Directory, group: Group, spot: Spot, dice: Dice, *, today: date
) -> None:
    if group.consent_by:
        group.consent_on = today - timedelta(days=100 + spot.number % 200)
        group.consent_review_on = group.consent_on + timedelta(days=365)
    format_ = spot.wish.format or dice.format(_formats(spot.program))
    is_here = format_ in (Format.IN_PERSON, Format.HYBRID)
    place = _place(directory, spot, dice) if is_here else None
    access, access_no = _access(format_, dice)
    start, minutes = spot.wish.start or dice.start(), dice.minutes()
    days = _days(spot, dice)
    for number, day in enumerate(days, start=1):
        meeting = Meeting(
            group=group,
            source_key=f"{spot.key}-m{number}",
            slug=f"{spot.key}-{number}",
            name=group.name,
            kind=ScheduleKind.WEEKLY,
            weekday=day,
            start=start,
            duration_minutes=minutes,
            timezone=spot.city.timezone,
            format=format_,
            place=place,
            types=dice.types(),
            access=access,
            access_no=access_no,
            status=group.status,
            status_note=group.status_note,
            retired_on=group.retired_on,
            verified_on=group.verified_on,
            verified_by=group.verified_by,
            updated_on=today - timedelta(days=dice.random.randrange(700)),
        )
        if Access.OPEN in access:
            meeting.types = [kind for kind in meeting.types if kind != MeetingType.CLOSED]
        _give_way_in(meeting, spot, dice)
        if len(days) == 1:
            _make_rare(meeting, spot, today=today)
        directory.meetings.append(meeting)


def _days(spot: Spot, dice: Dice) -> list[int]:
    if spot.wish.start:
        return list(range(7))
    return dice.days(1 if spot.wish.is_always else int(dice.pick(shape()["meetings"])))


def _formats(program: Program) -> list[str]:
    """A program online may also be joined by phone where the catalogue says so."""
    if program.model == Model.MEDICATION and Format.ONLINE in program.formats:
        return [*program.formats, Format.PHONE]
    return program.formats


def _access(format_: Format, dice: Dice) -> tuple[list[str], list[str]]:
    chances = shape()["access"] | ACCESS_HERE
    if format_ in (Format.ONLINE, Format.PHONE):
        chances = ACCESS_ONLINE if format_ == Format.ONLINE else {"open": 50}
    elif format_ == Format.HYBRID:
        chances = chances | {"captions": 15}
    yes = dice.some(chances)
    is_known_not = "step-free" in chances and "step-free" not in yes and dice.chance(35)
    return yes, ["step-free"] if is_known_not else []


def _place(directory: Directory, spot: Spot, dice: Dice) -> Place:
    """Share the last place of the city with every third group, as groups do."""
    here = [place for place in directory.places[-3:] if place.zip == spot.city.zip]
    if here and dice.chance(40):
        return here[-1]
    is_vague = spot.number % 41 == 3
    word, kind = dice.random.choice(shape()["first_words"]), dice.pick(shape()["venues"])
    street = dice.random.choice(shape()["streets"])
    place = Place(
        source_key=f"p{spot.number:04d}",
        name=f"{word} {kind}",
        address="" if is_vague else f"{dice.random.randrange(10, 990)} {street}",
        city=spot.city.name,
        state=spot.city.state,
        zip=spot.city.zip,
        lat=round(spot.city.lat + dice.random.uniform(-0.015, 0.015), 5),
        lng=round(spot.city.lng + dice.random.uniform(-0.015, 0.015), 5),
        is_approximate=is_vague,
        timezone=spot.city.timezone,
    )
    directory.places.append(place)
    return place


def _give_way_in(meeting: Meeting, spot: Spot, dice: Dice) -> None:
    """Give links and numbers: example.org and 555-0100 to 555-0199 are nobody's."""
    if meeting.is_online:
        meeting.join_url = f"{SITE}/join/{spot.key}"
        if dice.chance(40):
            meeting.join_url_secret = f"{meeting.join_url}?pwd=lantern"
            meeting.join_password = "lantern"
    if meeting.format == Format.PHONE or (meeting.is_online and dice.chance(30)):
        meeting.phone = f"{spot.city.area_code}-555-01{spot.number % 100:02d}"
        meeting.phone_code = "123 456 789#"


def _make_rare(meeting: Meeting, spot: Spot, *, today: date) -> None:
    """Turn some single meetings into round-the-clock, monthly, biweekly or arranged ones."""
    match spot.number % 20:
        case _ if spot.wish.is_always:
            meeting.kind = ScheduleKind.ALWAYS
            meeting.weekday = meeting.start = meeting.duration_minutes = None
        case 4 | 12:
            day = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[meeting.weekday]
            is_monthly = spot.number % 20 == 4
            meeting.kind, meeting.weekday = ScheduleKind.RULE, None
            meeting.rrule = (
                f"FREQ=MONTHLY;BYDAY={spot.number // 20 % 4 + 1}{day}"
                if is_monthly
                else f"FREQ=WEEKLY;INTERVAL=2;BYDAY={day}"
            )
            meeting.first_on = date(today.year - 1, 1, 1)
        case 16:
            meeting.kind = ScheduleKind.APPOINTMENT
            meeting.weekday = meeting.start = meeting.duration_minutes = None


def _merge_some(directory: Directory, *, today: date) -> None:
    """Merge three groups into the one before them of the same program."""
    done = 0
    for before, group in zip(directory.groups, directory.groups[1:], strict=False):
        is_alike = before.program == group.program and group.status == before.status
        if done == 3 or not is_alike or group.status != Status.ACTIVE or group.focus:
            continue
        if before.source_key in directory.quiet or before.merged_into:
            continue
        group.merged_into, group.status = before, Status.RETIRED
        group.retired_on = today - timedelta(days=20)
        for meeting in directory.meetings:
            if meeting.group is group:
                meeting.status, meeting.retired_on = Status.RETIRED, group.retired_on
        done += 1


def _close_some(directory: Directory, *, today: date) -> None:
    soon = today + timedelta(days=30)
    for place, until in zip(directory.places[20:60:20], (soon, None), strict=True):
        place.closed_from, place.closed_until = today - timedelta(days=10), until
        place.closed_note = "The building is being painted."


def _except_some(directory: Directory, *, today: date) -> None:
    """Call one coming date off, or move its start, in every fortieth weekly meeting."""
    weekly = [m for m in directory.meetings if m.kind == ScheduleKind.WEEKLY]
    for number, meeting in enumerate(weekly[20::40]):
        on = today + timedelta(days=(meeting.weekday - today.weekday()) % 7 + 7 * (number % 3))
        directory.exceptions.append(
            MeetingException(
                meeting=meeting,
                on=on,
                start=time(15) if number % 2 else None,
                note="Earlier today." if number % 2 else "Off for the holiday.",
            )
        )
