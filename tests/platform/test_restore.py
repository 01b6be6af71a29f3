"""A site goes from its first release to this version and comes back from a backup: nothing lost, nothing sent twice."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.db.models import F
from django.test import override_settings
from django.utils import timezone

from samenspraak import alarms, owner
from samenspraak.backup import box, engines, files, postgresql, sources, taking
from schools import actions, erasures, tenancy, walls
from schools.models import ApiToken, Board, Delivery, Roster, Session, User
from tests import beside, factories, parts
from workgroups.models import Meeting

pytestmark = [
    pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="this is PostgreSQL's way"),
    pytest.mark.skipif(beside.programs() is None, reason="pg_dump is not on this machine"),
]
RELEASES = sorted((parts.ROOT / "tests/platform/releases").glob("*.backup"))
MINUTE, DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)
# Grown by every version: they tell of the version, not of a school.
OF_THE_VERSION = {"django_migrations", "django_content_type", "auth_permission"}
# What a version changes on purpose: the table and the column, and why.
CHANGED: dict[tuple[str, str], str] = {}
_COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, column_default, character_maximum_length, is_identity
  FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2
"""
_CONSTRAINTS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2
"""
_INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1"
_POLICIES = "SELECT tablename, policyname, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2"


# What PostgreSQL writes otherwise once it has read its own writing: casts of texts, and brackets.
_CASTS = re.compile(r"::(character varying|text)(\[\])?|[() ]")


def shape(database: str) -> list[list[tuple[str, ...]]]:
    """What the tables of a database are like, without the cache's, which one of the two may lack."""
    with beside.server(database) as line:
        asked = (_COLUMNS, _CONSTRAINTS, _INDEXES, _POLICIES)
        found = [[tuple(_CASTS.sub("", str(one)) for one in row) for row in line.execute(each)] for each in asked]
    return [[row for row in rows if not row[0].startswith("cache")] for rows in found]


def rows_of(database: str, columns: dict[str, list[str]]) -> dict[tuple[str, str], str]:
    """What each of these columns holds, put together row by row."""
    found: dict[tuple[str, str], str] = {}
    with beside.server(database) as line:
        for table, names in columns.items():
            key = "id" if "id" in names else "session_key"
            sums = ", ".join(f"""md5(string_agg("{name}"::text, '|' ORDER BY "{key}"))""" for name in names)
            told = line.execute(f"SELECT {sums} FROM {table}").fetchone()  # noqa: S608  # our own tables
            found |= {(table, name): str(one) for name, one in zip(names, told or (), strict=True)}
    return found


def columns_of(database: str) -> dict[str, list[str]]:
    """The columns of each table that holds something of the site."""
    found: dict[str, list[str]] = {}
    for table, column, *_more in shape(database)[0]:
        if table not in OF_THE_VERSION and table != "cache":
            found.setdefault(table, []).append(column)
    return found


Before = dict[tuple[str, str], str]
BroughtUp = dict[Path, tuple[str, Before]]


@pytest.fixture(scope="module")
def brought_up() -> Iterator[BroughtUp]:
    """For each release that was put back already a copy of its database, and what was in it before the steps."""
    copies: BroughtUp = {}
    yield copies
    for name, _before in copies.values():
        beside.drop(name)


