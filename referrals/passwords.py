"""Which passwords anyone would guess here; length and the common list are Django's validators."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from finder.models import User
from referrals.models import Membership

# Words of this site, of its field, and those that every list of guesses begins with.
WORDS = (
    *("mhgfinder", "mhg", "finder", "mutualhelp", "recovery", "recover", "sobriety", "sober"),
    *("methadone", "metadona", "buprenorphine", "buprenorfina", "suboxone", "subutex"),
    *("naltrexone", "naltrexona", "vivitrol", "naloxone", "narcan", "narcotics", "anonymous"),
    *("meetings", "meeting", "referrals", "referral", "referencia", "clinic", "clinica"),
    *("patient", "paciente", "treatment", "serenity", "oneday", "atatime", "keepcomingback"),
    *("password", "passwort", "contrasena", "welcome", "bienvenido", "letmein", "qwertyuiop"),
    *("qwerty", "asdfgh", "admin", "administrator", "changeme", "secret", "login"),
)
LEFT_OVER = 8
DIFFERENT = 5


class NobodyWouldGuess:
    """Refuse what is made of words of this place, or of few letters again and again."""

    def validate(self, password: str, user: User | None = None) -> None:
        """Raise ValidationError unless enough is left that is not guessed first."""
        bare = re.sub(r"[\W_]+", "", _plain(password))
        words = sorted({*WORDS, *_own_words(user)}, key=len, reverse=True)
        left = re.sub("|".join(map(re.escape, words)), "", bare)
        if len(left) < LEFT_OVER or len(set(left)) < DIFFERENT:
            raise ValidationError(
                _(
                    "This is made of words or letters that are guessed first."
                    " Take four or five words that nobody would guess."
                ),
                code="password_guessable",
            )

    def get_help_text(self) -> str:
        """Say the rule before it is broken."""
        return _("Not made of words of this site, of your clinic, or of a few letters repeated.")


def _plain(text: str) -> str:
    """Write a text small and without accents: they are the first thing that is varied."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _own_words(user: User | None) -> set[str]:
    """Give the words of the name of the organization a person works for."""
    if user is None or user.pk is None:
        return set()
    names = Membership.objects.filter(user=user, is_active=True)
    told = " ".join(names.values_list("organization__name", flat=True))
    return {word for word in re.split(r"[\W_]+", _plain(told)) if len(word) > 3}
