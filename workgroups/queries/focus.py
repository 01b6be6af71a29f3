"""What a group works on now: its card, goals and agreements, each with what was last said of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.functional import Promise

from cards.models import Aspect
from workgroups.models import Agreement, AgreementCheck, FocusPeriod, Goal, GoalCheck, GoalUpdate, WorkGroup
from workgroups.models.goal import SLOTS, AgreementState, GoalState, PeriodState, Step
from workgroups.models.meeting import Kept

OF_THE_LAST = 5


@dataclass(frozen=True)
class LiveAgreement:
    """An agreement that holds now; ``last`` is what the group found of it last time: kept, partly ... or None.

    It was ``kept`` so many of the last ``times`` (at most five) that there was an occasion.
    ``number`` counts it among all the live ones of its group, as they are read aloud; 0 where it stands alone.
    """

    id: int
    goal_id: int
    slot: int
    text: str
    agreed_on: dt.date
    last: str | None
    number: int = 0
    kept: int = 0
    times: int = 0

    @property
    def last_label(self) -> str | Promise:
        """The word for ``last``, in the reader's language."""
        return Kept(self.last).label if self.last else ""


@dataclass(frozen=True)
class FocusGoal:
    """A goal of the period with its live agreements, the newest note and the last answer at a closer.

    ``step`` is the newest word on it from either: not_yet, on_the_way, reached or None.
    """

    id: int
    position: int
    text: str
    state: str
    set_on: dt.date
    agreements: tuple[LiveAgreement, ...]
    latest: GoalUpdate | None
    last: str | None
    step: str | None

    @property
    def is_live(self) -> bool:
        """Whether the group still works on it."""
        return self.state == GoalState.LIVE

    @property
    def last_label(self) -> str | Promise:
        """The word for ``last``, in the reader's language."""
        return Step(self.last).label if self.last else ""

    @property
    def step_label(self) -> str | Promise:
        """The word for ``step``, in the reader's language."""
        return Step(self.step).label if self.step else ""


@dataclass(frozen=True)
class Focus:
    """What one group works on: the live period with its card (None before the first), goals and agreements.

    ``goals`` are those of the period by position, also the ended ones; ``agreements`` are all live ones of the group
    by slot, also those that came along from an earlier card (G8).
    """

    group_id: int
    period: FocusPeriod | None
    goals: tuple[FocusGoal, ...]
    agreements: tuple[LiveAgreement, ...]

    @property
    def aspect(self) -> Aspect | None:
        """The card in focus."""
        return self.period.aspect if self.period else None

    @property
    def live_goals(self) -> tuple[FocusGoal, ...]:
        """The goals the group still works on."""
        return tuple(goal for goal in self.goals if goal.is_live)

    @property
    def carried(self) -> tuple[LiveAgreement, ...]:
        """Live agreements that belong to none of the live goals: they live on by themselves."""
        live = {goal.id for goal in self.live_goals}
        return tuple(agreement for agreement in self.agreements if agreement.goal_id not in live)

    @property
    def has_room(self) -> bool:
        """Whether one more agreement fits."""
        return len(self.agreements) < len(SLOTS)


def focus_of(group: WorkGroup) -> Focus:
    """What the group works on now. Four queries."""
    return focuses([group.pk])[group.pk]


def focuses(group_ids: Collection[int]) -> dict[int, Focus]:
    """What each of these groups works on now. Four queries, however many groups."""
    periods = {period.group_id: period for period in _live_periods(group_ids)}
    agreements = live_agreements(group_ids)
    goals = _goals(list(periods.values()), agreements)
    return {
        group_id: Focus(
            group_id=group_id,
            period=periods.get(group_id),
            goals=tuple(goals.get(group_id, ())),
            agreements=tuple(agreements[group_id]),
        )
        for group_id in group_ids
    }


def aspects_in_focus(group_ids: Collection[int]) -> dict[int, Aspect]:
    """The card in focus of each of these groups that chose one. One query."""
    return {period.group_id: period.aspect for period in _live_periods(group_ids)}


