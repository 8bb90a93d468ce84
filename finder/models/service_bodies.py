"""Service bodies, their links, and what they say of their groups through them."""

from datetime import date, datetime, timedelta

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from finder.models.constraints import one_of, paired

LINK_LASTS = timedelta(days=400)


class ServiceBody(models.Model):
    """An area, region or intergroup that looks after groups of one program."""

    program = models.ForeignKey("finder.Program", on_delete=models.PROTECT, related_name="+")
    # As the groups name it: Group.entity.
    entity = models.CharField(
        max_length=200, help_text=_("The name of the service body, as its groups' listings say it.")
    )
    # Sealed: an address of the body, given by it; never one from a feed.
    contact = models.BinaryField(null=True, blank=True)
    permission_note = models.CharField(
        max_length=300, blank=True, help_text=_("How we know that this is the service body.")
    )
    # Asked again by mail from time to time whether all of it is still right.
    ask_every_days = models.PositiveSmallIntegerField(
        _("ask again after (days)"),
        null=True,
        blank=True,
        default=180,
        help_text=_("Empty: never write. At least 30."),
    )
    asked_on = models.DateField(_("last written to"), null=True, blank=True, editable=False)
    bounced_on = models.DateField(
        _("letters came back on"),
        null=True,
        blank=True,
        editable=False,
        help_text=_("Nothing more is sent before a new address is given."),
    )
    entered_by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "service bodies"
        constraints = [
            models.UniqueConstraint(fields=["program", "entity"], name="finder_body_once"),
            models.CheckConstraint(condition=~Q(entity=""), name="finder_body_has_name"),
            models.CheckConstraint(
                condition=Q(ask_every_days=None) | Q(ask_every_days__gte=30),
                name="finder_body_not_asked_too_often",
                violation_error_message=_("Ask a service body once in 30 days at most."),
            ),
        ]

    def __str__(self) -> str:
        return self.entity


class BodyLinkQuerySet(models.QuerySet):
    """Which links."""

    def live(self, today: date) -> "BodyLinkQuerySet":
        """Links that still open."""
        return self.filter(revoked_at=None, expires_on__gt=today)


class BodyLink(models.Model):
    """One secret link of a service body; only its hash is kept."""

    # CASCADE: a link opens nothing without its body.
    body = models.ForeignKey(ServiceBody, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True)
    # The curator who vouches for it: a removal asked through the link is entered by them.
    made_by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_on = models.DateField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = BodyLinkQuerySet.as_manager()

    def __str__(self) -> str:
        return f"link {self.pk}"


class GroupReplyQuerySet(models.QuerySet):
    """Which replies."""

    def standing(self) -> "GroupReplyQuerySet":
        """Those shown beside what is said of the group, newest first."""
        return self.filter(withdrawn_at=None).order_by("-said_on", "-pk")


@pghistory.track(append_only=True)
class GroupReply(models.Model):
    """What a group answers to what is said of it; shown at once, and a curator may withdraw it."""

    group = models.ForeignKey("finder.Group", on_delete=models.PROTECT, related_name="replies")
    body = models.ForeignKey(ServiceBody, on_delete=models.PROTECT, related_name="+")
    text = models.CharField(max_length=600)
    said_on = models.DateField()
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    objects = GroupReplyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "group replies"
        constraints = [
            paired(
                "finder_groupreply_withdrawn",
                "withdrawn_at",
                "withdrawn_reason",
                empty_text=("withdrawn_reason",),
            ),
            models.CheckConstraint(condition=~Q(text=""), name="finder_groupreply_says_something"),
        ]

    def __str__(self) -> str:
        return f"reply of {self.said_on}"


class StatementForm(models.TextChoices):
    """How a group said it."""

    VOTE = "vote", _("The group voted")
    TEXT = "text", _("The group wrote it down")


class GroupStatementQuerySet(models.QuerySet):
    """Which statements."""

    def waiting(self) -> "GroupStatementQuerySet":
        """Those no curator has decided, oldest first."""
        return self.filter(decided_at=None).order_by("pk")

    def no_position(self) -> "GroupStatementQuerySet":
        """Accepted statements that the group has no position, newest first."""
        accepted = self.filter(is_accepted=True, has_position=False)
        return accepted.order_by("-on", "-pk")


@pghistory.track(append_only=True)
class GroupStatement(models.Model):
    """The one-page form of a group: its position with the evidence made of it, or none."""

    group = models.ForeignKey("finder.Group", on_delete=models.PROTECT, related_name="statements")
    body = models.ForeignKey(ServiceBody, on_delete=models.PROTECT, related_name="+")
    on = models.DateField(help_text=_("The day of the vote or the text."))
    form = models.CharField(max_length=4, choices=StatementForm)
    has_position = models.BooleanField()
    text = models.TextField(blank=True)
    # Entered unreviewed with the statement; it counts for nothing before a curator's review.
    evidence = models.OneToOneField(
        "finder.Evidence", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    received_at = models.DateTimeField()
    is_accepted = models.BooleanField(null=True)
    decided_by = models.ForeignKey(
        "finder.User", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = GroupStatementQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("finder_statement_form", "form", StatementForm.values),
            paired("finder_statement_decided", "decided_by", "decided_at", "is_accepted"),
            models.CheckConstraint(
                condition=Q(has_position=True, evidence__isnull=False)
                | Q(has_position=False, evidence__isnull=True),
                name="finder_statement_position_is_evidence",
            ),
        ]

    def __str__(self) -> str:
        return f"statement of {self.on}"


def link_ends(made_at: datetime) -> date:
    """Say on which day a link made now ends."""
    return (made_at + LINK_LASTS).date()
