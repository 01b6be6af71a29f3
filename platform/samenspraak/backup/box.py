"""The file itself: a ZIP with the data and the manifest.

Its list stands at its end, so a file that was cut off is none.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

from samenspraak.backup.files import BackupError
from samenspraak.backup.manifest import Manifest

DATA, MANIFEST = "data", "manifest.json"
CHUNK = 1 << 20
_MOST_TOLD = 10_000_000  # bytes of a manifest
_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, KeyError, ValueError, NotImplementedError, RuntimeError)


def pack(file: IO[bytes], chunks: Iterable[bytes], told: Manifest, *, as_it_is: bool) -> Manifest:
    """Write the data and what it is; returns the manifest with its sum. ``as_it_is``: the data is small already."""
    seen, size = hashlib.sha256(), 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED if as_it_is else zipfile.ZIP_DEFLATED) as box:
        with box.open(DATA, "w", force_zip64=True) as data:
            for chunk in chunks:
                data.write(chunk)
                seen.update(chunk)
                size += len(chunk)
        whole = replace(told, sha256=seen.hexdigest(), size=size)
        box.writestr(MANIFEST, whole.written())
    return whole


def look(path: Path) -> Manifest:
    """What a backup says of itself, after all of it was read; raises BackupError where it is not whole."""
    with _reading(path), zipfile.ZipFile(path) as box:
        if box.getinfo(MANIFEST).file_size > _MOST_TOLD:
            raise BackupError(f"{path} is no backup.")
        told = Manifest.read(box.read(MANIFEST).decode())
    seen, size = hashlib.sha256(), 0
    for chunk in chunks_of(path):
        seen.update(chunk)
        size += len(chunk)
    if (seen.hexdigest(), size) != (told.sha256, told.size):
        raise BackupError(f"{path} is damaged: its data is not what was written.")
    return told


def chunks_of(path: Path) -> Iterator[bytes]:
    """The data of a backup, piece by piece; raises BackupError where it cannot be read."""
    with _reading(path), zipfile.ZipFile(path) as box, box.open(DATA) as data:
        while chunk := data.read(CHUNK):
            yield chunk


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    try:
        yield
    except _DAMAGED as error:
        raise BackupError(f"{path} is no backup, or it is damaged.") from error
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror or error}.") from error
