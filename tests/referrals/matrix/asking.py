"""How a verb of the table is asked for: each has a maker of its requests."""

from collections.abc import Callable, Iterator

# Sends one request as a role; several for a verb are its page and its API.
Ask = Callable
VERBS: dict[tuple[str, str], Callable[..., Iterator[Ask]]] = {}


def verb(thing: str, name: str) -> Callable:
    """Register how a verb is asked for; it prepares what it needs and yields its requests."""

    def keep(make: Callable) -> Callable:
        assert (thing, name) not in VERBS
        VERBS[thing, name] = make
        return make

    return keep
