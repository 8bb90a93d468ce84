"""Ways to join a meeting from afar: what a row says in its link, phone and note fields."""

import re
from dataclasses import dataclass, field

from finder.feeds import credentials
from finder.feeds.rows import Row


@dataclass(slots=True)
class Ways:
    """Links and numbers gathered so far; what is secret is apart from what is shown."""

    url: str = ""
    secret: str = ""
    phone: str = ""
    passwords: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)

    @property
    def has_any(self) -> bool:
        return bool(self.url or self.secret or self.phone)

    def fields(self, row: Row) -> dict[str, str]:
        """Return the record fields."""
        return {
            "join_url": self.url,
            "join_url_secret": self.secret,
            "join_password": row.cut("join_password", " / ".join(self.passwords), 200),
            "phone": row.cut("phone", self.phone, 40),
            "phone_code": row.cut("phone_code", " ".join(self.codes), 200),
        }


def read_link(row: Row, ways: Ways, *names: str) -> str:
    """Read the join link; return other words that stood in its field, which belong in the notes."""
    text = row.raw(*names)
    if not text:
        return ""
    public, secret = credentials.split_link(text)
    if len(public) > 500:
        row.note(names[0], "too_long", "The link is longer than 500 characters; left out.")
        return ""
    if public:
        ways.url, ways.secret = public, secret[:2000]
        if secret:
            row.note(names[0], "password_moved", "The link's password is kept apart from the link.")
        if not credentials.is_known_host(public):
            row.note(names[0], "unknown_host", "The link leads to a service that is not known.")
        return ""
    row.note(names[0], "bad_link", "This is no web address; it was not kept as a link.")
    if re.fullmatch(r"\d(?:[ -]?\d){8,10}", text.strip()):
        ways.codes.append(re.sub(r"\D", "", text))
        return ""
    taken = credentials.take(text, is_dial_in=True)
    _gather(ways, taken)
    # What begins like an address ("javascript:", "https://broken") is no sentence.
    return "" if re.match(r"[\w+.-]{1,20}:", text) else row.prose(names[0], taken.text)


def read_phone(row: Row, ways: Ways, *names: str) -> None:
    """Read the dial-in number, with the codes to key in kept apart."""
    text = row.raw(*names)
    if not text:
        return
    ways.phone, code = credentials.split_phone(text)
    if code:
        ways.codes.append(code)
    if not ways.phone:
        row.note(names[0], "bad_phone", "There is no telephone number here.")


def part_note(row: Row, ways: Ways, name: str, *, is_dial_in: bool = False) -> str:
    """Return a note without ways to join, which are gathered, and without people."""
    taken = credentials.take(row.raw(name), is_dial_in=is_dial_in)
    if taken.found:
        row.note(name, "credentials_moved", "Ways to join were moved out of the text.")
        _gather(ways, taken)
    return row.prose(name, taken.text)


def _gather(ways: Ways, taken: credentials.Taken) -> None:
    if taken.url and not ways.url:
        ways.url, ways.secret = credentials.split_link(taken.url)
        ways.url = ways.url if len(ways.url) <= 500 else ""
    ways.phone = ways.phone or taken.phone
    known = re.sub(r"\D", "", " ".join([ways.url, *ways.codes]))
    ways.passwords += [each for each in taken.passwords if each not in ways.passwords]
    for code in taken.codes:
        if code not in ways.codes and re.sub(r"\D", "", code) not in (known or "-"):
            ways.codes.append(code)
