"""The guide: kinds of groups side by side, families, and people in a special place; no session."""

from django.db.models import Case, IntegerField, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from finder.models import Program
from finder.presenters import catalogue, guide

MOST_COLUMNS = 4
# What a first visitor sees: one of each large family, and one made for people on medication.
FIRST_COLUMNS = ("na", "smart", "lifering", "mara")
FAMILY_PROGRAMS = ("smart-family", "learn-to-cope", "al-anon", "nar-anon")


@require_safe
def kinds(request: HttpRequest) -> HttpResponse:
    """Every model, in the same six lines."""
    found = guide.kinds(Program.objects.listed())
    return render(request, "guide/kinds.html", {"kinds": found})


@require_safe
def compare(request: HttpRequest) -> HttpResponse:
    """Up to four programs in columns; the choice is the address."""
    every = list(Program.objects.listed())
    asked = [slug for text in request.GET.getlist("p") for slug in text.split(",") if slug]
    asked = list(dict.fromkeys(asked))
    known = {program.slug: program for program in every}
    wrong = _wrong(asked, known)
    shown = [] if wrong else [known[slug] for slug in asked or FIRST_COLUMNS if slug in known]
    context = {
        "families": catalogue.by_family(every),
        "columns": [guide.column(program) for program in shown],
        "chosen": set(asked),
        "wrong": wrong,
        "kept_query": f"?{urlencode({'p': asked}, doseq=True)}" if asked and not wrong else "",
    }
    return render(request, "guide/compare.html", context, status=400 if wrong else 200)


def _wrong(asked: list[str], known: dict[str, Program]) -> str:
    if [slug for slug in asked if slug not in known]:
        return _("One of these programs is not in our list. Choose again.")
    if len(asked) > MOST_COLUMNS:
        return _("Choose up to %(count)d programs.") % {"count": MOST_COLUMNS}
    return ""


@require_safe
def family(request: HttpRequest) -> HttpResponse:
    """For people who love someone who uses: groups, medication, naloxone."""
    order = Case(
        *(When(slug=slug, then=Value(place)) for place, slug in enumerate(FAMILY_PROGRAMS)),
        output_field=IntegerField(),
    )
    rows = Program.objects.listed().filter(slug__in=FAMILY_PROGRAMS).order_by(order)
    return render(request, "guide/family.html", {"programs": rows})


@require_safe
def pregnancy(request: HttpRequest) -> HttpResponse:
    return render(request, "guide/pregnancy.html")


@require_safe
def under_18(request: HttpRequest) -> HttpResponse:
    return render(request, "guide/under_18.html")


@require_safe
def court(request: HttpRequest) -> HttpResponse:
    return render(request, "guide/court.html")


@require_safe
def research(request: HttpRequest) -> HttpResponse:
    """What one review and the studies behind it found, and what they cannot tell."""
    return render(request, "guide/research.html")
