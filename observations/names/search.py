"""Finding: one walk over the words of a text, each looked up; what it takes depends on how the name is known."""

from __future__ import annotations

import enum
import re
from typing import NamedTuple

from observations.names import words as lists
from observations.names.known import Kind, Known, Name, shortened

_ENDS = re.compile(r"[!?…:;\n\r•“”\"«»(\[{]|\s[-–—*]\s|(?<=\s)[‘']")
_JOINT = re.compile(r"[ \t\u00a0]?[\-‐‑.'’/]{0,2}[ \t\u00a0]?|\s{1,3}")
_FORMAL = frozenset({"meneer", "mevrouw", "mevr", "mw", "dhr", "heer"})
_GENITIVE_FROM, _TYPO_FROM, _TYPO_UNTIL = 4, 5, 40


class Why(enum.StrEnum):
    """Why it is asked about."""

    NAME = "name"
    WORD = "word"  # a name here, and a word too
    ALMOST = "almost"  # one letter from a name here


class Flag(NamedTuple):
    """Words that may name somebody, where they stand in the text, as they are written."""

    start: int
    end: int
    text: str
    why: Why


def find(text: str, known: Known) -> list[Flag]:
    """What may name somebody, in its order, without overlap: the longest reading that holds. Linear in the text."""
    walk = _Walk(text, known)
    flags, at = [], 0
    while at < len(walk.plain):
        count, why = walk.read(at)
        if why:
            start, end = walk.words[at].start(), walk.words[at + count - 1].end()
            flags.append(Flag(start, end, text[start:end], why))
        at += count
    return flags


