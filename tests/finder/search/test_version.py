"""The version of the directory: it changes with every change, whoever made it."""

import threading

import pytest
from django.db import connection, transaction
from django.utils import timezone

from finder.models import DirectoryChange, Group, Listing, Place
from finder.search import index, version
from tests.factories import make_assessment, make_group, make_meeting, make_program


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        lambda meeting: index.rebuild(),
        lambda meeting: Listing.objects.all().delete(),
        lambda meeting: Group.objects.update(notes="Ring the bell"),
        lambda meeting: Place.objects.update(name="Elm Hall"),
        lambda meeting: make_assessment(group=meeting.group),
        lambda meeting: make_program(),
    ],
)
def test_every_change_makes_another_version(change):
    meeting = make_meeting(group=make_group())
    index.rebuild()
    make_meeting()
    before = version.current()

    change(meeting)

    assert version.current() != before


@pytest.mark.django_db
def test_reading_changes_nothing_and_takes_one_query(django_assert_num_queries):
    make_meeting()
    index.rebuild()
    before = version.current()

    list(Listing.objects.with_document())

    with django_assert_num_queries(1):
        assert version.current() == before


@pytest.mark.django_db
def test_old_notes_are_forgotten_and_the_version_moves_on():
    make_meeting()
    DirectoryChange.objects.update(at=timezone.now() - 2 * version.KEPT)
    before = version.current()

    version.forget(now=timezone.now())

    assert DirectoryChange.objects.count() == 1
    assert version.current() != before


@pytest.mark.django_db(transaction=True)
def test_writer_that_began_earlier_and_ends_later_is_noticed():
    group, began, may_end = make_group(), threading.Event(), threading.Event()

    def write_slowly():
        try:
            with transaction.atomic():
                Group.objects.filter(pk=group.pk).update(notes="Slow")
                began.set()
                may_end.wait(10)
        finally:
            connection.close()

    slow = threading.Thread(target=write_slowly)
    slow.start()
    assert began.wait(10)
    make_program()
    between = version.current()
    may_end.set()
    slow.join(10)

    assert version.current() != between
