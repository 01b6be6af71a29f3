"""Files that claim to be staff lists: as spreadsheets write them, and as nobody should."""

from __future__ import annotations

import io
import time
import tracemalloc
import zipfile
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest
from django.utils import translation
from openpyxl import Workbook

from schools import roster
from schools.roster import limits, lines, naming

HEAD = ("voornaam", "tussenvoegsel", "achternaam", "e-mail", "rol", "locatiecode")
PEOPLE = (
    ("Loïs", "van 't", "Hof", "lois@dewilg.example", "leraar", "01AA00"),
    ("Yağmur", "", "Öz", "yagmur@dewilg.example", "", ""),
    ("Björn", "", "Smit", "bjorn@dewilg.example", "coach", ""),
    ("Šárka", "", "Bakker-de Wit", "sarka@dewilg.example", "", ""),
)
SHEETS = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def csv(part: str = ";", encoding: str = "utf-8", *, people: Iterable[Iterable[str]] = PEOPLE) -> bytes:
    return "".join(part.join(row) + "\r\n" for row in (HEAD, *people)).encode(encoding)


def workbook(*rows: Iterable[Any]) -> bytes:
    book, file = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(list(row))  # type: ignore[union-attr]
    book.save(file)
    return file.getvalue()


def packed(sheet: bytes, *, words: bytes = b"", kind: int = zipfile.ZIP_DEFLATED, **parts: bytes) -> bytes:
    """A workbook by hand, with one sheet of this XML."""
    file = io.BytesIO()
    book = f'<workbook xmlns="{SHEETS}" xmlns:r="{RELATIONS}"><sheets><sheet name="1" r:id="r1"/></sheets></workbook>'
    relations = '<Relationships><Relationship Id="r1" Target="worksheets/sheet1.xml"/></Relationships>'
    with zipfile.ZipFile(file, "w", kind) as archive:
        archive.writestr("xl/workbook.xml", parts.get("book", book.encode()))
        archive.writestr("xl/_rels/workbook.xml.rels", parts.get("relations", relations.encode()))
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
        if words:
            archive.writestr("xl/sharedStrings.xml", words)
    return file.getvalue()


def cells(*texts: str) -> str:
    return "<row>" + "".join(f'<c t="inlineStr"><is><t>{text}</t></is></c>' for text in texts) + "</row>"


def sheet(rows: str) -> bytes:
    return f'<worksheet xmlns="{SHEETS}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def names(read: roster.Read) -> list[tuple[str, str, str]]:
    return [(line.given_name, line.infix, line.family_name) for line in read.lines]


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with translation.override("en"):
        yield


WRITTEN = [tuple(person[:3]) for person in PEOPLE]


@pytest.mark.parametrize(
    "data",
    [
        csv(),
        csv(encoding="utf-8-sig"),
        csv(",", encoding="utf-8-sig"),
        csv("\t", encoding="utf-16"),
        csv("\t", encoding="utf-16-le").join([b"\xff\xfe", b""]),
        csv("\t", encoding="utf-16-be").join([b"\xfe\xff", b""]),
        b"sep=,\r\n" + csv(","),
        csv().replace(b"\r\n", b"\r"),
        csv().replace(b"\r\n", b"\n"),
        workbook(HEAD, *PEOPLE),
    ],
    ids=["utf-8", "bom", "comma", "utf-16", "utf-16-le", "utf-16-be", "sep", "cr", "lf", "xlsx"],
)
def test_each_way_that_a_spreadsheet_writes_it(data: bytes) -> None:
    read = roster.read(data)
    assert names(read) == WRITTEN
    assert read.lines[0].email == "lois@dewilg.example"


def test_windows_1252_has_all_letters_that_it_can_have() -> None:
    people = [person for person in PEOPLE if person[0] != "Yağmur"]
    assert names(roster.read(csv(encoding="cp1252", people=people))) == [tuple(one[:3]) for one in people]


