"""A group's own page: everything its members see at one glance."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from schools.roles import Member
from workgroups import permissions
from workgroups.models import Meeting, Seat, WorkGroup
from workgroups.models.group import GroupState
from workgroups.models.meeting import MeetingState
from workgroups.queries.focus import Focus, focus_of
from workgroups.queries.life import Life, lives, next_in_turn
from workgroups.queries.meetings import RHYTHM, Beat, MeetingRow, meetings_of
from workgroups.queries.table import seats_of
from workgroups.queries.today import Ask, asks_of


@dataclass(frozen=True)
class GroupInside:
    """A group from the inside: what it works on, when it meets, who sits in it.

    ``meeting`` is the one that is going on or can be opened, else the one that ended last without closer (``is_over``),
    else the next one; ``ask`` is the one thing to do now, None where nothing waits. ``beats`` are the latest meetings
    in order of time, with opener and closer. ``life`` is what the chair is asked about the group's life, and
    ``next_chair`` whose turn the chair is where it goes round.
    """

    focus: Focus
    meeting: Meeting | None
    going_on: bool
    is_over: bool
    ahead: tuple[MeetingRow, ...]
    past: tuple[MeetingRow, ...]
    beats: tuple[Beat, ...]
    seats: tuple[Seat, ...]
    ask: Ask | None
    life: Life
    next_chair: Seat | None


def group_inside(group: WorkGroup, *, member: Member, today: dt.date, now: dt.datetime) -> GroupInside:
    """The group as its members and its guest see it. At most eight queries."""
    focus = focus_of(group)
    meetings = meetings_of(group, now=now)
    ahead = [row for row in meetings.ahead if row.meeting.state == MeetingState.PLANNED]
    unclosed = [row.meeting for row in meetings.past if row.meeting.state == MeetingState.PLANNED]
    coming = ahead[0].meeting if ahead else None
    life = lives(member, [group], today=today).get(group.pk, Life())
    asks = [waiting.ask for waiting in asks_of(member, group, focus, coming, life=life, now=now)]
    going_on = coming is not None and coming.starts_at <= now
    is_over = bool(unclosed) and not going_on and Ask.OPEN not in asks
    asks += [Ask.CLOSE] if is_over else []
    beats = [*reversed(meetings.past[:RHYTHM]), *ahead[:1]]
    seats = seats_of(group, today=today)
    return GroupInside(
        focus=focus,
        meeting=unclosed[0] if is_over else coming,
        going_on=going_on,
        is_over=is_over,
        ahead=tuple(meetings.ahead),
        past=tuple(meetings.past),
        beats=tuple(Beat(row.meeting.day, row.meeting.state, row.opened, row.closed) for row in beats),
        seats=tuple(seats),
        ask=min(asks, key=list(Ask).index) if asks and _works(member, group) else None,
        life=life,
        next_chair=next_in_turn(seats) if life.chair else None,
    )


def _works(member: Member, group: WorkGroup) -> bool:
    return group.state == GroupState.ACTIVE and permissions.may_write_goals(member, group)
