"""Which meetings: django-filter, with the distance computed for every row by the database."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import django_filters
from django.db.models import F, FloatField, QuerySet, Value
from django.db.models.functions import ACos, Cos, Greatest, Least, Radians, Sin

from benchmarks.naive.models import Meeting

EARTH_MILES = 3958.7613


class MeetingFilter(django_filters.FilterSet):
    """The usual filters; near is handled for all of its parameters together."""

    weekday = django_filters.NumberFilter(field_name="weekday")
    program = django_filters.CharFilter(field_name="group__program__slug")
    methadone_at_most = django_filters.NumberFilter(field_name="methadone", lookup_expr="lte")
    access = django_filters.CharFilter(method="by_tag")
    language = django_filters.CharFilter(method="by_tag")
    near = django_filters.CharFilter(method="by_distance")
    starts_within = django_filters.NumberFilter(method="by_start")

    class Meta:
        model = Meeting
        fields = ["weekday"]

    def by_tag(self, meetings: QuerySet, name: str, code: str) -> QuerySet:
        return meetings.filter(tags__kind=name, tags__code=code)

    def by_distance(self, meetings: QuerySet, _name: str, near: str) -> QuerySet:
        """Measure every meeting with a place, and keep those within so many miles."""
        lat, lng = map(float, near.split(","))
        miles = float(self.data.get("within", 25))
        return (
            meetings.filter(location__latitude__isnull=False)
            .annotate(distance=distance(lat, lng))
            .filter(distance__lte=miles)
            .order_by("distance", "id")
        )

    def by_start(self, meetings: QuerySet, _name: str, minutes) -> QuerySet:
        """Go through the online meetings and keep those that start soon."""
        now = datetime.now(UTC)
        online = meetings.filter(format__in=["online", "hybrid"])
        soon = [
            (start, meeting.pk)
            for meeting in online
            if (start := next_start(meeting, now)) - now <= timedelta(minutes=float(minutes))
        ]
        return meetings.filter(pk__in=[pk for _start, pk in sorted(soon)])


def distance(lat: float, lng: float):
    """Write the great-circle distance in miles of a meeting's location."""
    latitude, longitude = Radians(F("location__latitude")), Radians(F("location__longitude"))
    here_lat = Radians(Value(lat, output_field=FloatField()))
    here_lng = Radians(Value(lng, output_field=FloatField()))
    cosine = Cos(here_lat) * Cos(latitude) * Cos(longitude - here_lng)
    cosine += Sin(here_lat) * Sin(latitude)
    return EARTH_MILES * ACos(Least(Greatest(cosine, Value(-1.0)), Value(1.0)))


def next_start(meeting: Meeting, now: datetime) -> datetime:
    """Give when a weekly meeting next starts."""
    here = now.astimezone(ZoneInfo(meeting.timezone))
    start = here.replace(
        hour=meeting.start_time.hour, minute=meeting.start_time.minute, second=0, microsecond=0
    ) + timedelta(days=(meeting.weekday - here.weekday()) % 7)
    return start if start >= now else start + timedelta(days=7)
