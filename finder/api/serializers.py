"""The shapes of the API, for its description; rows are written ready-made by the index."""

from rest_framework import serializers

from finder.search.reading import Problem
from finder.vocab import Basis, Format, Label, Medication, Model, Status


class NamedProgram(serializers.Serializer):
    """A program in one line."""

    slug = serializers.CharField()
    name = serializers.CharField()


class NamedGroup(serializers.Serializer):
    """A group in one line."""

    id = serializers.IntegerField()
    name = serializers.CharField()


class PlaceShape(serializers.Serializer):
    """Where one can go; an approximate place has no point."""

    name = serializers.CharField()
    address = serializers.CharField()
    city = serializers.CharField()
    state = serializers.CharField()
    zip = serializers.CharField()
    lat = serializers.FloatField(allow_null=True)
    lng = serializers.FloatField(allow_null=True)
    approximate = serializers.BooleanField()


class ReadingShape(serializers.Serializer):
    """What is known of one group and one medication; unknown is never no."""

    label = serializers.ChoiceField(Label.choices)
    basis = serializers.ChoiceField(Basis.choices)
    lower_bound = serializers.FloatField()
    newest_month = serializers.CharField(allow_null=True, help_text="Year and month: 2026-10.")
    caution = serializers.BooleanField()


AcceptanceShape = type(
    "AcceptanceShape",
    (serializers.Serializer,),
    {
        "__doc__": "One reading for each medication; empty when nothing may be said of a group.",
        **{medication: ReadingShape(required=False) for medication in Medication.values},
    },
)


class WhyShape(serializers.Serializer):
    """What a meeting was ordered by; the first key that differs decides."""

    order = serializers.CharField()
    keys = serializers.DictField(child=serializers.JSONField(allow_null=True))


class InsteadShape(serializers.Serializer):
    """A search that asks for less, for one that found nothing."""

    without = serializers.ListField(child=serializers.CharField())
    count = serializers.IntegerField()


# "with" is a word of Python's own, so this field cannot be declared above.
InsteadShape._declared_fields["with"] = serializers.DictField(child=serializers.CharField())


class AskShape(serializers.Serializer):
    """Words that may mean several things, with the parameter each would be."""

    text = serializers.CharField()
    choices = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))


class UnusedShape(serializers.Serializer):
    """Words that were set aside, and why."""

    text = serializers.CharField()
    reason = serializers.ChoiceField([*(p.value for p in Problem), "overruled"])


class CorrectedShape(serializers.Serializer):
    """A word that was taken for another; in quotation marks it is searched for as typed."""

    typed = serializers.CharField()
    taken_for = serializers.CharField()


class ReadShape(serializers.Serializer):
    """How the parameter box was read."""

    params = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    text = serializers.CharField(help_text="What stayed words to search for, as q does.")
    asks = AskShape(many=True)
    unused = UnusedShape(many=True)
    corrected = CorrectedShape(many=True)


class MeetingShape(serializers.Serializer):
    """One meeting as a card needs it."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    program = NamedProgram()
    group = NamedGroup()
    day = serializers.CharField(allow_null=True, help_text="mon to sun, where it meets.")
    time = serializers.CharField(allow_null=True, help_text="Hours and minutes, where it meets.")
    duration = serializers.IntegerField(allow_null=True, help_text="Minutes.")
    timezone = serializers.CharField(allow_null=True)
    recurrence = serializers.CharField(
        help_text="weekly, appointment, always, or a rule of RFC 5545."
    )
    next_start = serializers.DateTimeField(allow_null=True, help_text="In the viewer's zone.")
    format = serializers.ChoiceField(Format.choices)
    place = PlaceShape(allow_null=True)
    distance_miles = serializers.FloatField(allow_null=True)
    languages = serializers.ListField(child=serializers.CharField())
    focus = serializers.ListField(child=serializers.CharField())
    access = serializers.ListField(child=serializers.CharField())
    acceptance = AcceptanceShape()
    verified_on = serializers.DateField(allow_null=True)
    url = serializers.CharField()
    why = WhyShape(required=False)


class GroupShape(serializers.Serializer):
    """One group; a code in neither list of a pair is not known."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    program = NamedProgram()
    status = serializers.ChoiceField(Status.choices)
    website = serializers.CharField()
    languages = serializers.ListField(child=serializers.CharField())
    languages_no = serializers.ListField(child=serializers.CharField())
    focus = serializers.ListField(child=serializers.CharField())
    focus_no = serializers.ListField(child=serializers.CharField())
    access = serializers.ListField(child=serializers.CharField())
    access_no = serializers.ListField(child=serializers.CharField())
    acceptance = AcceptanceShape()
    verified_on = serializers.DateField(allow_null=True)
    url = serializers.CharField()


