"""The checklists of the start: of one school, and of all schools of a board."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from samenspraak import starting
from schools import pages, permissions


class SchoolStart(pages.StewardPage):
    """What the school still needs, for its leader and admins and those of its board."""

    template_name = "samenspraak/school_start.html"
    nav_here = "today"
    may = staticmethod(permissions.may_start_school)

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Lay out the list."""
        return self.show(
            school=self.school,
            start=starting.start_of(self.steward, now=self.now),
            for_board=self.steward.for_board,
            may_keep=permissions.may_keep_people(self.steward),
            board_number=self.school.board.number if self.steward.for_board else None,
        )


class BoardStart(pages.BoardPage):
    """How far each school of the board is."""

    template_name = "samenspraak/board_start.html"
    nav_here = "today"

    def get(self, request: HttpRequest, **kwargs: object) -> HttpResponse:
        """Lay out the list, the schools that still start first."""
        starts = starting.starts_of(self.board, now=self.now)
        return self.show(
            board=self.board,
            starts=[one for one in starts if not one.runs],
            running=[one for one in starts if one.runs],
            steps=starts[0].steps if starts else (),
        )
