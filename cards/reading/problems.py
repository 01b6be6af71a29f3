"""What is wrong in a catalogue file, for the person who edits it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Problem:
    """One thing that does not fit, in one sentence; ``line`` counts from 1, 0 is the file as a whole."""

    file: str
    line: int
    sentence: str

    def __str__(self) -> str:
        """As editors and compilers write it, so that many programs open the place at a click."""
        return f"{self.file}:{self.line}: {self.sentence}" if self.line else f"{self.file}: {self.sentence}"


class CatalogueError(Exception):
    """Everything that is wrong, in the order of the files and their lines."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        """Take the problems; there is at least one."""
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))
