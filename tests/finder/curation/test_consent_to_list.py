"""A circle whose community has not agreed: nothing of medication is said of it, anywhere."""

import io
import json
import zipfile
from datetime import date

import pytest
from django.urls import reverse

from finder import asking
from finder.curation import reassess
from finder.feeds import ingest, publish
from finder.models import Assessment, Group, Inquiry, Listing, Meeting, MonthFigures
from finder.search import index
from tests.conftest import NOON
from tests.factories import make_evidence, make_program, make_user

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
FEED = [
    {
        "slug": "evening-circle",
        "name": "Evening Circle",
        "group": "River Circle",
        "day": 2,
        "time": "19:00",
        "timezone": "America/Chicago",
        "address": "100 Walnut Street",
        "city": "Springfield",
        "state": "IL",
        "country": "US",
        "latitude": 39.8,
        "longitude": -89.65,
    }
]


@pytest.fixture
def circle():
    """A circle that a feed tells of, with evidence that would make it accepting."""
    program = make_program(slug="wellbriety", name="Wellbriety", model="wellbriety")
    bring(program)
    group = Group.objects.get()
    make_evidence(group=group, on=date(2026, 11, 1))
    make_evidence(group=group, on=date(2026, 10, 1), kind="listing_claim", source_note="Page")
    Inquiry.objects.create(
        group=group,
        asked_on=date(2026, 10, 5),
        route="helpline",
        outcome="answered",
        asked_by=make_user(),
    )
    read_again()
    return group


def bring(program, **fields):
    data = json.dumps([FEED[0] | fields]).encode()
    ingest.apply(ingest.Request(data=data, source="circles", program=program), now=NOON)


def read_again():
    index.rebuild()
    reassess(today=TODAY)


def agree(group):
    group.consent_on, group.consent_by = date(2026, 1, 1), "Council"
    group.save()
    read_again()


def told(client, group):
    """Say, for each way out, whether it tells anything of medication at this group."""
    meeting = group.meetings.get()
    get = lambda path: client.get(path).content.decode()  # noqa: E731
    listing = Listing.objects.with_document().get(pk=meeting.pk)
    labelled = client.get("/api/v1/meetings/?medication=methadone&acceptance=positive").json()
    box = "bbox=-90,39.5,-89,40.2&zoom=11&medication=methadone&acceptance=positive"
    found = {
        "group page": "One call to the group" in get(group.get_absolute_url()),
        "search page": "Accepting" in post_search(client),
        "groups of the API": client.get(f"/api/v1/groups/{group.pk}/").json()["acceptance"] != {},
        "meeting of the API": client.get(f"/api/v1/meetings/{meeting.pk}/").json()["acceptance"]
        != {},
        "search of the API": [row["id"] for row in labelled["results"]] == [meeting.pk],
        "map": client.get(f"/api/v1/map/?{box}").json()["count"] == 1,
        "label on the map": has_label(client, meeting),
        "listing": listing.methadone_tier is not None or listing.document["acceptance"] != {},
        "assessment": Assessment.objects.filter(group=group, weight__gt=0).exists(),
        "figures": asked_in_figures() > 0,
    }
    for name in ("csv", "xlsx", "geojson"):
        found[f"export of {name}"] = has_label_in(name, meeting)
        found[f"download of {name}"] = "accepting" in downloaded(client, name)
    return found


def post_search(client):
    asked = {"medication": "methadone", "acceptance": "accepting"}
    page = client.post("/", asked).content.decode()
    return page.split("Evening Circle", 1)[1] if "Evening Circle" in page else ""


def has_label(client, meeting):
    answer = client.get("/api/v1/map/?bbox=-90,39.5,-89,40.2&zoom=11&medication=methadone").json()
    assert answer["points"]["id"] == [meeting.pk]
    return answer["points"]["label"] != [None]


def has_label_in(name, meeting):
    return "accepting" in text_of(name, b"".join(publish.export(name, [meeting.pk], now=NOON)))


def downloaded(client, name):
    reply = client.get(f"/api/v1/meetings/download/{name}/?program=wellbriety")
    return text_of(name, b"".join(reply.streaming_content))


def text_of(name, data):
    if name != "xlsx":
        return data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return "".join(packed.read(part).decode() for part in packed.namelist())


def asked_in_figures():
    MonthFigures.objects.all().delete()
    asking.publish_figures(today=date(2026, 11, 2))
    row = MonthFigures.objects.get()
    return row.asked + row.answered + row.compared


def test_circle_without_consent_is_not_judged_anywhere(client, now, circle):
    assert [name for name, is_told in told(client, circle).items() if is_told] == []


def test_every_way_out_is_looked_at(client, now, circle):
    """With consent each of them tells, so that silence above means something."""
    agree(circle)

    assert [name for name, is_told in told(client, circle).items() if not is_told] == []


def test_withdrawn_consent_is_gone_at_the_next_request_and_after_a_new_import(client, now, circle):
    agree(circle)
    client.force_login(make_user(is_staff=True, is_superuser=True))
    client.post(
        reverse("admin:finder_group_changelist"),
        {"action": "withdraw_consent", "_selected_action": [circle.pk]},
    )
    client.logout()

    assert [name for name, is_told in told(client, circle).items() if is_told] == []
    bring(circle.program, name="Evening Circle of All", notes="Methadone welcome")
    read_again()
    assert Meeting.objects.get().name == "Evening Circle of All"
    assert [name for name, is_told in told(client, circle).items() if is_told] == []