@contextmanager
def put_back_and_brought_up(release: Path, name: str, brought_up: BroughtUp) -> Iterator[Before]:
    """The release's own database, with the steps that came since; gives what was in it before these."""
    copy, before = brought_up.get(release, ("", {}))
    with beside.database(name, like=copy):
        if not copy:
            with owner.connected():
                engines.here().load(release, box.look(release), application="")
                before = rows_of(name, columns_of(name))
                call_command("migrate", interactive=False, verbosity=0)
            beside.let_the_tests_in(name)
            connection.close()
            brought_up[release] = (f"{name}_{len(brought_up)}", before)
            beside.copy(name, brought_up[release][0])
        yield before


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
@pytest.mark.django_db(transaction=True)
def test_every_release_comes_up_to_this_version_with_all_its_rows(release: Path, brought_up: BroughtUp) -> None:
    fresh, name = str(connection.settings_dict["NAME"]), beside.name()
    with put_back_and_brought_up(release, name, brought_up) as before:
        after = rows_of(name, columns_of(name))
        lost = [column for column, told in before.items() if column not in CHANGED and after.get(column) != told]
        assert lost == []
        assert len(before) > 300
        for here, there in zip(shape(name), shape(fresh), strict=True):
            assert here == there
        with owner.connected(lets_in=False):
            assert walls.open_tables() == []


@dataclass
class Site:
    """A site beside the tests', and what was planted in it."""

    name: str
    folder: Path
    carla: User
    anna: User
    meeting: Meeting
    letters: dict[str, Delivery]
    made: int = 0  # how many writers' pairs there were when they ended


@contextmanager
def running_site(folder: Path, brought_up: BroughtUp) -> Iterator[Site]:
    """The newest release's site, brought up to this version, with what waits, is signed in and is let in."""
    name = beside.name()
    with put_back_and_brought_up(RELEASES[-1], name, brought_up):
        with tenancy.acting_for_system("tests"):
            meeting = Meeting.objects.filter(state="planned").order_by("starts_at")[0]
            carla, anna = (User.objects.get(email=f"{short}@dewilg.example") for short in ("carla", "anna"))
            site = Site(name, folder, carla, anna, meeting, letters=waiting(meeting, anna))
            known = {"session_key": "a" * 64, "session_data": "", "expire_date": timezone.now() + DAY}
            Session.objects.create(**known, user=site.anna)
            Roster.objects.create(by=anna, school_id=meeting.school_id, made_at=timezone.now(), lines=[["wachtlijst"]])
            long_ago = timezone.now() - 800 * DAY  # without a role for long, by the copy
            User.objects.create_user("terug@dewilg.example", given_name="Terug", created_at=long_ago)
            alarms.note("tests", "error", "a.py:1 f")
            User.objects.filter(pk=site.anna.pk).update(erase_at=timezone.now() + MINUTE)  # and then took it back
        yield site


def waiting(meeting: Meeting, reader: User) -> dict[str, Delivery]:
    """A letter that was due, one on its way, and one for tomorrow."""
    now = timezone.now()
    lease = {"state": "leased", "lease": uuid.uuid4(), "leased_until": now + 5 * MINUTE, "attempts": 1}
    given: dict[str, dict[str, Any]] = {
        "past": {"due_at": now - MINUTE},
        "leased": {"due_at": now, **lease},
        "ahead": {"due_at": now + DAY},
    }
    return {
        kind: factories.reminder(meeting, reader, kind=kind, expires_at=now + 2 * DAY, **values)
        for kind, values in given.items()
    }


@contextmanager
def busy(site: Site) -> Iterator[None]:
    """Somebody writes two rows in each transaction, as long as the block lasts."""
    begun, ended = threading.Event(), threading.Event()

    def write() -> None:
        with beside.server(site.name) as line:
            while not ended.is_set():
                with line.transaction():
                    line.execute("INSERT INTO schools_board (number, name) VALUES (%s, 'even')", [10**6 + site.made])
                    line.execute("INSERT INTO schools_board (number, name) VALUES (%s, 'odd')", [2 * 10**6 + site.made])
                site.made += 1
                begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(timeout=60)
        yield
    finally:
        ended.set()
        writer.join()


def go_on(site: Site) -> list[str]:
    """After the copy was made: a meeting moves, somebody comes and somebody is erased; gives the ledger of that."""
    ledger = site.folder / "erasures.jsonl"
    with tenancy.acting_for_system("tests"), override_settings(ERASURES_FILE=str(ledger)):
        actions.erase(user=site.carla, now=timezone.now())
        User.objects.create_user("laatkomer@dewilg.example", given_name="Laat")
        Meeting.objects.filter(pk=site.meeting.pk).update(schedule_version=F("schedule_version") + 3)
    return erasures.lines_of(ledger)


