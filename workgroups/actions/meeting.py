"""Planning a meeting, moving it, and calling it off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from schools import refusals
from schools.models import School
from schools.roles import Member
from workgroups import permissions, reminders
from workgroups.actions import notices, standing, words
from workgroups.models import Meeting, WorkGroup
from workgroups.models.meeting import MeetingState

NOT_CLOSED_WITHIN = dt.timedelta(days=14)
_SHORTEST, _LONGEST = 5, 480
_SCHEDULE = ("day", "time", "minutes", "place", "starts_at", "schedule_version", "title", "moved_alone")


class NoSuchTime(refusals.Refused):
    """The clock skips this time on the day summer time begins."""

    message = _("On this day the clock skips this time, because summer time begins. Choose another time.")
    field = "time"
    code = "no_such_time"


class InThePast(refusals.Refused):
    """A meeting is planned ahead."""

    message = _("This time has passed. Choose a day and time that lie ahead.")
    field = "day"
    code = "in_the_past"


class TooFarAhead(refusals.Refused):
    """A slip of the pen in the year."""

    message = _("This day is more than two years ahead. Check the year.")
    field = "day"
    code = "too_far_ahead"


class OddLength(refusals.Refused):
    """A meeting lasts minutes to hours."""

    message = _("A meeting lasts between 5 minutes and 8 hours.")
    field = "minutes"
    code = "odd_length"


class AlreadyPlanned(refusals.Refused):
    """The group meets once at a time."""

    message = _("Your group already meets at this time.")
    field = "time"
    code = "already_planned"


class NotPlanned(refusals.Refused):
    """The meeting was held, cancelled or left unclosed in the meantime."""

    message = _("This meeting is no longer planned.")
    code = "not_planned"


class NotCancelled(refusals.Refused):
    """Only a cancelled meeting can be restored."""

    message = _("This meeting is not cancelled.")
    code = "not_cancelled"


class AlreadyOpened(refusals.Refused):
    """The group already repeated its agreements: the meeting takes place."""

    message = _("The group already opened this meeting.")
    code = "already_opened"


@transaction.atomic
def plan_meeting(
    *,
    group: WorkGroup,
    day: dt.date,
    time: dt.time,
    minutes: int,
    place: str,
    title: str,
    by: Member,
    now: dt.datetime,
) -> Meeting:
    """Plan a meeting at a local wall-clock time and write down its letters.

    Raises NoSuchTime, InThePast, TooFarAhead, OddLength, AlreadyPlanned, GroupEnded; PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_plan_meetings(by, group))
    group = standing.locked(group.pk)
    meeting = Meeting(school=by.school, group=group, time_zone=by.school.time_zone)
    _schedule(meeting, day=day, time=time, minutes=minutes, place=place, now=now)
    meeting.title = words.one_line(title, limit=80, field="title", may_be_empty=True)
    meeting.save()
    notices.of_plan(meeting, school=by.school, now=now)
    return meeting


@transaction.atomic
def move_meeting(  # noqa: PLR0913  # a schedule is five things
    *,
    meeting: Meeting,
    day: dt.date,
    time: dt.time,
    minutes: int,
    place: str,
    title: str,
    version: int | None = None,
    by: Member,
    now: dt.datetime,
) -> Meeting:
    """Change when, where or how long; another title alone is no move and nobody gets a letter for it.

    ``version`` is the schedule's that was read; None replaces whatever stands there. The same again changes nothing.
    Raises Conflict with the schedule as it is, NotPlanned, AlreadyOpened and what plan_meeting raises;
    PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_plan_meetings(by, meeting))
    meeting = _locked(meeting, state=MeetingState.PLANNED, refusal=NotPlanned)
    title = words.one_line(title, limit=80, field="title", may_be_empty=True)
    place = words.one_line(place, limit=80, field="place", may_be_empty=True)
    if (day, time, minutes, place, title) != _stands(meeting):
        must_be_as_read(meeting, version)
    meeting.title = title
    if (day, time, minutes, place) == (meeting.day, meeting.time, meeting.minutes, meeting.place):
        meeting.save(update_fields=["title"])
        return meeting
    must_not_be_open(meeting)
    _schedule(meeting, day=day, time=time, minutes=minutes, place=place, now=now)
    meeting.schedule_version += 1
    meeting.moved_alone = meeting.series_id is not None
    meeting.save(update_fields=_SCHEDULE)
    notices.of_change(meeting, school=by.school, now=now)
    return meeting


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, by: Member, now: dt.datetime) -> Meeting:
    """Call a planned meeting off.

    Raises NotPlanned, AlreadyOpened, GroupEnded; PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_plan_meetings(by, meeting))
    meeting = _locked(meeting, state=MeetingState.PLANNED, refusal=NotPlanned)
    must_not_be_open(meeting)
    call_off([meeting], now=now)
    return meeting


