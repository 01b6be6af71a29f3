"""Loading an edition of the deck from its catalogue files: one file per language, the same keys in each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import models, transaction

from cards import reading
from cards.models import Aspect, Behaviour, CardLine, Edition, Tip, Utterance
from cards.reading import CATALOGUE, SOURCE_LANGUAGE, Books, CatalogueError

__all__ = ["CATALOGUE", "CatalogueError", "Loaded", "load_edition", "load_own_edition"]

LINES: dict[str, type[CardLine]] = {"behaviours": Behaviour, "utterances": Utterance, "tips": Tip}
_ASPECT_WORDS = ("name", "short_name", "question", "definition", "explanation")
_LINE_WORDS = {"behaviours": ("text",), "utterances": ("text",), "tips": ("text", "agreement")}


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
    return _store(reading.read_standard(folder), is_public=True)


@transaction.atomic
def load_own_edition(*, path: Path) -> Loaded:
    """Bring an edition that is not public up to its file or folder; nobody sees it until a board is given it.

    A second run changes nothing; other words under the same key change the cards of all who have them. Raises
    CatalogueError, and changes nothing, where the file is not a whole edition.
    """
    return _store(reading.read_edition(path), is_public=False)


def _store(books: Books, *, is_public: bool) -> Loaded:
    source = books[SOURCE_LANGUAGE]
    titles = {name: {code: book["edition"][name] for code, book in books.items()} for name in ("title", "source")}
    key, version = source["edition"]["key"], source["edition"]["version"]
    editions = Edition.objects.select_for_update().filter(key=key)
    fresh = Edition(key=key, version=version, is_public=is_public, **titles)
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
        sentence = f"{key} is in use and no longer there. Keys stay: change its text instead."
        raise CatalogueError([reading.Problem(f"{SOURCE_LANGUAGE}.json", 0, sentence)])
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


def _lines(books: Books, kind: str, aspects: dict[str, Aspect]) -> Iterator[CardLine]:
    for place, aspect in enumerate(books[SOURCE_LANGUAGE]["aspects"]):
        for position, line in enumerate(aspect[kind], start=1):
            sides = {code: book["aspects"][place] for code, book in books.items()}
            yield LINES[kind](
                aspect=aspects[aspect["key"]],  # type: ignore[misc]
                key=line["key"],
                position=position,
                texts=_texts(sides, kind, position - 1, _LINE_WORDS[kind]),
            )


def _texts(books: Books, kind: str, place: int, words: tuple[str, ...]) -> dict[str, Any]:
    return {code: {word: book[kind][place][word] for word in words} for code, book in books.items()}
