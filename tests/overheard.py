"""What the log of production would say of all that the tests do: each line is looked through.

A name of the cast, an address, a word that tests plant in what people write, or anything as long and shapeless as a
token is a finding, and fails the test in which it was said.
"""

from __future__ import annotations

import json
import logging
import re

from samenspraak.demo import cast, shapes
from samenspraak.logs import Json

_PEOPLE = (cast.PEOPLE | shapes.EXTRAS).values()
NAMES = sorted({one.family_name.split()[-1] for one in _PEOPLE} | {one.given_name for one in _PEOPLE})
_NAMED = re.compile(rf"@|zwaluw|kwaad|\b(?:{'|'.join(map(re.escape, NAMES))})\b")
TOOLS = ("httpx", "httpcore")  # with which tests ask: no part of the product
_TOKEN = re.compile(r"[\w~+/=-]{28,}")


class Listener(logging.Handler):
    """Formats as production does, and keeps what should not have been said."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(Json())
        self.findings: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.startswith(TOOLS):
            return
        line = self.format(record)
        if _NAMED.search(line) or any(_TOKEN.search(str(words)) for words in _free_words(line)):
            self.findings.append(line)

    def take(self) -> list[str]:
        """What was found since the last time."""
        found, self.findings = self.findings, []
        return found


def _free_words(line: str) -> list[object]:
    """All but the names of our own code and addresses."""
    told = json.loads(line)
    return [value for name, value in told.items() if name not in {"at", "logger", "where", "route", "task", "error"}]
