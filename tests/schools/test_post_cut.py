"""The database goes away in the middle of a round: the loop lives on, and nothing is lost."""

from __future__ import annotations

import signal
import subprocess
import time
from collections import Counter

import pytest
from django.conf import settings
from django.db import connection, connections, transaction

from schools import tenancy
from schools.models import Delivery
from tests import smtp_sink, walled
from tests.schools import test_post_kill as kill

due = kill.due
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="a file does not go away"),
]


def cut_others(mine: int) -> None:
    """End the database connections of everybody else on this test's database, as a restart does."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(walled.OVER_IT)
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), %s)",
            [mine],
        )
    connections.close_all()  # of the thread that talks to the mail client


def own_number() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def test_a_database_that_goes_away_costs_no_letter(due: None) -> None:
    mine = own_number()
    with smtp_sink.running() as sink:

        def cut(at: str, _who: str, seen: int) -> None:
            if at == "data" and seen == kill.LETTERS // 3:
                cut_others(mine)

        sink.script = cut
        loop = kill.start(sink, "--loop", lines=1)
        _until_it_stands(loop, sink)
        loop.send_signal(signal.SIGTERM)
        said, _errors = loop.communicate(timeout=30)
        assert (loop.returncode, said.decode().endswith("The post has stopped.\n")) == (0, True)
        kill.run_out_of_lease()
        second = kill.start(sink, "--once")
        second.communicate(timeout=60)
        copies = Counter(sink.recipients)
    assert len(copies) == kill.LETTERS
    assert set(copies.values()) == {1}  # the note waited for the database to come back
    with tenancy.acting_for_system("tests"):
        assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def _until_it_stands(loop: subprocess.Popen[bytes], sink: smtp_sink.Sink) -> None:
    """The round broke down, or went on with a new connection and is done."""
    before = -1
    while len(sink.accepted) <= kill.LETTERS // 3 or before != len(sink.accepted):
        before = len(sink.accepted)
        assert loop.poll() is None, "the loop ended"
        time.sleep(2)
        if len(sink.accepted) == before >= kill.LETTERS // 3:
            break
