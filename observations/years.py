"""Which school years a profile shows: this one, with an earlier one while it is young, or those that a reader asks for.

Pure. A group looks back at its own years alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from schools import holidays

ALL = "all"
_A_LINE = 3  # so many days make a line worth looking at


@dataclass(frozen=True)
class Choice:
    """What a reader can ask for: a school year of the group's own, all of them, or (``asked`` is "") what is new."""

    asked: str
    name: str
    is_current: bool


@dataclass(frozen=True)
class Years:
    """The school years from August of ``first`` to July of ``last``, of those that the group has (``known``)."""

    first: int
    last: int
    this: int
    asked: str
    known: tuple[int, ...]

    @property
    def begins(self) -> dt.date:
        """The first day that is shown."""
        return holidays.first_day(self.first)

    @property
    def ends(self) -> dt.date:
        """The last day that is shown."""
        return holidays.last_day(self.last)

    @property
    def first_name(self) -> str:
        """The first school year shown, such as 2026-2027."""
        return holidays.year_name(self.first)

    @property
    def last_name(self) -> str:
        """The last school year shown."""
        return holidays.year_name(self.last)

    @property
    def is_now(self) -> bool:
        """Whether it shows how things stand today."""
        return self.last >= self.this

    @property
    def choices(self) -> list[Choice]:
        """What else can be asked for, the latest first; nothing where there is no more to see than this."""
        if not self.asked and self.first <= self.known[0]:
            return []
        earlier = [year for year in reversed(self.known) if year < self.this]
        found = [("", ""), *((str(year), holidays.year_name(year)) for year in earlier), (ALL, "")]
        return [Choice(asked, name, asked == self.asked) for asked, name in found]


def shown(days: Iterable[dt.date], *, today: dt.date, asked: str = "") -> Years:
    """The years to show of a group that has something on these days; what it does not have is not asked for.

    Unasked it is this school year. While that has fewer than three days, the year in which the group last looked
    before comes along.
    """
    this = holidays.school_year(today)
    of_days = [holidays.school_year(day) for day in set(days)]
    known = tuple(sorted({*of_days, this}))
    if asked == ALL and len(known) > 1:
        return Years(known[0], known[-1], this, asked, known)
    year = {str(one): one for one in of_days}.get(asked)
    if year is not None:
        return Years(year, year, this, asked, known)
    before = [one for one in of_days if one < this]
    is_young = of_days.count(this) < _A_LINE
    return Years(max(before) if before and is_young else this, this, this, "", known)
