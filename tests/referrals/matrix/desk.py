"""The verbs of the directory and of the curators' desk: how each is asked for."""

import json
from datetime import timedelta

import time_machine
from django.urls import reverse
from django.utils import timezone

from finder import curation, suggestions
from finder.feeds import ingest
from finder.models import DuplicatePair, ImportRun, ImportStatus, Merge, PrivateContact, Suggestion
from finder.secret_links import new_token
from finder.vocab import Status
from tests.factories import make_group, make_meeting, make_program, make_source
from tests.finder.feeds.town import NOW, TEN, row
from tests.referrals.matrix.asking import verb

AT_THE_DESK = {"curator", "super", "superBG"}


def admin(model, what, *args):
    return reverse(f"admin:finder_{model}_{what}", args=args)


def filled(world, url):
    """Give what a form of the desk would send untouched, as a superuser sees it."""
    page = world.client("super").get(url)
    told = dict(page.context["adminform"].form.initial)
    for formset in page.context["inline_admin_formsets"]:
        told |= {f"{formset.formset.prefix}-TOTAL_FORMS": 0}
        told |= {f"{formset.formset.prefix}-INITIAL_FORMS": 0}
    plain = {name: getattr(value, "pk", value) for name, value in told.items()}
    return {name: "" if value is None else value for name, value in plain.items()}


def group_form(world, group, **told):
    url = admin("group", "change", group.pk)
    data = filled(world, url) | told
    return lambda client, role: client.post(url, data)


@verb("group.published", "list")
def _(world):
    yield lambda client, role: client.get(reverse("search"))
    yield lambda client, role: client.get(reverse("api:groups"))


@verb("group.published", "read")
def _(world):
    pk = world.r1.group_id
    yield lambda client, role: client.get(reverse("group", args=[pk]))
    yield lambda client, role: client.get(reverse("api:group", args=[pk]))


@verb("group.draft", "read")
def _(world):
    group = make_group(name="Not listed yet", status=Status.INACTIVE)
    curation.retire(group, by=world.people["curator"], today=timezone.localdate())

    def ask(client, role):
        if role in AT_THE_DESK:
            return client.get(admin("group", "change", group.pk))
        return client.get(reverse("api:group", args=[group.pk]))

    yield ask


@verb("group", "create")
def _(world):
    url = admin("group", "add")
    data = filled(world, url) | {
        "program": make_program().pk,
        "name": "A new group",
        "status": "active",
    }
    yield lambda client, role: client.post(url, data)


@verb("group", "update")
def _(world):
    yield group_form(world, world.r1.group, notes="At the side door")


@verb("group", "publish")
def _(world):
    yield group_form(world, make_group(status=Status.PAUSED), status=Status.ACTIVE)


@verb("group", "archive")
def _(world):
    yield group_form(world, world.r1.group, status=Status.INACTIVE)


@verb("group.accepts_moud", "set")
def _(world):
    told = {
        "group": world.r1.group_id,
        "kind": "clinician_call",
        "on": f"{timezone.localdate():%Y-%m-%d}",
        "target": "methadone",
        **{"attend": "yes", "speak": "yes", "no_pressure": "yes"},
        "source_note": "Their chair, by telephone",
    }
    url = f"{admin('evidence', 'add')}?kind=clinician_call"
    yield lambda client, role: client.post(url, told)


@verb("group", "hard_delete")
def _(world):
    url = admin("group", "delete", world.r1.group_id)
    yield lambda client, role: client.post(url, {"post": "yes"})


@verb("group.private_contact", "read")
def _(world):
    contact = PrivateContact.objects.create(
        group=world.r1.group,
        first_name="ZQ7-contact",
        channel="by letter",
        permission_note="on paper",
        permission_on=timezone.localdate(),
        entered_by=world.people["curator"],
    )

    def ask(client, role):
        if role in AT_THE_DESK:
            return client.get(admin("privatecontact", "change", contact.pk))
        # The public side has no address for it; its page is looked through as well.
        assert b"ZQ7-" not in client.get(reverse("group", args=[world.r1.group_id])).content
        return client.get(reverse("group", args=[world.r1.group_id]) + "contact/")

    yield ask


@verb("suggestion", "create")
def _(world):
    url = f"/suggest/change/?meeting={world.r1.group.meetings.get().pk}"

    def ask(client, role):
        stamp = client.get(url).text.split('name="stamp" value="')[1].split('"')[0]
        with time_machine.travel(timezone.now() + timedelta(seconds=10), tick=False):
            return client.post(url, {"words": "It moved", "stamp": stamp})

    yield ask


def suggestion(world):
    told = suggestions.Told(
        kind="close", group=world.r1.group, meeting=world.r1.group.meetings.get()
    )
    suggestions.open_suggestion(told, token=new_token(), link="x", now=timezone.now())
    return Suggestion.objects.get()


