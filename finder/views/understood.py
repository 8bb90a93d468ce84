"""Says what became of the words typed into the one box: corrected, asked about, or not used."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finder.search.reading import Choice, Problem
from finder.views.question import Question
from finder.views.steps import Step, step
from finder.vocab import Focus, Medication

_PROBLEMS = {
    Problem.LEFT_OUT: gettext_lazy(
        "We can only search for what should be there, so “%(text)s” was not used."
    ),
    Problem.NEAR_ME: gettext_lazy(
        "“%(text)s”: use your location, or type a ZIP code or a city, under Where."
    ),
    Problem.SECOND_PLACE: gettext_lazy("One place at a time: “%(text)s” was not used."),
    Problem.NO_PLACE: gettext_lazy(
        "“%(text)s” needs a place to count from. Type a ZIP code or a city."
    ),
    Problem.TOO_MANY: gettext_lazy("Only one of these at a time: “%(text)s” was not used."),
}
_LABELS = {"focus": Focus, "medication": Medication}


@dataclass(frozen=True)
class Said:
    """One sentence, and searches to choose from."""

    words: str
    steps: tuple[Step, ...] = ()


def understood(question: Question) -> list[Said]:
    """Return what should be said of the words that were typed, if anything."""
    return [*_corrections(question), *_questions(question), *_unused(question)]


def _corrections(question: Question) -> Iterator[Said]:
    box = question.box
    for typed, word in box.reading.corrected:
        words = _("Showing results for “%(word)s” instead of “%(typed)s”.")
        as_typed = step(
            _("Search for “%(typed)s”") % {"typed": typed},
            box.as_typed(typed),
            is_sensitive=question.is_sensitive,
        )
        yield Said(words % {"word": word, "typed": typed}, (as_typed,))


def _questions(question: Question) -> Iterator[Said]:
    box = question.box
    for asks in box.reading.questions:
        steps = tuple(
            step(
                _label(choice, question),
                box.answered(asks, choice),
                is_sensitive=question.is_sensitive,
            )
            for choice in asks.choices
        )
        words = _("“%(text)s” can mean several things. Which do you mean?")
        yield Said(words % {"text": asks.text}, steps)


def _label(choice: Choice, question: Question) -> str:
    name, value = choice.pairs[0]
    if name == "program":
        return dict(question.form.fields["program"].widget.choices)[value]
    return str(_LABELS[name](value).label) if name in _LABELS else value


def _unused(question: Question) -> Iterator[Said]:
    box = question.box
    for text, problem in box.reading.aside:
        yield Said(str(_PROBLEMS[problem]) % {"text": text})
    for text in box.overruled:
        yield Said(_("A choice in the form goes first: “%(text)s” was not used.") % {"text": text})
