"""SQLite's own way to copy a database that is in use, and to put another in its place."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.db import connection

from samenspraak.backup import box, settling
from samenspraak.backup.files import FOR_ITS_OWNER, BackupError
from samenspraak.backup.manifest import Manifest
from samenspraak.backup.sources import LEFT_OUT, Source

_TABLES = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"


@contextmanager
def reading(folder: Path) -> Iterator[Source]:
    """One moment of the database, copied into the folder for as long as the block lasts; writers go on meanwhile."""
    with _beside(folder / ".samenspraak-copy.unfinished") as copy, closing(sqlite3.connect(copy)) as lines:
        connection.ensure_connection()
        try:
            connection.connection.backup(lines)
        except sqlite3.Error as error:
            raise BackupError(f"The database cannot be copied into {folder}: {error}.") from error
        rows = _counted(lines)
        if not rows:
            raise BackupError("There is nothing to make a backup of: this database has no tables.")
        _empty(lines, rows)
        yield Source(sqlite3.sqlite_version, "", rows, _pieces(copy), is_small=False)


def load(path: Path, told: Manifest, *, application: str) -> None:  # SQLite knows no roles
    """Put what is in the backup in the place of all that is there, or change nothing; raises BackupError then."""
    target = Path(connection.settings_dict["NAME"])
    connection.close()
    with _beside(target.with_name(f".{target.name}.restoring")) as copy:
        with copy.open("wb") as file:
            file.writelines(box.chunks_of(path))
        try:
            with closing(sqlite3.connect(copy)) as source, closing(sqlite3.connect(target)) as place:
                _settle(source, told)
                source.backup(place)
        except sqlite3.Error as error:
            raise BackupError(f"SQLite did not take the backup: {error}. Nothing was changed.") from error


def numbers() -> dict[str, int]:
    """The number that each table gave last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'")
        found = {name: 0 for (name,) in cursor.fetchall()}
        if found:
            cursor.execute("SELECT name, seq FROM sqlite_sequence")
            found |= dict(cursor.fetchall())
    return found


def raise_numbers(to: Mapping[str, int]) -> None:
    """From here on each table gives higher numbers than these."""
    with connection.cursor() as cursor:
        for name, number in to.items():
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [name])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [name, number])


def _empty(copy: sqlite3.Connection, rows: dict[str, int]) -> None:
    """Nothing stays of what a backup leaves out, not in a page that became free either."""
    copy.execute("PRAGMA journal_mode = DELETE")  # what is copied of a database may lie in no file beside it
    copy.execute("PRAGMA secure_delete = ON")
    for name in LEFT_OUT:
        if rows.get(name):
            copy.execute(f'DELETE FROM "{name}"')  # noqa: S608  # a table of ours
            rows[name] = 0
    copy.commit()


def _settle(copy: sqlite3.Connection, told: Manifest) -> None:
    copy.execute("PRAGMA ignore_check_constraints = ON")  # they use functions that Django brings along
    if copy.execute("PRAGMA integrity_check").fetchone() != ("ok",) or _counted(copy) != told.rows:
        raise BackupError("What is in the backup is not the database that it tells of. Nothing was changed.")
    for statement in settling.STATEMENTS:
        copy.execute(statement)
    copy.commit()


def _counted(lines: sqlite3.Connection) -> dict[str, int]:
    names = [name for (name,) in lines.execute(_TABLES)]
    return {name: lines.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}  # noqa: S608  # a table of ours


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(box.CHUNK):
            yield chunk


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A file for as long as the block lasts, for its owner alone."""
    try:
        path.unlink(missing_ok=True)
        path.touch(mode=FOR_ITS_OWNER, exist_ok=False)
    except OSError as error:
        raise BackupError(f"Nothing can be written in {path.parent}: {error.strerror}.") from error
    try:
        yield path
    finally:
        with suppress(OSError):
            path.unlink(missing_ok=True)
