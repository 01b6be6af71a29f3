"""The very next meeting of one person, over all schools: what a school's portal shows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cards.models import Aspect
from schools.models import User
from workgroups.models import Meeting, Seat
from workgroups.models.group import GroupState
from workgroups.queries.feeds import seats_today
from workgroups.queries.focus import LiveAgreement, aspects_in_focus, live_agreements
from workgroups.queries.meetings import first_ahead


@dataclass(frozen=True)
class NextMeeting:
    """A meeting ahead or going on, with the seat that one has there, the card in focus and what will be repeated.

    ``days`` until then on the school's calendar; 0: today. ``going_on``: it began.
    """

    meeting: Meeting
    seat: Seat
    aspect: Aspect | None
    agreements: tuple[LiveAgreement, ...]
    days: int
    going_on: bool


def next_meeting_of(user: User, *, now: dt.datetime) -> NextMeeting | None:
    """The first planned meeting that has not ended, of a group that works in which the person sits then.

    Five queries, however many schools and groups; three without a meeting.
    """
    seats = {seat.group_id: seat for seat in seats_today(user, now=now) if seat.group.state == GroupState.ACTIVE}
    meeting = first_ahead(seats.values(), now=now)
    if meeting is None:
        return None
    group_id = meeting.group_id
    return NextMeeting(
        meeting=meeting,
        seat=seats[group_id],
        aspect=aspects_in_focus([group_id]).get(group_id),
        agreements=tuple(live_agreements([group_id])[group_id]),
        days=(meeting.day - seats[group_id].group.school.today(now)).days,
        going_on=meeting.starts_at <= now,
    )
