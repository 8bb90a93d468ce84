"""Takes persons, phones, e-mails, handles and payments out of free text; whole sentences go.

A sentence that names a person is dropped rather than patched, because what is left of it
usually still points at the person. Meeting credentials are parted first (credentials).
"""

import re
from functools import lru_cache

import phonenumbers

from finder.feeds.name_words import (
    FIRST_NAMES,
    LETTERED,
    NOT_PEOPLE,
    PLACE_NOUNS,
    PLACE_WORDS,
)

_PARTS = re.compile(
    r"(\n|;|\||•|(?<![A-Z]\.)(?<!\bDr\.)(?<!\bMr\.)(?<!\bMs\.)(?<!\bSt\.)(?<!\bFr\.)(?<!\bMrs\.)(?<!\bRev\.)"
    r"(?<=[.!?])\s+)"
)
_EMAIL = re.compile(
    r"[^\s@<>]{1,64}@[\w-]+(?:\.[\w-]+)+|mailto:|\w\s*[\[({]\s*at\s*[\])}]\s*\w"
    r"|\b\w+\s+at\s+\w+\s+dot\s+(?:com|org|net)\b|\btel:",
    re.IGNORECASE,
)
# "@Randall Ave" is a corner; a handle is in small letters, or has a joint.
_HANDLE = re.compile(
    r"(?<![\w/])@(?:[a-z][\w.-]+|[A-Za-z]\w*[_\d.-]\w+|[A-Z][a-z]+[A-Z][a-z]\w+|[A-Z]{2,}\b)"
    r"|(?<![\w$])\$[A-Za-z][\w-]{2,}"
)
_PAYMENT = re.compile(
    r"\b(?:venmo|pay\s?pal|cash\s?app|cashtag|zelle|square\s?cash|gofundme|patreon|apple pay"
    r"|google pay)\b",
    re.I,
)
_PROFILE = re.compile(
    r"(?:facebook|fb|instagram|twitter|tiktok|t|wa|snapchat|linkedin)\.(?:com|me)/\S"
    r"|\b(?:instagram|whats\s?app|telegram|skype|snapchat|wechat|kik|line id|twitter|signal"
    r"|facebook|fb|ig|insta)\b"
    r"\s*(?:id|name|handle|number|page|group)?\s*(?:is\b|[:=@])",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"(?<![\d.])(?:\+?\d{1,3}[\s.\-–]*)?\(?\d{3}\)?[\s.\-–·/]*\d{3}[\s.\-–·/]*\d{4}(?!\d)"
    r"|(?<![\d-])\d{3}[-.–]\d{4}(?![\d-])|\+\d[\d\s().\-–]{6,}\d"
    r"|(?<![\d.:/-])0\d{1,4}[\s-]\d{2,4}(?:[\s-]\d{2,4}){1,3}(?!\d)"
    r"|(?<!\d)(?:\d[\s().\-–·]{0,3}){10,}"
)
_NAME = r"[A-Z][A-Za-zÀ-ÿ'’\-]*"
_STRONG = re.compile(
    r"(?i:\b(?:call|text|txt|phone|contact|ask(?: for)?|e-?mail|write(?: to)?|reach(?: out to)?"
    r"|message|dm|whatsapp"
    r"|(?:co-?)?host(?:ed|s)?(?: by| is)?|chair(?:ed|person|man|woman|s)?(?: by| is)?|led by"
    r"|leaders?(?: is)?"
    r"|facilitat(?:ors?|ed)(?: by| is)?|secretary(?: is)?|treasurer(?: is)?|gsr|moderat(?:ors?"
    r"|ed)(?: by| is)?"
    r"|(?:speak|talk) (?:to|with)|(?:home|house|residence|apartment|garage) of|c/o|attn"
    r"|rsvp(?: to)?|organi[sz]ers?"
    r"|run by|greeter|gate code from|key from)\b)[\s:.\-–,(]*(?:(?i:is|to|by|our|for|at) )?"
    rf"({_NAME})(?:\s+({_NAME}))?"
)
_PLAIN_TRIGGER = re.compile(
    r"\b(?:call|text|contact|ask(?: for)?|e-?mail|host(?:ed by)?|led by|chaired by"
    r"|speak (?:to|with))"
    r"[\s:\-–]+([a-z]+)\b"
)
_OWNED = re.compile(
    rf"{_NAME}['’]s\s+(?i:home|house|residence|apartment|garage|backyard|cell|phone|number)\b"
)
_TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Rev|Fr|Pastor|Father|Sister|Deacon)\.?\s+{_NAME}")
_INITIAL = re.compile(r"(?<![\w'’-])([A-Za-z][A-Za-zÀ-ÿ'’\-]+)\s+([A-Z])(?![\w'’&/-])(\.?)")
_PAIR = re.compile(rf"(?<![\w'’-])({_NAME})\s+({_NAME})(?:\s+({_NAME}))?(?:\s+({_NAME}))?")
_WEAK = re.compile(
    rf"(?i:\b(?:with|from|by|see|speaker|sponsor|join|meet|thanks|thank)\b)[\s:,]*({_NAME})"
)
_LED = re.compile(
    rf"({_NAME})(?:\s+{_NAME})?\s+(?:leads|hosts|chairs|runs|facilitates|has the key|will)\b"
)

