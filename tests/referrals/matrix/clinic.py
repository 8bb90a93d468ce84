"""The verbs of the clinic's side: patients, referrals, links, members and the record."""

import json
from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from referrals import reports, sharing
from referrals.tenancy import organization
from tests.referrals.matrix.asking import verb

# Programs have the API alone.
TOKENS = {"tokDir", "tok1", "tok2"}
ELSEWHERE = {"recv", "prov2", "oadm2", "tok2"}


def api(world):
    return reverse("referrals-api:referral", args=[world.r1.pk])


def by_api(world, name, data):
    """Post to an address of the referral as a program or a script of the page would."""
    url = reverse(f"referrals-api:{name}", args=[world.r1.pk])

    def ask(client, role):
        if role == "recv":
            return client.post(world.page("referral-move", world.r1.pk), data)
        told = json.dumps(data | {"key": str(uuid4())})
        return client.post(url, told, content_type="application/json")

    return ask


@verb("referral.R1", "list(own scope)")
def _(world):
    listed = reverse("referrals-api:referrals")
    first = {"recv": world.page("received"), **dict.fromkeys(TOKENS, listed)}
    yield lambda client, role: client.get(first.get(role, world.page("dashboard")))
    yield lambda client, role: client.get(listed if role in TOKENS else world.page("patients"))
    yield lambda client, role: client.get(listed)


@verb("referral.R1", "read")
def _(world):
    page = world.page("referral", world.r1.pk)
    yield lambda client, role: client.get(api(world) if role in TOKENS else page)
    yield lambda client, role: client.get(page if role == "recv" else api(world))


@verb("referral.R1.note", "read")
def _(world):
    # The note stands on the page of the referral; who may see the page and not the note must not
    # find it there.
    def ask(client, role):
        answer = client.get(world.page("referral", world.r1.pk))
        answer.is_kept_back = answer.status_code == 200 and b"ZQ7-reason" not in answer.content
        return answer

    def ask_by_api(client, role):
        # What a consent opens is read on pages.
        if role == "recv":
            return ask(client, role)
        answer = client.get(api(world))
        answer.is_kept_back = answer.status_code == 200 and b"ZQ7-reason" not in answer.content
        return answer

    yield ask
    yield ask_by_api


@verb("referral", "create(org1)")
def _(world):
    def ask(client, role):
        if role in ELSEWHERE:
            # There is no form that names another organization; its patient's page is one.
            return client.post(world.page("needs", world.patient), {"place": "62701"})
        return client.post(world.page("patient-new"), {"label": "someone new"})

    yield ask


@verb("referral.R1", "update")
def _(world):
    data = {"place": "62701"}
    yield lambda client, role: client.post(world.page("needs", world.patient), data)


@verb("referral.R1.outcome", "set")
def _(world):
    data = {"step": "decline", "reason": "r"}
    yield lambda client, role: client.post(world.page("referral-move", world.r1.pk), data)
    yield by_api(world, "moves", data | {"version": 1})


@verb("referral.R1", "cancel")
def _(world):
    data = {"step": "withdraw", "reason": "r"}
    yield lambda client, role: client.post(world.page("referral-move", world.r1.pk), data)
    yield by_api(world, "moves", data | {"version": 1})


@verb("referral.R1", "reassign")
def _(world):
    data = {"member": world.newcomer.pk}
    yield lambda client, role: client.post(world.page("referral-assign", world.r1.pk), data)


@verb("referral.R1", "delete")
def _(world):
    # Pages take no such method at all; the API does not either, and says so to who may see it.
    page = world.page("referral", world.r1.pk)
    yield lambda client, role: client.delete(page if role == "recv" else api(world))


@verb("referral.R1", "print_view")
def _(world):
    yield lambda client, role: client.get(world.page("referral-print", world.r1.pk))


@verb("referral", "export_csv(org1)")
def _(world):
    quarter = reports.recent_quarters(timezone.now())[0].code
    data = {"quarter": quarter, "basis": "operations"}
    yield lambda client, role: client.post(world.page("referral-export", world.clinic.pk), data)


