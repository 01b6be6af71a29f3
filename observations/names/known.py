"""Who is looked for: every way in which the people of a school may be written, ready to be looked up word by word."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from observations.names.words import INFIXES, QUALITIES, SMALL, TITLES, WORDS, folded, is_word, words_in

_SHORT, _EXACT, _TYPO_FROM = 3, 2, 6


class Person(NamedTuple):
    """The names of one person, each as the school wrote it; what is unknown is empty."""

    given: str
    infix: str = ""
    family: str = ""
    nickname: str = ""


class Kind(enum.IntEnum):
    """How much it takes to read a phrase as a name, from little to much."""

    SURE = 0  # in any letters
    CAPITAL = 1  # short: with its capital
    EXACT = 2  # very short: letter by letter
    INITIALS = 3  # "M. de Vries", "Roos W.": the single letter is a capital
    THING = 4  # a noun too
    QUALITY = 5  # says how something is too
    SMALL = 6  # a verb or a small word too
    DOTTED = 7  # "M.d.V."
    CODE = 8  # "MdV"
    LETTER = 9  # "juf S.": one letter, a capital, after what goes with people


class Name(NamedTuple):
    """How a phrase is known: whether people are called by it, and whether without its "van" it may be a place."""

    kind: Kind
    is_called: bool = False
    is_place: bool = False
    spelled: str = ""


class Known(NamedTuple):
    """``phrases``: folded words with a space between, to what they are; ``longest``: words of the longest, per first
    word; ``nearly``: names of six letters or more, also with any one letter but the first left out.
    """

    phrases: dict[str, Name]
    longest: dict[str, int]
    nearly: frozenset[str]


def known(people: Iterable[Person]) -> Known:
    """All phrases for these people; where two people share one, what takes least to read as a name."""
    phrases: dict[str, Name] = {}
    for person in people:
        for phrase, name in _phrases_for(person):
            phrases[phrase] = min(phrases.get(phrase, name), name, key=_takes)
    longest: dict[str, int] = {}
    for phrase in phrases:
        first, *rest = phrase.split(" ")
        longest[first] = max(longest.get(first, 0), 1 + len(rest))
    sure = {name for name, how in phrases.items() if how.kind is Kind.SURE and " " not in name}
    nearly = {variant for name in sure if len(name) >= _TYPO_FROM for variant in (name, *shortened(name))}
    return Known(phrases, longest, frozenset(nearly))


def _takes(name: Name) -> tuple[Kind, bool, bool]:
    return name.kind, not name.is_called, name.is_place


def shortened(word: str) -> list[str]:
    """The word with one letter left out, never the first."""
    return [word[:at] + word[at + 1 :] for at in range(1, len(word))]


def _phrases_for(person: Person) -> Iterator[tuple[str, Name]]:
    called = [name for name in (person.given, person.nickname) if name.strip()]
    families = list(_families(person))
    for name in (*called, *(family.words[0] for family in families)):
        yield from ((word[:1], Name(Kind.LETTER)) for word in _split(name)[:1])
    for name in called:
        words = _split(name)
        yield from _alone(name, words)
        for family in families:
            yield from _with_family(words, family)
    for family in families:
        yield from _family_alone(family)


class _Family(NamedTuple):
    infix: list[str]
    words: list[str]
    spelled: str

    @property
    def written(self) -> set[str]:
        """With its infix, with the infix in letters, and without."""
        letters = [word[0] for word in self.infix]
        ways: tuple[list[str], ...] = (self.infix, letters, ["".join(letters)], [])
        return {" ".join([*way, *self.words]).strip() for way in ways}


def _families(person: Person) -> Iterator[_Family]:
    """The family name, and each part of a double one, without what the school wrote of the infix into it."""
    infix = _split(person.infix)
    whole = [_without_infix(_split(person.family))]
    parts = person.family.split("-") if "-" in person.family else []
    for more, words in [*whole, *(_without_infix(_split(part)) for part in parts)]:
        if words:
            yield _Family([*infix, *more], words, person.family)


def _without_infix(words: list[str]) -> tuple[list[str], list[str]]:
    count = 0
    while count < len(words) - 1 and words[count] in INFIXES:
        count += 1
    return words[:count], words[count:]


def _split(name: str) -> list[str]:
    return [word for word in (folded(match.group()) for match in words_in(name)) if word]


def _kind(words: list[str], spelled: str) -> Kind:
    name = words[-1] if len(words) == 1 else ""
    if is_word(name) or name in TITLES:
        return Kind.SMALL if name in SMALL else Kind.QUALITY if name in QUALITIES else Kind.THING
    if name and (len(name) <= _EXACT or (spelled.isupper() and len(name) <= _SHORT)):
        return Kind.EXACT
    return Kind.CAPITAL if name and len(name) <= _SHORT else Kind.SURE


def _alone(spelled: str, words: list[str]) -> Iterator[tuple[str, Name]]:
    if not words:
        return
    kind = _kind(words, spelled)
    if kind >= Kind.THING and not spelled.isascii() and len(words[0]) <= _EXACT:
        kind = Kind.EXACT
    yield " ".join(words), Name(kind, is_called=True, spelled=spelled)
    if len(words) > 1:
        yield "".join(words), Name(Kind.SURE, is_called=True)
        if "-" not in spelled and len(words[0]) > _EXACT:
            yield words[0], Name(_kind(words[:1], words[0]), is_called=True)


def _family_alone(family: _Family) -> Iterator[tuple[str, Name]]:
    kind = _kind(family.words, family.spelled)
    bare = " ".join(family.words)
    yield bare, Name(kind, is_place="van" in family.infix, spelled=family.spelled)
    for written in family.written - {bare}:
        yield written, Name(Kind.SURE if len(family.infix) > 1 else kind, spelled=family.spelled)


def _with_family(words: list[str], family: _Family) -> Iterator[tuple[str, Name]]:
    if not words:
        return
    name, initials = " ".join(words), [word[0] for word in words]
    for written in family.written:
        yield f"{name} {written}", Name(Kind.SURE)
        for first in {initials[0], " ".join(initials), "".join(initials)}:
            yield f"{first} {written}", Name(Kind.INITIALS)
    between = [word[0] for word in family.infix]
    last = family.words[0][0]
    yield f"{name} {last}", Name(Kind.INITIALS)
    if between:
        yield " ".join([name, *between, last]), Name(Kind.SURE)
    letters = [*initials, *between, last]
    yield " ".join(letters), Name(Kind.DOTTED)
    if "".join(letters) not in WORDS:
        yield "".join(letters), Name(Kind.CODE)
