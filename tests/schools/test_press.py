"""The press: files from a process of its own, which fetches nothing, knows no secrets and is ended in time."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pypdf
import pytest
from openpyxl import load_workbook

from schools import press, sheets
from schools.sheets import Column
from tests.schools.test_sheets import CORPUS

DAY = dt.date(2026, 11, 23)
PAGE = """<!doctype html><html lang="nl"><head><meta charset="utf-8"><title>Dialoogprofiel, Rekenen</title></head>
<body><h1>Onze spiegel</h1><p>Šárka, Yağmur, Loïs en José</p>
<table><tr><th scope="col">Graad</th></tr><tr><td>3,5</td></tr></table>%s</body></html>"""


@pytest.fixture(autouse=True)
def _whole() -> Iterator[None]:
    """What one test finds lacking is there again in the next."""
    yield
    press._lacking.clear()


def table(*rows: tuple[sheets.Cell, ...], width: int = 1, title: str = "Blad") -> sheets.Sheet:
    return sheets.sheet(title=title, columns=[Column(f"Kop {n}", 20) for n in range(width)], rows=rows)


def opened(body: bytes) -> Any:
    return load_workbook(BytesIO(body)).worksheets[0]


def test_a_workbook_holds_what_the_table_does() -> None:
    page = opened(press.as_xlsx(table(("Bram", 3, Decimal("2.5"), DAY, None), width=5), language="nl"))
    assert page.title == "Blad"
    assert [cell.value for cell in page[1]] == [f"Kop {number}" for number in range(5)]
    assert [cell.value for cell in page[2]] == ["Bram", 3, 2.5, dt.datetime(2026, 11, 23), None]
    assert [cell.data_type for cell in page[2]] == ["s", "n", "n", "d", "n"]
    assert page["C2"].number_format == "0.0"
    assert page["D2"].is_date
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == "A1:E2"
    assert page.column_dimensions["A"].width == 20
    assert page["A1"].font.bold


def test_no_text_is_a_formula_in_a_workbook() -> None:
    texts = [text for text in CORPUS if text]
    written = table(*((text,) for text in texts))
    page = opened(press.as_xlsx(written, language="nl"))
    for row, (told,) in enumerate(written.rows, start=2):
        cell = page.cell(row, 1)
        assert (cell.data_type, cell.value) == ("s", told)
        assert bool(cell.quotePrefix) == sheets.starts_a_formula(str(told))


def test_a_head_is_a_text_too() -> None:
    head = sheets.sheet(title="=A1[x]:*?/\\" * 9, columns=[Column("=1+1")], rows=[])
    page = opened(press.as_xlsx(head, language="nl"))
    assert (page["A1"].data_type, page["A1"].value) == ("s", "=1+1")
    assert len(page.title) <= 31


def test_a_workbook_tells_neither_who_made_it_nor_when() -> None:
    first = press.as_xlsx(table(("a",)), language="nl")
    assert press.as_xlsx(table(("a",)), language="nl") == first
    with ZipFile(BytesIO(first)) as archive:
        assert {entry.date_time[0] for entry in archive.infolist()} == {1980}
        core = archive.read("docProps/core.xml").decode()
    assert "creator" not in core
    assert set(re.findall(r"W3CDTF\">([^<]*)<", core)) == {"1980-01-01T00:00:00Z"}
    assert "<dc:language>nl</dc:language>" in core


@pytest.mark.pdf
def test_a_pdf_is_tagged_knows_its_language_and_title_and_writes_every_name() -> None:
    made = pypdf.PdfReader(BytesIO(press.as_pdf(PAGE % "", look="h1 { color: #1B5FAE }")))
    root: Any = made.trailer["/Root"]
    assert root["/Lang"] == "nl"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert made.metadata is not None
    assert made.metadata.title == "Dialoogprofiel, Rekenen"
    assert made.metadata.author is None
    assert made.metadata.creation_date is None
    assert b"pdfuaid" in root["/Metadata"].get_data()
    tags = _tags(root["/StructTreeRoot"])
    assert {"/H1", "/P", "/Table", "/TH", "/TD"} <= tags
    assert "Šárka, Yağmur, Loïs en José" in made.pages[0].extract_text()


@pytest.mark.pdf
def test_nothing_is_fetched(tmp_path: Path) -> None:
    """Not a picture, not a sheet, not even a file of this machine."""
    near = tmp_path / "geheim.css"
    near.write_text("p::before { content: 'GEHEIM' }")
    asks = [
        f'<link rel="stylesheet" href="{near.as_uri()}">',
        f'<style>@import url("{near.as_uri()}");</style>',
        f'<img alt="x" src="{near.as_uri()}">',
        '<img alt="x" src="http://127.0.0.1:9/x.png">',
        f'<a rel="attachment" href="{near.as_uri()}">x</a>',
    ]
    body = press.as_pdf(PAGE % "".join(asks), look=f'@import url("{near.as_uri()}");')
    made = pypdf.PdfReader(BytesIO(body))
    assert "GEHEIM" not in made.pages[0].extract_text()
    assert not made.attachments


@pytest.mark.pdf
def test_scripts_are_words() -> None:
    body = press.as_pdf(PAGE % "&lt;script&gt;alert(1)&lt;/script&gt;<script>alert(2)</script>", look="")
    assert b"/JavaScript" not in body
    assert "<script>alert(1)</script>" in pypdf.PdfReader(BytesIO(body)).pages[0].extract_text()


def test_no_web_process_loads_what_makes_them() -> None:
    """Their 65 MB come and go with the process that makes a file."""
    pages = (
        "import samenspraak.wsgi, sys; from django.urls import get_resolver; print(len(get_resolver().url_patterns))"
    )
    known = f"{pages}; print(*({{'openpyxl', 'weasyprint', 'fontTools', 'PIL'}} & set(sys.modules)))"
    paths = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    found = subprocess.run([sys.executable, "-c", known], capture_output=True, text=True, check=True, env=paths)
    pages_known, loaded = found.stdout.split("\n")[:2]
    assert int(pages_known) > 3
    assert loaded == ""


def test_the_process_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    def seen(command: list[Any], **how: Any) -> subprocess.CompletedProcess[bytes]:
        given.update(how, command=command)
        return subprocess.CompletedProcess(command, 0, b"%PDF-", b"")

    monkeypatch.setenv("SECRET_KEY", "geheim")
    monkeypatch.setenv("DATABASE_URL", "postgresql://geheim@host/name")
    monkeypatch.setattr(subprocess, "run", seen)
    press.as_pdf(PAGE % "", look="")
    assert "geheim" not in str(given["env"])
    assert given["timeout"] == press.LONGEST
    assert "-I" in given["command"]


def test_without_the_library_it_says_to_print(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(press.NEEDS, "pdf", "no_such_library")
    assert not press.has("pdf")
    with pytest.raises(press.NotHere):
        press.as_pdf(PAGE % "", look="")


def _program(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> None:
    """Another program takes the place of the one that prints."""
    (folder / "pdf.py").write_text(text)
    monkeypatch.setattr(press, "__file__", str(folder / "__init__.py"))


def test_without_pango_it_says_so_once_and_offers_it_no_more(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _program(monkeypatch, tmp_path, "import sys; sys.exit(3)")
    assert press.has("pdf")
    with pytest.raises(press.NotHere):
        press.as_pdf(PAGE % "", look="")
    assert not press.has("pdf")


@pytest.mark.parametrize(
    "words", ["Wat Carla schreef", "Wat\\nCarla schreef", "Wat\\nCarla: schreef", "\\nCarlaError x"]
)
def test_what_breaks_off_is_refused_and_quotes_nobody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, caplog: pytest.LogCaptureFixture, words: str
) -> None:
    _program(monkeypatch, tmp_path, f"raise ValueError('{words}')")
    with pytest.raises(press.Failed):
        press.as_pdf(PAGE % "", look="")
    assert "ValueError" in caplog.text
    assert "Carla" not in caplog.text


def test_what_takes_too_long_is_ended(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    _program(monkeypatch, tmp_path, "import time; time.sleep(60)")
    monkeypatch.setattr(press, "LONGEST", 0.3)
    begun = time.monotonic()
    with pytest.raises(press.Failed):
        press.as_pdf(PAGE % "", look="")
    assert time.monotonic() - begun < 10


def test_one_at_a_time(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Who waits too long hears so; afterwards the press is free again."""
    _program(monkeypatch, tmp_path, "print('%PDF-')")
    monkeypatch.setattr(press, "PATIENCE", 0.2)
    with press._free, pytest.raises(press.Busy):
        press.as_pdf(PAGE % "", look="")
    assert press.as_pdf(PAGE % "", look="") == b"%PDF-\n"