@verb("suggestion", "list")
def _(world):
    suggestion(world)
    yield lambda client, role: client.get(admin("suggestion", "changelist"))


@verb("suggestion", "resolve")
def _(world):
    url = admin("suggestion", "change", suggestion(world).pk)
    yield lambda client, role: client.post(url, {"_decline": "1", "reason": "It still meets"})


@verb("feed", "list")
def _(world):
    make_source()
    yield lambda client, role: client.get(admin("source", "changelist"))


@verb("feed", "read")
def _(world):
    url = admin("source", "change", make_source().pk)
    yield lambda client, role: client.get(url)


@verb("feed", "create")
def _(world):
    url = admin("source", "add")
    data = filled(world, url) | {
        **{"name": "Town", "slug": "town", "program": make_program().pk},
        **{"interval_hours": 0, "is_active": "on"},
    }
    yield lambda client, role: client.post(url, data)


@verb("feed", "update_url")
def _(world):
    source = make_source(url="https://example.org/old.json")
    url = admin("source", "change", source.pk)
    data = filled(world, url) | {"url": "https://example.org/new.json"}

    def ask(client, role):
        answer = client.post(url, data)
        source.refresh_from_db()
        # A curator saves the rest of it; its address is not theirs to change.
        answer.is_kept_back = role == "curator" and source.url.endswith("old.json")
        source.url = "https://example.org/old.json"
        return answer

    yield ask


@verb("feed", "run")
def _(world):
    url = admin("source", "pull", make_source(url="https://example.org/a.json").pk)
    yield lambda client, role: client.post(url)


def runs(world):
    """Import a town twice: once applied, once parked."""
    program = make_program(slug="aa")
    for rows in (TEN, [*TEN[:5], row(5, notes="Side door")]):
        data = json.dumps(rows).encode()
        ingest.apply(ingest.Request(data=data, source="town", program=program), now=NOW)
    return ImportRun.objects.get(status=ImportStatus.PARKED)


@verb("import_run", "read")
def _(world):
    url = admin("importrun", "change", runs(world).pk)
    yield lambda client, role: client.get(url)


@verb("import_run", "apply")
def _(world):
    url = admin("importrun", "change", runs(world).pk)
    yield lambda client, role: client.post(url, {"_all": "1"})


@verb("import_run", "reject")
def _(world):
    url = admin("importrun", "change", runs(world).pk)
    yield lambda client, role: client.post(url, {"_none": "1"})


@verb("import_run", "rollback")
def _(world):
    runs(world)
    applied = ImportRun.objects.filter(status=ImportStatus.APPLIED).latest("pk")
    url = admin("importrun", "change", applied.pk)
    yield lambda client, role: client.post(url, {"_back": "1"})


def pair(world):
    program = make_program()
    one, other = (
        make_meeting(name="Lamp", group=make_group(program=program, source=make_source())).group
        for _number in range(2)
    )
    return DuplicatePair.objects.create(first=one, second=other, score=0.9, found_at=timezone.now())


@verb("duplicate", "merge")
def _(world):
    url = admin("duplicatepair", "change", pair(world).pk)
    yield lambda client, role: client.post(url, {"_first": "1"})


@verb("duplicate", "unmerge")
def _(world):
    found = pair(world)
    world.client("super").post(admin("duplicatepair", "change", found.pk), {"_first": "1"})
    merged = Merge.objects.get()
    data = {"action": "undo", "_selected_action": [merged.pk]}
    yield lambda client, role: client.post(admin("merge", "changelist"), data)


@verb("group.history", "read")
def _(world):
    url = admin("group", "history", world.r1.group_id)
    yield lambda client, role: client.get(url)


@verb("group.history", "revert")
def _(world):
    meeting, by = world.r1.group.meetings.get(), world.people["curator"]
    meeting.name = "Wrong"
    curation.correct(meeting, fields=["name"], by=by, today=timezone.localdate())
    first = curation.history_of(meeting)[-1]
    url = admin("meeting", "revert", meeting.pk)
    yield lambda client, role: client.post(url, {"event": first.number})


@verb("admin site", "index")
def _(world):
    yield lambda client, role: client.get(reverse("admin:index"))


@verb("admin site", "any PHI model")
def _(world):
    yield lambda client, role: client.get("/admin/referrals/patient/")


@verb("impersonate", "start")
def _(world):
    pk = world.people["prov1"].pk
    yield lambda client, role: client.post(f"/impersonate/{pk}/")
    yield lambda client, role: client.post(f"/hijack/acquire/{pk}/")


@verb("health/live, security.txt, robots.txt", "read")
def _(world):
    for name in ("livez", "security-txt", "robots"):
        yield lambda client, role, name=name: client.get(reverse(name))


@verb("health/ready", "read")
def _(world):
    yield lambda client, role: client.get(reverse("readyz"))
