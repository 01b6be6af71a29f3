"""How a catalogue is built: which words stand where, how long they may be, and how many lines the instrument has."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from cards.reading.lines import Placed
from cards.reading.problems import Problem

COUNTS = {"aspects": 6, "behaviours": 25, "utterances": 52, "tips": 23}
KINDS = ("behaviours", "utterances", "tips")
# The longest text of each word, in characters: what a card, a phone and a form have room for.
EDITION_WORDS = {"key": 40, "version": 20, "title": 120, "source": 800}
ASPECT_WORDS = {"key": 40, "name": 80, "short_name": 30, "question": 160, "definition": 300}
LINE_WORDS = {
    "behaviours": {"key": 60, "text": 300},
    "utterances": {"key": 60, "text": 250},
    "tips": {"key": 60, "text": 600, "agreement": 300},
}
_PARAGRAPH, _PARAGRAPHS = 2000, 12
_KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def problems_in(file: str, book: Placed) -> Iterator[Problem]:
    """What is not built like a catalogue: missing, empty, unknown or too long words, repeated keys, wrong numbers."""
    names = {"edition": dict, "aspects": list}
    yield from _names(file, "The catalogue", book, names)
    found = book.value if isinstance(book.value, dict) else {}
    if "edition" in found:
        yield from _words(file, "The edition", found["edition"], EDITION_WORDS)
    for place, aspect in enumerate(_listed(found.get("aspects")), start=1):
        yield from _aspect(file, aspect, place)
    yield from _repeated(file, book)


def _aspect(file: str, aspect: Placed, place: int) -> Iterator[Problem]:
    name = _called(aspect, f"Aspect {place}")
    lists = dict.fromkeys(("explanation", *KINDS), list)
    yield from _words(file, name, aspect, ASPECT_WORDS, {"number": int, **lists})
    if not isinstance(aspect.value, dict):
        return
    number = aspect.value.get("number")
    if number and isinstance(number.value, int) and number.value != place:
        yield Problem(file, number.line, f"{name} has number {number.value}, but it stands at {place}.")
    yield from _explanation(file, name, aspect.value.get("explanation"))
    for kind in KINDS:
        for at, line in enumerate(_listed(aspect.value.get(kind)), start=1):
            yield from _words(file, _called(line, f"{name}, {kind} {at}"), line, LINE_WORDS[kind])


def _explanation(file: str, name: str, paragraphs: Placed | None) -> Iterator[Problem]:
    if paragraphs is None or not isinstance(paragraphs.value, list):
        return
    if not 1 <= len(paragraphs.value) <= _PARAGRAPHS:
        yield Problem(file, paragraphs.line, f"{name} needs an explanation of 1 to {_PARAGRAPHS} paragraphs.")
    for paragraph in paragraphs.value:
        yield from _text(file, f"A paragraph of {name}", paragraph, _PARAGRAPH)


def _words(
    file: str, name: str, item: Placed, words: Mapping[str, int], others: Mapping[str, type] | None = None
) -> Iterator[Problem]:
    yield from _names(file, name, item, {**dict.fromkeys(words, str), **(others or {})})
    found = item.value if isinstance(item.value, dict) else {}
    for word, longest in words.items():
        if word in found and isinstance(found[word].value, str):
            yield from _text(file, f"The {word} of {name}", found[word], longest)
            if word == "key" and found[word].value.strip() and not _KEY.fullmatch(found[word].value):
                yield Problem(file, found[word].line, f"The key of {name} may have a-z, 0-9 and single hyphens only.")


def _names(file: str, name: str, item: Placed, wanted: Mapping[str, type]) -> Iterator[Problem]:
    if not isinstance(item.value, dict):
        yield Problem(file, item.line, f"{name} is not written as {{ ... }} with names.")
        return
    for word, kind in wanted.items():
        if word not in item.value:
            yield Problem(file, item.line, f"{name} has no {word}.")
        elif not isinstance(item.value[word].value, kind):
            yield Problem(file, item.value[word].line, f"The {word} of {name} is not a {_CALLED[kind]}.")
    for word in item.value.keys() - wanted.keys():
        yield Problem(file, item.value[word].line, f"{name} has “{word}”, which means nothing here.")


_CALLED = {str: "text", list: "list", dict: "part with names", int: "number"}


def _text(file: str, what: str, text: Placed, longest: int) -> Iterator[Problem]:
    if not isinstance(text.value, str) or not text.value.strip():
        yield Problem(file, text.line, f"{what} is empty.")
    elif len(text.value) > longest:
        yield Problem(file, text.line, f"{what} has {len(text.value)} characters; there is room for {longest}.")
    elif not text.value.isprintable():
        yield Problem(file, text.line, f"{what} has a sign that cannot be printed, such as a line break.")


def _repeated(file: str, book: Placed) -> Iterator[Problem]:
    seen: set[str] = set()
    for key in keys_of(book):
        if key.value in seen:
            yield Problem(file, key.line, f"{key.value} stands here for the second time.")
        seen.add(key.value)


def keys_of(book: Placed) -> Iterator[Placed]:
    """The keys of all aspects and lines, in their order."""
    for aspect in aspects_of(book):
        yield from _key(aspect)
        for kind in KINDS:
            for line in lines_of(aspect, kind):
                yield from _key(line)


def aspects_of(book: Placed) -> list[Placed]:
    """The aspects that are built as one."""
    return [each for each in _listed(_in(book, "aspects")) if isinstance(each.value, dict)]


def lines_of(aspect: Placed, kind: str) -> list[Placed]:
    """The lines of this kind on an aspect's card that are built as one."""
    return [each for each in _listed(_in(aspect, kind)) if isinstance(each.value, dict)]


def key_of(item: Placed) -> str:
    """The key, or nothing where there is none."""
    return next((str(key.value) for key in _key(item)), "")


def _key(item: Placed) -> Iterator[Placed]:
    key = _in(item, "key")
    if key is not None and isinstance(key.value, str) and key.value.strip():
        yield key


def _in(item: Placed, word: str) -> Placed | None:
    return item.value.get(word) if isinstance(item.value, dict) else None


def _listed(item: Placed | None) -> list[Placed]:
    return item.value if item is not None and isinstance(item.value, list) else []


def _called(item: Placed, otherwise: str) -> str:
    return key_of(item) or otherwise
