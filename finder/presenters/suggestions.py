"""Makes suggestions ready for their pages: what each form says, and a thread as it is read."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finder.models import Suggestion, SuggestionKind, SuggestionState
from finder.presenters.words import date_words

_TITLES = {
    SuggestionKind.NEW: gettext_lazy("Add a meeting"),
    SuggestionKind.CHANGE: gettext_lazy("Tell us what has changed"),
    SuggestionKind.CLOSE: gettext_lazy("It no longer meets"),
    SuggestionKind.VISIT: gettext_lazy("Was it there?"),
    SuggestionKind.SAFETY: gettext_lazy("Something was not right"),
    SuggestionKind.BODY: gettext_lazy("For service bodies"),
}
_LEDES = {
    SuggestionKind.NEW: gettext_lazy("A volunteer checks it before it is listed."),
    SuggestionKind.CHANGE: gettext_lazy(
        "Put right what is wrong. A volunteer checks it before the page changes."
    ),
    SuggestionKind.CLOSE: gettext_lazy("A volunteer checks it before the page changes."),
    SuggestionKind.VISIT: gettext_lazy("A word from you helps the next person."),
    SuggestionKind.SAFETY: gettext_lazy(
        "Only our curators read this. It is looked at first, and it is never shown on a page. "
        "We are not an emergency service: if someone is in danger now, call 911."
    ),
    SuggestionKind.BODY: gettext_lazy(
        "See what we list of your groups and why, confirm it, correct it, answer it, or take it "
        "out. We send you a link of your own once we have checked who asks."
    ),
}
_STATES = {
    SuggestionState.WAITING: gettext_lazy("A curator has not decided yet."),
    SuggestionState.ACCEPTED: gettext_lazy("Thank you. A curator has dealt with it."),
    SuggestionState.DECLINED: gettext_lazy("A curator has looked at it and changed nothing."),
}


def kind_words(kind: str) -> dict[str, str]:
    """Give title and first sentence of a form."""
    return {
        "title": _TITLES[kind],
        "lede": _LEDES[kind],
        "is_private": kind == SuggestionKind.SAFETY,
        "is_body": kind == SuggestionKind.BODY,
    }


@dataclass(frozen=True)
class Line:
    """One message of a thread."""

    who: str
    day: str
    text: str


def thread_context(suggestion: Suggestion) -> dict:
    """Everything the page of a thread shows to the person who has its link."""
    first = [Line(_("You"), date_words(suggestion.received_at.date()), suggestion.words)]
    lines = [
        Line(_("Curator") if row.by_id else _("You"), date_words(row.sent_at.date()), row.text)
        for row in suggestion.messages.all()
    ]
    return {
        "title": _TITLES[suggestion.kind],
        "about": suggestion.about if suggestion.kind != SuggestionKind.BODY else None,
        "lines": [*(first if suggestion.words else []), *lines],
        "state": _STATES[suggestion.state],
        "reason": suggestion.reason,
    }
