"""Invented Meeting Guide rows for the benchmarks: true in shape, nobody's in content."""

import random

STATES = ["PA", "NY", "OH", "NJ", "MD"]


def meeting_guide(count: int, *, seed: int = 1, mark: str = "") -> list[dict]:
    """Give that many rows, three to a group; ``mark`` ends every name."""
    chance = random.Random(seed)
    return [_row(number, chance, mark) for number in range(count)]


def _row(number: int, chance: random.Random, mark: str) -> dict:
    group, hour = number // 3, chance.randrange(6, 21)
    state = STATES[group % len(STATES)]
    return {
        "slug": f"bench-{number}",
        "name": f"Invented Evening {number}{mark}",
        "group": f"Invented Group {group}",
        "day": number % 7,
        "time": f"{hour:02}:30",
        "end_time": f"{hour + 1:02}:30",
        "timezone": "America/New_York",
        "types": chance.sample(["O", "D", "X", "B", "H", "ST"], 3),
        "location": f"Hall {group}",
        "address": f"{group} Example Street",
        "city": "Exampleton",
        "state": state,
        "postal_code": "19019",
        "country": "US",
        "latitude": round(39.5 + group % 100 / 100, 5),
        "longitude": round(-76 + group // 100 / 100, 5),
        "notes": "Ring the bell & come in.<br>Coffee at half past.",
        "updated": "2026-10-01 12:00:00",
    }


def bmlt(count: int, *, seed: int = 1) -> list[dict]:
    """Give that many rows as a BMLT server answers them: every value is text."""
    return [_as_bmlt(number, row) for number, row in enumerate(meeting_guide(count, seed=seed))]


def _as_bmlt(number: int, row: dict) -> dict:
    return {
        "id_bigint": str(number + 1),
        "meeting_name": row["name"],
        "weekday_tinyint": str(row["day"] + 1),
        "venue_type": str(1 + number % 3),
        "start_time": f"{row['time']}:00",
        "duration_time": "01:00:00",
        "time_zone": row["timezone"],
        "formats": "O,D,WC",
        "lang_enum": "en",
        "longitude": str(row["longitude"]),
        "latitude": str(row["latitude"]),
        "location_text": row["location"],
        "location_street": row["address"],
        "location_municipality": row["city"],
        "location_province": row["state"],
        "location_postal_code_1": row["postal_code"],
        "location_nation": "US",
        "comments": row["notes"],
        "virtual_meeting_link": f"https://zoom.us/j/{100_000_000 + number}" if number % 3 else "",
        "service_body_name": row["group"],
        "published": "1",
    }


def tsml(count: int, *, seed: int = 1) -> list[dict]:
    """Give that many rows as the TSML plugin's spreadsheet has them."""
    return [_as_tsml(row) for row in meeting_guide(count, seed=seed)]


def _as_tsml(row: dict) -> dict:
    hour, minute = map(int, row["time"].split(":"))
    days = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
    return {
        "Time": f"{hour % 12 or 12}:{minute:02} {'am' if hour < 12 else 'pm'}",
        "End Time": row["end_time"],
        "Day": days[row["day"]],
        "Name": row["name"],
        "Location": row["location"],
        "Address": f"{row['address']}, {row['city']}, {row['state']} {row['postal_code']}, USA",
        "Types": "Open, Discussion, Wheelchair Access",
        "Notes": row["notes"],
        "Timezone": row["timezone"],
        "Group": row["group"],
        "Conference URL": "",
        "Email": "nobody@example.org",
        "Slug": row["slug"],
        "Updated": "2026-10-0112:00:00",
    }
