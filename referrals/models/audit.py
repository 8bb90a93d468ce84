"""What was read, done and refused: who, when and which row, never what it says."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from finder.models.constraints import one_of


class Kind(models.TextChoices):
    """What happened."""

    PATIENT_CREATED = "patient.created", _("Patient added")
    PATIENT_READ = "patient.read", _("Patient read")
    PATIENT_LISTED = "patient.listed", _("Patients listed")
    PATIENT_ASSIGNED = "patient.assigned", _("Colleague assigned")
    PATIENT_UNASSIGNED = "patient.unassigned", _("Assignment ended")
    NEEDS_WRITTEN = "needs.written", _("Needs written down")
    SUGGESTIONS_READ = "suggestions.read", _("Suggestions read")
    PLAN_SAVED = "plan.saved", _("Plan saved")
    PLAN_READ = "plan.read", _("Plan read")
    STEP_DONE = "step.done", _("Step done")
    TASK_LISTED = "task.listed", _("Tasks listed")
    TASK_OPENED = "task.opened", _("Task opened")
    TASK_DONE = "task.done", _("Task done")
    CHECK_IN_WRITTEN = "checkin.written", _("Check-in written down")
    CONTRIBUTED = "checkin.contributed", _("Check-in passed on without a name")
    SHARE_MADE = "share.made", _("Share link made")
    SHARE_OPENED = "share.opened", _("Share link opened")
    SHARE_REVOKED = "share.revoked", _("Share link ended")
    SHARE_CODE_MISSED = "share.code_missed", _("Wrong code at a share link")
    SHARE_CODE_RESET = "share.code_reset", _("Code of a share link renewed")
    NEWCOMER_ADDED = "newcomer.added", _("Person who meets newcomers entered")
    NEWCOMER_CHANGED = "newcomer.changed", _("Person who meets newcomers changed")
    NEWCOMER_SHOWN = "newcomer.shown", _("Person who meets newcomers shown")
    INTRODUCED = "newcomer.introduced", _("Person who meets newcomers given")
    SHORTLIST_MADE = "shortlist.made", _("Shortlist made")
    SHORTLIST_CHANGED = "shortlist.changed", _("Shortlist changed")
    SHORTLIST_CONFIRMED = "shortlist.confirmed", _("Shortlist confirmed")
    SHORTLIST_ENDED = "shortlist.ended", _("Shortlist removed")
    HELD_READ = "held.read", _("What is held read by the patient")
    COPY_MADE = "held.copied", _("Copy made for the patient")
    REFERRAL_READ = "referral.read", _("Referral read")
    REFERRAL_LISTED = "referral.listed", _("Referrals listed")
    REFERRAL_MOVED = "referral.moved", _("Referral moved")
    REFERRALS_EXPORTED = "referral.exported", _("Referrals taken out as a file")
    REFERRAL_REOPENED = "referral.reopened", _("Referral taken up again")
    CONSENT_GIVEN = "consent.given", _("Consent written down")
    CONSENT_READ = "consent.read", _("Consent read")
    CONSENT_ENDED = "consent.ended", _("Consent ended")
    DISCLOSED = "disclosed", _("Told, with a line in the accounting")
    DISCLOSURE_LISTED = "disclosure.listed", _("Accounting read")
    RESTRICTION_ASKED = "restriction.asked", _("Asked to hold something back")
    RESTRICTION_CHECKED = "restriction.checked", _("Answered what was asked to hold back")
    RECEIVED_LISTED = "received.listed", _("Referrals from others listed")
    READER_GIVEN = "reader.given", _("Referral from another given to a member")
    READER_ENDED = "reader.ended", _("Reading a referral from another ended")
    HANDOUT_MADE = "handout.made", _("Handout made")
    MEMBER_LISTED = "member.listed", _("Members listed")
    MEMBER_INVITED = "member.invited", _("Member invited")
    MEMBER_READ = "member.read", _("Member looked at")
    MEMBER_CHANGED = "member.changed", _("Role of a member changed")
    MEMBER_REMOVED = "member.removed", _("Member removed")
    ORGANIZATION_CREATED = "organization.created", _("Organization created")
    ORGANIZATION_CHANGED = "organization.changed", _("Settings of the organization changed")
    TOKEN_LISTED = "token.listed", _("Tokens listed")
    TOKEN_MADE = "token.made", _("Token made")
    TOKEN_REVOKED = "token.revoked", _("Token revoked")
    BREAK_GLASS_OPENED = "breakglass.opened", _("Opened in an emergency")
    BREAK_GLASS_ENDED = "breakglass.ended", _("Emergency opening ended")
    SIGNED_IN = "account.signed_in", _("Signed in")
    ACCOUNT_CHANGED = "account.changed", _("Password, address or second step changed")
    REPORT_READ = "report.read", _("De-identified figures read")
    FIGURES_READ = "figures.read", _("Own figures read")
    AUDIT_READ = "audit.read", _("This record read")
    PATIENT_PURGED = "patient.purged", _("Everything on a patient deleted")
    LINK_PURGED = "share.purged", _("Ended share link deleted")
    CONTACT_PURGED = "newcomer.purged", _("Person who met newcomers deleted")
    HOLD_SET = "patient.held", _("Kept from deletion")
    HOLD_LIFTED = "patient.hold_lifted", _("No longer kept from deletion")
    RESTORED = "site.restored", _("Restored from a copy")
    REFUSED = "refused", _("Refused")


# Acts that a copy of yesterday's database must not undo: they are noted outside it as well, and
# done again after a restore (referrals/restoring.py).
LASTING = frozenset(
    {
        *{Kind.PATIENT_UNASSIGNED, Kind.PATIENT_PURGED, Kind.LINK_PURGED, Kind.CONTACT_PURGED},
        *{Kind.SHARE_REVOKED, Kind.MEMBER_REMOVED, Kind.TOKEN_REVOKED, Kind.CONSENT_ENDED},
        *{Kind.READER_ENDED, Kind.BREAK_GLASS_ENDED},
    }
)


class AuditChain(models.Model):
    """The end of one chain of lines: how many there are, signed. How, is told in audit.chain."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # Empty for what concerns no organization.
    organization_id = models.UUIDField(null=True, db_index=True)
    length = models.PositiveBigIntegerField()
    mac = models.BinaryField(max_length=32)
    seal = models.BinaryField(max_length=32)

    def __str__(self) -> str:
        return f"chain {self.pk}"

    def told(self) -> list:
        """Return what the seal is over."""
        return [self.pk, self.organization_id, self.length, self.mac]


