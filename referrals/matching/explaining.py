"""Says why a group was suggested, what nobody knows of it, and what to mind."""

from collections.abc import Iterator
from dataclasses import replace

from django.conf.locale import LANG_INFO
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from finder.acceptance import label_words
from finder.vocab import (
    Access,
    Focus,
    Label,
    MeetingType,
    Model,
    PriorClass,
    ScheduleKind,
)
from referrals.matching.judging import CHILDREN, LANGUAGE
from referrals.matching.needs import Needs, Travel, Way
from referrals.matching.scoring import AUDIENCES
from referrals.matching.values import Line, Match

_QUESTIONS = {
    CHILDREN: gettext_lazy("Ask first: “May I bring a child? Does anyone look after children?”"),
    Access.STEP_FREE: gettext_lazy("Ask first: “Can I get in without steps?”"),
    Access.ACCESSIBLE_TOILET: gettext_lazy("Ask first: “Is there an accessible toilet?”"),
    Access.ASL: gettext_lazy("Ask first: “Is there a sign language interpreter each week?”"),
    Access.CAPTIONS: gettext_lazy("Ask first: “Are there captions?”"),
    Access.FRAGRANCE_FREE: gettext_lazy("Ask first: “Is the room kept free of fragrance?”"),
    Access.SMOKE_FREE: gettext_lazy("Ask first: “Is the room free of smoke?”"),
    Access.CHILD_CARE: gettext_lazy("Ask first: “Does anyone look after children?”"),
    Access.CHILDREN_WELCOME: gettext_lazy("Ask first: “May I bring a child?”"),
    Access.OPEN: gettext_lazy("Ask first: “Is the meeting open to anyone?”"),
    Access.PROOF_OF_ATTENDANCE: gettext_lazy("Ask before it starts: “Does someone sign?”"),
    Access.NEAR_TRANSIT: gettext_lazy("Ask first: “Is there a stop nearby?”"),
    Access.OUTDOOR: gettext_lazy("Ask first: “Do you meet outdoors?”"),
    Access.NO_CAMERA: gettext_lazy("Ask first: “May my camera stay off?”"),
}


def explained(match: Match, needs: Needs) -> Match:
    """Add the words; only what is shown needs them."""
    return replace(
        match,
        reasons=reasons(match, needs),
        not_known=not_known(match, needs),
        cautions=cautions(match, needs),
    )


def reasons(match: Match, needs: Needs) -> tuple[Line, ...]:
    """Give what speaks for a match, the weightiest first; there is always one."""
    return tuple(_reasons(match, needs))


def _reasons(match: Match, needs: Needs) -> Iterator[Line]:
    terms = match.terms
    if match.is_positive:
        yield Line("acceptance", _acceptance_words(match))
    if terms.model == 1:
        yield Line("model", _("The kind of group that was asked for"))
    elif match.is_secular:
        yield Line("secular", _("Secular: no religious content"))
    if terms.identity == 1:
        yield Line("identity", _("Made for: %(who)s") % {"who": _shared_focus(match, needs)})
    yield Line("travel", _travel_words(match, needs))
    yield Line("schedule", _schedule_words(match, needs))
    if terms.substance == 1:
        yield Line("substance", _("About the substance that was named"))
    if terms.newcomer == 1:
        yield Line("newcomer", _("Newcomers are expected"))


def _acceptance_words(match: Match) -> str:
    # With several medications in question, the weakest reading speaks for them.
    reading = max(match.readings, key=lambda reading: list(Label).index(Label(reading.label)))
    is_built_for = match.group.prior_class == PriorClass.BUILT_FOR
    program = match.group.program if is_built_for else ""
    return _("Medication: %(label)s") % {
        "label": label_words(reading.label, reading.basis, program)
    }


def _shared_focus(match: Match, needs: Needs) -> str:
    meetings = (item.meeting.focus.yes for item in match.meetings)
    shared = match.group.focus.yes.union(*meetings) & needs.wished_focus
    return ", ".join(str(focus.label) for focus in Focus if focus in shared)


