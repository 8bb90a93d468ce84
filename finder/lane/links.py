"""Links of service bodies: made by a curator, mailed in neutral words, found by their hash."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from finder import letters
from finder.models import BodyLink, Group, ServiceBody, Suggestion, User, link_ends
from finder.sealing import Unreadable, seal, unseal
from finder.secret_links import new_token, token_hash

_CONTACT, _FROM_SUGGESTION = "service body", "suggestion"


def find(token: str, *, now: datetime) -> BodyLink | None:
    """Find what a link opens; None when it is unknown, ended or taken back."""
    hashed = token_hash(token)
    live = BodyLink.objects.live(now.date()).select_related("body__program", "made_by")
    return live.filter(token_hash=hashed).first() if hashed else None


def groups_of(body: ServiceBody) -> QuerySet[Group]:
    """The listed groups that name this service body as theirs, by name."""
    listed = Group.objects.listed().filter(program=body.program, entity=body.entity)
    return listed.order_by("name", "pk")


@transaction.atomic
def make_link(body: ServiceBody, *, by: User, now: datetime, site: str) -> str:
    """Make a link, mail it where an address is known, and return it: it is shown only now."""
    token = new_link(body, by=by, now=now)
    link = site + reverse("lane", args=[token])
    if address_of(body):
        write_to(body, _letter(link, site + reverse("lane-confirm", args=[token])), now=now)
    return link


def new_link(body: ServiceBody, *, by: User, now: datetime) -> str:
    """Make a link and return what opens it; its hash alone is kept."""
    token = new_token()
    BodyLink.objects.create(
        body=body, token_hash=token_hash(token), made_by=by, made_at=now, expires_on=link_ends(now)
    )
    return token


def write_to(body: ServiceBody, words: str, *, now: datetime) -> None:
    """Post a letter to a service body that can be written to, and note the day."""
    subject = _("Your meeting list")
    letters.post(to=address_of(body), subject=subject, body=words, now=now, service_body=body)
    body.asked_on = now.date()
    body.save(update_fields=["asked_on"])


def revoke(link: BodyLink, *, now: datetime) -> None:
    """Take a link back; it answers like one that never was."""
    if link.revoked_at is None:
        link.revoked_at = now
        link.save(update_fields=["revoked_at"])


def keep_email(body: ServiceBody, email: str) -> None:
    """Keep, sealed, the address that a service body gave; empty forgets it."""
    body.contact = seal({"email": email}, purpose=_CONTACT) if email else None
    body.bounced_on = None


@transaction.atomic
def welcome(
    suggestion: Suggestion, *, entity: str, by: User, now: datetime, site: str
) -> ServiceBody:
    """Answer a service body that asked for its link, at the address it gave."""
    body, _is_new = ServiceBody.objects.get_or_create(
        program=suggestion.program,
        entity=entity,
        defaults={"entered_by": by, "permission_note": f"Asked through suggestion {suggestion.pk}"},
    )
    try:
        told = unseal(suggestion.contact or b"", purpose=_FROM_SUGGESTION)
    except Unreadable:
        told = {}
    if told.get("email"):
        keep_email(body, told["email"])
        body.save()
    with letters.in_language_of(told.get("link", "")):
        make_link(body, by=by, now=now, site=site)
    return body


def address_of(body: ServiceBody) -> str:
    """Return where a service body can be written to, or "": none is kept, or letters came back."""
    if not body.contact or body.bounced_on:
        return ""
    try:
        return unseal(body.contact, purpose=_CONTACT)["email"]
    except Unreadable:
        return ""


def _letter(link: str, confirm_link: str) -> str:
    return _(
        "Hello,\n\nThis is the link to what we list for you. Keep it to yourselves: whoever has "
        "it can answer for you.\n%(link)s\n\nIf all of it is right, one press of a button here "
        "says so:\n%(confirm)s\n\nIf you did not expect this, you need not do anything.\n"
    ) % {"link": link, "confirm": confirm_link}
