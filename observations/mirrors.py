"""Two mirrors side by side: what coaches heard, and what the group itself heard. Pure.

Never averaged, never one from the other; compared with the group's own past alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from observations.profile import AspectLine, DialogueProfile, Look, Point

_APART = 2  # a whole degree, in half degrees


@dataclass(frozen=True)
class Round:
    """A revealed round as the own mirror knows it: its day, together or sealed, of how many (None: together)."""

    scan_id: int
    day: dt.date
    way: str
    respondents: int | None


@dataclass(frozen=True)
class Column:
    """One day in the two mirrors: the place among the visits, or among the group's own rounds, or both."""

    day: dt.date
    visit: int | None
    scan: int | None


@dataclass(frozen=True)
class TwoLines:
    """One aspect in both mirrors."""

    coach: AspectLine
    own: AspectLine

    @property
    def own_place(self) -> int | None:
        """Which round last asked about this aspect and could say something."""
        values = self.own.values
        return next((place for place in reversed(range(len(values))) if values[place] is not None), None)

    @property
    def own_latest(self) -> int | None:
        """What the group heard when it last looked at this aspect; a round about another card says nothing here."""
        return None if self.own_place is None else self.own.values[self.own_place]

    @property
    def apart(self) -> int:
        """How many half degrees the mirrors lie apart now; 0 where one of them says nothing."""
        own, coach = self.own_latest, self.coach.latest
        return 0 if own is None or coach is None else abs(own - coach)

    @property
    def differs(self) -> bool:
        """Whether that is a whole degree: a question, not a mistake."""
        return self.apart >= _APART


@dataclass(frozen=True)
class NowLine:
    """One aspect as it stands now: which round and which visit its two values are of (None: nothing there)."""

    line: TwoLines
    round: Round | None
    look: Look | None

    @property
    def is_strong(self) -> bool:
        """Whether the coach gave a strong point about it at that visit."""
        return self._given(self.line.coach.strong)

    @property
    def is_chance(self) -> bool:
        """Whether the coach gave an improvement point about it at that visit."""
        return self._given(self.line.coach.improvement)

    def _given(self, points: Sequence[Point]) -> bool:
        return self.look is not None and any(point.visit_id == self.look.visit_id for point in points)


@dataclass(frozen=True)
class Moment:
    """One row of time, an own round or a visit, with its value per aspect in the order of the deck (None: a gap)."""

    day: dt.date
    values: tuple[int | None, ...]
    round: Round | None = None
    look: Look | None = None


@dataclass(frozen=True)
class Mirrors:
    """What coaches heard beside what the group itself heard, aspect by aspect in the order of the deck."""

    coach: DialogueProfile
    rounds: tuple[Round, ...]
    lines: tuple[TwoLines, ...]

    @property
    def is_empty(self) -> bool:
        """Whether neither mirror shows anything."""
        return self.coach.is_empty and not self.rounds

    @property
    def columns(self) -> list[Column]:
        """The days in their order; a visit and a round of the same day share one."""
        visits = [Column(look.day, place, None) for place, look in enumerate(self.coach.looks)]
        days = {column.day: column for column in reversed(visits)}
        alone = []
        for place, day in enumerate(one.day for one in self.rounds):
            if day in days:
                visits[visits.index(days.pop(day))] = Column(day, self._visit_on(day), place)
            else:
                alone.append(Column(day, None, place))
        return sorted([*visits, *alone], key=lambda column: column.day)

    def _visit_on(self, day: dt.date) -> int:
        return next(place for place, look in enumerate(self.coach.looks) if look.day == day)

    @property
    def moments(self) -> list[Moment]:
        """The rows of time, the oldest first; on one day the group's own round before the visit."""
        own = [
            Moment(one.day, tuple(line.own.values[place] for line in self.lines), round=one)
            for place, one in enumerate(self.rounds)
        ]
        coached = [
            Moment(look.day, tuple(line.coach.values[place] for line in self.lines), look=look)
            for place, look in enumerate(self.coach.looks)
        ]
        return sorted([*own, *coached], key=lambda moment: moment.day)

    @property
    def now(self) -> list[NowLine]:
        """Each aspect as it stands now, with the round and the visit that say so."""
        look = self.coach.looks[-1] if self.coach.looks else None
        return [
            NowLine(line, None if line.own_place is None else self.rounds[line.own_place], look) for line in self.lines
        ]

    @property
    def difference(self) -> TwoLines | None:
        """Where the mirrors lie furthest apart, if that is a whole degree."""
        widest = max(self.lines, key=lambda line: line.apart, default=None)
        return widest if widest and widest.differs else None

    def about(self, key: str) -> TwoLines:
        """The lines of one aspect of the deck."""
        return next(line for line in self.lines if line.coach.key == key)

    def between(self, first: dt.date, last: dt.date) -> Mirrors:
        """What of both falls on these days, both counted in."""
        coach = self.coach.between(first, last)
        places = [place for place, one in enumerate(self.rounds) if first <= one.day <= last]
        own = [line.own.only(places, ()) for line in self.lines]
        return side_by_side(coach, rounds=[self.rounds[place] for place in places], own=own)


def side_by_side(coach: DialogueProfile, *, rounds: Sequence[Round], own: Sequence[AspectLine]) -> Mirrors:
    """Both mirrors on the same aspects, in the order of the deck; the lines of ``own`` have a value per round."""
    mine = {line.key: line for line in own}
    blank = (None,) * len(rounds)
    lines = tuple(
        TwoLines(line, mine.get(line.key, AspectLine(line.number, line.key, line.name, line.short_name, blank)))
        for line in coach.aspects
    )
    return Mirrors(coach, tuple(rounds), lines)
