"""Telling those who run an organization that something happened; never what, and of whom."""

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import override

from referrals.models import ADMIN_ROLES, Membership, Organization

# A letter has one language for all; the sentence is the same in each.
LANGUAGE = "en"


def tell_administrators(organization: Organization) -> None:
    """Mail each administrator, once what happened is kept, that there is something to look at."""
    rows = Membership.objects.active().filter(organization=organization, role__in=ADMIN_ROLES)
    addresses = list(rows.values_list("user__email", flat=True))
    transaction.on_commit(lambda: _send(addresses))


def _send(addresses: list[str]) -> None:
    with override(LANGUAGE):
        subject = render_to_string("emails/look_subject.txt").strip()
        body = render_to_string("emails/look_body.txt")
    for address in addresses:
        send_mail(subject, body, None, [address])
