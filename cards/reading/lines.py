"""JSON that knows its lines: every value together with the line on which it begins."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()
_DEEPEST = 10


@dataclass(frozen=True)
class Placed:
    """A value and its line, counted from 1; objects and lists hold placed values themselves."""

    value: Any
    line: int

    @property
    def plain(self) -> Any:
        """The value without its lines."""
        if isinstance(self.value, dict):
            return {key: each.plain for key, each in self.value.items()}
        if isinstance(self.value, list):
            return [each.plain for each in self.value]
        return self.value


class NotJsonError(ValueError):
    """Where the text stops being JSON, and why."""

    def __init__(self, line: int, sentence: str) -> None:
        """Take the line, counted from 1, and the sentence."""
        self.line = line
        super().__init__(sentence)


def read(text: str) -> Placed:
    """The one value in the text; raises NotJsonError at the first sign that does not fit."""
    reader = _Reader(text)
    placed = reader.value(depth=0)
    if reader.sign():
        raise reader.wrong("Something stands after the end of the catalogue.")
    return placed


class _Reader:
    """Goes through the text once; ``at`` is how far it is."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.line = 1
        self._counted = 0

    def sign(self) -> str:
        """The next sign that is not blank, or nothing at the end."""
        end = _BLANK.match(self.text, self.at)
        self.at = end.end() if end else self.at
        self.line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self.text[self.at : self.at + 1]

    def wrong(self, sentence: str) -> NotJsonError:
        """The refusal of what stands here."""
        return NotJsonError(self.line, sentence)

    def value(self, *, depth: int) -> Placed:
        """The value that begins here."""
        sign, line = self.sign(), self.line
        if depth > _DEEPEST:
            raise self.wrong("This lies deeper than anything in a catalogue.")
        if sign == "{":
            return Placed(self._object(depth), line)
        return Placed(self._list(depth) if sign == "[" else self._single(), line)

    def _single(self) -> Any:
        try:
            found, self.at = _DECODER.raw_decode(self.text, self.at)
        except json.JSONDecodeError as error:
            if "control character" in error.msg or "Unterminated" in error.msg:
                raise self.wrong("This text has no closing quotation mark on its own line.") from None
            raise self.wrong("Here a text between quotation marks was expected.") from None
        except RecursionError:
            raise self.wrong("This lies deeper than anything in a catalogue.") from None
        return found

    def _object(self, depth: int) -> dict[str, Placed]:
        found: dict[str, Placed] = {}
        while self._goes_on("}", first=not found):
            if self.sign() != '"':
                raise self.wrong("Here a name between quotation marks was expected.")
            name = self._single()
            if name in found:
                raise self.wrong(f"“{name}” stands twice in the same place.")
            if self.sign() != ":":
                raise self.wrong(f"After the name “{name}” a colon was expected.")
            self.at += 1
            found[name] = self.value(depth=depth + 1)
        return found

    def _list(self, depth: int) -> list[Placed]:
        found: list[Placed] = []
        while self._goes_on("]", first=not found):
            found.append(self.value(depth=depth + 1))
        return found

    def _goes_on(self, closing: str, *, first: bool) -> bool:
        """Step over the opening sign or a comma; whether something follows before the closing one."""
        sign = self.sign()
        if not first and sign == closing:
            self.at += 1
            return False
        if not first and sign != ",":
            raise self.wrong(f"Here a comma or {closing} was expected.")
        self.at += 1
        if self.sign() != closing:
            return True
        if not first:
            raise self.wrong(f"After the last comma nothing follows; take the comma before this {closing} away.")
        self.at += 1
        return False
