"""The second wall alone: with the first one taken away, no page, no file and no call shows or changes a foreign row."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, models, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Concat
from django.test import Client

from schools import tenancy
from schools.models import School, User
from schools.roles import Member
from tests import factories, walled
from tests.platform import test_matrix as matrix

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="SQLite has the first wall only"),
]
stage = matrix.stage
WORD = "Buurgeheim"
# Who holds the secret of an invitation comes in by it, and an operator reads what was opened for him, and why.
BY_A_KEY = ("invitation", "glass")
# What is held about an operator: also where he looked in, and why, in his own words.
OF_THE_OPERATOR = {"api:own-data"}
FLOORS = ("schools", "workgroups", "observations")


def _walled_models() -> list[type[models.Model]]:
    found = [model for floor in FLOORS for model in apps.get_app_config(floor).get_models()]
    return [model for model in found if any(one.column == "school_id" for one in model._meta.concrete_fields)]


def _tables(school: School) -> dict[str, tuple[int, str]]:
    """Of each table how many rows of this school there are, and what they come to."""
    found = {}
    with tenancy.acting_for_system("tests"), connection.cursor() as cursor:
        for model in _walled_models():
            table = model._meta.db_table
            rows = f"SELECT t::text AS row FROM {table} t WHERE school_id = %s"  # noqa: S608  # our own tables
            sums = "count(*), coalesce(md5(string_agg(row, '|' ORDER BY row)), '')"
            cursor.execute(f"SELECT {sums} FROM ({rows}) told", [school.pk])  # noqa: S608
            found[table] = cursor.fetchone()
    return found


@contextmanager
def _without_the_first_wall(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No queryset minds any more whose rows these are."""

    def all_of_it(self: QuerySet[Any], *_whose: Any, **_more: Any) -> QuerySet[Any]:
        return self

    with monkeypatch.context() as patch:
        for kind in _querysets():
            for name in {"in_school", "visible_to"} & set(vars(kind)):
                patch.setattr(kind, name, all_of_it)
        yield


def _querysets(above: type[Any] = QuerySet) -> Iterator[type[Any]]:
    for kind in above.__subclasses__():
        yield kind
        yield from _querysets(kind)


def _plant(school: School) -> int:
    """Write a word that could leak into every text of a school's rows that takes it; returns into how many tables."""
    tables = set()
    for model in _walled_models():
        rows = model._base_manager.filter(school=school)
        for field in model._meta.concrete_fields:
            free = isinstance(field, models.CharField | models.TextField) and not field.choices and not field.unique
            if free and (field.max_length is None or field.max_length >= 2 * len(WORD)):
                with suppress(DatabaseError), transaction.atomic():  # some texts have a shape, such as addresses
                    if rows.exclude(**{field.name: ""}).update(**{field.name: Concat(field.name, Value(f" {WORD}"))}):
                        tables.add(model)
    people = User.objects.filter(memberships__school=school).exclude(memberships__school__slug="de-beuk")
    User.objects.filter(pk__in=people).update(family_name=f"Van {WORD}")
    return len(tables)


def test_no_page_shows_a_foreign_row(stage: matrix.Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _plant(stage.cast.schools["de-wilg"]) > 10
    rows = [row for row in matrix._rows() if row.method == "GET" and not row.name.startswith(BY_A_KEY)]
    own = stage.browsers["TM"]
    read = [row.name for row in rows if WORD.encode() in _content(own, matrix._address(row.name, stage.own))]
    assert len(read) > 20, "the word was not planted where it could be read"
    shown, seen_without = [], 0
    turn = cycle([("ND", "de-beuk", stage.foreign), ("EL", "de-eik", stage.own)])
    with _without_the_first_wall(monkeypatch):
        for row in rows:
            is_known = "slug" in matrix.WORDS[row.name] or row.name in OF_THE_OPERATOR
            hatless = [] if is_known else ["OP", "--"]  # turned away before anything is read
            callers = [("ND", "de-beuk", stage.own), next(turn)]
            for who, slug, values in [*callers, *((who, "de-wilg", stage.own) for who in hatless)]:
                address = matrix._address(row.name, {**values, "slug": slug})
                if WORD.encode() in _content(stage.browsers[who], address):
                    shown.append((row.name, who, values is stage.own))
        with connection.cursor() as cursor:
            cursor.execute(walled.OVER_IT)
        for name in read[::2]:
            address = matrix._address(name, {**stage.own, "slug": "de-beuk"})
            seen_without += WORD.encode() in _content(stage.browsers["ND"], address)
    assert shown == []
    assert seen_without >= 3, "the first wall was not taken away"


def _content(client: Client, address: str) -> bytes:
    """What comes back; a page that cannot do without the first wall may break down."""
    client.raise_request_exception = False
    with transaction.atomic():
        answer: Any = client.get(address)
        content: bytes = answer.getvalue()
        transaction.set_rollback(True)
    return content


def test_no_button_changes_a_foreign_row(stage: matrix.Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    wilg = stage.cast.schools["de-wilg"]
    before = _tables(wilg)
    assert sum(bool(count) for count, _sum in before.values()) > 20
    neighbour = factories.hat(stage.cast.daan, stage.cast.schools["de-beuk"])
    assert _reached(wilg, neighbour) == set()
    rows = [row for row in matrix._rows() if row.method != "GET" and not row.name.startswith(BY_A_KEY)]
    turn = cycle([(stage.cast.daan, "de-beuk"), (stage.cast.irma, "de-eik")])
    with _without_the_first_wall(monkeypatch):
        for row in rows:
            user, slug = next(turn)
            _press(user, row, {**stage.own, "slug": slug})
        reached = _reached(wilg, neighbour)
    after = _tables(wilg)
    assert [table for table, told in before.items() if after[table] != told] == []
    assert len(reached) > 20, "the first wall was not taken away"


def _reached(school: School, neighbour: Member) -> set[str]:
    """What the first wall by itself shows a neighbour of this school, of all that the second one would let by."""
    shown = set()
    with tenancy.acting_for_system("tests"):
        for model in _walled_models():
            rows = model._default_manager.all()
            if isinstance(rows, tenancy.Scoped) and rows.in_school(neighbour).filter(school=school).exists():
                shown.add(model.__name__)
    return shown


def _press(user: User, row: matrix.Row, values: dict[str, Any]) -> None:
    """Do it, and let stand what it did."""
    client = matrix._browser(user)
    client.raise_request_exception = False
    address, body = matrix._address(row.name, values), matrix.BODIES.get(row.name, "{}") % values
    data = {"data": body, "content_type": "application/json"} if address.startswith("/api/") else {}
    with transaction.atomic():
        getattr(client, row.method.lower())(address, **data)
