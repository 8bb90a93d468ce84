"""The user of this site; what a person may do lives with referrals and the admin."""

from django.contrib.auth.models import AbstractUser


class User(AbstractUser):
    """A person who signs in. Patients have no account."""

    class Meta(AbstractUser.Meta):
        pass