def test_lines_have_the_numbers_that_the_spreadsheet_shows() -> None:
    said = 'voornaam;achternaam\r\n\r\nLoïs;Hof\r\n;;\r\nKim;"de\r\nWit"\r\nSam;Bos\r\n'
    assert [(line.number, line.family_name) for line in roster.read(said.encode()).lines] == [
        (3, "Hof"),
        (5, "de Wit"),
        (7, "Bos"),
    ]
    assert [line.number for line in roster.read(b"sep=;\r\nvoornaam;x\r\nLoes;\r\n").lines] == [3]
    book = packed(sheet(f'{cells("voornaam")}<row r="9"><c r="A9" t="str"><v>Loïs</v></c></row>{cells("Kim")}'))
    assert [line.number for line in roster.read(book).lines] == [9, 10]


def test_cells_of_a_workbook_are_what_people_read() -> None:
    words = (
        f'<sst xmlns="{SHEETS}"><si><r><t>Lo</t></r><r><t>ïs</t></r><rPh><t>x</t></rPh></si><si><t>voornaam</t></si>'
    )
    head = (
        '<row r="1"><c r="B1" t="s"><v>1</v></c><c r="D1" t="str"><v>rol</v></c><c r="E1" t="str"><v>vestiging</v></c>'
    )
    row = '<row r="2"><c r="B2" t="s"><v>0</v></c><c r="D2" t="str"><f>1+1</f><v>coach_x000D_</v></c>'
    row += '<c r="E2"><v>123456.0</v></c>'
    read = roster.read(packed(sheet(f"{head}</row>{row}</row>"), words=f"{words}</sst>".encode()))
    assert read.lines == (roster.Line(2, given_name="Loïs", roles="coach", place="123456"),)


def test_what_no_text_can_hold_shows_as_lost() -> None:
    book = packed(sheet(cells("voornaam", "iets _x0000_") + cells("Lo_x0000_s") + cells("Lo_xD800_s")))
    for data in (book, "voornaam\tiets \0\nLo\0s\nLo\0s\n".encode("utf-16")):
        read = roster.read(data)
        assert [line.given_name for line in read.lines] == ["Lo\ufffds"] * 2
        assert read.unread == ("iets",)
        assert "Letters of this name were lost" in lines.said_by(read.lines[0]).wrong[0]


def test_the_first_sheet_that_is_shown_counts() -> None:
    book, file = Workbook(), io.BytesIO()
    book.active.append(["iets", "anders"])  # type: ignore[union-attr]
    book.active.sheet_state = "hidden"  # type: ignore[union-attr]
    shown = book.create_sheet("Lijst")
    for row in (HEAD, *PEOPLE):
        shown.append(row)
    book.save(file)
    assert names(roster.read(file.getvalue())) == WRITTEN


def test_columns_go_by_many_names_and_what_is_not_asked_is_not_kept() -> None:
    data = "BSN;Roepnaam;Voorvoegsels;SURNAME;E-mail adres;Functie;BRIN\r\n"
    data += "123456782;Loïs;van 't;Hof;l@x.example;coach;01AA\r\n"
    read = roster.read(data.encode())
    assert read.unread == ("BSN",)
    assert read.lines == (roster.Line(2, "Loïs", "van 't", "Hof", "l@x.example", "coach", "01AA"),)
    assert "123456782" not in repr(read)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "nothing in this file"),
        (b"\r\n;;\r\n", "nothing in this file"),
        (b"voornaam;achternaam\r\n", "Nobody stands"),
        (b"voornaam;locatiecode\r\n;01AA00\r\n", "Nobody stands"),
        (b"naam;adres\r\nx;y\r\n", "Line 1: the first line has to name the columns"),
        (b"\r\nvoornaam;Roepnaam\r\n", "Line 2: two columns hold the same: “Roepnaam”"),
        (b"voornaam;achternaam\r\nKim;de;Wit\r\n", "Line 2: there is more on this line"),
        (b'voornaam\r\nKim\r\n"Sam\r\nBo\r\n', "Line 3: this line cannot be read"),
        (b"voornaam\r\nKim\r\nS\x00m\r\n", "Line 3: this is not text"),
        (b"voornaam\r\nKim\r\nS\x81m\r\n", "Line 3: a letter cannot be read"),
        (b"\xef\xbb\xbfvoornaam\r\nLo\xefs\r\n", "Line 2: a letter cannot be read"),
        ("voornaam\r\nKim\r\n".encode("utf-16")[:-1], "breaks off"),
        (b"voornaam\r\n" + b"x" * 301, "Line 2: a cell holds more than 300 characters"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel file, or one with a password"),
        (b"PK\x03\x04" + bytes(26) + b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "OpenDocument"),
        (b"PK\x03\x04" + bytes(600), "not an Excel workbook"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "Line 1: the first line has to name"),
        (bytes(range(256)) * 40, "Line 1: this is not text"),
    ],
)
def test_what_is_no_list_is_refused_with_a_sentence(data: bytes, sentence: str) -> None:
    with pytest.raises(roster.NotAListError, match=sentence):
        roster.read(data)


