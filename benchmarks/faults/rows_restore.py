"""Rows about copies: a site is put back while its engines run on, backups and restores are killed, a disk is full."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from django.db import connection
from django.test import override_settings
from django.utils import timezone

from benchmarks.faults import verdict, world
from benchmarks.faults.fleet import until
from benchmarks.faults.stage import TICK, Result, Stage, soon, spread, to_do
from benchmarks.relay import ROOT
from samenspraak.backup import box, files
from schools import actions, tenancy
from schools.models import Delivery, User
from tests import parts, walled

_FULL = 150_000  # bytes of a disk on which no backup has room


def _command(stage: Stage, *words: str) -> subprocess.Popen[str]:
    """manage.py as an operator runs it: the application's role for the one address, the owner's for the other."""
    address = "postgresql://{}@{}:{}/postgres"
    where = (stage.database.address, stage.database.port)
    told = {
        "DATABASE_URL": address.format(walled.ROLE, *where),
        "MIGRATION_DATABASE_URL": address.format("samenspraak", *where),
        "POSTGRESQL_PROGRAMS": str(parts.find().postgresql),
        walled.ASKED_FIRST: "",
    }
    command = [sys.executable, "manage.py", *words]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=ROOT, env=os.environ | told, stdout=pipe, stderr=pipe, text=True)


def _done(stage: Stage, *words: str) -> str:
    process = _command(stage, *words)
    said, why = process.communicate()
    if process.returncode:
        raise RuntimeError(f"manage.py {' '.join(words)}: {why}")
    return said


@contextmanager
def _signing_in() -> Iterator[None]:
    """The application's role signs in by itself, as it does on a site."""
    _tell(f"ALTER ROLE {walled.ROLE} LOGIN")
    try:
        yield
    finally:
        _tell(f"ALTER ROLE {walled.ROLE} NOLOGIN")


def _tell(words: str) -> None:
    """By a line of its own: a restore may have ended the one before."""
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute(words)


def _folder(stage: Stage, name: str) -> Path:
    return Path(tempfile.mkdtemp(prefix=f"{name}-", dir=stage.folder))


def put_back(stage: Stage) -> Iterator[Result]:
    """A copy under load; then letters leave and somebody is erased; then it comes back, and no engine is stopped."""
    due, lasts = stage.size(2000, least=240), 60.0
    here, folder = world.gather(due), _folder(stage, "copies")
    with stage.engines(workers=2, beats=1, loops=1, tick=TICK * stage.pace, lines=2) as fleet, _signing_in():
        fleet.keep()
        moments = spread(soon(), len(here.groups), lasts)
        world.write_down(here, moments.__getitem__)
        time.sleep(lasts / 4)
        _done(stage, "backup", "--to", str(folder))
        time.sleep(lasts / 4)
        erased = _erase_somebody(folder)
        before = stage.relay.count()
        said = _done(
            stage, "restore", str(next(folder.glob("*.backup"))),
            "--replace", "postgres", "--erasures", str(folder / "erasures.jsonl"),
        )  # fmt: skip
        connection.close()
        held = _held()
        until(lambda: to_do() == 0, seconds=lasts + 60, pause=0.5)
        times = Counter(one.recipient for one in stage.relay.accepted())
        twice_by_itself = sum(number > 1 for number in times.values())
        _done(stage, "post", "release", "--all")
        found = stage.finish(seconds=120)
    people = Counter(one.recipient for one in stage.relay.accepted())
    missing = due - len(people) - erased
    with tenancy.acting_for_system("faults"):
        back = User.objects.filter(email=_erased_address(here)).count()
    passed = not (twice_by_itself or back or found.states["held"]) and missing <= 0 and held > 0
    words = (
        f"{before} had left, {held} were held, {twice_by_itself} came twice by themselves; after the release "
        f"{sum(number > 1 for number in people.values())}; {max(0, missing)} people without a letter; {_last(said)}"
    )
    yield Result("put back while engines run", found, passed, words)


def _erase_somebody(folder: Path) -> int:
    """Somebody of the last group, whose letter is not due yet."""
    with override_settings(ERASURES_FILE=str(folder / "erasures.jsonl")), tenancy.acting_for_system("faults"):
        user = User.objects.filter(email__startswith="lid").latest("pk")
        actions.erase(user=user, now=timezone.now())
    return 1


