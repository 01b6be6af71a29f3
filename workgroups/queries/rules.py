"""Whose rule says when somebody hears the agreements again, and when that is for a meeting."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from django.db.models import Q

from schools import holidays, tenancy
from schools.models import School, User
from workgroups import reminders
from workgroups.models import Meeting, OwnRule, ReminderRule, SchoolRule, Seat
from workgroups.models.group import GroupState, WorkGroup
from workgroups.models.meeting import MeetingState
from workgroups.models.rule import Rule


@dataclass(frozen=True)
class Reminding:
    """The reminder of a meeting for one person: when it is due, and since when the rule says so (None: always)."""

    meeting: Meeting
    user_id: int
    due_at: dt.datetime
    since: dt.datetime | None


@dataclass(frozen=True)
class Rules:
    """The rules of groups that remind at all, by group, and of people who have one of their own, by person."""

    groups: Mapping[int, Rule]
    own: Mapping[int, Rule]

    def of(self, group_id: int, user_id: int) -> Rule | None:
        """The person's own rule, else the group's; none where the group's is off: then nobody there hears anything."""
        group = self.groups.get(group_id)
        return group and self.own.get(user_id, group)


def rules_of(group_ids: Iterable[int], user_ids: Iterable[int]) -> Rules:
    """The rules that hold for these people in these groups. Two queries."""
    tenancy.inside()
    groups = ReminderRule.objects.filter(group_id__in=set(group_ids), is_on=True)
    own = OwnRule.objects.filter(user_id__in=set(user_ids))
    return Rules({row.group_id: row for row in groups}, {row.user_id: row for row in own})


def remindings(
    meetings: Collection[Meeting], readers: Mapping[int, Collection[int]], *, schools: Collection[School]
) -> list[Reminding]:
    """When the reminder of each meeting is due for each of its readers (people by the meeting's id).

    Nothing where the group's rule is off. Whoever takes a seat after the rule's time hears on the first morning there.
    The meetings are of these schools. Four queries, however many.
    """
    rules = rules_of({one.group_id for one in meetings}, {user for users in readers.values() for user in users})
    if not meetings or not rules.groups:
        return []
    days = [one.day for one in meetings]
    off = holidays.days_off_by_school(schools, min(days) - reminders.LOOKS_BACK, max(days))
    joined = _joined_after(min(days) - reminders.LOOKS_BACK, {one.group_id for one in meetings})
    return [
        replace(found, due_at=_not_before(joined.get((one.group_id, found.user_id), ()), found))
        for one in meetings
        for found in _for_readers(one, readers.get(one.pk, ()), rules, off=off[one.school_id])
    ]


def _joined_after(day: dt.date, groups: Collection[int]) -> dict[tuple[int, int], list[dt.date]]:
    """The first days of seats taken after a day, by group and person."""
    found: dict[tuple[int, int], list[dt.date]] = {}
    seats = Seat.objects.filter(group_id__in=groups, from_date__gt=day)
    for group_id, user_id, first_day in seats.values_list("group_id", "user_id", "from_date"):
        found.setdefault((group_id, user_id), []).append(first_day)
    return found


def _not_before(first_days: Iterable[dt.date], one: Reminding) -> dt.datetime:
    """When it is due, at the earliest on the morning of the day on which its reader takes the seat of that meeting."""
    first = max((day for day in first_days if day <= one.meeting.day), default=dt.date.min)
    if first <= one.due_at.astimezone(one.meeting.zone).date():
        return one.due_at
    return dt.datetime.combine(first, reminders.MORNING, tzinfo=one.meeting.zone).astimezone(dt.UTC)


def _for_readers(
    meeting: Meeting, readers: Collection[int], rules: Rules, *, off: frozenset[dt.date]
) -> Iterable[Reminding]:
    known: dict[reminders.Rule, dt.datetime] = {}
    when = {"day": meeting.day, "time": meeting.time, "zone": meeting.zone}
    for user_id in sorted(readers):
        rule = rules.of(meeting.group_id, user_id)
        if rule is None:
            continue
        told = told_by(rule)
        if told not in known:
            known[told] = reminders.due_at(told, **when, days_off=off)  # type: ignore[arg-type]
        yield Reminding(meeting, user_id, known[told], rule.changed_at)


