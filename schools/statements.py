"""Lists whose SQL is made once and kept: to make it anew at each call takes the framework as long as all their rows.

The list is built as ever, by a function that returns a queryset, and the rules stay in there; but it is built with
stand-ins, of which only the place in the statement counts. Each call puts its own values there.

What every request asks is plain SQL; ``row_of`` makes rows of models from what comes back.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Self, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

_Row = TypeVar("_Row", bound=Model)
Converters = tuple[tuple[int, Any, Any], ...]
Build = Callable[[Any, Mapping[str, Any]], QuerySet[Any, Any]]
_KEPT = 500
_NUMBER, _MOMENT = 2**62, dt.datetime(9000, 1, 1, tzinfo=dt.UTC)  # nothing of ours is ever so


@dataclass(frozen=True)
class _Statement:
    """The text, what stands at each of its places, and how its rows are read; without a text there are never rows."""

    text: str = ""
    places: tuple[tuple[str, Any], ...] = ()  # the name of what is given, or else what always stands there
    names: tuple[str, ...] = ()
    converters: Converters = ()


@dataclass(frozen=True)
class Page:
    """A list that pages are cut from, as ``paging.Pages`` asks for them: in an order, from a place on, so many rows.

    ``build(shape, given)`` returns its queryset of ``values``. Nothing but ``shape`` and which names are given may
    decide how that looks, for these are what a kept statement is found by; of ``given`` it only passes the values on.
    """

    model: type[Model]
    build: Build
    shape: Hashable
    given: Mapping[str, Any]
    order: tuple[str, ...] = ()
    beyond: tuple[str, ...] = ()

    def order_by(self, *names: str) -> Self:
        """In this order."""
        return dataclasses.replace(self, order=names)

    def filter(self, **beyond: Any) -> Self:
        """From this place on; raises ValidationError for what is no such place."""
        fields: Any = {name: self.model._meta.get_field(name.partition("__")[0]) for name in beyond}
        values = {name: fields[name].get_prep_value(value) for name, value in beyond.items()}
        return dataclasses.replace(self, given={**self.given, **values}, beyond=(*self.beyond, *values))

    def __getitem__(self, part: slice) -> list[dict[str, Any]]:
        """These rows. One query."""
        statement = _made(self.build, self.shape, self._kinds(), self.order, self.beyond)
        if not statement.text:
            return []
        values = [_written(self.given[name]) if name else always for name, always in statement.places]
        with connection.cursor() as cursor:
            cursor.execute(f"{statement.text} LIMIT %s OFFSET %s", [*values, part.stop - part.start, part.start])
            rows = cursor.fetchall()
        if statement.converters:
            rows = [_converted(row, statement.converters) for row in rows]
        return [dict(zip(statement.names, row, strict=True)) for row in rows]

    def _kinds(self) -> tuple[tuple[str, type], ...]:
        return tuple((name, type(value)) for name, value in self.given.items())


@lru_cache(maxsize=_KEPT)
def _made(
    build: Build,
    shape: Hashable,
    kinds: tuple[tuple[str, type], ...],
    order: tuple[str, ...],
    beyond: tuple[str, ...],
) -> _Statement:
    given = _stand_ins(kinds)
    rows = build(shape, {name: value for name, value in given.items() if name not in beyond})
    query = rows.filter(**{name: given[name] for name in beyond}).order_by(*order).query
    compiler = query.get_compiler(connection=connection)
    try:
        text, parameters = compiler.as_sql()
    except EmptyResultSet:
        return _Statement()
    named = {_written(value): name for name, value in given.items()}
    places = tuple((named.get(value, ""), value) for value in parameters)
    converters = _converters(compiler, [column for column, *_more in compiler.select])
    return _Statement(text, places, tuple(query.selected or ()), converters)


def _stand_ins(kinds: tuple[tuple[str, type], ...]) -> dict[str, Any]:
    """For each name a value that no other has, of the kind that is given."""
    return {name: _stand_in(kind, number) for number, (name, kind) in enumerate(kinds)}


def _stand_in(kind: type, number: int) -> Any:
    if issubclass(kind, dt.datetime):
        return _MOMENT + dt.timedelta(days=number)
    return _NUMBER + number if issubclass(kind, int) else f"\N{REPLACEMENT CHARACTER}{number}"


def _written(value: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, dt.datetime) else value


def _converters(compiler: Any, columns: list[Any]) -> Converters:
    found = compiler.get_converters(columns)
    return tuple((at, one, column) for at, (several, column) in found.items() for one in several)


def _converted(row: Sequence[Any], converters: Converters) -> list[Any]:
    values = list(row)
    for at, convert, column in converters:
        values[at] = convert(values[at], column, connection)
    return values


def columns_of(model: type[Model], name: str) -> str:
    """All columns of the table that a statement calls ``name``, for ``row_of``."""
    return ", ".join(f"{name}.{field.column}" for field in model._meta.concrete_fields)


def row_of(model: type[_Row], values: Sequence[Any]) -> _Row:
    """The row whose ``columns_of`` come first among the values of a statement.

    As ``raw`` of a manager makes it, which takes as long to find out what stands where as the whole question.
    """
    names, converters = _read_as(model)
    own = values[: len(names)]
    return model.from_db(connection.alias, names, _converted(own, converters) if converters else own)


def beyond(model: type[Model], values: Sequence[Any]) -> Sequence[Any]:
    """The values behind those of ``row_of``."""
    return values[len(model._meta.concrete_fields) :]


@cache
def _read_as(model: type[Model]) -> tuple[tuple[str, ...], Converters]:
    fields = model._meta.concrete_fields
    compiler = QuerySet(model).query.get_compiler(connection=connection)
    return tuple(field.attname for field in fields), _converters(compiler, [field.cached_col for field in fields])
