"""How hard a text is to read: Flesch-Kincaid for English, Szigriszt-Pazos (INFLESZ) for Spanish."""

import html
import re
from itertools import pairwise

# Proper names and numbers that a person reads as one thing.
NAMES = re.compile(
    r"SAMHSA National Helpline|988 Suicide & Crisis Lifeline|FindTreatment\.gov|988lifeline\.org"
    r"|GeoNames.*?\(OFL\)|National Domestic Violence Hotline|[\d,.+-]*\d"
)
# A label or a link of a few words is no sentence.
FEWEST_WORDS = 5
HIATUS = re.compile(r"[aeoáéó]{2}|[íú][aeoáéó]|[aeoáéó][íú]")
SENTENCE = re.compile(r"[.!?]+[”»\"’)]*\s")


def running_text(page: str) -> str:
    """Give the sentences of a page's main part, each block apart; forms and tables are left out."""
    main = page[page.index("<main") : page.index("</main>")]
    main = re.sub(r"<(select|form|table|h\d)\b.*?</\1>", " ", main, flags=re.DOTALL)
    parts = re.split(r"</?(?:p|li|dt|dd|summary|div|section|ul|ol|nav)\b[^>]*>", main)
    blocks = [html.unescape(re.sub(r"<[^>]+>", "", part)).split() for part in parts]
    return " ".join(sentence(" ".join(words)) for words in blocks if len(words) >= FEWEST_WORDS)


def sentence(text: str) -> str:
    """End a text as a sentence ends."""
    text = NAMES.sub("it", text)
    return text if text[-1] in ".!?”»" else f"{text}."


def sentences(text: str) -> list[str]:
    """Part a text into its sentences."""
    return [part for part in SENTENCE.split(f"{text} ") if re.search(r"\w", part)]


def grade(text: str) -> float:
    """The Flesch-Kincaid grade of an English text."""
    words = re.findall(r"[A-Za-z][A-Za-z’'-]*", text)
    return grade_of(len(words), len(sentences(text)), sum(map(_english_syllables, words)))


def grade_of(words: int, sentences: int, syllables: int) -> float:
    """The formula itself (Kincaid and others, 1975)."""
    return 0.39 * words / sentences + 11.8 * syllables / words - 15.59


def ease(text: str) -> float:
    """The ease of a Spanish text: 55 and more is normal or easy on the INFLESZ scale."""
    words = re.findall(r"[A-Za-záéíóúüñÁÉÍÓÚÜÑ]+", text)
    syllables = sum(map(spanish_syllables, words))
    return 206.835 - 62.3 * syllables / len(words) - len(words) / len(sentences(text))


def _english_syllables(word: str) -> int:
    return max(1, len(re.findall(r"[aeiouy]+", re.sub(r"(?<!l)e$|es$|ed$", "", word.lower()))))


def spanish_syllables(word: str) -> int:
    """Count syllables by vowels: two strong ones, or a weak one with an accent, part."""
    word = re.sub(r"([qg])u(?=[eéií])", r"\1", word.lower())
    word = re.sub(r"y$", "i", word)
    count = 0
    for vowels in re.findall(r"[aeiouáéíóúü]+", word):
        count += 1 + sum(bool(HIATUS.match(a + b)) for a, b in pairwise(vowels))
    return max(1, count)
