"""Kill -9 in the middle of a round: nothing is lost, and at most one letter comes twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from samenspraak import environment
from samenspraak.demo import cast as told
from schools import post, tenancy
from schools.models import Delivery, Membership, User
from schools.roles import Role
from tests import factories, smtp_sink
from tests.schools.conftest import KIND, Kind

LETTERS = 200
PROGRAM = f"""
import sys
import django
django.setup()
from django.core.management import call_command
from schools import post
post.register({KIND!r}, lambda rows, now: {{row.pk: post.Letter("Onderwerp", "Tekst", "<p>Tekst</p>") for row in rows}})
call_command("deliver", sys.argv[1])
"""

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="another process needs a server"),
]


@pytest.fixture
def due() -> None:
    """200 letters to 200 people that are due now by the database's clock."""
    now = post.clock()
    with tenancy.acting_for_system("tests"):
        school = told.gather(since=factories.LONG_AGO, password=None).schools["de-wilg"]
        people = User.objects.bulk_create(
            User(email=f"lid{n}@dewilg.example", given_name=f"Lid {n}") for n in range(LETTERS)
        )
        Membership.objects.bulk_create(
            Membership(user=person, school=school, role=Role.TEACHER, from_date=factories.LONG_AGO) for person in people
        )
        post.write_down(
            kind=KIND, subject_id=1, version=1, school_id=school.pk, user_ids=[person.pk for person in people],
            due_at=now, expires_at=now + post.LEASE * 100, now=now,
        )  # fmt: skip


def start(sink: smtp_sink.Sink, how: str = "--once", *, lines: int = 4) -> subprocess.Popen[bytes]:
    address = urlsplit(environment.text("DATABASE_URL"))
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, how],
        stdout=subprocess.PIPE,
        env=os.environ | {
            "DATABASE_URL": address._replace(path=f"/{connection.settings_dict['NAME']}").geturl(),
            "EMAIL_URL": sink.url,
            "MAIL_CONNECTIONS": str(lines),
            "DJANGO_SETTINGS_MODULE": "samenspraak.settings",
            "PYTHONPATH": os.pathsep.join(map(str, [settings.BASE_DIR, settings.PACKAGE_DIR.parent])),
        },
    )  # fmt: skip


def run_out_of_lease() -> None:
    with tenancy.acting_for_system("tests"):
        Delivery.objects.filter(state="leased").update(leased_until=post.clock())


@pytest.mark.parametrize("lines", [1, 4])
@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_a_killed_process_loses_no_letter(due: None, stage: str, lines: int) -> None:
    with smtp_sink.running() as sink:
        process = start(sink, lines=lines)

        def kill(at: str, _who: str, seen: int) -> None:
            if at == stage and seen == LETTERS // 3:
                process.send_signal(signal.SIGKILL)
                process.wait()

        sink.script = kill
        assert process.wait(timeout=60) == -signal.SIGKILL
        if process.stdout:
            process.stdout.close()
        with tenancy.acting_for_system("tests"):
            sent = Delivery.objects.filter(state="sent").count()
            assert Delivery.objects.filter(state="leased").count() == LETTERS - sent
        # The other lines go on until the signal arrives; none of them holds more than one letter that is not noted.
        assert abs(sent - LETTERS // 3) <= (0 if lines == 1 else LETTERS // 4)
        assert len(sink.accepted) - sent <= lines
        run_out_of_lease()
        second = start(sink)
        told_us, _errors = second.communicate(timeout=60)
        assert second.returncode == 0
        assert f"sent {LETTERS - sent}," in told_us.decode()
        copies = Counter(sink.recipients)
        numbers = Counter(one.message_id for one in sink.accepted)
    assert len(copies) == len(numbers) == LETTERS
    assert sum(copies.values()) - LETTERS <= (lines if stage == "data" else lines - 1)
    with tenancy.acting_for_system("tests"):
        assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
        twice = Delivery.objects.filter(message_id__in=[number for number, times in numbers.items() if times > 1])
        assert all(row.attempts > 1 for row in twice)


def test_rounds_at_the_same_time_share_the_letters(due: None, kind: Kind, settings: Any) -> None:
    with smtp_sink.running() as sink:
        for name, value in smtp_sink.settings_for(sink).items():
            setattr(settings, name, value)
        sink.delay = 0.002
        totals: list[post.Outcome] = []

        def rounds() -> None:
            try:
                totals.append(post.deliver_all(limit=20))
            finally:
                connection.close()

        threads = [threading.Thread(target=rounds) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        assert sum(total.sent for total in totals) == LETTERS
        assert Counter(sink.recipients).most_common(1)[0][1] == 1
        assert len(set(sink.recipients)) == LETTERS


def test_what_was_made_ready_ahead_goes_back_when_told_to_stop(due: None, kind: Kind, settings: Any) -> None:
    with smtp_sink.running() as sink:
        for name, value in smtp_sink.settings_for(sink).items():
            setattr(settings, name, value)
        sink.delay = 0.02
        outcome = post.deliver_all(limit=50, stop=lambda: len(sink.accepted) > 40)
    assert outcome.sent == len(sink.accepted) < 100
    assert outcome.claimed == 100
    assert len(kind.asked) == 2
    with tenancy.acting_for_system("tests"):
        waiting = Delivery.objects.filter(state="waiting", attempts=0, lease=None)
        assert waiting.count() == LETTERS - outcome.sent


def test_the_loop_ends_cleanly_when_told(due: None) -> None:
    with smtp_sink.running() as sink:
        process = start(sink, "--loop")
        deadline = time.monotonic() + 60
        while len(sink.accepted) < LETTERS and time.monotonic() < deadline:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        said, _errors = process.communicate(timeout=20)
    assert process.returncode == 0
    assert f"sent {LETTERS}," in said.decode()
    assert said.decode().endswith("The post has stopped.\n")
