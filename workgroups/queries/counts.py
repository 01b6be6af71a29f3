"""How many, never who or what: for the list of one's hats, and for the board."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Count

from schools import tenancy
from schools.models import User
from workgroups.models import Meeting, Seat, WorkGroup
from workgroups.models.group import GroupState
from workgroups.models.meeting import MeetingState


def seats_by_school(*, user: User, today: dt.date) -> dict[int, int]:
    """In how many active groups the person sits today, per school id. One query."""
    tenancy.inside()
    rows = Seat.objects.live(today).filter(user=user, group__state=GroupState.ACTIVE)
    return dict(rows.values_list("school_id").annotate(Count("pk")))


def groups_by_school(school_ids: Collection[int]) -> dict[int, int]:
    """How many active groups each of these schools has; schools without one are left out. One query."""
    tenancy.inside()
    rows = WorkGroup.objects.filter(school_id__in=school_ids, state=GroupState.ACTIVE)
    return dict(rows.values_list("school_id").annotate(Count("pk")))


def meetings_held_by_school(school_ids: Collection[int], *, since: dt.date) -> dict[int, int]:
    """How many meetings were held at each of these schools since that day; none are left out. One query."""
    tenancy.inside()
    rows = Meeting.objects.filter(school_id__in=school_ids, state=MeetingState.HELD, day__gte=since)
    return dict(rows.values_list("school_id").annotate(Count("pk")))
