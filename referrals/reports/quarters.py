"""Quarters of a year: the only periods that figures are told for; pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

# How long each referral is followed; a quarter is whole once its last one was.
FOLLOWED = timedelta(days=90)
_CODE = re.compile(r"([12]\d{3})-q([1-4])", re.ASCII)


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Self:
        """Return the quarter that a day lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def from_code(cls, code: str) -> Self:
        """Read ``2026-q3``; raises ValueError for anything else."""
        found = _CODE.fullmatch(code)
        if found is None:
            raise ValueError(f"{code!r} is no quarter.")
        return cls(int(found[1]), int(found[2]))

    @property
    def code(self) -> str:
        """What stands for it in addresses and files.

        >>> Quarter(2026, 3).code
        '2026-q3'
        """
        return f"{self.year}-q{self.number}"

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last(self) -> date:
        """Its last day.

        >>> Quarter(2026, 4).last
        datetime.date(2026, 12, 31)
        """
        return self.following.first - timedelta(days=1)

    @property
    def following(self) -> Self:
        """The quarter after it."""
        if self.number == 4:
            return type(self)(self.year + 1, 1)
        return type(self)(self.year, self.number + 1)

    @property
    def previous(self) -> Self:
        """The quarter before it."""
        if self.number == 1:
            return type(self)(self.year - 1, 4)
        return type(self)(self.year, self.number - 1)

    def span(self, zone: str) -> tuple[datetime, datetime]:
        """Return when it begins and when it is over, on the clock of a zone."""
        clock = ZoneInfo(zone)
        return (
            datetime.combine(self.first, time(0), clock),
            datetime.combine(self.following.first, time(0), clock),
        )

    def is_whole(self, today: date) -> bool:
        """Say whether every referral of it was followed to the end.

        >>> [Quarter(2026, 2).is_whole(date(2026, 9, day)) for day in (28, 29)]
        [False, True]
        """
        return self.following.first + FOLLOWED <= today


def whole_quarters(first_day: date, *, today: date) -> Iterator[Quarter]:
    """Give the quarters since a day that are whole, newest first."""
    oldest, quarter = Quarter.of(first_day), Quarter.of(today)
    while quarter >= oldest:
        if quarter.is_whole(today):
            yield quarter
        quarter = quarter.previous
