"""Points on the Earth: distance, boxes around a point, reading what people type; no database."""

import math
import re
from dataclasses import dataclass

# The mean radius of the Earth (IUGG), and the miles in a kilometre.
EARTH_KM = 6371.0088
MILE_KM = 1.609344
EARTH_MILES = EARTH_KM / MILE_KM
# Half the way round the Earth: no two points are further apart.
FARTHEST_MILES = math.pi * EARTH_MILES
# Keeps a point that lies exactly on the circle inside the box, whatever the rounding.
_MARGIN = 1e-9
_NUMBER = r"[+-]?(?:\d{1,3}(?:\.\d{0,15})?|\.\d{1,15})"
_POINT = re.compile(rf"\s*({_NUMBER})\s*[,;\s]\s*({_NUMBER})\s*", re.ASCII)


@dataclass(frozen=True)
class Point:
    """A place on the Earth in degrees."""

    lat: float
    lng: float

    def __post_init__(self) -> None:
        if not (-90 <= self.lat <= 90 and -180 <= self.lng <= 180):
            raise ValueError("A point lies within 90 degrees of the equator and 180 of Greenwich.")

    def rounded(self) -> "Point":
        """Return the point to two decimals, about half a mile: enough to search, less to tell.

        >>> Point(39.73921, -104.99025).rounded()
        Point(lat=39.74, lng=-104.99)
        """
        return Point(round(self.lat, 2), round(self.lng, 2))


@dataclass(frozen=True)
class Box:
    """South, west, north, east; west is never greater than east."""

    south: float
    west: float
    north: float
    east: float

    def holds(self, point: Point) -> bool:
        """Say whether the point lies in the box or on its edge."""
        return self.south <= point.lat <= self.north and self.west <= point.lng <= self.east


def looks_like_point(text: str) -> bool:
    """Say whether somebody meant coordinates: no letters but those of a number gone wrong.

    >>> looks_like_point("39.7, -105"), looks_like_point("NaN,1e308"), looks_like_point("Nan, NE")
    (True, True, False)
    """
    first, comma, second = text.partition(",")
    return bool(comma) and _is_numeral(first) and _is_numeral(second)


def _is_numeral(text: str) -> bool:
    word = text.strip().lower().lstrip("+-")
    return word in ("nan", "inf", "infinity") or bool(re.fullmatch(r"[\d.][\de+.\-]*", word))


def read_point(text: str) -> Point:
    """Read "lat,lng"; raises ValueError for anything that is not a point on the Earth.

    >>> read_point("39.7392, -104.9903")
    Point(lat=39.7392, lng=-104.9903)
    """
    found = _POINT.fullmatch(text)
    if not found:
        raise ValueError("Not a pair of coordinates.")
    return Point(float(found[1]), float(found[2]))


def distance_miles(a: Point, b: Point) -> float:
    """Return the great-circle distance (haversine, accurate for near points too)."""
    lat_a, lat_b = math.radians(a.lat), math.radians(b.lat)
    half_lat = (lat_b - lat_a) / 2
    half_lng = math.radians(b.lng - a.lng) / 2
    h = math.sin(half_lat) ** 2 + math.cos(lat_a) * math.cos(lat_b) * math.sin(half_lng) ** 2
    return 2 * EARTH_MILES * math.asin(min(1.0, math.sqrt(h)))


def boxes(center: Point, miles: float) -> tuple[Box, ...]:
    """Return one or two boxes that hold every point within so many miles.

    Two when the circle crosses the date line. A circle that holds a pole takes the whole cap.
    """
    angle = min(miles / EARTH_MILES, math.pi)
    reach = math.degrees(angle) + _MARGIN
    south, north = max(center.lat - reach, -90.0), min(center.lat + reach, 90.0)
    if south == -90.0 or north == 90.0:
        return (Box(south, -180.0, north, 180.0),)
    # The meridian the circle touches is further out than the angle suggests (Bronstein).
    ratio = math.sin(angle) / math.cos(math.radians(center.lat))
    if ratio >= 1:
        return (Box(south, -180.0, north, 180.0),)
    spread = math.degrees(math.asin(ratio)) + _MARGIN
    west, east = center.lng - spread, center.lng + spread
    if spread >= 180:
        return (Box(south, -180.0, north, 180.0),)
    if west < -180:
        return Box(south, west + 360, north, 180.0), Box(south, -180.0, north, east)
    if east > 180:
        return Box(south, west, north, 180.0), Box(south, -180.0, north, east - 360)
    return (Box(south, west, north, east),)


def z_order(point: Point) -> int:
    """Number a point along a curve that keeps near points near (Morton, 16 bits each way).

    >>> home = z_order(Point(39.7, -105.0))
    >>> abs(z_order(Point(39.71, -105.01)) - home) < abs(z_order(Point(-33.9, 18.4)) - home)
    True
    """
    across = int((point.lng + 180) / 360 * 0xFFFF)
    return _spread(int((point.lat + 90) / 180 * 0xFFFF)) << 1 | _spread(across)


def _spread(bits: int) -> int:
    """Put a zero before each of 16 bits."""
    for shift, mask in ((8, 0x00FF00FF), (4, 0x0F0F0F0F), (2, 0x33333333), (1, 0x55555555)):
        bits = (bits | bits << shift) & mask
    return bits
