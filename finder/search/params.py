"""Parameters as they stand in an address, and what is left when one is taken away."""

Params = dict[str, list[str]]

# What a parameter cannot do without: take the second away and the first goes with it.
NEEDS = {"within": "near", "acceptance": "medication"}
SORT_NEEDS = {"distance": "near", "acceptance": "medication", "relevance": "q"}
# What a shareable address must not carry, since other people may see the screen or its history.
SENSITIVE = ("medication", "acceptance")


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
