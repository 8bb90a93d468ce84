"""Programs and their groups; what is believed of acceptance lives in assessments."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from finder.acceptance import METHOD
from finder.models.constraints import one_of, paired
from finder.models.tags import Tagged
from finder.vocab import Model, PriorClass, Status


class ProgramQuerySet(models.QuerySet):
    """Programs as the pages ask for them."""

    def listed(self) -> "ProgramQuerySet":
        """Those shown to the public, by name."""
        return self.filter(is_listed=True).order_by("sort_key", "id")


@pghistory.track(append_only=True)
class Program(models.Model):
    """One program of mutual help, such as Narcotics Anonymous; the catalogue is data."""

    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40, blank=True)
    sort_key = models.CharField(max_length=120, db_collation="C")
    model = models.CharField(max_length=20, choices=Model)
    is_secular = models.BooleanField(null=True, help_text=_("Empty means not known or mixed."))
    is_family = models.BooleanField(default=False)
    is_demo = models.BooleanField(default=False, help_text=_("Invented for demonstration."))
    is_listed = models.BooleanField(default=True)
    target = models.TextField(blank=True)
    substances = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    formats = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    size = models.TextField(blank=True)
    size_source = models.TextField(blank=True)
    what_happens = models.TextField(blank=True)
    first_visit = models.TextField(blank=True)
    support_word = models.CharField(max_length=40, default="support person")
    website = models.URLField(max_length=300, blank=True)
    prior_class = models.CharField(max_length=10, choices=PriorClass, default=PriorClass.OPEN)
    position = models.TextField(blank=True, help_text=_("On medication, in our own words."))
    position_sentence = models.CharField(max_length=200, blank=True)
    position_source = models.TextField(blank=True)
    position_date = models.CharField(max_length=20, blank=True)
    position_is_verified = models.BooleanField(default=False)

    objects = ProgramQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("finder_program_model", "model", Model.values),
            one_of("finder_program_prior_class", "prior_class", PriorClass.values),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("program", args=[self.slug])

    @property
    def scoring_slug(self) -> str:
        """The prior to use: an explicit text scores only when its source was verified."""
        is_explicit = METHOD.prior_class(self.slug) == PriorClass.EXPLICIT
        return "" if is_explicit and not self.position_is_verified else self.slug


class GroupQuerySet(models.QuerySet):
    """Groups as the pages ask for them."""

    def listed(self) -> "GroupQuerySet":
        """Those a visitor may see."""
        return self.filter(status__in=[Status.ACTIVE, Status.PAUSED], merged_into=None)


@pghistory.track(append_only=True)
class Group(Tagged):
    """People of one program who meet; may have several meetings in several places."""

    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="groups")
    name = models.CharField(max_length=255)
    notes = models.TextField(blank=True)
    website = models.URLField(max_length=500, blank=True)
    entity = models.CharField(max_length=200, blank=True, help_text=_("Service body."))
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    status_note = models.CharField(max_length=300, blank=True)
    source = models.ForeignKey(
        "finder.Source", on_delete=models.PROTECT, null=True, blank=True, related_name="groups"
    )
    source_key = models.CharField(max_length=300, blank=True)
    # CASCADE never: a merge redirects, so the group that stays must outlive the one merged.
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True)
    # Listings on tribal land or with an Indigenous-nation focus need the community's consent.
    needs_community_consent = models.BooleanField(default=False)
    consent_on = models.DateField(null=True, blank=True)
    consent_by = models.CharField(max_length=200, blank=True)
    consent_review_on = models.DateField(null=True, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_on = models.DateField(null=True, blank=True)

    objects = GroupQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("finder_group_status", "status", Status.values),
            paired("finder_group_consent", "consent_on", "consent_by", empty_text=("consent_by",)),
            paired(
                "finder_group_verified", "verified_on", "verified_by", empty_text=("verified_by",)
            ),
            models.UniqueConstraint(
                fields=["source", "source_key"],
                condition=~models.Q(source_key=""),
                name="finder_group_source_key",
            ),
            models.CheckConstraint(
                condition=models.Q(status=Status.RETIRED, retired_on__isnull=False)
                | (~models.Q(status=Status.RETIRED) & models.Q(retired_on__isnull=True)),
                name="finder_group_retired_on",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("group", args=[self.pk])

    @property
    def is_listed(self) -> bool:
        """Say of one row what GroupQuerySet.listed asks of many."""
        return self.status in (Status.ACTIVE, Status.PAUSED) and self.merged_into_id is None

    @property
    def may_show_evidence(self) -> bool:
        """Say whether a label, evidence or a statistic may be shown (tribal sovereignty)."""
        return not self.awaits_consent

    @property
    def awaits_consent(self) -> bool:
        """Say whether a community has still to agree; every circle of Wellbriety asks first.

        The program must be loaded.
        """
        asks = self.needs_community_consent or self.program.model == Model.WELLBRIETY
        return asks and self.consent_on is None


class PrivateContact(models.Model):
    """A contact entered by a group or a curator with permission; no feed ever writes one."""

    # CASCADE: a contact has no meaning without its group.
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="private_contacts")
    first_name = models.CharField(max_length=60)
    channel = models.CharField(max_length=200)
    permission_note = models.CharField(max_length=300)
    permission_on = models.DateField()
    entered_by = models.ForeignKey("finder.User", on_delete=models.PROTECT)
    entered_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"contact {self.pk}"
