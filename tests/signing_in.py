"""Signing in as tests need it: a client that proved its second step, and codes for forms."""

import time

from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.urls import reverse

PASSWORD = "walnut tree by the river 7"
# Where allauth notes whose proofs these are.
WHOSE = "account_authentication_methods_user"


class ProvedClient(Client):
    """Signs in without the forms, with what the forms would have left in the session."""

    def force_login(self, user, backend=None, *, proved="mfa", ago=0):
        """Sign in; ``proved`` is what was given last (mfa, password or nothing), seconds ago."""
        super().force_login(user, backend)
        if proved:
            session = self.session
            record = {"method": proved, "at": time.time() - ago}
            session[AUTHENTICATION_METHODS_SESSION_KEY] = [record]
            session[WHOSE] = str(user.pk)
            # As after the first page: when it began and when it was used.
            session["since"] = session["seen_at"] = int(time.time())
            session.save()

    def grow_stale(self):
        """Let what was proved be six minutes ago."""
        session = self.session
        session[AUTHENTICATION_METHODS_SESSION_KEY][-1]["at"] -= 360
        session.save()


def set_up_app(user):
    """Give a person an authenticator app; returns the secret that it holds."""
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    return secret


def code_of(secret):
    """Give what the app shows now."""
    now = int(time.time()) // 30
    return totp.format_hotp_value(totp.hotp_value(secret, now))


def sign_in_on(page, address, *, email, password, secret):
    """Sign in on the site's own pages: the password, then the code of the app."""
    page.goto(address)
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Code").fill(code_of(secret))
    page.get_by_role("button", name="Sign in", exact=True).click()


def password_step(client):
    """Give the password of conftest's ``member`` on the form."""
    return client.post(reverse("account_login"), {"login": "m@example.org", "password": PASSWORD})


def code_step(client, code):
    """Give a code on the form that comes after the password."""
    return client.post(reverse("mfa_authenticate"), {"code": code})
