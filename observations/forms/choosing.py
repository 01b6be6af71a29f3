"""The visitor's own notes line by line: each can be the start of a point (C9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from cards.models import Aspect
from observations.forms import PAIRS_AT_MOST, PairsForm, shown_in

_BULLETS = "-–—*•· \t"  # people type all of these
_SIDES = ("strong", "improvement")


@dataclass(frozen=True)
class Line:
    """A line of a note: ``name`` is what its button sends, ``pair`` the pair in which its words stand, 0 for none."""

    text: str
    side: str
    aspect: str
    name: str
    pair: int


@dataclass(frozen=True)
class Noted:
    """What was noted about one card."""

    aspect: Aspect
    strong: list[Line]
    improvement: list[Line]


def noted(aspects: Iterable[Aspect], notes: Mapping[str, tuple[str, str]], form: PairsForm) -> list[Noted]:
    """The notes in the order of the cards, with the pairs of the form in which they stand."""
    points = {side: [str(getattr(pair, side).value() or "") for pair in form.pairs] for side in _SIDES}
    return [
        Noted(
            aspect,
            *(
                _lines(aspect.key, side, text, points[side])
                for side, text in zip(_SIDES, notes[aspect.key], strict=True)
            ),
        )
        for aspect in aspects
        if aspect.key in notes
    ]


def take(name: str, sheets: Iterable[Noted], typed: Mapping[str, str]) -> dict[str, str] | None:
    """What was typed, with the line of this name in the first free place of its side, its card beside it.

    ``shown`` rises where that is a pair that was not on the page. Nothing changes where the line already stands in a
    pair or is not there; None where no place is free.
    """
    line = next((one for sheet in sheets for one in (*sheet.strong, *sheet.improvement) if one.name == name), None)
    if line is None or line.pair:
        return dict(typed)
    places = (place for place in range(1, PAIRS_AT_MOST + 1) if not typed.get(f"p{place}-{line.side}", "").strip())
    free = next(places, None)
    if free is None:
        return None
    point = f"p{free}-{line.side}"
    return {**typed, point: line.text, f"{point}_aspect": line.aspect, "shown": str(max(shown_in(typed), free))}


def texts_in(note: str) -> list[str]:
    """The lines of a note that say something, without the dashes and dots that people put before them."""
    return [text for text in (raw.strip().lstrip(_BULLETS) for raw in note.splitlines()) if text]


def _lines(key: str, side: str, note: str, points: Sequence[str]) -> list[Line]:
    return [
        Line(text, side, key, f"{side}:{key}:{number}", _pair_with(text, points))
        for number, text in enumerate(texts_in(note))
    ]


def _pair_with(text: str, points: Sequence[str]) -> int:
    return next((number for number, point in enumerate(points, start=1) if text in point), 0)
