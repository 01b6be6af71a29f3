"""Meetings: the next one, those that were, and what was said in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, Func, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.db.models.sql.compiler import SQLCompiler
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _, pgettext

from schools import holidays
from schools.roles import Member, Role
from workgroups import permissions
from workgroups.models import AgreementCheck, GoalCheck, Meeting, Seat, Series, WorkGroup
from workgroups.models.goal import Step
from workgroups.models.group import GroupState
from workgroups.models.meeting import Kept, MeetingState
from workgroups.queries.focus import Focus, focus_of

RHYTHM = 6
WEEK = dt.timedelta(weeks=1)
FORTNIGHT = dt.timedelta(weeks=2)
LONGEST_GAP = dt.timedelta(weeks=9)


class _Minutes(Func):
    """A number of minutes as a duration: an interval on PostgreSQL, microseconds on SQLite, as Django keeps them."""

    template = "make_interval(mins => %(expressions)s)"
    output_field = DurationField()

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **context: Any) -> tuple[str, Any]:
        """Multiply, since SQLite knows no intervals."""
        return self.as_sql(compiler, connection, template="(%(expressions)s * 60000000)", **context)


_ENDS = ExpressionWrapper(F("starts_at") + _Minutes("minutes"), output_field=DateTimeField())


@dataclass(frozen=True)
class Beat:
    """One meeting in the rhythm of a group. ``opened`` and ``closed`` are None where the group does not share them."""

    day: dt.date
    state: str
    opened: bool | None
    closed: bool | None

    @property
    def label(self) -> str:
        """The same in words, in the reader's language."""
        return _("%(day)s: %(words)s") % {"day": date_format(self.day, "j F"), "words": self.words}

    @property
    def words(self) -> str:
        """How the meeting went, without its day."""
        words = {
            MeetingState.PLANNED.value: pgettext("meeting", "planned"),
            MeetingState.CANCELLED.value: pgettext("meeting", "cancelled"),
            MeetingState.LAPSED.value: pgettext("meeting", "not closed"),
        }
        return words.get(self.state) or self._held()

    def _held(self) -> str:
        if self.opened and self.closed:
            return pgettext("meeting", "repeated and evaluated")
        if self.opened:
            return pgettext("meeting", "repeated")
        return pgettext("meeting", "evaluated") if self.closed else pgettext("meeting", "took place")


@dataclass(frozen=True)
class MeetingRow:
    """A meeting in a list: was it opened (G5), and judged (G6, G7) or skipped with a reason."""

    meeting: Meeting
    opened: bool
    closed: bool
    skipped_because: str
    going_on: bool = False


@dataclass(frozen=True)
class MeetingList:
    """A group's meetings: those ahead or going on, the first one first; and those that were, the last one first."""

    ahead: list[MeetingRow]
    past: list[MeetingRow]


@dataclass(frozen=True)
class Judged:
    """What the group said of one agreement or goal at a closer: its words then, and the outcome."""

    text: str
    outcome: str
    label: str | Promise


@dataclass(frozen=True)
class MeetingInside:
    """What the group keeps to itself about a meeting: opener and closer, and what it works on now."""

    opened_at: dt.datetime | None
    closed_at: dt.datetime | None
    skipped_because: str
    agreements: tuple[Judged, ...]
    goals: tuple[Judged, ...]
    focus: Focus


@dataclass(frozen=True)
class MeetingPage:
    """One meeting; ``inside`` is None for who may read date, time and place only. ``is_coming`` until it ends."""

    meeting: Meeting
    inside: MeetingInside | None
    is_coming: bool
    can_open: bool
    can_close: bool
    can_move: bool
    can_restore: bool
    follow: int


def meetings_for(member: Member, *, group_id: int | None = None) -> QuerySet[Meeting]:
    """The meetings whose date, time and place the member may read, of one group if asked; for lists and fetch."""
    rows = Meeting.objects.dated_for(member).select_related("group", "series")
    return rows if group_id is None else rows.filter(group_id=group_id)


def series_for(member: Member, *, group_id: int | None = None) -> QuerySet[Series]:
    """The series of the meetings whose dates the member may read, of one group if asked; for lists and fetch."""
    rows = Series.objects.in_school(member)
    if not member.has(Role.LEADER, Role.ADMIN):
        rows = rows.filter(group_id__in=[*member.seats, *member.guest_of])
    return rows if group_id is None else rows.filter(group_id=group_id)


