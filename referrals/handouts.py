"""What a person takes away on paper; it has no field for a patient, so none can be on it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import segno
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finder.acceptance import label_words
from finder.models import Assessment, Meeting
from finder.presenters.groups import meeting_when
from finder.presenters.meetings import way_in
from finder.presenters.schedules import when_words
from finder.presenters.words import format_words
from finder.schedule import moment
from finder.vocab import Basis, Format, Label, Medication, ScheduleKind

SAFETY = gettext_lazy(
    "Do not stop or change any medicine because someone at a group tells you to."
    " Ask the person who prescribes it."
)
NAME_LENGTH = 60
# Words that tell why a person goes, besides the names of the program itself.
TELLING = (
    *Medication.values,
    "suboxone",
    "subutex",
    "sublocade",
    "brixadi",
    "vivitrol",
    "zubsolv",
    "moud",
    "medication",
    "anonymous",
)


@dataclass(frozen=True)
class Line:
    """One meeting on the paper; the last four are empty on a discreet one."""

    meeting_id: int
    name: str
    when: str
    place: str
    address: str
    phone: str
    is_online: bool
    program: str = ""
    how: str = ""
    link: str = ""
    acceptance: str = ""


@dataclass(frozen=True)
class Handout:
    """Meetings, a sentence on safety, and an address that needs no sign-in."""

    lines: tuple[Line, ...]
    # The same, discreet whatever the version: what may be sent is made of these alone.
    plain: tuple[Line, ...]
    is_full: bool
    site: str
    language: str

    @property
    def safety(self) -> Promise:
        """The sentence that stands on every handout."""
        return SAFETY

    @property
    def _query(self) -> str:
        return "?" + urlencode(
            {"m": ",".join(str(line.meeting_id) for line in self.lines)}, safe=","
        )

    @property
    def address(self) -> str:
        """The page of these meetings, with site and scheme."""
        return self.site + self._path("plan")

    @property
    def calendar(self) -> str:
        """The calendar file of these meetings."""
        return self._path("plan-calendar")

    def _path(self, name: str) -> str:
        with translation.override(self.language):
            return reverse(name) + self._query

    @property
    def text_message(self) -> str:
        """Words for a phone that others may read: when, what and where, and the page."""
        lines = [". ".join(_told(line)) for line in self.plain]
        return "\n".join([*lines, self.address])

    @property
    def mail_subject(self) -> str:
        """A subject that tells nothing."""
        with translation.override(self.language):
            return _("Meetings")

    @property
    def mail_body(self) -> str:
        """The same words for a mail, which has room for a line more."""
        with translation.override(self.language):
            hello = _("Hello, here are the meetings we talked about.")
            page = _("All of them on one page: %(address)s") % {"address": self.address}
            mind = _("Times and places change: open the page before you go.")
        blocks = ["\n".join(_told(line)) for line in self.plain]
        return "\n\n".join([hello, *blocks, page, mind])

    @cached_property
    def code(self) -> SafeString:
        """The address as a drawing for a phone's camera."""
        return drawn(self.address, css="handout__code")


def drawn(address: str, *, css: str) -> SafeString:
    """Draw an address of ours for a phone's camera, dark on light on any ground."""
    drawing = segno.make(address, error="m", micro=False).svg_inline(
        omitsize=True, svgclass=css, lineclass=None, title=_("Code"), light="#fff", border=4
    )
    # Made by segno from an address of our own: nothing in it was typed by anyone.
    return mark_safe(drawing)


def build(
    meetings: Sequence[Meeting],
    *,
    site: str,
    now: datetime,
    names: Mapping[int, str] | None = None,
    is_full: bool = False,
    medication: str = "",
    zone: str = "",
) -> Handout:
    """Put meetings on paper, discreet unless asked otherwise; at most one query.

    ``names`` are those a person shortened; ``site`` is scheme and host; ``zone`` is the person's,
    on whose clock they join from home. Relations must be loaded.
    """
    chosen = names or {}
    readings: Mapping[int, Assessment] = {}
    if is_full and medication:
        groups = [meeting.group_id for meeting in meetings]
        readings = Assessment.objects.for_cards(groups, medication)
    lines, plain = [], []
    for meeting in meetings:
        name = chosen.get(meeting.pk, "").strip()[:NAME_LENGTH]
        when = _when(meeting, zone=zone, now=now)
        plain.append(_discreet(meeting, name=name, when=when))
        if is_full:
            said = _acceptance(meeting, medication, readings.get(meeting.group_id))
            lines.append(_full(meeting, name=name, when=when, acceptance=said))
    return Handout(
        lines=tuple(lines or plain),
        plain=tuple(plain),
        is_full=is_full,
        site=site,
        language=translation.get_language(),
    )