@pytest.mark.parametrize("printed", ["", "A library says hello. %PDF-"])
def test_what_is_no_such_file_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, printed: str) -> None:
    _program(monkeypatch, tmp_path, f"print({printed!r}, end='')")
    with pytest.raises(press.Failed):
        press.as_pdf(PAGE % "", look="")


def test_what_is_written_on_the_way_stays_nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Not even when the program is killed: openpyxl keeps its rows in files until it is done."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "place").mkdir()
    told = tmp_path / "place" / "told"
    lines = (
        "import pathlib, tempfile, time",
        "kept = tempfile.NamedTemporaryFile(delete=False)",
        "pathlib.Path('here').write_text('Wat Carla schreef')",
        f"pathlib.Path({str(told)!r}).write_text(kept.name)",
        "time.sleep(60)",
    )
    _program(monkeypatch, tmp_path / "place", "\n".join(lines))
    monkeypatch.setattr(press, "LONGEST", 3)
    with pytest.raises(press.Failed):
        press.as_pdf(PAGE % "", look="")
    assert tmp_path in Path(told.read_text()).parents
    assert [path.name for path in tmp_path.iterdir()] == ["place"]


def test_where_there_is_no_room_left_it_says_to_print(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither for a folder, nor for another process."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(press.Failed):
        press.as_pdf(PAGE % "", look="")
    monkeypatch.undo()
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone"))
    with pytest.raises(press.Failed):
        press.as_pdf(PAGE % "", look="")


def _tags(element: Any) -> set[str]:
    """Every tag of the tree."""
    if not isinstance(element, pypdf.generic.DictionaryObject):
        return set()
    kids = element.get("/K", [])
    below = kids if isinstance(kids, list) else [kids]
    found = {str(element["/S"])} if "/S" in element else set()
    return found.union(*(_tags(kid.get_object()) for kid in below if hasattr(kid, "get_object")))
