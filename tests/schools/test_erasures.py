"""The ledger of erasures: numbers and times, on the disk before anybody goes, and again after a copy is put back."""

from __future__ import annotations

import datetime as dt
import json
import logging
import stat
from pathlib import Path
from typing import Any

import pytest

from samenspraak import checks
from schools import actions, erasures, queries
from schools.models import Delivery, User
from tests import factories
from tests.conftest import TestCast

NOW = factories.NOW
AN_HOUR = dt.timedelta(hours=1)
LINE = erasures.Line(12, NOW - 30 * AN_HOUR, NOW)


@pytest.fixture(autouse=True)
def ledger(settings: Any, tmp_path: Path) -> Path:
    path = tmp_path / "erasures.jsonl"
    settings.ERASURES_FILE = str(path)
    return path


def due(user: User, since: dt.timedelta = AN_HOUR) -> None:
    User.objects.filter(pk=user.pk).update(erase_at=NOW - since)


def test_a_line_holds_numbers_and_times_and_is_for_its_owner_alone(ledger: Path) -> None:
    erasures.write_down(LINE)
    assert json.loads(ledger.read_text()) == {
        "user": 12,
        "made": (NOW - 30 * AN_HOUR).isoformat(),
        "erased": NOW.isoformat(),
    }
    assert stat.S_IMODE(ledger.stat().st_mode) == 0o600
    assert erasures.read(erasures.lines_of(ledger)) == ([LINE], ())


def test_a_line_that_a_crash_cut_off_hurts_no_other(ledger: Path) -> None:
    erasures.write_down(LINE)
    with ledger.open("a") as file:
        file.write('{"user": 13, "ma')
    erasures.write_down(erasures.Line(14, NOW, NOW))
    found, unread = erasures.read(erasures.lines_of(ledger))
    assert [line.user for line in found] == [12, 14]
    assert unread == (2,)


@pytest.mark.parametrize(
    "words", ["[]", "{}", "twaalf", '{"user": "x", "made": "-"}', '{"user": 1, "made": "2026-01-01", "erased": ""}']
)
def test_what_says_nothing_is_counted(words: str) -> None:
    assert erasures.read(["", words]) == ([], (2,))


@pytest.mark.parametrize("ends", ["", "/nergens/erasures.jsonl", "/dev/full"])
def test_nobody_is_erased_without_a_ledger(
    cast: TestCast, settings: Any, caplog: pytest.LogCaptureFixture, ends: str
) -> None:
    settings.ERASURES_FILE = ends
    due(cast.carla)
    with caplog.at_level(logging.ERROR):
        assert actions.erase_due(now=NOW) == 0
    assert User.objects.filter(pk=cast.carla.pk, erase_at__isnull=False).exists()
    assert caplog.records, "somebody has to hear of it"
    assert cast.carla.family_name not in caplog.text
    assert queries.erasures_late(now=NOW) == 0
    assert queries.erasures_late(now=NOW + AN_HOUR) == 1
    with pytest.raises(erasures.LedgerDownError):
        actions.erase(user=cast.carla, now=NOW)


def test_the_clock_erases_who_is_due_and_nobody_else(cast: TestCast, ledger: Path) -> None:
    due(cast.carla, since=dt.timedelta(0))
    due(cast.daan, since=-dt.timedelta(seconds=1))
    made = cast.carla.created_at
    assert actions.erase_due(now=NOW) == 1
    assert actions.erase_due(now=NOW) == 0
    assert not User.objects.filter(pk=cast.carla.pk).exists()
    assert User.objects.filter(pk=cast.daan.pk).exists()
    assert erasures.read(erasures.lines_of(ledger))[0] == [erasures.Line(cast.carla.pk, made, NOW)]


def test_one_who_cannot_be_erased_keeps_nobody_waiting(
    cast: TestCast, caplog: pytest.LogCaptureFixture, ledger: Path
) -> None:
    due(cast.carla, since=2 * AN_HOUR)
    due(cast.daan)
    at = {"school": cast.schools["de-wilg"], "due_at": NOW, "next_try_at": NOW, "expires_at": NOW}
    letter = Delivery.objects.create(key="a", kind="reminder", subject_id=1, user=cast.carla, **at)
    Delivery.objects.create(key=f"gone:{letter.pk}", kind="reminder", subject_id=2, **at)  # a clash nobody thought of
    assert actions.erase_due(now=NOW) == 1
    assert User.objects.filter(pk=cast.carla.pk).exists()
    assert not User.objects.filter(pk=cast.daan.pk).exists()
    assert "could not be erased" in caplog.text
    assert [line.user for line in erasures.read(erasures.lines_of(ledger))[0]] == [cast.daan.pk]


def test_what_waits_or_is_held_never_leaves_and_what_left_went_to_nobody(cast: TestCast) -> None:
    at = {"school": cast.schools["de-wilg"], "due_at": NOW, "next_try_at": NOW, "expires_at": NOW + AN_HOUR}
    for number, state in enumerate(("waiting", "held", "sent")):
        told = {
            "key": state,
            "subject_id": number,
            "state": state,
            "message_id": f"<{number}@x.example>",
            "sent_at": NOW,
        }
        Delivery.objects.create(kind="reminder", user=cast.carla, **told, **at)
    actions.erase(user=cast.carla, now=NOW)
    rows = Delivery.objects.order_by("subject_id")
    assert [(row.state, row.user, row.message_id) for row in rows] == [
        ("dropped", None, "gone"),
        ("dropped", None, "gone"),
        ("sent", None, "gone"),
    ]


def test_who_was_erased_is_erased_again_after_a_copy_is_put_back(cast: TestCast, ledger: Path) -> None:
    kept = {field.attname: getattr(cast.irma, field.attname) for field in User._meta.concrete_fields}
    actions.erase(user=cast.irma, now=NOW)
    lines = [*erasures.lines_of(ledger), "{torn"]
    User.objects.bulk_create([User(**kept)])  # as the copy has it
    ledger.chmod(0o400)
    again = actions.erase_again(lines=lines, now=NOW)
    assert again == actions.Again(erased=1, absent=0, unread=(2,))
    assert not User.objects.filter(pk=kept["id"]).exists()
    assert actions.erase_again(lines=lines, now=NOW) == actions.Again(0, 1, (2,))
    assert len(erasures.lines_of(ledger)) == 1, "it is written down once"


def test_a_number_that_was_given_anew_hits_nobody_else(cast: TestCast, ledger: Path) -> None:
    other = {"user": cast.carla.pk, "made": (cast.carla.created_at - AN_HOUR).isoformat(), "erased": NOW.isoformat()}
    assert actions.erase_again(lines=[json.dumps(other)], now=NOW) == actions.Again(0, 1, ())
    assert User.objects.filter(pk=cast.carla.pk).exists()


def test_production_is_told_that_it_has_none(settings: Any) -> None:
    settings.ERASURES_FILE = ""
    assert "samenspraak.E009" in {one.id for one in checks.check_production(None)}
