"""The people of schools: who works there, who is invited, and which lists wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.functions import Coalesce

from schools import roles, tenancy
from schools.models import (
    Board,
    BoardMembership,
    Invitation,
    Membership,
    OperatorGrant,
    Roster,
    School,
    User,
)
from schools.queries.hats import roles_in


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
    return [Colleague(mine[0].user, roles_in(mine)) for mine in held.values()]


@dataclass(frozen=True)
class Keeping:
    """Somebody of a school as its admins keep the people: all roles held now or later, and the last day if there is."""

    user: User
    held: tuple[Membership, ...]

    @property
    def last_day(self) -> dt.date | None:
        """The day on which the time at the school ends, if all roles have an end."""
        days = [row.until_date for row in self.held if row.until_date]
        return max(days) if len(days) == len(self.held) else None


def kept_people(school: School, *, today: dt.date) -> list[Keeping]:
    """Who works at the school or will, by name, with address and roles. One query."""
    tenancy.inside()
    rows = Membership.objects.not_over(today).filter(school=school, user__is_active=True).select_related("user")
    held: dict[int, list[Membership]] = {}
    for row in rows.order_by("user__given_name", "user__family_name", "user_id", "role", "from_date"):
        held.setdefault(row.user_id, []).append(row)
    return [Keeping(mine[0].user, tuple(mine)) for mine in held.values()]


def people_of(
    school: School, *, today: dt.date, role: roles.Role | None = None, here: bool | None = None
) -> models.QuerySet[User]:
    """Who works at the school or will, in this role only if asked; for lists and fetch.

    ``here``: only who is somebody there today, or only who comes later.
    """
    tenancy.inside()
    held = Membership.objects.not_over(today).filter(school=school)
    named = held.filter(role=role) if role else held
    if here is not None:
        named = named.live(today) if here else named.exclude(user__in=held.live(today).values("user_id"))
    return User.objects.filter(pk__in=named.values("user_id"), is_active=True)


def held_by(people: Iterable[User], *, school: School, today: dt.date) -> dict[int, list[Membership]]:
    """The roles that each of these people holds at the school now or later, by the person's id. One query."""
    tenancy.inside()
    rows = Membership.objects.not_over(today).filter(school=school, user__in=[one.pk for one in people])
    held: dict[int, list[Membership]] = {}
    for row in rows.order_by("role", "from_date"):
        held.setdefault(row.user_id, []).append(row)
    return held


def roles_at(school: School, user: User, *, today: dt.date) -> list[Membership]:
    """The roles that somebody holds at the school now or later. One query."""
    tenancy.inside()
    rows = Membership.objects.not_over(today).filter(school=school, user=user).select_related("user", "school")
    return list(rows.order_by("role", "from_date"))


def open_invitations(school: School) -> models.QuerySet[Invitation]:
    """The invitations of a school that nobody took or withdrew, newest first, each with who invited."""
    tenancy.inside()
    rows = Invitation.objects.open().filter(school=school).select_related("invited_by")
    return rows.order_by("-made_at", "email", "pk")


def invited(school: School, emails: Iterable[str]) -> set[tuple[str, roles.Role]]:
    """Which of these addresses are invited to the school, with the role. One query."""
    tenancy.inside()
    asked = Invitation.objects.open().filter(school=school, email__in=[*emails])
    return {(str(email), roles.Role(role)) for email, role in asked.values_list("email", "role")}


def working_here(school: School, emails: Iterable[str], *, today: dt.date) -> set[tuple[str, roles.Role]]:
    """Which of these addresses hold a role at the school, with the role. One query."""
    tenancy.inside()
    here = Membership.objects.not_over(today).filter(school=school, user__email__in=[*emails])
    return {(str(email), roles.Role(role)) for email, role in here.values_list("user__email", "role")}


@dataclass(frozen=True)
class Beginning:
    """A school with how many people teach there, and how many invitations wait for an answer."""

    school: School
    teachers: int
    invited: int


def beginnings(schools: models.QuerySet[School], *, today: dt.date) -> list[Beginning]:
    """How far each of these schools is with its people, by name. One query, however many schools."""
    tenancy.inside()
    teach = Membership.objects.live(today).filter(role=roles.Role.TEACHER, user__is_active=True)
    rows = schools.annotate(teachers=_per_school(teach), invited=_per_school(Invitation.objects.open())).order_by(
        "name", "pk"
    )
    return [Beginning(row, row.teachers, row.invited) for row in rows]


def _per_school(rows: models.QuerySet[Any]) -> Coalesce:
    mine = rows.filter(school=models.OuterRef("pk")).order_by().values("school")
    return Coalesce(models.Subquery(mine.annotate(many=models.Count("pk")).values("many")), 0)


def is_last_admin(school: School, user: User, *, today: dt.date) -> bool:
    """Whether nobody else is an admin of the school as far as is known, and stays. One query."""
    rows = Membership.objects.not_over(today).filter(school=school, role=roles.Role.ADMIN, user__is_active=True)
    stays = models.Q(until_date__isnull=True, user__erase_at__isnull=True) | models.Q(user=user)
    open_ended = set(rows.filter(stays).values_list("user_id", flat=True))
    return open_ended == {user.pk}


def is_somebody_elsewhere(user: User, *, school: School, today: dt.date) -> bool:
    """Whether the person is somebody at another school, for a board or for the site, now or later. Three queries."""
    others = Membership.objects.not_over(today).filter(user=user).exclude(school=school)
    wide = (model.objects.not_over(today).filter(user=user) for model in (BoardMembership, OperatorGrant))
    return any(rows.exists() for rows in (others, *wide))


def account_with(email: str) -> User | None:
    """The account with this address. One query."""
    return User.objects.filter(email=email).first()


def open_schools(board_id: int) -> models.QuerySet[School]:
    """The schools of a board that did not close."""
    return School.objects.filter(board_id=board_id, closed_on__isnull=True)


def rosters_of(*, by: User, school: School | None = None, board: Board | None = None) -> models.QuerySet[Roster]:
    """The lists that the person chose for this school, or for this board, and that were not forgotten yet."""
    tenancy.inside()
    return Roster.objects.filter(by=by, school=school, board=board)
