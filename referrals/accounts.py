"""Sign-in rules of the site: accounts come by invitation only."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitationsOnly(DefaultAccountAdapter):
    """Refuse open sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
