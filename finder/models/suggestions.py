"""What visitors suggest, the talk about it, and the counts that keep floods out; no addresses."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from finder.models.constraints import one_of, paired

AFTER_DECISION = timedelta(days=60)
WHEN_IDLE = timedelta(days=90)


class SuggestionKind(models.TextChoices):
    """What a visitor has to say."""

    NEW = "new", _("A meeting that is not listed")
    CHANGE = "change", _("Something has changed")
    CLOSE = "close", _("It no longer meets")
    VISIT = "visit", _("Was it there?")
    SAFETY = "safety", _("Something was not safe")
    BODY = "body", _("A service body asks for its link")


class SuggestionState(models.TextChoices):
    """Where a suggestion stands."""

    WAITING = "waiting", _("Waiting")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Declined")


class SuggestionQuerySet(models.QuerySet):
    """Suggestions as the desk and the threads ask for them."""

    def waiting(self) -> "SuggestionQuerySet":
        """Those nobody has decided: what was not safe first, then the oldest."""
        return self.filter(state=SuggestionState.WAITING).order_by("-is_urgent", "pk")

    def open_at(self, now: datetime) -> "SuggestionQuerySet":
        """Those whose secret link still opens."""
        return self.exclude(token_hash="").filter(
            Q(state=SuggestionState.WAITING, active_at__gt=now - WHEN_IDLE)
            | Q(decided_at__gt=now - AFTER_DECISION)
        )


class Suggestion(models.Model):
    """What one visitor suggested; it changes nothing until a curator accepts it.

    Its words, its link and the visitor's address go when its thread ends; what was decided stays.
    """

    kind = models.CharField(max_length=10, choices=SuggestionKind)
    program = models.ForeignKey(
        "finder.Program", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    group = models.ForeignKey(
        "finder.Group", on_delete=models.PROTECT, null=True, blank=True, related_name="suggestions"
    )
    meeting = models.ForeignKey(
        "finder.Meeting", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Set when it came through a service body's own link.
    body = models.ForeignKey(
        "finder.ServiceBody", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # {field: value as typed}; what it means for the listing is decided on the desk.
    proposed = models.JSONField(default=dict, blank=True)
    words = models.TextField(blank=True)
    # Sealed: the visitor's address and the link, so that an answer can be announced.
    contact = models.BinaryField(null=True, blank=True)
    token_hash = models.CharField(max_length=64, blank=True)
    is_urgent = models.BooleanField(default=False)
    state = models.CharField(
        max_length=10, choices=SuggestionState, default=SuggestionState.WAITING
    )
    # The hour, never the minute.
    received_at = models.DateTimeField()
    active_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    # Told to the visitor.
    reason = models.CharField(max_length=500, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("finder_suggestion_kind", "kind", SuggestionKind.values),
            one_of("finder_suggestion_state", "state", SuggestionState.values),
            paired("finder_suggestion_decided", "decided_by", "decided_at"),
            models.CheckConstraint(
                condition=Q(state=SuggestionState.WAITING, decided_at__isnull=True)
                | (~Q(state=SuggestionState.WAITING) & Q(decided_at__isnull=False)),
                name="finder_suggestion_decided_at",
            ),
            models.UniqueConstraint(
                fields=["token_hash"],
                condition=~Q(token_hash=""),
                name="finder_suggestion_token",
            ),
        ]
        indexes = [
            models.Index(
                fields=["received_at"],
                condition=Q(state=SuggestionState.WAITING),
                name="finder_suggestion_waiting",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.pk})"

    @property
    def is_waiting(self) -> bool:
        return self.state == SuggestionState.WAITING

    @property
    def about(self) -> "models.Model | None":
        """The listing it speaks of, if it names one."""
        return self.meeting or self.group


class SuggestionMessage(models.Model):
    """One message between a visitor and the curators."""

    # CASCADE: a message says nothing without its thread.
    suggestion = models.ForeignKey(Suggestion, on_delete=models.CASCADE, related_name="messages")
    text = models.TextField()
    # The curator who wrote it; empty for the visitor.
    by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sent_at = models.DateTimeField(help_text=_("The hour."))

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"message {self.pk}"


class Salt(models.Model):
    """The random value of one day that counts are keyed with; without it they mean nothing."""

    on = models.DateField(primary_key=True)
    value = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.on}"


class Tally(models.Model):
    """How often one connection did one thing in one hour; it holds no address."""

    # A keyed hash of the day's salt, the thing done, the hour and the connection.
    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    gone_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.count}"
