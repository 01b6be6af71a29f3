"""The one nudge after a meeting that nobody closed: to the chair, once, by day (G6)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from schools import holidays, post
from schools.models import School, User
from workgroups import queries, reminders
from workgroups.actions.meeting import NOT_CLOSED_WITHIN
from workgroups.models import Meeting

EVALUATE = "evaluate"
# Whoever closes the meeting at the table, or on the way home, hears nothing.
RESTS = dt.timedelta(hours=2)
_NIGHTS = 22


@transaction.atomic
def ask_to_evaluate(*, now: dt.datetime) -> int:
    """Write to the chair of each meeting that has ended and was not closed; returns how many letters.

    They leave two hours after its end, and never after it has lapsed. Safe to run twice and in parallel. Two queries,
    and two for each letter; at night one more.
    """
    meetings = queries.unasked(EVALUATE, since=now - NOT_CLOSED_WITHIN, now=now)
    chairs = queries.chairs_of({meeting.group_id for meeting in meetings}, today=timezone.localdate(now))
    chaired = [meeting for meeting in meetings if meeting.group_id in chairs]
    for meeting in chaired:
        _ask(meeting, chairs[meeting.group_id], now=now)
    return len(chaired)


def _ask(meeting: Meeting, chair: User, *, now: dt.datetime) -> None:
    lapses_at = meeting.starts_at + NOT_CLOSED_WITHIN
    post.write_down(
        kind=EVALUATE,
        subject_id=meeting.pk,
        version=meeting.schedule_version,
        school_id=meeting.school_id,
        user_ids=[chair.pk],
        due_at=by_day(max(meeting.ends_at + RESTS, now), school=meeting.school, before=lapses_at),
        expires_at=lapses_at,
        now=now,
    )


def by_day(moment: dt.datetime, *, school: School, before: dt.datetime) -> dt.datetime:
    """The moment itself (UTC) or, in quiet hours, seven o'clock on the next school day; one query then.

    Where no school day begins before ``before``, the next morning of any day. The result may lie after ``before``.
    """
    here = moment.astimezone(school.zone)
    if reminders.MORNING <= here.time() < reminders.EVENING:
        return moment
    first = here.date() + reminders.DAY * (here.time() >= reminders.EVENING)
    days = [first + night * reminders.DAY for night in range(_NIGHTS)]
    off = holidays.days_off(school, days[0], days[-1])
    mornings = [(_morning(day, school), reminders.is_school_day(day, off)) for day in days]
    return next((one for one, at_school in mornings if at_school and one < before), mornings[0][0])


def _morning(day: dt.date, school: School) -> dt.datetime:
    return dt.datetime.combine(day, reminders.MORNING, tzinfo=school.zone).astimezone(dt.UTC)
