"""Tells the facts behind a label in one line; the facts come from acceptance.facts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from finder.presenters.words import medication_words, month_words, sentence_list
from finder.vocab import EvidenceKind, EvidenceTarget

# What a person could do at the group, in the order it is told.
DIMENSIONS = {
    "attend": gettext_lazy("Go"),
    "speak": gettext_lazy("Speak"),
    "service": gettext_lazy("Help run it"),
    "milestone": gettext_lazy("Time counted"),
    "sponsor": gettext_lazy("Get a sponsor or support person"),
}
ANSWERS = {
    "yes": gettext_lazy("yes"),
    "no": gettext_lazy("no"),
    "differs": gettext_lazy("reports differ"),
}
PRESSURE = {
    "none_reported": gettext_lazy("Pressure to stop: none reported."),
    "reported": gettext_lazy("Pressure to stop: reported."),
    "remark": gettext_lazy("Pressure to stop: one member’s remark."),
}
# The same as questions of their own, on the page of a group.
QUESTIONS = {
    "attend": gettext_lazy("Welcome to come"),
    "speak": gettext_lazy("May share"),
    "service": gettext_lazy("May help run it"),
    "milestone": gettext_lazy("Time is counted"),
    "sponsor": gettext_lazy("May have a sponsor or support person"),
}
PRESSURE_ANSWERS = {
    "none_reported": gettext_lazy("none reported"),
    "reported": gettext_lazy("reported"),
    "remark": gettext_lazy("one member’s remark"),
}
# Patient reports are shown as a band, so that no single one can be picked out.
BANDS = {
    "few": gettext_lazy("a few reports by people who went"),
    "several": gettext_lazy("several reports by people who went"),
    "many": gettext_lazy("many reports by people who went"),
}
RECENT = timedelta(days=183)


def facts_words(facts: Mapping, *, today: date) -> str:
    """Tell what is known of one group and one medication, before any label.

    >>> facts_words({"attend": "yes", "speak": "no", "pressure": "none_reported",
    ...              "sources": [["clinician_call", 1]], "newest_month": "2026-10-01"},
    ...             today=date(2026, 11, 24))
    'Go: yes. Speak: no. Pressure to stop: none reported. One call to the group, October 2026.'
    >>> facts_words({}, today=date(2026, 11, 24))
    'Medication: not asked yet.'
    """
    if not facts.get("sources"):
        return _("Medication: not asked yet.")
    told = [
        f"{words}: {ANSWERS[facts[name]]}."
        for name, words in DIMENSIONS.items()
        if facts.get(name) in ANSWERS
    ]
    told.append(str(PRESSURE.get(facts.get("pressure"), "")))
    told.append(_behind(facts, today=today))
    told.append(_not_discussed(facts.get("not_discussed", 0)))
    words = " ".join(part for part in told if part)
    about = [_target_words(target) for target in facts.get("about", ())]
    if not about:
        return words
    return _("About %(medication)s: %(facts)s") % {
        "medication": sentence_list(about),
        "facts": words,
    }


@dataclass(frozen=True)
class Dimension:
    """One thing a person could or could not do at a group."""

    question: str
    answer: str
    is_known: bool


def dimensions(facts: Mapping) -> tuple[Dimension, ...]:
    """Tell each dimension by itself, "not known" included; nothing when nobody was asked.

    >>> [(one.question, one.answer) for one in dimensions({"sources": [["clinician_call", 1]],
    ...     "attend": "yes", "pressure": "none_reported"})][:2]
    [('Welcome to come', 'yes'), ('May share', 'not known')]
    """
    if not facts.get("sources"):
        return ()
    asked = [(words, ANSWERS.get(facts.get(name))) for name, words in QUESTIONS.items()]
    asked.append((_("Pressed to stop or lower it"), PRESSURE_ANSWERS.get(facts.get("pressure"))))
    return tuple(
        Dimension(str(words), str(answer or _("not known")), answer is not None)
        for words, answer in asked
    )


def behind_words(facts: Mapping, *, today: date) -> str:
    """Tell from whom the facts are and how old; empty when nobody said anything.

    >>> behind_words({"sources": [["clinician_call", 1]], "newest_month": "2026-10-01"},
    ...              today=date(2026, 11, 24))
    'One call to the group, October 2026.'
    """
    if not facts.get("sources"):
        return ""
    told = [_behind(facts, today=today), _not_discussed(facts.get("not_discussed", 0))]
    return " ".join(part for part in told if part)


def about_words(facts: Mapping) -> str:
    """Warn that the facts are about another medication; empty when they are about this one.

    >>> about_words({"sources": [["clinician_call", 1]], "about": ["methadone"]})
    'Nobody spoke of this one. This was said about methadone:'
    """
    about = sentence_list(_target_words(target) for target in facts.get("about", ()))
    if not about:
        return ""
    return _("Nobody spoke of this one. This was said about %(medication)s:") % {
        "medication": about
    }


def source_words(kind: str, count: int | str) -> str:
    """Count what stands behind a fact.

    >>> source_words("clinician_call", 1), source_words("peer_visit", 3)
    ('one call to the group', '3 visits by peer workers')
    >>> source_words("patient_report", "few")
    'a few reports by people who went'
    """
    if count in BANDS:
        return str(BANDS[count])
    words = {
        EvidenceKind.GROUP_STATEMENT: ngettext(
            "one statement by the group", "%(count)d statements by the group", count
        ),
        EvidenceKind.CLINICIAN_CALL: ngettext(
            "one call to the group", "%(count)d calls to the group", count
        ),
        EvidenceKind.PEER_VISIT: ngettext(
            "one visit by a peer worker", "%(count)d visits by peer workers", count
        ),
        EvidenceKind.PATIENT_REPORT: ngettext(
            "one report by a person who went", "%(count)d reports by people who went", count
        ),
        EvidenceKind.LISTING_CLAIM: ngettext(
            "one note in a listing", "%(count)d notes in listings", count
        ),
        EvidenceKind.HEARSAY: ngettext(
            "one second-hand report", "%(count)d second-hand reports", count
        ),
    }
    return words[EvidenceKind(kind)] % {"count": count}


def _behind(facts: Mapping, *, today: date) -> str:
    sources = facts["sources"]
    words = sentence_list(source_words(kind, count) for kind, count in sources)
    when = _newest(facts, today=today)
    return f"{words[:1].upper()}{words[1:]}{f', {when}' if when else ''}."


def _newest(facts: Mapping, *, today: date) -> str:
    newest = facts.get("newest_month")
    if not newest:
        return ""
    only_patients = {kind for kind, _count in facts["sources"]} == {EvidenceKind.PATIENT_REPORT}
    if only_patients and date.fromisoformat(newest) > today - RECENT:
        return _("in the last 6 months")
    return month_words(newest)


def _not_discussed(count: int) -> str:
    if not count:
        return ""
    words = ngettext(
        "At one visit medication was not talked about.",
        "At %(count)d visits medication was not talked about.",
        count,
    )
    return words % {"count": count}


def _target_words(target: str) -> str:
    if target == EvidenceTarget.ANY:
        return _("any medication")
    return medication_words(target)
