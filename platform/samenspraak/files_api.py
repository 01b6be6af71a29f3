"""The dashboards to take along over REST: the files of their pages, for the same people."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from rest_framework.request import Request

from samenspraak import board_dashboard, exports, school_dashboard
from schools import downloads, rest, scopes
from schools.api.stewards import BoardView
from workgroups import rest as workgroups

_ABOUT: dict[str, Any] = {"tags": ["dashboards"]}


class SchoolFileView(rest.FileMixin, workgroups.GroupView):
    """A school's dashboard as a file."""

    area = scopes.Area.PROFILES

    def file(self) -> HttpResponse:
        """What this caller sees of the school."""
        self.must_be_taken_along(self.member)
        table = exports.of_school(school_dashboard.of_member(self.member, now=self.now))
        body = downloads.as_table(table, kind=self.kind)
        return self.taken(body, stem=exports.SchoolFile.stem, source=self.member.school)


class SchoolCsvView(SchoolFileView):
    """As CSV."""

    kind = "csv"

    @rest.file_schema("csv", operation_id="download_school_csv", summary="Download a school's dashboard, CSV", **_ABOUT)
    def get(self, request: Request, slug: str) -> HttpResponse:
        """The dashboard as a table with semicolons: a row for each thing that it tells, of every group by name.

        That it was taken along, by whom and when, is noted where the school sees what happened.
        """
        return self.file()


class SchoolXlsxView(SchoolFileView):
    """As XLSX."""

    kind = "xlsx"

    @rest.file_schema(
        "xlsx", operation_id="download_school_xlsx", summary="Download a school's dashboard, XLSX", **_ABOUT
    )
    def get(self, request: Request, slug: str) -> HttpResponse:
        """The same table for a spreadsheet."""
        return self.file()


class BoardFileView(rest.FileMixin, BoardView):
    """A board's schools as a file."""

    area = scopes.Area.PROFILES

    def file(self) -> HttpResponse:
        """What the board sees of its schools."""
        self.must_be_proved()
        table = exports.of_board(board_dashboard.of_board(self.board, now=self.now))
        return self.taken(downloads.as_table(table, kind=self.kind), stem=exports.BoardFile.stem, source=self.board)


class BoardCsvView(BoardFileView):
    """As CSV."""

    kind = "csv"

    @rest.file_schema("csv", operation_id="download_board_csv", summary="Download a board's schools, CSV", **_ABOUT)
    def get(self, request: Request, number: int) -> HttpResponse:
        """A row for each school by name, with its two numbers where the board has three schools or more."""
        return self.file()


class BoardXlsxView(BoardFileView):
    """As XLSX."""

    kind = "xlsx"

    @rest.file_schema("xlsx", operation_id="download_board_xlsx", summary="Download a board's schools, XLSX", **_ABOUT)
    def get(self, request: Request, number: int) -> HttpResponse:
        """The same table for a spreadsheet."""
        return self.file()
