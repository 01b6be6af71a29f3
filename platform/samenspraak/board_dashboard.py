"""What a board sees of its schools, one source for its page, the API and what is downloaded.

Two numbers per school, and neither where fewer than three schools stand side by side: there a number would point at
one group. A school reads the same line about itself on its own dashboard.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone

from schools import holidays, queries as places
from schools.models import Board, School
from workgroups import queries

FEWEST_SCHOOLS = 3


@dataclass(frozen=True)
class SchoolLine:
    """One school as its board sees it.

    ``groups`` are the active ones and ``meetings`` those that took place since the first day of the school year; both
    None where the board has too few schools.
    """

    school: School
    groups: int | None
    meetings: int | None

    @property
    def is_counted(self) -> bool:
        """Whether the board reads numbers."""
        return self.groups is not None


@dataclass(frozen=True)
class BoardDashboard:
    """A board's open schools by name, never in the order of a number; ``since`` is the first day of the school year."""

    board: Board
    since: dt.date
    lines: tuple[SchoolLine, ...]

    @property
    def is_counted(self) -> bool:
        """Whether there are enough schools for numbers."""
        return len(self.lines) >= FEWEST_SCHOOLS


def of_board(board: Board, *, now: dt.datetime) -> BoardDashboard:
    """What the board sees. One query, however many schools, groups and meetings."""
    since = _first_day(now)
    found = queries.activity_of(places.open_schools(board.pk), since=since, now=now)
    return BoardDashboard(board, since, tuple(_lines(found, is_counted=len(found) >= FEWEST_SCHOOLS)))


def of_school(school: School, *, now: dt.datetime) -> tuple[dt.date, SchoolLine]:
    """What the board sees of this school, and since which day it counts. Two queries."""
    since = _first_day(now)
    siblings = places.open_schools(school.board_id)
    found = queries.activity_of(siblings.filter(pk=school.pk), since=since, now=now)
    [line] = _lines(found, is_counted=siblings.count() >= FEWEST_SCHOOLS)
    return since, line


def _lines(found: Sequence[queries.Activity], *, is_counted: bool) -> list[SchoolLine]:
    return [
        SchoolLine(one.school, one.groups, one.meetings) if is_counted else SchoolLine(one.school, None, None)
        for one in found
    ]


def _first_day(now: dt.datetime) -> dt.date:
    """The first day of this school year, on the clock of the site: a board's schools count from the same day."""
    return holidays.first_day(holidays.school_year(timezone.localdate(now)))
