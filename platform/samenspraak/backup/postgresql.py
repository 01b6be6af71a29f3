"""PostgreSQL's own programs: pg_dump for a backup; pg_restore and psql for a restore, in one transaction."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from typing import IO

from django.conf import settings
from django.db import connection
from psycopg.conninfo import make_conninfo

from samenspraak import owner
from samenspraak.backup import box, settling
from samenspraak.backup.files import BackupError
from samenspraak.backup.manifest import Manifest
from samenspraak.backup.sources import LEFT_OUT, Source
from schools import tenancy

_TABLES = """
SELECT relname FROM pg_class
 WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p') ORDER BY relname
"""
_ONE_MOMENT = "SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
# Who holds the moment open only waits meanwhile, and a large database takes long.
_PATIENT = "SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL statement_timeout = 0"
_OURS_ALONE = {"pool", "assume_role", "isolation_level", "server_side_binding", "cursor_factory", "passfile"}

_BEGIN = """
BEGIN;
SET LOCAL idle_in_transaction_session_timeout = 0;
SET LOCAL statement_timeout = 0;
SET LOCAL lock_timeout = '60s';
SET client_min_messages = warning;
DO $$ DECLARE one text; BEGIN
    FOR one IN SELECT oid::regclass FROM pg_class
                WHERE relnamespace = '{schema}'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition LOOP
        EXECUTE 'DROP TABLE ' || one || ' CASCADE';
    END LOOP;
END $$;
"""
_COUNTED = """
DO $$ DECLARE found bigint; BEGIN
    SELECT count(*) INTO found FROM {table};
    IF found <> {rows} THEN RAISE EXCEPTION '{table} has % rows, and the backup {rows}', found; END IF;
END $$;
"""
_LOCKED_OUT = """
DO $$ BEGIN EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %I', current_schema(), {role}); END $$;
"""


@contextmanager
def reading(_folder: Path) -> Iterator[Source]:
    """One moment of the database, seen by who owns its tables; writers go on meanwhile."""
    dump = _program("pg_dump")
    with owner.connected(lets_in=False), connection.cursor() as cursor:
        cursor.execute(_ONE_MOMENT)  # as long as we are the owner
        with tenancy.acting_for_system("backup"):
            cursor.execute(_PATIENT)
            cursor.execute("SELECT pg_export_snapshot(), current_schema(), current_setting('server_version')")
            moment, schema, server = cursor.fetchone()
            rows = _counted()
            yield Source(server.split()[0], schema, rows, _said_by(_to_dump(dump, moment, schema, rows)), is_small=True)


def load(path: Path, told: Manifest, *, application: str) -> None:
    """Put what is in the backup in the place of all tables, or change nothing; raises BackupError then.

    To be done as the owner. ``application``: the role that is locked out until somebody lets it in again, or "".
    """
    programs = _program("pg_restore"), _program("psql")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        if (schema := cursor.fetchone()[0]) != told.schema:
            raise BackupError(f"The backup has its tables in the schema {told.schema}, and here that is {schema}.")
    connection.close()  # nobody waits for us
    script = [programs[0], "--no-owner", "--no-privileges", "--file=-"]
    take = [programs[1], "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", f"--dbname={_address()}"]
    with _started(take, says=False) as (taker, said), _started(script) as (maker, why):
        feeder = Thread(target=_feed, args=(box.chunks_of(path), _end_of(maker.stdin)))
        feeder.start()
        try:
            _tell(taker, _BEGIN.format(schema=schema))
            shutil.copyfileobj(_end_of(maker.stdout), _end_of(taker.stdin), box.CHUNK)
            feeder.join()
            if maker.wait():
                raise BackupError(f"pg_restore cannot read the backup: {_last_words(why)}. Nothing was changed.")
            _tell(taker, "".join(_ending(told, application)))
            _end_of(taker.stdin).close()
        except BrokenPipeError:
            pass  # it says why
        if taker.wait():
            raise BackupError(f"PostgreSQL did not take the backup: {_last_words(said)}. Nothing was changed.")


def numbers() -> dict[str, int]:
    """The number that each sequence gave last."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = current_schema()")
        return {name: last or 0 for name, last in cursor.fetchall()}


def raise_numbers(to: Mapping[str, int]) -> None:
    """From here on each sequence gives higher numbers than these."""
    with connection.cursor() as cursor:
        for name, number in to.items():
            cursor.execute("SELECT setval(quote_ident(%s)::regclass, %s)", [name, number])


