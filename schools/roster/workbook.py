"""The first sheet of an Excel workbook (.xlsx) as rows of texts. Pure.

A reader of our own, because of what it does not do: it opens no part but the four it needs, unpacks none beyond a
limit, takes no document type (so no entities, inner or outer), follows no link, computes nothing and keeps no sheet in
memory.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from xml.parsers import expat  # every document type is refused, so there is nothing to expand

from django.utils.translation import gettext_lazy as _

from schools.roster import limits
from schools.roster.refusing import NotAListError, at_line, too_long

_CHUNK = 65_536
_END = b"PK\x05\x06"
_LONGEST_END = 65_557
_COLUMN = re.compile(r"([A-Z]{1,3})[0-9]{1,7}", re.ASCII)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_WHOLE = re.compile(r"(-?[0-9]+)\.0+")

_NO_WORKBOOK = _("This is not an Excel workbook that we can read. Save it as .xlsx or as “CSV UTF-8”.")
_TOO_LARGE = _("This workbook is too large. Keep only the sheet with the list, without pictures, and save it again.")
_TOO_WIDE = _("there are more than %(most)s columns. Keep only those of the list.")


def rows(data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each row of the first sheet that is shown, with its number; raises NotAListError where it cannot be read."""
    try:
        with _opened(data) as book:
            words = _words(book)
            yield from _cells(book, _first_sheet(book), words)
    except (zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError, NotImplementedError, RuntimeError) as broken:
        raise NotAListError(_NO_WORKBOOK) from broken
    except (KeyError, ValueError, IndexError, OSError) as broken:
        raise NotAListError(_NO_WORKBOOK) from broken


def _opened(data: bytes) -> zipfile.ZipFile:
    """The file's parts, once its catalogue has been found small."""
    end = data.rfind(_END, max(0, len(data) - _LONGEST_END))
    if end < 0 or int.from_bytes(data[end + 12 : end + 16], "little") > limits.MOST_CATALOGUE:
        raise NotAListError(_NO_WORKBOOK)
    return zipfile.ZipFile(io.BytesIO(data))


