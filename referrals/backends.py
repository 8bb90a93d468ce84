"""Who may sign in with a password: demonstration accounts only where DEMO is on."""

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth.backends import ModelBackend

from finder.models import User

# Of RFC 2606: no real address ends like this.
DEMO_DOMAIN = "demo.example.org"


def is_demo_account(user: User) -> bool:
    """Say whether an account was made for the demonstration; its password is public."""
    return user.email.endswith(f"@{DEMO_DOMAIN}")


class _DemoStaysInDemo:
    """Refuse demonstration accounts, and end their sessions, unless DEMO is on.

    A database that once held a demonstration must not keep a door with a public key.
    """

    def authenticate(self, *args, **credentials) -> User | None:
        return _if_allowed(super().authenticate(*args, **credentials))

    def get_user(self, user_id: int) -> User | None:
        return _if_allowed(super().get_user(user_id))


def _if_allowed(user: User | None) -> User | None:
    if user is not None and is_demo_account(user) and not settings.DEMO:
        return None
    return user


class SiteBackend(_DemoStaysInDemo, ModelBackend):
    """The stock backend: the admin's sign-in and permissions."""


class EmailBackend(_DemoStaysInDemo, AuthenticationBackend):
    """Sign-in by e-mail address on the site's own page."""
