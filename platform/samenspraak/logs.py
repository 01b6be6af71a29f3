"""Logs tell what happened and open nothing, and name nobody.

``Line`` is for a terminal: the secret end of an address is left out. ``Json`` is production's: one object a line, made
of our own words, numbers and the names of addresses. What a visitor sent, the words of an error and the values it
carries never come in: of an error stand its kinds and its places in the code.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from django.conf import settings

# Calendar feeds, links that stop letters, codes to join, invitations, links to choose a password: who has one needs
# no more.
_OPENING = "calendar|letters/stop|join|reset/key|invitation|address/undo|address/confirm|erasure/undo"
_SECRET = re.compile(rf"(/(?:{_OPENING})/)[\w=-]{{6,}}")
_ADDRESS = re.compile(r"[^\s@<>\"'(),;:]+@[^\s@<>\"'(),;:]+")
# What our own lines say beside their words, by ``extra=``.
TOLD = ("route", "method", "status", "ms", "task", "state", "letters")
# The words of these come from who asked, or tell their address.
_OF_REQUESTS = ("django.request", "django.security", "django.server")
_about: ContextVar[Mapping[str, str]] = ContextVar("about")


class Line(logging.Formatter):
    """A line, with what broke down beneath it, without such secrets."""

    def format(self, record: logging.LogRecord) -> str:
        """Write it."""
        return _SECRET.sub(r"\1...", super().format(record))


class Json(logging.Formatter):
    """A line for a program that collects logs: time, level, logger, words, request, and what ``TOLD`` names."""

    def format(self, record: logging.LogRecord) -> str:
        """Write it."""
        at = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = {"at": at, "level": record.levelname.lower(), "logger": record.name}
        told |= {"says": _words(record), **_about.get({})}
        if number := getattr(getattr(record, "request", None), "number", ""):
            told["request"] = number
        told |= {name: getattr(record, name) for name in TOLD if hasattr(record, name)}
        if record.exc_info and record.exc_info[1]:
            told |= {"error": _kinds(record.exc_info[1]), "where": _places(record.exc_info[1])}
        return json.dumps(told)


@contextmanager
def about(**what: str) -> Iterator[None]:
    """Every line that is written meanwhile, in this thread, bears this too."""
    token = _about.set(what)
    try:
        yield
    finally:
        _about.reset(token)


def place(error: BaseException) -> str:
    """Where in our own code it happened, as far as it was there; else where it broke."""
    frames = _places(error)
    ours = [one for one in frames if not one.startswith("lib/")]
    return (ours or frames or [""])[-1]


def _words(record: logging.LogRecord) -> str:
    if record.name.startswith(_OF_REQUESTS):
        return _kind_of_request(record)
    said = record.getMessage()
    if record.name.startswith("celery"):
        said = said.partition("\n")[0]  # a stack of its own comes behind
    return _ADDRESS.sub("(address)", _SECRET.sub(r"\1...", said))


def _kind_of_request(record: logging.LogRecord) -> str:
    """Django says "Not Found: <path>", "Forbidden (<reason>): <path>", or what it found suspicious."""
    if not isinstance(record.args, tuple) or not record.args:
        return record.name.rpartition(".")[2]
    return str(record.args[0]) if record.msg.startswith("%s") else re.split(r" \(|:", record.msg)[0]


def _kinds(error: BaseException) -> str:
    """What it is, and of what it came: kinds only, since the words of an error repeat what people typed."""
    kinds: list[str] = []
    one: BaseException | None = error
    while one is not None and len(kinds) < 5:  # noqa: PLR2004  # enough to know, and a chain may bite its tail
        kinds.append(type(one).__name__)
        one = one.__cause__ or one.__context__
    return " < ".join(kinds)


def _places(error: BaseException) -> list[str]:
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in frames]


def _short(path: str) -> str:
    """Where the file lies in our own tree, or in that of a library."""
    _before, found, after = path.rpartition("/site-packages/")
    if found and not after.startswith(_OURS):
        return f"lib/{after}"
    inside = Path(after if found else path)
    return str(inside.relative_to(settings.BASE_DIR)) if inside.is_relative_to(settings.BASE_DIR) else str(inside)


_OURS = ("samenspraak/", "schools/", "cards/", "workgroups/", "observations/")
