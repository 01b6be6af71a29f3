"""How everything stands, part by part: for whoever keeps the site running, and for a program that watches it."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from samenspraak import health, maintenance
from samenspraak.backup import files
from samenspraak.tasks import LAST_TICK
from schools import actions, post, queries, tenancy

OLD = dt.timedelta(hours=26)  # of a backup that is made every night
ROOM = 2 * 1024**3  # bytes that a disk should have left
_GIB = 1024**3
_MOST_NAMED = 5


@dataclass(frozen=True)
class Part:
    """One part: whether all is well with it, a sentence, and the same as numbers."""

    name: str
    is_well: bool
    words: str
    numbers: Mapping[str, object]


def parts(*, now: dt.datetime) -> list[Part]:
    """Every part, each tried by itself: one that does not answer is no reason to tell nothing of the others."""
    return [part for look in _LOOKS for part in _tried(look, now)]


def _tried(look: Callable[[dt.datetime], Iterator[Part]], now: dt.datetime) -> list[Part]:
    try:
        return list(look(now))
    except Exception as error:  # noqa: BLE001  # a part that is away fails in the ways of its library
        name = look.__name__.strip("_").replace("_", " ")
        return [Part(name, is_well=False, words=f"does not answer ({type(error).__name__})", numbers={})]


def version() -> str:
    """The version that is installed; of a checkout that was never installed nobody knows."""
    try:
        return metadata.version("samenspraak")
    except metadata.PackageNotFoundError:
        return "unknown"


def _version(_now: dt.datetime) -> Iterator[Part]:
    yield Part("version", is_well=True, words=f"{version()}, {settings.MODE}", numbers={"version": version()})


def _database(_now: dt.datetime) -> Iterator[Part]:
    answer = health.can_serve()
    failing = str(answer.get("part", ""))
    yield Part("database", not failing, f"the {failing} fails" if failing else "answers", {})


def _migrations(_now: dt.datetime) -> Iterator[Part]:
    executor = MigrationExecutor(connection)
    open_steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
    number = len(open_steps)
    words = f"{number} not taken: run migrate" if number else "all taken"
    yield Part("migrations", not number, words, {"open": number})


def _cache(now: dt.datetime) -> Iterator[Part]:
    key = "status:asked"
    cache.set(key, now.isoformat(), timeout=60)
    answers = cache.get(key) == now.isoformat() and health.broker_answers()
    yield Part("cache and broker", answers, "answer" if answers else "do not answer", {})


def _post(now: dt.datetime) -> Iterator[Part]:
    with post.open_ledger():
        found = post.status(now=now, since=now - dt.timedelta(days=7))
    late, failed = sum(found.late.values()), sum(found.failed.values())
    words = f"{found.waiting} letters wait, {late} are late, {found.held} are held; "
    words += f"of the last 7 days {found.sent} left and {failed} failed"
    numbers = {"waiting": found.waiting, "late": late, "held": found.held, "failed": failed, "sent": found.sent}
    yield Part("post", not (late or found.held), words, numbers)
    yield _since("rounds of letters", found.silence)


def _erasures(now: dt.datetime) -> Iterator[Part]:
    with actions.at_the_ledger():
        late = queries.erasures_late(now=now)
    words = f"{late} people should have been erased an hour ago"
    if not settings.ERASURES_FILE:
        words = f"ERASURES_FILE is not set, so nobody is erased; {words}"
    yield Part("erasures", bool(settings.ERASURES_FILE) and not late, words, {"late": late})


def _offices(now: dt.datetime) -> Iterator[Part]:
    with tenancy.acting_for_system("status"):
        found = list(queries.schools_without_anybody(timezone.localdate(now)).values_list("slug", flat=True))
    words = f"at {len(found)} schools nobody can give roles"
    words += f" (manage.py seat): {', '.join(found[:_MOST_NAMED])}" if found else ""
    yield Part("offices", not found, words, {"schools": len(found)})


def _clock(now: dt.datetime) -> Iterator[Part]:
    noted = cache.get(LAST_TICK)
    yield _since("clock", now - dt.datetime.fromisoformat(noted) if noted else None)


def _since(name: str, silence: dt.timedelta | None) -> Part:
    if silence is None:
        return Part(name, is_well=False, words="nobody knows when it last came by", numbers={"seconds": None})
    seconds = int(silence.total_seconds())
    return Part(name, not post.is_too_long(silence), f"came by {seconds} seconds ago", {"seconds": seconds})


def _disk(_now: dt.datetime) -> Iterator[Part]:
    for name, folder in (("disk", settings.BASE_DIR), ("disk of backups", settings.BACKUP_DIR)):
        if folder and Path(folder).exists():
            left = shutil.disk_usage(folder).free
            yield Part(name, left >= ROOM, f"{left / _GIB:.1f} GiB left", {"bytes_left": left})


def _backup(now: dt.datetime) -> Iterator[Part]:
    if settings.BACKUP_DIR is None:
        yield Part("backup", settings.DEMO, "BACKUP_DIR is not set: nobody knows of one", {"hours": None})
        return
    found = files.newest(Path(settings.BACKUP_DIR))
    if found is None:
        yield Part("backup", settings.DEMO, "there is none", {"hours": None})
        return
    age = now - found.taken_at
    hours = round(age.total_seconds() / 3600, 1)
    numbers = {"hours": hours, "bytes": found.size}
    yield Part("backup", age <= OLD, f"the newest whole one was made {hours} hours ago", numbers)


def _maintenance(_now: dt.datetime) -> Iterator[Part]:
    if maintenance.is_on():
        yield Part("maintenance", is_well=False, words="is on: visitors read that work is being done", numbers={})


_LOOKS = (_version, _database, _migrations, _cache, _post, _erasures, _offices, _clock, _disk, _backup, _maintenance)