def group_times(meetings: Collection[Meeting], group: WorkGroup) -> dict[int, dt.datetime]:
    """When the group's own rule reminds of its meetings, by id, whatever its people chose; none where it is off.

    Two queries.
    """
    row = ReminderRule.objects.select_related("school").filter(group=group, is_on=True).first()
    if row is None or not meetings:
        return {}
    days = [one.day for one in meetings]
    off = holidays.days_off(row.school, min(days) - reminders.LOOKS_BACK, max(days))
    rule = told_by(row)
    return {one.pk: reminders.due_at(rule, day=one.day, time=one.time, zone=one.zone, days_off=off) for one in meetings}


def told_by(row: Rule) -> reminders.Rule:
    """What a row of the database says, as a plain value."""
    return reminders.Rule(row.days_before, row.at, row.hours_before)


def seated_at(meetings: Collection[Meeting]) -> dict[int, set[int]]:
    """Who sits there on the day of each meeting, as far as that is known now, by its id. One query."""
    return _seated(meetings, _seats(meetings), {one.pk: one.day for one in meetings})


def seated_today_and_at(
    meetings: Collection[Meeting], *, now: dt.datetime
) -> tuple[dict[int, set[int]], dict[int, set[int]]]:
    """Who sits there today, by each meeting's id, and who does on its day (``seated_at``). One query."""
    seats = _seats(meetings)
    today = {one.pk: now.astimezone(one.zone).date() for one in meetings}
    return _seated(meetings, seats, today), _seated(meetings, seats, {one.pk: one.day for one in meetings})


def _seats(meetings: Collection[Meeting]) -> list[Seat]:
    tenancy.inside()
    return list(Seat.objects.filter(group_id__in={one.group_id for one in meetings}))


def _seated(meetings: Collection[Meeting], seats: Iterable[Seat], days: Mapping[int, dt.date]) -> dict[int, set[int]]:
    by_group: dict[int, list[Seat]] = {}
    for seat in seats:
        by_group.setdefault(seat.group_id, []).append(seat)
    return {
        one.pk: {seat.user_id for seat in by_group.get(one.group_id, []) if seat.holds_on(days[one.pk])}
        for one in meetings
    }


def planned_after(group_ids: Collection[int], *, now: dt.datetime) -> list[Meeting]:
    """The planned meetings ahead of the groups that work, each with its school, by start. One query."""
    tenancy.inside()
    ahead = Meeting.objects.filter(
        group_id__in=group_ids, group__state=GroupState.ACTIVE, state=MeetingState.PLANNED, starts_at__gt=now
    )
    return list(ahead.select_related("school").order_by("starts_at", "pk"))


def school_rule(school: School) -> reminders.Rule:
    """The school's default: its own, or the day before at four. One query."""
    row = SchoolRule.objects.filter(school=school).first()
    return told_by(row) if row else reminders.Rule()


def own_rule(user: User) -> reminders.Rule | None:
    """The person's own rule, if there is one. One query."""
    row = OwnRule.objects.filter(user=user).first()
    return told_by(row) if row else None


def group_rule(group: WorkGroup) -> ReminderRule:
    """The group's rule. One query."""
    return ReminderRule.objects.get(group=group)


def rules_around(user: User, *, now: dt.datetime) -> list[ReminderRule]:
    """The rules of the groups that work in which the person has a seat now or later, each with its group, by name.

    Two queries.
    """
    groups = groups_sat_in(user, today=now.date())
    rows = ReminderRule.objects.filter(group_id__in=groups, group__state=GroupState.ACTIVE)
    return list(rows.select_related("group__school").order_by("group__name", "group_id"))


def groups_under_school_rule(school: School) -> list[int]:
    """The groups that work and follow the school's rule, by id. One query."""
    tenancy.inside()
    follow = ReminderRule.objects.filter(school=school, follows_school=True, group__state=GroupState.ACTIVE)
    return sorted(follow.values_list("group_id", flat=True))


def working_groups(school: School) -> list[int]:
    """The groups of the school that work, by id. One query."""
    tenancy.inside()
    found = WorkGroup.objects.filter(school=school, state=GroupState.ACTIVE)
    return sorted(found.values_list("pk", flat=True))


def groups_sat_in(user: User, *, today: dt.date) -> list[int]:
    """The groups in which the person has a seat now or later, by id. One query."""
    tenancy.inside()
    seats = Seat.objects.filter(Q(until_date__isnull=True) | Q(until_date__gte=today), user=user)
    return sorted(set(seats.values_list("group_id", flat=True)))
