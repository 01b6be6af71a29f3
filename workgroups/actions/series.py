"""Planning meetings that come back, and moving, calling off or restoring one with all that follow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _t, gettext_lazy as _

from schools import holidays, refusals
from schools.roles import Member
from workgroups import permissions, recurrence, reminders
from workgroups.actions import meeting as meetings, notices, standing, words
from workgroups.models import DaysOff, Meeting, Series, WorkGroup
from workgroups.models.meeting import MeetingState
from workgroups.models.series import MOST, Every

_AROUND = dt.timedelta(days=60)  # a break that reaches beyond the series is still seen whole
_SCHEDULE = ("day", "time", "minutes", "place", "starts_at", "schedule_version", "moved_alone", "title")


class NoEnd(refusals.Refused):
    """A series ends on a day or after a number of meetings."""

    message = _("Choose a last day or a number of meetings, one of the two.")
    field = "last_day"
    code = "no_end"


class EndsTooEarly(refusals.Refused):
    """The last day lies before the first."""

    message = _("The last day lies before the first meeting. Choose a later day.")
    field = "last_day"
    code = "ends_too_early"


class TooMany(refusals.Refused):
    """A slip of the pen, or more than a group can mean."""

    message = _("A series has 60 meetings at most. Choose fewer, or an earlier last day.")
    field = "count"
    code = "too_many"


class TooLong(refusals.Refused):
    """Nobody knows the calendar further ahead."""

    message = _("A series reaches 18 months ahead at most. Choose fewer meetings, or an earlier last day.")
    field = "last_day"
    code = "too_long"


class NotTheLast(refusals.Refused):
    """The first meeting sets the rhythm."""

    message = _("This day is not the last of its kind in the month. Choose the last one, or another rhythm.")
    field = "day"
    code = "not_the_last"


class NothingLeft(refusals.Refused):
    """All its days fall in holidays, or are planned already."""

    message = _("No meeting is left: all these days are days without school, or your group already meets then.")
    field = "every"
    code = "nothing_left"


class LongBreak(refusals.Refused):
    """A break of more than three weeks outside summer may be a slip in the calendar."""

    message = _("Say whether school is really closed in this long break.")
    field = "believes"
    code = "long_break"


class SeriesMoved(refusals.Refused):
    """What would be planned is not what was looked at."""

    message = _("The dates have changed since you looked. Look again and confirm.")
    code = "series_moved"


class NotInSeries(refusals.Refused):
    """A meeting on its own has none that follow."""

    message = _("This meeting does not belong to a series.")
    code = "not_in_series"


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
    last = recurrence.horizon(by.school.today(now))
    off = holidays.days_off(by.school, rule.first - _AROUND, last + _AROUND)
    doubtful = [one for one in recurrence.breaks(off) if one.is_doubtful]
    if rule.believes is False:
        off = frozenset(day for day in off if not any(day in one for one in doubtful))
    zone = by.school.zone
    turns = recurrence.spread(rule, time=sitting.time, zone=zone, days_off=off, taken=_taken(group, now), last=last)
    layout = Layout(rule, tuple(turns), tuple(one for one in doubtful if any(turn.own in one for turn in turns)))
    return _bounded(layout)


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
    if layout.days != list(seen):
        raise SeriesMoved
    series = _written(group, layout.rule)
    planned = Meeting.objects.bulk_create(_meetings(series, layout, sitting, by=by))
    notices.of_series(planned, school=by.school, now=now)
    return planned


@transaction.atomic
def move_following(
    *, meeting: Meeting, day: dt.date, sitting: recurrence.Sitting, by: Member, now: dt.datetime
) -> list[Meeting]:
    """Move a meeting and all of its series that follow: to another time or place, or to the rhythm of another day.

    What was called off, held, opened or moved alone stays where it is. The rhythm keeps its number of meetings and
    goes around the days without school again; only the title of this meeting changes. Returns those that moved.
    Raises NotInSeries, TooLong, NotPlanned, AlreadyOpened, AlreadyPlanned and what plan_meeting raises;
    PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_plan_meetings(by, meeting))
    first, rest = _from(meeting, state=MeetingState.PLANNED, refusal=meetings.NotPlanned)
    meetings.must_not_be_open(first)
    moving = [one for one in rest if one.pk == first.pk or _goes_along(one, now)]
    meetings.start_of(day=day, time=sitting.time, minutes=sitting.minutes, zone=first.zone, now=now)
    if day != first.day:
        _begin_anew(first, rest, day=day, time=sitting.time, by=by, now=now)
    first.title = words.one_line(sitting.title, limit=80, field="title", may_be_empty=True)
    was = {one.pk: (one.starts_at, one.time, one.minutes, one.place) for one in moving}
    for one in moving:
        _put(one, sitting)
    changed = [one for one in moving if was[one.pk] != (one.starts_at, one.time, one.minutes, one.place)]
    _must_be_free(changed)
    for one in _in_safe_order(changed, {pk: old[0] for pk, old in was.items()}):
        one.schedule_version += 1
        one.save(update_fields=_SCHEDULE)
    for one in changed:
        notices.of_change(one, school=by.school, now=now)
    first.save(update_fields=["title", "moved_alone"])
    return changed


