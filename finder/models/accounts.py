"""The user of this site; what a person may do lives with referrals and the admin."""

from collections.abc import Iterator

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A person who signs in. Patients have no account."""

    # Raised to end every session of this person; a change of password does so by itself.
    session_epoch = models.PositiveIntegerField(default=0, editable=False)

    class Meta(AbstractUser.Meta):
        pass

    def get_session_auth_hash(self) -> str:
        """Give what a session must carry to go on."""
        return self._with_epoch(super().get_session_auth_hash())

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """Give the same under each older key of the site."""
        return (self._with_epoch(told) for told in super().get_session_auth_fallback_hash())

    def _with_epoch(self, told: str) -> str:
        return f"{told}.{self.session_epoch}"
