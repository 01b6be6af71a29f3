"""What the schools floor can be asked."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import models

from schools import roles, tenancy
from schools.models import ApiToken, Board, LetterWishes, Membership, OperatorGrant, School, UnwantedLetters, User


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
    return [Hat(mine[0].school, _roles_in(mine)) for mine in held.values()]


def member_at(*, user: User, slug: str, now: dt.datetime) -> roles.Member:
    """The person's hat in the school with this slug; 404 where the person has none on the school's day. One query."""
    tenancy.inside()
    held = Membership.objects.filter(user=user, school__slug=slug, school__closed_on__isnull=True)
    rows = [row for row in held.select_related("school__board") if row.holds_on(row.school.today(now))]
    first = tenancy.fetch(School.objects.none()) if not rows else rows[0].school
    return roles.Member(user=user, school=first, roles=frozenset(roles.Role(row.role) for row in rows))


def boards_of(*, user: User, today: dt.date) -> models.QuerySet[Board]:
    """The boards that the person administers today, by number."""
    return Board.objects.filter(pk__in=user.board_memberships.live(today).values("board_id")).order_by("number")


def is_operator(*, user: User, today: dt.date) -> bool:
    """Whether the person keeps the site running today."""
    return OperatorGrant.objects.live(today).filter(user=user).exists()


@dataclass(frozen=True)
class Colleague:
    """Somebody who works at a school, with the roles there."""

    user: User
    roles: tuple[roles.Role, ...]


def staff_of(member: roles.Member, *, today: dt.date) -> list[Colleague]:
    """Who works at the member's school today, by name, each with the roles there. One query."""
    tenancy.inside()
    rows = Membership.objects.live(today).filter(school=member.school, user__is_active=True).select_related("user")
    held: dict[int, list[Membership]] = {}
    for row in rows.order_by("user__given_name", "user__family_name", "user_id", "role"):
        held.setdefault(row.user_id, []).append(row)
    return [Colleague(mine[0].user, _roles_in(mine)) for mine in held.values()]


def open_schools(board_id: int) -> models.QuerySet[School]:
    """The schools of a board that did not close."""
    return School.objects.filter(board_id=board_id, closed_on__isnull=True)


def site_counts() -> dict[str, int]:
    """How many boards and open schools the site has: all that an operator sees of them. Two queries."""
    return {"boards": Board.objects.count(), "schools": School.objects.filter(closed_on__isnull=True).count()}


def tokens_of(*, user: User) -> list[ApiToken]:
    """The person's keys to the API, by name. One query."""
    return list(user.tokens.order_by("name"))


def reader(user_id: int) -> User | None:
    """Somebody who can get letters; nobody where the account has ended. One query."""
    return User.objects.filter(pk=user_id, is_active=True).first()


def wishes_of(user: User) -> LetterWishes:
    """How the person wants letters; the defaults, not stored, for whoever never chose. One query."""
    return LetterWishes.objects.filter(user=user).first() or LetterWishes(user=user)


def unwanted_by(user_id: int) -> frozenset[str]:
    """The sorts of letters that the person does not want. One query."""
    return frozenset(UnwantedLetters.objects.filter(user=user_id).values_list("sort", flat=True))


def _roles_in(rows: list[Membership]) -> tuple[roles.Role, ...]:
    """Each role once: it may be held twice on a day, until some day and from another."""
    return tuple(dict.fromkeys(roles.Role(row.role) for row in rows))