class AuditEvent(models.Model):
    """One line of the record. No foreign keys, so nothing can take it along when it goes."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    # The database's clock, which no caller can set back.
    at = models.DateTimeField()
    kind = models.CharField(max_length=30, choices=Kind)
    # Empty for the site itself.
    actor_id = models.BigIntegerField(null=True)
    organization_id = models.UUIDField(null=True)
    target_kind = models.CharField(max_length=40)
    target_id = models.CharField(max_length=40, blank=True)
    # The token that asked, or the emergency opening under which it was done.
    under_id = models.UUIDField(null=True)
    # Its place in a chain, and the signature over it and the line before.
    chain = models.UUIDField()
    number = models.PositiveBigIntegerField()
    mac = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            one_of("referrals_auditevent_kind", "kind", Kind.values),
            models.UniqueConstraint(
                fields=["chain", "number"], name="referrals_auditevent_one_place"
            ),
        ]
        indexes = [
            models.Index(fields=["organization_id", "-at"], name="referrals_audit_organization"),
            models.Index(fields=["target_kind", "target_id"], name="referrals_audit_target"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.target_kind} {self.target_id}"

    def told(self) -> list:
        """Return what the signature is over, besides the line before."""
        place = [self.chain, self.number, self.pk, self.at, str(self.kind)]
        whose = [self.actor_id, self.organization_id, self.under_id]
        return [*place, *whose, self.target_kind, self.target_id]
