"""Loading an edition of the deck from its catalogue files: one file per language, the same keys in each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models, transaction

from cards.models import Aspect, Behaviour, CardLine, Edition, Tip, Utterance

CATALOGUE = Path(__file__).resolve().parent / "catalogue"
SOURCE_LANGUAGE = "nl"
COUNTS = {"aspects": 6, "behaviours": 25, "utterances": 52, "tips": 23}
LINES: dict[str, type[CardLine]] = {"behaviours": Behaviour, "utterances": Utterance, "tips": Tip}
_ASPECT_WORDS = ("name", "short_name", "question", "definition", "explanation")
_LINE_WORDS = {"behaviours": ("text",), "utterances": ("text",), "tips": ("text", "agreement")}

_Book = dict[str, Any]


class CatalogueError(Exception):
    """What is wrong in which file, as one sentence for the person who edits it."""


@dataclass(frozen=True)
class Loaded:
    """What loading did, in rows."""

    new: int = 0
    changed: int = 0


@transaction.atomic
def load_edition(*, folder: Path = CATALOGUE) -> Loaded:
    """Bring the public edition up to its catalogue files (A1-A6); a second run changes nothing.

    Rows are found by key and updated in place, so what points at them keeps standing. The number of queries does
    not grow with the lines. Raises CatalogueError, and changes nothing, when a file cannot be read, when its counts
    are not the instrument's, when the languages differ in keys or places, or when a key vanished.
    """
    books = _read(folder)
    source = books[SOURCE_LANGUAGE]
    titles = {name: {code: book["edition"][name] for code, book in books.items()} for name in ("title", "source")}
    key, version = source["edition"]["key"], source["edition"]["version"]
    editions = Edition.objects.select_for_update().filter(key=key)
    fresh = Edition(key=key, version=version, is_public=True, **titles)
    done = [_bring(Edition, editions, [fresh], ("version", "is_public", "title", "source"))]
    edition = editions.get()
    wanted = [
        Aspect(edition=edition, key=key, number=number, texts=_texts(books, "aspects", number - 1, _ASPECT_WORDS))
        for number, key in enumerate((aspect["key"] for aspect in source["aspects"]), start=1)
    ]
    done.append(_bring(Aspect, edition.aspects.all(), wanted, ("number", "texts")))
    aspects = {aspect.key: aspect for aspect in edition.aspects.all()}
    for kind, model in LINES.items():
        rows = model._default_manager.filter(aspect__edition=edition)  # type: ignore[misc]  # noqa: SLF001
        done.append(_bring(model, rows, list(_lines(books, kind, aspects)), ("position", "texts")))
    return Loaded(new=sum(each.new for each in done), changed=sum(each.changed for each in done))


def _bring(model: type[models.Model], rows: models.QuerySet[Any], wanted: list[Any], fields: tuple[str, ...]) -> Loaded:
    """Make ``rows`` equal to ``wanted``, by key: at most one read, one insert and one update."""
    there = {row.key: row for row in rows}
    for key in sorted(there.keys() - {row.key for row in wanted}):
        raise CatalogueError(
            f"{SOURCE_LANGUAGE}.json no longer has {key}, which is in use. Keys stay: change its text instead."
        )
    changed = []
    for row in wanted:
        old = there.get(row.key)
        if old and any(getattr(old, name) != getattr(row, name) for name in fields):
            row.pk = old.pk
            changed.append(row)
    new = [row for row in wanted if row.key not in there]
    model._default_manager.bulk_create(new)  # noqa: SLF001
    if changed:
        model._default_manager.bulk_update(changed, fields)  # noqa: SLF001
    return Loaded(new=len(new), changed=len(changed))


def _lines(books: dict[str, _Book], kind: str, aspects: dict[str, Aspect]) -> Iterator[CardLine]:
    for place, aspect in enumerate(books[SOURCE_LANGUAGE]["aspects"]):
        for position, line in enumerate(aspect[kind], start=1):
            sides = {code: book["aspects"][place] for code, book in books.items()}
            yield LINES[kind](
                aspect=aspects[aspect["key"]],  # type: ignore[misc]
                key=line["key"],
                position=position,
                texts=_texts(sides, kind, position - 1, _LINE_WORDS[kind]),
            )


def _texts(books: dict[str, _Book], kind: str, place: int, words: tuple[str, ...]) -> dict[str, Any]:
    return {code: {word: book[kind][place][word] for word in words} for code, book in books.items()}


# --- Reading and checking ---------------------------------------------------------------


def _read(folder: Path) -> dict[str, _Book]:
    """The catalogue's files by language, each checked, and equal in keys and places."""
    files = {path.stem: path for path in sorted(folder.glob("*.json"))}
    if SOURCE_LANGUAGE not in files:
        raise CatalogueError(f"{SOURCE_LANGUAGE}.json is missing in {folder}.")
    books = {code: _checked(path) for code, path in files.items()}
    source = list(_keys(books[SOURCE_LANGUAGE]))
    for code, book in books.items():
        _compare(f"{code}.json", list(_keys(book)), source)
    _count(f"{SOURCE_LANGUAGE}.json", books[SOURCE_LANGUAGE])
    return books


