"""The questions of a check-in in neutral words, and what their answers say of acceptance."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finder.acceptance import Answers
from finder.vocab import Disclosed, Fact, PressureFrom


class Went(TextChoices):
    """Whether the person was there."""

    WENT = "went", gettext_lazy("Yes, I went")
    SENT_AWAY = "sent_away", gettext_lazy("I went, but was asked to leave")
    MISSED = "missed", gettext_lazy("I meant to, but did not get there")
    NOT_YET = "not_yet", gettext_lazy("Not yet")
    DECIDED_NOT = "decided_not", gettext_lazy("I decided not to go")


class Felt(TextChoices):
    """How it was."""

    GOOD = "good", gettext_lazy("Good")
    SO_SO = "so_so", gettext_lazy("So-so")
    BAD = "bad", gettext_lazy("Bad")


class Pushed(TextChoices):
    """Whether anyone pushed the person about their health care."""

    NOBODY = "no", gettext_lazy("No")
    ONE_MEMBER = PressureFrom.ONE_MEMBER.value, gettext_lazy("Yes, one person")
    SEVERAL = PressureFrom.SEVERAL.value, gettext_lazy("Yes, several people")
    CHAIR = PressureFrom.CHAIR.value, gettext_lazy("Yes, the person who led the meeting")
    ROOM = PressureFrom.ROOM.value, gettext_lazy("Yes, it was said to everyone")


class Again(TextChoices):
    """Whether the person would return."""

    YES = "yes", gettext_lazy("Yes")
    MAYBE = "maybe", gettext_lazy("Maybe")
    NO = "no", gettext_lazy("No")


_WAS_THERE = (Went.WENT, Went.SENT_AWAY)


@dataclass(frozen=True)
class Told:
    """The answers of one check-in; '' stands for what was not answered."""

    went: str
    felt: str = ""
    spoke: str = ""
    pushed: str = ""
    knew: str = Disclosed.RATHER_NOT_SAY
    again: str = ""
    may_help: bool = False

    @property
    def was_there(self) -> bool:
        return self.went in _WAS_THERE

    @property
    def is_pushed(self) -> bool:
        """Say whether somebody pushed the person about their health care."""
        return self.was_there and self.pushed not in ("", Pushed.NOBODY)

    @property
    def is_bad(self) -> bool:
        """Say whether this group should not be suggested to this person again."""
        if not self.was_there:
            return False
        badly = self.felt == Felt.BAD or self.again == Again.NO
        return self.is_pushed or badly or self.went == Went.SENT_AWAY

    @property
    def why_bad(self) -> str:
        """What went badly, in a few words for those who work with the person."""
        said = [
            (self.is_pushed, _("They were pushed about their health care.")),
            (self.went == Went.SENT_AWAY, _("They were asked to leave.")),
            (self.felt == Felt.BAD, _("It was bad for them.")),
            (self.again == Again.NO, _("They would not return.")),
        ]
        return " ".join(words for holds, words in said if holds)

    def answers(self) -> Answers:
        """Say what it tells of acceptance, in the words of the method."""
        none = {"": Fact.NOT_KNOWN, Pushed.NOBODY: Fact.YES}.get(self.pushed, Fact.NO)
        return Answers(
            attend=Fact.NO if self.went == Went.SENT_AWAY else Fact.YES,
            speak=self.spoke,
            no_pressure=none,
        )

    @property
    def pressure_from(self) -> str:
        """Who pushed, as the method codes it."""
        return self.pushed if self.is_pushed else PressureFrom.NOBODY

    def document(self) -> dict[str, Any]:
        """Give plain values for storing; from_document reads them back."""
        return asdict(self)

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        """Read stored answers."""
        return cls(**document)
