"""The judge of `make faults` is not blind: it sees what is lost, what came twice and what nobody accepted."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from benchmarks.faults import rows_tests, table, verdict
from benchmarks.relay import Accepted
from samenspraak import environment
from schools import post, tenancy
from schools.models import Delivery
from tests import parts, smtp_sink
from tests.conftest import TestCast, gather
from tests.schools.conftest import KIND, letter

LETTERS = 4
ARM_ALL = """
from importlib import import_module
from benchmarks.faults import engine
engine.set_up()
points, post = import_module("benchmarks.faults.points"), import_module("schools.post")
for point in points.POINTS:
    points.arm(point)
print(post.LEASE, len(points.POINTS))
"""
# P10 stands in beat, which asks the broker and no letter.
GO_PAST_ALL = f"""
from importlib import import_module
from benchmarks.faults import engine
engine.set_up()
points, post = import_module("benchmarks.faults.points"), import_module("schools.post")
passed = set()
points.pass_by = passed.add
for point in points.POINTS:
    points.arm(point)
post.register({KIND!r}, lambda rows, now: {{row.pk: post.Letter("Onderwerp", "Tekst", "<p>Tekst</p>") for row in rows}})
import_module("schools.tasks").deliver()
print(*sorted(passed))
"""


def accepted(row: Delivery, *, late: float = 1.0) -> Accepted:
    return Accepted(row.due_at.timestamp() + late, row.message_id, "somebody@dewilg.example", 1000)


def written(cast: TestCast, **values: object) -> list[Delivery]:
    """Letters that were due a minute ago and, unless a test says otherwise, left at their first try."""
    now = timezone.now()
    given = {"due_at": now - dt.timedelta(minutes=1), "expires_at": now + dt.timedelta(days=1), **values}
    given = {"state": "sent", "sent_at": now, "attempts": 1, **given}
    wilg = cast.schools["de-wilg"]
    return [
        letter(cast.carla, wilg, subject=subject, **{"message_id": f"<{subject}@x>", **given})
        for subject in range(LETTERS)
    ]


def test_all_is_well(cast: TestCast) -> None:
    found = verdict.of([accepted(row) for row in written(cast)])
    assert found.is_clean
    assert (found.due, found.accepted, found.lost, found.duplicates) == (LETTERS, LETTERS, 0, 0)
    assert found.worst == pytest.approx(1.0)


def test_a_letter_that_we_call_sent_and_nobody_accepted_is_lost(cast: TestCast) -> None:
    rows = written(cast)
    found = verdict.of([accepted(row) for row in rows[1:]])
    assert (found.lost, found.audit, found.is_clean) == (1, (0, 1, 0), False)


@pytest.mark.parametrize("state", ["waiting", "leased"])
def test_a_letter_that_never_comes_to_its_end_is_lost(cast: TestCast, state: str) -> None:
    lease = {"lease": "0" * 32, "leased_until": timezone.now()} if state == "leased" else {}
    written(cast, state=state, sent_at=None, **lease)
    found = verdict.of([])
    assert (found.lost, found.is_clean) == (LETTERS, False)


def test_an_end_with_a_reason_is_no_loss_and_one_without_is(cast: TestCast) -> None:
    rows = written(cast, state="dropped", sent_at=None, reason="expired", message_id="")
    assert verdict.of([]).is_clean
    Delivery.objects.filter(pk=rows[0].pk).update(reason="")
    assert verdict.of([]).lost == 1


def test_a_second_copy_is_counted_and_its_tries_are_looked_at(cast: TestCast) -> None:
    rows = written(cast)
    found = verdict.of([accepted(row) for row in [*rows, rows[0]]])
    assert (found.duplicates, found.doubled_at_one_try, found.lost) == (1, 1, 0)
    Delivery.objects.filter(pk=rows[0].pk).update(attempts=2)
    assert verdict.of([accepted(row) for row in [*rows, rows[0]]]).doubled_at_one_try == 0


def test_what_the_ledger_does_not_know_of_shows_in_the_audit(cast: TestCast) -> None:
    rows = written(cast)
    stranger = Accepted(0.0, "<9@x>", "somebody@dewilg.example", 1000)
    assert verdict.of([*map(accepted, rows), stranger]).audit == (1, 0, 0)
    Delivery.objects.filter(pk=rows[0].pk).update(state="dropped", reason="expired", sent_at=None, attempts=0)
    assert verdict.of([*map(accepted, rows)]).audit == (1, 0, 0)
    Delivery.objects.filter(pk=rows[0].pk).update(attempts=1)  # a killed round had it before
    assert verdict.of([*map(accepted, rows)]).audit == (0, 0, 0)


def test_every_row_has_its_place() -> None:
    assert {str(row) for row in range(1, 28)} - table.ROWS.keys() == {"26"}  # the audit, in each of them
    for _name, tests in rows_tests.TESTS.values():
        for test in tests:
            path, _, function = test.partition("::")
            assert f"def {function}" in (parts.ROOT / path).read_text()


def run(program: str, folder: Path, **values: str) -> list[str]:
    """What an engine's process says that does this."""
    given = {"FAULTS_ORDERS": str(folder), "FAULTS_PACE": "0.1", "FAULTS_TICK": "1", "FAULTS_BATCH": "100", **values}
    folders = os.pathsep.join([str(parts.ROOT), str(parts.ROOT / "platform")])
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | given | {"PYTHONPATH": folders, "DJANGO_SETTINGS_MODULE": "samenspraak.settings"},
        cwd=parts.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_every_point_finds_the_door_it_stands_at(tmp_path: Path) -> None:
    assert run(ARM_ALL, tmp_path) == ["0:00:30", "10"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="another process needs a server")
def test_every_letter_goes_past_the_points(tmp_path: Path) -> None:
    now = post.clock()
    with tenancy.acting_for_system("tests"):
        cast = gather()
        letter(cast.carla, cast.schools["de-wilg"], due_at=now, expires_at=now + dt.timedelta(days=1))
    address = urlsplit(environment.text("DATABASE_URL"))._replace(path=f"/{connection.settings_dict['NAME']}")
    with smtp_sink.running() as sink:
        passed = run(GO_PAST_ALL, tmp_path, DATABASE_URL=address.geturl(), EMAIL_URL=sink.url)
        assert sink.recipients == ["carla@dewilg.example"]
    assert passed == [f"P{number}" for number in range(1, 10)]
