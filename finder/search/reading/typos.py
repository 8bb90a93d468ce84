"""How far a typed word is from one we know; nothing of search is known here."""

from collections.abc import Iterable

# Short words are too near to each other to guess.
SHORTEST, LONG = 5, 8


def distance(typed: str, word: str, most: int) -> int:
    """Count letters to add, drop, change or swap, up to one more than ``most``.

    >>> distance("wendesday", "wednesday", 2), distance("night", "day", 1)
    (1, 2)
    """
    if abs(len(typed) - len(word)) > most:
        return most + 1
    before, row = [], list(range(len(word) + 1))
    for i, a in enumerate(typed, 1):
        earlier, before, row = before, row, [i]
        for j, b in enumerate(word, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == word[j - 2] and typed[i - 2] == b:
                cost = min(cost, earlier[j - 2] + 1)
            row.append(cost)
        if min(row) > most + 1:
            return most + 1
    return min(row[-1], most + 1)


def is_near(typed: str, word: str) -> bool:
    """Say whether a word may be another one, mistyped: one slip, or two in a long word.

    >>> is_near("suboxne", "suboxone"), is_near("spanich", "spanish"), is_near("light", "night")
    (True, True, False)
    """
    if len(typed) < SHORTEST or len(word) < SHORTEST or typed[0] != word[0]:
        return False
    most = 2 if len(word) >= LONG and len(typed) >= LONG - 1 else 1
    return distance(typed, word, most) <= most


def nearest(typed: str, words: Iterable[str], *, most: int = 2) -> str:
    """Return the one word nearest to a mistyped one; nothing when none or two are."""
    likely = (w for w in words if w[:1] == typed[:1] and abs(len(w) - len(typed)) <= 2)
    near = sorted((distance(typed, word, 2), word) for word in likely if is_near(typed, word))
    near = [found for found in near if found[0] <= most]
    if not near or (len(near) > 1 and near[0][0] == near[1][0]):
        return ""
    return near[0][1]
