"""Reminders that should be in the ledger and are not, written down anew."""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction

from schools import post
from schools.models import Delivery
from workgroups import queries
from workgroups.actions import notices, standing
from workgroups.models import Meeting

AHEAD = dt.timedelta(days=60)
# A reminder that lacks leaves this long after its time all the same. Later nobody can tell it from one that was never
# meant to leave, since its rule was switched on after its time.
OVERDUE_AT_MOST = dt.timedelta(minutes=10)
# Whoever has one of these about the schedule as it is now needs no other. A letter that was taken back counts: people
# take letters back on purpose.
_ENOUGH = (notices.REMINDER, notices.INVITATION)
_log = logging.getLogger(__name__)


def groups_to_mend(now: dt.datetime) -> list[int]:
    """The groups that may lack reminders of the coming 60 days, by id. One query."""
    return queries.groups_with_gaps(_ENOUGH, now=now, until=now + AHEAD)


@transaction.atomic
def mend_reminders(group_id: int, now: dt.datetime) -> int:
    """Write down the reminders that a group lacks, each logged as an error; returns how many.

    Nobody plans or moves a meeting of the group meanwhile, so what lacks now was lost.
    """
    try:
        standing.locked(group_id)
    except standing.GroupEnded:
        return 0
    lacking = queries.gaps_in(group_id, _ENOUGH, now=now, until=now + AHEAD)
    meetings = list(Meeting.objects.filter(pk__in=lacking).select_related("school").order_by("starts_at", "pk"))
    if not meetings:
        return 0
    mended = 0
    for meeting, due_at in notices.due_times(meetings, school=meetings[0].school):
        if due_at > now - OVERDUE_AT_MOST:
            mended += _remind(meeting, lacking[meeting.pk] - _told_later(meeting, due_at), due_at=due_at, now=now)
    return mended


def _told_later(meeting: Meeting, due_at: dt.datetime) -> set[int]:
    """Who heard of this schedule at the reminder's time or after it: the meeting moved so late."""
    moved = Delivery.objects.filter(
        kind=notices.MOVED, subject_id=meeting.pk, version=meeting.schedule_version, due_at__gte=due_at
    )
    return {user_id for user_id in moved.values_list("user_id", flat=True) if user_id}


def _remind(meeting: Meeting, user_ids: set[int], *, due_at: dt.datetime, now: dt.datetime) -> int:
    post.write_down(
        kind=notices.REMINDER,
        subject_id=meeting.pk,
        version=meeting.schedule_version,
        school_id=meeting.school_id,
        user_ids=user_ids,
        due_at=due_at,
        expires_at=meeting.starts_at,
        now=now,
    )
    for user_id in sorted(user_ids):
        _log.error("The reminder of meeting %s for person %s was gone; it is written down anew.", meeting.pk, user_id)
    return len(user_ids)