def _zip(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def _symlink() -> bytes:
    file, link = io.BytesIO(), zipfile.ZipInfo("xl/workbook.xml")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    return file.getvalue()


def _many_parts() -> bytes:
    return _zip(**{f"p{number}": b"" for number in range(20_000)})


def _entities(doctype: bytes) -> bytes:
    return packed(
        b'<?xml version="1.0"?>' + doctype + sheet(cells("voornaam") + cells("&amp;x;")).replace(b"&amp;", b"&")
    )


LAUGHS = b"<!DOCTYPE l [<!ENTITY a 'ha'>" + b"".join(
    b"<!ENTITY %c '%b'>" % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9)
) + b"<!ENTITY x '&j;'>]>"  # fmt: skip
OUTSIDE = b"<!DOCTYPE l [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>"
ROWS = cells("voornaam").encode()


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a million lines": (lambda: b"voornaam\r\n" + b"K\r\n" * 660_000, "Line 5002: the list goes on"),
    "a million empty lines": (lambda: b"voornaam\r\n" + b";\r\n" * 660_000, "the list goes on"),
    "ten thousand columns": (lambda: b";".join([b"voornaam"] * 10_000), "Line 1: there are more than 60 columns"),
    "two million columns": (lambda: b"voornaam\r\n" + b";" * 1_990_000, "Nobody stands"),
    "an endless line": (lambda: b"voornaam" * 240_000, "Line 1: "),
    "an endless cell": (lambda: b"voornaam\r\n" + b"x" * 1_990_000, "Line 2: "),
    "an endless quoted cell": (lambda: b'voornaam\r\n"' + b"x\n" * 990_000, "Line 2: "),
    "nothing but quotes": (lambda: b'"' * 1_990_000, "Line 1: "),
    "a zip bomb": (lambda: packed(sheet("") + b" " * 100_000_000), "too large"),
    "a bomb of elements": (lambda: packed(sheet("<row>" + "<c/>" * 2_400_000)), "too large|60 columns"),
    "a bomb of rows": (lambda: packed(sheet("<row/>" * 1_900_000)), "too large"),
    "a bomb of texts": (lambda: packed(sheet(""), words=b"<sst>" + b"<si/>" * 2_300_000), "too large"),
    "a bomb of attributes": (
        lambda: packed(b"<w " + b"".join(b'a%d="" ' % n for n in range(900_000)) + b"/>"),
        "too large",
    ),
    "a bomb in the list of parts": (lambda: packed(b"", book=b" " * 100_000_000), "too large|not an Excel"),
    "a list of many parts": (_many_parts, "not an Excel workbook"),
    "laughs by the billion": (lambda: _entities(LAUGHS), "not an Excel workbook"),
    "an entity from outside": (lambda: _entities(OUTSIDE), "not an Excel workbook"),
    "a zip in a zip": (lambda: _zip(**{"xl/workbook.xml": _zip(a=b"x" * 9_000)}), "not an Excel workbook"),
    "a link": (_symlink, "not an Excel workbook"),
    "a sheet elsewhere": (
        lambda: packed(
            b"",
            relations=b'<r><Relationship Id="r1" TargetMode="External" Target="https://elders.example/x"/></r>',
        ),
        "not an Excel workbook",
    ),
    "a sheet above": (
        lambda: packed(b"", relations=b'<r><Relationship Id="r1" Target="../../../../etc/passwd"/></r>'),
        "not an Excel workbook",
    ),
    "a packing nobody uses": (lambda: packed(sheet(""), kind=zipfile.ZIP_BZIP2), "not an Excel workbook"),
    "a million rows in a workbook": (
        lambda: packed(sheet(cells("voornaam") + cells("K") * 200_000)),
        "Line 5002: the list goes on|too large",
    ),
    "a word that is not there": (lambda: packed(sheet('<row><c t="s"><v>7</v></c></row>')), "not an Excel workbook"),
    "a row that counts too far": (lambda: packed(sheet(f'<row r="{"9" * 5000}">')), "not an Excel workbook"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_files_cost_little_and_get_a_sentence(kind: str) -> None:
    """At most 2 s and 64 MB, the file itself included."""
    make, sentence = HOSTILE[kind]
    data = make()
    began = time.process_time()
    with pytest.raises(roster.NotAListError, match=sentence):
        roster.read(data)
    assert time.process_time() - began < 2
    if kind == "a bomb of rows":
        return  # as the bomb of texts, and slow to measure
    tracemalloc.start()
    try:
        with pytest.raises(roster.NotAListError):
            roster.read(data)
        assert tracemalloc.get_traced_memory()[1] + len(data) < 64_000_000
    finally:
        tracemalloc.stop()


def test_the_largest_list_that_is_taken_costs_little_too() -> None:
    """As many lines as may be, twice the largest board, in both kinds of file."""
    people = [
        (f"Voornaam{n}", "van de", f"Achternaam{n}", f"v{n}@dewilg.example", "leraar", "01AA00") for n in range(5000)
    ]
    for data in (csv(people=people), workbook(HEAD, *people)):
        assert len(data) < 2_000_000
        began = time.process_time()
        assert len(roster.read(data).lines) == limits.MOST_LINES
        assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("parts", "kept"),
    [
        (("Loïs", "van 't", "Hof"), ("Loïs", "van 't", "Hof")),
        (("Lo\u0069\u0308s", "", "Hof"), ("Loïs", "", "Hof")),
        (("  Anne   Marie ", "", "van der Meer"), ("Anne Marie", "van der", "Meer")),
        (("Bram", "", "Meer, van der"), ("Bram", "van der", "Meer")),
        (("Els", "", "de Wit-van den Berg"), ("Els", "de", "Wit-van den Berg")),
        (("Els", "", "Wit-van den Berg"), ("Els", "", "Wit-van den Berg")),
        (("Kim", "", "'t Hart"), ("Kim", "'t", "Hart")),
        (("Kim", "", "De Boer"), ("Kim", "", "De Boer")),
        (("Ilse", "van de", "Ven"), ("Ilse", "van de", "Ven")),
        (("Sam\u200b", "", "B\u00a0os"), ("Sam", "", "B os")),
        (("Sam", "", "van"), ("Sam", "", "van")),
    ],
)
def test_a_name_falls_into_its_parts(parts: tuple[str, str, str], kept: tuple[str, str, str]) -> None:
    name = naming.name_of(*parts)
    assert (name.given, name.infix, name.family) == kept
    assert naming.trouble(name) == ""


