"""What bears a backup's name is whole: with a full disk, without rights, killed in the middle, whatever comes."""

from __future__ import annotations

import datetime as dt
import json
import os
import re
import resource
import signal
import sqlite3
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper

from samenspraak.backup import box, files, manifest, postgresql, putting, sqlite

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
NAME = "samenspraak-20261124T090000Z.backup"
TOLD = manifest.Manifest(
    taken_at=NOW.isoformat(), vendor="postgresql", server="15.5", schema="public",
    migrations=["schools.0001_initial"], rows={"schools_user": 1}, pepper="0" * 16,
)  # fmt: skip
NOBODY = 65534


def in_a_child(
    folder: Path, deed: Callable[[IO[bytes]], object], *, before: Callable[[], object] = lambda: None
) -> int:
    """Write a backup in a process of its own, which does this while it writes; how that process ended."""
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):  # pytest may have threads: not there
        child = os.fork()
    if child == 0:  # nothing of the tests' own may go on here
        try:
            before()
            with files.writing(folder / NAME) as file:
                file.write(b"half")
                file.flush()
                deed(file)
            os._exit(0)
        except files.BackupError:
            os._exit(3)
        finally:
            os._exit(4)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def small(bytes_: int) -> Callable[[], object]:
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, bytes_))


def whole(folder: Path) -> list[str]:
    return [one.path.name for one in files.whole(folder)]


def test_it_gets_its_name_when_it_is_whole(tmp_path: Path) -> None:
    with files.writing(tmp_path / NAME) as file:
        file.write(b"all of it")
        assert whole(tmp_path) == []
    found = files.newest(tmp_path)
    assert found == files.Found(tmp_path / NAME, NOW, len(b"all of it"))
    assert found.path.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [NAME]


def test_killed_in_the_middle_it_has_no_name_and_the_next_one_clears_it_away(tmp_path: Path) -> None:
    assert in_a_child(tmp_path, lambda _file: os.kill(os.getpid(), signal.SIGKILL)) == -signal.SIGKILL
    (left,) = tmp_path.iterdir()
    assert (whole(tmp_path), left.name) == ([], f".{NAME}.unfinished")
    files.sweep(tmp_path)
    assert left.exists()  # somebody may have it in hand just now
    os.utime(left, (time.time() - 3600, time.time() - 3600))
    files.sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_what_somebody_writes_just_now_is_not_cleared_away(tmp_path: Path) -> None:
    with files.writing(tmp_path / NAME):
        (begun,) = tmp_path.iterdir()
        os.utime(begun, (0, 0))
        files.sweep(tmp_path)
        assert begun.exists()
    assert whole(tmp_path) == [NAME]


def test_with_a_full_disk_nothing_is_left(tmp_path: Path) -> None:
    assert in_a_child(tmp_path, lambda file: [file.write(b"x" * 4096) for _ in range(9)], before=small(8192)) == 3
    assert list(tmp_path.iterdir()) == []


def test_without_rights_nothing_is_there_and_the_sentence_names_the_folder(tmp_path: Path) -> None:
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o500)

    def leave_root() -> None:
        if os.geteuid() == 0:
            tmp_path.chmod(0o755)
            os.setresuid(NOBODY, NOBODY, NOBODY)

    assert in_a_child(shut, lambda _file: None, before=leave_root) == 3
    assert list(shut.iterdir()) == []
    with (
        pytest.raises(files.BackupError, match=f"cannot be written in {tmp_path}/no/such: No such file"),
        files.writing(tmp_path / "no/such" / NAME),
    ):
        pass


def test_whoever_comes_second_leaves_the_first_alone(tmp_path: Path) -> None:
    (tmp_path / NAME).write_bytes(b"the first")
    with pytest.raises(files.BackupError, match="already"), files.writing(tmp_path / NAME) as file:
        file.write(b"the second")
    assert (tmp_path / NAME).read_bytes() == b"the first"
    assert len(list(tmp_path.iterdir())) == 1


