"""What both ways to a handout share: reading the meetings and the version from a request."""

from collections.abc import Iterable

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone, translation

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
    request: HttpRequest, meetings: list[Meeting], *, medication: str, zone: str, spoken: str = ""
) -> tuple[Handout, HandoutForm]:
    """Build the version that was asked for; discreet, and in the person's language, until then."""
    names = {meeting.pk: handouts.short_name(meeting) for meeting in meetings}
    asked = request.POST if "version" in request.POST else None
    form = HandoutForm(asked, names=names, initial={"language": paper_language(spoken)})
    with translation.override(form.chosen_language):
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


def paper_language(spoken: str) -> str:
    """Return the language of ours that a person speaks, else that of the page."""
    code = spoken.split("-")[0].casefold()
    return code if code in dict(settings.LANGUAGES) else translation.get_language()
