"""What a person needs of a group, as a value; who the person is never comes here."""

from dataclasses import asdict, dataclass, fields
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from finder.vocab import Access, Focus, Medication, MedicationForm, Model

# How far beyond a person's miles to look, should that wish have to be let go.
_REACH_FACTOR = 3.0
_REACH_AT_LEAST = 60.0
_REACH_AT_MOST = 200.0
AGONISTS = (Medication.METHADONE, Medication.BUPRENORPHINE)


class Travel(TextChoices):
    """How a person gets about."""

    CAR = "car", _("By car")
    BUS = "bus", _("By bus")
    FOOT = "foot", _("On foot")
    NONE = "none", _("Cannot travel")


class Device(TextChoices):
    """What a person has to join from home."""

    SMARTPHONE = "smartphone", _("A smartphone or computer with internet")
    VOICE_PHONE = "voice_phone", _("A phone for calls only")
    NONE = "none", _("Neither")


class Way(TextChoices):
    """How a person takes part in one meeting."""

    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    PHONE = "phone", _("By phone")


class Taking(TextChoices):
    """What a person said of medication for opioid use disorder."""

    TAKES = "takes", _("Takes it")
    THINKING = "thinking", _("Is thinking of starting")
    NONE = "none", _("None")
    RATHER_NOT_SAY = "rather_not_say", _("Would rather not say")


class AcceptanceMode(TextChoices):
    """How acceptance of medication is used."""

    FIRST = "first", _("Groups known to accept it first")
    ONLY = "only", _("Only groups known to accept it")
    ANY = "any", _("Does not matter")


@dataclass(frozen=True)
class Window:
    """Minutes of one weekday (Monday is 0); ``end`` is at most 1440."""

    weekday: int
    start: int = 0
    end: int = 1440

    def __post_init__(self) -> None:
        if not (0 <= self.weekday <= 6 and 0 <= self.start < self.end <= 1440):
            raise ValueError("A window is a weekday from 0 to 6 and minutes within the day.")


@dataclass(frozen=True)
class Needs:
    """Where, when and how a person can go, and what would make it right for them."""

    lat: float
    lng: float
    zone: str
    place: str = ""
    miles: float = 25.0
    travel: Travel = Travel.CAR
    device: Device = Device.SMARTPHONE
    # Times one can go (none means any time) and times one cannot.
    times: tuple[Window, ...] = ()
    busy: tuple[Window, ...] = ()
    wanted_per_week: int = 3
    taking: Taking = Taking.NONE
    # One of Medication, or '' when none was named.
    medication: str = ""
    medication_form: str = MedicationForm.NOT_SAID
    acceptance: AcceptanceMode = AcceptanceMode.FIRST
    # Ways one prefers; none means no preference.
    formats: tuple[Way, ...] = ()
    languages: tuple[str, ...] = ("en",)
    # Codes of Access without which one cannot take part.
    access: tuple[str, ...] = ()
    with_children: bool = False
    # Codes of Focus: where one would feel at home, and whose admission rule does not fit.
    focus: tuple[str, ...] = ()
    does_not_fit: tuple[str, ...] = ()
    is_under_18: bool = False
    # Codes of Model; "secular" also speaks of secular groups of any model.
    models_wanted: tuple[str, ...] = ()
    models_unwanted: tuple[str, ...] = ()
    no_religion: bool = False
    # One of the substance codes of Focus, or ''.
    substance: str = ""
    dual_diagnosis: bool = False
    is_first_timer: bool = False
    vetoed_groups: tuple[int, ...] = ()
    # Names, addresses or cities to keep away from.
    vetoed_places: tuple[str, ...] = ()
    court_asked: bool = False

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lng <= 180):
            raise ValueError("A place needs a latitude and a longitude.")
        if not 0 < self.miles <= 500:
            raise ValueError("Miles must be more than 0 and at most 500.")
        if self.wanted_per_week < 1:
            raise ValueError("At least one meeting a week must be wanted.")
        _check_codes(self)
        _check_zone(self.zone)

    @property
    def medications(self) -> tuple[str, ...]:
        """The medications whose acceptance matters; none when nothing was said."""
        if self.taking not in (Taking.TAKES, Taking.THINKING):
            return ()
        return (self.medication,) if self.medication else AGONISTS

    @property
    def reach(self) -> float:
        """The miles beyond which nobody travels, whatever is let go."""
        return max(
            self.miles, min(max(self.miles * _REACH_FACTOR, _REACH_AT_LEAST), _REACH_AT_MOST)
        )

    @property
    def wished_focus(self) -> frozenset[str]:
        """Focus codes that count as feeling at home."""
        wished = set(self.focus)
        if self.dual_diagnosis:
            wished.add(Focus.DUAL_DIAGNOSIS)
        if self.is_under_18:
            wished |= {Focus.TEENS, Focus.YOUNG_PEOPLE}
        if wished & {Focus.LESBIAN, Focus.GAY, Focus.BISEXUAL, Focus.TRANSGENDER}:
            wished.add(Focus.LGBTQ)
        return frozenset(str(code) for code in wished)

    def document(self) -> dict[str, Any]:
        """Give plain values for storing; from_document reads them back."""
        return {name: _plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> Self:
        """Read stored needs; a name this version does not know is an error."""
        known = {field.name for field in fields(cls)}
        if unknown := sorted(set(document) - known):
            raise ValueError(f"Unknown needs: {', '.join(unknown)}.")
        return cls(**{name: _read(name, value) for name, value in document.items()})


_ENUMS = {
    "travel": Travel,
    "device": Device,
    "taking": Taking,
    "acceptance": AcceptanceMode,
}


# What each coded need may hold; a wrong code must never be taken for "does not matter".
_CODES = {
    "travel": Travel,
    "device": Device,
    "taking": Taking,
    "medication": Medication,
    "medication_form": MedicationForm,
    "acceptance": AcceptanceMode,
    "formats": Way,
    "access": Access,
    "focus": Focus,
    "does_not_fit": Focus,
    "models_wanted": Model,
    "models_unwanted": Model,
}


def _check_codes(needs: Needs) -> None:
    for name, codes in _CODES.items():
        told = getattr(needs, name)
        told = told if isinstance(told, tuple) else (told,)
        # An empty code says that nothing was told.
        if wrong := [str(code) for code in told if code and code not in codes.values]:
            raise ValueError(f"Unknown {name}: {', '.join(wrong)}.")


def _check_zone(zone: str) -> None:
    try:
        ZoneInfo(zone)
    except (ValueError, OSError, KeyError) as error:
        raise ValueError(f"{zone} is not a time zone.") from error


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return str(value) if isinstance(value, TextChoices) else value


def _read(name: str, value: Any) -> Any:
    if name in _ENUMS:
        return _ENUMS[name](value)
    if name in ("times", "busy"):
        return tuple(Window(**window) for window in value)
    if name == "formats":
        return tuple(Way(way) for way in value)
    return tuple(value) if isinstance(value, list) else value
