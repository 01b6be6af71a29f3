"""The real worker on the real broker: what it was doing when it died is done by the next one."""

from __future__ import annotations

import datetime as dt
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from samenspraak.celery import app
from schools import post, tenancy
from schools.models import Delivery, Membership
from schools.roles import Role
from tests import factories, parts, smtp_sink
from tests.conftest import gather
from workgroups.models import Seat

LETTERS = 200
pytestmark = [pytest.mark.redis, pytest.mark.django_db(transaction=True)]


@contextmanager
def _worker(sink: smtp_sink.Sink) -> Iterator[subprocess.Popen[bytes]]:
    """A worker process of its own, on this test's database, writing to this sink."""
    database = connection.settings_dict
    login = database["USER"] + (f":{database['PASSWORD']}" if database["PASSWORD"] else "")
    environment = os.environ | {
        "DATABASE_URL": f"postgresql://{login}@{database['HOST']}:{database['PORT']}/{database['NAME']}",
        "EMAIL_URL": sink.url,
        "PYTHONPATH": os.pathsep.join([str(parts.ROOT), str(parts.ROOT / "platform")]),
    }
    command = [sys.executable, "-m", "celery", "-A", "samenspraak", "worker", "--concurrency", "2", "-l", "WARNING"]
    process = subprocess.Popen([*command, "-Q", _queue()], env=environment, cwd=parts.ROOT, start_new_session=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def _queue() -> str:
    """A queue of this test's own: other tests share the broker."""
    return f"test-{connection.settings_dict['NAME']}"


def _nudge() -> None:
    app.send_task("schools.deliver", queue=_queue())


def _until(true: Callable[[], bool], *, seconds: int = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def _write_down_reminders() -> set[str]:
    """A group so large that a kill falls in the middle of its letters; returns every member's address."""
    cast = gather()
    school = cast.schools["de-wilg"]
    meeting = factories.meeting(cast.reading, timezone.localdate() + dt.timedelta(days=1))
    people = [factories.person(f"Lid{number}") for number in range(LETTERS)]
    dated = {"school": school, "from_date": factories.LONG_AGO}
    Membership.objects.bulk_create(Membership(user=user, role=Role.TEACHER, **dated) for user in people)
    Seat.objects.bulk_create(Seat(group=cast.reading, user=user, **dated) for user in people)
    now = timezone.now()
    post.write_down(
        kind="reminder",
        subject_id=meeting.pk,
        version=meeting.schedule_version,
        school_id=school.pk,
        user_ids=[user.pk for user in people],
        due_at=now - dt.timedelta(minutes=1),
        expires_at=meeting.starts_at,
        now=now,
    )
    return {str(user.email) for user in people}


def test_a_killed_worker_loses_no_reminder() -> None:
    assert settings.REDIS_URL, "this test needs Redis"
    with smtp_sink.running() as sink:
        sink.delay = 0.02
        with tenancy.acting_for_system("tests"):
            addresses = _write_down_reminders()
        with _worker(sink) as worker:
            _nudge()
            _until(lambda: len(sink.accepted) >= LETTERS // 4)
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait(10)
        connections = sink.connections
        assert len(sink.accepted) < LETTERS, "the kill came too late to prove anything"
        with tenancy.acting_for_system("tests"):
            assert Delivery.objects.filter(state="leased").exists()
            Delivery.objects.filter(state="leased").update(leased_until=timezone.now())
        sink.delay = 0
        with _worker(sink):
            _nudge()
            _until(_all_are_at_their_end)
    assert set(sink.recipients) == addresses
    extra = [count - 1 for count in Counter(one.message_id for one in sink.accepted).values() if count > 1]
    assert sum(extra) <= connections
    with tenancy.acting_for_system("tests"):
        assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_a_worker_told_to_end_ends_what_it_has_in_hand() -> None:
    """No letter twice, none held for nothing, and the next worker goes on with the rest at once."""
    with smtp_sink.running() as sink:
        sink.delay = 0.02
        with tenancy.acting_for_system("tests"):
            addresses = _write_down_reminders()
        with _worker(sink) as worker:
            _nudge()
            _until(lambda: len(sink.accepted) >= LETTERS // 10)
            os.kill(worker.pid, signal.SIGTERM)  # as a service manager does that knows the first process alone
            assert worker.wait(60) == 0
        with tenancy.acting_for_system("tests"):
            assert not Delivery.objects.filter(state="leased").exists()
        if not _all_are_at_their_end():
            with _worker(sink):
                _nudge()
                _until(_all_are_at_their_end)
    assert sorted(sink.recipients) == sorted(addresses)


def _all_are_at_their_end() -> bool:
    with tenancy.acting_for_system("tests"):
        return not Delivery.objects.filter(state__in=["waiting", "leased"]).exists()
