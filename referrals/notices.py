"""Telling those who run an organization that something happened; never what, and of whom."""

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string

from referrals.models import ADMIN_ROLES, Membership, Organization


def tell_administrators(organization: Organization, letter: str, **facts: str) -> None:
    """Mail each administrator, once what happened is kept; in the language of this moment.

    ``letter`` names two templates of ``emails/``, a subject and a body.
    """
    rows = Membership.objects.active().filter(organization=organization, role__in=ADMIN_ROLES)
    addresses = list(rows.values_list("user__email", flat=True))
    subject = render_to_string(f"emails/{letter}_subject.txt", facts).strip()
    body = render_to_string(f"emails/{letter}_body.txt", facts)
    transaction.on_commit(lambda: _send(addresses, subject, body))


def _send(addresses: list[str], subject: str, body: str) -> None:
    for address in addresses:
        send_mail(subject, body, None, [address])
