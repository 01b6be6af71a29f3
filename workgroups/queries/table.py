"""The hat with its seats, and who sits where."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import F, Q, QuerySet

from schools.models import Membership, User
from schools.queries import hats
from schools.roles import Member, Role
from workgroups.models import Seat, WorkGroup

_DAY = dt.timedelta(days=1)
BEGAN_IN_TIME = Q(group__ended_on__isnull=True) | Q(from_date__lte=F("group__ended_on"))


# Asked at every request, and so as plain SQL (schools.queries.member_at): BEGAN_IN_TIME and Guest.objects.live, again.
_PLACES = """
(SELECT seat.school_id, seat.group_id, seat.is_chair, seat.from_date, seat.until_date
   FROM workgroups_seat seat
   JOIN workgroups_workgroup sat ON sat.id = seat.group_id
  WHERE seat.user_id = %(user)s AND (sat.ended_on IS NULL OR seat.from_date <= sat.ended_on)
  UNION ALL
 SELECT guest.school_id, guest.group_id, NULL, guest.from_date, guest.until_date
   FROM workgroups_guest guest
   LEFT JOIN workgroups_meeting visited ON visited.id = guest.meeting_id
  WHERE guest.user_id = %(user)s
    AND (guest.meeting_id IS NULL OR visited.starts_at = guest.welcome_at AND visited.state <> 'cancelled')) place
"""
_TODAY = f"""
SELECT place.group_id, place.is_chair FROM {_PLACES}
 WHERE place.school_id = %(school)s
   AND place.from_date <= %(day)s AND (place.until_date IS NULL OR place.until_date >= %(day)s)
"""  # noqa: S608  # nothing of anybody's
# Which day it is tells the school itself, whose hat comes along: so these are a day wider on both sides.
_HAT = hats.asking(
    "place.group_id, place.is_chair, CAST(place.from_date AS text), CAST(place.until_date AS text)",
    f"""LEFT JOIN {_PLACES} ON place.school_id = school.id
   AND place.from_date <= %(latest)s AND (place.until_date IS NULL OR place.until_date >= %(earliest)s)""",
)


def member_at_the_table(*, user: User, slug: str, now: dt.datetime) -> Member:
    """The person's hat in the school, as ``schools.queries.member_at``, with its seats and guest places. One query."""
    days = {"earliest": now.date() - _DAY, "latest": now.date() + _DAY}
    member, found = hats.worn(_HAT, user=user, slug=slug, now=now, **days)
    today = member.school.today(now).isoformat()
    held = [(group, chair) for group, chair, first, last in found if group and hats.holds_on(today, first, last)]
    return _with_places(member, held)


def at_the_table(member: Member, *, today: dt.date) -> Member:
    """The same hat with the seats and the guest places it holds today. One query.

    A group that ended stays readable for who sat there then: a seat that was to begin later opens nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TODAY, {"school": member.school.pk, "user": member.user.pk, "day": today})
        return _with_places(member, cursor.fetchall())


def _with_places(member: Member, places: Iterable[tuple[int, bool | None]]) -> Member:
    places = list(places)
    seats = {group_id: bool(is_chair) for group_id, is_chair in places if is_chair is not None}
    guest_of = frozenset(group_id for group_id, is_chair in places if is_chair is None)
    return dataclasses.replace(member, seats=seats, guest_of=guest_of | member.opened_groups)


def seats_of(group: WorkGroup, *, today: dt.date) -> list[Seat]:
    """Who sits in the group today, the chair first, then by name; each with its person at hand. One query."""
    rows = Seat.objects.live(today).filter(group=group).select_related("user")
    return list(rows.order_by("-is_chair", "user__given_name", "user__family_name", "pk"))


@dataclass(frozen=True)
class Place:
    """A place at the table: whose it is, whether it has begun, and the own line on what one may come and ask (P8)."""

    seat: Seat
    is_coming: bool
    is_own: bool
    line: str


def table_of(group: WorkGroup, *, member: Member, today: dt.date) -> list[Place]:
    """Who sits in the group and who will, the chair first, then by name, those who are still to come last. One query.

    The lines open to the group's own members only.
    """
    seats = Seat.objects.filter(_not_over(today), group=group).select_related("user")
    rows = list(seats.order_by("-is_chair", "user__given_name", "user__family_name", "pk"))
    inside, me = member.sits_in(group.pk), member.user.pk
    found = [
        Place(row, row.from_date > today, inside and row.user_id == me, row.ask_me_about if inside else "")
        for row in rows
    ]
    return sorted(found, key=lambda place: place.is_coming)


def seats_for(member: Member, *, today: dt.date) -> QuerySet[Seat]:
    """The seats, also those still to come, that the member may know of, each with group and person; for fetch.

    A leader and an admin know those of the whole school, others those of the groups they enter.
    """
    rows = Seat.objects.filter(_not_over(today), school_id=member.school.pk).select_related("group", "user")
    if member.has(Role.LEADER, Role.ADMIN):
        return rows
    return rows.filter(group_id__in=[*member.seats, *member.guest_of])


def people_at(school_id: int, *, today: dt.date) -> QuerySet[User]:
    """Who works at the school today, by name."""
    here = Membership.objects.live(today).filter(school_id=school_id).values("user_id")
    return User.objects.filter(pk__in=here, is_active=True).order_by("given_name", "family_name", "pk")


def may_be_seated(group: WorkGroup, *, today: dt.date) -> QuerySet[User]:
    """The people of the group's school without a seat in it, now or later, by name: who can be given one."""
    seated = Seat.objects.filter(_not_over(today), group=group).values("user_id")
    return people_at(group.school_id, today=today).exclude(pk__in=seated)


def chairs_of(group_ids: Iterable[int], *, today: dt.date) -> dict[int, User]:
    """The chair of each of these groups today. One query."""
    rows = Seat.objects.live(today).filter(group_id__in=group_ids, is_chair=True).select_related("user")
    return {row.group_id: row.user for row in rows}


class Held(NamedTuple):
    """A seat as it is today: its last day, if that is known, and whether it is the chair's."""

    last_day: dt.date | None
    is_chair: bool


def seats_in(group_ids: Iterable[int], *, now: dt.datetime) -> dict[tuple[int, int], Held]:
    """The seats in these groups today, each on its own school's calendar, by (group, person). One query."""
    day = now.date()  # it is no other day than this one, the one before or the one after anywhere
    rows = Seat.objects.filter(_not_over(day - _DAY), group_id__in=group_ids, from_date__lte=day + _DAY)
    found = rows.values_list("group_id", "user_id", "from_date", "until_date", "is_chair", "school__time_zone")
    today: dict[str, dt.date] = {}
    seats: dict[tuple[int, int], Held] = {}
    for group_id, user_id, first, last, is_chair, zone in found:
        here = today.get(zone) or today.setdefault(zone, now.astimezone(ZoneInfo(zone)).date())
        if first <= here and (last is None or here <= last):
            seats[group_id, user_id] = Held(last, is_chair)
    return seats


def _not_over(today: dt.date) -> Q:
    return Q(until_date__isnull=True) | Q(until_date__gte=today)
