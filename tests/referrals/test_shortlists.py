"""Shortlists: a clinic's own meetings, confirmed by date, and offered where they fit."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from finder.curation import merge
from finder.models import Meeting
from finder.search.index import rebuild
from finder.vocab import Status
from referrals import shortlists
from referrals.lifecycle import Refused
from referrals.models import AuditEvent, Kind, Plan, Referral, Shortlist, ShortlistEntry
from referrals.tenancy import organization
from tests.factories import make_group, make_meeting
from tests.referrals.conftest import LABEL

ANSWERS = {"place": "62701", "medication": "methadone", "travel": "bus"}


def page(name, *args):
    return reverse(f"referrals:{name}", args=args)


@pytest.fixture
def evenings(in_clinic, clinician, directory, now):
    row = shortlists.make("Usual evenings", organization=in_clinic, by=clinician, now=now)
    shortlists.add(row, [directory["near"].pk, directory["phone"].pk], by=clinician, now=now)
    return row


def kinds(clinic):
    with organization(clinic.pk):
        rows = AuditEvent.objects.filter(kind__startswith="shortlist.")
        return sorted(rows.values_list("kind", flat=True))


# --- The capability -------------------------------------------------------------------


def test_list_tells_how_many_it_holds_and_since_when_all_are_confirmed(
    in_clinic, evenings, clinician, directory, now
):
    later = now + timedelta(days=30)
    entry = evenings.entries.get(meeting=directory["near"])

    shortlists.confirm(evenings, entry=entry, by=clinician, now=later)

    row = shortlists.lists_of(in_clinic).get()
    assert (row.size, row.since) == (2, now.date())
    shortlists.confirm(evenings, by=clinician, now=later)
    assert shortlists.lists_of(in_clinic).get().since == later.date()


def test_adding_again_confirms_and_adds_nothing(evenings, assigned_peer, directory, now):
    later = now + timedelta(days=9)

    new = shortlists.add(evenings, [directory["near"].pk], by=assigned_peer, now=later)

    entry = evenings.entries.get(meeting=directory["near"])
    assert (new, entry.confirmed_on, entry.confirmed_by) == (0, later.date(), assigned_peer)
    assert evenings.entries.count() == 2


def test_name_is_taken_once_in_a_clinic_however_it_is_written(
    in_clinic, evenings, clinician, other_clinic, stranger, now
):
    with pytest.raises(Refused, match="already"):
        shortlists.make("usual EVENINGS", organization=in_clinic, by=clinician, now=now)
    other = shortlists.make("Online", organization=in_clinic, by=clinician, now=now)
    with pytest.raises(Refused, match="already"):
        shortlists.rename(other, "Usual Evenings", by=clinician)
    shortlists.rename(evenings, "usual evenings", by=clinician)
    with organization(other_clinic.pk):
        shortlists.make("Usual evenings", organization=other_clinic, by=stranger, now=now)


def test_full_lists_are_refused_with_a_sentence(in_clinic, evenings, clinician, directory, now):
    group = directory["near"].group
    more = [make_meeting(group=group, weekday=n % 7).pk for n in range(shortlists.MOST_MEETINGS)]

    with pytest.raises(Refused, match="at most"):
        shortlists.add(evenings, more, by=clinician, now=now)
    with pytest.raises(Refused, match="No listed meeting"):
        shortlists.add(evenings, [10**9], by=clinician, now=now)
    for number in range(1, shortlists.MOST_LISTS):
        shortlists.make(f"List {number}", organization=in_clinic, by=clinician, now=now)
    with pytest.raises(Refused, match="as many lists"):
        shortlists.make("One more", organization=in_clinic, by=clinician, now=now)
    assert evenings.entries.count() == 2


@pytest.mark.parametrize("outsider", ["stranger", "administrator", "curator", "superuser"])
def test_nobody_else_changes_a_list(outsider, request, evenings, now):
    user = request.getfixturevalue(outsider)
    entry = evenings.entries.first()

    for act in (
        lambda: shortlists.make("x", organization=evenings.organization, by=user, now=now),
        lambda: shortlists.rename(evenings, "x", by=user),
        lambda: shortlists.add(evenings, [entry.meeting_id], by=user, now=now),
        lambda: shortlists.confirm(evenings, by=user, now=now),
        lambda: shortlists.remove(entry, by=user),
        lambda: shortlists.end(evenings, by=user),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_each_change_is_recorded(in_clinic, evenings, clinician, now):
    shortlists.rename(evenings, "Evenings", by=clinician)
    shortlists.confirm(evenings, by=clinician, now=now)
    shortlists.remove(evenings.entries.first(), by=clinician)
    shortlists.end(evenings, by=clinician)

    assert kinds(in_clinic) == [
        *[Kind.SHORTLIST_CHANGED] * 3,
        *[Kind.SHORTLIST_CONFIRMED, Kind.SHORTLIST_ENDED, Kind.SHORTLIST_MADE],
    ]
    assert not ShortlistEntry.objects.exists()


def test_meeting_that_was_merged_is_shown_as_the_one_it_became(
    in_clinic, evenings, directory, curator, now
):
    into = make_group(program=directory["near"].group.program, name="Walnut NA")
    kept = make_meeting(group=into, name="Walnut NA Evening", weekday=1)
    gone = directory["near"]
    merge(into, gone.group, joined=[(gone.pk, kept.pk)], by=curator, now=now)

    assert shortlists.shown_now([gone.pk]) == {gone.pk: kept}
    assert kept in [meeting for meeting, _entry in shortlists.standing(in_clinic.pk)]


# --- Its pages ------------------------------------------------------------------------


def test_member_begins_a_list_and_fills_it_from_addresses(client, clinic, clinician, directory):
    client.force_login(clinician)
    made = client.post(page("shortlists"), {"name": "Our evenings"})
    add = page("shortlist-change", made["Location"].split("/")[-2], "add")

    client.post(add, {"meetings": f"https://example.org/es/meetings/{directory['near'].pk}/"})
    several = f"{directory['online'].pk},{directory['phone'].pk}"
    client.post(add, {"meetings": f"/plan/?tz=America/Chicago&m={several}"})
    client.post(add, {"meetings": str(directory["later"].pk)})

    body = client.get(made["Location"]).content.decode()
    assert body.count("Last confirmed on November 10, 2026") == 4
    assert "Walnut NA Friday" in body
    assert "Our evenings" in client.get(page("shortlists")).content.decode()


@pytest.mark.parametrize("typed", ["", "x", "/meetings/999999/", "/groups/1/", "9" * 30])
def test_address_that_names_no_meeting_is_said_on_the_page(typed, client, evenings, clinician):
    client.force_login(clinician)

    answer = client.post(page("shortlist-change", evenings.pk, "add"), {"meetings": typed})

    assert answer.status_code == 400
    assert "usa-error-message" in answer.content.decode()


def test_meeting_that_is_no_longer_listed_stays_until_it_is_taken_off(
    client, clinic, evenings, clinician, directory, now
):
    Meeting.objects.filter(pk=directory["near"].pk).update(
        status=Status.RETIRED, retired_on=now.date()
    )
    client.force_login(clinician)
    entry = evenings.entries.get(meeting=directory["near"])

    assert "no longer listed" in client.get(page("shortlist", evenings.pk)).content.decode()
    client.post(page("shortlist-entry", entry.pk, "remove"))

    assert "no longer listed" not in client.get(page("shortlist", evenings.pk)).content.decode()


@pytest.mark.parametrize("what", ["confirm", "remove"])
def test_list_of_another_clinic_does_not_exist(what, client, evenings, stranger):
    client.force_login(stranger)

    assert client.get(page("shortlists")).status_code == 200
    assert "Usual evenings" not in client.get(page("shortlists")).content.decode()
    assert client.get(page("shortlist", evenings.pk)).status_code == 404
    for kind in ("confirm", "end", "rename", "add"):
        assert client.post(page("shortlist-change", evenings.pk, kind)).status_code == 404
    entry = evenings.entries.first()
    assert client.post(page("shortlist-entry", entry.pk, what)).status_code == 404


def test_change_nobody_knows_is_404(client, evenings, clinician):
    client.force_login(clinician)
    entry = evenings.entries.first()

    assert client.post(page("shortlist-change", evenings.pk, "burn")).status_code == 404
    assert client.post(page("shortlist-entry", entry.pk, "burn")).status_code == 404
    assert client.post(page("shortlist-entry", uuid4(), "confirm")).status_code == 404


def test_page_of_a_list_asks_the_same_number_of_queries_for_many(
    client, evenings, clinician, directory, now, django_assert_max_num_queries
):
    client.force_login(clinician)
    with django_assert_max_num_queries(16) as few:
        client.get(page("shortlist", evenings.pk))
    group = directory["near"].group
    ids = [make_meeting(group=group, weekday=n % 7).pk for n in range(12)]
    shortlists.add(evenings, ids, by=clinician, now=now)

    with django_assert_max_num_queries(16) as many:
        client.get(page("shortlist", evenings.pk))

    assert len(few) == len(many)


# --- When somebody is referred --------------------------------------------------------


@pytest.fixture
def suggested(client, clinician, patient, directory):
    client.force_login(clinician)
    client.post(page("needs", patient.pk), ANSWERS)
    return client.get(page("suggestions", patient.pk))


def test_ticked_suggestions_are_kept_on_a_list_and_the_page_stays(
    client, in_clinic, patient, suggested, evenings, directory
):
    ticked = [directory["online"].pk]
    asked = {"meetings": ticked, "keep": "1", "step": "one"}

    answer = client.post(page("suggestions", patient.pk), asked | {"shortlist": evenings.pk})

    assert answer.status_code == 200
    assert answer.context["ticked"] == ticked
    assert evenings.entries.filter(meeting=directory["online"]).exists()
    client.post(page("suggestions", patient.pk), asked | {"shortlist": "new"})
    assert Shortlist.objects.filter(name="List of November 10, 2026").exists()
    assert not Plan.objects.exists()


@pytest.mark.parametrize("posted", [{"shortlist": "new"}, {"shortlist": "x", "meetings": "1"}, {}])
def test_nothing_ticked_or_no_list_is_said_beside_it(posted, client, patient, suggested):
    answer = client.post(page("suggestions", patient.pk), {"keep": "1"} | posted)

    assert answer.status_code == 400
    assert answer.context["keep"].errors


@pytest.fixture
def elsewhere(in_clinic, evenings, clinician, directory, now):
    """Two meetings on the list that are not among the suggestions: one fits, one is Spanish."""
    group = directory["near"].group
    fits = make_meeting(group=make_group(program=group.program, name="Quiet Harbor"), weekday=5)
    barred = make_group(program=group.program, name="Puerto Azul")
    spanish = make_meeting(group=barred, weekday=6, languages=["es"])
    shortlists.add(evenings, [fits.pk, spanish.pk], by=clinician, now=now)
    rebuild()
    return fits, spanish


def test_meetings_of_the_lists_are_offered_with_reasons_or_told_why_not(
    client, patient, evenings, elsewhere, suggested, clinician, directory, now
):
    answer = client.get(page("suggestions", patient.pk))
    shown = [*answer.context["three"], *answer.context["rest"]]
    listed = answer.context["shortlisted"]

    offered = {card.best.id for card in shown} | {card.best.id for card, _note in listed.cards}
    assert elsewhere[0].pk in offered
    assert elsewhere[1].pk not in offered
    assert [why.reason.code for why in listed.left_out] == ["language"]
    # What is suggested anyway does not stand there twice.
    ids = [meeting.id for card in shown for meeting in (card.best, *card.others)]
    assert not {card.best.id for card, _note in listed.cards} & set(ids)
    assert LABEL not in answer.content.decode()


def test_plan_refers_to_meetings_chosen_from_a_list(
    client, clinic, patient, evenings, directory, clinician, now
):
    # A second group of a family that is represented, beyond what one sees at first.
    program = directory["near"].group.program
    groups = [make_group(program=program, name=f"Hall {number}") for number in range(24)]
    rows = [make_meeting(group=group, weekday=2) for group in groups]
    shortlists.add(evenings, [row.pk for row in rows[-4:]], by=clinician, now=now)
    rebuild()
    client.force_login(clinician)
    client.post(page("needs", patient.pk), ANSWERS)
    answer = client.get(page("suggestions", patient.pk))
    cards = answer.context["shortlisted"].cards
    assert cards and all("Usual evenings" in note for _card, note in cards)
    chosen = cards[0][0]

    client.post(page("suggestions", patient.pk), {"meetings": [chosen.best.id], "step": "one"})

    with organization(clinic.pk):
        row = Referral.objects.get()
        assert (row.group_id, row.meetings) == (chosen.group_id, [chosen.best.id])
        kept = Plan.objects.get().suggestions["shortlisted"]
        assert chosen.group_id in {item["group"] for item in kept}
