"""Sign-in rules of the site: by invitation only, and what follows from a change of an account."""

from typing import Any

import segno
from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth import update_session_auth_hash
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from finder import limits
from finder.models import User
from finder.requests import client_address
from finder.sealing import seal, unseal
from referrals import audit, second_step
from referrals.models import Kind
from referrals.permissions import membership_of
from referrals.tenancy import organization as rows_of

SITE_NAME = "MHG Finder"
_SEALED_FOR = "second step"
# What allauth tells a person of by mail, by the name of its template.
_SET_UP = {"mfa/email/totp_activated", "mfa/email/webauthn_added"}
_TAKEN_AWAY = {"mfa/email/totp_deactivated", "mfa/email/webauthn_removed"}


def end_sessions(user: User) -> None:
    """End every session of a person at once."""
    User.objects.filter(pk=user.pk).update(session_epoch=F("session_epoch") + 1)
    user.refresh_from_db(fields=["session_epoch"])


def note(kind: Kind, user: User, *, by: User | None) -> None:
    """Record what happened to an account, in the record of where the person works."""
    own = membership_of(user)
    clinic = own and own.organization
    with rows_of(clinic and clinic.pk):
        audit.record(kind, target=("user", str(user.pk)), by=by, organization=clinic)


@transaction.atomic
def take_back_second_step(user: User) -> None:
    """Remove every second step of a person who lost theirs; run by who runs the server.

    Their sessions end, and the password alone leads to setting up a new one, nowhere else.
    """
    Authenticator.objects.filter(user_id=user.pk).delete()
    end_sessions(user)
    note(Kind.ACCOUNT_CHANGED, user, by=None)


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in by invitation, counted without addresses, told of and recorded when it changes."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Name a connection for counting only: limits keep no address."""
        return limits.connection_of_today(client_address(request), now=timezone.now())

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # For each connection apart: a stranger's guesses must not lock the owner out.
        told = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{told}:{self.get_client_ip(request)}"

    def post_login(self, request: HttpRequest, user: User, **kwargs) -> HttpResponse:
        note(Kind.SIGNED_IN, user, by=user)
        return super().post_login(request, user, **kwargs)

    def is_reauthentication_required(self, *, app: str, **kwargs) -> bool:
        """Ask again after five minutes, by our own count (referrals.second_step)."""
        return not second_step.is_fresh(self.request, now=timezone.now())

    def get_reauthentication_methods(self, user: User) -> list[dict]:
        """Offer the second step, and the password to those alone who have none."""
        methods = super().get_reauthentication_methods(user)
        if not second_step.has_one(user):
            return [method for method in methods if method["id"] == "reauthenticate"]
        return [method for method in methods if method["id"] != "reauthenticate"]

    def send_notification_mail(
        self,
        template_prefix: str,
        user: User,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        """Follow a change of an account: record it, end other sessions, and tell the person.

        allauth comes through here after each change, which makes this the place for what
        follows from all of them.
        """
        note(Kind.ACCOUNT_CHANGED, user, by=user)
        if template_prefix in _SET_UP | _TAKEN_AWAY:
            end_sessions(user)
            update_session_auth_hash(self.request, user)
        if template_prefix in _SET_UP:
            second_step.note(self.request, user)
        elif template_prefix in _TAKEN_AWAY and not second_step.has_one(user):
            second_step.forget(self.request)
        super().send_notification_mail(template_prefix, user, context, email)


class StepAdapter(DefaultMFAAdapter):
    """Second steps: their secrets sealed, their code drawn here, and never the last one removed."""

    def encrypt(self, text: str) -> str:
        return seal({"secret": text}, purpose=_SEALED_FOR).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text.encode(), purpose=_SEALED_FOR)["secret"]

    def get_totp_issuer(self) -> str:
        return SITE_NAME

    def build_totp_svg(self, url: str) -> SafeString:
        drawing = segno.make(url, error="m", micro=False).svg_inline(
            omitsize=True, svgclass="step-code", lineclass=None, title=_("Code")
        )
        # Made by segno from a secret and an e-mail address, which it writes as squares alone.
        return mark_safe(drawing)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Keep the last second step of who needs one: a new one is set up first."""
        others = Authenticator.objects.filter(user_id=authenticator.user_id)
        others = others.exclude(pk=authenticator.pk)
        others = others.exclude(type=Authenticator.Type.RECOVERY_CODES)
        return others.exists() or second_step.is_exempt(authenticator.user)

    def generate_authenticator_name(self, user: User, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return _("Passkey %(number)s") % {"number": number}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": SITE_NAME}
