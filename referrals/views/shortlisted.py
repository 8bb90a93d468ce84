"""The clinic's shortlists beside suggestions: what on them fits, and keeping ticked meetings."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _

from finder.presenters.words import date_words
from referrals import shortlists, suggested
from referrals.forms.shortlists import KeepForm
from referrals.lifecycle import Refused
from referrals.matching import Match, Needs, WhyNot, suggest_among
from referrals.models import Organization, ShortlistEntry
from referrals.suggested import GroupCard


@dataclass(frozen=True)
class Shortlisted:
    """Groups of the clinic's lists: those that fit, each with its lists, and those that do not."""

    matches: tuple[Match, ...]
    cards: list[tuple[GroupCard, str]]
    left_out: tuple[WhyNot, ...]


def shortlisted(
    organization: Organization, needs: Needs, *, now: datetime, without: Collection[int]
) -> Shortlisted:
    """Judge the meetings on a clinic's lists by a person's needs, without those shown already."""
    rows = [
        (meeting, entry)
        for meeting, entry in shortlists.standing(organization.pk)
        if meeting.pk not in without
    ]
    groups = {meeting.pk: meeting.group_id for meeting, _entry in rows}
    among = suggest_among(groups, needs, now=now, clinic=organization.pk)
    told: dict[int, list[ShortlistEntry]] = {}
    for meeting, entry in rows:
        told.setdefault(meeting.group_id, []).append(entry)
    cards = suggested.cards(among.matches, needs=needs, now=now)
    pairs = [(card, _lists_words(told[card.group_id])) for card in cards]
    return Shortlisted(among.matches, pairs, among.left_out)


def _lists_words(entries: list[ShortlistEntry]) -> str:
    """Name the lists a group is on, and since when what stands there is confirmed."""
    names = ", ".join(dict.fromkeys(entry.shortlist.name for entry in entries))
    day = date_words(min(entry.confirmed_on for entry in entries))
    return _("On your list: %(names)s. Last confirmed on %(day)s.") % {"names": names, "day": day}


def keep_ticked(
    request: HttpRequest, organization: Organization, meetings: Collection[int], *, now: datetime
) -> KeepForm:
    """Put ticked meetings on the list that was chosen or named; say what came of it."""
    form = KeepForm(request.POST, lists=shortlists.lists_of(organization), auto_id="keep_%s")
    if not form.is_valid():
        return form
    if not meetings:
        form.add_error(None, _("Tick the meetings to keep first."))
        return form
    row = form.chosen
    try:
        if row is None:
            name = _("List of %(day)s") % {"day": date_words(now.date())}
            row = shortlists.make(name, organization=organization, by=request.user, now=now)
        shortlists.add(row, meetings, by=request.user, now=now)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return form
    messages.success(request, _("Kept on: %(name)s") % {"name": row.name})
    return KeepForm(lists=shortlists.lists_of(organization), auto_id="keep_%s")