_SAINT = re.compile(
    r"\b(?:st|saint|ste|sts|san|santa|mt|mount|martin luther|lake|fort|ft|port|camp)\.?\s*$", re.I
)
_BOOKS = re.compile(
    r"As Bill Sees It|Doctor Bob and the Good Oldtimers|Dr\.? Bob(?:'s)?(?: (?:and"
    r"|&) the Good Old.?timers)?|Bill W\.?'?s?"
    r"|Big Book|Father Martin|Living Sober|Daily Reflections",
    re.IGNORECASE,
)
_PRIVATE_HOME = re.compile(
    rf"{_NAME}(?:\s+[A-Z][\w'’-]*\.?)?['’]s?\s+(?i:home|house|residence|apartment|apt|garage"
    rf"|backyard)\b"
    r"|(?i:\b(?:private|personal) (?:home|residence)\b|\b(?:home|house|residence) of\b"
    r"|\bmember'?s (?:home|house)\b)"
)


# Notes of a group or a hall repeat with each of its meetings.
@lru_cache(maxsize=4096)
def without_people(text: str) -> tuple[str, bool]:
    """Drop every sentence that names, or tells how to reach, a person; say whether one was.

    >>> without_people("Back door. Call Zelda Q at 217-555-0104. Step-free")
    ('Back door. Step-free', True)
    """
    if not text:
        return text, False
    pieces = _PARTS.split(text)
    pairs = [
        (sentence, separator)
        for sentence, separator in zip(pieces[::2], [*pieces[1::2], ""], strict=True)
        if sentence.strip()
    ]
    kept = [pair for pair in pairs if not is_personal(pair[0])]
    joined = "".join(sentence + separator for sentence, separator in kept)
    # Once more over the whole: a number may have been cut in two by a full stop or a line.
    if _reaches(joined):
        return "", True
    return re.sub(r"\n{2,}", "\n", joined).strip(" \n;|•"), len(kept) < len(pairs)


def is_personal(sentence: str) -> bool:
    """Say whether a sentence names a person or tells how to reach one."""
    return _reaches(sentence) or _names(_BOOKS.sub(" ", sentence))


def without_reach(text: str) -> str:
    """Take e-mails and phone numbers out of a name or an address, and leave the rest.

    >>> without_reach("Serenity Group 217-555-0104")
    'Serenity Group'
    """
    if "@" in text or "mailto:" in text.casefold():
        text = _EMAIL.sub(" ", text)
    if sum(map(str.isdigit, text)) >= 7:
        text = _PHONE.sub(" ", text)
    return " ".join(text.split()).strip(" -,;:")


