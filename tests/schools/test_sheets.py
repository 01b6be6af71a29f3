"""A table as CSV: what a spreadsheet in the Netherlands makes of it, and what it must not."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from decimal import Decimal

import pytest
from hypothesis import example, given, strategies

from schools import sheets
from schools.sheets import Column

DAY = dt.date(2026, 11, 23)
# What people type, and what somebody might: none of it may become a formula.
CORPUS = [
    '=HYPERLINK("https://kwaad.example";"Klik")',
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1;1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "＝1+1",
    "＠SUM(1;1)",
    "- een streepje vooraan",
    'een ; puntkomma en een " aanhaling',
    "twee\nregels",
    "Šárka en Yağmur, één café",
    "👩‍🏫 en 𝔣𝔢𝔢𝔡𝔟𝔞𝔠𝔨",
    "_x0041_ en &amp; en <script>alert(1)</script>",
    "#N/A",
    "1-2",
    "3,5",
    "",
]


def table(*rows: tuple[sheets.Cell, ...], width: int = 1) -> sheets.Sheet:
    columns = [Column(f"Kop {number}") for number in range(width)]
    return sheets.sheet(title="Blad", columns=columns, rows=rows)


def read(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";"))


def test_it_is_what_excel_opens_here() -> None:
    body = sheets.as_csv(table(("Bram", 3, Decimal("2.5"), DAY, None), width=5))
    assert body.startswith(b"\xef\xbb\xbfKop 0;Kop 1;")
    assert body.endswith(b"\r\nBram;3;2,5;2026-11-23;\r\n")


@pytest.mark.parametrize("text", CORPUS)
def test_no_text_starts_a_formula(text: str) -> None:
    [[_head], [cell]] = read(sheets.as_csv(table((text,)))) if text else [["Kop"], [""]]
    assert not cell.lstrip().startswith(tuple("=+-@＝＋－＠"))
    assert re.sub(r"(^|[\t\n])'", r"\1", cell) == text.replace("\r", "\n")


@pytest.mark.parametrize("text", ["Jullie vroegen door.", "1-2", "3,5", "een - midden in", "a=b"])
def test_plain_words_stay_plain(text: str) -> None:
    assert read(sheets.as_csv(table((text,))))[1] == [text]


@pytest.mark.parametrize(
    "piece", ["=1+1", "+cmd|' /C calc'!A0", "-cmd|' /C calc'!A0", "- HYPERLINK(A1)", '"=1+1"', "＝1+1"]
)
@pytest.mark.parametrize("before", [",", ", ", ";", "\t", "\n", "\r\n", ",\u00a0'"])
def test_no_text_starts_a_formula_where_commas_part_the_cells(before: str, piece: str) -> None:
    """Excel in English parts at commas, and knows a quote at the start of a cell alone; others part at tabs."""
    body = sheets.as_csv(table(("Rekenen", f"tijd{before}{piece}"), width=2)).decode("utf-8-sig")
    for cells in (body.replace("\t", ",").split("\n"), body.replace(",", "\t").split("\n")):
        pieces = [part for line in cells for part in line.replace("\t", ",").split(",")]
        assert not [part for part in pieces if part.lstrip(' \xa0"')[:1] in set("=+-@＝＋－＠")]


@pytest.mark.parametrize(
    "text", ["€ 5,-", "Samen:\n- eerst luisteren\n- dan pas vragen", "a, b; c", "van 3,5 naar 4,0"]
)
def test_lists_and_prices_stay_as_they_are(text: str) -> None:
    assert read(sheets.as_csv(table((text,))))[1] == [text]


def test_numbers_stay_numbers() -> None:
    """A number below nought is no text, so no apostrophe makes one of it."""
    assert read(sheets.as_csv(table((-3, Decimal("-1.5")), width=2)))[1] == ["-3", "-1,5"]


@given(strategies.text())
@example("\x00\x08\x0b\x1f\x7f")
@example("\ud800 alleen")
@example("\ufffe\uffff")
@example("\n'=1")
def test_any_text_can_be_written_and_is_one_cell(text: str) -> None:
    """Word for word; only what might start a formula somewhere in it has an apostrophe more."""
    [row] = table((f"a{text}",)).rows
    [_head, again] = read(sheets.as_csv(sheets.sheet(title="x", columns=[Column("k")], rows=[row])))
    assert [cell.replace("'", "") for cell in again] == [str(cell).replace("'", "") for cell in row]
    assert again == list(row) or set(text) & set("=+-@＝＋－＠")


def test_a_cell_holds_no_more_than_a_spreadsheet_does() -> None:
    [[long], [wide]] = table(("x" * 40_000,), ("𝔣" * 20_000,)).rows
    assert isinstance(long, str)
    assert isinstance(wide, str)
    assert len(long) == 32_767
    assert len(wide.encode("utf-16-le")) // 2 <= 32_767
    assert long.endswith("x…")
    assert wide.endswith("𝔣…")


def test_a_row_is_as_wide_as_its_sheet() -> None:
    with pytest.raises(ValueError, match="wide"):
        table((1, 2))


@pytest.mark.parametrize(("halves", "degree"), [(2, "1.0"), (7, "3.5"), (8, "4.0")])
def test_half_degrees_have_one_place(halves: int, degree: str) -> None:
    assert str(sheets.half(halves)) == degree


def test_a_gap_stays_one() -> None:
    assert sheets.half(None) is None
