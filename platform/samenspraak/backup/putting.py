"""A restore: look at the backup, look at what is there, put the one in the place of the other, and settle it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

from django.conf import settings
from django.db import connection

from samenspraak import owner
from samenspraak.backup import aftermath, box, engines, manifest
from samenspraak.backup.files import BackupError
from samenspraak.demo import stage
from schools import erasures

_PEOPLE, _SCHOOLS = "schools_user", "schools_school"


def look(path: Path) -> manifest.Manifest:
    """What a backup says of itself, read from its first byte to its last; raises BackupError where it does not fit."""
    told = box.look(path)
    manifest.must_fit(told)
    return told


def ledgers(named: Sequence[Path], *, none: bool) -> list[str]:
    """The lines of these ledgers of erasures, and of this site's own; raises BackupError where there is none at all.

    ``none``: that is meant so.
    """
    own = Path(settings.ERASURES_FILE) if settings.ERASURES_FILE else None
    paths = [*named, *([own] if own and own.exists() and own not in named else [])]
    if not paths and not none:
        raise BackupError(
            "There is no ledger of erasures, which says who was erased after this backup was made: name it with "
            "--erasures FILE, or say --without-erasures where nobody was."
        )
    try:
        return [line for path in paths for line in erasures.lines_of(path)]
    except OSError as error:
        raise BackupError(f"{error.filename} cannot be read: {error.strerror}.") from error


def put_back(
    path: Path, told: manifest.Manifest, *, replaces: str, erased: Sequence[str], say: Callable[[str], None]
) -> aftermath.Told:
    """Put a backup that was looked at in the place of the database named ``replaces``, or of an empty one ("").

    Everything or nothing of it is there afterwards. Raises BackupError where nothing was changed.
    """
    engine, serves = engines.here(), str(connection.settings_dict["USER"])
    with _alone(), owner.connected():
        _must_be_empty(replaces)
        given = engine.numbers()
        engine.load(path, told, application="" if serves == connection.settings_dict["USER"] else serves)
        say("The rows are there.")
        return aftermath.settle(told, given=given, erasures=erased, say=say)


@contextmanager
def _alone() -> Iterator[None]:
    """The demo's own database is put back while no demo runs."""
    mine = connection.vendor == "sqlite" and Path(connection.settings_dict["NAME"]) == settings.DEMO_DATABASE
    try:
        with stage.held(settings.DEMO_DIR) if mine else nullcontext():
            yield
    except stage.DemoError as error:
        raise BackupError(str(error)) from error


def _must_be_empty(replaces: str) -> None:
    name = str(connection.settings_dict["NAME"])
    name = Path(name).name if connection.vendor == "sqlite" else name
    found = _counted()
    if any(found.values()) and replaces != name:
        raise BackupError(
            f"The database {name} holds {found[_PEOPLE]} people and {found[_SCHOOLS]} schools. "
            f"To throw all of it away for the backup, say --replace {name}."
        )
    if replaces and replaces != name:
        raise BackupError(f"--replace {replaces}: the database here is called {name}.")


def _counted() -> dict[str, int]:
    """How many people and schools there are; none where their tables are not."""
    there = set(connection.introspection.table_names())
    found = dict.fromkeys((_PEOPLE, _SCHOOLS), 0)
    with connection.cursor() as cursor:
        for table in found.keys() & there:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608  # one of two words of ours
            found[table] = cursor.fetchone()[0]
    return found