def is_private_home(place_name: str) -> bool:
    """Say whether a place is somebody's home.

    >>> is_private_home("Zelda Q.'s home"), is_private_home("Serenity House")
    (True, False)
    """
    match = _PRIVATE_HOME.search(place_name)
    is_institution = re.search(
        r"\b(?:st|saint|funeral|for|group|nursing|sober)\b", place_name, re.I
    )
    return bool(match) and not is_institution


def _reaches(text: str) -> bool:
    has_mark = "@" in text or "$" in text
    if (
        _EMAIL.search(text)
        or (has_mark and _HANDLE.search(text))
        or _PAYMENT.search(text)
        or _PROFILE.search(text)
    ):
        return True
    bare = re.sub(r"https?://\S+|\b\d{5}-\d{4}\b|\b\d{4}-\d{2}-\d{2}\b", " ", text)
    if sum(map(str.isdigit, bare)) < 7:
        return False
    return bool(_PHONE.search(bare)) or any(
        True for _ in phonenumbers.PhoneNumberMatcher(bare[:2000], "US")
    )


def _names(text: str) -> bool:
    for rule in (_OWNED, _TITLED):
        for match in rule.finditer(text):
            if not _is_place(match[0], text[match.end() :]):
                return True
    return any(rule(text) for rule in _RULES)


def _is_place(name: str, rest: str) -> bool:
    # "Mary Mother of God Church": the noun that tells may come a few words later.
    words = {
        word.removesuffix("'s") for word in re.findall(r"[\w'’]+", f"{name} {rest[:40]}".casefold())
    }
    return bool(words & PLACE_NOUNS)


def _after_trigger(text: str) -> bool:
    for match in _STRONG.finditer(text):
        first, second = match[1].casefold(), (match[2] or "").casefold()
        if first.rstrip("'s") in NOT_PEOPLE or first in NOT_PEOPLE | PLACE_WORDS:
            continue
        if second in PLACE_WORDS or _SAINT.search(text[: match.start(1)]):
            continue
        return True
    return False


def _after_trigger_in_small_letters(text: str) -> bool:
    # "ask for tom": without a capital only a common first name is known.
    return any(match[1].casefold() in FIRST_NAMES for match in _PLAIN_TRIGGER.finditer(text))


def _with_initial(text: str) -> bool:
    for match in _INITIAL.finditer(text):
        word, letter, dot = match[1].casefold(), match[2], match[3]
        if word in FIRST_NAMES:
            return True
        if word in LETTERED or (letter in "AI" and not dot) or not match[1][0].isupper():
            continue
        if letter in "NSEW" and not dot and re.search(r"&|\b(?:St|Ave|Rd|Sts)\b", text):
            continue
        # "Main E Street" and "Clark N. Elm" are compass points.
        if not re.match(rf"\s+{_NAME}", text[match.end() :]):
            return True
    return bool(re.search(rf"(?i:\b(?:{_ALTERNATIVES})\s+[a-z]\.)", text))


_ALTERNATIVES = "|".join(sorted(FIRST_NAMES))


def _first_and_last(text: str) -> bool:
    for match in _PAIR.finditer(text):
        words = [word.casefold().removesuffix("'s") for word in match.groups() if word]
        if _SAINT.search(text[: match.start()]) or PLACE_WORDS.intersection(words):
            continue
        if _is_place("", text[match.end() :].split(",")[0].split(".")[0]):
            continue
        if any(word in FIRST_NAMES for word in words[:-1]) and not NOT_PEOPLE.intersection(words):
            return True
    return False


def _with_weak(text: str) -> bool:
    matches = [*_WEAK.finditer(text), *_LED.finditer(text)]
    return any(
        match[1].casefold() in FIRST_NAMES
        and not _SAINT.search(text[: match.start(1)])
        and not PLACE_WORDS.intersection(text[match.end(1) :].casefold().split()[:1])
        for match in matches
    )


_RULES = (
    _after_trigger,
    _after_trigger_in_small_letters,
    _with_initial,
    _first_and_last,
    _with_weak,
)
