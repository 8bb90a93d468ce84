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
