"""Accounts come by invitation: the link works once, and sign-up stays shut."""

import re

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from finder.models import User
from referrals.models import Assignment, AuditEvent, Kind, Membership, Organization, Role
from referrals.onboarding import (
    CannotInvite,
    add_member,
    create_organization,
    invite,
    remove_member,
)
from referrals.tenancy import organization
from tests.factories import make_user

SITE = "http://testserver"


def invited(clinic, by, django_capture_on_commit_callbacks, email="new@example.org"):
    with django_capture_on_commit_callbacks(execute=True):
        return invite(clinic, email, role=Role.PEER, by=by, site=SITE)


def test_invitation_makes_an_account_without_a_password(
    clinic, administrator, django_capture_on_commit_callbacks
):
    membership = invited(clinic, administrator, django_capture_on_commit_callbacks)

    assert not membership.user.has_usable_password()
    assert (membership.role, membership.organization) == (Role.PEER, clinic)
    with organization(clinic.pk):
        assert AuditEvent.objects.get().kind == Kind.MEMBER_INVITED


def test_invitation_mail_says_nothing_of_the_place(
    clinic, administrator, django_capture_on_commit_callbacks
):
    invited(clinic, administrator, django_capture_on_commit_callbacks)

    message = mail.outbox[0]
    assert message.to == ["new@example.org"]
    assert clinic.name not in message.subject + message.body


def test_invitation_link_sets_a_password_once(
    client, clinic, administrator, django_capture_on_commit_callbacks
):
    invited(clinic, administrator, django_capture_on_commit_callbacks)
    path = re.search(rf"{SITE}(/accounts/password/reset/key/\S+)", mail.outbox[0].body)[1]

    form = client.get(path, follow=True)
    words = "walnut tree by the river 7"
    done = client.post(form.redirect_chain[-1][0], {"password1": words, "password2": words})

    assert done.status_code == 302
    assert User.objects.get(email="new@example.org").check_password(words)
    client.logout()
    assert "This link no longer works" in client.get(path, follow=True).content.decode()


def test_invited_person_signs_in_by_e_mail(client, clinic):
    add_member(
        clinic, "New@Example.org", role=Role.CLINICIAN, by=None, password="long enough 12345"
    )

    answer = client.post(
        reverse("account_login"), {"login": "new@example.org", "password": "long enough 12345"}
    )

    assert (answer.status_code, answer["Location"]) == (302, "/referrals/")
    # A second step is set up before anything else.
    assert client.get("/referrals/")["Location"] == reverse("mfa_index")


def test_person_with_a_live_membership_is_not_added_again(clinic, other_clinic, clinician):
    with pytest.raises(CannotInvite):
        add_member(other_clinic, clinician.email.upper(), role=Role.PEER, by=None)
    assert clinician.memberships.count() == 1


def test_person_who_left_comes_back_with_the_same_account(clinic, administrator, clinician):
    remove_member(clinician.memberships.get(), by=administrator)

    membership = add_member(clinic, clinician.email, role=Role.PEER, by=administrator)

    assert membership.user == clinician


def test_switched_off_account_is_not_invited(clinic):
    user = make_user(email="off@example.org", is_active=False)

    with pytest.raises(CannotInvite):
        add_member(clinic, user.email, role=Role.PEER, by=None)


@pytest.mark.parametrize("who", ["clinician", "stranger", "curator"])
def test_only_an_administrator_invites(who, request, clinic):
    with pytest.raises(PermissionDenied):
        invite(clinic, "x@example.org", role=Role.PEER, by=request.getfixturevalue(who), site=SITE)
    assert not User.objects.filter(email="x@example.org").exists()


def test_removed_member_is_assigned_to_nobody(clinic, administrator, assigned_peer):
    remove_member(assigned_peer.memberships.get(), by=administrator)

    membership = Membership.objects.get(user=assigned_peer)
    assert (membership.is_active, membership.ended_by) == (False, administrator)
    with organization(clinic.pk):
        assert not Assignment.objects.current().exists()


def test_nobody_removes_themselves(administrator):
    with pytest.raises(PermissionDenied):
        remove_member(administrator.memberships.get(), by=administrator)


def test_organization_is_made_by_a_superuser_or_the_server(superuser, curator):
    assert create_organization("Elm Clinic", by=superuser).is_active
    assert create_organization("Oak Clinic", by=None).is_active
    with pytest.raises(PermissionDenied):
        create_organization("Ash Clinic", by=curator)
    assert Organization.objects.count() == 2
