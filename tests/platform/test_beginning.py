"""A door that opens by itself: its transaction begins with its first words, in one message (samenspraak.postgresql)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import DatabaseError, OperationalError, connection, transaction
from psycopg.pq import Trace, TransactionStatus

from schools import tenancy
from schools.models import Board

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite begins in its own way"),
]
NUMBER = 90_909
OURS: Any = connection  # with its own verb


@contextmanager
def listening() -> Iterator[list[str]]:
    """What the server is asked meanwhile, each message by itself, as the client library tells it."""
    said: list[str] = []
    connection.ensure_connection()
    line = connection.connection.pgconn
    with tempfile.TemporaryFile("w+") as file:
        line.trace(file.fileno())
        line.set_trace_flags(Trace.SUPPRESS_TIMESTAMPS)
        try:
            yield said
        finally:
            line.untrace()
            file.seek(0)
            parts = [one.split("\t") for one in file if one.startswith("F\t")]
            assert {part[2] for part in parts} == {"Query"}
            said += [part[3].strip().strip('"') for part in parts]


def ask(question: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return cursor.fetchone()[0]


def told() -> str:
    return str(ask("SELECT coalesce(current_setting('samenspraak.system', true), '')"))


def at_rest() -> bool:
    """Nothing is open, and what comes next is a transaction by itself."""
    status = connection.connection.pgconn.transaction_status
    return bool(status == TransactionStatus.IDLE and connection.get_autocommit() and not connection.in_atomic_block)


def boards() -> int:
    return Board.objects.filter(number=NUMBER).count()


def test_a_door_asks_once_and_ends_once() -> None:
    with listening() as said, tenancy.acting_for_system("tests"):
        assert told() == "tests"
    assert [words.split(" ")[0] for words in said] == ["BEGIN;", "SELECT", "COMMIT"]
    assert (told(), at_rest()) == ("", True)


def test_another_transaction_begins_as_the_framework_has_it() -> None:
    with listening() as said, transaction.atomic():
        ask("SELECT 1")
    assert said == ["BEGIN", "SELECT 1", "COMMIT"]
    assert at_rest()


def _break_off() -> None:
    with tenancy.acting_for_system("tests"):
        Board.objects.create(number=NUMBER, name="De Waterkant")
        raise LookupError


def test_what_is_done_stays_and_what_breaks_off_does_not() -> None:
    with pytest.raises(LookupError):
        _break_off()
    assert (boards(), told(), at_rest()) == (0, "", True)
    with tenancy.acting_for_system("tests"):
        Board.objects.create(number=NUMBER, name="De Waterkant")
    assert (boards(), told(), at_rest()) == (1, "", True)


def test_doors_within_are_savepoints_and_shut_behind_themselves() -> None:
    with tenancy.acting_for_system("outer"):
        with listening() as said, tenancy.acting_as(AnonymousUser()):
            assert told() == ""
        assert not any(words.startswith(("BEGIN", "COMMIT")) for words in said)
        assert told() == "outer"
        with pytest.raises(DatabaseError), tenancy.acting_as(AnonymousUser()):
            ask("SELECT 1 / 0")
        assert told() == "outer"
    assert (told(), at_rest()) == ("", True)


def test_an_error_inside_leaves_nothing_open() -> None:
    with pytest.raises(DatabaseError), tenancy.acting_for_system("tests"):
        ask("SELECT 1 / 0")
    assert (told(), at_rest()) == ("", True)
    with tenancy.acting_for_system("tests"):
        Board.objects.create(number=NUMBER, name="De Waterkant")
        transaction.set_rollback(True)
    assert (boards(), told(), at_rest()) == (0, "", True)


def test_first_words_that_fail_leave_nothing_open() -> None:
    with pytest.raises(DatabaseError), OURS.beginning_with("SELECT 1 / 0", {}):
        pytest.fail("nobody comes in")
    with tenancy.acting_for_system("tests"):
        assert told() == "tests"
    assert at_rest()


def test_a_line_that_is_cut_is_no_longer_used() -> None:
    with pytest.raises(OperationalError):
        ask("SET ROLE NONE; SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(OperationalError), tenancy.acting_for_system("tests"):
        pytest.fail("nobody comes in")
    with tenancy.acting_for_system("tests"):
        assert told() == "tests"


def test_it_begins_nothing_within_another_transaction() -> None:
    refused = transaction.TransactionManagementError
    with transaction.atomic(), pytest.raises(refused), OURS.beginning_with("SELECT 1", {}):
        pytest.fail("nobody comes in")
    transaction.set_autocommit(False)
    try:
        with pytest.raises(refused), OURS.beginning_with("SELECT 1", {}):
            pytest.fail("nobody comes in")
        connection.rollback()
    finally:
        transaction.set_autocommit(True)
    with tenancy.acting_for_system("tests"):
        assert told() == "tests"
