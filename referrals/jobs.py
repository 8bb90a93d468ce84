"""What the background does for clinics and how often; how jobs are done lives in finder.outbox."""

from datetime import datetime, timedelta

from finder import outbox
from referrals import audit, checkins, linkage
from referrals.models import Organization
from referrals.tenancy import organization


def carry_check_ins(*, now: datetime) -> None:
    """Pass on, without names, what patients let help others choose."""
    checkins.carry(now=now)


def look_for_silence(*, now: datetime) -> None:
    """Look in every organization for plans of which nothing was heard."""
    for clinic in Organization.objects.filter(is_active=True):
        with organization(clinic.pk):
            linkage.look_for_silence(now=now)


def note_the_record(*, now: datetime) -> None:
    """Note the ends of the record's chains outside the database."""
    audit.anchor(now=now)


TASKS = {
    # Each check-in is a transaction of its own, so that a second run passes nothing on twice.
    "carry_check_ins": outbox.Task(carry_check_ins, is_atomic=False),
    "look_for_silence": outbox.Task(look_for_silence),
    # A file is no part of a transaction; noted twice, it says the same.
    "note_the_record": outbox.Task(note_the_record, is_atomic=False),
}
RECURRING = [
    outbox.Recurring("note_the_record", timedelta(minutes=1)),
    outbox.Recurring("carry_check_ins", timedelta(days=1), offset=timedelta(hours=7)),
    outbox.Recurring("look_for_silence", timedelta(days=1), offset=timedelta(hours=10)),
]
