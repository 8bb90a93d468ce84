"""Writes what a run measured as one plain table, with each target beside its ratio; and as JSON."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from benchmarks.speed.comparing import API, DATASETTE, MEMORY, NAIVE, ORM, SQL, Compared

# The shapes whose answers are pages of meetings, mostly full.
LISTS = ("text3", "online_2h", "spanish50", "knn20", "deep_page")


@dataclass(frozen=True)
class Target:
    """One ratio that was promised; ``is_least`` says that more is better."""

    words: str
    ratio: float
    bound: float
    is_least: bool = False

    @property
    def is_met(self) -> bool:
        """Say whether the ratio keeps to its bound."""
        return self.ratio >= self.bound if self.is_least else self.ratio <= self.bound


def targets(compared: Compared) -> Iterator[Target]:
    """Give the targets that this run has both sides of."""
    driven = compared.driven
    api, sql = driven[API, 1], driven[SQL, 1]
    floor = driven[MEMORY, 1].mean + compared.statements.mean
    yield Target("API mean : bytes from memory + SQL statements, mean", api.mean / floor, 1.5)
    yield Target("API p50 : SQL by bare WSGI, p50", api.p50 / sql.p50, 2)
    yield Target("API p95 : its own p50", api.p95 / api.p50, 6)
    many = driven[API, 16].per_second
    yield Target(
        "API : SQL by bare WSGI, requests/s at 16", many / driven[SQL, 16].per_second, 0.7, True
    )
    for name, bound in ((ORM, 2.5), (NAIVE, 200), (DATASETTE, 10)):
        for connections in (1, 16):
            if other := driven.get((name, connections)):
                ratio = driven[API, connections].per_second / other.per_second
                words = f"API : {name}, requests/s at {connections}"
                yield Target(words, ratio, bound, True)
    pages = [compared.sizes[name][1] for name in LISTS if name in compared.sizes]
    yield Target("bytes of a page of 20, compressed, the largest kind", max(pages), 2500)
    if "bbox5k" in compared.sizes:
        largest = compared.sizes["bbox5k"][2]
        yield Target("bytes of a map of up to 5,000, compressed, the most", largest, 45_000)


def growth(before: Compared, after: Compared) -> list[Target]:
    """Compare the mix of the product in a directory and in a larger one."""
    few, many = before.driven[API, 1], after.driven[API, 1]
    sizes = f"{after.meetings:,} : {before.meetings:,}"
    return [
        Target(f"API p50 of the mix, {sizes}", many.p50 / few.p50, 2.5),
        Target(f"API mean of the mix, {sizes}", many.mean / few.mean, 4),
    ]


def tables(compared: Compared) -> str:
    """Write what was driven, and whether the answers agree."""
    return "\n".join(
        [
            f"\n{compared.meetings:,} meetings, {len(compared.shapes)} shapes of the mix",
            *_comparators(compared),
            *_shapes(compared),
            *_notes(compared),
        ]
    )


def verdicts(found: list[Target], notes: list[str]) -> str:
    """Write each target with its ratio, and what else was seen."""
    return "\n".join([*_targets(found), "", *notes])


def _comparators(compared: Compared) -> Iterator[str]:
    yield f"\n{'':24}{'c':>3}{'req/s':>9}{'mean':>9}{'p50':>9}{'p95':>9}{'p99':>9}{'n':>8}{'MB':>7}"
    for (name, connections), of in compared.driven.items():
        weight = compared.weights.get(name, 0)
        yield (
            f"{name:24}{connections:3}{of.per_second:9.1f}{of.mean:9.2f}{of.p50:9.2f}{of.p95:9.2f}"
            f"{of.p99:9.2f}{of.requests:8}{weight:7.0f}{_failed(of.failed)}"
        )
    alone = compared.statements
    yield (
        f"{'SQL statements alone':24}{1:3}{alone.per_second:9.1f}{alone.mean:9.2f}{alone.p50:9.2f}"
        f"{alone.p95:9.2f}{alone.p99:9.2f}{alone.requests:8}"
    )
    yield "Milliseconds; c is connections, n requests, MB proportional memory (PSS) of the server."


def _failed(count: int) -> str:
    return f"  {count} FAILED" if count else ""


def _shapes(compared: Compared) -> Iterator[str]:
    names = [name for name in (API, SQL, ORM, NAIVE, DATASETTE) if (name, 1) in compared.driven]
    heads = "".join(f"{name.split(',')[0]:>18}" for name in names)
    yield f"\n{'p50 / p95 at 1':14}{heads}{'bytes':>10}{'gzip':>8}"
    for shape in compared.shapes:
        cells = "".join(
            f"{_cell(compared.driven[name, 1].shapes.get(shape)):>18}" for name in names
        )
        plain, packed, _most = compared.sizes[shape]
        yield f"{shape:14}{cells}{plain:10.0f}{packed:8.0f}"


def _cell(both: tuple[float, float] | None) -> str:
    return " / ".join(f"{ms:.{2 if ms < 100 else 0}f}" for ms in both) if both else "-"


def _targets(found: list[Target]) -> Iterator[str]:
    yield f"\n{'target':62}{'measured':>10}  {'bound':>9}"
    for target in found:
        sign = "≥" if target.is_least else "≤"
        verdict = "met" if target.is_met else "MISSED"
        yield f"{target.words:62}{target.ratio:10.2f}  {sign}{target.bound:8g}  {verdict}"


def _notes(compared: Compared) -> Iterator[str]:
    yield ""
    for name, sentences in compared.disagreements.items():
        yield f"{name} finds other numbers: {len(sentences)} of the answers that were checked."
        yield from (f"  {sentence}" for sentence in sentences[:6])
    if API not in compared.disagreements:
        yield "API and SQL find the same numbers."
    yield from compared.notes


def as_json(compared: Compared | None, found: list[Target], notes: list[str]) -> str:
    """Write everything that was measured for other programs."""
    values = asdict(compared) if compared else {}
    if compared:
        values["driven"] = {f"{name} c{c}": asdict(of) for (name, c), of in compared.driven.items()}
    values["targets"] = [asdict(target) | {"met": target.is_met} for target in found]
    return json.dumps(values | {"said": notes}, indent=1)
