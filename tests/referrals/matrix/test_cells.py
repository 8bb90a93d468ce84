"""The table of who may do what, executed cell by cell: status, marks, writes and the record."""

from dataclasses import dataclass

import pytest
from django.db import connection, transaction

from referrals.models import AuditEvent, Kind, Membership
from referrals.tenancy import organization
from tests.referrals.matrix import access, clinic, desk  # noqa: F401 - they register their verbs
from tests.referrals.matrix.asking import VERBS
from tests.referrals.matrix.cells import ROLES, lines
from tests.referrals.matrix.world import MARK, make_world

pytestmark = pytest.mark.django_db
LINES = lines()
TOKENS = {"tokDir", "tok1", "tok2"}
# Where we differ from the table on purpose, and why.
NO_PATIENT = "An administrator knows no patient, so for them the page of one does not exist."
DIFFERS: dict[tuple[str, str, str], tuple[str, str]] = {
    ("referral.R1", "update", "oadm1"): ("N", NO_PATIENT),
    ("consent.C1", "create", "oadm1"): ("N", NO_PATIENT),
    **{
        (line.thing, line.verb, "recv"): (
            "N",
            "To a member of another organization this one is not there, whatever a consent opens.",
        )
        for line in LINES
        if "org1" in f"{line}" and line.expected["recv"] == "F" and line.thing != "breakglass(org1)"
        if line.verb != "create(org1)"
    },
    **{
        ("disclosure", verb, "recv"): ("F", "Who may not read the accounting is told so first.")
        for verb in ("update", "delete")
    },
    ("sharelink", "create(R1)", "oadm1"): ("N", NO_PATIENT),
    **{
        ("group", "hard_delete", role): ("F", "Nothing of the directory is ever deleted by hand.")
        for role in ("super", "superBG")
    },
    **{
        (line.thing, line.verb, role): (
            "M",
            "A method that no page serves is 405 before anything is looked up, for all who are in.",
        )
        for line in LINES
        for role, code in line.expected.items()
        if "M" in line.expected.values() and code != "M" and role != "noMFA"
        if line.thing == "audit"
    },
}
SIGN_IN = ("/accounts/", "/admin/login/")
# Sensitive things, of which a refusal must stand in the record.
# (what a link opens, opens without anyone being signed in).
RECORDED = ("referral", "consent", "sharelink", "disclosure", "audit", "org1", "apitoken")
# What a request leaves behind in any case: the session, counts of requests, the record itself.
LEFT_BEHIND = {
    *("django_session", "finder_cache", "finder_salt", "finder_tally"),
    *("referrals_auditevent", "referrals_auditchain", "referrals_apitoken"),
    # One role opens it before each request.
    "referrals_breakglass",
}


class _Undone(Exception):
    """Takes back what one cell did."""


@dataclass(frozen=True)
class Seen:
    """What came of one request."""

    status: int
    goes_to: str
    bytes_: bytes
    headers: str
    # The page came, and what was asked for was not on it.
    is_kept_back: bool = False

    @property
    def code(self) -> str:
        """Name it as the table does; A for what was done."""
        if self.status == 302 and self.goes_to.startswith(SIGN_IN):
            return "L"
        if self.is_kept_back:
            return "F"
        named = {401: "L", 403: "F", 404: "N", 405: "M"}
        return named.get(self.status, "A" if self.status < 400 else str(self.status))


def seen(answer):
    goes_to = answer.headers.get("Location", "")
    is_kept_back = getattr(answer, "is_kept_back", False)
    return Seen(answer.status_code, goes_to, answer.content, str(answer.headers), is_kept_back)


