"""What stands before every private page: time, the second step, and asking for it again.

By address and not by view, so that a page added tomorrow has it too. What one page of the
referral tool needs besides stands in guards.
"""

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from django.contrib.auth import logout
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from finder.middleware import is_private
from referrals import second_step

IDLE_SECONDS = 15 * 60
# The curators' desk shows no patient, and judging a parked feed takes a while.
IDLE_AT_THE_DESK = 30 * 60
LONGEST_SECONDS = 12 * 60 * 60
# So that reading page after page writes little.
NOTED_EVERY = 60
SIGN_OUT = {"account_logout", "admin:logout"}
# All that is open to who has yet to set up a second step, and to who has yet to prove it.
_SETTING_UP = {"mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate"}
_PROVING = {"mfa_reauthenticate", "mfa_reauthenticate_webauthn"}
# Pages of other apps that ask for the second step anew; our own views ask for themselves.
_STEPPED_UP = {
    *("account_change_password", "account_set_password", "account_email"),
    *("mfa_activate_totp", "mfa_deactivate_totp", "mfa_add_webauthn", "mfa_remove_webauthn"),
    *("mfa_edit_webauthn", "mfa_view_recovery_codes", "mfa_download_recovery_codes"),
    *("mfa_generate_recovery_codes", "admin:password_change", "admin:auth_user_password_change"),
}
# Accounts on the curators' desk: who may do what, addresses and second steps.
_STEPPED_UP_MODELS = ("admin:finder_user_", "admin:auth_", "admin:account_", "admin:mfa_")
# Where addresses are written that the site will fetch by itself.
_STEPPED_UP_WRITING = {"admin:finder_source_add", "admin:finder_source_change"}


class PrivatePages:
    """End sessions that are over, and let nobody in on a password alone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "POST" and _name(request) in SIGN_OUT:
            # So that the way back shows nothing to who uses this computer next.
            response["Clear-Site-Data"] = '"cache", "storage"'
        return response

    def process_view(self, request: HttpRequest, *view) -> HttpResponse | None:
        """Answer in the page's place where a session may not open it."""
        if not is_private(request.path_info) or not request.user.is_authenticated:
            return None
        if _is_over(request, now=timezone.now()):
            return _to_sign_in(request)
        name = _name(request)
        if name in SIGN_OUT:
            return None
        is_proved = second_step.is_proved(request)
        refusal = None if is_proved else _without_second_step(request, name)
        if refusal or not _is_stepped_up(request, name):
            return refusal
        return None if second_step.is_fresh(request, now=timezone.now()) else _ask_anew(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Ask for the second step where a page wants it anew."""
        return _ask_anew(request) if isinstance(error, second_step.NotFresh) else None


def _ask_anew(request: HttpRequest) -> HttpResponse:
    return render(
        request, "account/step_up.html", {"address": _where_to_prove(request)}, status=403
    )


def _where_to_prove(request: HttpRequest) -> str:
    query = urlencode({"next": _way_back(request)})
    return f"{second_step.where_to_prove(request.user)}?{query}"


def _name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _is_stepped_up(request: HttpRequest, name: str) -> bool:
    if name in _STEPPED_UP_WRITING:
        # Curators change what else a source has; its address only superusers.
        return request.user.is_superuser and request.method == "POST"
    about_accounts = name.startswith(_STEPPED_UP_MODELS) and not name.endswith("_changelist")
    return name in _STEPPED_UP or about_accounts


def _is_over(request: HttpRequest, *, now: datetime) -> bool:
    """Count the idle minutes and the whole of a session; note each minute that it is used."""
    moment = int(now.timestamp())
    seen = request.session.get("seen_at", moment)
    since = request.session.setdefault("since", moment)
    if moment - seen >= NOTED_EVERY or "seen_at" not in request.session:
        request.session["seen_at"] = moment
    idle = IDLE_AT_THE_DESK if _name(request).startswith("admin:") else IDLE_SECONDS
    return moment - seen > idle or moment - since > LONGEST_SECONDS


def _to_sign_in(request: HttpRequest) -> HttpResponse | None:
    logout(request)
    if _name(request).startswith(("account_", "mfa_")) or _is_api(request):
        # Pages of signing in go on as for anyone, and the API says 401.
        return None
    # What was posted is gone, so only an address that can be opened again is kept.
    return redirect_to_login(request.path if request.method == "GET" else "/referrals/")


def _without_second_step(request: HttpRequest, name: str) -> HttpResponse | None:
    """Lead to where a second step is proved, or set up by who has none; let those pages through."""
    if _is_api(request):
        # A program is led nowhere: to it nobody is signed in.
        request.user = AnonymousUser()
        return None
    if second_step.has_one(request.user):
        return None if name in _PROVING else redirect(_where_to_prove(request))
    return None if name in _SETTING_UP else redirect("mfa_index")


def _is_api(request: HttpRequest) -> bool:
    return request.path_info.startswith("/api/")


def _way_back(request: HttpRequest) -> str:
    """Give the page to go on from: this one, or for a post the page it was sent from."""
    if request.method == "GET":
        return request.get_full_path()
    sent_from = request.headers.get("Referer", "")
    own = {request.get_host()}
    if url_has_allowed_host_and_scheme(sent_from, own, require_https=request.is_secure()):
        return urlsplit(sent_from).path
    return reverse("referrals:dashboard")