def _erased_address(here: world.World) -> str:
    return str(here.people[here.groups[-1].pk][-1].email)


def _held() -> int:
    with tenancy.acting_for_system("faults"):
        return Delivery.objects.filter(state="held").count()


def _last(said: str) -> str:
    return next((line for line in said.splitlines() if line.startswith("Held")), said).rstrip(".")


def killed(stage: Stage) -> Iterator[Result]:
    """Backups are killed at any moment, and find a full disk: what has a backup's name is whole."""
    world.gather(stage.size(2000, least=240))
    folder, tries = _folder(stage, "killed"), stage.size(100, least=8)
    whole = damaged = 0
    with _signing_in():
        began = time.monotonic()
        _done(stage, "backup", "--to", str(folder))
        lasts = time.monotonic() - began
        for _number in range(tries):
            _kill_within(lasts, stage, "backup", "--to", str(folder))
            for one in files.whole(folder):
                whole, damaged = (whole + 1, damaged) if _reads(one.path) else (whole, damaged + 1)
                one.path.unlink()
        left = len(list(folder.iterdir()))
        full = _on_a_full_disk(stage)
    passed = not damaged and full in {"nothing is left", "not tried: no right to mount"}
    words = f"{tries} kills: {whole} whole, {damaged} damaged, {left} files without a name; on a full disk {full}"
    yield Result("backups killed; a full disk", verdict.nothing(), passed, words)


def _kill_within(lasts: float, stage: Stage, *words: str) -> None:
    process = _command(stage, *words)
    time.sleep(stage.chance.uniform(0.6, 1.0) * lasts)
    process.send_signal(signal.SIGKILL)
    process.communicate()


def _reads(path: Path) -> bool:
    try:
        box.look(path)
    except files.BackupError:
        return False
    return True


def _on_a_full_disk(stage: Stage) -> str:
    small = _folder(stage, "small")
    how = ["mount", "-t", "tmpfs", "-o", f"size={_FULL}", "tmpfs", str(small)]
    if not shutil.which("mount") or subprocess.run(how, check=False, capture_output=True).returncode:
        return "not tried: no right to mount"
    try:
        process = _command(stage, "backup", "--to", str(small))
        _said, why = process.communicate()
        left = [path.name for path in small.iterdir()]
        return (
            "nothing is left" if process.returncode == 1 and "No space left" in why and not left else f"{left}: {why}"
        )
    finally:
        subprocess.run(["umount", str(small)], check=False)


def killed_back(stage: Stage) -> Iterator[Result]:
    """Restores are killed at any moment: the tables are the old ones or the new ones, and nothing leaves meanwhile."""
    due = stage.size(2000, least=240)
    here, folder, tries = world.gather(due), _folder(stage, "back"), stage.size(40, least=5)
    world.write_down(here, lambda _number: soon(-60))
    odd: list[int] = []
    with _signing_in():
        _done(stage, "backup", "--to", str(folder))
        path = str(next(folder.glob("*.backup")))
        words = ("restore", path, "--replace", "postgres", "--without-erasures")
        began = time.monotonic()
        _done(stage, *words)
        lasts, rows = time.monotonic() - began, set()
        with stage.engines(workers=1, beats=1, tick=1.0) as fleet:
            fleet.keep()
            for number in range(tries):
                _kill_within(lasts, stage, *words)
                rows.add(_people_there())
                if _people_there() != _people_of(path):
                    odd.append(number)
            left_meanwhile = stage.relay.count()
            _done(stage, *words)
            time.sleep(3)
            left_after = stage.relay.count()
    passed = not (odd or left_meanwhile or left_after)
    words_ = f"{tries} kills; other rows than the copy's after {odd}; {left_meanwhile + left_after} letters left"
    yield Result("restores killed", verdict.nothing(), passed, words_)


def _people_there() -> int:
    """By a line of its own: what was killed may have had tables locked until a moment ago."""
    with suppress(Exception):
        connection.close()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM schools_user")
        return int(cursor.fetchone()[0])


def _people_of(path: str) -> int:
    return box.look(Path(path)).rows["schools_user"]


ROWS: dict[str, Callable[[Stage], Iterator[Result]]] = {
    "restore": put_back,
    "restore-kill": killed,
    "restore-back": killed_back,
}
