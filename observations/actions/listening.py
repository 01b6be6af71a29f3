"""Listening first (C7): a clock and nothing else. The notes open afterwards (C8)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from observations import permissions
from observations.actions import steps
from observations.models import Observation, Visit
from observations.models.visit import VisitState
from schools.refusals import Refused
from schools.roles import Member
from workgroups.models import Meeting
from workgroups.models.meeting import MeetingState

EARLY = dt.timedelta(minutes=15)
LONGEST = 240  # minutes


class TooEarly(Refused):
    """Not earlier than 15 minutes before the meeting."""

    message = _("You can start 15 minutes before the meeting.")
    code = "too_early"


class TooLate(Refused):
    """The meeting is over."""

    message = _("This meeting is over, so there is nothing left to listen to.")
    code = "too_late"


class MeetingMoved(Refused):
    """The group said yes to another time."""

    message = _("The meeting was moved after the group said yes. Ask the group again.")
    code = "meeting_moved"


class MeetingCancelled(Refused):
    """There is no meeting to listen to."""

    message = _("This meeting was called off.")
    code = "meeting_cancelled"


def check_yes(visit: Visit, meeting: Meeting, *, now: dt.datetime) -> None:
    """Whether the group's yes holds for this meeting and it is about to start; raises what is the matter (C2)."""
    if meeting.state == MeetingState.CANCELLED:
        raise MeetingCancelled
    if visit.accepted_for != meeting.starts_at:
        raise MeetingMoved
    if now < meeting.starts_at - EARLY:
        raise TooEarly


def welcome_from(visit: Visit, meeting: Meeting) -> dt.datetime:
    """When somebody may have come whom no news of the meeting reached: as the yes says, or as the meeting stands now.

    A meeting that moved within its day may have a visitor who listens in good faith, without a network; the group is
    there too, and can stop the visit. For another day, or a meeting that was called off, the yes is of no use: raises
    MeetingMoved, MeetingCancelled. No query, once the visit has its school at hand.
    """
    if visit.state != VisitState.ACCEPTED or visit.accepted_for is None:
        return meeting.starts_at
    if meeting.state == MeetingState.CANCELLED:
        raise MeetingCancelled
    if visit.school.today(visit.accepted_for) != meeting.day:
        raise MeetingMoved
    return min(visit.accepted_for, meeting.starts_at)


def may_have_begun(visit: Visit, meeting: Meeting, *, now: dt.datetime) -> bool:
    """Whether a welcome visitor may be listening already, where nothing comes in or goes out."""
    try:
        return visit.state == VisitState.ACCEPTED and now >= welcome_from(visit, meeting) - EARLY
    except (MeetingMoved, MeetingCancelled):
        return False


@transaction.atomic
def start_listening(*, visit: Visit, by: Member, now: dt.datetime) -> Visit:
    """Start the clock, from 15 minutes before the meeting until its end (C7).

    Raises TooEarly, TooLate, MeetingMoved, MeetingCancelled, NotPossibleNow (without the group's yes: C2);
    PermissionDenied for all but the visitor.
    """
    permissions.demand(permissions.may_log_observation(by, visit))
    meeting = Meeting.objects.get(pk=visit.meeting_id)
    if visit.state == VisitState.ACCEPTED:
        check_yes(visit, meeting, now=now)
        if now >= meeting.ends_at:
            raise TooLate
    steps.step(visit, since=(VisitState.ACCEPTED,), to=VisitState.LISTENING, listening_since=now)
    steps.keep_in(visit, today=by.school.today(now))
    return visit


@transaction.atomic
def stop_listening(*, visit: Visit, by: Member, now: dt.datetime) -> Observation:
    """Stop the clock; the notes open. The minutes really listened stand on the feedback (C7).

    They count from the start until now, at most until the meeting's end, whole minutes, at least one.
    Raises NotPossibleNow; PermissionDenied for all but the visitor.
    """
    permissions.demand(permissions.may_log_observation(by, visit))
    steps.step(visit, since=(VisitState.LISTENING,), to=VisitState.NOTING)
    meeting = Meeting.objects.get(pk=visit.meeting_id)
    return Observation.objects.create(
        visit=visit,
        school_id=visit.school_id,
        group_id=visit.group_id,
        listened=minutes_between(visit.listening_since or now, min(now, meeting.ends_at)),
        updated_at=now,
    )


def minutes_between(start: dt.datetime, end: dt.datetime) -> int:
    """Whole minutes from start to end, between 1 and 240."""
    return min(max(int((end - start).total_seconds() // 60), 1), LONGEST)


@dataclass(frozen=True)
class Clock:
    """The clock of a visit as it stands: seconds and whole minutes since the start, and until when.

    ``until`` is the target, or the end of the meeting where it comes before: then there is nothing left to listen to.
    ``counted`` are the minutes that would be written down now, ``left`` the seconds until then.
    """

    seconds: int
    minutes: int
    counted: int
    left: int
    until: dt.datetime
    is_early: bool


def clock_of(visit: Visit, *, now: dt.datetime) -> Clock:
    """How long was listened (reads the meeting); where nobody listens yet, as if it began now. No query."""
    since = visit.listening_since or now
    seconds = max(int((now - since).total_seconds()), 0)
    until = min(since + dt.timedelta(minutes=visit.target_minutes), visit.meeting.ends_at)
    return Clock(
        seconds=seconds,
        minutes=seconds // 60,
        counted=minutes_between(since, min(now, visit.meeting.ends_at)),
        left=max(int((until - now).total_seconds()), 0),
        until=until,
        is_early=now < until,
    )