@verb("consent.C1", "create")
def _(world):
    data = {
        **{"patient_name": "A", "signature": "A", "recipient_name": "Dr. Ana Ruiz"},
        **{"referrals": [str(world.r1.pk)], "categories": ["groups"], "recipient": ""},
        **{"purpose": "coordination", "expiry": "event", "signer": "patient", "method": "typed"},
        **{"tells_how_to_revoke": "on", "language": "en", "key": str(uuid4())},
    }
    yield lambda client, role: client.post(world.page("consent-new", world.patient), data)


def behind_the_code(world, client, **data):
    """Post to the patient's own page with the proof of the right code."""
    url = world.page("share", world.link_token)
    proof = client.post(url, {"do": "code", "code": world.link_code}).context["proof"]
    return client.post(url, data | {"proof": proof})


@verb("consent.C1", "read")
def _(world):
    def ask(client, role):
        if role == "link":
            return client.post(
                world.page("share", world.link_token), {"do": "code", "code": world.link_code}
            )
        return client.get(world.page("consent", world.c1.pk))

    yield ask


@verb("consent.C1", "revoke")
def _(world):
    def ask(client, role):
        if role == "link":
            return behind_the_code(world, client, do="end-consent", which=world.c1.pk)
        return client.post(world.page("consent-end", world.c1.pk), {"ending": "revoked"})

    yield ask


@verb("consent.C1", "update")
def _(world):
    yield lambda client, role: client.put(world.page("consent", world.c1.pk))


@verb("consent.C1", "delete")
def _(world):
    yield lambda client, role: client.delete(world.page("consent", world.c1.pk))


@verb("disclosure", "list(R1)")
def _(world):
    def ask(client, role):
        if role == "link":
            return client.post(
                world.page("share", world.link_token), {"do": "code", "code": world.link_code}
            )
        return client.get(world.page("disclosures", world.r1.pk))

    yield ask


@verb("disclosure", "update")
def _(world):
    yield lambda client, role: client.put(world.page("disclosures", world.r1.pk))


@verb("disclosure", "delete")
def _(world):
    yield lambda client, role: client.delete(world.page("disclosures", world.r1.pk))


@verb("sharelink", "create(R1)")
def _(world):
    yield lambda client, role: client.post(world.page("share-make", world.r1.plan_id))


@verb("sharelink", "open(valid token)")
def _(world):
    yield lambda client, role: client.get(world.page("share", world.link_token))
    yield lambda client, role: client.post(world.page("share", world.link_token))


@verb("sharelink", "open(unknown|expired|revoked)")
def _(world):
    now, by = timezone.now(), world.people["prov1"]
    tokens = ["A" * 32, world.link_token]
    with organization(world.clinic.pk):
        # Another one for the patient ends the first; the last one has expired.
        made = sharing.make(world.r1.patient, by=by, now=now)
        type(made.link).objects.filter(pk=made.link.pk).update(expires_at=now)
    for token in [*tokens, made.token]:
        yield lambda client, role, token=token: client.get(world.page("share", token))


@verb("sharelink", "revoke")
def _(world):
    def ask(client, role):
        if role == "link":
            return client.post(world.page("share", world.link_token), {"do": "end"})
        return client.post(world.page("share-end", world.link.pk))

    yield ask


@verb("audit", "list(org1)")
def _(world):
    yield lambda client, role: client.get(world.page("audit", world.clinic.pk))


@verb("audit", "update")
def _(world):
    yield lambda client, role: client.put(world.page("audit", world.clinic.pk))


@verb("audit", "delete")
def _(world):
    yield lambda client, role: client.delete(world.page("audit", world.clinic.pk))


@verb("org1.members", "list")
def _(world):
    yield lambda client, role: client.get(world.page("members", world.clinic.pk))


@verb("org1.members", "invite")
def _(world):
    data = {"email": f"{uuid4().hex}@example.org", "role": "peer"}
    yield lambda client, role: client.post(world.page("members", world.clinic.pk), data)


@verb("org1.members", "remove")
def _(world):
    yield lambda client, role: client.post(world.page("member-remove", world.newcomer.pk))


@verb("report.deidentified(org1)", "read")
def _(world):
    yield lambda client, role: client.get(world.page("report", world.clinic.pk))


@verb("user.self", "read")
def _(world):
    yield lambda client, role: client.get(reverse("account_email"))
