"""The pages behind a service body's secret link; looking changes nothing, each button one thing."""

from collections.abc import Callable
from functools import wraps

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from finder import lane, limits, suggestions
from finder.curation import EvidenceRefused
from finder.models import BodyLink, Group, Meeting
from finder.presenters.lane import DONE, group_words
from finder.requests import client_address, same_origin_post
from finder.secret_links import token_for
from finder.views.lane_forms import ReplyForm, StatementDetails
from finder.views.suggest_forms import ChangeForm

PER_PAGE = 25


def _with_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Find the link first; unknown, ended and revoked ones get one and the same answer."""

    @wraps(view)
    def found(request: HttpRequest, token: str, **kwargs) -> HttpResponse:
        now = timezone.now()
        if not limits.allow(limits.BODY_LINKS, client_address(request), now=now):
            return render(request, "suggest/later.html", status=429)
        link = lane.find(token, now=now)
        if link is None:
            raise Http404
        return view(request, link, token, **kwargs)

    guarded = same_origin_post(found)
    return never_cache(require_http_methods(["GET", "HEAD", "POST"])(guarded))


@_with_link
def page(request: HttpRequest, link: BodyLink, token: str) -> HttpResponse:
    """All that is listed of the body's groups, and why."""
    shown = Paginator(lane.groups_of(link.body), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "body": link.body,
        "token": token,
        "pages": shown,
        "groups": group_words(shown.object_list, today=timezone.localdate()),
        "done": DONE.get(request.GET.get("done", ""), ""),
    }
    return render(request, "lane/page.html", context)


@_with_link
def confirm_all(request: HttpRequest, link: BodyLink, token: str) -> HttpResponse:
    """The button of the mailed link: every listing of the body is right."""
    groups = lane.groups_of(link.body)
    if request.method != "POST":
        context = {"body": link.body, "token": token, "count": groups.count()}
        return render(request, "lane/confirm.html", context)
    for group in groups:
        lane.confirm(link, group, now=timezone.now())
    return _back(token, "confirmed-all")


@_with_link
def quiet(request: HttpRequest, link: BodyLink, token: str) -> HttpResponse:
    """The button that ends our letters."""
    if request.method != "POST":
        return render(request, "lane/quiet.html", {"body": link.body, "token": token})
    lane.stop_asking(link)
    return _back(token, "quiet")


@_with_link
def confirm(request: HttpRequest, link: BodyLink, token: str, pk: int) -> HttpResponse:
    """One listing is right."""
    group = _group(link, pk)
    if request.method != "POST":
        return _back(token, "", pk)
    lane.confirm(link, group, now=timezone.now())
    return _back(token, "confirmed", pk)


@_with_link
def take_out(request: HttpRequest, link: BodyLink, token: str, pk: int) -> HttpResponse:
    """One group is no longer listed, for good."""
    group = _group(link, pk)
    if request.method != "POST":
        return render(request, "lane/take_out.html", {"group": group, "token": token})
    lane.take_out(link, group, now=timezone.now())
    return _back(token, "taken-out")


@_with_link
def reply(request: HttpRequest, link: BodyLink, token: str, pk: int) -> HttpResponse:
    """A group's answer, shown at once."""
    group = _group(link, pk)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        lane.reply(link, group, form.cleaned_data["text"], now=timezone.now())
        return _back(token, "replied", pk)
    return _form(request, "lane/reply.html", form, group, token)


@_with_link
def statement(request: HttpRequest, link: BodyLink, token: str, pk: int) -> HttpResponse:
    """A group's statement, which a curator reviews."""
    group = _group(link, pk)
    form = StatementDetails(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("on", "form", "text")}
        try:
            lane.state(link, group, **told, position=form.stated(), now=timezone.now())
            return _back(token, "stated", pk)
        except EvidenceRefused as refusal:
            field = refusal.field if refusal.field in form.fields else None
            form.add_error(field, refusal.sentence)
    return _form(request, "lane/statement.html", form, group, token)


@_with_link
def correct(request: HttpRequest, link: BodyLink, token: str, pk: int) -> HttpResponse:
    """A correction of one meeting; curators see that the service body asks for it."""
    rows = Meeting.objects.listed().with_relations()
    meeting = get_object_or_404(rows, pk=pk, group__in=lane.groups_of(link.body))
    form = ChangeForm(request.POST if request.method == "POST" else None, about=meeting)
    if request.method == "POST" and form.is_valid():
        _suggest(request, link, form)
        return _back(token, "corrected", meeting.group_id)
    status = 400 if form.is_bound else 200
    context = {"form": form, "meeting": meeting, "token": token}
    return render(request, "lane/correct.html", context, status=status)


def _suggest(request: HttpRequest, link: BodyLink, form: ChangeForm) -> None:
    thread = token_for(form.nonce)
    told = suggestions.Told(
        kind=form.kind,
        proposed=form.proposed(),
        words=form.cleaned_data["words"],
        email=form.cleaned_data["email"],
        meeting=form.about,
        group=form.about.group,
        body=link.body,
    )
    address = request.build_absolute_uri(reverse("suggestion", args=[thread]))
    suggestions.open_suggestion(told, token=thread, link=address, now=timezone.now())


def _group(link: BodyLink, pk: int) -> Group:
    return get_object_or_404(lane.groups_of(link.body).select_related("program"), pk=pk)


def _form(request: HttpRequest, template: str, form, group: Group, token: str) -> HttpResponse:
    status = 400 if form.is_bound else 200
    context = {"form": form, "group": group, "token": token}
    return render(request, template, context, status=status)


def _back(token: str, done: str, pk: int | None = None) -> HttpResponse:
    address = reverse("lane", args=[token])
    query = f"?done={done}" if done else ""
    response = HttpResponseRedirect(f"{address}{query}{f'#group-{pk}' if pk else ''}")
    response.status_code = 303
    return response
