"""What groups ask their school for: on the group's own page, on the school's dashboard, at home and in the post."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.functional import Promise

from schools import holidays, tenancy
from schools.models import Membership, School
from schools.roles import Member, Role
from workgroups.models import HelpKind, HelpRequest, WorkGroup
from workgroups.models.group import GroupState
from workgroups.models.help import HelpState

NEWS_FOR = dt.timedelta(days=14)  # how long an answer stands at home, and a letter is worth sending


@dataclass(frozen=True)
class HelpLine:
    """What one group asked, and the leader's answer: empty, without day and name, while nobody answered.

    ``by_name`` is the full name under the answer; empty too when that account is gone.
    """

    id: int
    kind: str
    words: str
    group: WorkGroup
    state: str
    asked_on: dt.date
    answer: str
    answered_on: dt.date | None
    by_name: str

    @property
    def kind_label(self) -> str | Promise:
        """What was asked, in a word: time, data, an expert or a school to visit."""
        return HelpKind(self.kind).label

    @property
    def is_open(self) -> bool:
        """Whether it still waits for an answer."""
        return self.state == HelpState.ASKED


@dataclass(frozen=True)
class GroupHelp:
    """What one group asked and did not take back: what waits, is answered and is done, each the newest first."""

    waiting: tuple[HelpLine, ...] = ()
    answered: tuple[HelpLine, ...] = ()
    done: tuple[HelpLine, ...] = ()

    @property
    def lines(self) -> tuple[HelpLine, ...]:
        """What the group is not done with: answers first, then what waits."""
        return self.answered + self.waiting


@dataclass(frozen=True)
class HelpAtHome:
    """For a leader what groups wait for, the oldest first; for a seat what was answered of late, the newest first."""

    to_answer: tuple[HelpLine, ...] = ()
    answered: tuple[HelpLine, ...] = ()


def help_for(member: Member) -> QuerySet[HelpRequest]:
    """What the own groups asked, and for a leader what all groups did; each with group and leader, for fetch."""
    return _with_names(HelpRequest.objects.visible_to(member))


def help_to_read(
    member: Member, *, today: dt.date, group_id: int | None = None, state: str | None = None
) -> QuerySet[HelpRequest]:
    """The same, and what stands on the dashboard for leaders, teachers and coaches; nothing that was taken back.

    Of one group and in one state, if asked.
    """
    own, shown = HelpRequest.objects.visible_to(member), HelpRequest.objects.on_dashboard(member, since=_since(today))
    rows = _with_names(own | shown).exclude(state=HelpState.WITHDRAWN)
    asked = {"group_id": group_id, "state": state}
    return rows.filter(**{name: value for name, value in asked.items() if value is not None})


def help_in_school(member: Member, *, now: dt.datetime) -> tuple[HelpLine, ...]:
    """What working groups wait for, and what was answered this school year, by group and day. One query.

    For leaders, teachers and coaches, who all see the same (domain 4); nothing for anybody else.
    """
    rows = HelpRequest.objects.on_dashboard(member, since=_since(member.school.today(now)))
    return _lines(_with_names(rows).order_by("group__name", "group_id", "asked_on", "pk"))


def help_of(group: WorkGroup) -> GroupHelp:
    """Everything the group asked and did not take back. One query."""
    tenancy.inside()
    rows = HelpRequest.objects.filter(group=group).exclude(state=HelpState.WITHDRAWN)
    lines = _lines(_with_names(rows).order_by("-asked_on", "-pk"))
    return GroupHelp(
        waiting=_in(HelpState.ASKED, lines),
        answered=_in(HelpState.ANSWERED, lines),
        done=_in(HelpState.DONE, lines),
    )


def help_at_home(member: Member, *, today: dt.date) -> HelpAtHome:
    """What waits for a leader, and for two weeks what was answered to the own groups. One query, or none."""
    leads = member.has(Role.LEADER)
    if not leads and not member.seats:
        return HelpAtHome()
    fresh = Q(group_id__in=list(member.seats), state=HelpState.ANSWERED, answered_on__gte=today - NEWS_FOR)
    wanted = fresh | Q(state=HelpState.ASKED) if leads else fresh
    rows = help_for(member).filter(wanted, group__state=GroupState.ACTIVE)
    lines = _lines(rows.order_by("asked_on", "pk"))
    return HelpAtHome(to_answer=_in(HelpState.ASKED, lines), answered=tuple(reversed(_in(HelpState.ANSWERED, lines))))


def help_line(row: HelpRequest) -> HelpLine:
    """One question as it is shown; it comes with its group and leader."""
    return HelpLine(
        id=row.pk,
        kind=row.kind,
        words=row.text,
        group=row.group,
        state=row.state,
        asked_on=row.asked_on,
        answer=row.answer,
        answered_on=row.answered_on,
        by_name=row.answered_by.name if row.answered_by else "",
    )


def open_help(group: WorkGroup) -> QuerySet[HelpRequest]:
    """What the group still waits for."""
    return HelpRequest.objects.filter(group=group, state=HelpState.ASKED)


def help_by_id(ids: Collection[int]) -> dict[int, HelpRequest]:
    """Requests by id, each with school, group and leader, for the post. One query."""
    return HelpRequest.objects.select_related("school", "group", "answered_by").in_bulk(list(ids))


def leaders_of(schools: Collection[School], *, now: dt.datetime) -> set[tuple[int, int]]:
    """Who leads each of these schools on its own day, as pairs of the school's id and the person's. One query."""
    tenancy.inside()
    today = {school.pk: school.today(now) for school in schools}
    rows = Membership.objects.filter(school_id__in=today, role=Role.LEADER, user__is_active=True)
    return {(row.school_id, row.user_id) for row in rows if row.holds_on(today[row.school_id])}


def _since(today: dt.date) -> dt.date:
    """The first day of the school year."""
    return holidays.first_day(holidays.school_year(today))


def _with_names(rows: QuerySet[HelpRequest]) -> QuerySet[HelpRequest]:
    return rows.select_related("group", "answered_by")


def _lines(rows: Iterable[HelpRequest]) -> tuple[HelpLine, ...]:
    return tuple(help_line(row) for row in rows)


def _in(state: HelpState, lines: Iterable[HelpLine]) -> tuple[HelpLine, ...]:
    return tuple(line for line in lines if line.state == state)
