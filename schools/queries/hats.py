"""Who somebody is, and where: at schools, for boards, for the site."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import connection, models
from django.http import Http404
from django.utils import timezone

from schools import roles, statements, tenancy
from schools.models import (
    Board,
    BoardMembership,
    BreakGlass,
    Membership,
    OperatorGrant,
    School,
    User,
)


@dataclass(frozen=True)
class Hat:
    """One of a person's places: a school with the roles there."""

    school: School
    roles: tuple[roles.Role, ...]


def hats_of(*, user: User, today: dt.date) -> list[Hat]:
    """The schools in which the person is somebody today, by name, each with the roles there. One query."""
    tenancy.inside()
    rows = (
        Membership.objects.live(today)
        .filter(user=user, school__closed_on__isnull=True)
        .select_related("school")
        .order_by("school__name", "school_id", "role")
    )
    held: dict[int, list[Membership]] = {}
    for row in rows:
        held.setdefault(row.school_id, []).append(row)
    return [Hat(mine[0].school, roles_in(mine)) for mine in held.values()]


def schools_of(*, user: User, today: dt.date) -> models.QuerySet[School]:
    """The schools in which the person is somebody today; for lists."""
    tenancy.inside()
    held = Membership.objects.live(today).filter(user=user)
    return School.objects.filter(pk__in=held.values("school_id"), closed_on__isnull=True)


# Asked at every request, and so as plain SQL: to build it anew each time takes the framework many times as long.
# Days come as words (2026-11-23), since each database gives them in its own way.
_ELSEWHERE = """
       EXISTS (SELECT 1 FROM schools_membership other JOIN schools_school place ON place.id = other.school_id
                WHERE other.user_id = %(user)s AND place.closed_on IS NULL AND place.id <> school.id
                  AND other.from_date <= %(day)s AND (other.until_date IS NULL OR other.until_date >= %(day)s))
       OR EXISTS (SELECT 1 FROM schools_boardmembership other
                   WHERE other.user_id = %(user)s
                     AND other.from_date <= %(day)s AND (other.until_date IS NULL OR other.until_date >= %(day)s))
       OR EXISTS (SELECT 1 FROM schools_operatorgrant other
                   WHERE other.user_id = %(user)s
                     AND other.from_date <= %(day)s AND (other.until_date IS NULL OR other.until_date >= %(day)s))
"""
_HELD = f"""
SELECT {statements.columns_of(School, "school")}, held.role,
       CAST(held.from_date AS text), CAST(held.until_date AS text), board.number, board.name, {{}}
  FROM schools_membership held
  JOIN schools_school school ON school.id = held.school_id
  JOIN schools_board board ON board.id = school.board_id
  {{}}
 WHERE held.user_id = %(user)s AND school.slug = %(slug)s AND school.closed_on IS NULL
"""  # noqa: S608  # nothing of anybody's


class _Held(NamedTuple):
    """What the statement tells behind the school."""

    role: str
    first: str
    last: str | None
    number: int
    name: str
    more: Sequence[Any]


_COUNT = len(_Held._fields) - 1


def asking(columns: str = "false", join: str = "") -> str:
    """The statement of ``worn``, with columns that a floor above wants to know along with the hat, and their join."""
    return _HELD.format(columns, join)


_HERE, _HERE_AND_ELSEWHERE = asking(), asking(_ELSEWHERE)


def member_at(*, user: User, slug: str, now: dt.datetime, elsewhere: bool = True) -> roles.Member:
    """The person's hat in the school with this slug; 404 where the person has none on the school's day. One query.

    Whether there are other hats too is not looked for without ``elsewhere``: only pages tell it.
    """
    member, more = worn(_HERE_AND_ELSEWHERE if elsewhere else _HERE, user=user, slug=slug, now=now)
    return dataclasses.replace(member, elsewhere=True) if more[0][0] else member


