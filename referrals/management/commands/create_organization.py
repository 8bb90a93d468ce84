"""create_organization NAME: argument parsing around onboarding."""

from datetime import date

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from referrals.models import Organization, Role
from referrals.onboarding import CannotInvite, create_organization, invite


class Command(BaseCommand):
    """Make an organization, and invite its first administrator."""

    help = "Make an organization; with --admin, mail its administrator a link to set a password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name")
        parser.add_argument(
            "--agreement",
            metavar="DAY",
            help="the day its agreement was signed (2026-11-24); without it the tool stays shut",
        )
        parser.add_argument("--admin", metavar="EMAIL", help="its first administrator")
        parser.add_argument(
            "--site", default="http://localhost:8000", help="scheme and host of the link"
        )

    @transaction.atomic
    def handle(self, *args, **options) -> None:
        name = options["name"].strip()
        if not name or len(name) > 160:
            raise CommandError("The name must have 1 to 160 characters.")
        if Organization.objects.filter(name=name).exists():
            raise CommandError(f"There is an organization called {name}.")
        agreement_on = _day(options["agreement"])
        organization = create_organization(name, by=None, agreement_on=agreement_on)
        if options["admin"]:
            self._invite(organization, options["admin"], site=options["site"])
        self.stdout.write(f"{name} was made.")
        if agreement_on is None:
            self.stdout.write("Its members find the tool shut until its agreement is on file.")

    def _invite(self, organization: Organization, email: str, *, site: str) -> None:
        try:
            validate_email(email)
            invite(organization, email, role=Role.ADMIN, by=None, site=site.rstrip("/"))
        except ValidationError as error:
            raise CommandError("That is not an e-mail address.") from error
        except CannotInvite as error:
            raise CommandError(str(error)) from error


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError("Write the day of the agreement like 2026-11-24.") from error
