"""Letters that wait to be mailed; sealed, and deleted once they are sent."""

from django.db import models


class Letter(models.Model):
    """One mail on its way: address, subject and words, sealed together."""

    sealed = models.BinaryField()
    written_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"letter {self.pk}"
