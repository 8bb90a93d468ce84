"""The codes a person types to prove a second step: allauth's forms, each code taken once."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django.core.cache import cache

# A code is good for its half minute and those beside it (MFA_TOTP_TOLERANCE); allauth remembers
# a used one for half a minute alone.
REMEMBERED = 3 * 30


class _Once:
    """Take a code once for as long as it would be good."""

    use_required_attribute = False

    def clean_code(self) -> str:
        code = super().clean_code()
        bare = "".join(filter(str.isdigit, code))
        if not cache.add(f"second-step-used:{self.user.pk}:{bare}", 1, timeout=REMEMBERED):
            raise get_adapter().validation_error("incorrect_code")
        return code


class StepCodeForm(_Once, AuthenticateForm):
    """A code at sign-in."""


class StepCodeAgainForm(_Once, ReauthenticateForm):
    """A code asked for again."""


class FirstStepCodeForm(_Once, ActivateTOTPForm):
    """The code that shows an authenticator app works."""
