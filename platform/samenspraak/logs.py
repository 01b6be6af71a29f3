"""Logs tell what happened and open nothing: the secret end of an address is left out."""

from __future__ import annotations

import logging
import re

# Calendar feeds, links that stop letters, codes to join, invitations, links to choose a password: who has one needs
# no more.
_SECRET = re.compile(r"(/(?:calendar|letters/stop|join|reset/key|invitation|address/undo|address/confirm)/)[\w=-]{6,}")


class Line(logging.Formatter):
    """A line, with what broke down beneath it, without such secrets."""

    def format(self, record: logging.LogRecord) -> str:
        """Write it."""
        return _SECRET.sub(r"\1...", super().format(record))