def _counted() -> dict[str, int]:
    """How many rows each table has in a backup; none is told of what the cache holds, which can be made anew."""
    counts = {}
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        for (name,) in cursor.fetchall():
            if name in LEFT_OUT:
                counts[name] = 0
            elif name != _cache_table():
                cursor.execute(f"SELECT count(*) FROM {_quoted(name)}")  # noqa: S608  # a table of ours
                counts[name] = cursor.fetchone()[0]
    if not counts:
        raise BackupError("There is nothing to make a backup of: this database has no tables.")
    return counts


def _to_dump(dump: str, moment: str, schema: str, tables: Iterable[str]) -> list[str]:
    how = ["--format=custom", "--no-owner", "--no-privileges", "--enable-row-security", f"--snapshot={moment}"]
    these = [f"--table={_quoted(schema)}.{_quoted(name)}" for name in tables]
    empty = [f"--exclude-table-data={_quoted(schema)}.{_quoted(name)}" for name in LEFT_OUT]
    return [dump, *how, *these, *empty, f"--dbname={_address()}"]


def _ending(told: Manifest, application: str) -> Iterator[str]:
    """What ends the restoring transaction: all is there, and nothing leaves or lets anybody in by itself."""
    yield f'SET row_security = on; SET search_path = "{told.schema}";\n'
    yield from (_COUNTED.format(table=_quoted(name), rows=int(rows)) for name, rows in told.rows.items())
    yield from (f"{statement};\n" for statement in settling.STATEMENTS)
    if application:
        yield _LOCKED_OUT.format(role=_text(application))
    yield "COMMIT;\nANALYZE;\n"


def _said_by(words: Sequence[str]) -> Iterator[bytes]:
    """What a program says, piece by piece; raises BackupError where it ends otherwise than well."""
    with _started(words, hears=False) as (process, why):
        said = _end_of(process.stdout)
        while chunk := said.read(box.CHUNK):
            yield chunk
        if code := process.wait():
            raise BackupError(f"pg_dump ended with {code}: {_last_words(why)}. Nothing is left of the backup.")


@contextmanager
def _started(
    words: Sequence[str], *, hears: bool = True, says: bool = True
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """The program, and what it complains of; ended when the block is left, however that happens."""
    environment = os.environ | {"PGPASSWORD": str(connection.settings_dict["PASSWORD"] or "")}
    ears, mouth = (subprocess.PIPE if it_has else subprocess.DEVNULL for it_has in (hears, says))
    with (
        tempfile.TemporaryFile() as why,
        subprocess.Popen(words, env=environment, stdin=ears, stdout=mouth, stderr=why) as process,  # noqa: S603  # our own words
    ):
        try:
            yield process, why
        finally:
            if process.poll() is None:
                process.kill()
            if process.stdin:
                with suppress(OSError):  # what it did not read is of no use any more
                    process.stdin.close()


def _feed(chunks: Iterable[bytes], into: IO[bytes]) -> None:
    """What stops us in the middle leaves the reader with less than it needs, and so it says so itself."""
    with suppress(OSError, BackupError), into:
        for chunk in chunks:
            into.write(chunk)


def _tell(process: subprocess.Popen[bytes], words: str) -> None:
    _end_of(process.stdin).write(words.encode())


def _end_of(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise RuntimeError("Popen was asked for this pipe.")
    return pipe


def _last_words(why: IO[bytes]) -> str:
    why.seek(0)
    lines = [line.strip() for line in why.read().decode(errors="replace").splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "it does not say why"


def _program(name: str) -> str:
    """Where PostgreSQL's program of this name is; raises BackupError where it is nowhere."""
    found = shutil.which(name, path=settings.POSTGRESQL_PROGRAMS or None)
    if found is None:
        raise BackupError(
            f"There is no {name} here. Install PostgreSQL's client programs (on Debian postgresql-client), "
            "or name their folder in POSTGRESQL_PROGRAMS."
        )
    return found


def _address() -> str:
    """How to connect as we are connected, without the password."""
    told = connection.settings_dict
    parts = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "dbname": told["NAME"]}
    parts |= {name: value for name, value in told["OPTIONS"].items() if name not in _OURS_ALONE}
    return make_conninfo("", **{name: value for name, value in parts.items() if value})


def _cache_table() -> str:
    return str(settings.CACHES["default"]["LOCATION"]) if "db" in settings.CACHES["default"]["BACKEND"] else ""


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _text(words: str) -> str:
    return "'" + words.replace("'", "''") + "'"
