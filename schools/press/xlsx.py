"""Writes one table as a workbook: JSON on its input, the file on its output. Started by the press, alone."""

import datetime as dt
import json
import re
import sys
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

try:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.packaging.core import DocumentProperties
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.writer.excel import ExcelWriter
except ImportError:
    sys.exit(3)

LONGEST_TITLE = 31
A4 = 9  # its number in a workbook
NEVER = dt.datetime(1980, 1, 1)  # noqa: DTZ001  # a workbook has to name an instant; zip begins with this one
NOT_IN_A_TITLE = re.compile(r"[\\*?:/\[\]]")
HEAD = Font(bold=True)
PAPER = PatternFill("solid", start_color="F1EBDF")
TOP = Alignment(vertical="top", wrap_text=True)
THE_REGIONS_OWN = "mm-dd-yy"  # a number of its own in the format: shown as the reader's computer writes days


def workbook(order: dict[str, Any]) -> bytes:
    """The file, with nothing in it of who made it or when: the same table gives the same bytes."""
    book = Workbook(write_only=True)
    page = book.create_sheet(NOT_IN_A_TITLE.sub(" ", order["title"]).strip("' ")[:LONGEST_TITLE] or "1")
    columns, rows = order["columns"], order["rows"]
    page.freeze_panes = "A2"
    page.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    page.print_title_rows = "1:1"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    for number, column in enumerate(columns, start=1):
        page.column_dimensions[get_column_letter(number)].width = column["width"]
    page.append([_head(page, column["head"]) for column in columns])
    for row in rows:
        page.append([_cell(page, told) for told in row])
    told = {"title": order["title"], "language": order["language"], "created": NEVER, "modified": NEVER}
    book.properties = DocumentProperties(**told, creator=None)
    return _undated(book)


def _head(page: Any, text: str) -> Any:
    cell = _text(page, text)
    cell.font, cell.fill, cell.alignment = HEAD, PAPER, TOP
    return cell


def _cell(page: Any, told: Any) -> Any:
    """A day, a half degree, a whole number, a text; a text that looks like a formula keeps saying that it is none."""
    if isinstance(told, str):
        return _text(page, told)
    if not isinstance(told, dict):
        return _top(WriteOnlyCell(page, told))
    ((kind, value),) = told.items()
    if kind == "text":
        cell = _text(page, value)
        cell.quotePrefix = True
    elif kind == "day":
        cell = WriteOnlyCell(page, dt.datetime.fromisoformat(value))
        cell.number_format = THE_REGIONS_OWN
    else:
        cell = WriteOnlyCell(page, float(value))
        cell.number_format = "0.0"
    return _top(cell)


def _text(page: Any, text: str) -> Any:
    """A text as it is: set before its kind, which openpyxl would guess."""
    cell = WriteOnlyCell(page, text)
    cell.data_type = "s"
    return _top(cell)


def _top(cell: Any) -> Any:
    cell.alignment = TOP
    return cell


def _undated(book: Workbook) -> bytes:
    made, kept = BytesIO(), BytesIO()
    with ZipFile(made, "w") as archive:
        ExcelWriter(book, archive).save()
    with ZipFile(made) as archive, ZipFile(kept, "w") as again:
        for entry in archive.infolist():
            again.writestr(ZipInfo(entry.filename), archive.read(entry), ZIP_DEFLATED)
    return kept.getvalue()


if __name__ == "__main__":
    sys.stdout.buffer.write(workbook(json.load(sys.stdin)))