def test_the_newest_are_kept(tmp_path: Path) -> None:
    for day in range(1, 5):
        (tmp_path / files.name_at(NOW - dt.timedelta(days=day))).touch()
    for name in ("samenspraak-mine.backup", f".{NAME}.unfinished"):
        (tmp_path / name).touch()
    gone = files.keep(tmp_path, 3)
    assert [path.name for path in gone] == ["samenspraak-20261120T090000Z.backup"]
    assert len(list(tmp_path.iterdir())) == 5


def packed(path: Path, data: bytes = b"d" * 5000, **values: Any) -> manifest.Manifest:
    with path.open("wb") as file:
        return box.pack(file, iter([data]), replace(TOLD, **values), as_it_is=True)


def test_a_backup_tells_what_is_in_it(tmp_path: Path) -> None:
    told = packed(tmp_path / NAME)
    assert box.look(tmp_path / NAME) == told
    assert (told.size, b"".join(box.chunks_of(tmp_path / NAME))) == (5000, b"d" * 5000)
    with zipfile.ZipFile(tmp_path / NAME) as opened:
        assert json.loads(opened.read("manifest.json"))["rows"] == {"schools_user": 1}


@pytest.mark.parametrize("part", [0.0, 0.3, 0.9, 0.999])
def test_what_was_cut_off_is_no_backup(tmp_path: Path, part: float) -> None:
    packed(tmp_path / NAME)
    told = (tmp_path / NAME).read_bytes()
    (tmp_path / NAME).write_bytes(told[: int(len(told) * part)])
    with pytest.raises(files.BackupError, match="no backup, or it is damaged"):
        box.look(tmp_path / NAME)


def test_one_other_byte_is_noticed(tmp_path: Path) -> None:
    packed(tmp_path / NAME)
    told = bytearray((tmp_path / NAME).read_bytes())
    told[2000] ^= 1
    (tmp_path / NAME).write_bytes(told)
    with pytest.raises(files.BackupError, match="damaged"):
        box.look(tmp_path / NAME)


def test_other_data_under_the_same_manifest_is_noticed(tmp_path: Path) -> None:
    told = packed(tmp_path / NAME)
    with zipfile.ZipFile(tmp_path / NAME, "w") as opened:
        opened.writestr("data", b"something else")
        opened.writestr("manifest.json", told.written())
    with pytest.raises(files.BackupError, match="its data is not what was written"):
        box.look(tmp_path / NAME)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"migrations": ["schools.0999_of_later"]}, "newer version of the product, which went through schools.0999"),
        ({"vendor": "oracle"}, "This backup is of oracle and DATABASE_URL names"),
        ({"format": 2}, "has the form 2"),
    ],
)
def test_what_this_version_cannot_read_is_refused(tmp_path: Path, values: dict[str, Any], why: str) -> None:
    packed(tmp_path / NAME, **{"vendor": connection.vendor, **values})
    with pytest.raises(CommandError, match=why):
        call_command("restore", str(tmp_path / NAME), "--without-erasures")


def test_who_forgets_the_ledger_of_erasures_is_told(settings: Any, tmp_path: Path) -> None:
    settings.ERASURES_FILE = str(tmp_path / "not there")
    with pytest.raises(files.BackupError, match="--erasures FILE, or say --without-erasures"):
        putting.ledgers([], none=False)
    assert putting.ledgers([], none=True) == []
    (tmp_path / "not there").write_text("one\n")
    (tmp_path / "more").write_text("two\nthree\n")
    assert putting.ledgers([tmp_path / "more"], none=False) == ["two", "three", "one"]


@pytest.fixture
def programs(settings: Any, tmp_path: Path) -> Callable[[str], None]:
    """A pg_dump of our own that does this."""

    def lie(words: str) -> None:
        folder = tmp_path / "programs"
        folder.mkdir()
        (folder / "pg_dump").write_text(f"#!/bin/sh\n{words}\n")
        (folder / "pg_dump").chmod(0o755)
        settings.POSTGRESQL_PROGRAMS = str(folder)

    return lie


