"""Planning meetings that come back, around the days without school."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from django.db import transaction

from schools import holidays
from schools.models import School
from schools.roles import Member
from workgroups import permissions, recurrence, reminders
from workgroups.actions import meeting as meetings, notices, standing, words
from workgroups.actions.series_refusals import (
    EndsTooEarly,
    LongBreak,
    NoEnd,
    NothingLeft,
    NotTheLast,
    SeriesMoved,
    TooLong,
    TooMany,
)
from workgroups.models import Meeting, Series, WorkGroup
from workgroups.models.meeting import MeetingState
from workgroups.models.series import MOST, Every

_AROUND = dt.timedelta(days=60)  # a break that reaches beyond the series is still seen whole


@dataclass(frozen=True)
class Layout:
    """What a series would bring: each turn of its rule, and the long breaks outside summer that need an answer."""

    rule: recurrence.Rule
    turns: tuple[recurrence.Turn, ...]
    doubtful: tuple[recurrence.Break, ...]

    @property
    def days(self) -> list[dt.date]:
        """The days on which a meeting would be planned."""
        return [turn.day for turn in self.turns if turn.day]


def lay_out_series(
    *, group: WorkGroup, rule: recurrence.Rule, sitting: recurrence.Sitting, by: Member, now: dt.datetime
) -> Layout:
    """What ``plan_series`` would plan, for a look before it is confirmed; writes nothing. Two queries.

    Raises what plan_series raises, except LongBreak and SeriesMoved; PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_plan_meetings(by, group))
    rule = _checked(replace(rule, every=recurrence.meant(rule.first, rule.every)), sitting=sitting, by=by, now=now)
    layout = spread(rule, time=sitting.time, school=by.school, taken=taken_by(group, now), now=now)
    return _bounded(layout)


def spread(
    rule: recurrence.Rule,
    *,
    time: dt.time,
    school: School,
    taken: Collection[dt.datetime] = (),
    despite: dt.date | None = None,
    now: dt.datetime,
) -> Layout:
    """The turns of a rule around the days without school here; ``despite`` counts as a day with school. One query."""
    last = recurrence.horizon(school.today(now))
    off = holidays.named_days_off(school, rule.first - _AROUND, last + _AROUND)
    doubtful = [one for one in recurrence.breaks(off) if one.is_doubtful]
    if rule.believes is False:
        off = {day: name for day, name in off.items() if not any(day in one for one in doubtful)}
    closed = off.keys() - {despite}
    turns = recurrence.spread(rule, time=time, zone=school.zone, days_off=closed, taken=taken, last=last)
    named = tuple(replace(turn, holiday=off[turn.own]) if turn.own in closed else turn for turn in turns)
    return Layout(rule, named, tuple(one for one in doubtful if any(turn.own in one for turn in named)))


@transaction.atomic
def plan_series(
    *,
    group: WorkGroup,
    rule: recurrence.Rule,
    sitting: recurrence.Sitting,
    seen: Sequence[dt.date],
    by: Member,
    now: dt.datetime,
) -> list[Meeting]:
    """Plan all meetings of a series at local wall-clock times, with the letters of each.

    Days without school of this school are left out or moved by whole weeks; a time at which the group already meets
    is not planned twice. ``seen`` are the days that were looked at (``lay_out_series``).
    Raises NoEnd, EndsTooEarly, TooMany, TooLong, NotTheLast, NothingLeft, LongBreak, SeriesMoved, InThePast,
    TooFarAhead, OddLength, GroupEnded; PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_plan_meetings(by, group))
    group = standing.locked(group.pk)
    layout = lay_out_series(group=group, rule=rule, sitting=sitting, by=by, now=now)
    if layout.doubtful and layout.rule.believes is None:
        raise LongBreak
    if not layout.days:
        raise NothingLeft
    if layout.days != list(seen):
        raise SeriesMoved
    series = written(group, layout.rule)
    planned = Meeting.objects.bulk_create(_meetings(series, layout, sitting, by=by))
    notices.of_series(planned, school=by.school, now=now)
    return planned


def _checked(rule: recurrence.Rule, *, sitting: recurrence.Sitting, by: Member, now: dt.datetime) -> recurrence.Rule:
    """The rule, once everything that can be known without its turns holds."""
    words.one_line(sitting.place, limit=80, field="place", may_be_empty=True)
    words.one_line(sitting.title, limit=80, field="title", may_be_empty=True)
    meetings.start_of(day=rule.first, time=sitting.time, minutes=sitting.minutes, zone=by.school.zone, now=now)
    last = recurrence.horizon(by.school.today(now))
    if (rule.until is None) == (rule.count is None):
        raise NoEnd
    if rule.until and rule.until < rule.first:
        raise EndsTooEarly
    if max(rule.until or rule.first, rule.first) > last:
        raise TooLong(field="last_day" if rule.until else "day")
    if rule.count is not None and not 1 <= rule.count <= MOST:
        raise TooMany
    if rule.every == Every.LAST and not recurrence.is_last(rule.first):
        raise NotTheLast
    return rule


def _bounded(layout: Layout) -> Layout:
    if len(layout.days) > MOST:
        raise TooMany(field="last_day")
    if layout.rule.count is not None and recurrence.counted(layout.turns) < layout.rule.count:
        raise TooLong(field="count")
    if not layout.days and not layout.doubtful:
        raise NothingLeft
    return layout


def written(group: WorkGroup, rule: recurrence.Rule) -> Series:
    """Write a series down."""
    return Series.objects.create(
        school_id=group.school_id,
        group=group,
        every=rule.every,
        first_day=rule.first,
        until=rule.until,
        count=rule.count,
        on_days_off=rule.on_days_off,
    )


def _meetings(series: Series, layout: Layout, sitting: recurrence.Sitting, *, by: Member) -> list[Meeting]:
    found = []
    for turn in layout.turns:
        if turn.day:
            one = Meeting(school=by.school, group=series.group, series=series, series_day=turn.own, day=turn.day)
            one.time_zone = by.school.time_zone
            one.title = words.one_line(sitting.title, limit=80, field="title", may_be_empty=True)
            put(one, sitting)
            found.append(one)
    return found


def put(one: Meeting, sitting: recurrence.Sitting) -> None:
    """Time, length and place of the series onto a meeting whose day stands; the instant follows."""
    one.time, one.minutes = sitting.time, sitting.minutes
    one.place = words.one_line(sitting.place, limit=80, field="place", may_be_empty=True)
    one.starts_at = start_of(one.day, sitting, one.zone)


def start_of(day: dt.date, sitting: recurrence.Sitting, zone: ZoneInfo) -> dt.datetime:
    """The instant of a meeting on this day; raises NoSuchTime."""
    try:
        return reminders.instant(day=day, time=sitting.time, zone=zone)
    except reminders.NoSuchTimeError:
        raise meetings.NoSuchTime from None


def taken_by(group: WorkGroup, now: dt.datetime) -> set[dt.datetime]:
    """When the group meets already. One query."""
    ahead = Meeting.objects.filter(group=group, state=MeetingState.PLANNED, starts_at__gt=now)
    return set(ahead.values_list("starts_at", flat=True))