def digest(world):
    """Give a fingerprint of everything that is stored, of each organization in turn."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        tables = [name for (name,) in cursor.fetchall() if name not in LEFT_BEHIND]
        parts = " UNION ALL ".join(
            f"SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM {name} t" for name in tables
        )
        found = []
        for place in (world.clinic, world.other, world.receiving):
            with organization(place.pk):
                cursor.execute(parts)
                found.append(tuple(cursor.fetchall()))
    return found


def refusals_of(world, role):
    """Count refusals recorded of a person, in the record of the place they are in, or of none."""
    user = world.people[role]
    own = Membership.objects.filter(user=user, is_active=True).first()
    opened = world.clinic.pk if role == "superBG" else None
    with organization(own.organization_id if own else opened):
        return AuditEvent.objects.filter(kind=Kind.REFUSED, actor_id=user.pk).count()


def cases():
    for line in LINES:
        yield pytest.param(line, id=str(line).replace(" ", "_"))


def ask_as(world, role, ask, *, is_fresh=True):
    """Send one request as a role, in what will be taken back."""
    client = world.client(role, is_fresh=is_fresh)
    if role == "disabled":
        user = world.people[role]
        type(user).objects.filter(pk=user.pk).update(is_active=False)
    return seen(ask(client, role))


def fault(world, line, role, ask, before):
    """Say what is wrong with one cell; '' where it is as the table has it."""
    expected = DIFFERS.get((line.thing, line.verb, role), (line.expected[role],))[0]
    answer = ask_as(world, role, ask, is_fresh=expected != "S")
    wanted = {"S": "F", "E": "A"}.get(expected, expected)
    # A token opens no page: there it is as if nobody had signed in.
    is_shut = role in TOKENS and expected in "FNM" and answer.code in {"L", "F", "N", "M"}
    if answer.code != wanted and not is_shut:
        return f"{role}: {expected} is wanted, {answer.code} ({answer.status}) came"
    if expected == "E" and str(world.r1.pk).encode() in answer.bytes_:
        return f"{role}: the referral is in the list"
    if expected == "A":
        return ""
    if not answer.is_kept_back and MARK in answer.bytes_.decode(errors="replace") + answer.headers:
        return f"{role}: a mark of the patient came with {answer.status}"
    if expected == "S" and b"step" not in answer.bytes_:
        return f"{role}: nothing asks for the second step"
    changed = digest(world) if role != "disabled" else before
    if expected != "E" and changed != before and not answer.is_kept_back:
        return f"{role}: something was written"
    is_person = role in world.people and role != "disabled" and expected in "FN"
    is_recorded = line.thing.startswith(RECORDED) and not line.verb.startswith("open(")
    if is_person and is_recorded and not answer.is_kept_back and refusals_of(world, role) != 1:
        return f"{role}: {refusals_of(world, role)} refusals in the record"
    return after_step(world, role, ask) if expected == "S" else ""


def after_step(world, role, ask):
    """Say what is wrong where the second step was just given: then it must be done."""
    answer = ask_as(world, role, ask)
    return "" if answer.code == "A" else f"{role}: {answer.status} came after the second step"


@pytest.mark.parametrize("line", list(cases()))
def test_line(line):
    world, faults = make_world(), []
    for ask in VERBS[line.thing, line.verb](world):
        before = digest(world)
        for role in ROLES:
            try:
                with transaction.atomic():
                    faults.append(fault(world, line, role, ask, before))
                    raise _Undone
            except _Undone:
                pass
    assert "\n".join(filter(None, faults)) == ""


def test_table_is_whole():
    assert len(LINES) == 71
    assert sum(len(line.expected) for line in LINES) == 71 * 17
    assert {code for line in LINES for code in line.expected.values()} == set("ALFNMSE")


def test_every_line_has_its_verb():
    assert set(VERBS) == {(line.thing, line.verb) for line in LINES}


def test_every_difference_names_its_cell_and_its_reason():
    told = {(line.thing, line.verb): line.expected for line in LINES}

    for (thing, name, role), (code, reason) in DIFFERS.items():
        assert told[thing, name][role] != code
        assert reason.endswith(".")