def meetings_of(group: WorkGroup, *, now: dt.datetime, latest: int = 50) -> MeetingList:
    """A group's meetings ahead (or going on) and the latest that were. Two queries."""
    rows = Meeting.objects.filter(group=group).select_related("opener", "closer").alias(ends=_ENDS)
    ahead = rows.filter(ends__gt=now, state__in=[MeetingState.PLANNED, MeetingState.CANCELLED])
    past = rows.exclude(ends__gt=now, state__in=[MeetingState.PLANNED, MeetingState.CANCELLED])
    return MeetingList(
        ahead=[_row(one, now=now) for one in ahead.order_by("starts_at", "pk")],
        past=[_row(one, now=now) for one in past.order_by("-starts_at", "-pk")[:latest]],
    )


def next_meeting(group: WorkGroup, *, now: dt.datetime) -> Meeting | None:
    """The group's first planned meeting that has not ended. One query."""
    return next_meetings([group.pk], now=now).get(group.pk)


def next_meetings(group_ids: Collection[int], *, now: dt.datetime) -> dict[int, Meeting]:
    """Each group's first planned meeting that has not ended, with its opener at hand. One query."""
    return _one_per_group(_ahead(group_ids, now=now).select_related("opener"), "starts_at")


def first_ahead(seats: Collection[Seat], *, now: dt.datetime) -> Meeting | None:
    """The first planned meeting that has not ended, of any of these seats' groups, on a day of that seat. One query."""
    of_seats = Q(pk__in=[])
    for seat in seats:
        until = Q() if seat.until_date is None else Q(day__lte=seat.until_date)
        of_seats |= Q(group_id=seat.group_id, day__gte=seat.from_date) & until
    ahead = _ahead([seat.group_id for seat in seats], now=now)
    return ahead.filter(of_seats).order_by("starts_at", "pk").first()


def _ahead(group_ids: Collection[int], *, now: dt.datetime) -> QuerySet[Meeting]:
    planned = Meeting.objects.filter(group_id__in=group_ids, state=MeetingState.PLANNED)
    return planned.alias(ends=_ENDS).filter(ends__gt=now)


def last_meetings(group_ids: Collection[int], *, now: dt.datetime) -> dict[int, Meeting]:
    """Each group's latest meeting that is over and was not called off, closed or not. One query."""
    were = Meeting.objects.filter(group_id__in=group_ids).exclude(state=MeetingState.CANCELLED)
    over = were.alias(ends=_ENDS).filter(Q(ends__lte=now) | Q(state=MeetingState.HELD))
    return _one_per_group(over, "-starts_at")


def unclosed(group_ids: Collection[int], *, now: dt.datetime) -> QuerySet[Meeting]:
    """Planned meetings that have ended without closer, the latest first; after 14 days they lapse. One query."""
    planned = Meeting.objects.filter(group_id__in=group_ids, state=MeetingState.PLANNED)
    return planned.alias(ends=_ENDS).filter(ends__lte=now).order_by("-starts_at", "pk")


def rhythm(
    group_ids: Collection[int], *, now: dt.datetime, shared: Collection[int] = (), latest: int = RHYTHM
) -> dict[int, list[Beat]]:
    """Each group's latest meetings in order of time, and the next one. Two queries, however many groups.

    Opener and closer of a meeting show only for the groups in ``shared``; in the others every meeting that was and was
    not called off reads held, since whether it was closed is the group's to know.
    """
    begun = Meeting.objects.filter(group_id__in=group_ids, starts_at__lte=now)
    ahead = Meeting.objects.filter(group_id__in=group_ids, starts_at__gt=now, state=MeetingState.PLANNED)
    found: dict[int, list[Beat]] = {group_id: [] for group_id in group_ids}
    for rows, order, most in ((begun, "-starts_at", latest), (ahead, "starts_at", 1)):
        numbered = rows.annotate(nth=Window(RowNumber(), partition_by="group_id", order_by=[order, "pk"]))
        near = numbered.filter(nth__lte=most).select_related("opener", "closer")
        for meeting in near.order_by("starts_at", "pk"):
            found[meeting.group_id].append(_beat(meeting, now=now, is_shared=meeting.group_id in shared))
    return found


def meeting_page(meeting: Meeting, *, member: Member, now: dt.datetime) -> MeetingPage:
    """One meeting as this member may see it. At most ten queries."""
    planned, opened = meeting.state == MeetingState.PLANNED, hasattr(meeting, "opener")
    works = meeting.group.state == GroupState.ACTIVE
    holds = planned and works and permissions.may_hold_meetings(member, meeting)
    plans = works and permissions.may_plan_meetings(member, meeting)
    return MeetingPage(
        meeting=meeting,
        inside=_inside(meeting) if permissions.may_read_goals(member, meeting) else None,
        is_coming=planned and now < meeting.ends_at,
        can_open=holds and not opened and now >= meeting.opens_at,
        can_close=holds and now >= meeting.starts_at,
        can_move=planned and plans and not opened,
        can_restore=meeting.state == MeetingState.CANCELLED and plans and now < meeting.starts_at,
        follow=following(meeting, now=now) if plans else 0,
    )


