"""Every coded value, with stored ids that never change; no rules and no database."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _


class Weekday(IntegerChoices):
    """Monday is 0, as in ``date.weekday()``; feeds count differently and are mapped at the edge."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")

    @property
    def code(self) -> str:
        """The three letters used in addresses and the API.

        >>> Weekday.SUNDAY.code
        'sun'
        """
        return self.name[:3].lower()

    @classmethod
    def from_code(cls, code: str) -> "Weekday":
        """Read ``mon`` .. ``sun``; raises KeyError for anything else."""
        return {day.code: day for day in cls}[code]


class Format(TextChoices):
    """How people meet. Hybrid is both in person and online; phone needs no internet."""

    IN_PERSON = "in_person", _("In person")
    ONLINE = "online", _("Online")
    HYBRID = "hybrid", _("In person and online")
    PHONE = "phone", _("By phone")


class ScheduleKind(TextChoices):
    """Whether a meeting has a day and a time, and of what sort."""

    WEEKLY = "weekly", _("Every week")
    RULE = "rule", _("By a rule")
    APPOINTMENT = "appointment", _("By appointment")
    ALWAYS = "always", _("Round the clock")


class Status(TextChoices):
    """What we believe of a group or a meeting; only active ones can be found."""

    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    INACTIVE = "inactive", _("Not meeting now")
    RETIRED = "retired", _("No longer listed")


