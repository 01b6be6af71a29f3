"""The lock on every door: whose data may be read, and the only way to fetch a row.

Everything that touches a school's rows runs inside ``acting_as(user)`` or, rarely, ``acting_for_system(reason)``.
On PostgreSQL both open one transaction and set, for that transaction alone, what the database itself shows: the second
wall (walls.py). SQLite has no such wall and opens no transaction for reading, since there every page would wait for
every writer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection, models, transaction
from django.http import Http404
from django.utils import timezone

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from schools.models import User
    from schools.roles import Member


_Beginning = Callable[[str, dict[str, Any]], AbstractContextManager[None]]


@dataclass(frozen=True)
class _Opened:
    """Who acts, and what tells the database so."""

    who: str
    statement: str
    values: dict[str, Any] = field(repr=False)

    def tell(self) -> None:
        """Set what the database may show, until the end of its transaction."""
        with connection.cursor() as cursor:
            cursor.execute(self.statement, self.values)


_inside: ContextVar[_Opened | None] = ContextVar("tenancy", default=None)

# A transaction that hears nothing for so long is ended by the database: a host that lost its power or its network in
# the middle of one would hold what it locked until the network's own patience ends, after hours.
_LET_GO = "set_config('idle_in_transaction_session_timeout', '2min', true)"
_NOBODY = f"""
SELECT set_config('samenspraak.user', '', true), set_config('samenspraak.system', '', true),
       set_config('samenspraak.schools', '', true), set_config('samenspraak.boards', '', true), {_LET_GO}
"""
# The schools and boards that the live hats of a person reach: own memberships, the schools of own boards, and what is
# open to an operator just now. First who it is: only then the database shows whose memberships these are. Days are
# taken a day wider on both sides, since each school counts its own; the hat itself goes by the school's day.
_REACH = f"""
SELECT set_config('samenspraak.user', %(user)s, true), set_config('samenspraak.system', '', true),
       set_config('samenspraak.schools', '', true), set_config('samenspraak.boards', '', true), {_LET_GO};
WITH boards AS (
    SELECT board_id FROM schools_boardmembership
     WHERE user_id = %(id)s AND from_date <= %(latest)s AND (until_date IS NULL OR until_date >= %(earliest)s)
), reach AS (
    SELECT school_id FROM schools_membership
     WHERE user_id = %(id)s AND from_date <= %(latest)s AND (until_date IS NULL OR until_date >= %(earliest)s)
     UNION SELECT id FROM schools_school WHERE board_id IN (SELECT board_id FROM boards)
     UNION SELECT school_id FROM schools_breakglass
     WHERE user_id = %(id)s AND opened_at <= %(now)s AND ends_at > %(now)s
)
SELECT set_config('samenspraak.boards', coalesce((SELECT string_agg(board_id::text, ',') FROM boards), ''), true),
       set_config('samenspraak.schools', coalesce((SELECT string_agg(school_id::text, ',') FROM reach), ''), true)
"""  # noqa: S608  # nothing of anybody's
_SYSTEM = f"""
SELECT set_config('samenspraak.user', '', true), set_config('samenspraak.schools', '', true),
       set_config('samenspraak.boards', '', true), set_config('samenspraak.system', %(reason)s, true), {_LET_GO}
"""
_A_DAY = dt.timedelta(days=1)


class OutsideTheDoorError(RuntimeError):
    """A school's rows were asked for outside ``acting_as`` and ``acting_for_system``: a mistake of ours."""


@contextmanager
def acting_as(user: User | AnonymousUser) -> Iterator[None]:
    """Open the door for one person (or nobody): one request, task or command."""
    with _door(_reach_of(user.pk) if user.pk else _Opened("nobody", _NOBODY, {})):
        yield


def _reach_of(user_id: int) -> _Opened:
    now = timezone.now()
    days = {"earliest": now.date() - _A_DAY, "latest": now.date() + _A_DAY}
    return _Opened(f"user {user_id}", _REACH, {"user": str(user_id), "id": user_id, "now": now, **days})


@contextmanager
def acting_for_system(reason: str) -> Iterator[None]:
    """Open the door for the product's own work, such as the post; the reason is a word or two."""
    with _door(_Opened(f"system: {reason}", _SYSTEM, {"reason": reason})):
        yield


def change_for_system(reason: str, statement: str) -> int:
    """Open the door for one statement that changes rows, and close it again; returns how many rows it changed.

    PostgreSQL gets all that in one message and takes it as one transaction: so its answer is waited for once. The
    statement has no places for values: nothing in it may come from people.
    """
    if connection.vendor == "postgresql" and not connection.in_atomic_block:
        system = _SYSTEM % {"reason": "'" + reason.replace("'", "''") + "'"}
        with connection.cursor() as cursor:
            cursor.execute(f"{system};{statement}")
            cursor.nextset()
            return int(cursor.rowcount)
    with acting_for_system(reason), connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.rowcount)


def only_read() -> None:
    """Let nothing be written any more until the door shuts: the database refuses it, where there is such a wall."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")


@contextmanager
def _door(opened: _Opened) -> Iterator[None]:
    walled = connection.vendor == "postgresql"
    outer = _inside.get()
    token = _inside.set(opened)
    try:
        with _told(opened) if walled else nullcontext():
            yield
            if walled and outer and not connection.needs_rollback:
                outer.tell()  # what is set in a savepoint outlives it, unless it is rolled back
    finally:
        _inside.reset(token)


def _told(opened: _Opened) -> AbstractContextManager[None]:
    """A transaction, or a savepoint in the one that is open, in which the database knows who acts.

    By the connection's own ``beginning_with``, if it has one (samenspraak.postgresql): one message and not two.
    """
    own: _Beginning | None = getattr(connection, "beginning_with", None)
    return own(opened.statement, opened.values) if own and not connection.in_atomic_block else _told_in_two(opened)


@contextmanager
def _told_in_two(opened: _Opened) -> Iterator[None]:
    with transaction.atomic():
        opened.tell()
        yield


def inside() -> str:
    """Who acts now; raises OutsideTheDoorError where nobody opened the door."""
    opened = _inside.get()
    if opened is None:
        raise OutsideTheDoorError("Open tenancy.acting_as(user) or acting_for_system(reason) first.")
    return opened.who


class SchoolOwned(models.Model):
    """A row that belongs to one school: scoping, row-level security and sharding all use this one column."""

    school = models.ForeignKey("schools.School", on_delete=models.PROTECT, related_name="+")

    class Meta:
        abstract = True


_Row = TypeVar("_Row", bound=models.Model)


class Scoped(models.QuerySet[_Row]):
    """A queryset of rows that belong to a school; each model's own queryset says what a member may see of it."""

    def in_school(self, member: Member) -> Self:
        """The rows of the member's school: the first half of every ``visible_to``."""
        inside()
        return self.filter(school_id=member.school.pk)


def fetch(rows: models.QuerySet[_Row], **lookup: Any) -> _Row:
    """The one row, or 404: what is not yours answers exactly like what is not there.

    Give it rows that are already scoped by ``visible_to(member)``.
    """
    try:
        return rows.get(**lookup)
    except (ObjectDoesNotExist, ValueError, OverflowError):
        raise Http404 from None
