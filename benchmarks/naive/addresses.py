"""Writes the sets of the mix (benchmarks/speed/mix.py) as addresses of the naive version."""

from urllib.parse import urlencode

PAGE = 20


def path(shape: str, given: dict) -> str:
    """Ask the naive version the same."""
    if shape == "totals":
        return "/totals/"
    if shape == "bbox5k":
        sides = {name: given[name] for name in ("west", "south", "east", "north")}
        return f"/map/?{urlencode(sides)}"
    asked = {}
    if "lat" in given:
        asked |= {"near": f"{given['lat']},{given['lng']}", "within": given["miles"]}
    if "words" in given:
        asked["search"] = given["words"]
    if shape == "online_2h":
        asked["starts_within"] = given["within"]
    if "day" in given:
        asked["weekday"] = given["day"]
    if "any" in given:
        asked["methadone_at_most"] = 2
    asked |= _tags(shape)
    if "after_id" in given:
        asked["page"] = given["api_depth"] // PAGE + 1
    return f"/{'facets' if shape == 'facets25' else 'meetings'}/?{urlencode(asked)}"


def _tags(shape: str) -> dict:
    if shape == "spanish50":
        return {"language": "es"}
    return {"program": "na", "access": "step-free"} if shape == "knn20" else {}
