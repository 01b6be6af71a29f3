"""Where nobody would be left in office if somebody went, and where nobody is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from schools.models import Board, BoardMembership, Membership, School, User
from schools.models.people import DatedQuerySet
from schools.roles import Role


@dataclass(frozen=True)
class Left:
    """A school or board without an admin; ``by_board``: the admins of its board can still give roles there."""

    place: str
    by_board: bool = False


def last_in_office(*, user: User, now: dt.datetime) -> list[Left]:
    """The schools and boards that have no admin any more once the person has gone, by name. Five queries at most.

    Whoever asked to be erased, or has a last day, is not counted as somebody who stays. Call it as the person: it
    looks at the own places.
    """
    day = now.date()
    at_schools = Membership.objects.filter(role=Role.ADMIN, school__closed_on__isnull=True)
    schools = _without(user, at_schools, "school", "name", day)
    boards = _without(user, BoardMembership.objects.all(), "board", "number", day)
    over = _staying(BoardMembership.objects.filter(board__in={row.school.board_id for row in schools}), user, day)
    kept = set(over.values_list("board_id", flat=True)) if schools else set()
    told = [Left(row.school.name, by_board=row.school.board_id in kept) for row in schools]
    return [*told, *(Left(str(row.board)) for row in boards)]


def schools_without_admin(day: dt.date) -> QuerySet[School]:
    """The open schools that have no admin on this day."""
    admins = Membership.objects.live(day).filter(school=OuterRef("pk"), role=Role.ADMIN, user__is_active=True)
    return School.objects.filter(~Exists(admins), closed_on__isnull=True)


def boards_without_admin(day: dt.date) -> QuerySet[Board]:
    """The boards that have no admin on this day."""
    admins = BoardMembership.objects.live(day).filter(board=OuterRef("pk"), user__is_active=True)
    return Board.objects.filter(~Exists(admins))


def schools_without_anybody(day: dt.date) -> QuerySet[School]:
    """The schools at which people work, and neither they nor their board have an admin."""
    work = Membership.objects.live(day).filter(school=OuterRef("pk"), user__is_active=True)
    alone = schools_without_admin(day).filter(Exists(work), board__in=boards_without_admin(day))
    return alone.order_by("slug")


def _without(user: User, rows: DatedQuerySet, place: str, order: str, day: dt.date) -> list[Any]:
    """The person's rows, one for each place of which only the person is an admin who stays."""
    mine = rows.filter(user=user).not_over(day).select_related(place).order_by(f"{place}__{order}")
    places = {getattr(row, f"{place}_id"): row for row in mine}
    if not places:
        return []
    stays = _staying(rows.filter(**{f"{place}__in": list(places)}), user, day)
    kept = set(stays.values_list(f"{place}_id", flat=True))
    return [row for number, row in places.items() if number not in kept]


def _staying(rows: DatedQuerySet, user: User, day: dt.date) -> DatedQuerySet:
    """Whoever else is in office, and has not said to go."""
    stays = rows.live(day).filter(until_date__isnull=True, user__is_active=True, user__erase_at__isnull=True)
    return stays.exclude(user=user)
