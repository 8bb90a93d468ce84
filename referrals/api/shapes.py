"""The shapes of the referral API, for its description; what is sent is read by the forms."""

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import PolymorphicProxySerializer
from rest_framework import serializers

from finder.api.serializers import ErrorShape, NamedGroup, NamedProgram, ReadingShape
from finder.vocab import ADMISSION, Access, Focus, Medication, MedicationForm, Model, Weekday
from referrals.checkins import Again, Felt, Pushed, Went
from referrals.forms import NeedsForm, PlanForm
from referrals.lifecycle import MOVES
from referrals.matching import AcceptanceMode, Device, Travel, Way
from referrals.models import State

__all__ = ["ErrorShape"]


class TokenScheme(OpenApiAuthenticationExtension):
    """Say how a token is sent."""

    target_class = "referrals.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema) -> dict:
        """Describe the header."""
        return {"type": "http", "scheme": "bearer", "description": "A token of an organization."}


def _codes(choices, help_text: str = "") -> serializers.ListField:
    # Words and no enums: the same codes stand in several lists.
    words = f"{help_text} Any of {', '.join(map(str, choices))}.".strip()
    return serializers.ListField(child=serializers.CharField(), required=False, help_text=words)


def _code(choices, **options) -> serializers.ChoiceField:
    return serializers.ChoiceField(choices, required=False, **options)


def _flag() -> serializers.BooleanField:
    return serializers.BooleanField(required=False)


class NeedsShape(serializers.Serializer):
    """What a person needs of a group; nothing here says who they are. Only the place is needed."""

    place = serializers.CharField(help_text="ZIP code, or city and state.")
    medication = _code(["none", *Medication.values, "rather_not_say"])
    medication_form = _code([code for code in MedicationForm.values if code])
    when = _code(["any", "morning", "afternoon", "evening"])
    travel = _code(Travel.values)
    with_children = _flag()
    miles = serializers.IntegerField(required=False, min_value=1, max_value=200)
    days = _codes([day.code for day in Weekday], help_text="None: any day.")
    busy_from = serializers.TimeField(required=False)
    busy_to = serializers.TimeField(required=False)
    home_by = serializers.TimeField(required=False)
    wanted_per_week = serializers.IntegerField(required=False, min_value=1, max_value=14)
    is_thinking = _flag()
    acceptance = _code(AcceptanceMode.values)
    ways = _codes(Way.values)
    device = _code(Device.values)
    languages = _codes([code for code, _label in NeedsForm.base_fields["languages"].choices])
    access = _codes(Access.values)
    focus = _codes(Focus.values)
    does_not_fit = _codes([str(code) for code in ADMISSION])
    is_under_18 = _flag()
    models_wanted = _codes(Model.values)
    models_unwanted = _codes(Model.values)
    no_religion = _flag()
    substance = _code(["opioids", "alcohol", "stimulants", "cannabis"])
    dual_diagnosis = _flag()
    is_first_timer = _flag()
    vetoed_places = serializers.CharField(required=False, help_text="One on each line.")
    court_asked = _flag()


class LineShape(serializers.Serializer):
    """One thing that is said of a match: a code, and the words."""

    code = serializers.CharField()
    words = serializers.CharField()


class ChoiceShape(serializers.Serializer):
    """One meeting that a person may choose."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    when = serializers.CharField()
    where = serializers.CharField()
    distance = serializers.CharField()
    way = serializers.CharField()


class MatchShape(serializers.Serializer):
    """A group that fits, with its best meeting, and what is known and not."""

    group = NamedGroup()
    program = NamedProgram()
    score = serializers.FloatField()
    terms = serializers.DictField(child=serializers.FloatField())
    acceptance = serializers.DictField(
        child=ReadingShape(), help_text="For each medication that matters."
    )
    must_ask_first = serializers.BooleanField()
    best = ChoiceShape()
    others = ChoiceShape(many=True)
    reasons = LineShape(many=True)
    not_known = LineShape(many=True)
    cautions = LineShape(many=True)


class WhyNotShape(serializers.Serializer):
    """A group near by that was left out, and why."""

    group = NamedGroup()
    miles = serializers.FloatField()
    reason = LineShape()


class MatchesShape(serializers.Serializer):
    """Three groups, more in order, and what was left out or let go."""

    three = MatchShape(many=True)
    rest = MatchShape(many=True)
    why_not = WhyNotShape(many=True)
    notes = LineShape(many=True)
    let_go = serializers.ListField(child=serializers.CharField())
    near_count = serializers.IntegerField()
    asked_count = serializers.IntegerField()
    timezone = serializers.CharField()


class PatientShape(serializers.Serializer):
    """A patient by id, or by the clinic's own label, which is added if it is new."""

    id = serializers.UUIDField(required=False)
    label = serializers.CharField(required=False, max_length=80)


