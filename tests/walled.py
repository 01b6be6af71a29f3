"""The tests behind the second wall: they connect as the application does, as a role that owns no table.

The server's own role makes the databases; everything that a test or a program it starts does afterwards goes by the
other one, to which the wall applies.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from schools import tenancy, walls

ROLE = "samenspraak_app"
# Every connection to PostgreSQL made from here on, also by programs that we start, asks this first.
ASKED_FIRST = "PGOPTIONS"
BEHIND_IT = f"-c role={ROLE}"
# For the rest of a transaction: what only the tests do, such as emptying tables.
OVER_IT = "SET LOCAL ROLE NONE"
# For the rest of a transaction: a row is not looked up in the tables that it names, nor in those that name it.
UNCHECKED = "SET LOCAL session_replication_role = replica"
_MADE = f"""
DO $$ BEGIN CREATE ROLE {ROLE} NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
"""


def make_role() -> None:
    """The application's role on this server, let in to this database's tables."""
    with connection.cursor() as cursor:
        cursor.execute(_MADE)
    walls.let_in(ROLE)


def go_behind() -> None:
    """Be the application from the next connection on."""
    make_role()
    connection.close()
    os.environ[ASKED_FIRST] = BEHIND_IT
    connection_created.connect(_watch, dispatch_uid=__name__)


def come_back() -> None:
    """Be who makes databases and drops them."""
    connection.close()
    os.environ.pop(ASKED_FIRST, None)


def keep_open() -> None:
    """What a test's own door shows, again, after a request that had a door of its own; no query that a test counts."""
    opened = tenancy._inside.get()
    if opened and connection.vendor == "postgresql" and connection.in_atomic_block and not connection.needs_rollback:
        with connection.connection.cursor() as cursor:
            cursor.execute(opened.statement, opened.values)


def put_back(statements: Iterable[str]) -> str:
    """As one: rows that were found in order when they were first written, so neither wall nor keys look again."""
    if os.environ.get(ASKED_FIRST) != BEHIND_IT:
        return "; ".join(statements)
    checked = "SET LOCAL session_replication_role = DEFAULT"
    return "; ".join([OVER_IT, UNCHECKED, *statements, checked, f"SET LOCAL ROLE {ROLE}"])


_in_vain: ContextVar[bool] = ContextVar("in_vain", default=False)
_TOUCHES_ROWS = re.compile(r"\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\b")


def _watch(connection: BaseDatabaseWrapper, **_signal: object) -> None:
    if _refuse_outside not in connection.execute_wrappers:
        connection.execute_wrappers.append(_refuse_outside)


def _refuse_outside(execute: Callable[..., Any], sql: str, *told: Any) -> Any:
    """Outside a door the tables are empty: a test that looks there by mistake would find nothing wrong for ever."""
    shut = tenancy._inside.get() is None and "samenspraak.system" not in sql and not _in_vain.get()
    if shut and _TOUCHES_ROWS.match(sql) and (found := _walled().search(sql)):
        raise tenancy.OutsideTheDoorError(f"{found[0]} is asked for outside a door.")
    return execute(sql, *told)


@cache
def _walled() -> re.Pattern[str]:
    models = [model for model in apps.get_models() if any(one.column == "school_id" for one in model._meta.fields)]
    return re.compile(rf"\b({'|'.join(model._meta.db_table for model in models)})\b")


@contextmanager
def in_vain() -> Iterator[None]:
    """Look outside a door on purpose."""
    token = _in_vain.set(True)
    try:
        yield
    finally:
        _in_vain.reset(token)
