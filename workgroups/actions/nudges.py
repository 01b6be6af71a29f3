"""The one nudge after a meeting that nobody closed: to the chair, once, by day (G6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from schools import holidays, post
from schools.models import School
from workgroups import queries, reminders
from workgroups.actions.meeting import NOT_CLOSED_WITHIN
from workgroups.models import Meeting

EVALUATE = "evaluate"
# Whoever closes the meeting at the table, or on the way home, hears nothing.
RESTS = dt.timedelta(hours=2)
_NIGHTS = 22
_HANDFUL = 500  # meetings: nobody who writes about one of them waits long


def ask_to_evaluate(*, now: dt.datetime) -> int:
    """Write to the chair of each meeting that has ended and was not closed; returns how many letters.

    They leave two hours after its end, and never after it has lapsed. Safe to run twice and in parallel: it opens the
    ledger by itself, for a handful of meetings at a time. One query to look, and three for each handful; two more for
    each school whose chairs want letters together, and at night one more for each meeting.
    """
    with post.open_ledger():
        meetings = queries.unasked(EVALUATE, since=now - NOT_CLOSED_WITHIN, now=now)
    handfuls = (meetings[first : first + _HANDFUL] for first in range(0, len(meetings), _HANDFUL))
    return sum(_ask(handful, now=now) for handful in handfuls)


def _ask(meetings: Sequence[Meeting], *, now: dt.datetime) -> int:
    entries: dict[int, list[post.Entry]] = {}
    with post.open_ledger():
        seats = queries.seats_in({meeting.group_id for meeting in meetings}, now=now)
        chairs = {group_id: user_id for (group_id, user_id), seat in seats.items() if seat.is_chair}
        chaired = [meeting for meeting in meetings if meeting.group_id in chairs]
        for meeting in chaired:
            entry = _entry(meeting, chairs[meeting.group_id], now=now)
            entries.setdefault(meeting.school_id, []).append(entry)
        post.write_for_schools(entries, now=now)
    return len(chaired)


def _entry(meeting: Meeting, chair_id: int, *, now: dt.datetime) -> post.Entry:
    lapses_at = meeting.starts_at + NOT_CLOSED_WITHIN
    return post.Entry(
        kind=EVALUATE,
        subject_id=meeting.pk,
        version=meeting.schedule_version,
        user_ids=[chair_id],
        due_at=by_day(max(meeting.ends_at + RESTS, now), school=meeting.school, before=lapses_at),
        expires_at=lapses_at,
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
