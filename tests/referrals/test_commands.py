"""Organizations and members made from the command line."""

from datetime import date

import pytest
from django.core import mail
from django.core.management import CommandError, call_command

from referrals.models import Membership, Organization, Role


@pytest.mark.django_db(transaction=True)
def test_organization_is_made_with_its_first_administrator():
    call_command("create_organization", "Elm Clinic", admin="a@example.org", agreement="2026-11-02")

    membership = Membership.objects.get()
    assert (membership.role, membership.organization.name) == (Role.ADMIN, "Elm Clinic")
    assert membership.organization.agreement_on == date(2026, 11, 2)
    assert "http://localhost:8000/accounts/password/reset/key/" in mail.outbox[0].body


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (["Walnut Street Clinic"], {}),
        (["  "], {}),
        (["x" * 161], {}),
        (["Elm Clinic"], {"admin": "nonsense"}),
        (["Elm Clinic"], {"agreement": "last spring"}),
        (["Elm Clinic"], {"admin": "clinician@example.org"}),
    ],
)
def test_organization_that_cannot_be_is_refused_whole(arguments, options, clinic, clinician):
    with pytest.raises(CommandError):
        call_command("create_organization", *arguments, **options)
    assert Organization.objects.count() == 1


def test_member_is_invited(clinic, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        call_command("invite", "p@example.org", organization=clinic.name, role="peer")

    assert Membership.objects.get().role == Role.PEER
    assert mail.outbox[0].to == ["p@example.org"]


@pytest.mark.parametrize(
    ("email", "name"),
    [("p@example.org", "Nowhere"), ("nonsense", None), ("clinician@example.org", None)],
)
def test_invitation_that_cannot_be_is_refused(email, name, clinic, clinician):
    with pytest.raises(CommandError):
        call_command("invite", email, organization=name or clinic.name)
    assert not mail.outbox