def call_off(planned: Sequence[Meeting], *, now: dt.datetime) -> None:
    """Turn planned meetings into cancelled ones and write to whoever heard of them; raises NotPlanned."""
    _turn(planned, MeetingState.PLANNED, MeetingState.CANCELLED, NotPlanned)
    notices.of_cancellations(planned, now=now)


@transaction.atomic
def restore_meeting(*, meeting: Meeting, by: Member, now: dt.datetime) -> Meeting:
    """Let a cancelled meeting take place after all, while it still lies ahead.

    Raises NotCancelled, InThePast, AlreadyPlanned, GroupEnded; PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_plan_meetings(by, meeting))
    meeting = _locked(meeting, state=MeetingState.CANCELLED, refusal=NotCancelled)
    if meeting.starts_at <= now:
        raise InThePast
    _must_be_free(meeting)
    take_up([meeting], school=by.school, now=now)
    return meeting


def take_up(cancelled: Sequence[Meeting], *, school: School, now: dt.datetime) -> None:
    """Turn cancelled meetings into planned ones again, with their letters; raises NotCancelled."""
    _turn(cancelled, MeetingState.CANCELLED, MeetingState.PLANNED, NotCancelled)
    notices.of_changes(cancelled, school=school, now=now)


@transaction.atomic
def lapse_meetings(*, now: dt.datetime) -> int:
    """Let go of meetings that nobody closed within 14 days; returns how many."""
    latest = now - NOT_CLOSED_WITHIN
    unclosed = Meeting.objects.filter(state=MeetingState.PLANNED, starts_at__lt=latest)
    return unclosed.update(state=MeetingState.LAPSED)


def _locked(meeting: Meeting, *, state: MeetingState, refusal: type[refusals.Refused]) -> Meeting:
    group = standing.locked(meeting.group_id)
    fresh: Meeting | None = Meeting.objects.filter(pk=meeting.pk, state=state).first()
    if fresh is None:
        raise refusal
    fresh.group = group
    return fresh


def _turn(found: Sequence[Meeting], old: MeetingState, new: MeetingState, refusal: type[refusals.Refused]) -> None:
    rows = Meeting.objects.filter(pk__in=[one.pk for one in found], state=old)
    if rows.update(state=new, schedule_version=F("schedule_version") + 1) < len(found):
        raise refusal
    for one in found:
        one.state = new
        one.schedule_version += 1


def _schedule(meeting: Meeting, *, day: dt.date, time: dt.time, minutes: int, place: str, now: dt.datetime) -> None:
    meeting.starts_at = start_of(day=day, time=time, minutes=minutes, zone=meeting.zone, now=now)
    meeting.day, meeting.time, meeting.minutes = day, time, minutes
    meeting.place = words.one_line(place, limit=80, field="place", may_be_empty=True)
    _must_be_free(meeting)


def start_of(*, day: dt.date, time: dt.time, minutes: int, zone: ZoneInfo, now: dt.datetime) -> dt.datetime:
    """The instant of a meeting that can be planned; raises OddLength, InThePast, TooFarAhead, NoSuchTime."""
    if not _SHORTEST <= minutes <= _LONGEST:
        raise OddLength
    if day < now.date() - dt.timedelta(days=2):
        raise InThePast
    if day > now.date() + dt.timedelta(days=731):
        raise TooFarAhead
    try:
        starts_at = reminders.instant(day=day, time=time, zone=zone)
    except reminders.NoSuchTimeError:
        raise NoSuchTime from None
    if starts_at <= now:
        raise InThePast
    return starts_at


def must_be_as_read(meeting: Meeting, version: int | None) -> None:
    """Raises Conflict with the schedule as it is, where another version than that was read."""
    if version not in {None, meeting.schedule_version}:
        names = ("day", "time", "minutes", "place", "title")
        theirs = dict(zip(names, _stands(meeting), strict=True))
        theirs |= {"day": meeting.day.isoformat(), "time": f"{meeting.time:%H:%M}"}
        raise refusals.Conflict(theirs=theirs, version=meeting.schedule_version)


def _stands(meeting: Meeting) -> tuple[dt.date, dt.time, int, str, str]:
    return meeting.day, meeting.time, meeting.minutes, meeting.place, meeting.title


def _must_be_free(meeting: Meeting) -> None:
    same = Meeting.objects.filter(group=meeting.group, state=MeetingState.PLANNED, starts_at=meeting.starts_at)
    if same.exclude(pk=meeting.pk).exists():
        raise AlreadyPlanned


def must_not_be_open(meeting: Meeting) -> None:
    """Raises AlreadyOpened."""
    if hasattr(meeting, "opener"):
        raise AlreadyOpened
