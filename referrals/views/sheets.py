"""What both ways to a handout share: reading the meetings and the version from a request."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.utils import timezone

from finder.models import Meeting
from finder.schedule import is_zone
from finder.vocab import Medication
from referrals import handouts
from referrals.forms import HandoutForm
from referrals.handouts import Handout

MAX_MEETINGS = 20
MAX_DIGITS = 18


def read_ids(texts: Iterable[str]) -> list[int]:
    """Read meeting ids as posted; anything else is passed over, as for a meeting long gone."""
    ids = [int(t) for t in texts if t.isascii() and t.isdecimal() and len(t) <= MAX_DIGITS]
    return list(dict.fromkeys(ids))[:MAX_MEETINGS]


def chosen_meetings(ids: Iterable[int]) -> list[Meeting]:
    """Return the listed meetings among these ids, in their order. One query."""
    wanted = list(ids)
    found = Meeting.objects.listed().with_relations().in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]


def sheet(
    request: HttpRequest, meetings: list[Meeting], *, medication: str, zone: str
) -> tuple[Handout, HandoutForm]:
    """Build the version that was asked for; discreet until one was."""
    names = {meeting.pk: handouts.short_name(meeting) for meeting in meetings}
    form = HandoutForm(request.POST if "version" in request.POST else None, names=names)
    handout = handouts.build(
        meetings,
        site=f"{request.scheme}://{request.get_host()}",
        now=timezone.now(),
        names=form.names,
        is_full=form.is_full,
        medication=medication if medication in Medication.values else "",
        zone=zone if is_zone(zone) else "",
    )
    return handout, form
