"""The letters a deed causes, written down in its own transaction: who must hear what, and when.

No one's last letter may state a wrong time or a cancelled meeting: whoever had a letter about the old schedule gets
one about the new. Letters that still wait are taken back instead.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from django.db.models import Q

from schools import holidays, post
from schools.models import Delivery, School
from schools.models.post import DeliveryState
from workgroups import reminders
from workgroups.models import Meeting, ReminderRule, Seat
from workgroups.models.meeting import MeetingState

REMINDER, INVITATION, MOVED, CANCELLED = "reminder", "invitation", "moved", "cancelled"
KINDS = (REMINDER, INVITATION, MOVED, CANCELLED)
# Several moves in a row become one letter; and what the post had checked before the move has left before it.
SETTLES = 2 * post.FRESH


def of_plan(meeting: Meeting, *, school: School, now: dt.datetime) -> None:
    """A meeting was planned: everybody at the table is reminded in time, or invited at once when that time passed."""
    _remind([meeting], school=school, user_ids=_seated(meeting), now=now)


def of_series(meetings: list[Meeting], *, school: School, now: dt.datetime) -> None:
    """Meetings of one group were planned together: for each the same as ``of_plan``."""
    seats = list(Seat.objects.filter(group_id__in={one.group_id for one in meetings}))
    for meeting, due_at in due_times(meetings, school=school):
        seated = {seat.user_id for seat in seats if seat.holds_on(meeting.day)}
        _remind_at(meeting, due_at, user_ids=seated, now=now)


def of_change(meeting: Meeting, *, school: School, now: dt.datetime) -> None:
    """A meeting moved, or takes place after all: whoever heard the old schedule hears the new one."""
    seated, heard = _seated(meeting), _take_back(meeting)
    _tell(MOVED, meeting, seated & heard, due_at=_soon(meeting, now), now=now)
    _remind([meeting], school=school, user_ids=seated, told=heard, now=now)


def of_cancellation(meeting: Meeting, *, now: dt.datetime) -> None:
    """A meeting was called off: whoever heard of it hears that."""
    seated, heard = _seated(meeting), _take_back(meeting)
    _tell(CANCELLED, meeting, seated & heard, due_at=_soon(meeting, now), now=now)


def of_seat(seat: Seat, *, school: School, now: dt.datetime) -> None:
    """Somebody joined: reminded of the coming meetings like the others, or invited where their reminder has gone."""
    ahead = Meeting.objects.filter(
        group_id=seat.group_id, state=MeetingState.PLANNED, starts_at__gt=now, day__gte=seat.from_date
    )
    _remind(list(ahead), school=school, user_ids={seat.user_id}, now=now)


def _remind(
    meetings: list[Meeting],
    *,
    school: School,
    user_ids: set[int],
    told: Collection[int] = (),
    now: dt.datetime,
) -> None:
    """Remind these people of the meetings; where the time for that is past, invite those who were not told."""
    for meeting, due_at in due_times(meetings, school=school):
        _remind_at(meeting, due_at, user_ids=user_ids, told=told, now=now)


def _remind_at(
    meeting: Meeting, due_at: dt.datetime, *, user_ids: set[int], told: Collection[int] = (), now: dt.datetime
) -> None:
    if due_at > now + SETTLES:
        _tell(REMINDER, meeting, user_ids, due_at=due_at, now=now)
    else:
        _tell(INVITATION, meeting, user_ids - set(told), due_at=now, now=now)


def due_times(meetings: list[Meeting], *, school: School) -> list[tuple[Meeting, dt.datetime]]:
    """When each meeting's reminder is due; nothing where the group's rule is off. Two queries at most."""
    rule = ReminderRule.objects.filter(group_id__in={one.group_id for one in meetings}, is_on=True).first()
    if rule is None:
        return []
    days = [meeting.day for meeting in meetings]
    off = holidays.days_off(school, min(days) - reminders.LOOKS_BACK, max(days))
    return [
        (
            meeting,
            reminders.due_at(
                day=meeting.day, days_before=rule.days_before, at=rule.at, zone=meeting.zone, days_off=off
            ),
        )
        for meeting in meetings
    ]


def _tell(kind: str, meeting: Meeting, user_ids: set[int], *, due_at: dt.datetime, now: dt.datetime) -> None:
    if not user_ids or meeting.starts_at <= due_at:
        return
    post.write_down(
        kind=kind,
        subject_id=meeting.pk,
        version=meeting.schedule_version,
        school_id=meeting.school_id,
        user_ids=user_ids,
        due_at=due_at,
        expires_at=meeting.starts_at,
        now=now,
    )


def _soon(meeting: Meeting, now: dt.datetime) -> dt.datetime:
    return now + SETTLES if meeting.starts_at > now + SETTLES else now


def _seated(meeting: Meeting) -> set[int]:
    """Who sits there on the day of the meeting, as far as that is known now."""
    return set(Seat.objects.live(meeting.day).filter(group_id=meeting.group_id).values_list("user_id", flat=True))


def _take_back(meeting: Meeting) -> set[int]:
    """Take back what still waits, and return whom a letter reached, is reaching just now, or may have reached.

    In this order: what the post takes out of the box meanwhile is either taken back or counted.
    """
    for kind in KINDS:
        post.drop(
            kind=kind, subject_id=meeting.pk, version_below=meeting.schedule_version, reason="the meeting changed"
        )
    leaving = Q(state__in=[DeliveryState.SENT, DeliveryState.LEASED]) | Q(doubts__gt=0)
    letters = Delivery.objects.filter(leaving, kind__in=KINDS, subject_id=meeting.pk, user_id__isnull=False)
    return set(letters.values_list("user_id", flat=True))
