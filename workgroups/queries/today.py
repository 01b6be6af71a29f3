"""What now? The answer of the home page, the most urgent first."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import models

from schools.roles import Member
from workgroups.models import Meeting, WorkGroup
from workgroups.models.group import GroupState
from workgroups.queries.focus import Focus, FocusGoal, focuses
from workgroups.queries.life import Life, lives
from workgroups.queries.meetings import next_meetings, unclosed

CLOSES_BEFORE_END = dt.timedelta(minutes=15)


class Ask(models.TextChoices):
    """What waits for a member, in order of urgency."""

    OPEN = "open"
    CLOSE = "close"
    TURN = "turn"
    HAND_OVER = "hand_over"
    CHOOSE = "choose"
    SET_GOAL = "set_goal"
    AGREE = "agree"
    PLAN = "plan"


@dataclass(frozen=True)
class Waiting:
    """One thing that waits: open or close this meeting, answer for the new school year, pass the chair on, choose a
    card, set a goal, agree on something, plan.
    """

    ask: Ask
    group: WorkGroup
    focus: Focus
    meeting: Meeting | None = None


@dataclass(frozen=True)
class NextUp:
    """A group's next meeting, or the one that is going on, with card and agreements; ``days`` until then (0: today)."""

    meeting: Meeting
    group: WorkGroup
    focus: Focus
    days: int
    going_on: bool = False


@dataclass(frozen=True)
class GoalTile:
    """A live goal of one of the member's groups, on which progress can be noted."""

    group: WorkGroup
    goal: FocusGoal


@dataclass(frozen=True)
class WhatsNow:
    """Everything the home page shows: the next meetings (the first one first), what waits, and the goals.

    ``sits`` says whether the member sits in any active group.
    """

    sits: bool
    next: tuple[NextUp, ...]
    waiting: tuple[Waiting, ...]
    goals: tuple[GoalTile, ...]

    @property
    def first(self) -> NextUp | None:
        """The very next meeting of all the member's groups."""
        return self.next[0] if self.next else None


def whats_now(member: Member, *, today: dt.date, now: dt.datetime) -> WhatsNow:
    """What the member's own groups ask for now. At most eight queries, however many groups.

    Open: from 12 hours before the start until the end, when nobody did. Close: ended without closer, or in its
    last 15 minutes with nothing left to open. Plan: for the chair, when no meeting lies ahead.
    """
    active = WorkGroup.objects.visible_to(member).filter(pk__in=member.seats, state=GroupState.ACTIVE)
    groups = {group.pk: group for group in active.order_by("name", "pk")}
    focus = focuses(groups)
    ahead = next_meetings(groups, now=now)
    waiting = [
        Waiting(Ask.CLOSE, groups[meeting.group_id], focus[meeting.group_id], meeting)
        for meeting in unclosed(groups, now=now)
    ]
    life = lives(member, groups.values(), today=today)
    for group in groups.values():
        waiting += asks_of(
            member, group, focus[group.pk], ahead.get(group.pk), life=life.get(group.pk, Life()), now=now
        )
    order = list(Ask)
    return WhatsNow(
        sits=bool(groups),
        next=tuple(
            NextUp(
                meeting=meeting,
                group=groups[meeting.group_id],
                focus=focus[meeting.group_id],
                days=(meeting.day - today).days,
                going_on=meeting.starts_at <= now,
            )
            for meeting in sorted(ahead.values(), key=lambda one: one.starts_at)
        ),
        waiting=tuple(sorted(waiting, key=lambda one: order.index(one.ask))),
        goals=tuple(GoalTile(group, goal) for group in groups.values() for goal in focus[group.pk].live_goals),
    )


def asks_of(
    member: Member, group: WorkGroup, focus: Focus, meeting: Meeting | None, *, life: Life, now: dt.datetime
) -> list[Waiting]:
    """What one group asks of a member now, but for meetings that ended unclosed; ``meeting`` is its next one."""
    found = []
    if meeting is not None and meeting.opens_at <= now and not hasattr(meeting, "opener") and focus.agreements:
        found.append(Waiting(Ask.OPEN, group, focus, meeting))
    elif meeting is not None and max(meeting.starts_at, meeting.ends_at - CLOSES_BEFORE_END) <= now:
        found.append(Waiting(Ask.CLOSE, group, focus, meeting))
    if life.turn:
        found.append(Waiting(Ask.TURN, group, focus))
    if life.chair:
        found.append(Waiting(Ask.HAND_OVER, group, focus))
    if focus.period is None:
        found.append(Waiting(Ask.CHOOSE, group, focus))
    elif not focus.live_goals:
        found.append(Waiting(Ask.SET_GOAL, group, focus))
    elif not focus.agreements:
        found.append(Waiting(Ask.AGREE, group, focus))
    if meeting is None and member.chairs(group.pk):
        found.append(Waiting(Ask.PLAN, group, focus))
    return found
