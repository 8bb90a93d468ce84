"""Parameters as they stand in an address, and what is left when one is taken away."""

Params = dict[str, list[str]]

# What a parameter cannot do without: take the second away and the first goes with it.
NEEDS = {"within": "near", "acceptance": "medication"}
SORT_NEEDS = {"distance": "near", "acceptance": "medication", "relevance": "q"}
# What a shareable address must not carry, since other people may see the screen or its history.
SENSITIVE = ("medication", "acceptance")
# Programs made for people on medication say as much as the name of one, and so does their family.
_TELLING = {
    "program": frozenset({"mara", "methadone-anonymous", "mars", "aim"}),
    "model": frozenset({"medication"}),
}


def tells(name: str, value: str) -> bool:
    """Say whether a parameter's value says that somebody takes a medication.

    >>> tells("medication", "methadone"), tells("program", "mara"), tells("program", "na")
    (True, True, False)
    """
    return name in SENSITIVE or value in _TELLING.get(name, ())


def telling(params: Params) -> tuple[str, ...]:
    """Return the parameters that must not stand in an address.

    >>> telling({"program": ["na", "mara"], "day": ["mon"], "acceptance": ["positive"]})
    ('program', 'acceptance')
    """
    return tuple(
        name
        for name, values in params.items()
        if any(tells(name, part.strip()) for value in values for part in value.split(","))
    )


def without(params: Params, *names: str, value: str | None = None) -> Params:
    """Return the same search without these parameters, or without one value of one.

    >>> without({"near": ["62701"], "within": ["5"], "day": ["mon"]}, "near")
    {'day': ['mon']}
    >>> without({"day": ["mon", "tue"]}, "day", value="mon")
    {'day': ['tue']}
    """
    kept = {}
    for name, values in params.items():
        left = values
        if name in names:
            left = [] if value is None else [v for v in values if v != value]
        if left and name != "cursor":
            kept[name] = list(left)
    for name, needed in NEEDS.items():
        if needed not in kept:
            kept.pop(name, None)
    needed = SORT_NEEDS.get(kept.get("sort", [""])[0])
    if needed and needed not in kept:
        del kept["sort"]
    return kept
