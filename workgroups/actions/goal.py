"""Goals: one to three things the group wants to do better (G4a), and how far they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from itertools import zip_longest

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cards.models import Tip
from schools import refusals
from schools.roles import Member
from workgroups import permissions
from workgroups.actions import agreement as agreements_, focus, standing, words
from workgroups.models import FocusPeriod, Goal, GoalUpdate
from workgroups.models.goal import GoalState, PeriodState, Step

POSITIONS = (1, 2, 3)
_TWICE_WITHIN = dt.timedelta(minutes=1)


class EnoughGoals(refusals.Refused):
    """A period has at most three goals."""

    message = _("Three goals is the most for one card. Drop one before you add another.")
    code = "enough_goals"


class AgreementMissing(refusals.Refused):
    """A goal comes with at least one agreement."""

    message = _("Write at least one agreement with this goal: what will you do differently?")
    field = "agreements"
    code = "agreement_missing"


class SameGoal(refusals.Refused):
    """The same words twice."""

    message = _("Your group already has this goal.")
    field = "text"
    code = "same_goal"


class GoalEnded(refusals.Refused):
    """The goal was reached or dropped in the meantime, or belongs to an earlier card."""

    message = _("Your group has finished with this goal.")
    code = "goal_ended"


@transaction.atomic
def set_goal(
    *,
    period: FocusPeriod,
    text: str,
    agreements: Sequence[str],
    tips: Sequence[Tip | None] = (),
    by: Member,
    now: dt.datetime,
) -> Goal:
    """Write down a goal of this period with its agreements (G4a, G4b); empty agreements are passed over.

    ``tips`` are what the agreements grew from, in the same order; None, or nothing, where they came without.
    Raises EmptyText, EnoughGoals, AgreementMissing, SameGoal, EnoughAgreements, PeriodClosed, GroupEnded;
    PermissionDenied unless the member has a seat (C15).
    """
    permissions.demand(permissions.may_write_goals(by, period))
    group = standing.locked(period.group_id)
    if not FocusPeriod.objects.filter(pk=period.pk, state=PeriodState.LIVE).exists():
        raise focus.PeriodClosed
    text = words.one_line(text, limit=300, field="text")
    promised = [(one, tip) for one, tip in zip_longest(agreements, tips[: len(agreements)]) if one.strip()]
    if not promised:
        raise AgreementMissing
    goal: Goal = Goal.objects.create(
        school=by.school,
        group=group,
        period=period,
        text=text,
        position=_free_position(period, text),
        set_on=by.school.today(now),
    )
    for one, tip in promised:
        agreements_.write_down(goal, one, tip=tip, today=goal.set_on, field="agreements")
    return goal


@transaction.atomic
def edit_goal(
    *,
    goal: Goal,
    text: str,
    version: int | None,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> Goal:
    """Say a live goal in other words (G4a); the same words again change nothing.

    ``version`` is the one whose words were read. Raises Conflict with the words that were saved since, EmptyText,
    TextTooLong, SameGoal, GoalEnded, GroupEnded; PermissionDenied unless the member has a seat.
    """
    permissions.demand(permissions.may_write_goals(by, goal))
    standing.locked(goal.group_id)
    text = words.one_line(text, limit=300, field="text")
    row: Goal | None = Goal.objects.filter(pk=goal.pk, state=GoalState.LIVE, period__state=PeriodState.LIVE).first()
    if row is None:
        raise GoalEnded
    if row.text == text:
        return row
    if row.version != version:
        raise refusals.Conflict(theirs={"text": row.text}, version=row.version)
    _must_be_new(row.period_id, text)
    Goal.objects.filter(pk=row.pk).update(text=text, version=F("version") + 1)
    row.refresh_from_db()
    return row


@transaction.atomic
def end_goal(*, goal: Goal, how: str, by: Member, now: dt.datetime) -> Goal:
    """Say that a goal is "reached" or "dropped"; its agreements live on until the group ends them (G8).

    Raises GoalEnded, UnknownWord, GroupEnded; PermissionDenied unless the member has a seat.
    """
    permissions.demand(permissions.may_write_goals(by, goal))
    standing.locked(goal.group_id)
    how = words.chosen(how, [GoalState.REACHED.value, GoalState.DROPPED.value], field="how")
    today = by.school.today(now)
    live = Goal.objects.filter(pk=goal.pk, state=GoalState.LIVE)
    if not live.update(state=how, ended_on=today):
        raise GoalEnded
    goal.state, goal.ended_on = how, today
    return goal


@transaction.atomic
def update_goal(*, goal: Goal, step: str, note: str, by: Member, now: dt.datetime) -> GoalUpdate:
    """Note how far a live goal is: "not_yet", "on_the_way" or "reached", with a few words if wanted.

    The same note of the same member within a minute is one note. "reached" here does not end the goal: that is the
    group's word (end_goal, or the closer).
    Raises GoalEnded, UnknownWord, TextTooLong, GroupEnded; PermissionDenied unless the member has a seat.
    """
    permissions.demand(permissions.may_write_goals(by, goal))
    group = standing.locked(goal.group_id)
    if not Goal.objects.filter(pk=goal.pk, state=GoalState.LIVE, period__state=PeriodState.LIVE).exists():
        raise GoalEnded
    row = GoalUpdate(
        school=by.school,
        group=group,
        goal=goal,
        step=words.chosen(step, Step.values, field="step"),
        note=words.lines(note, limit=500, field="note"),
        by=by.user,
        written_at=now,
    )
    twice: GoalUpdate | None = GoalUpdate.objects.filter(
        goal=goal, step=row.step, note=row.note, by=by.user, written_at__gt=now - _TWICE_WITHIN
    ).first()
    if twice is not None:
        return twice
    row.save()
    return row


def _free_position(period: FocusPeriod, text: str) -> int:
    _must_be_new(period.pk, text)
    goals = Goal.objects.filter(period=period).exclude(state=GoalState.DROPPED)
    taken = set(goals.values_list("position", flat=True))
    free = [position for position in POSITIONS if position not in taken]
    if not free:
        raise EnoughGoals
    return free[0]


def _must_be_new(period_id: int, text: str) -> None:
    if Goal.objects.filter(period_id=period_id, text=text, state=GoalState.LIVE).exists():
        raise SameGoal