@transaction.atomic
def cancel_following(*, meeting: Meeting, by: Member, now: dt.datetime) -> list[Meeting]:
    """Call off a planned meeting and all of its series that follow and are planned; returns them.

    Raises NotInSeries, NotPlanned, AlreadyOpened, GroupEnded; PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_plan_meetings(by, meeting))
    first, rest = _from(meeting, state=MeetingState.PLANNED, refusal=meetings.NotPlanned)
    meetings.must_not_be_open(first)
    off = [one for one in rest if one.pk == first.pk or _is_ahead(one, now)]
    for one in off:
        meetings.call_off(one, now=now)
    return off


@transaction.atomic
def restore_following(*, meeting: Meeting, by: Member, now: dt.datetime) -> list[Meeting]:
    """Let a cancelled meeting and all cancelled ones of its series that follow take place after all; returns them.

    Where the group meets at that time by now, the cancelled one stays cancelled.
    Raises NotInSeries, NotCancelled, InThePast, AlreadyPlanned, GroupEnded; PermissionDenied unless chair.
    """
    permissions.demand(permissions.may_plan_meetings(by, meeting))
    first, rest = _from(meeting, state=MeetingState.CANCELLED, refusal=meetings.NotCancelled)
    if first.starts_at <= now:
        raise meetings.InThePast
    taken = _taken(first.group, now)
    if first.starts_at in taken:
        raise meetings.AlreadyPlanned
    back = [one for one in rest if one.state == MeetingState.CANCELLED and one.starts_at not in taken]
    for one in back:
        meetings.take_up(one, school=by.school, now=now)
    return back


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


def _written(group: WorkGroup, rule: recurrence.Rule) -> Series:
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
            _put(one, sitting)
            found.append(one)
    return found


def _put(one: Meeting, sitting: recurrence.Sitting) -> None:
    """Time, length and place of the series onto a meeting whose day stands; the instant follows."""
    one.time, one.minutes = sitting.time, sitting.minutes
    one.place = words.one_line(sitting.place, limit=80, field="place", may_be_empty=True)
    try:
        one.starts_at = reminders.instant(day=one.day, time=one.time, zone=one.zone)
    except reminders.NoSuchTimeError:
        raise meetings.NoSuchTime from None


def _from(meeting: Meeting, *, state: MeetingState, refusal: type[refusals.Refused]) -> tuple[Meeting, list[Meeting]]:
    """The meeting as it is now, its group locked, and all of its series from its turn on, itself first."""
    group = standing.locked(meeting.group_id)
    first = Meeting.objects.filter(pk=meeting.pk, state=state).first()
    if first is None:
        raise refusal
    if first.series_id is None:
        raise NotInSeries
    rows = Meeting.objects.filter(series=first.series_id, series_day__gte=first.series_day)
    rest = list(rows.select_related("opener").order_by("series_day"))
    for one in rest:
        one.group = group
    return rest[0], rest


def _is_ahead(one: Meeting, now: dt.datetime) -> bool:
    return one.state == MeetingState.PLANNED and one.starts_at > now and not hasattr(one, "opener")


def _goes_along(one: Meeting, now: dt.datetime) -> bool:
    return _is_ahead(one, now) and not one.moved_alone


def _begin_anew(
    first: Meeting, rest: list[Meeting], *, day: dt.date, time: dt.time, by: Member, now: dt.datetime
) -> None:
    """Lay the meetings from here on out in the rhythm of another day: a new series, one turn for each of them."""
    old = Series.objects.get(meetings=first)
    every = Every(old.every)
    if every == Every.LAST and not recurrence.is_last(day):
        every = Every.MONTH
    rule = recurrence.Rule(day, recurrence.meant(day, every), DaysOff(old.on_days_off), count=len(rest))
    last = recurrence.horizon(by.school.today(now))
    off = holidays.days_off(by.school, day, last) - {day}  # the chair chose this very day
    turns = recurrence.spread(rule, time=time, zone=first.zone, days_off=off, last=last)
    met = [turn for turn in turns if turn.day]
    if len(met) < len(rest):
        raise TooLong(field="day")
    series = _written(first.group, rule)
    for one, turn in zip(rest, met, strict=True):
        one.series, one.series_day = series, turn.own
        if one.pk == first.pk or _goes_along(one, now):
            one.day, one.moved_alone = turn.day or one.day, False
    Meeting.objects.bulk_update(rest, ["series", "series_day"])
    if not Meeting.objects.filter(series=old).exists():
        old.delete()


def _taken(group: WorkGroup, now: dt.datetime) -> set[dt.datetime]:
    ahead = Meeting.objects.filter(group=group, state=MeetingState.PLANNED, starts_at__gt=now)
    return set(ahead.values_list("starts_at", flat=True))


def _must_be_free(moving: list[Meeting]) -> None:
    if not moving:
        return
    at = [one.starts_at for one in moving]
    same = Meeting.objects.filter(group=moving[0].group, state=MeetingState.PLANNED, starts_at__in=at)
    clash = same.exclude(pk__in=[one.pk for one in moving]).order_by("starts_at").first()
    if clash:
        day = date_format(clash.day, "l j F")
        raise meetings.AlreadyPlanned(_t("Your group already meets at this time on %(day)s.") % {"day": day})


def _in_safe_order(moving: list[Meeting], was: dict[int, dt.datetime]) -> list[Meeting]:
    """In this order no meeting moves onto a start that another still holds: all keep their order among themselves."""
    later = [one for one in moving if one.starts_at > was[one.pk]]
    others = [one for one in moving if one.starts_at <= was[one.pk]]
    return [*sorted(later, key=_start, reverse=True), *sorted(others, key=_start)]


def _start(one: Meeting) -> dt.datetime:
    return one.starts_at
