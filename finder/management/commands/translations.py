"""Bring the catalogues of translations up to the sources, and tell what is missing."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from finder import translating


class Command(BaseCommand):
    help = "Collect every sentence, compile the catalogues, and list what has no translation yet."
    requires_system_checks = ()

    def handle(self, *args, **options) -> None:
        left = 0
        for language, _name in settings.LANGUAGES:
            if language == settings.LANGUAGE_CODE:
                continue
            catalogue = translating.update(settings.BASE_DIR, language)
            waiting = translating.missing(catalogue)
            left += len(waiting)
            for words in waiting:
                self.stdout.write(f"{language}: {words}")
            self.stdout.write(f"{language}: {len(catalogue)} messages, {len(waiting)} missing.")
        if left:
            raise CommandError(f"{left} messages have no translation yet.")
