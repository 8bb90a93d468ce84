"""Every way by which something about a patient leaves, as data: to whom, how, and what at most."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referrals.consent.deciding import Relation
from referrals.models import OFFERED, Category, Kind, Medium, Purpose

_ALL = frozenset(OFFERED)
_MEETINGS = frozenset({Category.GROUPS})


@dataclass(frozen=True)
class Exit:
    """One door. For another person's eyes the categories are those of the consent."""

    name: str
    label: Promise
    relation: Relation
    medium: Medium
    purpose: Purpose
    categories: frozenset[Category] = frozenset()
    # How the record calls it.
    kind: Kind = Kind.DISCLOSED


_OWN, _OTHER, _INSIDE = Relation.PATIENT, Relation.OTHER, Relation.INTERNAL

EXITS: Mapping[str, Exit] = {
    each.name: each
    for each in (
        # To the patient.
        Exit(
            "handout", _("Handout"), _OWN, Medium.PAPER, Purpose.OWN, _MEETINGS, Kind.HANDOUT_MADE
        ),
        Exit("own_calendar", _("Calendar file"), _OWN, Medium.FILE, Purpose.OWN, _MEETINGS),
        Exit(
            "own_page",
            _("Their own page"),
            _OWN,
            Medium.LINK,
            Purpose.OWN,
            _MEETINGS,
            Kind.SHARE_OPENED,
        ),
        Exit(
            "own_record",
            _("What is kept about them"),
            _OWN,
            Medium.LINK,
            Purpose.OWN,
            _ALL,
            Kind.HELD_READ,
        ),
        Exit("own_copy", _("Their copy"), _OWN, Medium.FILE, Purpose.OWN, _ALL, Kind.COPY_MADE),
        # To somebody whom a consent names; the purpose is that of the consent.
        Exit("received_page", _("Page for them"), _OTHER, Medium.SCREEN, Purpose.UNKNOWN),
        Exit("received_print", _("Printed by them"), _OTHER, Medium.PAPER, Purpose.UNKNOWN),
        Exit("received_file", _("File for them"), _OTHER, Medium.FILE, Purpose.UNKNOWN),
        Exit("received_api", _("Read by a program"), _OTHER, Medium.API, Purpose.UNKNOWN),
        Exit("referral_print", _("Printed for them"), _OTHER, Medium.PAPER, Purpose.UNKNOWN),
        # Without consent, where a life is at stake.
        Exit(
            "emergency", _("Told in an emergency"), _OTHER, Medium.SPOKEN, Purpose.EMERGENCY, _ALL
        ),
        # The clinic's own work, in a form that leaves its screens.
        Exit("export", _("List taken out"), _INSIDE, Medium.FILE, Purpose.INTERNAL, _MEETINGS),
        Exit("api", _("Read by a program"), _INSIDE, Medium.API, Purpose.INTERNAL, _ALL),
    )
}