class ReferralShape(serializers.Serializer):
    """One referral. What is written in it is there for those who work with the patient alone."""

    id = serializers.UUIDField()
    group = NamedGroup()
    program = NamedProgram()
    state = serializers.ChoiceField(State.choices)
    state_at = serializers.DateTimeField()
    created_at = serializers.DateTimeField()
    first_meeting_at = serializers.DateTimeField(allow_null=True)
    reopens = serializers.UUIDField(allow_null=True)
    version = serializers.IntegerField()
    is_live = serializers.BooleanField()
    patient = PatientShape(required=False)
    plan = serializers.UUIDField(required=False)
    meetings = serializers.ListField(child=serializers.IntegerField(), required=False)
    medication = serializers.CharField(required=False)
    reason = serializers.CharField(required=False)


class ReferralPage(serializers.Serializer):
    """A page of referrals."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    results = ReferralShape(many=True)


class EventShape(serializers.Serializer):
    """One line of the history of a referral."""

    to = serializers.CharField()
    at = serializers.DateTimeField()
    role = serializers.CharField()
    reason = serializers.CharField(required=False)


# "from" is a word of Python's own, so this field cannot be declared above.
EventShape._declared_fields["from"] = serializers.CharField()


class OpenMoveShape(serializers.Serializer):
    """A step that may follow."""

    step = serializers.CharField()
    label = serializers.CharField()
    needs_reason = serializers.BooleanField()


class ReferralDetailShape(ReferralShape):
    """One referral with its history and the steps that may follow."""

    history = EventShape(many=True)
    moves = OpenMoveShape(many=True)


class CheckInRow(serializers.Serializer):
    """A check-in as it was told; '' stands for what was not answered."""

    id = serializers.UUIDField()
    at = serializers.DateTimeField()
    role = serializers.CharField()
    went = serializers.CharField()
    felt = serializers.CharField()
    spoke = serializers.CharField()
    pushed = serializers.CharField()
    knew = serializers.CharField()
    again = serializers.CharField()
    is_bad = serializers.BooleanField()


class NoteShape(serializers.Serializer):
    """A note of the history."""

    at = serializers.DateTimeField()
    reason = serializers.CharField()


class ReceivedShape(serializers.Serializer):
    """A referral of another organization: what the consent names, and what travels with it."""

    id = serializers.UUIDField()
    received_from = serializers.CharField()
    group = NamedGroup(required=False)
    program = NamedProgram(required=False)
    state = serializers.ChoiceField(State.choices, required=False)
    state_at = serializers.DateTimeField(required=False)
    created_at = serializers.DateTimeField(required=False)
    first_meeting_at = serializers.DateTimeField(required=False, allow_null=True)
    reopens = serializers.UUIDField(required=False, allow_null=True)
    version = serializers.IntegerField(required=False)
    is_live = serializers.BooleanField(required=False)
    medication = serializers.CharField(required=False)
    reason = serializers.CharField(required=False)
    check_ins = CheckInRow(many=True, required=False)
    notes = NoteShape(many=True, required=False)
    moves = OpenMoveShape(many=True)
    notice = serializers.CharField()
    notice_version = serializers.CharField()
    consent = serializers.DictField(child=serializers.CharField())


OneReferralShape = PolymorphicProxySerializer(
    component_name="OneReferral",
    serializers=[ReferralDetailShape, ReceivedShape],
    resource_type_field_name=None,
)


class MoveShape(serializers.Serializer):
    """One step of a referral."""

    step = serializers.ChoiceField([*MOVES])
    reason = serializers.CharField(required=False, max_length=500)
    version = serializers.IntegerField(required=False)
    key = serializers.UUIDField(required=False, help_text="Or the header Idempotency-Key.")


class CheckInShape(serializers.Serializer):
    """How it went; only whether they went must be said."""

    went = serializers.ChoiceField(Went.choices)
    felt = _code(Felt.values)
    spoke = _code(["yes", "no"])
    pushed = _code(Pushed.values)
    knew = _code(["yes", "no", "rather_not_say"])
    again = _code(Again.values)
    key = serializers.UUIDField(required=False, help_text="Or the header Idempotency-Key.")


class CheckInList(serializers.Serializer):
    """What was told of one referral."""

    results = CheckInRow(many=True)


class NewPlanShape(serializers.Serializer):
    """A plan: for whom, what they need, and the meetings they chose."""

    patient = PatientShape()
    needs = NeedsShape()
    meetings = serializers.ListField(child=serializers.IntegerField())
    step = _code([code for code, _label in PlanForm.STEPS])
    involvement = _codes([code for code, _label in PlanForm.INVOLVEMENT])
    replaces = serializers.UUIDField(required=False)
    key = serializers.UUIDField(required=False, help_text="Or the header Idempotency-Key.")


class PlanShape(serializers.Serializer):
    """A saved plan with its referrals."""

    plan = serializers.UUIDField()
    patient = PatientShape()
    referrals = ReferralShape(many=True)
