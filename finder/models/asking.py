"""Asking groups: each time one was asked and what came of it, samples drawn, figures published."""

from datetime import date, timedelta

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from finder.acceptance import METHOD
from finder.models.constraints import one_of

# After this a draw no longer marks answers: the groups of that day may be others now.
DRAW_LASTS = timedelta(days=180)


class InquiryRoute(models.TextChoices):
    """How a group was reached; never through a member's own number."""

    HELPLINE = "helpline", _("Helpline of its service body")
    FEEDBACK = "feedback", _("Feedback address of its listing")
    VISIT = "visit", _("Visit to an open meeting")
    CLINIC = "clinic", _("A peer worker in their own group")
    LETTER = "letter", _("Letter to its service body")
    OTHER = "other", _("Another way")


class InquiryOutcome(models.TextChoices):
    """What came of asking."""

    WAITING = "waiting", _("Asked, no answer yet")
    ANSWERED = "answered", _("Answered")
    NO_POSITION = "no_position", _("Answered: no position")
    DECLINED = "declined", _("Did not wish to answer")
    NOT_REACHED = "not_reached", _("Nobody could be reached")


ANSWERS_GIVEN = (InquiryOutcome.ANSWERED, InquiryOutcome.NO_POSITION)


class Rurality(models.TextChoices):
    """Where a group meets, as far as a sample needs to know."""

    METRO = "metro", _("Metropolitan county")
    NONMETRO = "nonmetro", _("Rural or small-town county")
    REMOTE = "remote", _("Only online or by phone")
    NOT_KNOWN = "", _("Not known")


class Draw(models.Model):
    """One random sample of groups, the same again from the same seed and directory."""

    seed = models.CharField(max_length=40)
    per_stratum = models.PositiveSmallIntegerField()
    drawn_on = models.DateField()
    drawn_by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"sample of {self.drawn_on}"


class DrawnGroupQuerySet(models.QuerySet):
    """Which drawn groups."""

    def live(self, today: date) -> "DrawnGroupQuerySet":
        """Those whose answers still count as of the sample."""
        return self.filter(draw__drawn_on__gt=today - DRAW_LASTS)


class DrawnGroup(models.Model):
    """One group of a sample and the stratum it stands for."""

    # CASCADE: a drawn group means nothing without its draw.
    draw = models.ForeignKey(Draw, on_delete=models.CASCADE, related_name="groups")
    group = models.ForeignKey("finder.Group", on_delete=models.PROTECT, related_name="+")
    program = models.CharField(max_length=40)
    rurality = models.CharField(max_length=10, choices=Rurality, blank=True)

    objects = DrawnGroupQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["draw", "group"], name="finder_drawngroup_once"),
            one_of("finder_drawngroup_rurality", "rurality", Rurality.values),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} of {self.draw_id}"


@pghistory.track(append_only=True)
class Inquiry(models.Model):
    """One time that we asked a group about medication, and what came of it."""

    group = models.ForeignKey("finder.Group", on_delete=models.PROTECT, related_name="inquiries")
    asked_on = models.DateField()
    route = models.CharField(max_length=10, choices=InquiryRoute)
    outcome = models.CharField(max_length=12, choices=InquiryOutcome)
    # The answer, when there is one.
    evidence = models.ForeignKey(
        "finder.Evidence", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Drawn by chance before it was asked: the only answers that may estimate rates.
    is_random_sample = models.BooleanField(default=False)
    note = models.CharField(max_length=300, blank=True, help_text=_("No names, no quotes."))
    asked_by = models.ForeignKey("finder.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "inquiries"
        constraints = [
            one_of("finder_inquiry_route", "route", InquiryRoute.values),
            one_of("finder_inquiry_outcome", "outcome", InquiryOutcome.values),
            models.CheckConstraint(
                condition=models.Q(outcome=InquiryOutcome.ANSWERED)
                | models.Q(evidence__isnull=True),
                name="finder_inquiry_evidence_is_answer",
            ),
        ]
        indexes = [models.Index(fields=["group", "asked_on"], name="finder_inquiry_group")]

    def __str__(self) -> str:
        return f"{self.get_outcome_display()} ({self.asked_on})"


class MonthFiguresQuerySet(models.QuerySet):
    """Which months."""

    def has_stopped(self) -> bool:
        """Say whether the newest figures let the stop rule hold; one query."""
        newest = self.order_by("-month").first()
        return newest is not None and newest.is_stop


class MonthFigures(models.Model):
    """What is published of one month: how many groups were asked, and whether sources agree."""

    month = models.DateField(unique=True, help_text=_("Its first day."))
    asked = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()
    declined = models.PositiveIntegerField()
    # Groups with two sources of the last year on one medication; those whose sources differ.
    compared = models.PositiveIntegerField()
    disagreed = models.PositiveIntegerField()
    published_on = models.DateField()

    objects = MonthFiguresQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "month figures"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(disagreed__lte=models.F("compared")),
                name="finder_monthfigures_part",
            )
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"

    @property
    def disagreement(self) -> float | None:
        """The share of compared groups whose sources differ; None when none was compared."""
        return self.disagreed / self.compared if self.compared else None

    @property
    def is_stop(self) -> bool:
        """Say whether sources disagree so often that labels fall back to facts."""
        enough = self.compared >= METHOD.windows.compared_groups
        return enough and self.disagreement > METHOD.thresholds.stop_disagreement
