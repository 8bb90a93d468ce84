"""Places and meetings: where and when groups gather; arithmetic on time lives in schedule."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from finder.models.constraints import between, one_of, paired
from finder.models.tags import Tagged
from finder.vocab import Format, ScheduleKind, Status


@pghistory.track(append_only=True)
class Place(models.Model):
    """A spot where meetings are held; an approximate one gets neither pin nor directions."""

    source = models.ForeignKey(
        "finder.Source", on_delete=models.PROTECT, null=True, blank=True, related_name="places"
    )
    source_key = models.CharField(max_length=300, blank=True)
    name = models.CharField(max_length=255, blank=True)
    address = models.CharField(max_length=255, blank=True)
    city = models.CharField(max_length=120, blank=True)
    region = models.CharField(max_length=120, blank=True)
    state = models.CharField(max_length=60, blank=True)
    zip = models.CharField(max_length=12, blank=True)
    country = models.CharField(max_length=2, default="US")
    notes = models.TextField(blank=True)
    lat = models.FloatField(null=True, blank=True)
    lng = models.FloatField(null=True, blank=True)
    is_approximate = models.BooleanField(default=False)
    timezone = models.CharField(max_length=40, blank=True)
    closed_from = models.DateField(null=True, blank=True)
    closed_until = models.DateField(null=True, blank=True)
    closed_note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            paired("finder_place_point", "lat", "lng"),
            between("finder_place_lat", "lat", -90, 90),
            between("finder_place_lng", "lng", -180, 180),
            models.UniqueConstraint(
                fields=["source", "source_key"],
                condition=~Q(source_key=""),
                name="finder_place_source_key",
            ),
            models.CheckConstraint(
                condition=Q(closed_from__isnull=True)
                | Q(closed_until__isnull=True)
                | Q(closed_until__gte=F("closed_from")),
                name="finder_place_closed",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.address or self.city


def not_joined() -> Q:
    """Meetings that stand for themselves: no other one, still listed, is shown for them."""
    # Not a join: nearly none is merged, so the retired are looked up only when one is met.
    retired = Meeting.objects.filter(status=Status.RETIRED).values("pk")
    return Q(merged_into=None) | Q(merged_into__in=retired)


class MeetingQuerySet(models.QuerySet):
    """Meetings as the pages and the index ask for them."""

    def listed(self) -> "MeetingQuerySet":
        """Those a visitor may see."""
        return self.filter(
            status__in=[Status.ACTIVE, Status.PAUSED],
            group__status__in=[Status.ACTIVE, Status.PAUSED],
            group__merged_into=None,
        ).filter(not_joined())

    def shown_instead(self, ids: list[int]) -> dict[int, int]:
        """Map each of these that was merged to the meeting that is shown for it."""
        merged = self.filter(pk__in=ids, merged_into__isnull=False)
        rows = merged.exclude(merged_into__status=Status.RETIRED)
        return dict(rows.values_list("pk", "merged_into"))

    def with_relations(self) -> "MeetingQuerySet":
        """Load what a listing needs in one query."""
        return self.select_related("group__program", "group__source", "place")


CREDENTIALS = ("join_password", "join_url_secret", "phone_code")


@pghistory.track(append_only=True, exclude=CREDENTIALS)
class Meeting(Tagged):
    """When and how a group gathers: wall time and zone, never a UTC moment."""

    group = models.ForeignKey("finder.Group", on_delete=models.PROTECT, related_name="meetings")
    source = models.ForeignKey(
        "finder.Source", on_delete=models.PROTECT, null=True, blank=True, related_name="meetings"
    )
    source_key = models.CharField(max_length=300, blank=True)
    slug = models.CharField(max_length=255, blank=True)
    name = models.CharField(max_length=255)
    kind = models.CharField(max_length=12, choices=ScheduleKind, default=ScheduleKind.WEEKLY)
    weekday = models.SmallIntegerField(null=True, blank=True, help_text=_("Monday is 0."))
    start = models.TimeField(null=True, blank=True)
    duration_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    timezone = models.CharField(max_length=40, blank=True)
    # RFC 5545, of which schedule reads two shapes: MONTHLY with BYDAY, and WEEKLY with INTERVAL.
    rrule = models.CharField(max_length=120, blank=True)
    first_on = models.DateField(null=True, blank=True, help_text=_("Anchor of a rule."))
    format = models.CharField(max_length=10, choices=Format)
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, null=True, blank=True, related_name="meetings"
    )
    types = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    source_codes = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    unknown_codes = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    notes = models.TextField(blank=True)
    website = models.URLField(max_length=500, blank=True)
    join_url = models.URLField(max_length=500, blank=True)
    join_url_secret = models.TextField(blank=True, help_text=_("The link with its password."))
    join_password = models.TextField(blank=True)
    phone = models.CharField(max_length=40, blank=True, help_text=_("Dial-in number alone."))
    phone_code = models.TextField(blank=True, help_text=_("Meeting id and codes to key in."))
    status = models.CharField(max_length=10, choices=Status, default=Status.ACTIVE)
    status_note = models.CharField(max_length=300, blank=True)
    # The feed's own date or a person's confirmation; re-appearing in a feed proves nothing.
    updated_on = models.DateField(null=True, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    verified_by = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_on = models.DateField(null=True, blank=True)
    # The same meeting as another source tells it; its page redirects while that one is listed.
    merged_into = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="joined"
    )

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            one_of("finder_meeting_format", "format", Format.values),
            one_of("finder_meeting_status", "status", Status.values),
            one_of("finder_meeting_kind", "kind", ScheduleKind.values),
            between("finder_meeting_weekday", "weekday", 0, 6),
            between("finder_meeting_duration", "duration_minutes", 1, 1440),
            models.CheckConstraint(
                condition=~Q(kind=ScheduleKind.WEEKLY)
                | Q(weekday__isnull=False, start__isnull=False),
                name="finder_meeting_weekly_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ScheduleKind.RULE)
                | (~Q(rrule="") & Q(start__isnull=False, first_on__isnull=False)),
                name="finder_meeting_rule_has_rule",
            ),
            models.CheckConstraint(
                condition=Q(start__isnull=True) | ~Q(timezone=""),
                name="finder_meeting_time_has_zone",
            ),
            paired(
                "finder_meeting_verified", "verified_on", "verified_by", empty_text=("verified_by",)
            ),
            models.CheckConstraint(
                condition=Q(status=Status.RETIRED, retired_on__isnull=False)
                | (~Q(status=Status.RETIRED) & Q(retired_on__isnull=True)),
                name="finder_meeting_retired_on",
            ),
            models.UniqueConstraint(
                fields=["source", "source_key"],
                condition=~Q(source_key=""),
                name="finder_meeting_source_key",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("meeting", args=[self.pk])

    @property
    def is_in_person(self) -> bool:
        return self.format in (Format.IN_PERSON, Format.HYBRID)

    @property
    def is_online(self) -> bool:
        return self.format in (Format.ONLINE, Format.HYBRID)


@pghistory.track(append_only=True)
class MeetingException(models.Model):
    """One date on which a meeting is off, or starts at another time."""

    # CASCADE: an exception says nothing without its meeting.
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="exceptions")
    on = models.DateField()
    start = models.TimeField(null=True, blank=True, help_text=_("Empty: the meeting is off."))
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "on"], name="finder_exception_once")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} on {self.on}"
