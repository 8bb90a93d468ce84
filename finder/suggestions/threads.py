"""The talk between a visitor and the curators, through a secret link; and its end."""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from finder import letters
from finder.models import Suggestion, SuggestionKind, SuggestionMessage, User
from finder.models.suggestions import AFTER_DECISION, WHEN_IDLE
from finder.sealing import Unreadable, unseal
from finder.secret_links import token_hash
from finder.suggestions.opening import CONTACT, the_hour

LONGEST_MESSAGE = 2000


def find(token: str, *, now: datetime) -> Suggestion | None:
    """Find the thread a link opens; None when it is unknown, over or idle for too long."""
    hashed = token_hash(token)
    if not hashed:
        return None
    every = Suggestion.objects.open_at(now).select_related("meeting", "group", "program")
    return every.filter(token_hash=hashed).first()


@transaction.atomic
def say(suggestion: Suggestion, text: str, *, now: datetime) -> SuggestionMessage:
    """Add a visitor's message; the same one sent twice is one."""
    last = suggestion.messages.order_by("-pk").first()
    if last and last.by_id is None and last.text == text.strip():
        return last
    return _add(suggestion, text, by=None, now=now)


@transaction.atomic
def answer(suggestion: Suggestion, text: str, *, by: User, now: datetime) -> SuggestionMessage:
    """Add a curator's message, and tell the visitor that there is one."""
    message = _add(suggestion, text, by=by, now=now)
    announce(suggestion, now=now)
    return message


def _add(suggestion: Suggestion, text: str, *, by: User | None, now: datetime) -> SuggestionMessage:
    Suggestion.objects.filter(pk=suggestion.pk).update(active_at=the_hour(now))
    return SuggestionMessage.objects.create(
        suggestion=suggestion, text=text.strip()[:LONGEST_MESSAGE], by=by, sent_at=the_hour(now)
    )


def announce(suggestion: Suggestion, *, now: datetime) -> None:
    """Mail a visitor who left an address that there is an answer, in words that tell nothing."""
    told = _contact(suggestion)
    if not told:
        return
    with letters.in_language_of(told["link"]):
        words = _("Hello,\n\nThere is an answer to your message. You can read it here:\n%(link)s\n")
        letters.post(
            to=told["email"],
            subject=_("An answer to your message"),
            body=words % {"link": told["link"]},
            now=now,
        )


def sender_of_link_request(suggestion: Suggestion) -> str:
    """Give the address a service body's link would go to, for the curator who checks who asks."""
    is_request = suggestion.kind == SuggestionKind.BODY
    return _contact(suggestion).get("email", "") if is_request else ""


def _contact(suggestion: Suggestion) -> dict[str, str]:
    try:
        return unseal(suggestion.contact or b"", purpose=CONTACT)
    except Unreadable:
        return {}


@transaction.atomic
def forget(*, now: datetime) -> int:
    """Delete the words, the link and the address of threads that are over; keep the decision.

    An idle suggestion nobody decided keeps its words for the curators and loses its link.
    """
    over = Suggestion.objects.filter(decided_at__lte=now - AFTER_DECISION).exclude(token_hash="")
    SuggestionMessage.objects.filter(suggestion__in=over).delete()
    count = over.update(token_hash="", words="", proposed={}, contact=None)
    idle = Suggestion.objects.waiting().filter(active_at__lte=now - WHEN_IDLE)
    has_link = ~Q(token_hash="") | Q(contact__isnull=False)
    return count + idle.filter(has_link).update(token_hash="", contact=None)
