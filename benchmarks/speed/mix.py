"""The twelve kinds of question of the mix, each with many sets of parameters, drawn once.

Equal weights. A set is a plain dict in the words of the floor (benchmarks/speed/floors.py); here
it is also written as an address of the API, and so is what an answer of each is counted by.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

import orjson
from tzfpy import get_tz

from benchmarks.speed.floor_tables import minutes_east
from finder.vocab import Weekday

COUNT_LIMIT = 10_000
DAY, WEEK = 1440, 10080
# Accepting or better.
POSITIVE_TIERS = ("0", "1", "2")
LIST, FACETS, MAP = "/api/v1/meetings/", "/api/v1/facets/", "/api/v1/map/"
_TYPES = ("discussion", "speaker", "literature", "step study")
_NAMES = ("lantern", "kettle", "umbrella", "teapot", "bicycle", "mitten", "tortoise", "sparrow")
_ENDINGS = ("gathering", "circle", "neighbors", "beginnings", "crossing", "company")


@dataclass(frozen=True)
class Shape:
    """One kind of question: its sets, how the API is asked, and how its answer is counted."""

    name: str
    sets: tuple[dict, ...]
    api: Callable[[dict], str]
    count: Callable[[dict], int]

    def path(self, given: dict) -> str:
        """Write the address at the floor and at the other comparators."""
        return f"/{self.name}?{urlencode(_plain(given))}"

    def spelled_path(self, given: dict) -> str:
        """Write the address at what knows codes by their names (benchmarks/speed/orm.py)."""
        left_out = ("mask", "program", "api_tz", "api_cursor")
        spelled = {name: value for name, value in given.items() if name not in left_out}
        if self.name == "spanish50":
            spelled["language"] = "es"
        if self.name == "knn20":
            spelled |= {"slug": "na", "access": "step-free"}
        return f"/{self.name}?{urlencode(spelled)}"


def _plain(given: dict) -> dict:
    return {name: value for name, value in given.items() if not name.startswith("api_")}


def shapes(cursor, *, sets: int) -> list[Shape]:
    """Draw the mix for a prepared database, always alike for the same directory and hour."""
    dice = random.Random("mix")
    bits = _bits(cursor)
    points = _points(cursor, dice, sets)
    near = [_near(cursor, dice, p) for p in points]
    return [
        *(_accepting(miles, near, bits) for miles in (10, 25, 50)),
        _words("text3", "q", [_three(dice) for _ in range(sets)]),
        # Only the one box corrects what is typed.
        _words("text_typo", "box", [_mistyped(dice) for _ in range(sets)]),
        _soon(sets),
        _spanish(near, bits),
        _nearest(near, bits),
        _deep(cursor, near),
        _facets(near),
        _boxes(cursor, near),
        _totals(),
    ]


def _bits(cursor) -> dict[tuple[str, str], tuple[int, int]]:
    cursor.execute("SELECT kind, code, id, place FROM speed.code")
    return {(kind, code): (id_, place) for kind, code, id_, place in cursor.fetchall()}


def _points(cursor, dice: random.Random, sets: int) -> list[tuple[float, float]]:
    """Draw places from where meetings are, to two decimals as the API reads them."""
    cursor.execute("SELECT pt[1], pt[0] FROM speed.meeting WHERE pt IS NOT NULL ORDER BY id")
    found = cursor.fetchall()
    return [(round(lat, 2), round(lng, 2)) for lat, lng in dice.choices(found, k=sets)]


def _near(cursor, dice: random.Random, point: tuple[float, float]) -> dict:
    zone = get_tz(point[1], point[0]) or "Etc/UTC"
    return {
        "lat": point[0],
        "lng": point[1],
        "day": dice.randrange(7),
        "offset": minutes_east(zone, datetime.now(UTC)),
    }


def _place(given: dict) -> dict:
    return {"near": f"{given['lat']:.2f},{given['lng']:.2f}", "within": given["miles"]}


def _count_of_list(answer: dict) -> int:
    return min(answer["count"], COUNT_LIMIT)


def _accepting(miles: int, near: list[dict], bits: dict) -> Shape:
    positive = _mask(bits, *(("tier", tier) for tier in POSITIVE_TIERS))

    def api(given: dict) -> str:
        asked = _place(given) | {"day": Weekday(given["day"]).code}
        asked |= {"medication": "methadone", "acceptance": "positive"}
        return f"{LIST}?{urlencode(asked)}"

    drawn = ({**n, "miles": miles, "any": positive} for n in near)
    return Shape(f"near{miles}_moud", tuple(drawn), api, _count_of_list)


def _three(dice: random.Random) -> str:
    return f"{dice.choice(('women', 'men', 'veterans'))} {dice.choice(_TYPES)} open"


def _mistyped(dice: random.Random) -> str:
    """Leave a letter out of the first word; a city may have the whole second one."""
    word, ending = dice.choice(_NAMES), dice.choice(_ENDINGS)
    at = dice.randrange(2, len(word) - 1)
    return f"{word[:at]}{word[at + 1 :]} {ending}"


def _words(name: str, parameter: str, texts: list[str]) -> Shape:
    def api(given: dict) -> str:
        return f"{LIST}?{urlencode({parameter: given['words']})}"

    return Shape(name, tuple({"words": text} for text in texts), api, _count_of_list)


def _soon(sets: int) -> Shape:
    """Ask for online meetings of the next two hours; the floor is told which minute it is."""
    minute = minute_now()
    zones = ("America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles")

    def api(given: dict) -> str:
        asked = {"format": "online", "starts_within": given["within"], "tz": given["api_tz"]}
        return f"{LIST}?{urlencode(asked)}"

    drawn = (
        {"minute": minute, "within": 90 + number % 60, "api_tz": zones[number % 4]}
        for number in range(sets)
    )
    return Shape("online_2h", tuple(drawn), api, _count_of_list)


def minute_now() -> int:
    """Give the first minute of the week in UTC that has yet to begin."""
    # The epoch began on a Thursday, three days after a Monday.
    return (-int(-datetime.now(UTC).timestamp() // 60) + 3 * DAY) % WEEK


def _spanish(near: list[dict], bits: dict) -> Shape:
    mask = _mask(bits, ("language", "es"))

    def api(given: dict) -> str:
        return f"{LIST}?{urlencode(_place(given) | {'language': 'es'})}"

    drawn = ({"lat": n["lat"], "lng": n["lng"], "miles": 50, "mask": mask} for n in near)
    return Shape("spanish50", tuple(drawn), api, _count_of_list)


def _nearest(near: list[dict], bits: dict) -> Shape:
    """Ask for the nearest twenty with three conditions, however far within 100 miles."""
    mask = _mask(bits, ("access", "step-free"))
    program = bits.get(("program", "na"), (0, 0))[0]

    def api(given: dict) -> str:
        asked = _place(given) | {"day": Weekday(given["day"]).code, "sort": "distance"}
        return f"{LIST}?{urlencode(asked | {'program': 'na', 'access': 'step-free'})}"

    drawn = ({**n, "miles": 100, "mask": mask, "program": program} for n in near)
    return Shape("knn20", tuple(drawn), api, _count_of_list)


def _deep(cursor, near: list[dict]) -> Shape:
    """Ask for the page after the first 400 within 50 miles; cursors are fetched when it is run."""

    def api(given: dict) -> str:
        asked = _place(given) | {"sort": "distance"}
        cursor = {"cursor": given["api_cursor"]} if "api_cursor" in given else {}
        return f"{LIST}?{urlencode(asked | cursor)}"

    drawn = ({"lat": n["lat"], "lng": n["lng"], "miles": 50} for n in near)
    return Shape("deep_page", tuple(drawn), api, _count_of_list)


def _facets(near: list[dict]) -> Shape:
    def api(given: dict) -> str:
        return f"{FACETS}?{urlencode(_place(given))}"

    drawn = ({"lat": n["lat"], "lng": n["lng"], "miles": 25} for n in near)
    return Shape("facets25", tuple(drawn), api, _count_of_programs)


def _totals() -> Shape:
    return Shape("totals", ({},), lambda _given: FACETS, _count_of_programs)


def _count_of_programs(answer: dict) -> int:
    return sum(row["count"] or 0 for row in answer["program"])


def _boxes(cursor, near: list[dict]) -> Shape:
    """Ask for a map of at most 5,000 points around a place."""

    def api(given: dict) -> str:
        corners = ",".join(f"{given[side]:.4f}" for side in ("west", "south", "east", "north"))
        return f"{MAP}?{urlencode({'bbox': corners, 'zoom': 14})}"

    drawn = [box for n in near if (box := _box(cursor, n))]
    return Shape("bbox5k", tuple(drawn), api, _count_of_map)


def _box(cursor, near: dict) -> dict | None:
    half = 4.0
    while half > 0.01:
        box = {
            "west": round(max(near["lng"] - half, -180), 4),
            "south": round(max(near["lat"] - half * 0.75, -90), 4),
            "east": round(min(near["lng"] + half, 180), 4),
            "north": round(min(near["lat"] + half * 0.75, 90), 4),
        }
        cursor.execute(
            "SELECT count(*) FROM speed.meeting WHERE pt <@ box(point(%(west)s, %(south)s),"
            " point(%(east)s, %(north)s))",
            box,
        )
        if cursor.fetchone()[0] <= 5000:
            return box
        half *= 0.8
    return None


def _count_of_map(answer: dict) -> int:
    return answer["count"]


def _mask(bits: dict, *codes: tuple[str, str]) -> int:
    """Give the bits of these codes; of one that no listing has, a bit that none has."""
    return sum(1 << bits[code][1] if code in bits else 1 << 62 for code in codes)


def read(shape: Shape, body: bytes) -> int:
    """Count what an answer found."""
    return shape.count(orjson.loads(body))
