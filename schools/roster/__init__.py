"""Staff lists, read from files that spreadsheets write: a file of bytes in, lines or one sentence out. Pure.

Takes CSV in any encoding that a Dutch Excel writes (Windows-1252, UTF-8, UTF-16 with tabs; semicolons or commas) and
Excel workbooks. Bounded in time and memory whatever the file is (limits.py); nothing in it is ever run, followed or
unpacked beyond a limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from schools.roster import columns, limits, text, workbook
from schools.roster.refusing import NotAListError, at_line, too_long

__all__ = ["Line", "NotAListError", "Read", "line_of", "read"]

_ZIP, _OLD_EXCEL, _SHEET_OF_ODF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"mimetypeapplication/vnd.oasis"
# A zero and halves of signs: a workbook can write them, no database takes them.
_NO_SIGN = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Line:
    """One line of the file: its number there, and what stands in the columns that we read, as typed."""

    number: int
    given_name: str = ""
    infix: str = ""
    family_name: str = ""
    email: str = ""
    roles: str = ""
    place: str = ""


@dataclass(frozen=True)
class Read:
    """What a file holds: its lines, and the names of columns that nobody reads here."""

    lines: tuple[Line, ...]
    unread: tuple[str, ...] = ()


def read(data: bytes) -> Read:
    """The lines of a staff list, in its order; raises NotAListError with a sentence where it is anything else.

    Lines that say nothing of a person are left out.
    """
    rows = _with_words(_rows(data))
    number, head = next(rows, (1, []))
    if not head:
        raise NotAListError(_("There is nothing in this file."))
    place = columns.of_head(head, number)
    lines = tuple(_lines(rows, place, len(head)))
    if not lines:
        raise NotAListError(_("Nobody stands in this file: there is only the line with the names of the columns."))
    return Read(lines, tuple(columns.unread(head)))


def line_of(number: int, cells: Mapping[str, str]) -> Line:
    """A line that a program sends, by the names of our columns; written as one of a file is."""
    return Line(number, **{name: _plain(said) for name, said in cells.items()})


def _rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    if data.startswith(_OLD_EXCEL):
        raise NotAListError(_("This is an old Excel file, or one with a password. Save it as .xlsx without one."))
    if not data.startswith(_ZIP):
        return text.rows(data)
    if _SHEET_OF_ODF in data[:200]:
        raise NotAListError(_("This is an OpenDocument file. Save it as .xlsx or as “CSV UTF-8”."))
    return workbook.rows(data)


def _with_words(rows: Iterator[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    """The rows in which something stands, as long as there are not too many, nor too many without."""
    said = 0
    for read_so_far, (number, cells) in enumerate(rows):
        if any(cell.strip() for cell in cells):
            said += 1
            yield number, cells
        if said > limits.MOST_LINES + 1 or read_so_far > limits.MOST_EMPTY:
            raise at_line(number, too_long())


def _lines(rows: Iterator[tuple[int, list[str]]], place: dict[str, int], width: int) -> Iterator[Line]:
    for number, cells in rows:
        if any(cell.strip() for cell in cells[width:]):
            raise at_line(number, _("there is more on this line than the first line has columns."))
        found = {column: _cell(cells, at, number) for column, at in place.items()}
        if any(found.get(name) for name in (columns.GIVEN, columns.INFIX, columns.FAMILY, columns.EMAIL)):
            yield Line(number, **found)


def _cell(cells: Sequence[str], place: int, number: int) -> str:
    """What stands there; blanks of any kind become one, and what no text can hold shows as lost."""
    said = _plain(cells[place]) if place < len(cells) else ""
    if len(said) > limits.LONGEST_CELL:
        raise at_line(number, _("a cell holds more than %(most)s characters.") % {"most": limits.LONGEST_CELL})
    return said


def _plain(said: str) -> str:
    return _NO_SIGN.sub("\ufffd", " ".join(said.split()))
