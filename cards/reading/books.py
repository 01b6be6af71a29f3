"""The files of an edition: one per language, the same keys in each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cards.reading import lines, shape
from cards.reading.lines import Placed
from cards.reading.problems import CatalogueError, Problem

CATALOGUE = Path(__file__).resolve().parent.parent / "catalogue"
SOURCE_LANGUAGE = "nl"
LANGUAGES = (SOURCE_LANGUAGE, "en")
STANDARD = "standard"

Books = dict[str, dict[str, Any]]


@dataclass(frozen=True)
class _Sheet:
    """One file, read but not yet checked."""

    file: str
    book: Placed


def read_standard(folder: Path = CATALOGUE) -> Books:
    """The public edition by language: complete, of the instrument's size, equal in keys and places.

    Raises CatalogueError with everything that is wrong.
    """
    sheets = _sheets(folder)
    source = sheets[SOURCE_LANGUAGE]
    wrong = [*_shapes(sheets), *_counts(source)]
    for sheet in sheets.values():
        wrong += _differences(sheet, source, said=source.file)
        wrong += _other_edition(sheet, source)
    return _plain(sheets, wrong)


def read_edition(path: Path) -> Books:
    """An edition of a board's own by language: a Dutch file, or a folder with a file per language.

    It has the standard edition's keys in the same places, so that what groups write down means the same everywhere.
    Raises CatalogueError with everything that is wrong.
    """
    sheets = _sheets(path) if path.is_dir() else {SOURCE_LANGUAGE: _sheet(path)}
    example = _Sheet("the standard edition", _sheet(CATALOGUE / f"{SOURCE_LANGUAGE}.json").book)
    wrong = list(_shapes(sheets))
    for sheet in sheets.values():
        wrong += _own_name(sheet)
        wrong += _differences(sheet, example, said=example.file)
        wrong += _other_edition(sheet, sheets[SOURCE_LANGUAGE])
    return _plain(sheets, wrong)


def _plain(sheets: Mapping[str, _Sheet], wrong: list[Problem]) -> Books:
    if wrong:
        raise CatalogueError(set(wrong))
    return {code: sheet.book.plain for code, sheet in sheets.items()}


def _sheets(folder: Path) -> dict[str, _Sheet]:
    files = {path.stem: path for path in sorted(folder.glob("*.json"))}
    wrong = [
        Problem(path.name, 0, f"A file is called after its language: {' or '.join(LANGUAGES)}, then .json.")
        for code, path in files.items()
        if code not in LANGUAGES
    ]
    if SOURCE_LANGUAGE not in files:
        wrong.append(Problem(f"{SOURCE_LANGUAGE}.json", 0, f"This file is missing in {folder}."))
    if wrong:
        raise CatalogueError(wrong)
    return {code: _sheet(path) for code, path in files.items()}


def _sheet(path: Path) -> _Sheet:
    try:
        return _Sheet(path.name, lines.read(path.read_bytes().decode("utf-8-sig")))
    except OSError as error:
        problem = Problem(path.name, 0, f"This file cannot be read: {error.strerror}.")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = Problem(path.name, line, "This sign is not UTF-8. Save the file as UTF-8.")
    except lines.NotJsonError as error:
        problem = Problem(path.name, error.line, str(error))
    raise CatalogueError([problem])


def _shapes(sheets: Mapping[str, _Sheet]) -> Iterator[Problem]:
    for sheet in sheets.values():
        yield from shape.problems_in(sheet.file, sheet.book)


def _counts(sheet: _Sheet) -> Iterator[Problem]:
    aspects = shape.aspects_of(sheet.book)
    for kind, count in shape.COUNTS.items():
        found = len(aspects) if kind == "aspects" else sum(len(shape.lines_of(one, kind)) for one in aspects)
        if found != count:
            yield Problem(sheet.file, sheet.book.line, f"There are {found} {kind}, but the instrument has {count}.")


def _own_name(sheet: _Sheet) -> Iterator[Problem]:
    key = _edition_word(sheet, "key")
    if key and key.value == STANDARD:
        yield Problem(
            sheet.file, key.line, f"“{STANDARD}” is the edition that everybody reads. Give yours another key."
        )


def _other_edition(sheet: _Sheet, source: _Sheet) -> Iterator[Problem]:
    for word in ("key", "version"):
        here, there = _edition_word(sheet, word), _edition_word(source, word)
        if here and there and here.value != there.value:
            yield Problem(sheet.file, here.line, f"The {word} is {here.value}, but {source.file} has {there.value}.")


def _edition_word(sheet: _Sheet, word: str) -> Placed | None:
    edition = sheet.book.value.get("edition") if isinstance(sheet.book.value, dict) else None
    found = edition.value.get(word) if edition and isinstance(edition.value, dict) else None
    return found if isinstance(found, Placed) else None


def _differences(sheet: _Sheet, example: _Sheet, *, said: str) -> Iterator[Problem]:
    """Where the keys are other ones than the example's, or stand elsewhere."""
    aspects, wanted = shape.aspects_of(sheet.book), shape.aspects_of(example.book)
    yield from _out_of_step(sheet, sheet.book.line, aspects, wanted, said=said)
    known = {shape.key_of(aspect): aspect for aspect in wanted}
    for aspect in aspects:
        like = known.get(shape.key_of(aspect))
        if like is None:
            continue
        for kind in shape.KINDS:
            line = aspect.value[kind].line if kind in aspect.value else aspect.line
            yield from _out_of_step(sheet, line, shape.lines_of(aspect, kind), shape.lines_of(like, kind), said=said)


def _out_of_step(sheet: _Sheet, line: int, here: list[Placed], there: list[Placed], *, said: str) -> Iterator[Problem]:
    """Which keys miss, are too many, or (where all are there) stand in another order."""
    found, wanted = [shape.key_of(one) for one in here], [shape.key_of(one) for one in there]
    for key in wanted:
        if key not in found:
            yield Problem(sheet.file, line, f"{key} is missing; {said} has it.")
    for item, key in zip(here, found, strict=True):
        if key and key not in wanted:
            yield Problem(sheet.file, item.value["key"].line, f"{key} is too many; {said} does not have it.")
    if set(found) == set(wanted):
        for item, key, other in zip(here, found, wanted, strict=False):
            if key != other:
                yield Problem(sheet.file, item.value["key"].line, f"{key} stands where {other} belongs, as in {said}.")
                return