def _chunks(book: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A part, unpacked little by little, up to the limit."""
    entry = book.getinfo(name)
    if entry.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise NotAListError(_NO_WORKBOOK)
    left = limits.MOST_UNPACKED
    with book.open(entry) as part:
        while chunk := part.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise NotAListError(_TOO_LARGE)
            yield chunk


class _Reader:
    """Reads one part as XML; names come without what stands before their colon."""

    def __init__(self) -> None:
        self.elements = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._begin
        self.parser.EndElementHandler = lambda name: self.end(_plain(name))
        self.parser.CharacterDataHandler = self.say

    def read(self, chunks: Iterator[bytes]) -> None:
        """Read it all."""
        behind = 0
        for chunk in chunks:
            last = chunk.rfind(b">")
            behind = behind + len(chunk) if last < 0 else len(chunk) - last
            if behind > limits.LONGEST_ELEMENT:
                raise NotAListError(_TOO_LARGE)
            self.parser.Parse(chunk, False)  # noqa: FBT003  # expat's own signature: this is not the end
        self.parser.Parse(b"", True)  # noqa: FBT003

    def begin(self, name: str, given: dict[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def say(self, text: str) -> None:
        """Text stands here."""

    def _begin(self, name: str, given: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > limits.MOST_ELEMENTS:
            raise NotAListError(_TOO_LARGE)
        self.begin(_plain(name), given)

    def _refuse(self, *_declared: object) -> None:
        raise NotAListError(_NO_WORKBOOK)


def _plain(name: str) -> str:
    return name.rpartition(":")[2]


class _Names(_Reader):
    """The elements of one name with what is given to each, in their order."""

    def __init__(self, wanted: str) -> None:
        super().__init__()
        self.wanted = wanted
        self.found: list[dict[str, str]] = []

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == self.wanted:
            self.found.append({_plain(key): value for key, value in given.items()})


def _first_sheet(book: zipfile.ZipFile) -> str:
    """The name of the part that holds the first sheet which is not hidden."""
    sheets, targets = _Names("sheet"), _Names("Relationship")
    sheets.read(_chunks(book, "xl/workbook.xml"))
    targets.read(_chunks(book, "xl/_rels/workbook.xml.rels"))
    shown = [sheet["id"] for sheet in sheets.found if sheet.get("state", "visible") == "visible"]
    inside = {told["Id"]: told["Target"] for told in targets.found if told.get("TargetMode") != "External"}
    return posixpath.normpath(posixpath.join("/xl", inside[shown[0]])).lstrip("/")


class _Words(_Reader):
    """The texts that cells point at; what stands above a text to say how it sounds is left out."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.parts: list[str] = []
        self.inside: list[str] = []

    def begin(self, name: str, given: dict[str, str]) -> None:  # noqa: ARG002  # as every reader
        self.inside.append(name)
        if name == "si":
            self.parts = []

    def end(self, name: str) -> None:
        self.inside.pop()
        if name == "si":
            if len(self.found) >= limits.MOST_WORDS:
                raise NotAListError(_TOO_LARGE)
            self.found.append(_said(self.parts))

    def say(self, text: str) -> None:
        if self.inside[-1:] == ["t"] and "rPh" not in self.inside:
            self.parts.append(text[: limits.LONGEST_CELL + 1])


def _words(book: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in book.NameToInfo:
        return []
    words = _Words()
    words.read(_chunks(book, "xl/sharedStrings.xml"))
    return words.found


class _Sheet(_Reader):
    """The rows of one sheet; a cell that holds a formula gives what was last computed."""

    def __init__(self, words: list[str]) -> None:
        super().__init__()
        self.words = words
        self.rows: list[tuple[int, list[str]]] = []
        self.number = 0
        self.cells: list[str] = []
        self.kind, self.parts, self.says = "", [""], ""

    def begin(self, name: str, given: dict[str, str]) -> None:
        if name == "row":
            self.number = max(self.number + 1, int(given.get("r", "0")))
            self.cells = []
            if len(self.rows) > limits.MOST_LINES:  # beside the line that names the columns
                raise at_line(self.number, too_long())
        elif name == "c":
            self._come_to(given.get("r", ""))
            self.kind, self.parts = given.get("t", "n"), []
        self.says = name

    def _come_to(self, named: str) -> None:
        """Leave cells out that the file leaves out."""
        found = _COLUMN.fullmatch(named)
        place = _place(found[1]) if found else len(self.cells)
        if place >= limits.MOST_COLUMNS:
            raise at_line(self.number, _TOO_WIDE % {"most": limits.MOST_COLUMNS})
        self.cells.extend([""] * (place - len(self.cells)))

    def end(self, name: str) -> None:
        self.says = ""
        if name == "c":
            self.cells.append(self._cell())
        elif name == "row" and any(self.cells):
            self.rows.append((self.number, self.cells))

    def _cell(self) -> str:
        said = _said(self.parts)
        if self.kind == "s":
            return self.words[int(said)] if said else ""
        if self.kind == "n":
            return _WHOLE.sub(r"\1", said) if _WHOLE.fullmatch(said) else said
        return said

    def say(self, text: str) -> None:
        if self.says in {"v", "t"}:
            self.parts.append(text[: limits.LONGEST_CELL + 1])


def _place(letters: str) -> int:
    """The place of a column from nought: A, B ... Z, AA."""
    place = 0
    for letter in letters:
        place = place * 26 + ord(letter) - ord("A") + 1
    return place - 1


def _said(parts: list[str]) -> str:
    """A text as people read it: what XML cannot hold is written as _x000D_."""
    return _ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), "".join(parts)[: limits.LONGEST_CELL + 1])


def _cells(book: zipfile.ZipFile, name: str, words: list[str]) -> list[tuple[int, list[str]]]:
    sheet = _Sheet(words)
    sheet.read(_chunks(book, name))
    return sheet.rows
