"""Several hosts: what one that vanishes leaves behind, and the hosts on which `make faults` tries it."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, connection

from benchmarks.faults import hosts, rows_hosts, table
from samenspraak import environment
from schools import post, tenancy
from schools.models import Delivery
from schools.post import claim
from tests import parts
from tests.conftest import TestCast, gather
from tests.schools.conftest import letter

ON_SQLITE = "sqlite" in settings.DATABASES["default"]["ENGINE"]
LETTERS = 3
NO_STAGE: Any = None
TWO_HOSTS = """
import subprocess, sys
from benchmarks.faults import hosts
hosts.go_inside()
SERVE = "import socket; door = socket.create_server(('', 7)); print('ready', flush=True)\\nwhile True: door.accept()"
CALL = "import socket, sys; socket.create_connection((sys.argv[1], 7), timeout=1)"
def calls(one, other):
    words = [*one.place().way, sys.executable, "-c", CALL, other.address]
    return subprocess.run(words, capture_output=True).returncode == 0
with hosts.cabled(2) as (one, other):
    serve = [*other.place().way, sys.executable, "-c", SERVE]
    with subprocess.Popen(serve, stdout=subprocess.PIPE) as server:
        try:
            server.stdout.readline()
            print(calls(one, other))
            other.cut()
            print(calls(one, other))
            other.join()
            print(calls(one, other), one.keeper)
        finally:
            server.kill()
"""


@pytest.mark.skipif(ON_SQLITE, reason="SQLite is on one host, and knows no such setting")
def test_every_door_says_when_the_database_may_let_go(cast: TestCast) -> None:
    doors = [tenancy.acting_as(cast.carla), tenancy.acting_as(AnonymousUser()), tenancy.acting_for_system("tests")]
    for door in doors:
        with door, connection.cursor() as cursor:
            cursor.execute("SHOW idle_in_transaction_session_timeout")
            assert cursor.fetchone() == ("2min",)


@pytest.mark.skipif(ON_SQLITE, reason="SQLite is on one host")
@pytest.mark.django_db(transaction=True)
def test_letters_in_the_hand_of_a_host_that_vanished_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tenancy, "_SYSTEM", tenancy._SYSTEM.replace("'2min'", "'1500ms'"))
    now = post.clock()
    with tenancy.acting_for_system("tests"):
        cast = gather()
        for number in range(LETTERS):
            letter(cast.carla, cast.schools["de-wilg"], subject=number, due_at=now, expires_at=now + dt.timedelta(1))
    taken, seen = threading.Event(), dict[str, Any]()

    def vanish() -> None:
        try:
            with post.open_ledger():
                seen["held"] = len(claim.claim(now=now, limit=10))
                taken.set()
                time.sleep(2)
                Delivery.objects.count()
        except DatabaseError:
            seen["ended"] = True
        finally:
            taken.set()
            connection.close()

    host = threading.Thread(target=vanish)
    host.start()
    taken.wait()
    with post.open_ledger():
        assert claim.claim(now=now, limit=10) == []
    host.join()
    with post.open_ledger():
        assert len(claim.claim(now=now, limit=10)) == LETTERS
    assert seen == {"held": LETTERS, "ended": True}


def test_a_database_that_vanished_is_given_up_unless_somebody_wants_otherwise() -> None:
    usual = environment.database("postgresql://u@host/name")["OPTIONS"]
    assert usual["tcp_user_timeout"] == "30000"
    asked = environment.database("postgresql://u@host/name?sslmode=require&tcp_user_timeout=5000")["OPTIONS"]
    assert asked == {**usual, "sslmode": "require", "tcp_user_timeout": "5000"}
    assert "OPTIONS" in environment.database("sqlite:////tmp/x.sqlite3")


def test_hosts_are_cut_off_and_join_again_and_leave_nothing_behind() -> None:
    if not hosts._way():
        pytest.skip(f"Not here: {hosts.WHY_NOT}.")
    command = [sys.executable, "-c", TWO_HOSTS]
    done = subprocess.run(command, cwd=parts.ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stderr
    *said, keeper = done.stdout.split()
    assert said == ["True", "False", "True"]
    assert not Path(f"/proc/{keeper}").exists()


def test_the_rows_are_there_and_say_so_where_they_cannot_be_done() -> None:
    assert table._beginning_with("hosts") == ["hosts-power", "hosts-cut", "hosts-claim", "hosts-deploy"]
    for row in rows_hosts.ROWS.values():
        assert [(one.passed, one.words) for one in row(NO_STAGE)] == [(None, hosts.WHY_NOT)]
