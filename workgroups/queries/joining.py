"""Where a short code leads, and what a group does at this moment."""

from __future__ import annotations

import datetime as dt

from django.db.models import F

from schools import tenancy
from schools.models import Membership, User
from workgroups.models import GuidedStart, Meeting, Seat, WorkGroup
from workgroups.models.goal import PeriodState
from workgroups.models.meeting import MeetingState
from workgroups.models.start import StartState
from workgroups.queries.table import BEGAN_IN_TIME


def group_of_seat(group_id: int, *, user: User, now: dt.datetime) -> WorkGroup | None:
    """The group with this number, if the person sits in it on its school's day; None otherwise. Two queries."""
    tenancy.inside()
    if group_id > 2**63 - 1:
        return None
    rows = Seat.objects.filter(BEGAN_IN_TIME, user=user, group_id=group_id, school__closed_on__isnull=True)
    for seat in rows.select_related("group", "school"):
        today = seat.school.today(now)
        if seat.holds_on(today) and Membership.objects.live(today).filter(user=user, school=seat.school).exists():
            group: WorkGroup = seat.group
            group.school = seat.school
            return group
    return None


def start_under_way(group: WorkGroup) -> GuidedStart | None:
    """The start of the group's live period that runs or pauses, if there is one. One query."""
    rows = GuidedStart.objects.filter(group=group, period__state=PeriodState.LIVE)
    return rows.exclude(state=StartState.DONE).first()


def meeting_going_on(group: WorkGroup, *, now: dt.datetime) -> Meeting | None:
    """The group's planned meeting that began and has not ended. One query."""
    rows = Meeting.objects.filter(group=group, state=MeetingState.PLANNED, starts_at__lte=now)
    return next((row for row in rows.order_by(F("starts_at").desc()) if now < row.ends_at), None)
