"""Moving, calling off or restoring a meeting of a series with all that follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils.formats import date_format
from django.utils.translation import gettext as _t

from schools import refusals
from schools.roles import Member
from workgroups import permissions, recurrence
from workgroups.actions import meeting as meetings, notices, series, standing, words
from workgroups.actions.series_refusals import LongBreak, NothingAhead, NotInSeries, SeriesMoved, TooLong
from workgroups.models import DaysOff, Meeting, Series
from workgroups.models.meeting import MeetingState
from workgroups.models.series import Every

_OUT_OF_THE_WAY = dt.timedelta(days=36_500)
_SCHEDULE = ("day", "time", "minutes", "place", "starts_at", "schedule_version", "moved_alone")


@dataclass(frozen=True)
class Step:
    """A turn of the rhythm as it would be: its meeting (None: no school then), and whether that one goes along."""

    turn: recurrence.Turn
    meeting: Meeting | None
    goes: bool = False


@dataclass(frozen=True)
class Move:
    """What moving all that follow would bring; ``rule`` is None where the days stay as they are."""

    rule: recurrence.Rule | None
    steps: tuple[Step, ...]
    doubtful: tuple[recurrence.Break, ...] = ()

    @property
    def days(self) -> list[dt.date]:
        """The days of the meetings that go along, in the order of the series."""
        return [step.turn.day for step in self.steps if step.goes and step.turn.day]

    @property
    def changes_days(self) -> bool:
        """Whether there are dates to look at."""
        return self.rule is not None


def lay_out_move(
    *,
    meeting: Meeting,
    day: dt.date,
    sitting: recurrence.Sitting,
    believes: bool | None = None,
    by: Member,
    now: dt.datetime,
) -> Move:
    """What ``move_following`` would do, for a look before it is confirmed; writes nothing. At most five queries.

    Raises what move_following raises, except LongBreak and SeriesMoved; PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_plan_meetings(by, meeting))
    rest = _from(meeting, state=MeetingState.PLANNED, refusal=meetings.NotPlanned)
    first = rest[0]
    meetings.must_not_be_open(first)
    meetings.start_of(day=day, time=sitting.time, minutes=sitting.minutes, zone=first.zone, now=now)
    if day == first.day:
        stays = tuple(_step(recurrence.Turn(one.day, one.day), one, first=first, now=now) for one in rest)
        move = Move(None, stays)
    else:
        move = _new_rhythm(rest, day=day, time=sitting.time, believes=believes, by=by, now=now)
    _must_be_free(move, sitting)
    return move


@transaction.atomic
def move_following(
    *,
    meeting: Meeting,
    day: dt.date,
    sitting: recurrence.Sitting,
    seen: Sequence[dt.date] | None = None,
    believes: bool | None = None,
    version: int | None = None,
    by: Member,
    now: dt.datetime,
) -> list[Meeting]:
    """Move a meeting and all of its series that follow: to another time or place, or to the rhythm of another day.

    What was called off, held, opened or moved alone stays where it is. The rhythm keeps its number of meetings and
    goes around the days without school again; only the title of this meeting changes. ``seen`` are the days that were
    looked at (``lay_out_move``); None will do where the days stay as they are. ``version`` is this meeting's that was
    read; None replaces whatever stands there. Returns those that moved.
    Raises Conflict with this meeting's schedule, NotInSeries, TooLong, LongBreak, SeriesMoved, NotPlanned,
    AlreadyOpened, AlreadyPlanned and what plan_meeting raises; PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_plan_meetings(by, meeting))
    standing.locked(meeting.group_id)
    move = lay_out_move(meeting=meeting, day=day, sitting=sitting, believes=believes, by=by, now=now)
    if move.doubtful and believes is None:
        raise LongBreak
    if move.changes_days if seen is None else move.days != list(seen):
        raise SeriesMoved
    first = next(step.meeting for step in move.steps if step.meeting)
    title = words.one_line(sitting.title, limit=80, field="title", may_be_empty=True)
    if first.title != title or any(_is_new(step, sitting) for step in move.steps):
        meetings.must_be_as_read(first, version)
    if move.rule:
        _begin_anew(move, move.rule)
    changed = [step.meeting for step in move.steps if step.meeting and step.goes and _put(step, sitting, move)]
    _store(changed)
    first.title = title
    first.save(update_fields=["title", "moved_alone"])
    notices.of_changes(changed, school=by.school, now=now)
    return changed


@transaction.atomic
def cancel_following(*, meeting: Meeting, by: Member, now: dt.datetime) -> list[Meeting]:
    """Call off a planned meeting and all of its series that follow and are planned; returns them.

    Raises NotInSeries, NotPlanned, AlreadyOpened, GroupEnded; PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_plan_meetings(by, meeting))
    standing.locked(meeting.group_id)
    first, *others = _from(meeting, state=MeetingState.PLANNED, refusal=meetings.NotPlanned)
    meetings.must_not_be_open(first)
    off = [first, *(one for one in others if _is_ahead(one, now))]
    meetings.call_off(off, now=now)
    return off


