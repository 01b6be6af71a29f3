"""What a group may read of its answers (domain rule: enough voices, halves, never an extreme). Pure; no person, no row.

Degrees are 1 not heard, 2 now and then, 3 often, 4 throughout; None is "cannot say". Halves are twice the degree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from observations import profile

ENOUGH = 4
ENOUGH_FOR_SPREAD = 8
LOWEST, HIGHEST = 3, 7  # in halves: degrees 1.5 and 3.5
ALIKE, MIXED = "alike", "mixed"
_ORDER = (ALIKE, MIXED, "")


@dataclass(frozen=True)
class Reading:
    """What is shown of one behaviour: halves (2-8; None: too few could say) and "alike", "mixed" or nothing."""

    halves: int | None
    spread: str = ""


def sealed(degrees: Iterable[int | None]) -> Reading:
    """Answers that each gave alone: the mean to the nearest half (.25 upwards), clamped to 3-7, of four at least.

    The spread is told from eight answers on only: alike where they lie one degree apart at most.
    """
    said = [degree for degree in degrees if degree is not None]
    halves = profile.halves_of(said)
    if halves is None or len(said) < ENOUGH:
        return Reading(None)
    spread = ""
    if len(said) >= ENOUGH_FOR_SPREAD:
        spread = ALIKE if max(said) - min(said) <= 1 else MIXED
    return Reading(min(max(halves, LOWEST), HIGHEST), spread)


def together(degree: int | None) -> Reading:
    """The one answer of a group that spoke with one voice: shown as it is."""
    return Reading(None if degree is None else 2 * degree)


def by_agreement(readings: Sequence[Reading]) -> list[int]:
    """The places of the readings (in the order of the card) in the order of the reveal.

    Alike before mixed before untold, then the highest first, gaps last. Only what is shown may decide here: an order by
    the hidden spread would tell what is not shown of fewer than eight answers.
    """
    return sorted(range(len(readings)), key=lambda place: (*_rank(readings[place]), place))


def _rank(reading: Reading) -> tuple[bool, int, int]:
    return reading.halves is None, _ORDER.index(reading.spread), -(reading.halves or 0)


def mean(halves: Iterable[int | None]) -> int | None:
    """The value of an aspect: the mean of what is shown of its behaviours, to the nearest half; None for a gap."""
    shown = [value for value in halves if value is not None]
    return (2 * sum(shown) + len(shown)) // (2 * len(shown)) if shown else None
