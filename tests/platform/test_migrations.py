"""A new version comes while the one before still works: what that one reads and writes has to fit the new tables.

So a step adds, and takes away or tightens nothing that the version before uses. What has to go goes a version later.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import models
from django.db.migrations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelTable,
    AlterUniqueTogether,
    CreateModel,
    DeleteModel,
    Migration,
    RemoveField,
    RenameField,
    RenameModel,
    RunSQL,
    SeparateDatabaseAndState,
)
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from schools.indexes import IndexBeside
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
# Until these steps no site had a large table, and an index was made on the spot. The tables of the cards stay small.
ON_THE_SPOT = {"cards": "9999", "observations": "0007", "schools": "0014", "workgroups": "0010"}
GONE = (RenameModel, RenameField, DeleteModel, RemoveField, AlterModelTable)
TIGHT = re.compile(
    r"\b(DROP\s+(TABLE|COLUMN|VIEW)|RENAME\b|SET\s+NOT\s+NULL|ALTER\s+COLUMN\s+\S+\s+TYPE)", re.IGNORECASE
)
INDEX = re.compile(r"\bCREATE\s+(UNIQUE\s+)?INDEX\s+(?!CONCURRENTLY\b)", re.IGNORECASE)


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


def what_locks(step: Any, before: ProjectState, app: str) -> Iterator[str]:
    """A sentence for each index of a step for whose making everybody who writes would wait."""
    operations = list(in_the_database(step.operations))
    made = {one.name_lower for one in operations if isinstance(one, CreateModel)}
    for one in operations:
        if getattr(one, "model_name_lower", "") not in made and _makes_index(one, before, app):
            yield f"{one.describe()}: make its index by IndexBeside (schools/indexes.py), in a step of its own."
    if any(isinstance(one, IndexBeside) for one in operations) and (step.atomic or len(operations) > 1):
        yield "An index beside stands alone in a step with atomic = False, which breaks off without harm."


def _makes_index(one: Any, before: ProjectState, app: str) -> bool:
    """Whether this operation makes one while nobody can write."""
    if isinstance(one, AddField):
        return _has_index(one.field)
    if isinstance(one, AlterField):
        return _has_index(one.field) and not _has_index(before.models[app, one.model_name_lower].fields[one.name])
    if isinstance(one, RunSQL):
        return bool(INDEX.search(str(one.sql)))
    return isinstance(one, AddIndex | AddIndexConcurrently) and not isinstance(one, IndexBeside)


def _has_index(field: Any) -> bool:
    return bool(field.db_index or field.unique)


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


def test_nobody_waits_for_an_index() -> None:
    loader: Any = MigrationLoader(None)
    found = [
        f"{app} {name}: {words}"
        for (app, name), step in sorted(loader.disk_migrations.items())
        if app in OURS and name[:4] > ON_THE_SPOT[app]
        for words in what_locks(step, loader.project_state((app, name), at_end=False), app)
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


BY_NAME = models.Index(fields=["given_name"], name="by_name")


def _step(*operations: Any, atomic: bool = True) -> Any:
    step: Any = Migration("next", "schools")
    step.operations, step.atomic = list(operations), atomic
    return step


@pytest.mark.parametrize(
    "step",
    [
        _step(AddIndex("user", BY_NAME)),
        _step(AddIndexConcurrently("user", BY_NAME), atomic=False),  # SQLite cannot
        _step(AddField("user", "shoe_size", models.IntegerField(null=True, db_index=True))),
        _step(AddField("user", "badge", models.CharField(max_length=9, null=True, unique=True))),
        _step(AddField("user", "friend", models.ForeignKey("schools.User", models.CASCADE, null=True))),
        _step(AlterField("user", "given_name", models.CharField(max_length=254, db_index=True))),
        _step(RunSQL("create  unique\nindex on schools_user (given_name)")),
        _step(SeparateDatabaseAndState(database_operations=[AddIndex("user", BY_NAME)])),
        _step(IndexBeside("user", BY_NAME)),
        _step(IndexBeside("user", BY_NAME), RunSQL("SELECT 1"), atomic=False),
    ],
    ids=lambda step: "-".join(type(one).__name__ for one in step.operations),
)
def test_it_sees_for_what_index_everybody_would_wait(step: Any) -> None:
    assert list(what_locks(step, ProjectState.from_apps(User._meta.apps), "schools"))


@pytest.mark.parametrize(
    "step",
    [
        _step(IndexBeside("user", BY_NAME), atomic=False),
        _step(RunSQL("CREATE INDEX CONCURRENTLY ON schools_user (given_name)"), atomic=False),
        _step(
            CreateModel("Shoe", [("size", models.IntegerField(db_index=True))]),
            AddIndex("shoe", models.Index(fields=["size"], name="by_size")),
            AddField("user", "colour", models.CharField(max_length=9, null=True)),
        ),
    ],
    ids=["beside", "by-hand", "new-table"],
)
def test_it_lets_through_an_index_for_which_nobody_waits(step: Any) -> None:
    assert list(what_locks(step, ProjectState.from_apps(User._meta.apps), "schools")) == []


def test_it_lets_through_what_only_adds() -> None:
    number = models.IntegerField(db_default=0)
    steps = [
        CreateModel("Shoe", [("size", models.IntegerField())]),
        AddField("shoe", "colour", models.CharField(max_length=9)),
        AddConstraint("shoe", models.UniqueConstraint(fields=["size"], name="one_of_a_size")),
        AddField("user", "shoe_size", number),
        AddField("user", "badge", models.CharField(max_length=9, null=True)),
        RunSQL("CREATE INDEX CONCURRENTLY ON schools_user (given_name)"),
    ]
    assert list(what_breaks(steps, ProjectState.from_apps(User._meta.apps), "schools")) == []
