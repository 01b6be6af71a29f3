"""How everything stands, in words and as JSON: each part is tried by itself, and a bad one ends the command with 1."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections import namedtuple
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from samenspraak import condition, tasks
from samenspraak.backup import files
from schools import post
from schools.models import BoardMembership, Delivery, User
from tests import factories
from tests.conftest import TestCast

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024  # as shutil has it


@pytest.fixture
def _runs(db: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All is well: rounds are made, the clock ticks, and a backup was made last night."""
    cache.clear()
    post.beat(timezone.now())
    tasks.tell_operators()
    settings.BACKUP_DIR, settings.ERASURES_FILE = tmp_path / "backups", str(tmp_path / "erasures.jsonl")
    settings.BACKUP_DIR.mkdir()
    _backup(settings.BACKUP_DIR, hours=9)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(10**12, 10**11, 9 * 10**11))


def _backup(folder: Path, *, hours: float) -> None:
    for old in folder.iterdir():
        old.unlink()
    (folder / files.name_at(timezone.now() - dt.timedelta(hours=hours))).write_bytes(b"whole")


def told(*, code: int) -> dict[str, Any]:
    """What the command tells a program, and that it ended so."""
    written = StringIO()
    ended = 0
    try:
        call_command("status", "--json", stdout=written)
    except SystemExit as end:
        ended = int(end.code or 0)
    assert ended == code, written.getvalue()
    found = json.loads(written.getvalue())
    assert found["well"] is (code == 0)
    parts: dict[str, Any] = found["parts"]
    return parts


OF_THE_CAST = {"offices"}  # nobody is over De Eik


def bad(parts: dict[str, Any]) -> set[str]:
    return {name for name, part in parts.items() if not part["well"]}


@pytest.mark.usefixtures("_runs")
def test_it_works() -> None:
    parts = told(code=0)
    names = "version database migrations cache_and_broker post erasures offices rounds_of_letters clock disk"
    names += " disk_of_backups"
    assert set(parts) == {name.replace("_", " ") for name in f"{names} backup".split()}
    assert parts["backup"]["hours"] == 9
    assert parts["migrations"]["open"] == 0
    written = StringIO()
    call_command("status", stdout=written)
    assert "database           answers" in written.getvalue()
    assert "LOOK" not in written.getvalue()


@pytest.mark.usefixtures("_runs")
def test_an_old_backup_is_told(settings: Any) -> None:
    _backup(settings.BACKUP_DIR, hours=30)
    parts = told(code=1)
    assert bad(parts) == {"backup"}
    assert parts["backup"]["words"] == "the newest whole one was made 30.0 hours ago"


@pytest.mark.usefixtures("_runs")
@pytest.mark.parametrize("named", [True, False])
def test_no_backup_is_told(settings: Any, tmp_path: Path, named: bool) -> None:
    settings.DEMO, settings.BACKUP_DIR = False, (tmp_path / "none" if named else None)
    assert "backup" in bad(told(code=1))


@pytest.mark.usefixtures("_runs")
def test_letters_that_are_late_are_told(cast: TestCast) -> None:
    row = factories.reminder(factories.meeting(cast.reading), cast.carla)
    long_ago = timezone.now() - dt.timedelta(hours=1)
    Delivery.objects.filter(pk=row.pk).update(due_at=long_ago, next_try_at=long_ago)
    parts = told(code=1)
    assert bad(parts) - OF_THE_CAST == {"post"}
    assert parts["post"]["late"] == 1


@pytest.mark.usefixtures("_runs")
def test_who_should_have_been_erased_and_was_not_is_told(cast: TestCast, settings: Any) -> None:
    User.objects.filter(pk=cast.carla.pk).update(erase_at=timezone.now() - dt.timedelta(hours=2))
    parts = told(code=1)
    assert bad(parts) - OF_THE_CAST == {"erasures"}
    assert parts["erasures"]["late"] == 1
    User.objects.update(erase_at=None)
    settings.ERASURES_FILE = ""
    assert bad(told(code=1)) - OF_THE_CAST == {"erasures"}


@pytest.mark.usefixtures("_runs")
def test_a_clock_that_stands_still_is_told() -> None:
    cache.delete(tasks.LAST_TICK)
    post.beat(timezone.now() - dt.timedelta(minutes=9))
    parts = told(code=1)
    assert bad(parts) == {"clock", "rounds of letters"}
    assert parts["clock"]["words"] == "nobody knows when it last came by"


@pytest.mark.usefixtures("_runs")
def test_work_in_hand_and_a_full_disk_are_told(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.MAINTENANCE_FILE = tmp_path
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: Usage(10**12, 10**12, 10**9))
    parts = told(code=1)
    assert bad(parts) == {"maintenance", "disk", "disk of backups"}
    assert parts["disk"]["words"] == "0.9 GiB left"


@pytest.mark.usefixtures("_runs")
def test_a_part_that_is_away_keeps_no_other_from_being_told() -> None:
    def away(*_args: Any) -> None:
        raise DatabaseError("FATAL: password of samenspraak on 10.0.0.7")

    with connection.execute_wrapper(away):
        parts = told(code=1)
    assert {"database", "migrations", "post"} <= bad(parts)
    assert {"clock", "backup", "disk"}.isdisjoint(bad(parts))
    assert parts["migrations"]["words"] == "does not answer (DatabaseError)"
    assert "10.0.0.7" not in json.dumps(parts)


@pytest.mark.usefixtures("_runs")
def test_steps_that_were_not_taken_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = MigrationRecorder.applied_migrations

    def all_but_one(self: MigrationRecorder) -> dict[tuple[str, str], Any]:
        """As after an upgrade, whose newest step nobody took yet."""
        known = taken(self)
        return {step: row for step, row in known.items() if step != max(s for s in known if s[0] == "cards")}

    monkeypatch.setattr(MigrationRecorder, "applied_migrations", all_but_one)
    parts = told(code=1)
    assert bad(parts) == {"migrations"}
    assert "run migrate" in parts["migrations"]["words"]


def test_the_version_is_that_of_the_package() -> None:
    assert condition.version()


@pytest.mark.usefixtures("_runs")
def test_a_school_at_which_nobody_gives_roles_is_named(cast: TestCast) -> None:
    parts = told(code=1)
    assert bad(parts) == {"offices"}
    assert parts["offices"]["schools"] == 1
    written = StringIO()
    with pytest.raises(SystemExit):
        call_command("status", stdout=written)
    assert "at 1 schools nobody can give roles (manage.py seat): de-eik" in written.getvalue()
    BoardMembership.objects.create(board=cast.schools["de-eik"].board, user=cast.irma, from_date=dt.date(2020, 1, 1))
    assert bad(told(code=0)) == set()
