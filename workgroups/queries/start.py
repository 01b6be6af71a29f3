"""Where a group is in the guided start of a period: its step, its clock, and what it wrote so far."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from schools.roles import Member
from workgroups.models import Agreement, FocusPeriod, Goal, GuidedStart
from workgroups.models.goal import SLOTS, AgreementState, GoalState
from workgroups.models.start import StartState, StartStep

MOST_GOALS = 3
MINUTES = 20  # what a start takes in one sitting; nothing happens when it takes longer
STEPS = tuple(StartStep)


@dataclass(frozen=True)
class DraftLine:
    """A line that is not real yet. ``version`` rises with its words; ``tip`` is the key of what it grew from, or ""."""

    id: int
    version: int
    text: str
    tip: str = ""


@dataclass(frozen=True)
class DraftGoal(DraftLine):
    """A goal that is not real yet, with its agreements."""

    agreements: tuple[DraftLine, ...] = ()


@dataclass(frozen=True)
class Clock:
    """How long the group was at it, in whole minutes and seconds; the line is full at twenty minutes and stays so."""

    seconds: int
    is_running: bool

    @property
    def minutes(self) -> int:
        """Whole minutes."""
        return self.seconds // 60

    @property
    def is_over(self) -> bool:
        """Whether it took longer than most."""
        return self.minutes >= MINUTES


@dataclass(frozen=True)
class Place:
    """One of the five steps, as the list of them shows it."""

    number: int
    step: str
    label: str | Promise
    is_now: bool
    is_done: bool


@dataclass(frozen=True)
class StartPage:
    """A start whole. ``goal_room`` and ``agreement_room`` say how many more fit beside what the group has already.

    ``standing`` counts the live goals that the period had before the drafts become real.
    """

    start: GuidedStart
    goals: tuple[DraftGoal, ...]
    clock: Clock
    standing: int
    goal_room: int
    agreement_room: int

    @property
    def places(self) -> list[Place]:
        """The five steps in order."""
        now = STEPS.index(StartStep(self.start.step))
        return [
            Place(number, step, step.label, is_now=number == now + 1, is_done=number <= now)
            for number, step in enumerate(STEPS, start=1)
        ]

    @property
    def number(self) -> int:
        """The step now, from 1 to 5."""
        return STEPS.index(StartStep(self.start.step)) + 1

    @property
    def ahead(self) -> Place | None:
        """The step after this one."""
        return self.places[self.number] if self.number < len(STEPS) else None

    @property
    def before(self) -> Place | None:
        """The step before this one."""
        return self.places[self.number - 2] if self.number > 1 else None

    @cached_property
    def bare(self) -> list[DraftGoal]:
        """The goals without an agreement."""
        return [goal for goal in self.goals if not goal.agreements]

    @property
    def can_finish(self) -> bool:
        """Whether there is a goal, and an agreement with each."""
        return not self.bare and bool(self.goals or self.standing)


def start_page(start: GuidedStart, *, now: dt.datetime) -> StartPage:
    """The start whole, with the room that is left. Two queries."""
    goals = drafts_of(start)
    states = list(Goal.objects.filter(period=start.period_id).values_list("state", flat=True))
    live = Agreement.objects.filter(group=start.group_id, state=AgreementState.LIVE).count()
    taken = sum(state != GoalState.DROPPED for state in states)
    return StartPage(
        start=start,
        goals=goals,
        clock=clock_of(start, now=now),
        standing=states.count(GoalState.LIVE),
        goal_room=MOST_GOALS - taken - len(goals),
        agreement_room=len(SLOTS) - live - sum(len(goal.agreements) for goal in goals),
    )


def own_starts(member: Member) -> QuerySet[GuidedStart]:
    """The starts of the groups in which the member has a seat, each with group, period and card; for fetch."""
    return GuidedStart.objects.visible_to(member).select_related("group", "period__aspect", "period__group")


def start_of(period: FocusPeriod) -> GuidedStart | None:
    """The start of this period, if it began, with period and group at hand. One query."""
    start = GuidedStart.objects.filter(period=period).first()
    if start is not None:
        start.period, start.group = period, period.group
    return start


def clock_of(start: GuidedStart, *, now: dt.datetime) -> Clock:
    """How long the group was at it until now. No query."""
    since = start.running_since
    more = max(0, int((now - since).total_seconds())) if since else 0
    return Clock(start.spent + more, is_running=since is not None)


def drafts_of(start: GuidedStart) -> tuple[DraftGoal, ...]:
    """The goals and agreements that the group wrote so far. No query."""
    return tuple(
        DraftGoal(**_line(goal), agreements=tuple(DraftLine(**_line(one)) for one in goal["agreements"]))
        for goal in start.drafts
    )


def line_of(start: GuidedStart, line_id: int) -> DraftLine | None:
    """The draft goal or agreement with this number, or nothing where somebody took it away. No query."""
    goals = drafts_of(start)
    lines = [*goals, *(one for goal in goals for one in goal.agreements)]
    return next((line for line in lines if line.id == line_id), None)


def mark_of_start(start: GuidedStart | None, *, now: dt.datetime) -> str:
    """What differs as soon as another step, other words or another minute show (app.js). No query."""
    if start is None:
        return "not-begun"
    minute = clock_of(start, now=now).minutes if start.state == StartState.RUNNING else 0
    return f"{start.pk}-{start.version}-{minute}"


def _line(row: dict[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in ("id", "version", "text", "tip") if name in row}
