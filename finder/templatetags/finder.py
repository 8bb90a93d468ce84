"""Template tags that only change how a value looks; the words come from presenters."""

from functools import lru_cache

from django import template
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from finder.presenters import links, words
from finder.presenters.cards import Card

# About a kilobyte each.
CARDS_KEPT = 4096

register = template.Library()

register.filter("site_name", links.site_name)
register.filter("clock", words.clock)
register.filter("miles", words.miles)
register.filter("loose_date", words.loose_date)
register.filter("month_words", words.month_words)
register.filter("short_date", words.short_date)
register.filter("date_words", words.date_words)
register.filter("neutral_title", words.neutral_title)
register.filter("format_words", words.format_words)
register.filter("language_name", words.language_name)
register.filter("translated", words.translated)
register.filter("sentence_list", words.sentence_list)


@register.simple_tag
def meeting_card(card: Card, adds_to: str) -> SafeString:
    """Draw a card; one that says nothing of a medication is kept by all that it says."""
    if card.reading is not None:
        return _drawn(card, adds_to)
    return _kept(get_language(), card, adds_to)


@lru_cache(maxsize=CARDS_KEPT)
def _kept(_language: str | None, card: Card, adds_to: str) -> SafeString:
    return _drawn(card, adds_to)


def _drawn(card: Card, adds_to: str) -> SafeString:
    template_ = get_template("components/meeting_card.html")
    return template_.render({"card": card, "adds_to": adds_to})
