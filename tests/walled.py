"""The tests behind the second wall: they connect as the application does, as a role that owns no table.

The server's own role makes the databases; everything that a test or a program it starts does afterwards goes by the
other one, to which the wall applies.
"""

from __future__ import annotations

import os

from django.db import connection

from schools import tenancy, walls

ROLE = "samenspraak_app"
# Every connection to PostgreSQL made from here on, also by programs that we start, asks this first.
ASKED_FIRST = "PGOPTIONS"
BEHIND_IT = f"-c role={ROLE}"
# For the rest of a transaction: what only the tests do, such as emptying tables.
OVER_IT = "SET LOCAL ROLE NONE"
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
