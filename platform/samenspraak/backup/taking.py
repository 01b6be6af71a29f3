"""A backup, from the first byte to its name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from samenspraak.backup import box, engines, files, manifest


@dataclass(frozen=True)
class Taken:
    """A backup that is whole, what it says of itself, and the older ones that went for it."""

    path: Path
    told: manifest.Manifest
    size: int
    gone: list[Path]


def take(folder: Path, *, keep: int | None, now: dt.datetime) -> Taken:
    """Write a backup of the database into the folder, and then keep only the newest ``keep`` of it (None: all).

    Raises BackupError; then nothing is left of it, and what was there before stays.
    """
    path = folder / files.name_at(now)
    _make(folder)
    files.sweep(folder)
    with files.writing(path) as file, engines.here().reading(folder) as source:
        about = manifest.here(now=now, server=source.server, schema=source.schema, rows=source.rows)
        told = box.pack(file, source.chunks, about, as_it_is=source.is_small)
    gone = files.keep(folder, keep) if keep else []
    return Taken(path, told, path.stat().st_size, gone)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise files.BackupError(f"The folder {folder} cannot be made: {error.strerror}.") from error