@pytest.mark.django_db(transaction=True)
def test_a_site_comes_back_and_nothing_is_sent_or_opened_by_itself(tmp_path: Path, brought_up: BroughtUp) -> None:
    with time_machine.travel(box.look(RELEASES[-1]).moment + MINUTE), running_site(tmp_path, brought_up) as site:
        with busy(site):
            taken = taking.take(tmp_path, keep=None, now=timezone.now())
        what_opens_something_is_not_in_it(taken.path)
        assert len(go_on(site)) == 1
        newest = User.objects.latest("pk").pk
        with pytest.raises(files.BackupError, match=f"holds .* say --replace {site.name}"):
            restore(taken.path)
        assert User.objects.filter(pk=newest).exists()
        said = restore(taken.path, "--replace", site.name, "--erasures", f"{tmp_path / 'erasures.jsonl'}")
        assert "Erased again: 1 people." in said
        assert "by the copy: 1 people. Each has seven days anew" in said
        beside.let_the_tests_in(site.name)
        with tenancy.acting_for_system("tests"):
            it_is_the_copy(site)
            who_was_erased_is_gone(site)
            nothing_leaves_and_nobody_is_in(site)
            no_number_comes_twice(site, newest)
        assert walls.open_tables() == []


def it_is_the_copy(site: Site) -> None:
    """All of each transaction or nothing of it, and nothing of later."""
    boards = Counter(Board.objects.filter(number__gte=10**6).values_list("name", flat=True))
    assert 0 < boards["even"] == boards["odd"] <= site.made
    assert not User.objects.filter(email="laatkomer@dewilg.example").exists()


def what_opens_something_is_not_in_it(path: Path) -> None:
    """Neither who is signed in, nor a list that waits, nor a secret of the settings."""
    told = box.look(path)
    assert {told.rows[name] for name in sources.LEFT_OUT} == {0}
    program = postgresql._program("pg_restore")
    data = b"".join(box.chunks_of(path))
    said = subprocess.run([program, "--file=-"], input=data, capture_output=True, check=True).stdout
    assert b"terug@dewilg.example" in said, "what is in it can be read"
    for secret in ("a" * 64, "wachtlijst", settings.API_TOKEN_PEPPER, settings.SECRET_KEY):
        assert secret.encode() not in said


def who_was_erased_is_gone(site: Site) -> None:
    assert not User.objects.filter(pk=site.carla.pk).exists()
    assert User.objects.filter(email="terug@dewilg.example").exists(), "who may have come back since stays for a while"
    ends = User.objects.get(pk=site.anna.pk).erase_at
    assert ends is not None
    assert ends > timezone.now() + 7 * DAY


def nothing_leaves_and_nobody_is_in(site: Site) -> None:
    states = {kind: Delivery.objects.get(pk=row.pk).state for kind, row in site.letters.items()}
    assert states == {"past": "held", "leased": "held", "ahead": "waiting"}
    assert (Session.objects.count(), ApiToken.objects.count()) == (0, 0)
    assert mail.outbox == []


def no_number_comes_twice(site: Site, newest: int) -> None:
    """Not of a row, and not of a change that a calendar knows already."""
    assert User.objects.create_user("nieuw@dewilg.example", given_name="Nieuw").pk > newest
    assert Meeting.objects.get(pk=site.meeting.pk).calendar_number > site.meeting.schedule_version + 3


def restore(path: Path, *words: str) -> str:
    """Put it back as an operator does; what was said."""
    said = StringIO()
    call_command("restore", str(path), *words, *([] if "--erasures" in words else ["--without-erasures"]), stdout=said)
    return said.getvalue()
