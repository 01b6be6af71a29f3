"""Rows that many tests begin with: written out once by a process, and from then on put back as they were.

The first time is what the product does, row by row; what comes back is the same rows in one go. Their keys are free
then: a sequence does not go back with the transaction that it counted in.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import pickle
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model
from django.db.models.signals import post_save
from django.test.utils import CaptureQueriesContext

from tests import walled

Named = dict[str, Any]


@dataclass
class _Kept:
    """Rows under names with all that was written for them, and what writes it again."""

    rows: bytes
    statements: list[str]


_kept: dict[Callable[[], Named], _Kept] = {}


def rows(write: Callable[[], Named]) -> Named:
    """What ``write`` gives: rows under names, in the database, and nobody else's to change."""
    if write not in _kept:
        return _tell(write)
    named, written = pickle.loads(_kept[write].rows)  # noqa: S301  # our own, from this process
    statements = _kept[write].statements
    if not statements:
        with CaptureQueriesContext(connection) as queries:
            _put_back(written)
        if connection.vendor == "postgresql":  # where what is noted is what was said
            statements += [query["sql"] for query in queries if query["sql"].startswith("INSERT")]
    else:
        with connection.cursor() as cursor:
            cursor.execute(walled.put_back(statements))
    found: Named = named
    return found


def _tell(write: Callable[[], Named]) -> Named:
    written: list[Model] = []

    def note(instance: Model, *, created: bool, **_signal: object) -> None:
        assert created, "a row that changes while it is told cannot be put back"
        written.append(instance)

    post_save.connect(note)
    try:
        named = write()
    finally:
        post_save.disconnect(note)
    _kept[write] = _Kept(pickle.dumps((named, written)), [])
    return named


def _put_back(written: list[Model]) -> None:
    tables: dict[type[Model], list[Model]] = {}
    for row in written:
        tables.setdefault(type(row), []).append(row)
    for model, its in tables.items():
        model._base_manager.bulk_create(its)


Copies = dict[str, bytes]
_tables: dict[tuple[Callable[[], None], dt.datetime], Copies] = {}
_OF_EVERY_DATABASE = {"django_migrations", "django_content_type", "auth_permission"}


def tables(tell: Callable[[], None], *, when: dt.datetime) -> None:
    """Have the tables hold what ``tell`` writes; they are empty now. Another ``when`` is another story.

    Of several workers one tells it and the others copy what it wrote.
    """
    kept = _tables.get((tell, when))
    if kept is not None:
        _fill(kept)
        return
    with _told_by_all(f"{tell.__module__}.{tell.__qualname__}.{when:%Y%m%dT%H%M%S}") as file:
        told = file.read() if file else b""
        if told:
            kept = pickle.loads(told)  # noqa: S301  # our own, from this run
            _fill(kept)
            _count_on()
        else:
            tell()
            kept = _copies()
            if file:
                file.write(pickle.dumps(kept))
    _tables[tell, when] = kept


@contextmanager
def _told_by_all(name: str) -> Iterator[IO[bytes] | None]:
    """The file for a story in the folder of all workers, for one of them at a time; None where there is one process."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    if not run:
        yield None
        return
    with (Path(os.environ["DEMO_DIR"]).parent / f"{name}.{run}").open("a+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        yield file


def _fill(kept: Copies) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{walled.OVER_IT}; {walled.UNCHECKED}")
        for table, lines in kept.items():
            with cursor.copy(f"COPY {connection.ops.quote_name(table)} FROM STDIN") as copy:
                copy.write(lines)


def _count_on() -> None:
    """Keys that another database gave out are taken in this one too."""
    models = apps.get_models(include_auto_created=True)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("; ".join([walled.OVER_IT, *connection.ops.sequence_reset_sql(no_style(), models)]))


def _copies() -> Copies:
    copies = {}
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(walled.OVER_IT)
        for table in sorted({*connection.introspection.table_names(cursor)} - _OF_EVERY_DATABASE):
            with cursor.copy(f"COPY {connection.ops.quote_name(table)} TO STDOUT") as copy:
                copies[table] = b"".join(bytes(part) for part in copy)
    return {table: lines for table, lines in copies.items() if lines}
