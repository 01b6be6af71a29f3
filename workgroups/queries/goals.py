"""Goals and agreements as rows, and their life until now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby

from django.db.models import QuerySet
from django.utils.functional import Promise

from cards.models import Tip
from schools import holidays
from schools.roles import Member
from workgroups.models import Agreement, AgreementCheck, FocusPeriod, Goal, GoalCheck, GoalUpdate
from workgroups.models.goal import AgreementState, GoalState, PeriodState, Step
from workgroups.models.meeting import Kept
from workgroups.queries.focus import LiveAgreement, with_tally


@dataclass(frozen=True)
class Checked:
    """What the group found at the closer of one meeting."""

    day: dt.date
    outcome: str
    label: str | Promise


@dataclass(frozen=True)
class Stage:
    """One wording of an agreement, and how it went while it held."""

    agreement: Agreement
    checks: tuple[Checked, ...]

    @property
    def years(self) -> list[tuple[str, list[Checked]]]:
        """The answers by school year, such as 2026-2027, in order of time."""
        by_year = groupby(self.checks, key=lambda one: holidays.school_year(one.day))
        return [(holidays.year_name(starts), list(those)) for starts, those in by_year]


@dataclass(frozen=True)
class GoalPage:
    """A goal with all its agreements, its notes (newest first) and its answers at closers (oldest first)."""

    goal: Goal
    agreements: tuple[Agreement, ...]
    updates: tuple[GoalUpdate, ...]
    checks: tuple[Checked, ...]

    @property
    def live_agreements(self) -> tuple[LiveAgreement, ...]:
        """The agreements that hold now."""
        names = ("goal_id", "slot", "text", "agreed_on", "last", "kept", "times")
        live = (one for one in self.agreements if one.state == AgreementState.LIVE)
        return tuple(LiveAgreement(id=one.pk, **{name: getattr(one, name) for name in names}) for one in live)

    @property
    def ended_agreements(self) -> tuple[Agreement, ...]:
        """The agreements that became a habit, changed or were dropped."""
        return tuple(one for one in self.agreements if one.state != AgreementState.LIVE)


@dataclass(frozen=True)
class Draft:
    """Words for an agreement that the card gives, and the tip they grew from (None: from a phrase)."""

    text: str
    tip: Tip | None


def periods_for(member: Member) -> QuerySet[FocusPeriod]:
    """The focus periods the member may read, each with group and card; for fetch."""
    return FocusPeriod.objects.visible_to(member).select_related("group", "aspect")


def own_periods(member: Member) -> QuerySet[FocusPeriod]:
    """The focus periods of the groups in which the member has a seat, each with group and card; for fetch."""
    return periods_for(member).filter(group_id__in=list(member.seats))


def goals_for(member: Member, *, group_id: int | None = None) -> QuerySet[Goal]:
    """The goals the member may read, of one group if asked, each with period and card; for lists and fetch."""
    rows = Goal.objects.visible_to(member).select_related("group", "period__aspect")
    return rows if group_id is None else rows.filter(group_id=group_id)


def agreements_for(member: Member, *, group_id: int | None = None) -> QuerySet[Agreement]:
    """The agreements the member may read, of one group if asked, each with goal and tally; for lists and fetch."""
    with_words = Agreement.objects.visible_to(member).select_related("group", "goal__period__aspect", "changed_into")
    rows = with_tally(with_words)
    return rows if group_id is None else rows.filter(group_id=group_id)


def tips_for(period: FocusPeriod) -> QuerySet[Tip]:
    """The tips on the card of this period, in order: each can seed an agreement (G4b). One query."""
    return period.aspect.tips.order_by("position")


def draft_for(period: FocusPeriod, *, tip: str, phrase: str) -> Draft | None:
    """The draft that the tip, or else the phrase, with this key on the period's card gives. One query at most.

    Nothing where neither is asked for, or the card has no such line.
    """
    if tip:
        tips = (row for row in period.aspect.tips.all() if row.key == tip)
        return next((Draft(row.agreement, row) for row in tips), None)
    lines = (row for row in period.aspect.utterances.all() if row.key == phrase) if phrase else ()
    return next((Draft(row.agreement, None) for row in lines), None)


def goals_to_serve(period: FocusPeriod) -> QuerySet[Goal]:
    """The goals of this period that an agreement can serve: the live ones, by position."""
    live = Goal.objects.filter(period=period, state=GoalState.LIVE, period__state=PeriodState.LIVE)
    return live.order_by("position")


def updates_of(goal: Goal) -> QuerySet[GoalUpdate]:
    """A goal's notes, the newest first, each with who wrote it."""
    return goal.updates.select_related("by").order_by("-written_at", "-pk")


def goal_page(goal: Goal) -> GoalPage:
    """A goal whole. Three queries."""
    checks = GoalCheck.objects.filter(goal=goal).select_related("closer__meeting").order_by("closer__closed_at", "pk")
    return GoalPage(
        goal=goal,
        agreements=tuple(with_tally(goal.agreements.all()).order_by("slot", "pk")),
        updates=tuple(updates_of(goal)),
        checks=tuple(Checked(row.closer.meeting.day, row.outcome, Step(row.outcome).label) for row in checks),
    )


def life_of(agreement: Agreement) -> list[Stage]:
    """The agreement's wordings, the oldest first, each with how it went (G8). Two queries, however long its life."""
    wordings = {row.pk: row for row in Agreement.objects.filter(goal_id=agreement.goal_id)}
    before = {row.changed_into_id: row for row in wordings.values() if row.changed_into_id}
    line = [wordings[agreement.pk]]
    while (older := before.get(line[0].pk)) is not None:
        line.insert(0, older)
    while (newer := wordings.get(line[-1].changed_into_id or 0)) is not None:
        line.append(newer)
    checks: dict[int, list[Checked]] = {row.pk: [] for row in line}
    rows = AgreementCheck.objects.filter(agreement__in=line).select_related("closer__meeting")
    for row in rows.order_by("closer__closed_at", "pk"):
        checks[row.agreement_id].append(Checked(row.closer.meeting.day, row.outcome, Kept(row.outcome).label))
    return [Stage(row, tuple(checks[row.pk])) for row in line]