def _travel_words(match: Match, needs: Needs) -> str:
    if match.way == Way.ONLINE:
        return _("Online: no travel")
    if match.way == Way.PHONE:
        return _("By phone: no travel and no internet")
    minutes = max(1, round(match.best.minutes))
    told = {"minutes": minutes, "travel": str(Travel(needs.travel).label).lower()}
    return (
        ngettext(
            "About %(minutes)d minute %(travel)s (an estimate)",
            "About %(minutes)d minutes %(travel)s (an estimate)",
            minutes,
        )
        % told
    )


def _schedule_words(match: Match, needs: Needs) -> str:
    count = len({item.meeting.id for item in match.meetings})
    if "time" in match.broken or not (needs.times or needs.busy):
        words = ngettext(
            "%(count)d meeting to choose from", "%(count)d meetings to choose from", count
        )
    else:
        words = ngettext(
            "%(count)d meeting at a time that works",
            "%(count)d meetings at times that work",
            count,
        )
    return words % {"count": count}


def not_known(match: Match, needs: Needs) -> tuple[Line, ...]:
    """Give what must be asked, with words to ask; there is always one."""
    told = tuple(_unknowns(match, needs))
    if told:
        return told
    return (
        Line(
            "still_held",
            _("Whether it is still held at this time: check the listing before you go."),
        ),
    )


def _unknowns(match: Match, needs: Needs) -> Iterator[Line]:
    for code in match.best.unknown:
        yield Line(code, _language_question(needs) if code == LANGUAGE else str(_QUESTIONS[code]))
    if any(reading.label == Label.NOT_KNOWN for reading in match.readings):
        yield Line(
            "acceptance",
            _(
                "How the group sees medication. One may ask without saying more: "
                "“Does the group have a view on prescribed medicine?”"
            ),
        )
    elif any(reading.basis == "program" for reading in match.readings):
        yield Line("acceptance_group", _("This group itself has not been asked about medication."))
    if needs.court_asked:
        yield Line(
            "proof",
            _("Proof of attendance: ask before it starts. Some groups sign, some do not."),
        )
    if match.best.meeting.kind == ScheduleKind.APPOINTMENT:
        yield Line("appointment", _("The time: it meets by appointment, so ask for one."))
    if needs.is_first_timer and MeetingType.CLOSED in match.best.meeting.types:
        yield Line("closed", _("Ask first: “May someone come who is new?”"))


def _language_question(needs: Needs) -> str:
    names = [
        LANG_INFO.get(code.split("-")[0].casefold(), {}).get("name_local", code)
        for code in needs.languages
    ]
    return _("Ask first: “Which language is spoken?” (%(names)s)") % {"names": ", ".join(names)}


def cautions(match: Match, needs: Needs) -> tuple[Line, ...]:
    """Give what to mind before going."""
    return tuple(_cautions(match, needs))


def _cautions(match: Match, needs: Needs) -> Iterator[Line]:
    yes = match.group.focus.yes | match.best.meeting.focus.yes
    if any(reading.has_caution for reading in match.readings):
        yield Line(
            "pressure",
            _(
                "In the last six months a person who went here was told to stop or lower "
                "a medication."
            ),
        )
    if any(reading.label in (Label.MIXED, Label.REPORTED_LIMITS) for reading in match.readings):
        yield Line("reports", _("Reports on medication differ or name limits."))
    if needs.is_under_18 and not yes & {Focus.TEENS, Focus.YOUNG_PEOPLE}:
        yield Line("adult", _("Only with an adult you trust."))
    for focus in Focus:
        if focus in yes and focus in AUDIENCES and focus not in needs.wished_focus:
            yield Line("made_for", _("Made for: %(who)s") % {"who": focus.label})
    if needs.no_religion and not match.is_secular and match.group.model == Model.TWELVE_STEP:
        yield Line("higher_power", _("Twelve-step meetings speak of a higher power."))
    yield from _let_go(match)


def _let_go(match: Match) -> Iterator[Line]:
    words = {
        "travel": _("Further away than was asked for."),
        "identity": _("Made for other people than was asked for."),
        "model": _("Another kind of group than was asked for."),
        "time": _("At other times than was asked for."),
    }
    for wish, sentence in words.items():
        if wish in match.broken:
            yield Line(wish, sentence)