def following(meeting: Meeting, *, now: dt.datetime) -> int:
    """How many of its series follow, lie ahead, and are planned or cancelled as it is. One query in a series."""
    if meeting.series_id is None:
        return 0
    rest = Meeting.objects.filter(series=meeting.series_id, series_day__gt=meeting.series_day)
    return rest.filter(state=meeting.state, starts_at__gt=now).count()


def _inside(meeting: Meeting) -> MeetingInside:
    opener, closer = getattr(meeting, "opener", None), getattr(meeting, "closer", None)
    kept = AgreementCheck.objects.filter(closer=closer).select_related("agreement").order_by("pk") if closer else ()
    steps = GoalCheck.objects.filter(closer=closer).select_related("goal").order_by("goal__position") if closer else ()
    return MeetingInside(
        opened_at=opener.opened_at if opener else None,
        closed_at=closer.closed_at if closer else None,
        skipped_because=closer.skipped_because if closer else "",
        agreements=tuple(Judged(row.agreement.text, row.outcome, Kept(row.outcome).label) for row in kept),
        goals=tuple(Judged(row.goal.text, row.outcome, Step(row.outcome).label) for row in steps),
        focus=focus_of(meeting.group),
    )


def _row(meeting: Meeting, *, now: dt.datetime) -> MeetingRow:
    closer = getattr(meeting, "closer", None)
    because = closer.skipped_because if closer else ""
    return MeetingRow(
        meeting=meeting,
        opened=hasattr(meeting, "opener"),
        closed=closer is not None and not because,
        skipped_because=because,
        going_on=meeting.state == MeetingState.PLANNED and meeting.starts_at <= now < meeting.ends_at,
    )


def _beat(meeting: Meeting, *, now: dt.datetime, is_shared: bool) -> Beat:
    if is_shared:
        row = _row(meeting, now=now)
        return Beat(meeting.day, meeting.state, row.opened, row.closed)
    was = meeting.starts_at <= now and meeting.state != MeetingState.CANCELLED
    return Beat(meeting.day, MeetingState.HELD if was else meeting.state, None, None)


def _one_per_group(rows: QuerySet[Meeting], order: str) -> dict[int, Meeting]:
    numbered = rows.annotate(nth=Window(RowNumber(), partition_by="group_id", order_by=[order, "pk"]))
    return {meeting.group_id: meeting for meeting in numbered.filter(nth=1)}


def schedule_of(meeting: Meeting) -> dict[str, Any]:
    """When and where a meeting is, as a form asks it: day, time, until, place and title. No query."""
    start = dt.datetime.combine(meeting.day, meeting.time)
    until = (start + dt.timedelta(minutes=meeting.minutes)).time()
    return {"day": meeting.day, "time": meeting.time, "until": until, "place": meeting.place, "title": meeting.title}


def proposal(group: WorkGroup, *, today: dt.date) -> dict[str, Any]:
    """A proposal for the group's next meeting, as ``schedule_of``: its usual time and place, after its usual gap.

    In a holiday of the school it moves on, week by week. Empty for a group that never met. Two queries.
    """
    rows = Meeting.objects.filter(group=group).select_related("group__school").order_by("-starts_at", "pk")
    recent = list(rows[:RHYTHM])
    if not recent:
        return {}
    latest, gap = recent[0], _usual_gap([one.day for one in recent if one.state != MeetingState.CANCELLED])
    day = latest.day + max(1, (today - latest.day) // gap + 1) * gap
    off = holidays.days_off(latest.group.school, day, day + 12 * WEEK)
    weekly = (day + weeks * WEEK for weeks in range(12))
    return schedule_of(latest) | {"day": next((one for one in weekly if one not in off), day), "title": ""}


def _usual_gap(days: list[dt.date]) -> dt.timedelta:
    """The gap between these days, the latest first, that stands in the middle; whole weeks, a fortnight if unknown.

    Longer than two months is a summer, not a rhythm.
    """
    gaps = [later - earlier for later, earlier in pairwise(days)]
    weeks = sorted(round(gap / WEEK) for gap in gaps if dt.timedelta(days=3) < gap <= LONGEST_GAP)
    return weeks[len(weeks) // 2] * WEEK if weeks else FORTNIGHT
