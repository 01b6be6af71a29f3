"""Errors come to who keeps the site: soon, together, with kinds and places, and nothing of what anybody typed."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import IntegrityError

from samenspraak import alarm_letters, alarms, tasks
from schools import post
from tests import smtp_sink
from tests.conftest import TestCast

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
HUGO = "hugo@beheer.example"
TYPED = "Key (email)=(carla@dewilg.example) already exists."


@pytest.fixture(autouse=True)
def _nothing_noted() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def log() -> Iterator[logging.Logger]:
    """A logger whose errors operators hear of, as in production."""
    found = logging.getLogger("tests.alarms")
    handler = alarms.Handler(logging.ERROR)
    found.addHandler(handler)
    found.propagate = False
    yield found
    found.removeHandler(handler)


def _break(log: logging.Logger) -> None:
    try:
        raise IntegrityError(TYPED)  # noqa: TRY301  # as the database does
    except IntegrityError:
        log.exception("Broke: %s", TYPED)


def _bodies() -> list[str]:
    return [str(one.body) for one in mail.outbox]


def test_it_works(cast: TestCast, log: logging.Logger) -> None:
    for _time in range(3):
        _break(log)
    log.error("The letters of %s cannot be mended: %s.", "x", "ValueError")
    log.warning("No reason to write.")
    assert alarm_letters.tell(now=NOW) == 1
    (letter,) = mail.outbox
    assert letter.to == [HUGO]
    assert letter.subject == "Samenspraak: er ging iets stuk, 4 keer"
    assert "3 x IntegrityError, tests/platform/test_alarms.py:" in str(letter.body)
    assert "1 x error, test_alarms:" in str(letter.body)
    assert "carla" not in f"{letter.body}{getattr(letter, 'alternatives', '')}"


def test_all_is_well_is_no_letter(cast: TestCast) -> None:
    assert alarm_letters.tell(now=NOW) == 0
    assert mail.outbox == []


def test_a_storm_is_one_letter_a_quarter_of_an_hour(cast: TestCast, log: logging.Logger) -> None:
    for _minute in range(5):
        for _time in range(100):
            _break(log)
        alarm_letters.tell(now=NOW)
    assert len(mail.outbox) == 1
    assert "100 x" in _bodies()[0]
    cache.delete(alarm_letters._TOLD)  # the quarter is over
    alarm_letters.tell(now=NOW)
    assert "400 x" in _bodies()[1]


def test_many_kinds_are_told_as_one(cast: TestCast) -> None:
    for number in range(30):
        alarms.note("x", "error", f"a.py:{number} f", "workgroups:group")
    alarm_letters.tell(now=NOW)
    assert _bodies()[0].count("workgroups:group") == alarms.MOST_KINDS
    assert "En nog 10 fouten, van soorten die hier niet staan." in _bodies()[0]
    assert mail.outbox[0].subject.endswith("30 keer")


def test_the_settings_say_who_hears(db: None, settings: Any) -> None:
    settings.ALARM_MAIL = ["wacht@beheer.example", "dienst@beheer.example"]
    alarms.note("x", "error", "a.py:1 f")
    assert alarm_letters.tell(now=NOW) == 2
    assert [one.to for one in mail.outbox] == [["wacht@beheer.example"], ["dienst@beheer.example"]]


def test_who_was_an_operator_hears_no_more(cast: TestCast) -> None:
    cast.hugo.operator_grants.update(until_date=NOW.date() - dt.timedelta(days=1))
    alarms.note("x", "error", "a.py:1 f")
    assert alarm_letters.tell(now=NOW) == 0


def test_what_did_not_leave_is_told_later(cast: TestCast, settings: Any) -> None:
    alarms.note("x", "error", "a.py:1 f")
    with smtp_sink.running() as sink:
        sink.script = lambda stage, _to, _seen: "451 later" if stage == "rcpt" else None
        for name, value in smtp_sink.settings_for(sink).items():
            setattr(settings, name, value)
        assert alarm_letters.tell(now=NOW) == 0
        sink.script = lambda _stage, _to, _seen: None
        cache.delete(alarm_letters._TOLD)
        assert alarm_letters.tell(now=NOW) == 1
        (arrived,) = sink.accepted
    assert arrived.recipient == HUGO
    assert "a.py:1 f" in arrived.parsed.as_string()


def test_what_was_told_as_one_is_told_later_too(cast: TestCast, settings: Any) -> None:
    for number in range(25):
        alarms.note("x", "error", f"a.py:{number} f", times=2)
    with smtp_sink.running() as sink:
        sink.script = lambda stage, _to, _seen: "451 later" if stage == "rcpt" else None
        for name, value in smtp_sink.settings_for(sink).items():
            setattr(settings, name, value)
        assert alarm_letters.tell(now=NOW) == 0
    faults, more = alarms.take()
    assert (len(faults), sum(one.times for one in faults), more) == (20, 40, 10)


def test_a_cache_that_is_away_breaks_nothing(log: logging.Logger, settings: Any) -> None:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": "redis://127.0.0.1:1/0"}
    }
    _break(log)


def test_the_clock_leaves_its_mark(cast: TestCast) -> None:
    tasks.tell_operators()
    assert cache.get(tasks.LAST_TICK)
    assert post.last_beat() is None
