"""Template filters that only change how a value looks; the words come from presenters."""

from django import template

from finder.presenters import links, words

register = template.Library()

register.filter("site_name", links.site_name)
register.filter("clock", words.clock)
register.filter("miles", words.miles)
register.filter("loose_date", words.loose_date)
register.filter("month_words", words.month_words)
register.filter("date_words", words.date_words)
register.filter("neutral_title", words.neutral_title)
register.filter("format_words", words.format_words)
register.filter("language_name", words.language_name)
register.filter("translated", words.translated)
register.filter("sentence_list", words.sentence_list)
