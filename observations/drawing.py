"""Where things stand in a picture of our own: places, paths, and days on a line of time. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

Place = tuple[float, float]


@dataclass(frozen=True)
class Spot:
    """A place in a picture, written so that no language puts a comma in it."""

    x: str
    y: str
    word: str = ""
    anchor: str = "middle"
    is_last: bool = False


def number(value: float) -> str:
    """A coordinate as the picture wants it."""
    return f"{value:.1f}"


def spot(x: float, y: float, *, word: str = "", anchor: str = "middle", is_last: bool = False) -> Spot:
    """A place with what is written there."""
    return Spot(number(x), number(y), word=word, anchor=anchor, is_last=is_last)


def box(centre: Place, size: float) -> Spot:
    """The corner of a square around a place."""
    return spot(centre[0] - size / 2, centre[1] - size / 2)


def path(points: Iterable[Place]) -> str:
    """A line through these places."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


def runs(spots: Sequence[Place | None], *, closed: bool = False) -> list[str]:
    """The line as pieces between gaps; a closed one goes on from its end to its start."""
    if closed and all(spots):
        return [path([one for one in spots if one]) + "Z"]
    turned = list(spots)
    if closed:
        first_gap = spots.index(None)
        turned = [*spots[first_gap:], *spots[:first_gap]]
    pieces: list[list[Place]] = [[]]
    for one in turned:
        if one is None:
            pieces.append([])
        else:
            pieces[-1].append(one)
    return [path(piece) for piece in pieces if len(piece) > 1]


def gap_runs(xs: Sequence[float], values: Sequence[int | None]) -> list[tuple[float, float]]:
    """Where each run of gaps starts and ends."""
    found = []
    for is_gap, places in groupby(range(len(xs)), key=lambda place: values[place] is None):
        run = list(places)
        if is_gap:
            found.append((xs[run[0]], xs[run[-1]]))
    return found


def in_time(days: Sequence[dt.date], *, start: float, end: float, apart: float) -> list[float]:
    """Where days (in their order) stand between start and end: true to time, yet never nearer than ``apart``.

    Where that many do not fit, they stand as far apart as they can.
    """
    if len(days) < 2:  # noqa: PLR2004  # one day needs no line of time
        return [(start + end) / 2 for _day in days]
    room = (end - start) / (len(days) - 1)
    least = min(apart, room)
    whole = (days[-1] - days[0]).days
    if not whole:
        return [start + room * place for place in range(len(days))]
    xs: list[float] = []
    for day in days:
        true = start + (end - start) * (day - days[0]).days / whole
        xs.append(max(true, xs[-1] + least) if xs else true)
    xs[-1] = min(xs[-1], end)
    for place in reversed(range(len(xs) - 1)):
        xs[place] = min(xs[place], xs[place + 1] - least)
    return xs


def between(day: dt.date, days: Sequence[dt.date], xs: Sequence[float]) -> float | None:
    """Where a day would stand on that line of time; nothing where it is not after the first or is after the last."""
    for (before, left), (after, right) in pairwise(zip(days, xs, strict=True)):
        if before < day <= after:
            return left + (right - left) * (day - before).days / (after - before).days
    return None


def thinned(xs: Sequence[float], *, apart: float) -> list[int]:
    """Which of these places have room for a word, from the last one backwards; the last one always."""
    chosen: list[int] = []
    for place in reversed(range(len(xs))):
        if not chosen or xs[chosen[-1]] - xs[place] >= apart:
            chosen.append(place)
    return chosen[::-1]
