"""What a paper is made of: sections of points, tables, lines to write on and boxes to tick."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import lazy

from samenspraak.who_sees.kept import Words

Row = tuple[Words, ...]


def told(words: Callable[[], str]) -> Words:
    """Words with numbers, told in the reader's language."""
    return lazy(words, str)()


@dataclass(frozen=True)
class Text:
    """A paragraph."""

    kind: ClassVar[str] = "text"
    words: Words


@dataclass(frozen=True)
class Points:
    """Sentences, each with a dot before it."""

    kind: ClassVar[str] = "points"
    items: tuple[Words, ...]


@dataclass(frozen=True)
class Table:
    """Rows under heads, read when the paper is shown; an empty cell is for writing in."""

    kind: ClassVar[str] = "table"
    heads: Row
    rows: Callable[[], Sequence[Row]]

    def lines(self) -> list[list[tuple[Words, Words]]]:
        """Each row as its cells, each beside the head above it."""
        return [list(zip(self.heads, row, strict=True)) for row in self.rows()]


@dataclass(frozen=True)
class Lines:
    """What somebody writes down by hand, each on a line of its own."""

    kind: ClassVar[str] = "lines"
    labels: tuple[Words, ...]


@dataclass(frozen=True)
class Choices:
    """Boxes to tick."""

    kind: ClassVar[str] = "choices"
    items: tuple[Words, ...]


Block = Text | Points | Table | Lines | Choices


@dataclass(frozen=True)
class Section:
    """A heading and what stands beneath it."""

    title: Words
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Paper:
    """One paper: its name in addresses, what it is called, whom it is for, and what a file of it is called."""

    key: str
    title: Words
    whom: Words
    lead: Words
    stem: Words
    sections: tuple[Section, ...]
