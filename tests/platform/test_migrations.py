"""A new version comes while the one before still works: what that one reads and writes has to fit the new tables.

So a step adds, and takes away or tightens nothing that the version before uses. What has to go goes a version later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db import models
from django.db.migrations import (
    AddConstraint,
    AddField,
    AlterField,
    AlterModelTable,
    AlterUniqueTogether,
    CreateModel,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
    RunSQL,
    SeparateDatabaseAndState,
)
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from schools.models import User

OURS = {"cards", "schools", "workgroups", "observations"}
# From before the first site: there was no version before.
FIRST = {
    ("cards", "0001_initial"),
    ("observations", "0001_initial"),
    ("observations", "0002_own_mirror"),
    ("observations", "0003_debrief"),
    ("observations", "0004_three_words"),
    ("schools", "0001_initial"),
    ("workgroups", "0001_initial"),
    ("workgroups", "0002_the_plan"),
    ("workgroups", "0003_series"),
    ("workgroups", "0004_calendar_and_rules"),
}
# A constraint on an old table, and why all that the version before writes keeps it.
KEPT_BY_ITSELF = {
    "token_is_for_something": "about a column of the same step, which has a default",
    "only_an_erasure_is_undone": "about columns of the same step, which it never writes",
    "who_was_erased_has_no_name": "about a column of the same step, which it never writes",
}
GONE = (RenameModel, RenameField, DeleteModel, RemoveField, AlterModelTable)
TIGHT = re.compile(
    r"\b(DROP\s+(TABLE|COLUMN|VIEW)|RENAME\b|SET\s+NOT\s+NULL|ALTER\s+COLUMN\s+\S+\s+TYPE)", re.IGNORECASE
)


def in_the_database(operations: Iterable[Any]) -> Iterator[Any]:
    """The operations that touch it, whatever is said of the models."""
    for operation in operations:
        if isinstance(operation, SeparateDatabaseAndState):
            yield from in_the_database(operation.database_operations)
        else:
            yield operation


def what_breaks(operations: Iterable[Any], before: ProjectState, app: str) -> Iterator[str]:
    """A sentence for each thing on which the version before would break."""
    made: set[str] = set()
    for one in in_the_database(operations):
        if isinstance(one, CreateModel):
            made.add(one.name_lower)
        table = getattr(one, "model_name_lower", "")
        if table in made:
            continue
        yield from (f"{one.describe()}: {words}." for words in _said_of(one, before, app))


def _said_of(one: Any, before: ProjectState, app: str) -> Iterator[str]:
    """What the version before would say of one operation on a table that it knows."""
    if isinstance(one, GONE) or (isinstance(one, RunSQL) and TIGHT.search(str(one.sql))):
        yield "the version before still uses it"
    if isinstance(one, AddField):
        yield from _new(one.field)
    if isinstance(one, AlterField):
        yield from tighter(before.models[app, one.model_name_lower].fields[one.name], one.field)
    if isinstance(one, AlterUniqueTogether):
        yield "say it as a constraint"
    if isinstance(one, AddConstraint) and one.constraint.name not in KEPT_BY_ITSELF:
        yield "does what the version before writes keep it? Say why in KEPT_BY_ITSELF"


def _new(field: Any) -> Iterator[str]:
    if not (field.null or field.has_db_default()):
        yield "give it a db_default"
    if field.unique and not field.null:
        yield "two rows of the version before have the same"


def tighter(old: Any, new: Any) -> Iterator[str]:
    """What fitted the old column and does not fit the new one."""
    if old.null and not new.null:
        yield "it was nullable"
    if new.unique and not old.unique:
        yield "it was not unique"
    if old.get_internal_type() != new.get_internal_type():
        yield "it had another type"
    if new.max_length and (not old.max_length or new.max_length < old.max_length):
        yield "it was longer"
    if (old.db_column or old.name) != (new.db_column or new.name):
        yield "it had another name"


def test_the_version_before_goes_on_beside_every_step() -> None:
    loader: Any = MigrationLoader(None)
    found = [
        f"{app} {name}: {words}"
        for (app, name), step in sorted(loader.disk_migrations.items())
        if app in OURS and (app, name) not in FIRST
        for words in what_breaks(step.operations, loader.project_state((app, name), at_end=False), app)
    ]
    assert found == []


def test_every_reason_is_of_use() -> None:
    loader: Any = MigrationLoader(None)
    names = {
        one.constraint.name
        for (app, _name), step in loader.disk_migrations.items()
        if app in OURS
        for one in in_the_database(step.operations)
        if isinstance(one, AddConstraint)
    }
    assert names >= KEPT_BY_ITSELF.keys()


LONG, SHORT = models.CharField(max_length=254, unique=True), models.CharField(max_length=20)


@pytest.mark.parametrize(
    "step",
    [
        RenameModel("User", "Person"),
        RenameField("user", "email", "address"),
        RemoveField("user", "email"),
        DeleteModel("Holiday"),
        AlterModelTable("user", "people"),
        AddField("user", "shoe_size", models.IntegerField(default=40)),
        AddField("user", "badge", models.CharField(max_length=9, unique=True, db_default="")),
        AlterField("user", "email", SHORT),
        AlterField("user", "email", models.IntegerField(unique=True)),
        AlterField("user", "given_name", LONG),
        AlterUniqueTogether("user", {("given_name", "family_name")}),
        AddConstraint("user", models.UniqueConstraint(fields=["given_name"], name="one_of_a_name")),
        RunSQL("ALTER TABLE schools_user RENAME COLUMN email TO address"),
        RunSQL("alter table schools_user\n alter column email set  not null"),
        SeparateDatabaseAndState(database_operations=[RemoveField("user", "email")]),
    ],
    ids=lambda step: type(step).__name__,
)
def test_it_sees_what_would_break(step: Any) -> None:
    assert list(what_breaks([step], ProjectState.from_apps(User._meta.apps), "schools"))


def test_it_lets_through_what_only_adds() -> None:
    number = models.IntegerField(db_default=0)
    steps = [
        CreateModel("Shoe", [("size", models.IntegerField())]),
        AddField("shoe", "colour", models.CharField(max_length=9)),
        AddConstraint("shoe", models.UniqueConstraint(fields=["size"], name="one_of_a_size")),
        AddField("user", "shoe_size", number),
        AddField("user", "badge", models.CharField(max_length=9, null=True)),
        RunSQL("CREATE INDEX ON schools_user (given_name)"),
    ]
    assert list(what_breaks(steps, ProjectState.from_apps(User._meta.apps), "schools")) == []
