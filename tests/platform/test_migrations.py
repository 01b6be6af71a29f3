"""A new version comes while the one before still works: what that one writes has to fit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.migrations import AddField, CreateModel, SeparateDatabaseAndState
from django.db.migrations.loader import MigrationLoader

OURS = {"cards", "schools", "workgroups", "observations"}
# From before the first site: there was no version before.
FIRST = {
    ("observations", "0003_debrief"),
    ("workgroups", "0002_the_plan"),
    ("workgroups", "0003_series"),
    ("workgroups", "0004_calendar_and_rules"),
}


def _added(operations: Iterable[Any]) -> Iterator[AddField]:
    """The columns that old tables get in the database, whatever is said of the models."""
    made: set[str] = set()
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from _added(operation.database_operations)
        elif isinstance(operation, CreateModel):
            made.add(operation.name_lower)
        elif isinstance(operation, AddField) and operation.model_name_lower not in made:
            yield operation


def test_the_version_before_can_write_rows_without_a_new_column() -> None:
    migrations: Any = MigrationLoader(None).disk_migrations
    needed = [
        (app, name, column.model_name, column.name)
        for (app, name), migration in migrations.items()
        if app in OURS and (app, name) not in FIRST
        for column in _added(migration.operations)
        if not (column.field.null or column.field.has_db_default())
    ]
    assert needed == [], "Give these a db_default."
