"""The national list of primary schools, read into rows: a file of bytes in, rows or one sentence out.

The list is the CSV that DUO publishes as open data: Windows-1252 or UTF-8, semicolons, a blank is one space.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import slugify

from schools.models.place import Region

CODE, NAME, PLACE = "VESTIGINGSCODE", "VESTIGINGSNAAM", "PLAATSNAAM"
BOARD, REGION = "BEVOEGD GEZAG NUMMER", "VAKANTIEREGIO"
COLUMNS = (CODE, NAME, PLACE, BOARD, REGION)
REGIONS = {"noord": Region.NORTH, "midden": Region.MIDDLE, "zuid": Region.SOUTH}
MOST_BYTES = 50_000_000
_LONGEST = {NAME: 120, PLACE: 80}
_LARGEST_NUMBER = 2**31 - 1

_SMALL = frozenset(
    ("aan", "ad", "bij", "ca", "de", "den", "der", "en", "gem", "gem.", "in", "op", "over", "te", "ten", "ter", "van")
)
_PROVINCES = frozenset({"NB", "NH", "ZH"})


class NotTheListError(Exception):
    """Why this file is not the national list: one sentence that names the line."""


@dataclass(frozen=True)
class Listed:
    """One location on the list: six-character code, name, place, holiday region and board number."""

    code: str
    name: str
    place: str
    region: Region
    board: int


def read(data: bytes) -> list[Listed]:
    """The schools on the list, in its order; raises NotTheListError when the file is anything else."""
    lines = _lines(_text(data))
    number, header = next(lines, (1, []))
    column = _columns(header)
    rows: list[Listed] = []
    lines_by_code: dict[str, int] = {}
    for number, cells in lines:
        if not cells:
            continue
        if len(cells) != len(header):
            raise NotTheListError(f"Line {number} has {len(cells)} columns, but the header has {len(header)}.")
        row = _row({name: " ".join(cells[column[name]].split()) for name in COLUMNS}, number)
        if row.code in lines_by_code:
            raise NotTheListError(f"Line {number} repeats the code {row.code} of line {lines_by_code[row.code]}.")
        lines_by_code[row.code] = number
        rows.append(row)
    if not rows:
        raise NotTheListError(f"The file ends after line {number}: there is no school in it.")
    return rows


def place_name(listed: str) -> str:
    """A place as people write it; the list has capitals only: 's-Gravenhage, IJsselstein, Alphen aan den Rijn."""
    if listed != listed.upper():
        return listed
    return " ".join(_word(word, first=not place) for place, word in enumerate(listed.split()))


def slug_for(school: Listed, taken: set[str]) -> str:
    """An address for a new school from its name and place, with the code where that is taken."""
    base = slugify(f"{school.name} {school.place}")[:100].strip("-") or "school"
    with_code = f"{base}-{school.code.lower()}"
    more = (f"{with_code}-{number}" for number in range(2, 1000))
    return next(slug for slug in (base, with_code, *more) if slug not in taken)


def _text(data: bytes) -> str:
    if not data.strip():
        raise NotTheListError("The file is empty.")
    if len(data) > MOST_BYTES:
        raise NotTheListError(
            f"The file is larger than {MOST_BYTES // 1_000_000} MB: it cannot be the list of schools."
        )
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise NotTheListError("The file is UTF-16; save it as Windows-1252 or UTF-8 first.")
    if b"\0" in data:
        raise NotTheListError(f"Line {_line_of(data, data.index(0))} is not text: this is not a CSV file.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        if data.startswith(b"\xef\xbb\xbf"):
            where = _line_of(data, broken.start)
            raise NotTheListError(f"Line {where} is not UTF-8, although the file says so at its start.") from broken
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as broken:
        where = _line_of(data, broken.start)
        raise NotTheListError(f"Line {where} is neither Windows-1252 nor UTF-8.") from broken


def _line_of(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record with the number of the line on which it starts."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    number = 1
    try:
        for cells in reader:
            yield number, cells
            number = reader.line_num + 1
    except csv.Error as broken:
        raise NotTheListError(f"Line {number} cannot be read: {broken}.") from broken


def _columns(header: list[str]) -> dict[str, int]:
    names = [" ".join(name.split()).upper() for name in header]
    missing = [name for name in COLUMNS if name not in names]
    if len(missing) == len(COLUMNS):
        raise NotTheListError(f"Line 1 is not the header of the list of schools: there is no column {CODE} in it.")
    if missing:
        raise NotTheListError(f"Line 1 lacks the column {', '.join(missing)}.")
    double = next((name for name in COLUMNS if names.count(name) > 1), None)
    if double:
        raise NotTheListError(f"Line 1 has the column {double} twice.")
    return {name: names.index(name) for name in COLUMNS}


def _row(cells: dict[str, str], number: int) -> Listed:
    code, board, region = cells[CODE], cells[BOARD], cells[REGION]
    if not re.fullmatch(r"[0-9A-Z]{6}", code):
        raise NotTheListError(f"Line {number} has the {CODE} {code!r}; six capitals or digits were expected.")
    if not re.fullmatch(r"[0-9]{1,10}", board) or not 0 < int(board) <= _LARGEST_NUMBER:
        raise NotTheListError(f"Line {number} has the {BOARD} {board!r}; a number was expected.")
    if region.lower() not in REGIONS:
        raise NotTheListError(f"Line {number} has the {REGION} {region!r}; Noord, Midden or Zuid was expected.")
    if not cells[NAME]:
        raise NotTheListError(f"Line {number} has no {NAME}.")
    for name, longest in _LONGEST.items():
        if len(cells[name]) > longest:
            raise NotTheListError(f"Line {number} has a {name} of more than {longest} characters.")
    return Listed(code, cells[NAME], place_name(cells[PLACE]), REGIONS[region.lower()], int(board))


def _word(word: str, *, first: bool) -> str:
    if word in _PROVINCES:
        return word
    parts = word.split("-")
    return "-".join(_part(part, first=first and not place) for place, part in enumerate(parts))


def _part(part: str, *, first: bool) -> str:
    small = part.lower()
    if small in {"'s", "'t"} or (small in _SMALL and not first):
        return small
    return f"IJ{small[2:]}" if small.startswith("ij") else small[:1].upper() + small[1:]
