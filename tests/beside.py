"""A database beside the tests' own, empty, of an owner who is no superuser: what a site is put back into."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
from django.db import connection
from django.test import override_settings

from samenspraak import environment
from tests import parts, walled

KEEPER = "samenspraak_keeper"
_MADE = f"""
DO $$ BEGIN CREATE ROLE {KEEPER} LOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$
"""


def programs() -> str | None:
    """The folder of PostgreSQL's client programs, "" where they are on the path, None where there are none."""
    found = parts.find().postgresql
    if found and all((found / name).exists() for name in ("pg_dump", "pg_restore", "psql")):
        return str(found)
    return "" if shutil.which("pg_dump") and shutil.which("psql") else None


@contextmanager
def database(name: str, *, like: str = "") -> Iterator[None]:
    """A new database is the one that Django knows, for as long as the block lasts: empty, or ``like`` another."""
    own = dict(connection.settings_dict)
    _order(_MADE, f'DROP DATABASE IF EXISTS "{name}"')
    copy(like or "template1", name)
    connection.close()
    connection.settings_dict["NAME"] = name
    keeper: dict[str, Any] = {**own, "NAME": name, "USER": KEEPER}
    try:
        with override_settings(MIGRATION_DATABASE=keeper, POSTGRESQL_PROGRAMS=programs() or ""):
            yield
    finally:
        connection.close()
        connection.settings_dict |= own
        drop(name)


def copy(name: str, into: str) -> None:
    """Make a database as this one is, in which nobody is now."""
    _order(f'CREATE DATABASE "{into}" OWNER {KEEPER} TEMPLATE "{name}"')


def drop(name: str) -> None:
    """Take a database away, whoever is in it."""
    _order(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def name() -> str:
    """One that no other run has."""
    return f"{connection.settings_dict['NAME']}_beside_{os.getpid()}"


@contextmanager
def server(database: str = "postgres") -> Iterator[psycopg.Connection[Any]]:
    """A line to the server as who makes databases, for whom no wall stands."""
    told = environment.database(environment.text("DATABASE_URL"))  # whoever Django is just now
    way = {"host": told["HOST"], "port": told["PORT"], "user": told["USER"], "password": told["PASSWORD"]}
    with closing(psycopg.connect(**way, dbname=database, autocommit=True, options="-c role=none")) as line:
        yield line


def let_the_tests_in(database: str) -> None:
    """The role that tests are, in the tables of this database."""
    with server(database) as line:
        line.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {walled.ROLE}")
        line.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {walled.ROLE}")


def _order(*words: str) -> None:
    with server() as line:
        for one in words:
            line.execute(one)
