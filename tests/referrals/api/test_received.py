"""A referral that another organization reads by API: under its consent, accounted for, no more."""

import pytest

from referrals.consent import revoke, wording
from referrals.models import Disclosure, Referral, State
from referrals.tenancy import organization
from tests.referrals.conftest import LABEL, REASON


def address(referral, more=""):
    return f"/api/v1/referrals/{referral.pk}/{more}"


def test_reader_gets_what_the_consent_names_with_the_notice(
    asking,
    referral,
    consent,
    receiver,
    clinic,  # noqa: F811
):
    told = asking(receiver).get(address(referral))

    assert (told["received_from"], told["medication"]) == (clinic.name, "methadone")
    assert told["group"]["name"] == "Quiet Harbor"
    # Neither the reason, nor notes and check-ins, nor the label: the consent does not name them.
    assert not {"reason", "notes", "check_ins", "history", "patient", "plan"} & set(told)
    assert REASON not in str(told) and LABEL not in str(told)
    assert told["notice"] == wording.current("en").notice
    assert told["consent"]
    with organization(clinic.pk):
        line = Disclosure.objects.get()
    assert (line.exit, line.by, line.consent_id) == ("received_api", receiver, consent.pk)


def test_reader_says_how_it_went_and_does_nothing_else(
    asking,
    referral,
    consent,
    receiver,
    clinic,  # noqa: F811
):
    asks = asking(receiver)
    names = {move["step"] for move in asks.get(address(referral))["moves"]}
    assert "attend" in names

    told = asks.post(address(referral, "moves/"), {"step": "attend"})

    assert told["state"] == "attended"
    asks.get(address(referral, "check-ins/"), 403)
    asks.post(address(referral, "check-ins/"), {"went": "went"}, 403)
    asks.send("delete", address(referral), status=405)
    with organization(clinic.pk):
        assert Referral.objects.get().state == State.ATTENDED


def test_nothing_is_read_once_the_consent_ended(
    asking,
    referral,
    consent,
    receiver,
    clinician,
    clinic,
    now,  # noqa: F811
):
    asks = asking(receiver)
    asks.get(address(referral))
    with organization(clinic.pk):
        revoke(consent, by=clinician, now=now)

    asks = asking(receiver)
    asks.get(address(referral), 404)
    asks.post(address(referral, "moves/"), {"step": "attend"}, 404)
    with organization(clinic.pk):
        assert Disclosure.objects.count() == 1


@pytest.mark.parametrize("who", ["receiver_head", "strange_administrator"])
def test_colleagues_of_a_reader_get_nothing(
    asking,
    referral,
    consent,
    receiver,
    request,
    who,  # noqa: F811
):
    asking(request.getfixturevalue(who)).get(address(referral), 404)


def test_token_of_the_receiving_organization_gets_nothing(
    with_token,
    referral,
    consent,
    receiver,
    other_clinic,  # noqa: F811
):
    asks = with_token(other_clinic)

    asks.get(address(referral), 404)
    assert asks.get("/api/v1/referrals/")["count"] == 0
