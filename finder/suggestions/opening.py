"""Writes a visitor's suggestion down: what was said and the hour, never who said it."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from finder import letters
from finder.models import Group, Meeting, Program, ServiceBody, Suggestion, SuggestionKind
from finder.sealing import seal
from finder.secret_links import token_hash

CONTACT = "suggestion"


@dataclass(frozen=True)
class Told:
    """What a visitor said; ``proposed`` maps fields of the listing to values as typed."""

    kind: str
    proposed: dict[str, str] = field(default_factory=dict)
    words: str = ""
    email: str = ""
    program: Program | None = None
    group: Group | None = None
    meeting: Meeting | None = None
    body: ServiceBody | None = None


@transaction.atomic
def open_suggestion(told: Told, *, token: str, link: str, now: datetime) -> Suggestion:
    """Keep a suggestion once for its token; ``link`` is the whole address of its thread."""
    this_hour = the_hour(now)
    row, is_new = Suggestion.objects.get_or_create(
        token_hash=token_hash(token),
        defaults={
            "kind": told.kind,
            "proposed": told.proposed,
            "words": told.words,
            "program": told.program or (told.group.program if told.group else None),
            "group": told.group,
            "meeting": told.meeting,
            "body": told.body,
            "is_urgent": told.kind == SuggestionKind.SAFETY,
            "received_at": this_hour,
            "active_at": this_hour,
            "contact": _sealed(told.email, link) if told.email else None,
        },
    )
    if is_new and told.email:
        letters.post(to=told.email, subject=_("Your message"), body=_first_words(link), now=now)
    return row


def the_hour(now: datetime) -> datetime:
    """Cut a moment to its hour: the minute might tell who was online."""
    return now.replace(minute=0, second=0, microsecond=0)


def _sealed(email: str, link: str) -> bytes:
    return seal({"email": email, "link": link}, purpose=CONTACT)


def _first_words(link: str) -> str:
    return _(
        "Hello,\n\nWe got a message from this address. You can read our answer, and write to us, "
        "here:\n%(link)s\n\nWe delete this address as soon as your message is dealt with. If you "
        "did not write to us, you need not do anything.\n"
    ) % {"link": link}
