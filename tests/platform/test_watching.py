"""Seen from outside: a number for each request, one line for each page and round, and nobody's name or words in it."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import shared_task
from django.db import IntegrityError
from django.test import Client

from benchmarks.faults import said
from samenspraak import logs, rounds, watching
from samenspraak.celery import app
from schools import actions
from schools.management import clockwork
from tests import factories, parts
from tests.conftest import LISTENER, TestCast
from tests.observations import steps
from tests.platform.test_settings import MACHINE, WHOLE

Lines = Callable[[], list[dict[str, Any]]]
TYPED = "Key (email)=(carla@dewilg.example) already exists: Carla de Boer."


@pytest.fixture
def lines() -> Iterator[Lines]:
    """What production's handler writes, line by line."""
    app.loader.import_default_modules()  # sets up logs anew
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.Json())
    root, each = logging.getLogger(), [logging.getLogger(f"samenspraak.{name}") for name in ("requests", "rounds")]
    before = [one.level for one in each]
    root.addHandler(handler)
    for one in each:
        one.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    root.removeHandler(handler)
    for one, level in zip(each, before, strict=True):
        one.setLevel(level)


def test_each_page_has_a_number_and_a_line(cast: TestCast, as_: Any, lines: Lines) -> None:
    answer = as_(cast.carla).get(f"/s/de-wilg/groups/{cast.reading.pk}/")
    (line,) = lines()
    assert line.pop("at").endswith("+00:00")
    assert line.pop("ms") > 0
    assert line == {
        "level": "info", "logger": "samenspraak.requests", "says": "request", "request": answer["X-Request-ID"],
        "route": "workgroups:group", "method": "GET", "status": 200,
    }  # fmt: skip


def test_what_is_not_there_tells_no_path(client: Client, db: None, lines: Lines) -> None:
    client.generic("PROPFIND", "/carla/de/boer/")
    told = lines()
    assert [line["says"] for line in told] == ["request", "Not Found"]
    assert (told[0]["route"], told[0]["method"], told[0]["status"]) == ("nowhere", "other", 404)
    assert told[0]["request"] == told[1]["request"]
    assert "carla" not in str(told)


def test_who_asks_what_of_a_visit_leaves_no_line(cast: TestCast, as_: Any, lines: Lines) -> None:
    """Whoever reads log and letters side by side must not learn who postponed."""
    visit = steps.accepted(cast)
    browser = as_(cast.carla)
    assert browser.get(f"/s/de-wilg/visits/{visit.pk}/").status_code == 200
    assert browser.post(f"/s/de-wilg/visits/{visit.pk}/postpone/").status_code == 302
    assert browser.get(f"/api/v1/schools/de-wilg/visits/{visit.pk}/").status_code == 200
    assert lines() == []
    browser.get("/about/")
    assert [line["route"] for line in lines()] == ["about"]


def _break(*_args: Any, **_values: Any) -> None:
    try:
        raise ValueError(TYPED)  # noqa: TRY301  # the cause of the next
    except ValueError as error:
        raise IntegrityError(TYPED) from error


def test_what_broke_tells_kinds_and_places_and_nothing_typed(
    cast: TestCast, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "call_oneself", _break)
    browser = Client(raise_request_exception=False)
    browser.force_login(cast.carla)
    answer = browser.post("/me/name/", {"given_name": "Zoë", "family_name": "Zand"})
    broke, request = lines()
    assert answer.status_code == request["status"] == 500
    assert (broke["level"], broke["says"], broke["error"]) == (
        "error",
        "Internal Server Error",
        "IntegrityError < ValueError",
    )
    assert any(one.startswith("schools/views/account.py:") for one in broke["where"])
    assert broke["request"] == request["request"] == answer["X-Request-ID"]
    assert answer["X-Request-ID"] in answer.text
    assert "Zand" not in str(broke)


def test_so_does_an_operation_of_the_api(cast: TestCast, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "call_oneself", _break)
    browser = Client(raise_request_exception=False)
    browser.force_login(cast.carla)
    body = {"given_name": "Zoë", "infix": "", "family_name": "Zand"}
    answer = browser.put("/api/v1/me/name/", body, content_type="application/json")
    assert answer.status_code == 500
    (broke,) = [line for line in lines() if line["level"] == "error" and "error" in line]
    assert broke["error"] == "IntegrityError < ValueError"
    assert broke["request"] == answer["X-Request-ID"]


def test_a_line_is_one_line_whatever_is_in_it() -> None:
    record = logging.LogRecord("x", logging.INFO, "", 1, "a\nb \u2028 %s", ("c@dewilg.example\r\n{}",), None)
    told = logs.Json().format(record)
    assert len(told.splitlines()) == 1
    assert json.loads(told)["says"] == "a\nb \u2028 (address)\r\n{}"