def live_agreements(group_ids: Collection[int]) -> dict[int, list[LiveAgreement]]:
    """The live agreements of each of these groups, by slot, with last time's outcome. One query."""
    found: dict[int, list[LiveAgreement]] = {group_id: [] for group_id in group_ids}
    rows = with_tally(Agreement.objects.filter(group_id__in=group_ids, state=AgreementState.LIVE))
    names = ("id", "goal_id", "slot", "text", "agreed_on", "last", "kept", "times")
    for row in rows.order_by("slot").values("group_id", *names):
        mine = found[row.pop("group_id")]
        mine.append(LiveAgreement(**row, number=len(mine) + 1))
    return found


def crowd_of(group_id: int) -> list[LiveAgreement]:
    """The live agreements of a group that has no room for one more; nothing while there is room. One query."""
    live = live_agreements([group_id])[group_id]
    return live if len(live) >= len(SLOTS) else []


def with_last_outcome(agreements: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """The same agreements, each with ``last``: what the group found of it at its last closer, or None."""
    checks = AgreementCheck.objects.filter(agreement=OuterRef("pk")).order_by("-closer__closed_at", "-pk")
    return agreements.annotate(last=Subquery(checks.values("outcome")[:1]))


def with_tally(agreements: QuerySet[Agreement]) -> QuerySet[Agreement]:
    """As with ``last``, and with ``kept`` of ``times``: the last five closers at which there was an occasion for it."""
    mine = AgreementCheck.objects.filter(agreement=OuterRef(OuterRef("pk"))).exclude(outcome=Kept.NO_OCCASION)
    latest = mine.order_by("-closer__closed_at", "-pk").values("pk")[:OF_THE_LAST]
    found = AgreementCheck.objects.filter(pk__in=latest).order_by().values("agreement")
    counted = found.annotate(times=Count("pk"), kept=Count("pk", filter=Q(outcome=Kept.KEPT)))
    return with_last_outcome(agreements).annotate(
        times=Coalesce(Subquery(counted.values("times")), 0), kept=Coalesce(Subquery(counted.values("kept")), 0)
    )


def _live_periods(group_ids: Collection[int]) -> QuerySet[FocusPeriod]:
    return FocusPeriod.objects.filter(group_id__in=group_ids, state=PeriodState.LIVE).select_related("aspect__edition")


def _goals(periods: list[FocusPeriod], agreements: dict[int, list[LiveAgreement]]) -> dict[int, list[FocusGoal]]:
    checks = GoalCheck.objects.filter(goal=OuterRef("pk")).order_by("-closer__closed_at", "-pk")
    newest = GoalUpdate.objects.filter(goal=OuterRef("pk")).order_by("-written_at", "-pk")
    goals = Goal.objects.filter(period__in=periods).annotate(
        last=Subquery(checks.values("outcome")[:1]),
        last_at=Subquery(checks.values("closer__closed_at")[:1]),
        newest=Subquery(newest.values("pk")[:1]),
    )
    rows = list(goals.order_by("position", "pk"))
    updates = GoalUpdate.objects.select_related("by").in_bulk([row.newest for row in rows if row.newest])
    found: dict[int, list[FocusGoal]] = {}
    for row in rows:
        mine = tuple(one for one in agreements[row.group_id] if one.goal_id == row.pk)
        found.setdefault(row.group_id, []).append(_goal(row, mine, updates.get(row.newest)))
    return found


def _goal(row: Goal, agreements: tuple[LiveAgreement, ...], latest: GoalUpdate | None) -> FocusGoal:
    last, last_at = row.last, row.last_at  # type: ignore[attr-defined]  # annotated above
    noted_later = latest is not None and (last_at is None or latest.written_at > last_at)
    return FocusGoal(
        id=row.pk,
        position=row.position,
        text=row.text,
        state=row.state,
        set_on=row.set_on,
        agreements=agreements,
        latest=latest,
        last=last,
        step=latest.step if latest and noted_later else last,
    )
