"""An index on a table that people write to is made beside their work by PostgreSQL; SQLite makes a plain one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, models
from django.db.migrations import CreateModel
from django.db.migrations.state import ProjectState

from schools.indexes import IndexBeside

States = tuple[ProjectState, ProjectState]
SHOES = CreateModel("Shoe", [("id", models.BigAutoField(primary_key=True)), ("size", models.IntegerField())])
BY_SIZE = IndexBeside("shoe", models.Index(fields=["size"], name="by_size"))
pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def as_owner(*wishes: str) -> Iterator[Any]:
    """A cursor of this thread's connection, which may make tables meanwhile."""
    try:
        with connection.cursor() as cursor:
            for one in ("SET ROLE NONE", *wishes) if connection.vendor == "postgresql" else ():
                cursor.execute(one)
            yield cursor
    finally:
        connection.close()


@pytest.fixture
def shoes() -> Iterator[States]:
    """A table of shoes, as it is and as it is with an index."""
    before = ProjectState()
    SHOES.state_forwards("schools", before)
    after = before.clone()
    BY_SIZE.state_forwards("schools", after)
    with as_owner(), connection.schema_editor() as editor:
        SHOES.database_forwards("schools", editor, ProjectState(), before)
    yield before, after
    with as_owner() as cursor:
        cursor.execute("DROP TABLE schools_shoe")


def _make(shoes: States, *wishes: str) -> None:
    with as_owner(*wishes), connection.schema_editor(atomic=False) as editor:
        BY_SIZE.database_forwards("schools", editor, *shoes)


def _is_there() -> bool:
    with as_owner() as cursor:
        found = connection.introspection.get_constraints(cursor, "schools_shoe")
        if "by_size" in found and connection.vendor == "postgresql":
            cursor.execute("SELECT indisvalid FROM pg_index WHERE indexrelid = 'by_size'::regclass")
            assert cursor.fetchone() == (True,)
    return "by_size" in found


def test_it_can_be_made_and_taken_away(shoes: States) -> None:
    before, after = shoes
    _make(shoes)
    assert _is_there()
    with as_owner(), connection.schema_editor(atomic=False) as editor:
        BY_SIZE.database_backwards("schools", editor, after, before)
    assert not _is_there()


@pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="nobody else is at work there")
def test_people_write_while_it_is_made(shoes: States) -> None:
    """It waits for whoever was writing before, longer than the limit of who runs it; others write meanwhile."""
    slow = connection.copy()
    maker = threading.Thread(target=_make, args=(shoes, "SET lock_timeout = '100ms'"))
    try:
        with slow.cursor() as writes:
            writes.execute("SET ROLE NONE")
            writes.execute("BEGIN")
            writes.execute("INSERT INTO schools_shoe (size) VALUES (40)")
            maker.start()
            maker.join(1)
            assert maker.is_alive()
            with as_owner("SET lock_timeout = '2s'") as cursor:
                cursor.execute("INSERT INTO schools_shoe (size) VALUES (41)")
            writes.execute("COMMIT")
        maker.join(60)
        assert _is_there()
    finally:
        slow.close()


@pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="a plain one leaves nothing behind")
def test_what_an_attempt_that_broke_has_left_is_no_hindrance(shoes: States) -> None:
    with as_owner() as cursor:
        cursor.execute("INSERT INTO schools_shoe (size) VALUES (40), (40)")
        with pytest.raises(connection.Database.IntegrityError):  # type: ignore[attr-defined]
            connection.connection.execute("CREATE UNIQUE INDEX CONCURRENTLY by_size ON schools_shoe (size)")
    with pytest.raises(AssertionError):
        _is_there()
    _make(shoes)
    assert _is_there()
