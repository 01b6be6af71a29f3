"""What a page shows, as one table to take along, and that table as CSV. Pure.

A cell's type says what it is: a text, a whole number, a half degree (Decimal, one place), a day, or nothing (a gap).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

Cell = str | int | Decimal | dt.date | None

_LONGEST = 32_767  # what a cell of a spreadsheet holds
_STARTS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
# Elsewhere a CSV is parted at commas or tabs: there another cell begins within a text. A dash in a list is none.
_FORMULA_WITHIN = re.compile(r"""(?<=[,;\t\n])(?=[ \xa0'"]*(?:[=+@＝＋＠]|[-－][^,;\t\n]*[(|!]))""")
# What XML cannot hold, and halves of signs that stand alone.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_BYTE_ORDER_MARK = "\ufeff"  # tells Excel that this is UTF-8


@dataclass(frozen=True)
class Column:
    """One column: its head, and how many signs wide it is shown."""

    head: str
    width: int = 16


@dataclass(frozen=True)
class Sheet:
    """One table: its title, its columns and rows. Made by ``sheet``."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


def sheet(*, title: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> Sheet:
    """A table with texts that every program can write down; raises ValueError where a row is not as wide as it."""
    laid = tuple(tuple(map(_written, row)) for row in rows)
    if any(len(row) != len(columns) for row in laid):
        raise ValueError("A row is not as wide as its sheet.")
    return Sheet(title, tuple(columns), laid)


def half(halves: int | None) -> Decimal | None:
    """Half degrees (2-8) as a degree with one place, as the pages write it; None for a gap."""
    return None if halves is None else (Decimal(halves) / 2).quantize(Decimal("0.1"))


def as_csv(table: Sheet) -> bytes:
    """The table as a spreadsheet opens it where numbers have a decimal comma, as in the Netherlands and Curaçao.

    UTF-8 with its mark, semicolons, CRLF, days as 2026-11-23. The region decides, not the reader's language. No text
    starts a formula, nor would it where commas part the cells: an apostrophe stands before it.
    """
    lines = io.StringIO()
    writer = csv.writer(lines, delimiter=";", lineterminator="\r\n")
    writer.writerow(_plain(column.head) for column in table.columns)
    writer.writerows(map(_plain, row) for row in table.rows)
    return (_BYTE_ORDER_MARK + lines.getvalue()).encode()


def starts_a_formula(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula; blanks before it hide nothing."""
    return text.startswith(_STARTS_A_FORMULA) or text.lstrip().startswith(_STARTS_A_FORMULA)


def writable(text: str) -> str:
    """The text without the signs that no file of XML may hold."""
    return _UNWRITABLE.sub("", text)


def _written(cell: Cell) -> Cell:
    """The cell as any file can hold it: no control signs, newlines of one kind, no longer than a cell may be."""
    if not isinstance(cell, str):
        return cell
    text = writable(cell.replace("\r\n", "\n").replace("\r", "\n"))
    return text if _units(text) <= _LONGEST else _shortened(text)


def _shortened(text: str) -> str:
    """As much as fits; spreadsheets count a sign beyond the first 65,536 as two."""
    fits = text.encode("utf-16-le")[: 2 * (_LONGEST - 1)].decode("utf-16-le", "ignore")
    return f"{fits}…"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _FORMULA_WITHIN.sub("'", f"'{cell}" if starts_a_formula(cell) else cell)
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell).replace(".", ",")
