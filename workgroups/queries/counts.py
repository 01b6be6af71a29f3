"""How many, never who or what: for the list of one's hats, and for the board."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from schools import tenancy
from schools.models import School, User
from workgroups.models import Meeting, Seat, WorkGroup
from workgroups.models.group import GroupState
from workgroups.models.meeting import MeetingState


def seats_by_school(*, user: User, today: dt.date) -> dict[int, int]:
    """In how many active groups the person sits today, per school id. One query."""
    tenancy.inside()
    rows = Seat.objects.live(today).filter(user=user, group__state=GroupState.ACTIVE)
    return dict(rows.values_list("school_id").annotate(Count("pk")))


@dataclass(frozen=True)
class Activity:
    """A school with the number of its active groups, and of the meetings that took place there."""

    school: School
    groups: int
    meetings: int


def activity_of(schools: QuerySet[School], *, since: dt.date, now: dt.datetime) -> list[Activity]:
    """How many active groups each of these schools has, and how many of its meetings took place since that day.

    By name. One query. A meeting took place once it began and unless it was called off, as in the rhythm that a school
    reads: whether a group closed it is the group's to know, and no difference between two numbers may tell.
    """
    tenancy.inside()
    active = WorkGroup.objects.filter(state=GroupState.ACTIVE)
    began = Meeting.objects.filter(day__gte=since, starts_at__lte=now).exclude(state=MeetingState.CANCELLED)
    rows = schools.annotate(groups_now=_per_school(active), meetings_since=_per_school(began))
    return [Activity(row, row.groups_now, row.meetings_since) for row in rows.order_by("name", "pk")]


def _per_school(rows: QuerySet[Any]) -> Coalesce:
    """How many of these rows a school has, for a query of schools."""
    mine = rows.filter(school=OuterRef("pk")).order_by().values("school")
    return Coalesce(Subquery(mine.annotate(many=Count("pk")).values("many")), 0)