def worn(
    statement: str, *, user: User, slug: str, now: dt.datetime, **values: Any
) -> tuple[roles.Member, list[Sequence[Any]]]:
    """The hat of ``member_at`` by a statement of ``asking``, and of each of its rows what else that asked for."""
    tenancy.inside()
    with connection.cursor() as cursor:
        cursor.execute(statement, {"user": user.pk, "slug": slug, "day": now.date(), **values})
        found = cursor.fetchall()
    if not found:
        raise Http404
    school = statements.row_of(School, found[0])
    today = school.today(now).isoformat()
    rows = [_Held._make([*row[:_COUNT], row[_COUNT:]]) for row in (statements.beyond(School, row) for row in found)]
    held = [row for row in rows if holds_on(today, row.first, row.last)]
    if not held:
        raise Http404
    school.board = Board(id=school.board_id, number=held[0].number, name=held[0].name)
    here = frozenset(roles.Role(row.role) for row in held)
    return roles.Member(user=user, school=school, roles=here), [row.more for row in held]


def holds_on(today: str, first: str, last: str | None) -> bool:
    """Whether something that lasts from day to day, or without an end, does so today; all days as words."""
    return first <= today and (last is None or today <= last)


def looking_at(*, user: User, slug: str, now: dt.datetime) -> roles.Member:
    """An operator's hat for a look inside the school with this slug; 404 where nothing is open. At most two queries.

    The school itself opens as its admin reads it; a group opens as its guest reads it, and of the school what everybody
    there knows.
    """
    tenancy.inside()
    looks = BreakGlass.objects.open_at(now).filter(user=user, school__slug=slug, school__closed_on__isnull=True)
    rows = list(looks.select_related("school__board"))
    if not rows or not is_operator(user=user, today=timezone.localdate(now)):
        raise Http404
    groups = frozenset(row.group_id for row in rows if row.group_id is not None)
    held = frozenset(roles.Role.TEACHER if row.group_id else roles.Role.ADMIN for row in rows)
    until = min(row.ends_at for row in rows)
    return roles.Member(user=user, school=rows[0].school, roles=held, opened_until=until, opened_groups=groups)


def boards_of(*, user: User, today: dt.date) -> models.QuerySet[Board]:
    """The boards that the person administers today, by number."""
    return Board.objects.filter(pk__in=user.board_memberships.live(today).values("board_id")).order_by("number")


def board_hats(*, user: User, today: dt.date) -> models.QuerySet[Board]:
    """The boards that the person administers today, each with ``elsewhere``: whether there are other hats too."""
    boards, site = (model.objects.live(today).filter(user=user) for model in (BoardMembership, OperatorGrant))
    schools = Membership.objects.live(today).filter(user=user, school__closed_on__isnull=True)
    others = models.Exists(boards.exclude(board=models.OuterRef("pk")))
    return boards_of(user=user, today=today).annotate(elsewhere=others | models.Exists(schools) | models.Exists(site))


def is_operator(*, user: User, today: dt.date) -> bool:
    """Whether the person keeps the site running today."""
    return OperatorGrant.objects.live(today).filter(user=user).exists()


def steward_at(*, user: User, slug: str, now: dt.datetime) -> roles.Steward:
    """The person as somebody who looks after the school with this slug: leader, admin, or admin of its board.

    404 for everybody else. Two queries for somebody of the school, three for somebody of its board.
    """
    member: roles.Member | None = None
    try:
        member = member_at(user=user, slug=slug, now=now)
    except Http404:
        boards = board_hats(user=user, today=timezone.localdate(now))
        school = tenancy.fetch(School.objects.filter(closed_on__isnull=True, board__in=boards.values("pk")), slug=slug)
        school.board = boards.get(pk=school.board_id)
        return roles.Steward(user, school, None, for_board=True)
    for_board = boards_of(user=user, today=timezone.localdate(now)).filter(pk=member.school.board_id).exists()
    if not for_board and not member.has(roles.Role.LEADER, roles.Role.ADMIN):
        raise Http404
    return roles.Steward(user, member.school, member, for_board)


def roles_in(rows: list[Membership]) -> tuple[roles.Role, ...]:
    """Each role once: it may be held twice on a day, until some day and from another."""
    return tuple(dict.fromkeys(roles.Role(row.role) for row in rows))
