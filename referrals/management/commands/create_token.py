"""create_token --organization NAME --name WHAT_FOR --by EMAIL: argument parsing around tokens."""

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from finder.models import User
from referrals import tokens
from referrals.models import TOKEN_DAYS, Organization, Scope


class Command(BaseCommand):
    """Make a token for a program of an organization."""

    help = "Make a token in the name of an administrator; its secret is printed once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--organization", required=True, metavar="NAME")
        parser.add_argument("--name", required=True, help="what it is for")
        parser.add_argument("--by", required=True, metavar="EMAIL", help="who runs the clinic")
        parser.add_argument("--scope", action="append", choices=Scope.values, required=True)
        parser.add_argument("--days", type=int, default=TOKEN_DAYS, help="how long it lives")

    def handle(self, *args, **options) -> None:
        organization = Organization.objects.filter(name=options["organization"]).first()
        if organization is None:
            raise CommandError(f"There is no organization called {options['organization']}.")
        by = User.objects.filter(email__iexact=options["by"], is_active=True).first()
        if by is None:
            raise CommandError(f"Nobody signs in as {options['by']}.")
        name = options["name"].strip()
        if not name or len(name) > 80 or not 1 <= options["days"] <= TOKEN_DAYS:
            raise CommandError(
                f"A token needs a name of 1 to 80 characters and lives for 1 to {TOKEN_DAYS} days."
            )
        try:
            made = tokens.make(
                organization,
                name,
                scopes=[Scope(scope) for scope in options["scope"]],
                days=options["days"],
                by=by,
                now=timezone.now(),
            )
        except PermissionDenied as error:
            raise CommandError(f"{by.email} does not run {organization}.") from error
        self.stdout.write(made.secret)
        self.stderr.write(f"Shown once. It ends on {made.token.expires_at:%Y-%m-%d}.")
