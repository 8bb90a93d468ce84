"""Pages of words alone, and the small files machines ask for; no directory data."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from finder.presenters.method import method_context


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "finder/about.html")


@require_safe
def acceptance_method(request: HttpRequest) -> HttpResponse:
    """The method with all its numbers, and what other numbers would change."""
    return render(request, "finder/acceptance_method.html", method_context(get_language() or ""))


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "finder/privacy.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "finder/accessibility.html", {"contact": settings.DEFAULT_FROM_EMAIL})


@require_safe
def safety(request: HttpRequest) -> HttpResponse:
    return render(request, "finder/safety.html")


@require_safe
def blank(request: HttpRequest) -> HttpResponse:
    """The neutral page that "Leave quickly" goes to."""
    return render(request, "blank.html")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Keep crawlers out of handouts, share links and everything behind a sign-in."""
    closed = ["/accounts/", "/admin/", "/referrals/", "/refer/", "/plan/", "/s/", "/blank/"]
    closed += ["/suggest/thread/", "/lane/", "/card/"]
    others = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    closed += [f"/{code}{path}" for code in others for path in closed]
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in closed)]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Say where to report a weakness (RFC 9116); it must not be older than a year."""
    expires = timezone.now().replace(microsecond=0, second=0, minute=0, hour=0)
    lines = [
        f"Contact: mailto:{settings.DEFAULT_FROM_EMAIL}",
        f"Expires: {expires.replace(year=expires.year + 1, day=1).strftime('%Y-%m-%dT%H:%M:%SZ')}",
        "Preferred-Languages: en, es",
        f"Canonical: {request.build_absolute_uri(reverse('security-txt'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
