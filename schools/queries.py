"""What the schools floor can be asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models.functions import Coalesce
from django.http import Http404
from django.utils import timezone

from schools import roles, tenancy, tokens
from schools.models import (
    AddressChange,
    ApiToken,
    Board,
    BoardMembership,
    BreakGlass,
    Event,
    Invitation,
    LetterWishes,
    Membership,
    OperatorGrant,
    Program,
    Roster,
    School,
    Session,
    UnwantedLetters,
    User,
)
from schools.models.events import EventQuerySet


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


def schools_of(*, user: User, today: dt.date) -> models.QuerySet[School]:
    """The schools in which the person is somebody today; for lists."""
    tenancy.inside()
    held = Membership.objects.live(today).filter(user=user)
    return School.objects.filter(pk__in=held.values("school_id"), closed_on__isnull=True)


# Asked at every request, and so as plain SQL: to build it anew each time takes the framework many times as long.
# Days come as words (2026-11-23), since each database gives them in its own way.
_HELD = """
SELECT school.*, held.role AS held_role, CAST(held.from_date AS text) AS held_from,
       CAST(held.until_date AS text) AS held_until, board.number AS board_number, board.name AS board_name,
       EXISTS (SELECT 1 FROM schools_membership other JOIN schools_school place ON place.id = other.school_id
                WHERE other.user_id = %(user)s AND place.closed_on IS NULL AND place.id <> school.id
                  AND other.from_date <= %(day)s AND (other.until_date IS NULL OR other.until_date >= %(day)s))
       OR EXISTS (SELECT 1 FROM schools_boardmembership other
                   WHERE other.user_id = %(user)s
                     AND other.from_date <= %(day)s AND (other.until_date IS NULL OR other.until_date >= %(day)s))
       OR EXISTS (SELECT 1 FROM schools_operatorgrant other
                   WHERE other.user_id = %(user)s
                     AND other.from_date <= %(day)s AND (other.until_date IS NULL OR other.until_date >= %(day)s))
       AS elsewhere
  FROM schools_membership held
  JOIN schools_school school ON school.id = held.school_id
  JOIN schools_board board ON board.id = school.board_id
 WHERE held.user_id = %(user)s AND school.slug = %(slug)s AND school.closed_on IS NULL
"""


def member_at(*, user: User, slug: str, now: dt.datetime) -> roles.Member:
    """The person's hat in the school with this slug; 404 where the person has none on the school's day. One query."""
    tenancy.inside()
    held: Any = School.objects.raw(_HELD, {"user": user.pk, "slug": slug, "day": now.date()})
    rows = [row for row in held if _holds_on(row, row.today(now).isoformat())]
    school = rows[0] if rows else tenancy.fetch(School.objects.none())
    school.board = Board(id=school.board_id, number=school.board_number, name=school.board_name)
    here = frozenset(roles.Role(row.held_role) for row in rows)
    return roles.Member(user=user, school=school, roles=here, elsewhere=bool(school.elsewhere))


def _holds_on(row: Any, today: str) -> bool:
    return bool(row.held_from <= today and (row.held_until is None or row.held_until >= today))


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


def looks_of(*, user: User) -> list[BreakGlass]:
    """Where an operator looked in, or looks in now, newest first, each with its school. One query."""
    looks = BreakGlass.objects.filter(user=user).select_related("school").order_by("-opened_at", "-pk")
    return list(looks)


def events_in(rows: EventQuerySet, *, start: int, most: int) -> list[Event]:
    """These events from a place in their list on, newest first, with people and school at hand. One query."""
    return list(rows.select_related("by", "person", "school").order_by("-at", "-pk")[start : start + most])


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
    """Whether nobody else is an admin of the school as far as is known. One query."""
    rows = Membership.objects.not_over(today).filter(school=school, role=roles.Role.ADMIN, user__is_active=True)
    open_ended = {row.user_id for row in rows if row.until_date is None or row.user_id == user.pk}
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


def site_counts() -> dict[str, int]:
    """How many boards and open schools the site has: all that an operator sees of them. Two queries."""
    return {"boards": Board.objects.count(), "schools": School.objects.filter(closed_on__isnull=True).count()}


def tokens_of(*, user: User) -> models.QuerySet[ApiToken]:
    """The person's keys to the API, by name."""
    return user.tokens.order_by("name")


def programs_of(*, user: User, now: dt.datetime) -> list[Program]:
    """The apps that may use the person's account now, by name, with the app at hand. One query."""
    rows = user.programs.select_related("client").filter(allowed_at__gt=now - Program.LASTS, seal=tokens.seal_of(user))
    return list(rows.order_by("client__name", "pk"))


def sessions_of(*, user: User, now: dt.datetime) -> models.QuerySet[Session]:
    """Where the person is signed in: the day last seen first, then the day it began."""
    rows = user.sessions.filter(expire_date__gt=now).defer("session_data")
    return rows.order_by("-seen_on", "-began_on", "session_key")


def change_to_undo(*, key: str, now: dt.datetime) -> AddressChange | None:
    """The change of an address that this key still undoes, with its person at hand. One query."""
    rows = AddressChange.objects.select_related("user").filter(undone_at__isnull=True).exclude(old="")
    change = rows.filter(undo_digest=tokens.digest(key)).first()
    return change if change and now <= change.can_be_undone_until else None


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
