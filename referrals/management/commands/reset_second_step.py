"""reset_second_step EMAIL: a sentence around accounts."""

from django.core.management.base import BaseCommand, CommandError, CommandParser

from finder.models import User
from referrals.accounts import take_back_second_step


class Command(BaseCommand):
    """Take back the second step of a person who lost it."""

    help = "Remove the second steps of one person and end their sessions. Make sure who asks."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args, **options) -> None:
        user = User.objects.filter(email__iexact=options["email"]).first()
        if user is None:
            raise CommandError(f"Nobody signs in as {options['email']}.")
        take_back_second_step(user)
        self.stdout.write(f"{user.email} signs in with the password and sets up a new one.")
