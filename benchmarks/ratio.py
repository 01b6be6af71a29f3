"""What a measurement answers: a ratio from several pairs, and how it stands to its floor and its moonshot."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

_Told = TypeVar("_Told")
HEAD = f"{'goal':6} {'median':>8} {'range':>17} {'pairs':>5} {'floor':>8} {'moonshot':>8} {'held':>8}  what"


@dataclass(frozen=True)
class Ratio:
    """Values of one ratio (or of one size), measured in turns; no floor: told beside a goal, owed to nobody."""

    goal: str
    what: str
    values: Sequence[float]
    floor: float | None = None
    moonshot: float | None = None
    more_is_better: bool = True

    @property
    def median(self) -> float:
        return statistics.median(self.values)

    @property
    def held(self) -> str:
        """What of the two the median reaches."""
        if self.floor is None or self.moonshot is None:
            return ""
        if self._reaches(self.moonshot):
            return "moonshot"
        return "floor" if self._reaches(self.floor) else "NO"

    def _reaches(self, mark: float) -> bool:
        return self.median >= mark if self.more_is_better else self.median <= mark

    def line(self) -> str:
        """One line of the table."""
        sign = ">=" if self.more_is_better else "<="
        marks = [f"{sign}{mark:g}" if mark is not None else "" for mark in (self.floor, self.moonshot)]
        spread = f"{min(self.values):.2f} - {max(self.values):.2f}"
        return (
            f"{self.goal:6} {self.median:8.2f} {spread:>17} {len(self.values):5} {marks[0]:>8} {marks[1]:>8} "
            f"{self.held:>8}  {self.what}"
        )


def in_turns(pairs: int, one: Callable[[], _Told], other: Callable[[], _Told]) -> tuple[list[_Told], list[_Told]]:
    """Both sides so many times, each pair in the other order than the last, so that a drift falls on both."""
    ones: list[_Told] = []
    others: list[_Told] = []
    for turn in range(pairs):
        sides = [(one, ones), (other, others)]
        for side, values in sides if turn % 2 == 0 else sides[::-1]:
            values.append(side())
    return ones, others


def over(ones: Sequence[float], others: Sequence[float]) -> list[float]:
    """Each pair's ratio."""
    return [one / other for one, other in zip(ones, others, strict=True)]
