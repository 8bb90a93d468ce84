"""Suggestions from anybody: the way in, the forms, and the thread behind a secret link."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from finder import limits, suggestions
from finder.models import Group, Meeting, Suggestion, SuggestionKind
from finder.presenters.suggestions import kind_words, thread_context
from finder.requests import client_address, same_origin_post
from finder.secret_links import token_for
from finder.views.suggest_forms import FORMS, SuggestForm

# Addresses stay neutral: a safety report is nobody's business on a shared phone.
KINDS = {
    "new": SuggestionKind.NEW,
    "change": SuggestionKind.CHANGE,
    "closed": SuggestionKind.CLOSE,
    "visit": SuggestionKind.VISIT,
    "private": SuggestionKind.SAFETY,
    "service-body": SuggestionKind.BODY,
}
WITHOUT_LISTING = (SuggestionKind.NEW, SuggestionKind.BODY)
LONGEST_MESSAGE = 2000


@require_safe
def hub(request: HttpRequest) -> HttpResponse:
    """What can be told: of one listing, or of one that is missing."""
    about = _about(request)
    context = _about_words(about) | {"is_group": isinstance(about, Group)}
    return render(request, "suggest/hub.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def suggest(request: HttpRequest, kind: str) -> HttpResponse:
    """Take one suggestion and give its secret link, in place and only once."""
    if kind not in KINDS:
        raise Http404
    about = _about(request)
    if about is None and KINDS[kind] not in WITHOUT_LISTING:
        return render(request, "suggest/hub.html", {"is_lost": True})
    data = request.POST if request.method == "POST" else None
    form = FORMS[KINDS[kind]](data, about=about)
    context = kind_words(KINDS[kind]) | {"form": form} | _about_words(about)
    if data is None or not form.is_valid():
        status = 200 if data is None else 400
        return render(request, "suggest/form.html", context, status=status)
    if not _may_suggest(request, KINDS[kind]):
        form.add_error(None, _TOO_MANY)
        return render(request, "suggest/form.html", context, status=429)
    return render(request, "suggest/thanks.html", context | {"link": _open(request, form)})


_TOO_MANY = _(
    "Several messages came from this connection in the last hour. Nothing is lost: leave this "
    "page open and send it again in an hour."
)


def _may_suggest(request: HttpRequest, kind: str) -> bool:
    is_safety = kind == SuggestionKind.SAFETY
    limit = limits.SAFETY_REPORTS if is_safety else limits.SUGGESTIONS
    return limits.allow(limit, client_address(request), now=timezone.now())


def _open(request: HttpRequest, form: SuggestForm) -> str:
    """Keep the suggestion and return the whole address of its thread."""
    token = token_for(form.nonce)
    link = request.build_absolute_uri(reverse("suggestion", args=[token]))
    is_meeting = isinstance(form.about, Meeting)
    told = suggestions.Told(
        kind=form.kind,
        proposed=form.proposed(),
        words=form.cleaned_data["words"],
        email=form.cleaned_data["email"],
        program=form.cleaned_data.get("program"),
        meeting=form.about if is_meeting else None,
        group=form.about.group if is_meeting else form.about,
    )
    suggestions.open_suggestion(told, token=token, link=link, now=timezone.now())
    return link


def _about(request: HttpRequest) -> Meeting | Group | None:
    """Find the listing in question; one that is not shown is not found either."""
    for name, rows in (
        ("meeting", Meeting.objects.listed().with_relations()),
        ("group", Group.objects.listed().select_related("program")),
    ):
        if text := request.GET.get(name):
            if not (text.isascii() and text.isdecimal() and len(text) < 19):
                raise Http404
            return get_object_or_404(rows, pk=int(text))
    return None


def _about_words(about: Meeting | Group | None) -> dict:
    query = _query(about)
    return {"about": about, "query": query, "kept_query": query}


def _query(about: Meeting | Group | None) -> str:
    if about is None:
        return ""
    return f"?{'meeting' if isinstance(about, Meeting) else 'group'}={about.pk}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def thread(request: HttpRequest, token: str) -> HttpResponse:
    """Open the talk behind a secret link by a button, so that no mail program opens it ahead."""
    if _has_opened_too_many(request):
        return render(request, "suggest/later.html", status=429)
    found = suggestions.find(token, now=timezone.now())
    if found is None:
        if request.method != "POST":
            # Guessing counts, whichever way it is done.
            limits.allow(limits.LINKS, client_address(request), now=timezone.now())
        raise Http404
    if request.method != "POST":
        return render(request, "suggest/open.html")
    error = _say(request, found)
    context = thread_context(found) | {"error": error}
    if error:
        context["text"] = request.POST["text"]
    return render(request, "suggest/thread.html", context, status=400 if error else 200)


def _has_opened_too_many(request: HttpRequest) -> bool:
    """Count a press of the button; before it only ask."""
    address, now = client_address(request), timezone.now()
    if request.method == "POST":
        return not limits.allow(limits.LINKS, address, now=now)
    return limits.is_used_up(limits.LINKS, address, now=now)


def _say(request: HttpRequest, suggestion: Suggestion) -> str:
    """Add the message that was sent, if one was; return what is wrong with it."""
    if "text" not in request.POST:
        return ""
    text = request.POST["text"].strip()
    if not text:
        return _("Write something first.")
    if len(text) > LONGEST_MESSAGE:
        return _("That is too long: 2,000 letters at most.")
    suggestions.say(suggestion, text, now=timezone.now())
    return ""
