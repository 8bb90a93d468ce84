"""Orders the programs for their page: by family, then by name."""

from collections.abc import Iterable
from dataclasses import dataclass

from finder.models import Program
from finder.vocab import Model


@dataclass(frozen=True)
class Family:
    """The programs of one model."""

    code: str
    name: str
    programs: tuple[Program, ...]


def by_family(programs: Iterable[Program]) -> list[Family]:
    """Group programs by their model, in the vocabulary's order, without empty families."""
    rows = list(programs)
    families = [
        Family(model.value, str(model.label), tuple(p for p in rows if p.model == model))
        for model in Model
    ]
    return [family for family in families if family.programs]