def test_a_librarys_own_stack_is_no_part_of_what_it_says() -> None:
    words = ("Message Error: %s\n%s", OSError("no broker"), ["File /opt/lib/x.py, line 1"])
    record = logging.LogRecord("celery.beat", logging.ERROR, "", 1, words[0], words[1:], None)
    assert json.loads(logs.Json().format(record))["says"] == "Message Error: no broker"


@pytest.mark.parametrize(
    ("status", "path", "told"), [(200, "/static/x.css", False), (500, "/static/x.css", True), (404, "/x/", True)]
)
def test_what_lies_ready_is_told_when_it_breaks(rf: Any, lines: Lines, status: int, path: str, told: bool) -> None:
    watching.tell(rf.get(path), status, 0.01)
    assert bool(lines()) is told


# --- Rounds -------------------------------------------------------------------------------


@shared_task(name="tests.break")
def _broken_round() -> None:
    _break()


def test_a_round_of_a_worker_is_one_line(db: None, lines: Lines) -> None:
    app.tasks["schools.deliver"].apply()
    (line,) = [line for line in lines() if line["logger"] == "samenspraak.rounds"]
    assert (line["task"], line["state"], line["letters"]) == ("schools.deliver", "done", {})
    assert line["ms"] > 0


def test_a_round_that_breaks_says_where(lines: Lines) -> None:
    _broken_round.apply()
    (line,) = [line for line in lines() if line["logger"] == "samenspraak.rounds"]
    assert (line["level"], line["state"], line["error"]) == ("error", "broken", "IntegrityError < ValueError")
    assert any(one.startswith("tests/platform/test_watching.py:") for one in line["where"])


def test_a_round_of_the_loop_is_one_line_too(lines: Lines) -> None:
    rounds.connect()
    clockwork.timed("schools.deliver", lambda: {"claimed": 3, "sent": 3, "failed": 0})
    with pytest.raises(IntegrityError):
        clockwork.timed("schools.reconcile", _break)
    done, broken = lines()
    assert (done["task"], done["letters"]) == ("schools.deliver", {"claimed": 3, "sent": 3})
    assert (broken["task"], broken["state"]) == ("schools.reconcile", "broken")


_SAY = """
import django, logging
django.setup()
from celery import signals
from samenspraak.celery import app
app.log.setup(loglevel="INFO")  # as a worker does
log = logging.getLogger("schools.post")
log.info("Quiet %s", "carla@dewilg.example")
logging.getLogger("celery.app.trace").error("Task raised: %s", "Carla de Boer")
logging.getLogger("django.request").warning("Not Found: %s", "/join/WOLK-LAMP-7/")
logging.getLogger("samenspraak.requests").info("request", extra={"route": "about", "status": 200})
"""


def test_production_writes_so_also_in_a_worker() -> None:
    """Celery's own set-up of logs, which repeats the words of errors, does not come over it."""
    env = {**WHOLE, **MACHINE, "DJANGO_SETTINGS_MODULE": "samenspraak.settings"}
    env["PYTHONPATH"] = os.pathsep.join([str(parts.ROOT), str(parts.ROOT / "platform")])
    said = subprocess.run([sys.executable, "-c", _SAY], env=env, capture_output=True, text=True, check=True).stderr
    told = [json.loads(line) for line in said.splitlines()]
    assert [(line["logger"], line["says"]) for line in told] == [
        ("schools.post", "Quiet (address)"),
        ("samenspraak.requests", "request"),
    ]
    assert told[1]["route"] == "about"


def test_a_fault_run_reads_its_logs_through(tmp_path: Path) -> None:
    """Row 67 of `make faults` would find each of these."""
    fine = '{"says": "round", "task": "observations.close_due_pulses_of_the_day", "round": "e36eecdc-273b-47"}'
    wrong = ["Lid 7 was here", "To: a@dewilg.example", '{"says": "key 0123456789abcdef0123456789abcdef"}']
    (tmp_path / "run-1").mkdir()
    (tmp_path / "run-1" / "worker-0.log").write_text("\n".join([fine, " worker-0@faults v5.7.0", *wrong]))
    assert said.look_through(tmp_path) == (5, wrong)


def test_the_suites_own_listener_hears_what_must_not_be_said(cast: TestCast) -> None:
    """What watches every other test would find each of these."""
    for words in ("Carla", "a@dewilg.example", "zwaluw7staart", factories.LONG_AGO.isoformat() * 4):
        logging.getLogger("x").warning("Said: %s", words)
    heard = LISTENER.take()
    assert len(heard) == 3  # an address is left out already
    assert all("..." not in line for line in heard)
