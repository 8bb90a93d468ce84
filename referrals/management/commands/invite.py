"""invite EMAIL --organization NAME --role ROLE: argument parsing around onboarding."""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from referrals.models import Organization, Role
from referrals.onboarding import CannotInvite, invite


class Command(BaseCommand):
    """Invite one person to an organization."""

    help = "Mail a person a link to set a password, and make them a member."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--organization", required=True, metavar="NAME")
        parser.add_argument("--role", choices=Role.values, default=Role.CLINICIAN)
        parser.add_argument(
            "--site", default="http://localhost:8000", help="scheme and host of the link"
        )

    def handle(self, *args, **options) -> None:
        organization = Organization.objects.filter(name=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization called {options['organization']}.")
        try:
            validate_email(options["email"])
            role, site = Role(options["role"]), options["site"].rstrip("/")
            invite(organization, options["email"], role=role, by=None, site=site)
        except ValidationError as error:
            raise CommandError("That is not an e-mail address.") from error
        except CannotInvite as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"Invited as {role.label.lower()}.")