class _Walk:
    """A text with its words, and the people it is read with."""

    def __init__(self, text: str, known: Known) -> None:
        self.text = text
        self.known = known
        self.words = lists.words_in(text)
        self.plain = [lists.folded(word.group()) for word in self.words]

    def read(self, at: int) -> tuple[int, Why | None]:
        """How many words stand here as a name, and why; one word without a reason where there is none."""
        for count in range(self._longest(at), 0, -1):
            name, is_genitive = self._lookup(at, count)
            if name and self._holds(at, count, name, is_genitive=is_genitive):
                return count, Why.WORD if Kind.THING <= name.kind <= Kind.SMALL else Why.NAME
        return 1, Why.ALMOST if self._is_almost(at) else None

    def _longest(self, at: int) -> int:
        first = self.plain[at]
        longest = max(self.known.longest.get(word, 0) for word in (first, first.removesuffix("s")))
        count = min(longest, len(self.plain) - at, 1)
        while count < min(longest, len(self.plain) - at) and _JOINT.fullmatch(self._gap(at + count)):
            count += 1
        return count

    def _lookup(self, at: int, count: int) -> tuple[Name | None, bool]:
        phrase, last = " ".join(self.plain[at : at + count]), self.plain[at + count - 1]
        name = self.known.phrases.get(phrase)
        if name or not last.endswith("s") or len(last) < _GENITIVE_FROM or last in lists.WORDS:
            return name, False
        return self.known.phrases.get(phrase[:-1]), True

    def _holds(self, at: int, count: int, name: Name, *, is_genitive: bool) -> bool:
        if name.is_place and at and self.plain[at - 1] in lists.PLACES | {"den"}:
            return False
        match name.kind:
            case Kind.SURE:
                holds = True
            case Kind.CAPITAL:
                holds = self._has_capital(at) or not self.words[at].group().isascii()
            case Kind.EXACT:
                word = self.words[at].group()
                holds = name.spelled in (word, word.removesuffix("s"))
            case Kind.INITIALS:
                holds = self._has_capital_letter(at, count)
            case Kind.DOTTED:
                holds = self._is_dotted(at, count)
            case Kind.CODE:
                holds = self._is_code(at)
            case Kind.LETTER:
                holds = self._word(at - 1) in lists.TITLES and self._is_single_capital(at)
            case _:
                holds = self._is_no_word(at, count, name, is_genitive=is_genitive)
        return holds

    def _gap(self, at: int) -> str:
        """What stands between this word and the one before."""
        return self.text[self.words[at - 1].end() if at else 0 : self.words[at].start()]

    def _word(self, at: int) -> str:
        return self.plain[at] if 0 <= at < len(self.plain) else ""

    def _is_shout(self, at: int) -> bool:
        word = self.words[at].group() if 0 <= at < len(self.words) else ""
        return len(word) > 1 and word.isupper()

    def _has_capital(self, at: int) -> bool:
        """Whether its capital says something: not where all words around are in capitals."""
        shouted = self._is_shout(at) and (self._is_shout(at - 1) or self._is_shout(at + 1))
        return self.words[at].group()[0].isupper() and not shouted

    def _begins(self, at: int) -> bool:
        """Whether a sentence, a line or a quotation begins with this word."""
        gap = self._gap(at)
        if at == 0 or _ENDS.search(gap):
            return True
        before = self.plain[at - 1]
        return "." in gap and len(before) > 1 and before not in lists.SHORTENED

    def _has_capital_letter(self, at: int, count: int) -> bool:
        first, last = self.words[at].group(), self.words[at + count - 1].group()
        letter, rest = (last, first) if len(last) == 1 else (first, last)
        is_whole = rest[0].isupper() or not lists.is_word(lists.folded(rest))
        return letter.isupper() and is_whole and not self._gap(at).endswith(("'", "’"))

    def _is_single_capital(self, at: int) -> bool:
        """Whether it is "S." or "S", and not the letter of a word such as "A-team"."""
        word, end = self.words[at].group(), self.words[at].end()
        return len(word) == 1 and word.isupper() and self.text[end : end + 1] not in {"-", "'", "’"}

    def _is_dotted(self, at: int, count: int) -> bool:
        letters = [word.group() for word in self.words[at : at + count]]
        if "".join(letters).lower() in lists.NO_INITIALS:
            return False
        end = self.words[at + count - 1].end()
        dots = all("." in self._gap(at + step) for step in range(1, count)) and self.text[end : end + 1] == "."
        return dots and letters[0].isupper() and letters[-1].isupper()

    def _is_code(self, at: int) -> bool:
        """Whether it is "MdV", or "JB" where a person is spoken of."""
        word, plain = self.words[at].group(), self.plain[at]
        if plain in lists.NO_INITIALS or not (word[0].isupper() and word[-1].isupper()):
            return False
        return not word.isupper() or self._word(at - 1) in lists.TITLES | lists.CUES or self._word(at + 1) in lists.DOES

    def _is_no_word(self, at: int, count: int, name: Name, *, is_genitive: bool) -> bool:
        """Whether a name that is a word too is meant as a name here (the rules of ``lists``)."""
        last = at + count - 1
        if count == 1 and self._touches_a_dash(at):
            return False
        if self._word(at - 1) in self._titles_for(name, count) and not _ENDS.search(self._gap(at)):
            return True
        if not self._has_capital(last):
            return False
        return count > 1 or not self._begins(at) or self._may_begin(at, name, is_genitive=is_genitive)

    def _touches_a_dash(self, at: int) -> bool:
        """Whether it is part of a longer word, as in "winter- en zomertoets"; with its infix a name stays a name."""
        after = self.words[at].end()
        return self.text[after : after + 1] == "-" or self._gap(at).endswith("-")

    def _titles_for(self, name: Name, count: int) -> frozenset[str]:
        if name.kind is Kind.THING:
            return lists.TITLES | (lists.CUES if count == 1 else frozenset())
        return _FORMAL if name.kind is Kind.QUALITY or count > 1 else frozenset()

    def _may_begin(self, at: int, name: Name, *, is_genitive: bool) -> bool:
        """Whether a sentence begins with a name: what follows is what people do."""
        following, after = self._word(at + 1), self._word(at + 2)
        is_owner = is_genitive or self.text[(end := self.words[at].end()) : end + 1] in {"'", "’"}
        if self._is_beside_a_name(at) or (is_owner and name.is_called):
            return True
        if name.kind is Kind.THING:
            return (following in lists.DOES and after != "te") or (name.is_called and self._is_spoken_to(at))
        if name.kind is Kind.QUALITY:
            return following in lists.SPEAKS and after in lists.CLAUSES
        return following in lists.SPEAKS and after != "te"

    def _is_spoken_to(self, at: int) -> bool:
        end = self.words[at].end()
        return self._word(at + 1) in lists.IS or self.text[end : end + 1] in {",", ":"}

    def _is_beside_a_name(self, at: int) -> bool:
        """Whether the next one in a row is a name with a capital: "Roos, Mark and the others", "Bas en Sanne"."""
        following = at + 1
        if self._word(following) in lists.AND:
            following += 1
        elif following >= len(self.words) or self._gap(following).strip() not in {",", "/", "&", "+"}:
            return False
        beside = self.known.phrases.get(self._word(following))
        return bool(beside and beside.kind is not Kind.LETTER and self._has_capital(following))

    def _is_almost(self, at: int) -> bool:
        """Whether one letter is missing, too many, another one or in another place (never the first)."""
        plain = self.plain[at]
        if not _TYPO_FROM <= len(plain) <= _TYPO_UNTIL or plain in lists.WORDS or plain in self.known.phrases:
            return False
        if not self._has_capital(at):
            return False
        if self._begins(at) and self._word(at + 1) not in lists.DOES:
            return False
        return any(variant in self.known.nearly for variant in (plain, *shortened(plain)))