def _told(line: Line) -> list[str]:
    """What of a discreet line may be sent; how to get in stands on the page."""
    return [part for part in (line.when, line.name, line.place, line.address) if part]


def neutral(text: str, meeting: Meeting) -> str:
    """Take the words out of a name that tell which program or medication it is about."""
    program = meeting.group.program
    telling = [word for word in (program.name, program.short_name, *TELLING) if word]
    pattern = "|".join(re.escape(word) for word in sorted(telling, key=len, reverse=True))
    kept = re.sub(rf"(?<!\w)(?:{pattern})(?!\w)", " ", text, flags=re.IGNORECASE)
    return re.sub(r"\s+", " ", kept).strip(" -–—:,;/|()[]&")


def short_name(meeting: Meeting) -> str:
    """Return the name a discreet handout gives a meeting unless a person types another."""
    return neutral(meeting.name, meeting)[:NAME_LENGTH] or _("Meeting")


def _when(meeting: Meeting, *, zone: str, now: datetime) -> str:
    """Say when it is held: on the clock of its place, or for joining from home on the person's."""
    is_weekly = meeting.kind == ScheduleKind.WEEKLY
    if not zone or meeting.is_in_person or not is_weekly or zone == meeting.timezone:
        return meeting_when(meeting)
    today = now.astimezone(ZoneInfo(meeting.timezone)).date()
    day = today + timedelta(days=(meeting.weekday - today.weekday()) % 7)
    at = moment(day, meeting.start, meeting.timezone).astimezone(ZoneInfo(zone))
    return when_words(
        meeting.kind,
        weekday=at.weekday(),
        start=at.time(),
        minutes=meeting.duration_minutes,
        timezone=zone,
    )


def _discreet(meeting: Meeting, *, name: str, when: str) -> Line:
    place = meeting.place if meeting.is_in_person else None
    entry = way_in(meeting)
    return Line(
        meeting_id=meeting.pk,
        name=name or short_name(meeting),
        when=when,
        place=neutral(place.name, meeting) if place else "",
        address=_address(meeting),
        phone=_phone(entry) if meeting.format == Format.PHONE else "",
        is_online=meeting.is_online,
    )


def _full(meeting: Meeting, *, name: str, when: str, acceptance: str) -> Line:
    place = meeting.place if meeting.is_in_person else None
    entry = way_in(meeting)
    return Line(
        meeting_id=meeting.pk,
        name=name or meeting.name,
        when=when,
        place=place.name if place else "",
        address=_address(meeting),
        phone=_phone(entry),
        is_online=meeting.is_online,
        program=meeting.group.program.name,
        how=format_words(meeting.format),
        link=_link(entry),
        acceptance=acceptance,
    )


def _address(meeting: Meeting) -> str:
    place = meeting.place
    if place is None or not meeting.is_in_person:
        return ""
    return ", ".join(part for part in (place.address, place.city, place.state, place.zip) if part)


def _phone(entry) -> str:
    if entry is None or not entry.phone:
        return ""
    if not entry.phone_code:
        return entry.phone
    return _("%(number)s, code %(code)s") % {"number": entry.phone, "code": entry.phone_code}


def _link(entry) -> str:
    if entry is None or not entry.link:
        return ""
    if not entry.password:
        return entry.link
    return _("%(link)s, password %(password)s") % {"link": entry.link, "password": entry.password}


def _acceptance(meeting: Meeting, medication: str, reading: Assessment | None) -> str:
    if not medication or not meeting.group.may_show_evidence:
        return ""
    label, basis = (reading.label, reading.basis) if reading else (Label.NOT_KNOWN, Basis.PROGRAM)
    words = label_words(label, basis, meeting.group.program.slug)
    return _("%(medication)s: %(words)s") % {
        "medication": Medication(medication).label.capitalize(),
        "words": words,
    }
