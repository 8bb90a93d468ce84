"""Join links, dial-in numbers and the codes that open them, parted from what may be shown."""

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

# Hosts that meetings are known to be held on (suffixes); another host is kept and looked at.
HOSTS = (
    "bluejeans.com", "discord.gg", "freeconference.com", "freeconferencecall.com", "goto.com",
    "gotomeet.me", "gotomeeting.com", "horizon.meta.com", "maps.secondlife.com", "meet.google.com",
    "meet.jit.si", "meetings.dialpad.com", "signal.group", "skype.com", "slurl.com",
    "teams.live.com", "teams.microsoft.com", "vrchat.com", "webex.com", "zoho.com", "zoom.us",
    "zoomgov.com", "whereby.com", "intherooms.com",
)  # fmt: skip
_SECRET_NAMES = {"pwd", "password", "passwd", "passcode", "pass", "pw", "pin", "tk", "code"}
_URL = re.compile(r"(?:https?:)?//[^\s<>\"']{3,2000}|(?<![\w@.])www\.[^\s<>\"']{3,2000}", re.I)
_BARE_HOST = re.compile(
    r"(?<![\w@./])(?:[\w-]{1,40}\.){0,4}(?:zoom\.us|meet\.google\.com|webex\.com"
    r"|gotomeet\.me)/[^\s<>\"']{2,500}",
    re.IGNORECASE,
)
_LABEL = r"(?:zoom|online|virtual|video|meeting|webinar|room|conference|personal|dial[- ]?in|host)"
_ID = re.compile(
    rf"(?:\b{_LABEL}[\s'’]*){{0,3}}\b(?:id|i\.d\.|i['’]d|(?<=meeting )(?:number|no\.?)"
    rf"|(?<=zoom )(?:number|no\.?))"
    r"(?:\s*(?:is|no\.?|number|#))?\s*[:=\-–#]*\s*(\d(?:[ \-.]?\d){5,12})(?!\d)\s*#?",
    re.IGNORECASE,
)
_ZOOM_NUMBER = re.compile(
    r"\bzoom\b\s*(?:meeting|room)?\s*[:#\-–]?\s*(\d(?:[ \-]?\d){8,10})(?!\d)", re.I
)
_PASS_LABEL = (
    r"\b(?:(?:zoom|meeting|phone|numeric|participant|attendee|one[- ]tap|dial[- ]?in)[\s-]+)?"
    r"(?:pass\s?-?(?:word|code)|pass|pswd|psw|pwd|pw|p/w|pin|access\s+code|participant\s+code"
    r"|access\s+pin)\b"
    r"(?:\s*(?:number|no\.?|for\s+phone|\((?:[^)\n]{0,30})\)))?[^\S\n]*(?:is\b|are\b"
    r"|[:=\-–#])*[^\S\n]*"
)
# In free text a password is one word, or digits in groups, or the last few words of a line.
_PASSWORD = re.compile(
    _PASS_LABEL
    + r"[\"'“]?(\d{2,4}(?: \d{2,4}){1,3}(?!\d)|[^\s\"'“”,;]{1,60}(?: [^\s,;.]+){1,2}(?=\s*(?:\n|$))"
    r"|[^\s\"'“”,;]{1,60})[\"'”]?",
    re.IGNORECASE,
)
# In a field that is meant for credentials it is the rest of the line.
_PASSWORD_LINE = re.compile(_PASS_LABEL + r"([^\n;]{1,80})", re.IGNORECASE)
_ID_LINE = re.compile(rf"\b{_LABEL}\s+id\b[ \t]*[:=\-–#]*[ \t]*([^\n,;]{{2,60}})", re.IGNORECASE)
_CODE = re.compile(
    r"(?<!door )(?<!gate )(?<!entry )\bcode\s*(?:is\b|[:=#])*\s*(\d{4,12})#?(?!\d)"
    r"(?!#? (?:at|on) (?:the )?(?:gate|door|box))",
    re.I,
)
_NOT_PASSWORDS = {
    "required", "needed", "not", "no", "is", "are", "to", "for", "protected", "and", "or", "on",
    "none", "will", "please", "the", "your", "our", "in", "at", "of", "see", "same", "as", "by",
    "email", "call", "text", "contact", "if", "when", "with", "from", "can", "may", "it", "this",
    "that", "a", "an", "via", "below", "above", "here", "it.", "on.", "word", "code", "necessary",
    "required.", "needed.", "changes", "available", "provided", "upon", "request", "must", "was",
}  # fmt: skip
_NUMBER = r"\+?\(?\d[\d\s().\-–·/]{5,18}\d"
_ONE_TAP = re.compile(rf"({_NUMBER}|\+?\d{{7,15}})\s*(,,[\d,#* ]*)")
_DIAL = re.compile(
    r"(?:\bdial(?:[- ]?in)?\b|\bcall(?:[- ]?in)\b|\bphone[- ]in\b|\bby phone\b|\bone[- ]tap\b"
    r"|\bjoin by phone\b"
    r"|\bconference (?:call|line|phone|number)\b|\btelephone (?:number|meeting)\b"
    r"|\bdial:?)[^\d\n]{0,40}?"
    rf"({_NUMBER})((?:\s*[,;x#*]+\s*\d*)*#?)",
    re.IGNORECASE,
)
_LEFTOVER = re.compile(
    r"^(?:\W|\b(?:zoom|meeting|webinar|online|virtual|video|conference|id|and|or|the|is|enter"
    r"|press|then|use|with|"
    r"password|passcode|pass|code|pin|dial|in|by|phone|to|join|number|no|one|tap|mobile|us|link"
    r"|url|join|here|call|"
    r"for|on|login|info|information|details|access|room|click|at)\b)*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a text said on joining, and the text without it."""

    text: str = ""
    url: str = ""
    passwords: tuple[str, ...] = ()
    phone: str = ""
    codes: tuple[str, ...] = ()

    @property
    def found(self) -> bool:
        return bool(self.url or self.passwords or self.phone or self.codes)


def split_link(text: str) -> tuple[str, str]:
    """Part a link from its password: the public link and, when there was one, the whole link.

    >>> split_link("https://zoom.us/j/123456789?pwd=x&uname=me")
    ('https://zoom.us/j/123456789', 'https://zoom.us/j/123456789?pwd=x&uname=me')
    >>> split_link("javascript:alert(1)")
    ('', '')
    """
    address = web_address(text)
    if not address:
        return "", ""
    parts = urlsplit(address)
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _is_secret(k)]
    named = {name.casefold() for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
    is_secret = any(_is_secret(name) for name in named) or _is_secret_tail(parts.fragment)
    if not is_secret:
        return address, ""
    kept = [(name, value) for name, value in kept if name.casefold() not in ("uname", "prefer")]
    query, tail = urlencode(kept), "" if _is_secret_tail(parts.fragment) else parts.fragment
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, tail)), address


