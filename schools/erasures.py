"""The ledger of erasures: who was erased and when, by number, in a file that no copy of the database holds.

A copy that is put back brings people back who were erased since; the ledger says whom to erase once more. A line is
JSON: the account's number, when it was made and when it was erased, and nothing else about anybody.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import json
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

_OWNER_ALONE = 0o600


class LedgerDownError(Exception):
    """The ledger takes nothing now: so nobody is erased. Its words name the file and the reason, for the log."""


@dataclass(frozen=True)
class Line:
    """Somebody was erased: the number of the account, when it was made, and when it went. Both in UTC."""

    user: int
    made: dt.datetime
    erased: dt.datetime


def is_writable() -> bool:
    """Whether a line could be written now."""
    try:
        with _opened():
            return True
    except LedgerDownError:
        return False


def write_down(line: Line) -> None:
    """Add a line, and come back when the disk has it. Raises LedgerDownError; then it is not there."""
    told = {"user": line.user, "made": _written(line.made), "erased": _written(line.erased)}
    with _opened() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        end = os.lseek(file, 0, os.SEEK_END)
        words = f"{_break_before(file, end)}{json.dumps(told)}\n".encode()
        try:
            written = os.write(file, words)
            os.fsync(file)
        except OSError as error:
            _take_back(file, end)
            raise LedgerDownError(f"{settings.ERASURES_FILE} could not be written: {error.strerror}.") from error
        if written < len(words):
            _take_back(file, end)
            raise LedgerDownError(f"{settings.ERASURES_FILE} could not be written: the disk is full.")


def lines_of(path: str | Path) -> list[str]:
    """The lines of such a file, as they stand there. Raises OSError where it cannot be read."""
    return Path(path).read_text(encoding="utf-8", errors="replace").splitlines()


def read(lines: Iterable[str]) -> tuple[list[Line], tuple[int, ...]]:
    """What the lines say, and the numbers (from 1) of those that say nothing, such as one that a crash cut off."""
    found, unread = [], []
    for number, words in enumerate(lines, start=1):
        if not words.strip():
            continue
        try:
            told = json.loads(words)
            found.append(Line(int(told["user"]), _read(told["made"]), _read(told["erased"])))
        except (ValueError, TypeError, KeyError):
            unread.append(number)
    return found, tuple(unread)


def _written(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat()


def _read(words: str) -> dt.datetime:
    moment = dt.datetime.fromisoformat(words)
    if moment.tzinfo is None:
        raise ValueError(words)
    return moment


def _take_back(file: int, end: int) -> None:
    """Half a line is none; where even that fails, reading passes over it."""
    with suppress(OSError):
        os.ftruncate(file, end)


def _break_before(file: int, end: int) -> str:
    """A line that a crash cut off stays alone on its line."""
    return "\n" if end and os.pread(file, 1, end - 1) != b"\n" else ""


@contextmanager
def _opened() -> Iterator[int]:
    path = settings.ERASURES_FILE
    if not path:
        raise LedgerDownError("ERASURES_FILE is not set.")
    try:
        is_new = not Path(path).exists()
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, _OWNER_ALONE)
        if is_new:
            _keep_its_name(Path(path).absolute().parent)
    except OSError as error:
        raise LedgerDownError(f"{path} cannot be written: {error.strerror}.") from error
    try:
        yield file
    finally:
        os.close(file)


def _keep_its_name(folder: Path) -> None:
    """A new file is there after a crash only once its folder is on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
