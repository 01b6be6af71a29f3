"""Numbers for who has the token: of all processes of a host together, and with no name in any label."""

from __future__ import annotations

import datetime as dt
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from samenspraak import metrics
from schools import post
from schools.models import Delivery
from schools.post import watch
from tests import factories, parts
from tests.conftest import TestCast
from tests.observations import steps
from tests.platform.test_settings import MACHINE, SECRET, WHOLE

TOKEN = "w" * 40
HELD = {"Authorization": f"Bearer {TOKEN}"}
Numbers = dict[tuple[str, tuple[str, ...]], float]


@pytest.fixture
def counting(settings: Any) -> Iterator[None]:
    """This process counts, for itself."""
    settings.METRICS_TOKEN = TOKEN
    metrics._meters.cache_clear()
    before = list(watch._WATCHERS)
    metrics.connect()
    cache.delete("metrics:ledger")
    yield
    watch._WATCHERS[:] = before
    metrics._meters.cache_clear()


def numbers(text: str) -> Numbers:
    """Each number by its name and the values of its labels, these in the order of their names."""
    samples = (one for family in text_string_to_metric_families(text) for one in family.samples)
    return {(one.name, tuple(value for _name, value in sorted(one.labels.items()))): one.value for one in samples}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {TOKEN}x"}])
def test_without_the_token_it_is_not_there(client: Client, db: None, counting: None, headers: dict[str, str]) -> None:
    assert client.get("/metrics", headers=headers).status_code == 404


def test_without_a_setting_it_is_not_there(client: Client, db: None) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404
    assert client.get("/metrics").status_code == 404


def test_pages_are_counted_by_their_address(cast: TestCast, as_: Any, counting: None) -> None:
    """And what is nobody's business is counted as one."""
    visit = steps.accepted(cast)
    browser = as_(cast.carla)
    for path in (f"groups/{cast.reading.pk}/", f"groups/{cast.reading.pk}/", f"visits/{visit.pk}/", "groups/7777777/"):
        browser.get(f"/s/de-wilg/{path}")
    told = numbers(browser.get("/metrics", headers=HELD).text)
    assert told["samenspraak_answers_total", ("workgroups:group", "2xx")] == 2
    assert told["samenspraak_answers_total", ("workgroups:group", "4xx")] == 1
    assert told["samenspraak_page_seconds_count", ("observations",)] == 1
    assert not [key for key in told if "visit" in str(key)]
    assert told["samenspraak_page_seconds_bucket", ("+Inf", "workgroups:group")] == 3


def test_letters_are_counted_by_their_end_and_how_late_they_left(cast: TestCast, counting: None) -> None:
    meeting = factories.meeting(cast.reading)
    due = meeting.starts_at - dt.timedelta(days=1)
    for person, minutes in ((cast.carla, 0), (cast.els, 20)):
        row = factories.reminder(meeting, person)
        Delivery.objects.filter(pk=row.pk).update(
            due_at=due - dt.timedelta(minutes=minutes), next_try_at=due - dt.timedelta(minutes=minutes)
        )
    row = factories.reminder(meeting, cast.daan)  # of another school
    Delivery.objects.filter(pk=row.pk).update(due_at=due, next_try_at=due)
    before = numbers(metrics.told().decode())
    assert before["samenspraak_letters_waiting", ()] == 3
    post.deliver(now=due)
    told = numbers(metrics.told().decode())
    assert told["samenspraak_letters_total", ("sent", "")] == 2
    assert told["samenspraak_letters_total", ("dropped", "left the school")] == 1
    assert told["samenspraak_letter_lag_seconds_bucket", ("600.0",)] == 1
    assert told["samenspraak_letter_lag_seconds_bucket", ("3600.0",)] == 2


def test_what_waits_is_asked_once_while_it_is_fresh(
    cast: TestCast, counting: None, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(7):  # three, and four of the door
        metrics.told()
    with django_assert_num_queries(0):
        metrics.told()


def test_what_is_late_is_told_with_its_reason(cast: TestCast, counting: None) -> None:
    row = factories.reminder(factories.meeting(cast.reading), cast.carla)
    Delivery.objects.filter(pk=row.pk).update(due_at=factories.NOW - dt.timedelta(days=900), reason="mail server down")
    told = numbers(metrics.told().decode())
    assert told["samenspraak_letters_late", ("mail server down",)] == 1
    assert told["samenspraak_oldest_late_seconds", ()] > 600


def test_who_counts_holds_up_no_letter(cast: TestCast, counting: None) -> None:
    def breaks(*_values: object) -> None:
        raise OSError("the disk is full")

    post.register_watcher(breaks)
    meeting = factories.meeting(cast.reading)
    factories.reminder(meeting, cast.carla)
    assert post.deliver(now=meeting.starts_at - dt.timedelta(hours=1)).sent == 1


_COUNT = """
import django
django.setup()
from samenspraak import metrics
metrics.page("about", 200, 0.2)
metrics.work("schools.deliver", "done", 0.2)
metrics.letters("sent", "", [3.0])
"""
_TELL = """
import django
django.setup()
from samenspraak import metrics
metrics._Ledger.collect = lambda self: []  # there is no database here
print(metrics.told().decode())
"""


def test_processes_of_a_host_count_together(tmp_path: Path) -> None:
    env = {**WHOLE, **MACHINE, "DJANGO_SETTINGS_MODULE": "samenspraak.settings"}
    env |= {"METRICS_TOKEN": SECRET, "METRICS_DIR": str(tmp_path)}
    env["PYTHONPATH"] = os.pathsep.join([str(parts.ROOT), str(parts.ROOT / "platform")])
    both = [subprocess.Popen([sys.executable, "-c", _COUNT], env=env) for _process in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    told = subprocess.run([sys.executable, "-c", _TELL], env=env, capture_output=True, text=True, check=True).stdout
    found = numbers(told)
    assert found["samenspraak_answers_total", ("about", "2xx")] == 2
    assert found["samenspraak_page_seconds_bucket", ("0.25", "about")] == 2
    assert found["samenspraak_round_seconds_count", ("done", "schools.deliver")] == 2
    assert found["samenspraak_letter_lag_seconds_sum", ()] == 6
    assert not re.search(r"pid=|127\.0\.0\.1|/tmp", told)
