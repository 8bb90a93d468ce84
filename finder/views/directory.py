"""Pages of one program, group or meeting, found among those a visitor may see."""

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from finder.models import Group, Listing, Meeting, Program
from finder.presenters import acceptance, catalogue, groups, lane, links, meetings, words
from finder.requests import kept_page
from finder.search.params import telling
from finder.views.steps import Step, step
from finder.vocab import Status


@require_safe
def programs(request: HttpRequest) -> HttpResponse:
    """All programs, by family."""
    active = Q(groups__status__in=[Status.ACTIVE, Status.PAUSED], groups__merged_into=None)
    rows = Program.objects.listed().annotate(group_count=Count("groups", filter=active))
    return render(request, "finder/programs.html", {"families": catalogue.by_family(rows)})


@require_safe
def program(request: HttpRequest, slug: str) -> HttpResponse:
    """What one program is, and what it says on medication."""
    found = get_object_or_404(Program.objects.listed(), slug=slug)
    its_meetings = _its_meetings(found, found.groups.listed().count())
    context = {
        "program": found,
        "its_meetings": its_meetings,
        # A program that tells what someone takes gets no addresses that name it.
        "downloads": _downloads(found) if its_meetings.address else [],
        "formats": words.sentence_list(words.format_words(code) for code in found.formats),
        "languages": words.sentence_list(words.language_name(code) for code in found.languages),
        "website": links.web_link(found.website),
    }
    return render(request, "finder/program.html", context)


def _its_meetings(program: Program, groups: int) -> Step:
    asked = {"program": [program.slug]}
    said = ngettext(
        "See its meetings (%(counter)s group)", "See its meetings (%(counter)s groups)", groups
    )
    return step(said % {"counter": groups}, asked, is_sensitive=bool(telling(asked)))


def _downloads(program: Program) -> list[tuple[str, str]]:
    """Give the files that a program's meetings can be had as: a name and an address for each."""
    names = {
        "csv": gettext("Spreadsheet (CSV)"),
        "xlsx": gettext("Spreadsheet (Excel)"),
        "ical": gettext("Calendar"),
        "meeting_guide": gettext("Meeting Guide JSON"),
        "geojson": gettext("Map data (GeoJSON)"),
    }
    return [
        (name, f"{reverse('api:download', args=[kind])}?program={program.slug}")
        for kind, name in names.items()
    ]


@require_safe
@kept_page
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """One group: all its meetings, and what is known of medication there."""
    every = Group.objects.select_related("program", "source", "merged_into")
    found = get_object_or_404(every, pk=pk)
    if found.merged_into:
        # Not for good: a merge may be undone.
        return redirect(found.merged_into)
    if found.status not in (Status.ACTIVE, Status.PAUSED):
        return render(request, "finder/gone.html", status=410)
    rows = found.meetings.listed().select_related("place").order_by("weekday", "start", "pk")
    readings = (
        acceptance.for_every_medication(
            found.assessments.all(), program=found.program.slug, today=timezone.localdate()
        )
        if found.may_show_evidence
        else []
    )
    context = {
        "group": found,
        "meetings": [groups.meeting_line(row) for row in rows],
        "readings": readings,
        "said": list(lane.said_by_group(found)) if readings else [],
        "focus": groups.focus_words(found),
        "access": groups.access_words(found),
        "languages": groups.language_words(found),
        "website": links.web_link(found.website),
        "checked": groups.checked_words(found, today=timezone.localdate()),
    }
    return render(request, "finder/group.html", context)


@require_safe
@kept_page
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting: when, where, how to get in; the only page that shows its codes."""
    every = Meeting.objects.with_relations().select_related("source", "merged_into")
    found = get_object_or_404(every.prefetch_related("exceptions"), pk=pk)
    if found.merged_into and found.merged_into.status != Status.RETIRED:
        return redirect(found.merged_into)
    if found.group.merged_into_id:
        return redirect(found.group)
    shown = (Status.ACTIVE, Status.PAUSED)
    if found.status not in shown or found.group.status not in shown:
        return render(request, "finder/gone.html", status=410)
    listing = Listing.objects.filter(pk=found.pk).first()
    context = meetings.meeting_context(found, listing=listing, now=timezone.now())
    return render(request, "finder/meeting.html", context)