@pytest.mark.parametrize(
    ("parts", "sentence"),
    [
        (("", "", "Hof"), "first name is missing"),
        (("x" * 61, "", "Hof"), "too long"),
        (("Kim", "x" * 21, "Hof"), "too long"),
        (("lois@dewilg.example", "", "Hof"), "There is an address"),
        (("Lo?s", "", "Hof"), "Letters of this name were lost"),
        (("LoÃ¯s", "", "Hof"), "Letters of this name were lost"),
        (("=cmd|'/c calc'!A1", "", ""), "cannot have “=”"),
        (("-Kim", "", ""), "cannot have “-”"),
        (("Kim", "", "<b>Hof</b>"), "cannot have “<”"),
        (("Kim\x07", "", ""), "invisible character"),
        (("Kim 😀", "", ""), "cannot have “😀”"),
    ],
)
def test_what_cannot_be_a_name_is_refused(parts: tuple[str, str, str], sentence: str) -> None:
    assert sentence in naming.trouble(naming.name_of(*parts))


def test_roles_go_by_the_words_that_schools_use() -> None:
    said = {
        "": ["teacher"],
        "Leerkracht": ["teacher"],
        "leraar, coach": ["teacher", "coach"],
        "Directeur en beheerder": ["leader", "admin"],
        "coach/coach & leraar": ["coach", "teacher"],
        "School Leader": ["leader"],
    }
    for words, roles in said.items():
        assert [str(role) for role in lines.said_by(roster.Line(2, "Kim", roles=words)).roles] == roles
    assert "We know no role “conciërge”" in lines.said_by(roster.Line(2, "Kim", roles="leraar, conciërge")).wrong[0]
