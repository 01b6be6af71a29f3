"""Backups as files: what bears a backup's name is whole, whatever happened while it was written."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from django.core.management.base import CommandError

_MOMENT = "%Y%m%dT%H%M%SZ"
_NAME = re.compile(r"samenspraak-(\d{8}T\d{6}Z)\.backup")
_LEFT_FOR = 60  # seconds: whoever began a file has it in hand by then
FOR_ITS_OWNER = 0o600


class BackupError(CommandError):
    """Why there is no backup, or no restore, in a sentence for whoever asked for it."""


@dataclass(frozen=True)
class Found:
    """A whole backup: where it lies, when it was taken (UTC), and its size in bytes."""

    path: Path
    taken_at: dt.datetime
    size: int


def name_at(now: dt.datetime) -> str:
    """What a backup of this moment is called."""
    return f"samenspraak-{now.astimezone(dt.UTC):{_MOMENT}}.backup"


def whole(folder: Path) -> list[Found]:
    """The backups in a folder, the newest first; none where there is no such folder. What is half written is none."""
    found = []
    with suppress(FileNotFoundError, NotADirectoryError):
        for path in folder.iterdir():
            if (named := _NAME.fullmatch(path.name)) and path.is_file():
                taken_at = dt.datetime.strptime(named[1], _MOMENT).replace(tzinfo=dt.UTC)
                found.append(Found(path, taken_at, path.stat().st_size))
    return sorted(found, key=lambda one: one.taken_at, reverse=True)


def newest(folder: Path) -> Found | None:
    """The newest backup in a folder; None where there is none."""
    return next(iter(whole(folder)), None)


def keep(folder: Path, number: int) -> list[Path]:
    """Delete all backups of a folder but the newest so many; returns which went."""
    gone = [one.path for one in whole(folder)[number:]]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


@contextmanager
def writing(path: Path) -> Iterator[IO[bytes]]:
    """A file that gets its name when all of it is on the disk, and is gone where that does not come about.

    Raises BackupError when it cannot be written, or when there is such a file already.
    """
    unfinished = path.with_name(f".{path.name}.unfinished")
    try:
        with _begun(unfinished) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            if path.exists():
                raise BackupError(f"There is a file {path} already; it stays as it is.")
            unfinished.rename(path)
            _note_name(path.parent)
    except OSError as error:
        raise BackupError(
            f"The backup cannot be written in {path.parent}: {error.strerror or error}. Nothing is left of it."
        ) from error
    finally:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)


def sweep(folder: Path) -> None:
    """Clear away what a backup that was killed had begun; what somebody has in hand just now stays."""
    for path in folder.glob(".samenspraak-*.unfinished*"):
        with suppress(OSError), path.open("rb") as file:
            if path.stat().st_mtime < time.time() - _LEFT_FOR:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()


def _begun(path: Path) -> IO[bytes]:
    number = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, FOR_ITS_OWNER)
    fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)  # let go when the process ends, however it does
    return os.fdopen(number, "w+b")


def _note_name(folder: Path) -> None:
    """That a file has its name must survive a power cut too."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
