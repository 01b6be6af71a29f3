"""A CSV as spreadsheets write it, read into rows: in any of their encodings, parted in any of their ways. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from schools.roster import limits
from schools.roster.refusing import NotAListError, at_line

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UTF_8_MARK = b"\xef\xbb\xbf"
_PARTS = ";\t,"
_LONGEST_CELL = 131_072  # what the reader itself takes


def rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line on which it starts; raises NotAListError where it cannot be read."""
    text = _text(data)
    first, _newline, rest = text.partition("\n")
    named = first.strip().lower()
    skipped = 0
    if named.startswith("sep=") and len(named) == len("sep=;"):  # what Excel tells Excel
        text, skipped, part = rest, 1, named[-1]
    else:
        part = _part_of(text)
    for number, cells in _read(text, part):
        yield number + skipped, cells


def _text(data: bytes) -> str:
    """What the bytes say; the mark at the start tells, else UTF-8 where it fits, else Windows-1252."""
    if data.startswith(_UTF_16):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as broken:
            raise NotAListError(_("The file breaks off in the middle of a letter. Save it again.")) from broken
    if b"\0" in data:
        raise at_line(_line_of(data, data.index(0)), _("this is not text. Choose a CSV file or an Excel workbook."))
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        if data.startswith(_UTF_8_MARK):
            where = _line_of(data, len(_UTF_8_MARK) + broken.start)
            raise at_line(where, _("a letter cannot be read. Save the file again.")) from broken
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as broken:
        told = _("a letter cannot be read. Save the file as “CSV UTF-8” or as an Excel workbook.")
        raise at_line(_line_of(data, broken.start), told) from broken


def _line_of(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1


def _part_of(text: str) -> str:
    """What parts the cells of the first line that says anything."""
    head = next((line for line in text[: limits.LONGEST_HEAD].splitlines() if line.strip(" ;,\t")), "")
    return max(_PARTS, key=head.count)


def _read(text: str, part: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=part, strict=True)
    number = 1
    try:
        for cells in reader:
            yield number, cells
            number = reader.line_num + 1
    except csv.Error as broken:
        told = _("this line cannot be read: it is too long, or a quotation mark is missing.")
        raise at_line(number, told) from broken