class GroupDetailShape(GroupShape):
    """One group with the meetings that can be found."""

    meetings = MeetingShape(many=True)


class PositionShape(serializers.Serializer):
    """What a program says of medication, in our words; groups of it may differ."""

    text = serializers.CharField()
    sentence = serializers.CharField()
    source = serializers.CharField()
    date = serializers.CharField()
    verified = serializers.BooleanField()


class ProgramShape(serializers.Serializer):
    """One program of the catalogue."""

    slug = serializers.CharField()
    name = serializers.CharField()
    short_name = serializers.CharField()
    model = serializers.ChoiceField(Model.choices)
    secular = serializers.BooleanField(allow_null=True)
    family = serializers.BooleanField()
    target = serializers.CharField()
    formats = serializers.ListField(child=serializers.CharField())
    languages = serializers.ListField(child=serializers.CharField())
    website = serializers.CharField()
    position = PositionShape()
    meetings = serializers.IntegerField(help_text="Meetings that can be found here.")
    url = serializers.CharField()


class FacetShape(serializers.Serializer):
    """One code of a list parameter, its label, and the meetings that carry it."""

    code = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField(allow_null=True)


class ErrorShape(serializers.Serializer):
    """A refusal in a sentence, and for each parameter what is wrong with it."""

    detail = serializers.CharField()
    errors = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))


def page_of(
    row: type[serializers.Serializer], name: str, **more: serializers.Field
) -> type[serializers.Serializer]:
    """Return the shape of a page of rows."""
    return type(
        name,
        (serializers.Serializer,),
        {
            "__doc__": "One page; next and previous are addresses.",
            "count": serializers.IntegerField(),
            "next": serializers.CharField(allow_null=True),
            "previous": serializers.CharField(allow_null=True),
            "results": row(many=True),
            "notices": serializers.ListField(child=serializers.CharField()),
            **more,
        },
    )


MeetingPage = page_of(
    MeetingShape,
    "MeetingPage",
    read=ReadShape(required=False),
    instead=InsteadShape(many=True, required=False),
)
GroupPage = page_of(GroupShape, "GroupPage")
ProgramPage = page_of(ProgramShape, "ProgramPage")


class FacetsShape(serializers.Serializer):
    """Every code that a list parameter takes."""

    day = FacetShape(many=True)
    format = FacetShape(many=True)
    program = FacetShape(many=True)
    model = FacetShape(many=True)
    focus = FacetShape(many=True)
    language = FacetShape(many=True)
    access = FacetShape(many=True)
    medication = FacetShape(many=True)
    acceptance = FacetShape(many=True)
    sort = FacetShape(many=True)


class PointsShape(serializers.Serializer):
    """One meeting in each place of the lists; id, lat and lng are steps from the one before."""

    id = serializers.ListField(child=serializers.IntegerField())
    lat = serializers.ListField(child=serializers.IntegerField())
    lng = serializers.ListField(child=serializers.IntegerField())
    program = serializers.ListField(child=serializers.IntegerField())
    programs = serializers.ListField(child=serializers.CharField())
    label = serializers.ListField(child=serializers.IntegerField(allow_null=True), required=False)


class ClustersShape(serializers.Serializer):
    """One cluster in each place of the lists, the largest first."""

    lat = serializers.ListField(child=serializers.IntegerField())
    lng = serializers.ListField(child=serializers.IntegerField())
    count = serializers.ListField(child=serializers.IntegerField())


class MapShape(serializers.Serializer):
    """A part of the map: points or clusters, as kind says."""

    kind = serializers.ChoiceField([("points", "points"), ("clusters", "clusters")])
    count = serializers.IntegerField(help_text="Meetings in view, those without a point too.")
    hidden = serializers.IntegerField(help_text="Meetings with only an approximate place.")
    scale = serializers.IntegerField(help_text="What degrees are multiplied by.")
    labels = serializers.ListField(child=serializers.CharField(), required=False)
    points = PointsShape(required=False)
    clusters = ClustersShape(required=False)
    notices = serializers.ListField(child=serializers.CharField())
