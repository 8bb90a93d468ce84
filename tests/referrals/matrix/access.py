"""The verbs of who may come in: accounts, roles, organizations, tokens and emergency openings."""

from django.urls import reverse
from django.utils import timezone

from referrals import tokens
from referrals.models import Scope
from tests.referrals.matrix.asking import verb


@verb("org1.members", "change_role")
def _(world):
    data = {"role": "clinician"}
    yield lambda client, role: client.post(world.page("member-role", world.newcomer.pk), data)


@verb("org1.settings", "update")
def _(world):
    data = {"name": "Walnut Street and Sons", "agreement_on": "2026-01-05", "is_active": "on"}
    url = world.page("organization-settings", world.clinic.pk)
    yield lambda client, role: client.post(url, data)


@verb("org", "create")
def _(world):
    data = {"name": "Elm Clinic", "agreement_on": "2026-01-05"}
    yield lambda client, role: client.post(world.page("organization-new"), data)


@verb("apitoken(org1)", "create")
def _(world):
    data = {"name": "Nightly", "scopes": ["referrals:read"], "days": "30"}
    yield lambda client, role: client.post(world.page("tokens", world.clinic.pk), data)


@verb("apitoken(org1)", "list")
def _(world):
    yield lambda client, role: client.get(world.page("tokens", world.clinic.pk))


@verb("apitoken(org1)", "revoke")
def _(world):
    token = tokens.make(
        world.clinic,
        "Nightly",
        scopes=[Scope.REFERRALS],
        days=30,
        by=world.people["oadm1"],
        now=timezone.now(),
    ).token
    yield lambda client, role: client.post(world.page("token-revoke", token.pk))


@verb("user.self", "change email/password/MFA")
def _(world):
    yield lambda client, role: client.get(reverse("account_email"))
    yield lambda client, role: client.get(reverse("mfa_generate_recovery_codes"))


@verb("user.other", "read")
def _(world):
    yield lambda client, role: client.get(world.page("member", world.newcomer.pk))


@verb("breakglass(org1)", "activate")
def _(world):
    data = {"reason": "A patient was found unconscious; their clinic is closed.", "minutes": "30"}
    url = world.page("emergency-open", world.clinic.pk)
    yield lambda client, role: client.post(url, data)
