"""What the engines of a run wrote into their logs: no name, no address, no words of people, no token (row 67)."""

from __future__ import annotations

import json
import re
from pathlib import Path

# The people of a run are called Lid, its groups and meetings say so; a worker calls itself worker-1@faults.
_NAMED = re.compile(r"[\w.+-]+@(?!faults\b)[\w-]+\.\w+|\bLid\b|zwaluw")
_TOKEN = re.compile(r"[\w~+/=-]{28,}")
_OURS = {"at", "logger", "where", "route", "task", "error"}


def look_through(folder: Path) -> tuple[int, list[str]]:
    """How many lines there are, and those that say too much."""
    lines = [
        line for log in sorted(folder.glob("run-*/*.log")) for line in log.read_text(errors="replace").splitlines()
    ]
    return len(lines), [line for line in lines if _says_too_much(line)]


def _says_too_much(line: str) -> bool:
    """A line of ours is an object; whatever else stands there is what a library or Python itself wrote."""
    if _NAMED.search(line):
        return True
    if not line.startswith("{"):
        return False
    told = json.loads(line)
    return any(_TOKEN.search(str(value)) for name, value in told.items() if name not in _OURS)