@pytest.mark.parametrize("words", ["echo half; echo 'it broke' >&2; exit 1", "echo half; kill -9 $$"])
@pytest.mark.skipif(connection.vendor == "sqlite", reason="this is PostgreSQL's way")
@pytest.mark.django_db(transaction=True)
def test_a_pg_dump_that_ends_badly_leaves_nothing(
    tmp_path: Path, programs: Callable[[str], None], words: str, django_db_blocker: Any
) -> None:
    programs(words)
    out = tmp_path / "out"
    with pytest.raises(CommandError, match="pg_dump ended with"):
        call_command("backup", to=out)
    assert list(out.iterdir()) == []


def test_without_pg_dump_one_is_told_what_to_install(settings: Any, tmp_path: Path) -> None:
    settings.POSTGRESQL_PROGRAMS = str(tmp_path)
    with pytest.raises(files.BackupError, match="There is no pg_dump here"):
        postgresql._program("pg_dump")


@pytest.mark.parametrize(("words", "why"), [({}, "Where to"), ({"to": Path("here"), "keep": 0}, "from 1")])
def test_a_backup_needs_a_place_and_keeps_something(settings: Any, words: dict[str, Any], why: str) -> None:
    settings.BACKUP_DIR = None
    with pytest.raises(CommandError, match=why):
        call_command("backup", **words)


@contextmanager
def lite(path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """A database of SQLite in a file, which the backup takes for the site's."""
    told = connection.settings_dict | {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": {}}
    own = DatabaseWrapper(told, "default")
    monkeypatch.setattr(sqlite, "connection", own)
    with sqlite3.connect(path) as lines:
        yield lines
    lines.close()
    own.close()


_TABLES = """
CREATE TABLE schools_delivery (id integer PRIMARY KEY AUTOINCREMENT, state, reason, lease, leased_until);
CREATE TABLE schools_session (session_key CHECK (session_key REGEXP '^a'));
INSERT INTO schools_delivery (state) VALUES ('waiting'), ('sent');
INSERT INTO schools_session VALUES ('a-browser-of-carla');
"""


def test_sqlite_is_copied_while_somebody_writes_and_put_back_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, django_db_blocker: Any
) -> None:
    with django_db_blocker.unblock(), lite(tmp_path / "site.sqlite3", monkeypatch) as lines:
        lines.execute("PRAGMA journal_mode=WAL")
        lines.create_function("REGEXP", 2, lambda pattern, text: bool(re.search(pattern, text)))  # as Django does
        lines.executescript(_TABLES)
        lines.execute("INSERT INTO schools_delivery (state) VALUES ('begun')")  # a writer in the middle
        with sqlite.reading(tmp_path) as source, (tmp_path / NAME).open("wb") as file:
            told = box.pack(file, source.chunks, replace(TOLD, vendor="sqlite", rows=dict(source.rows)), as_it_is=False)
        lines.commit()
        assert told.rows == {"schools_delivery": 2, "schools_session": 0}
        assert b"browser-of-carla" not in b"".join(box.chunks_of(tmp_path / NAME)), "nobody is signed in in a copy"
        lines.executescript("DELETE FROM schools_delivery; CREATE TABLE later (id)")
        sqlite.load(tmp_path / NAME, told, application="")
        rows = lines.execute("SELECT state, reason FROM schools_delivery ORDER BY id").fetchall()
        assert rows == [("held", "restoring"), ("sent", None)]
        assert lines.execute("SELECT count(*) FROM schools_session").fetchone() == (0,)
        sqlite.raise_numbers({"schools_delivery": 500})
        assert sqlite.numbers() == {"schools_delivery": 500}
        with pytest.raises(files.BackupError, match="not the database that it tells of"):
            sqlite.load(tmp_path / NAME, replace(told, rows={"schools_delivery": 3}), application="")
        assert len(lines.execute("SELECT 1 FROM schools_delivery").fetchall()) == 2
    assert (
        sorted(path.name for path in tmp_path.iterdir() if "unfinished" in path.name or "restoring" in path.name) == []
    )
