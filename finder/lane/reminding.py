"""Asks service bodies by mail, from time to time, whether what we list is still right."""

from datetime import datetime

from django.db import transaction
from django.db.models import DateField, ExpressionWrapper, F, QuerySet
from django.db.models.functions import Coalesce, TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _

from finder.lane.links import address_of, groups_of, new_link, write_to
from finder.models import BodyLink, ServiceBody


def due(*, now: datetime) -> QuerySet[ServiceBody]:
    """The bodies whose time has come: an address is kept, none came back, a link still stands."""
    last = Coalesce("asked_on", TruncDate("entered_at"))
    # Days are added to a date.
    next_on = ExpressionWrapper(last + F("ask_every_days"), output_field=DateField())
    linked = BodyLink.objects.filter(revoked_at=None).values("body")
    bodies = ServiceBody.objects.filter(contact__isnull=False, bounced_on=None, pk__in=linked)
    return bodies.annotate(next_on=next_on).filter(next_on__lte=now.date()).order_by("pk")


@transaction.atomic
def remind(pk: int, *, now: datetime, site: str) -> bool:
    """Write to one service body with a fresh link; False when there is nothing to ask about.

    The curator who made its last link stands for the new one too.
    """
    body = ServiceBody.objects.select_for_update().filter(pk=pk).first()
    if body is None or not due(now=now).filter(pk=pk).exists():
        return False
    if not address_of(body) or not groups_of(body).exists():
        return False
    vouches = body.links.filter(revoked_at=None).latest("made_at").made_by
    token = new_link(body, by=vouches, now=now)
    write_to(body, _letter(site, token), now=now)
    return True


def stop_asking(link: BodyLink) -> None:
    """Write no more letters to a service body, since it said so; its links go on."""
    ServiceBody.objects.filter(pk=link.body_id).update(ask_every_days=None)


def _letter(site: str, token: str) -> str:
    return _(
        "Hello,\n\nIs what we list for you still right? If all of it is, one press of a button "
        "here says so:\n%(confirm)s\n\nTo look at it first, to correct it or to take something "
        "out:\n%(link)s\n\nKeep these links to yourselves: whoever has them can answer for you.\n"
        "If you would rather not be asked again:\n%(quiet)s\n"
    ) % {
        "confirm": site + reverse("lane-confirm", args=[token]),
        "link": site + reverse("lane", args=[token]),
        "quiet": site + reverse("lane-quiet", args=[token]),
    }