def _checked(path: Path) -> _Book:
    try:
        book: _Book = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CatalogueError(f"{path.name} cannot be read: {error}.") from error
    try:
        _check(path.name, book)
    except (KeyError, TypeError, AttributeError) as error:
        raise CatalogueError(f"{path.name} is not built like a catalogue: {error}.") from error
    return book


def _check(file: str, book: _Book) -> None:
    """Raise CatalogueError, naming file and key, for an empty word, a repeated key or a wrong number."""
    _check_words(file, "edition", book["edition"], ("key", "version", "title", "source"))
    seen: set[str] = set()
    for _kind, item, words in _items(book):
        key = item.get("key") or f"line {len(seen) + 1}"
        _check_words(file, key, item, ("key", *words))
        if key in seen:
            raise CatalogueError(f"{file} has {key} twice.")
        seen.add(key)
    for place, aspect in enumerate(book["aspects"], start=1):
        if aspect["number"] != place:
            raise CatalogueError(f"{file}: {aspect['key']} has number {aspect['number']}, but it stands at {place}.")


def _count(file: str, book: _Book) -> None:
    for kind, count in COUNTS.items():
        found = sum(each == kind for each, _item, _words in _items(book))
        if found != count:
            raise CatalogueError(f"{file} has {found} {kind}, but the instrument has {count}.")


def _items(book: _Book) -> Iterator[tuple[str, dict[str, Any], tuple[str, ...]]]:
    for aspect in book["aspects"]:
        yield "aspects", aspect, _ASPECT_WORDS
        for kind in LINES:
            for line in aspect[kind]:
                yield kind, line, _LINE_WORDS[kind]


def _check_words(file: str, key: str, item: dict[str, Any], words: tuple[str, ...]) -> None:
    for word in words:
        value = item.get(word)
        texts = value if word == "explanation" and isinstance(value, list) and value else [value]
        if not all(isinstance(text, str) and text.strip() for text in texts):
            raise CatalogueError(f"{file}: {key} has no {word}.")


def _keys(book: _Book) -> Iterator[str]:
    yield f"edition {book['edition']['key']} {book['edition']['version']}"
    for _kind, item, _words in _items(book):
        yield item["key"]


def _compare(file: str, keys: list[str], source: list[str]) -> None:
    for key in source:
        if key not in keys:
            raise CatalogueError(f"{file} has no {key}, which {SOURCE_LANGUAGE}.json has.")
    for key in keys:
        if key not in source:
            raise CatalogueError(f"{file} has {key}, which {SOURCE_LANGUAGE}.json does not have.")
    for key, there in zip(keys, source, strict=True):
        if key != there:
            raise CatalogueError(f"{file} has {key} where {SOURCE_LANGUAGE}.json has {there}.")
