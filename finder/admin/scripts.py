"""The script of a call on screen, and the ways to a group; never a member's own number."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from finder.models import Group
from finder.presenters.groups import meeting_when, place_line
from finder.vocab import Access, EvidenceKind


@dataclass(frozen=True)
class Route:
    """One way to a group."""

    words: str
    url: str = ""


@dataclass(frozen=True)
class Script:
    """What to say, what to keep to, and how to reach the group."""

    say: tuple[str, ...]
    keep: tuple[str, ...]
    routes: tuple[Route, ...] = ()


def script_for(kind: str, *, site: str, group: Group | None = None) -> Script:
    """Give the script for one kind of evidence; ``site`` is scheme and host."""
    asks = kind in ("", EvidenceKind.CLINICIAN_CALL, EvidenceKind.GROUP_STATEMENT)
    address = f"{site}{group.get_absolute_url()}" if group else f"{site}/"
    return Script(
        say=_call(address) if asks else (),
        keep=tuple(_rules(kind)),
        routes=tuple(_routes(group)) if group else (),
    )


def _call(address: str) -> tuple[str, ...]:
    return (
        _(
            "Hello. My name is … and I work on MHG Finder, a free list of meetings. We belong to "
            "no program."
        ),
        _(
            "People who take methadone, buprenorphine or naltrexone ask us where they are welcome. "
            "May I ask how your group does it? It takes five minutes."
        ),
        _(
            "We publish what you say as facts, with the month and “one call to the group”. We "
            "publish no names and no words of yours."
        ),
        _(
            "You can see it at %(address)s. There, or through the link of your service body, you "
            "can correct it, answer it, or have the group taken off the list, at any time."
        )
        % {"address": address},
        _(
            "You may say that the group has no position, or that you would rather not answer. "
            "Either is fine; we then only note that we asked."
        ),
    )


def _rules(kind: str) -> Iterator[str]:
    match kind:
        case EvidenceKind.PEER_VISIT:
            yield _("Open meetings or your own group only. Never visit under a cover.")
            yield _("It counts as good only if someone there knew of the medication.")
        case EvidenceKind.LISTING_CLAIM:
            yield _("Give the address where it can be read. A code in a feed is never a claim.")
        case EvidenceKind.HEARSAY:
            yield _("It counts little, however often it is repeated, and judges nobody alone.")
        case EvidenceKind.GROUP_STATEMENT:
            yield _("A dated vote or text of the group. “No position” is an answer too.")
        case _other:
            yield _("Open meetings or your own group only. Never visit under a cover.")
    yield _("Write down no name and no words of a member.")
    yield _("One member’s remark is one member’s remark: say so under “who pressed”.")
    yield _("What speaks against a group needs a second reviewer and 21 days for its reply.")


def _routes(group: Group) -> Iterator[Route]:
    if group.entity:
        yield Route(_("Helpline or address of its service body: %s.") % group.entity)
    if group.website:
        yield Route(_("Its own site:"), group.website)
    if group.source and group.source.url:
        # Without its parameters, which may hold a key.
        listed = group.source.url.split("?")[0]
        yield Route(_("Feedback address of the list it comes from (%s):") % group.source, listed)
    rows = group.meetings.listed().select_related("place").order_by("weekday", "start", "pk")
    for meeting in rows:
        if {Access.OPEN} & {*meeting.access, *group.access}:
            where = place_line(meeting)
            told = {"when": meeting_when(meeting), "where": where}
            yield Route(_("Open meeting, for a visit: %(when)s %(where)s") % told)