def _is_secret(name: str) -> bool:
    return name.casefold().strip("#&? ;") in _SECRET_NAMES


def _is_secret_tail(fragment: str) -> bool:
    # Zoom's app writes "#success" there; anything with a name of a password is one.
    return any(f"{name}=" in fragment.casefold() for name in _SECRET_NAMES)


def web_address(text: str) -> str:
    """Return the first http(s) address in a text, made whole, or "".

    >>> web_address("Zoom: us02web.zoom.us/j/123"), web_address("http://127.0.0.1/x")
    ('https://us02web.zoom.us/j/123', '')
    """
    text = text.strip()
    match = _URL.search(text) or _BARE_HOST.search(text)
    if match:
        found = match[0].rstrip(").,;]}>'\"")
    elif re.fullmatch(r"[\w-]+(?:\.[\w-]+)+(?:/\S*)?", text) and not text[-1].isdigit():
        found = text
    else:
        return ""
    found = re.sub(r"^(https?:)?//", lambda m: m[0] if m[1] else "https://", found, flags=re.I)
    found = found if re.match(r"https?://", found, re.IGNORECASE) else f"https://{found}"
    return found if _is_public(found) else ""


def _is_public(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = (parts.hostname or "").rstrip(".")
        parts.port  # noqa: B018  (raises for a port that is none)
    except ValueError:
        return False
    if "@" in parts.netloc or "." not in host or re.fullmatch(r"[\d.]+", host) or ".." in host:
        return False
    return not host.endswith((".local", ".internal", ".localhost", ".test"))


def is_known_host(address: str) -> bool:
    """Say whether a link leads to a service that meetings are known to be held on."""
    host = (urlsplit(address).hostname or "").casefold()
    return any(host == known or host.endswith(f".{known}") for known in HOSTS)


def split_phone(text: str) -> tuple[str, str]:
    """Part a dial-in number from the codes keyed in after it.

    >>> split_phone("+13125550105,,123456789#,,#,,42#")
    ('+13125550105', '123456789#,,#,,42#')
    """
    match = re.search(rf"({_NUMBER}|\+?\d{{7,15}})", text)
    if not match:
        return "", ""
    number, tail = match[1].strip(" -./"), text[match.end() :]
    code = re.sub(r"[^\d#*,]", "", tail).strip(",")
    digits = sum(c.isdigit() for c in number)
    return (number, code) if 7 <= digits <= 15 else ("", re.sub(r"[^\d#*,]", "", text))


@lru_cache(maxsize=4096)
def take(text: str, *, is_dial_in: bool = False) -> Taken:
    """Take links to known hosts, dial-in numbers, meeting ids and passwords out of a text.

    With ``is_dial_in`` any phone number is one to dial in with: the field says so.

    >>> take("Back room. Meeting ID: 828 081 7512 Password: uawrs")
    Taken(text='Back room.', url='', passwords=('uawrs',), phone='', codes=('8280817512',))
    """
    if not text:
        return Taken()
    text, url = _take_link(text)
    text, ids = _take_all(text, (_ID, _ZOOM_NUMBER))
    text, phone, codes = _take_dial_in(text, is_dial_in=is_dial_in)
    text, others = _take_all(text, (_CODE,))
    text, passwords = _take_passwords(text, _PASSWORD_LINE if is_dial_in else _PASSWORD)
    if is_dial_in:
        text, words = _take_passwords(text, _ID_LINE)
        ids += words
    found = Taken("", url, passwords, phone, tuple(dict.fromkeys(codes + ids + others)))
    if not found.found:
        return Taken(text=text.strip())
    return Taken(_tidy(text), url, passwords, phone, found.codes)


def _take_link(text: str) -> tuple[str, str]:
    first = ""

    def replace(match: re.Match) -> str:
        nonlocal first
        address = web_address(match[0])
        if address and is_known_host(address):
            first = first or address
            return " "
        public, secret = split_link(match[0])
        return public if secret else match[0]

    return _BARE_HOST.sub(replace, _URL.sub(replace, text)), first


def _take_dial_in(text: str, *, is_dial_in: bool) -> tuple[str, str, tuple[str, ...]]:
    phone, codes = "", []

    def replace(match: re.Match) -> str:
        nonlocal phone
        digits = sum(c.isdigit() for c in match[1])
        if not 7 <= digits <= 15 or re.fullmatch(r"\d{4}-\d\d-\d\d", match[1].strip()):
            return match[0]
        phone = phone or match[1].strip(" -./")
        if tail := re.sub(r"[^\d#*,]", "", match[2]).strip(",") if match.lastindex > 1 else "":
            codes.append(tail)
        return " "

    text = _DIAL.sub(replace, _ONE_TAP.sub(replace, text))
    if is_dial_in and not phone:
        text = re.sub(rf"(?<![\w-])({_NUMBER})((?:\s*[,;x#*]+\s*\d*)*#?)", replace, text)
    return text, phone, tuple(codes)


def _take_all(text: str, patterns: tuple[re.Pattern, ...]) -> tuple[str, tuple[str, ...]]:
    found = []

    def replace(match: re.Match) -> str:
        found.append(re.sub(r"\D", "", match[1]))
        return " "

    for pattern in patterns:
        text = pattern.sub(replace, text)
    return text, tuple(found)


def _take_passwords(text: str, pattern: re.Pattern) -> tuple[str, tuple[str, ...]]:
    found = []

    def replace(match: re.Match) -> str:
        value = match[1].strip(" .)]\"'“”")
        if not value or value.split()[0].casefold() in _NOT_PASSWORDS:
            return match[0]
        found.append(value)
        return " "

    return pattern.sub(replace, text), tuple(dict.fromkeys(found))


def _tidy(text: str) -> str:
    lines = (re.sub(r"[^\S\n]+", " ", each).strip(" ,;:-–#*/|&") for each in text.split("\n"))
    return "\n".join(each for each in lines if not _LEFTOVER.match(each))
