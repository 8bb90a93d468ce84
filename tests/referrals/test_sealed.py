"""Sealed values open in their own place alone, and only unchanged."""

import base64
import os

import pytest
from django.core import serializers
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection

from referrals.models import NeedsDraft, Patient
from referrals.sealed import Blob, KeyRing, Unreadable, blind_index
from tests.referrals.conftest import LABEL, make_patient


def key(id_):
    return f"{id_}:{base64.b64encode(os.urandom(32)).decode()}"


# --- The ring -------------------------------------------------------------------------


def test_ring_opens_what_it_sealed():
    ring = KeyRing.parse(key("k1"))

    blob = ring.seal("Ana — n.º 7", bound_to="t.c:1")

    assert ring.open(blob, bound_to="t.c:1") == "Ana — n.º 7"
    assert b"Ana" not in blob


def test_ring_seals_one_text_differently_each_time():
    ring = KeyRing.parse(key("k1"))

    assert ring.seal("x", bound_to="t.c:1") != ring.seal("x", bound_to="t.c:1")


@pytest.mark.parametrize("place", ["t.other:1", "other.c:1", "t.c:2", ""])
def test_ring_refuses_a_value_moved_elsewhere(place):
    ring = KeyRing.parse(key("k1"))
    blob = ring.seal("x", bound_to="t.c:1")

    with pytest.raises(Unreadable):
        ring.open(blob, bound_to=place)


def test_ring_refuses_a_value_changed_in_any_byte():
    ring = KeyRing.parse(key("k1"))
    blob = ring.seal("secret", bound_to="t.c:1")

    for position in range(len(blob)):
        changed = bytearray(blob)
        changed[position] ^= 1
        with pytest.raises(Unreadable):
            ring.open(bytes(changed), bound_to="t.c:1")


@pytest.mark.parametrize(
    "blob", [b"", b"k1", b"k1.", b"k1.short", b"\xff\xfe.x", b"k9." + b"0" * 40]
)
def test_ring_refuses_what_it_never_sealed(blob):
    with pytest.raises(Unreadable):
        KeyRing.parse(key("k1")).open(blob, bound_to="t.c:1")


def test_ring_with_a_newer_key_still_opens_the_older_and_calls_it_stale():
    old, new = key("k1"), key("k2")
    blob = KeyRing.parse(old).seal("x", bound_to="t.c:1")

    rotated = KeyRing.parse(f"{new}, {old}")

    assert rotated.open(blob, bound_to="t.c:1") == "x"
    assert rotated.is_stale(blob)
    assert not rotated.is_stale(rotated.seal("x", bound_to="t.c:1"))


def test_ring_without_the_old_key_no_longer_opens():
    blob = KeyRing.parse(key("k1")).seal("x", bound_to="t.c:1")

    with pytest.raises(Unreadable):
        KeyRing.parse(key("k2")).open(blob, bound_to="t.c:1")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "k1",
        "k1:",
        "k1:not base64!",
        "k1:QUJD",
        ":" + "A" * 43 + "=",
        pytest.param(f"{key('k1')},{key('k1')}", id="one id twice"),
    ],
)
def test_ring_refuses_nonsense(text):
    with pytest.raises(ImproperlyConfigured):
        KeyRing.parse(text)


# --- The index ------------------------------------------------------------------------


def test_index_is_one_for_spellings_of_one_value():
    assert blind_index("  Room 7\u00a0B ", scope="a") == blind_index("room 7 b", scope="a")


def test_index_differs_between_scopes_and_values():
    assert blind_index("x", scope="a") != blind_index("x", scope="b")
    assert blind_index("x", scope="a") != blind_index("y", scope="a")
    assert len(blind_index("x", scope="a")) == 16


def test_index_depends_on_its_own_key(settings):
    before = blind_index("x", scope="a")

    settings.PHI_INDEX_KEY = base64.b64encode(os.urandom(32)).decode()

    assert blind_index("x", scope="a") != before


# --- The fields -----------------------------------------------------------------------


def stored(patient):
    with connection.cursor() as cursor:
        cursor.execute("SELECT label FROM referrals_patient WHERE id = %s", [patient.pk])
        return bytes(cursor.fetchone()[0])


def test_field_keeps_only_ciphertext_in_the_database(in_clinic, patient):
    assert LABEL.encode() not in stored(patient)
    assert Patient.objects.get().label == LABEL


def test_field_refuses_a_label_copied_from_another_row(in_clinic, patient, clinician):
    other = make_patient(in_clinic, clinician, label="someone else")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE referrals_patient SET label = %s WHERE id = %s", [stored(other), patient.pk]
        )

    with pytest.raises(Unreadable):
        _ = Patient.objects.get(pk=patient.pk).label


def test_field_is_not_sealed_again_when_nobody_read_it(in_clinic, patient):
    before = stored(patient)

    Patient.objects.get().save()

    assert stored(patient) == before


def test_field_saves_a_new_value(in_clinic, patient):
    row = Patient.objects.get()
    row.label = "other"
    row.save()

    assert Patient.objects.get().label == "other"


def test_field_opens_late_when_deferred(in_clinic, patient):
    assert Patient.objects.defer("label").get().label == LABEL


def test_field_moves_to_a_newer_key_when_saved_after_reading(in_clinic, patient, settings):
    settings.PHI_KEYS = f"{key('k8')},{settings.PHI_KEYS}"
    row = Patient.objects.get()
    row.label = row.label
    row.save()

    assert stored(patient).startswith(b"k8.")
    assert Patient.objects.get().label == LABEL


def test_field_cannot_be_written_without_its_row(in_clinic, patient):
    with pytest.raises(TypeError):
        Patient.objects.update(label="plain")


def test_field_cannot_be_searched(in_clinic, patient):
    with pytest.raises(FieldError):
        Patient.objects.filter(label=LABEL).exists()


def test_field_gives_ciphertext_to_values(in_clinic, patient):
    assert isinstance(Patient.objects.values_list("label", flat=True).get(), Blob)


def test_field_is_never_exported(in_clinic, patient):
    with pytest.raises(TypeError):
        serializers.serialize("json", [patient])


def test_structure_comes_back_as_it_went_in(in_clinic, patient, clinician, now):
    needs = {"medication": "methadone", "days": [0, 6], "note": "sí"}
    NeedsDraft.objects.create(
        organization=in_clinic, patient=patient, needs=needs, written_by=clinician, written_at=now
    )

    assert NeedsDraft.objects.get().needs == needs


def test_bulk_created_rows_are_sealed_one_by_one(in_clinic, clinician):
    rows = [
        Patient(organization=in_clinic, label=f"p{n}", label_index=b"", created_by=clinician)
        for n in range(3)
    ]
    Patient.objects.bulk_create(rows)

    assert {row.label for row in Patient.objects.all()} == {"p0", "p1", "p2"}
