"""Two engines, one table: what beat brings, `manage.py deliver --loop` does too, without Celery and Redis."""

from __future__ import annotations

import datetime as dt
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

import pytest
from celery import signals
from django.conf import settings
from django.db import connection
from django.utils import timezone

from samenspraak.celery import app
from schools import post, tenancy
from schools.management import clockwork
from schools.models import Delivery
from tests import factories, parts, smtp_sink
from tests.conftest import gather
from workgroups import queries
from workgroups.models import Meeting

NOBODY_LISTENS = "redis://127.0.0.1:1/0"
DAY = dt.timedelta(days=1)


def test_beat_goes_by_the_table() -> None:
    schedule = {entry["task"]: entry["schedule"] for entry in app.conf.beat_schedule.values()}
    assert schedule == settings.PERIODIC_WORK


def test_the_loop_goes_by_the_table_too() -> None:
    assert {*clockwork.besides_letters(), clockwork.LETTERS} == set(settings.PERIODIC_WORK)


def test_every_periodic_task_of_ours_is_in_the_table() -> None:
    app.loader.import_default_modules()
    floors = {"cards", "schools", "workgroups", "observations", "samenspraak"}
    ours = {name for name in app.tasks if name.partition(".")[0] in floors}
    assert ours == set(settings.PERIODIC_WORK)


def test_a_worker_begins_as_the_loop_does_before_it_starts_a_process() -> None:
    app.loader.import_default_modules()
    before, pythons = gc.get_threshold(), (700, 10, 10)
    gc.set_threshold(*pythons)
    try:
        signals.worker_before_create_process.send(sender=None)
        assert gc.get_freeze_count() > 0
        assert gc.get_threshold() > pythons
    finally:
        gc.unfreeze()
        gc.set_threshold(*before)


@pytest.mark.django_db(transaction=True)
def test_work_that_breaks_down_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    with tenancy.acting_for_system("tests"):
        old = factories.meeting(gather().reading, timezone.localdate() - 20 * DAY)
    ended = Event()

    class Twice(dict[str, float]):
        """Ends the run when the second work is asked for its next time."""

        def __getitem__(self, name: str) -> float:
            if name == "workgroups.lapse_meetings":
                ended.set()
            return super().__getitem__(name)

    clockwork.run(Twice({"schools.no_such_work": 60.0, "workgroups.lapse_meetings": 60.0}), ended)
    assert "schools.no_such_work broke down: NotRegistered." in caplog.text
    with tenancy.acting_for_system("tests"):
        old.refresh_from_db()
    assert old.state == "lapsed"


@contextmanager
def _loop(sink: smtp_sink.Sink) -> Iterator[subprocess.Popen[str]]:
    """The second engine on this test's database; its Redis is not there."""
    database = connection.settings_dict
    login = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://{login}@{database['HOST']}:{database['PORT']}/{database['NAME']}",
        "EMAIL_URL": sink.url,
        "REDIS_URL": NOBODY_LISTENS,
    }
    command = [sys.executable, "manage.py", "deliver", "--loop"]
    with subprocess.Popen(command, env=environment, cwd=parts.ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="another process needs a server")
def test_the_loop_does_it_all_without_redis_and_ends_cleanly() -> None:
    now = timezone.now()
    with tenancy.acting_for_system("tests"):
        cast = gather()
        old = factories.meeting(cast.reading, timezone.localdate() - 20 * DAY)
        soon = timezone.localtime(now + dt.timedelta(hours=2))
        ahead = factories.meeting(cast.reading, soon.date(), soon.time())
        # The others' time is long past, so that whoever looks for what lacks adds nothing, at any hour of the day.
        (due,) = queries.remindings([ahead], {ahead.pk: [cast.carla.pk]}, schools=[ahead.school])
        post.write_down(
            kind="reminder", subject_id=ahead.pk, version=1, school_id=ahead.school_id, user_ids=[cast.carla.pk],
            due_at=due.due_at, expires_at=ahead.starts_at, now=now,
        )  # fmt: skip

    def done() -> bool:
        with tenancy.acting_for_system("tests"):
            lapsed = Meeting.objects.filter(pk=old.pk, state="lapsed").exists()
            return lapsed and Delivery.objects.filter(state="sent").count() == 1

    with smtp_sink.running() as sink, _loop(sink) as process:
        _until(done)
        process.send_signal(signal.SIGTERM)
        said, _errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert said.endswith("The post has stopped.\n")
    assert sink.recipients == ["carla@dewilg.example"]
