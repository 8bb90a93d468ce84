"""Keeps what a parked feed tells until a curator decides: cleaned, its credentials sealed."""

from collections.abc import Iterable

from finder import bulk, sealing
from finder.feeds.identity import Gathering, group_key
from finder.feeds.ingest.drawing import Told
from finder.feeds.record import MeetingRecord, Reading
from finder.models import ImportRun, ParkedRow

PURPOSE = "import"


def keep_rows(run: ImportRun, gatherings: Iterable[Gathering]) -> None:
    """Store the meetings of a parked run."""
    bulk.insert([_row(run, each) for each in gatherings])


def kept_rows(run: ImportRun) -> Told:
    """Return what a parked run tells, as it was drawn up when it was parked."""
    rows = run.parked_rows.order_by("pk")
    gatherings = tuple(_gathering(row) for row in rows)
    records = tuple(each.record for each in gatherings)
    reading = Reading(run.format, run.read, records, (), _rejected(run, gatherings))
    return Told(reading, gatherings, ())


def _rejected(run: ImportRun, gatherings: tuple[Gathering, ...]) -> frozenset[int]:
    told = {row for each in gatherings for row in each.rows}
    return frozenset(range(1, run.read + 1)) - told


def _row(run: ImportRun, gathering: Gathering) -> ParkedRow:
    record = gathering.record
    secrets = record.secrets()
    return ParkedRow(
        run=run,
        row=record.row,
        rows=list(gathering.rows),
        keys=list(gathering.keys),
        digest=gathering.digest,
        cleaned=record.public(),
        secrets=sealing.seal(secrets, purpose=PURPOSE) if secrets else None,
    )


def _gathering(row: ParkedRow) -> Gathering:
    secrets = sealing.unseal(row.secrets, purpose=PURPOSE) if row.secrets else {}
    record = MeetingRecord.restored(row.cleaned, row=row.row, secrets=secrets)
    return Gathering(record, tuple(row.rows), tuple(row.keys), group_key(record), row.digest)
