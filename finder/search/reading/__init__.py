"""What a person typed into the one box, read into parameters; pure, cities are passed in."""

from finder.search.reading.medications import names_medication
from finder.search.reading.places import city_keys
from finder.search.reading.reader import read, strange_words
from finder.search.reading.tokens import all_words
from finder.search.reading.values import Choice, City, Part, Problem, Question, Reading, Takes

__all__ = [
    "Choice",
    "City",
    "Part",
    "Problem",
    "Question",
    "Reading",
    "Takes",
    "all_words",
    "city_keys",
    "names_medication",
    "read",
    "strange_words",
]
