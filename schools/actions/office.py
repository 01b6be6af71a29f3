"""A school or board without an admin: nobody is kept in office for it, and nobody is left in silence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from schools import post, queries
from schools.models import Board, BoardMembership, Membership, School, User
from schools.roles import Role

SCHOOL_EMPTY, BOARD_EMPTY = "school_empty", "board_empty"
_NEWS_FOR = dt.timedelta(days=14)


@dataclass(frozen=True)
class Offices:
    """The schools and boards of which somebody is an admin, by number."""

    schools: Collection[int]
    boards: Collection[int]


def offices_of(user: User, *, now: dt.datetime, hold: bool = False) -> Offices:
    """Where the person is an admin, now or later. Two queries.

    ``hold``: whoever else asks so of the same school or board waits, so that two who go are one after the other; two
    queries more.
    """
    admin = Membership.objects.not_over(now.date()).filter(user=user, role=Role.ADMIN)
    over = BoardMembership.objects.not_over(now.date()).filter(user=user)
    found = Offices(
        sorted(set(admin.values_list("school_id", flat=True))), sorted(set(over.values_list("board_id", flat=True)))
    )
    if hold:
        list(School.objects.select_for_update(no_key=True).only("pk").filter(pk__in=found.schools).order_by("pk"))
        list(Board.objects.select_for_update(no_key=True).only("pk").filter(pk__in=found.boards).order_by("pk"))
    return found


def tell_of_empty(offices: Offices, *, now: dt.datetime) -> None:
    """Write letters about those of these schools and boards that have no admin now.

    Of a school its board's admins hear it, or else its leaders; of a board the admins of its schools. Some queries for
    each of them. Inside the system's door.
    """
    day = now.date()
    for school in queries.schools_without_admin(day).filter(pk__in=offices.schools):
        over = BoardMembership.objects.live(day).filter(board=school.board_id, user__is_active=True)
        heard = set(over.values_list("user_id", flat=True)) or _in_office(school, Role.LEADER, day)
        _write(SCHOOL_EMPTY, school, heard, now)
    for school in School.objects.filter(
        board__in=queries.boards_without_admin(day).filter(pk__in=offices.boards), closed_on__isnull=True
    ):
        _write(BOARD_EMPTY, school, _in_office(school, Role.ADMIN, day), now)


def _in_office(school: School, role: Role, day: dt.date) -> set[int]:
    held = Membership.objects.live(day).filter(school=school, role=role, user__is_active=True)
    return set(held.values_list("user_id", flat=True))


def _write(kind: str, school: School, heard: Collection[int], now: dt.datetime) -> None:
    post.write_down(
        kind=kind,
        subject_id=school.pk,
        version=school.today(now).toordinal(),
        school_id=school.pk,
        user_ids=heard,
        due_at=now,
        expires_at=now + _NEWS_FOR,
        now=now,
    )
