"""A patient's own page: a button, neutral words, one 404 for all that opens nothing, no traces."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import signing
from django.db import connection, transaction
from django.urls import reverse

from finder.secret_links import token_hash
from referrals import sharing
from referrals.models import (
    AuditEvent,
    CheckIn,
    Kind,
    ShareLink,
    Task,
    TaskKind,
)
from referrals.tenancy import find_share_link, organization
from tests.referrals.conftest import LABEL, REASON
from tests.referrals.test_tenancy import as_mhg_app, committed_patient  # noqa: F401
from tests.referrals.views.own_page import main, open_page

# Words that must not stand on a page that somebody may look at over a shoulder.
TELLING = (
    *("narcotics", "anonymous", "recovery", "methadone", "buprenorphine", "naltrexone", "opioid"),
    *("medication", "prescriber", "clinic", "referral", "patient", "treatment"),
)


def filled(page, **answers):
    referral = page.context["form"].fields["which"].choices[0][0]
    return {"do": "check-in", "key": str(uuid4()), "which": referral, "went": "went"} | answers


# --- Opening --------------------------------------------------------------------------


def test_looking_ahead_opens_nothing(client, address, clinic):
    for _scanner in range(20):
        answer = client.get(address)

    assert "Walnut Evening" not in main(answer)
    with organization(clinic.pk):
        assert not AuditEvent.objects.filter(kind=Kind.SHARE_OPENED).exists()


def test_button_shows_the_plan_in_neutral_words(client, address, clinic):
    answer = open_page(client, address)

    said = main(answer).casefold()
    assert "walnut" in said and "7:00 pm" in said
    assert [word for word in TELLING if word in said] == []
    assert LABEL.casefold() not in said and REASON.casefold() not in said
    assert "<title>Your page</title>" in answer.content.decode()
    with organization(clinic.pk):
        event = AuditEvent.objects.get(kind=Kind.SHARE_OPENED)
        assert (event.actor_id, event.target_kind) == (None, "sharelink")


def test_nothing_is_kept_anywhere_on_the_way(client, address):
    for answer in (client.get(address), open_page(client, address)):
        assert answer["Cache-Control"] == "no-store, private"
        assert answer["X-Robots-Tag"] == "noindex, nofollow"
        assert not answer.cookies
        assert answer["Referrer-Policy"] == "same-origin"


def test_post_of_another_site_is_refused(client, address):
    for headers in ({"Origin": "https://example.org"}, {"Sec-Fetch-Site": "cross-site"}):
        assert client.post(address, {"do": "open"}, headers=headers).status_code == 403


def ended(made, how, clinic, clinician, now):
    with organization(clinic.pk):
        if how == "revoked":
            sharing.revoke(made.link, by=clinician, now=now)
        elif how == "expired":
            ShareLink.objects.update(expires_at=now)
        elif how == "replaced":
            sharing.make(made.link.patient, by=clinician, now=now)
    return made.token if how != "unknown" else "A" * 32


@pytest.mark.parametrize("method", ["get", "post"])
def test_unknown_expired_revoked_and_replaced_are_one_404(
    method, client, made, clinic, clinician, now
):
    never = reverse("referrals:share", args=["A" * 32])
    first = getattr(client, method)(never)
    for how in ("expired", "revoked", "replaced"):
        with transaction.atomic():
            address = reverse("referrals:share", args=[ended(made, how, clinic, clinician, now)])
            answer = getattr(client, method)(address)
            transaction.set_rollback(True)
        assert (answer.status_code, answer.content) == (404, first.content)
        assert {k: v for k, v in answer.headers.items() if k != "X-Request-ID"} == {
            k: v for k, v in first.headers.items() if k != "X-Request-ID"
        }
    for wrong in ("A", "ü" * 32, "A" * 33):
        address = reverse("referrals:share", args=[wrong])
        assert getattr(client, method)(address).content == first.content


def test_guessing_is_slowed_and_a_real_link_still_opens(client, address):
    guesses = [reverse("referrals:share", args=[f"{number:032d}"]) for number in range(25)]
    codes = {client.get(guess).status_code for guess in guesses}

    assert codes == {404, 429}
    assert client.get(address).status_code == 200


# --- How long -------------------------------------------------------------------------


def test_link_lasts_until_two_weeks_after_the_next_check_in(made, now):
    assert made.link.expires_at == now + timedelta(days=21)


def test_check_in_lets_it_last_until_the_one_after(client, made, address, clinic, now):
    later = now + timedelta(days=8)
    with time_machine.travel(later, tick=False):
        client.post(address, filled(open_page(client, address)))

    with organization(clinic.pk):
        assert ShareLink.objects.get().expires_at == now + timedelta(days=28 + 14)


def test_no_link_lasts_beyond_a_hundred_days(client, made, address, clinic, now):
    with organization(clinic.pk):
        ShareLink.objects.update(expires_at=now + timedelta(days=95))
        ShareLink.objects.update(made_at=now - timedelta(days=60))
    with time_machine.travel(now + timedelta(days=29), tick=False):
        client.post(address, filled(open_page(client, address)))

    with organization(clinic.pk):
        # What it had is never shortened; the next check-in would have been day 98.
        assert ShareLink.objects.get().expires_at == now + timedelta(days=95)


def test_patient_ends_their_own_link(client, address, clinic):
    answer = client.post(address, {"do": "end"})

    assert "This link has ended" in main(answer)
    assert client.get(address).status_code == 404
    with organization(clinic.pk):
        assert ShareLink.objects.get().revoked_by is None


# --- Telling --------------------------------------------------------------------------


def test_check_in_that_went_badly_is_answered_at_once(client, address, clinic):
    answer = client.post(address, filled(open_page(client, address), pushed="chair", knew="yes"))

    said = main(answer)
    assert "Do not stop what you take" in said
    assert "someone will get in touch with you" in said
    with organization(clinic.pk):
        assert Task.objects.filter(kind=TaskKind.BAD_EXPERIENCE).count() == 1


def test_box_is_unticked_and_left_alone_passes_nothing_on(client, address, clinic):
    page = open_page(client, address)

    assert 'name="may_help"' in main(page) and "checked" not in main(page).split("may_help")[1][:80]
    client.post(address, filled(page, pushed="no"))
    with organization(clinic.pk):
        row = CheckIn.objects.get()
        assert row.answers["may_help"] is False
        assert not hasattr(row, "contribution")


@pytest.mark.parametrize(
    "answers",
    [{"went": ""}, {"went": "x"}, {"which": str(uuid4())}, {"key": "x"}, {"felt": "\x00"}],
)
def test_wrong_answers_are_asked_again(answers, client, address, clinic):
    answer = client.post(address, filled(open_page(client, address)) | answers)

    assert answer.status_code == 400
    with organization(clinic.pk):
        assert not CheckIn.objects.exists()


def test_sent_twice_is_told_once(client, address, clinic):
    posted = filled(open_page(client, address), pushed="room")

    answers = [client.post(address, posted) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    with organization(clinic.pk):
        assert CheckIn.objects.count() == 1


# --- The code -------------------------------------------------------------------------


def test_code_opens_what_is_kept_and_a_copy(client, made, address, clinic):
    page = client.post(address, {"do": "code", "code": f" {made.code[:3]} {made.code[3:]} "})

    said = main(page)
    assert LABEL in said and REASON in said and "methadone" in said
    copy = client.post(address, {"do": "copy", "proof": page.context["proof"]})
    assert copy["Content-Disposition"] == 'attachment; filename="copy.json"'
    told = json.loads(copy.content)
    assert told["patient"][0]["label"] == LABEL
    assert {row["reason"] for row in told["referral"]} == {REASON, ""}
    assert made.token not in copy.content.decode()
    with organization(clinic.pk):
        kinds = set(AuditEvent.objects.values_list("kind", flat=True))
        assert {Kind.HELD_READ, Kind.COPY_MADE} <= kinds


def wrong_code(made):
    return f"{(int(made.code) + 1) % 10**6:06d}"


def test_five_misses_lock_the_code_until_the_clinic_renews_it(
    client, made, address, clinic, clinician, now
):
    for _miss in range(5):
        answer = client.post(address, {"do": "code", "code": wrong_code(made)})
        assert answer.status_code == 400
    answer = client.post(address, {"do": "code", "code": made.code})

    assert LABEL not in answer.content.decode()
    with organization(clinic.pk):
        assert Task.objects.filter(kind=TaskKind.RESET_CODE).count() == 1
        assert AuditEvent.objects.filter(kind=Kind.SHARE_CODE_MISSED).count() == 5
        code = sharing.reset_code(ShareLink.objects.get(), by=clinician, now=now)
    assert LABEL in client.post(address, {"do": "code", "code": code}).content.decode()


def test_proof_is_of_this_link_and_this_code_and_fresh(
    client, made, address, clinic, clinician, now
):
    proof = client.post(address, {"do": "code", "code": made.code}).context["proof"]
    forged = signing.TimestampSigner(salt="other").sign(proof.rsplit(":", 2)[0])

    for wrong in ("", forged, proof[:-1]):
        assert client.post(address, {"do": "copy", "proof": wrong}).status_code == 400
    with time_machine.travel(now + timedelta(minutes=16), tick=False):
        assert client.post(address, {"do": "copy", "proof": proof}).status_code == 400
    with organization(clinic.pk):
        sharing.reset_code(ShareLink.objects.get(), by=clinician, now=now)
    assert client.post(address, {"do": "copy", "proof": proof}).status_code == 400


# --- What the database holds ----------------------------------------------------------


def test_token_and_code_stand_nowhere(made, address, client):
    open_page(client, address)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(t::text, '') FROM referrals_sharelink t")
        kept = cursor.fetchone()[0] or ""
        cursor.execute("SELECT string_agg(t::text, '') FROM referrals_auditevent t")
        kept += cursor.fetchone()[0] or ""

    assert made.token not in kept and made.code not in kept


def test_site_role_finds_a_link_by_its_hash_alone(as_the_site, made, clinic, now):
    assert ShareLink.objects.count() == 0
    with connection.cursor() as cursor:
        # The setting that the function uses opens nothing to the role that serves pages.
        cursor.execute("SELECT set_config('mhg.share_hash', %s, true)", [made.link.token_hash])
    assert ShareLink.objects.count() == 0
    assert find_share_link(token_hash(made.token), now=now) == (made.link.pk, clinic.pk)
    assert find_share_link(token_hash("A" * 32), now=now) is None
    assert find_share_link(token_hash(made.token), now=now + timedelta(days=30)) is None
