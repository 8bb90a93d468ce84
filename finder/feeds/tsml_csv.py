"""TSML CSV, the spreadsheet of the TSML plugin: its columns and words, as Meeting Guide rows."""

from finder.feeds import clock, meeting_guide
from finder.feeds.record import MeetingRecord
from finder.feeds.rows import Row
from finder.feeds.sheets import SURPLUS

NAME = "tsml_csv"
LABEL = "TSML CSV"
WHAT = "columns Name, Day and Time, Slug or Types, and Address, Location or Conference URL"

# Persons, and ways to reach or pay them: never looked at, whatever they hold.
_DROPPED = {"email", "phone", "author", "mailing_address", "venmo", "square", "paypal"}


def knows(names: set[str]) -> bool:
    """Say whether these are the columns of this format."""
    has_where = bool(names & {"address", "location", "conference_url", "formatted_address"})
    return {"name", "day", "time"} <= names and bool(names & {"slug", "types"}) and has_where


def read_row(row: Row) -> list[MeetingRecord]:
    """Return the meetings of one row; none when its cells have shifted."""
    if row.value(SURPLUS) is not None:
        row.note("", "shifted", "The row has more cells than the header has columns; left out.")
        return []
    return meeting_guide.read_row(row.recast(_as_guide(row.values())))


def _as_guide(values: dict) -> dict:
    row = {
        name: value
        for name, value in values.items()
        if name not in _DROPPED and not name.startswith("contact_")
    }
    if "city" not in row and (address := row.get("address", "")):
        # One postal line stands in the column of the street.
        row.setdefault("formatted_address", address)
        del row["address"]
    for name in ("time", "end_time"):
        if name in row:
            # "6:00 PM" is how this format writes, and no fault.
            row[name] = clock.as_24_hours(row[name])
    if "day" in row:
        days = clock.read_days(row["day"])
        if not days.is_unread and days.days:
            row["day"] = [clock.SUNDAY_FIRST.index(day) for day in days.days]
    return row