@transaction.atomic
def end_series(*, of: Series, by: Member, now: dt.datetime) -> list[Meeting]:
    """Call off all meetings of a series that are planned, lie ahead and were not opened; returns them.

    Raises NothingAhead, GroupEnded; PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_plan_meetings(by, of))
    standing.locked(of.group_id)
    rows = Meeting.objects.filter(series=of).select_related("group", "opener").order_by("series_day")
    off = [one for one in rows if _is_ahead(one, now)]
    if not off:
        raise NothingAhead
    meetings.call_off(off, now=now)
    return off


@transaction.atomic
def restore_following(*, meeting: Meeting, by: Member, now: dt.datetime) -> list[Meeting]:
    """Let a cancelled meeting and all cancelled ones of its series that follow take place after all; returns them.

    Where the group meets at that time by now, or that time has passed, the cancelled one stays cancelled.
    Raises NotInSeries, NotCancelled, InThePast, AlreadyPlanned, GroupEnded; PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_plan_meetings(by, meeting))
    group = standing.locked(meeting.group_id)
    rest = _from(meeting, state=MeetingState.CANCELLED, refusal=meetings.NotCancelled)
    if rest[0].starts_at <= now:
        raise meetings.InThePast
    taken = series.taken_by(group, now)
    if rest[0].starts_at in taken:
        raise meetings.AlreadyPlanned
    off = [one for one in rest if one.state == MeetingState.CANCELLED and one.starts_at > now]
    free = {one.starts_at: one for one in reversed(off) if one.starts_at not in taken}
    back = [one for one in off if free.get(one.starts_at) is one]
    meetings.take_up(back, school=by.school, now=now)
    return back


def _from(meeting: Meeting, *, state: MeetingState, refusal: type[refusals.Refused]) -> list[Meeting]:
    """All of its series from the turn of this meeting on as they are now, itself first."""
    first = Meeting.objects.filter(pk=meeting.pk, state=state).first()
    if first is None:
        raise refusal
    if first.series_id is None:
        raise NotInSeries
    rows = Meeting.objects.filter(series=first.series_id, series_day__gte=first.series_day)
    return list(rows.select_related("group", "opener").order_by("series_day"))


def _is_ahead(one: Meeting, now: dt.datetime) -> bool:
    return one.state == MeetingState.PLANNED and one.starts_at > now and not hasattr(one, "opener")


def _step(turn: recurrence.Turn, one: Meeting, *, first: Meeting, now: dt.datetime) -> Step:
    return Step(turn, one, goes=one.pk == first.pk or (_is_ahead(one, now) and not one.moved_alone))


def _new_rhythm(
    rest: list[Meeting], *, day: dt.date, time: dt.time, believes: bool | None, by: Member, now: dt.datetime
) -> Move:
    """The meetings from here on in the rhythm of another day, one turn with school for each of them."""
    first, old = rest[0], Series.objects.get(meetings=rest[0])
    every = Every(old.every)
    if every == Every.LAST and not recurrence.is_last(day):
        every = Every.MONTH
    every = recurrence.meant(day, every)
    rule = recurrence.Rule(day, every, DaysOff(old.on_days_off), count=len(rest), believes=believes)
    layout = series.spread(rule, time=time, school=by.school, despite=day, now=now)
    if len(layout.days) < len(rest):
        raise TooLong(field="day")
    waiting = iter(rest)
    steps = [
        _step(turn, next(waiting), first=first, now=now) if turn.day else Step(turn, None) for turn in layout.turns
    ]
    return Move(rule, tuple(steps), layout.doubtful)


def _begin_anew(move: Move, rule: recurrence.Rule) -> None:
    """A new series takes over all meetings from here on, each with its turn."""
    steps = [(step.turn, step.meeting) for step in move.steps if step.meeting]
    rows = [one for _turn, one in steps]
    old = Series.objects.get(meetings=rows[0])
    anew = series.written(rows[0].group, rule)
    for turn, one in steps:
        one.series, one.series_day = anew, turn.own
    Meeting.objects.bulk_update(rows, ["series", "series_day"])
    if not Meeting.objects.filter(series=old).exists():
        old.delete()


def _put(step: Step, sitting: recurrence.Sitting, move: Move) -> bool:
    """Day, time, length and place onto a meeting that goes along; whether anything of that is new."""
    one = step.meeting
    if one is None or step.turn.day is None:
        return False
    was = (one.starts_at, one.time, one.minutes, one.place)
    if move.rule:
        one.day, one.moved_alone = step.turn.day, False
    series.put(one, sitting)
    if was == (one.starts_at, one.time, one.minutes, one.place):
        return False
    one.schedule_version += 1
    return True


def _is_new(step: Step, sitting: recurrence.Sitting) -> bool:
    """Whether a meeting that goes along would be at another day or time, of another length or elsewhere."""
    one = step.meeting
    if one is None or not step.goes:
        return False
    place = words.one_line(sitting.place, limit=80, field="place", may_be_empty=True)
    wanted = (step.turn.day, sitting.time, sitting.minutes, place)
    return wanted != (one.day, one.time, one.minutes, one.place)


def _store(changed: list[Meeting]) -> None:
    """Write the new schedules; all leave first, so that none moves onto a start that another still holds."""
    rows = Meeting.objects.filter(pk__in=[one.pk for one in changed])
    rows.update(starts_at=F("starts_at") + _OUT_OF_THE_WAY)
    Meeting.objects.bulk_update(changed, _SCHEDULE)


def _must_be_free(move: Move, sitting: recurrence.Sitting) -> None:
    going = [step.meeting for step in move.steps if step.meeting and step.goes]
    zone = going[0].zone
    at = [series.start_of(day, sitting, zone) for day in move.days]
    same = Meeting.objects.filter(group=going[0].group_id, state=MeetingState.PLANNED, starts_at__in=at)
    clash = same.exclude(pk__in=[one.pk for one in going]).order_by("starts_at").first()
    if clash:
        day = date_format(clash.day, "l j F")
        raise meetings.AlreadyPlanned(_t("Your group already meets at this time on %(day)s.") % {"day": day})