class Fact(TextChoices):
    """A fact is yes, no or not known; not known is never shown as no."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    NOT_KNOWN = "", _("Not known")


class Medication(TextChoices):
    """The three medications for opioid use disorder that acceptance is kept for."""

    METHADONE = "methadone", _("methadone")
    BUPRENORPHINE = "buprenorphine", _("buprenorphine")
    NALTREXONE = "naltrexone", _("naltrexone")


class EvidenceTarget(TextChoices):
    """What a piece of evidence speaks of: one medication, or any."""

    METHADONE = "methadone", _("methadone")
    BUPRENORPHINE = "buprenorphine", _("buprenorphine")
    NALTREXONE = "naltrexone", _("naltrexone")
    ANY = "any", _("any medication")


class MedicationForm(TextChoices):
    """How a medication is taken; kept for the record, never changes a score."""

    NOT_SAID = "", _("Not said")
    DAILY = "daily", _("Taken by mouth")
    INJECTION = "injection", _("Injection")


class Label(TextChoices):
    """Our reading of the evidence for one group and one medication, best first."""

    AFFIRMING = "affirming", _("Stands by people on medication")
    ACCEPTING = "accepting", _("Accepting")
    LIKELY_ACCEPTING = "likely_accepting", _("Likely accepting")
    NOT_KNOWN = "not_known", _("Not known")
    MIXED = "mixed", _("Mixed reports")
    REPORTED_LIMITS = "reported_limits", _("Reported limits")


POSITIVE_LABELS = (Label.AFFIRMING, Label.ACCEPTING, Label.LIKELY_ACCEPTING)


class Basis(TextChoices):
    """Whether a label rests on evidence of the group itself or on its program alone."""

    GROUP = "group", _("Evidence on this group")
    PROGRAM = "program", _("The program alone")


class EvidenceKind(TextChoices):
    """Who said it, in the order of weight."""

    GROUP_STATEMENT = "group_statement", _("Written statement by the group")
    CLINICIAN_CALL = "clinician_call", _("Call or open visit by a clinician")
    PEER_VISIT = "peer_visit", _("Visit by a named peer worker")
    PATIENT_REPORT = "patient_report", _("Report by a person who went")
    LISTING_CLAIM = "listing_claim", _("Web page or listing")
    HEARSAY = "hearsay", _("Second-hand report")


FIRST_HAND_KINDS = (EvidenceKind.PEER_VISIT, EvidenceKind.PATIENT_REPORT)


class Disclosed(TextChoices):
    """Did anyone at the group know you take this medication?"""

    NOT_ASKED = "", _("Not asked")
    YES = "yes", _("Yes")
    NO = "no", _("No")
    RATHER_NOT_SAY = "rather_not_say", _("Rather not say")


class PressureFrom(TextChoices):
    """Who pressed a person to lower or stop a medication."""

    NOBODY = "", _("Nobody, or not answered")
    ONE_MEMBER = "one_member", _("One member")
    SEVERAL = "several", _("Several members")
    CHAIR = "chair", _("The person who chaired")
    GROUP = "group", _("A decision of the group")
    ROOM = "room", _("Said to the whole room")


class Model(TextChoices):
    """The family a program belongs to; what 'another family' means in a choice of three."""

    TWELVE_STEP = "12-step", _("12-step")
    SMART = "smart", _("SMART and other self-management")
    SECULAR = "secular", _("Secular")
    BUDDHIST = "buddhist", _("Buddhist-inspired")
    FAITH = "faith", _("Faith-based")
    WELLBRIETY = "wellbriety", _("Wellbriety and Indigenous")
    MEDICATION = "medication", _("Made for people on medication")
    HARM_REDUCTION = "harm-reduction", _("Harm reduction")
    FAMILY = "family", _("For families and friends")
    ACTIVITY = "activity", _("Activity and community")
    HUB = "hub", _("Several pathways")


class Focus(TextChoices):
    """Who a group is made for. Admission is a separate fact (see ADMISSION)."""

    WOMEN = "women", _("Women")
    MEN = "men", _("Men")
    NON_BINARY = "non-binary", _("Non-binary people")
    LGBTQ = "lgbtq", _("LGBTQ+ people")
    LESBIAN = "lesbian", _("Lesbians")
    GAY = "gay", _("Gay men")
    BISEXUAL = "bisexual", _("Bisexual people")
    TRANSGENDER = "transgender", _("Transgender people")
    TEENS = "teens", _("Teens")
    YOUNG_PEOPLE = "young-people", _("Young people")
    SENIORS = "seniors", _("Older people")
    PEOPLE_OF_COLOR = "people-of-color", _("People of color")
    INDIGENOUS = "indigenous", _("Indigenous people")
    BLACK = "black", _("Black people")
    HISPANIC = "hispanic", _("Hispanic or Latino people")
    ASIAN = "asian", _("Asian people")
    SOUTH_ASIAN = "south-asian", _("South Asian people")
    PACIFIC_ISLANDER = "pacific-islander", _("Native Hawaiian and Pacific Islander people")
    MENA = "mena", _("Middle Eastern and North African people")
    VETERANS = "veterans", _("Veterans and first responders")
    PROFESSIONALS = "professionals", _("Professionals")
    HEALTH_PROFESSIONALS = "health-professionals", _("Health professionals")
    PARENTS = "parents", _("Parents and pregnant people")
    FAMILIES = "families", _("Families and friends")
    DUAL_DIAGNOSIS = "dual-diagnosis", _("People with a mental health condition too")
    SECULAR = "secular", _("Secular")
    CHRISTIAN = "christian", _("Christian")
    MUSLIM = "muslim", _("Muslim")
    JEWISH = "jewish", _("Jewish")
    BUDDHIST = "buddhist", _("Buddhist")
    NEWCOMERS = "newcomers", _("Newcomers")
    REENTRY = "reentry", _("People leaving jail or prison")
    DEAF = "deaf", _("Deaf and hard of hearing people")
    BLIND = "blind", _("Blind and low vision people")
    NEURODIVERGENT = "neurodivergent", _("Neurodivergent people")
    HIV = "hiv", _("People living with HIV")
    BEREAVED = "bereaved", _("People who have lost someone")
    STIMULANTS = "stimulants", _("People who use stimulants")
    OPIOIDS = "opioids", _("People who use opioids")
    ALCOHOL = "alcohol", _("People who drink")
    CANNABIS = "cannabis", _("People who use cannabis")
    RURAL = "rural", _("Rural communities")


class Access(TextChoices):
    """What a person may need to come in, take part, or bring."""

    STEP_FREE = "step-free", _("Step-free")
    ACCESSIBLE_TOILET = "accessible-toilet", _("Accessible toilet")
    ASL = "asl", _("Sign language")
    CAPTIONS = "captions", _("Captions")
    FRAGRANCE_FREE = "fragrance-free", _("Fragrance-free")
    SMOKE_FREE = "smoke-free", _("No smoking")
    CHILD_CARE = "child-care", _("Child care")
    CHILDREN_WELCOME = "children-welcome", _("Children welcome")
    OPEN = "open", _("Open to anyone")
    PROOF_OF_ATTENDANCE = "proof-of-attendance", _("Signs proof of attendance")
    NEAR_TRANSIT = "near-transit", _("Near public transport")
    OUTDOOR = "outdoor", _("Outdoors")
    NO_CAMERA = "no-camera", _("No camera needed")


class MeetingType(TextChoices):
    """What happens in a meeting; admission and access are kept apart."""

    DISCUSSION = "discussion", _("Discussion")
    SPEAKER = "speaker", _("Speaker")
    STEP_STUDY = "step-study", _("Step study")
    TRADITION_STUDY = "tradition-study", _("Tradition study")
    LITERATURE = "literature", _("Literature")
    MEDITATION = "meditation", _("Meditation")
    BEGINNER = "beginner", _("Beginner")
    TOPIC = "topic", _("Topic")
    CANDLELIGHT = "candlelight", _("Candlelight")
    BIRTHDAY = "birthday", _("Birthday")
    QUESTIONS = "questions", _("Questions and answers")
    WRITING = "writing", _("Writing or inquiry")
    TOOLS = "tools", _("Tools and skills")
    CROSS_TALK = "cross-talk", _("Cross talk")
    SOCIAL = "social", _("Social or activity")
    CLOSED = "closed", _("Closed: for members only")


class PriorClass(TextChoices):
    """What a program's own text says, as far as it is sourced and scores."""

    BUILT_FOR = "built_for", _("Made for people on medication")
    EXPLICIT = "explicit", _("An official text supports prescribed medication")
    OPEN = "open", _("Left to each group, or not known")


# A group with one of these focuses may admit only the people named; a person says whether it fits.
ADMISSION = (
    Focus.WOMEN,
    Focus.MEN,
    Focus.TEENS,
    Focus.HEALTH_PROFESSIONALS,
    Focus.PROFESSIONALS,
)
