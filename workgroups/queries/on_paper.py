"""What is printed of a meeting, to write on."""

from __future__ import annotations

from dataclasses import dataclass

from workgroups.models import Agenda, Meeting
from workgroups.queries.focus import Focus, focus_of


@dataclass(frozen=True)
class Sheet:
    """A meeting on paper: what the group works on, and its points; ``blanks`` are the lines left to write more on."""

    focus: Focus
    points: tuple[str, ...]
    blanks: range


ROOM = 6


def sheet_of(meeting: Meeting) -> Sheet:
    """The sheet of a meeting, for who has a seat. Four queries."""
    agenda = Agenda.objects.filter(meeting=meeting).first()
    points = tuple(agenda.lines) if agenda else ()
    return Sheet(focus=focus_of(meeting.group), points=points, blanks=range(max(2, ROOM - len(points))))
