"""The guided start of a period: five steps at the group's own pace; its drafts become goals in the last one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cards.models import Tip
from schools import refusals
from schools.roles import Member
from workgroups import permissions, queries
from workgroups.actions import agreement as agreements_, clock, focus, goal as goals_, standing, words
from workgroups.models import FocusPeriod, Goal, GuidedStart
from workgroups.models.goal import PeriodState
from workgroups.models.start import StartState, StartStep

NEXT, BACK = "next", "back"
_STEPS = [step.value for step in StartStep]


class StartOver(refusals.Refused):
    """The start was finished in the meantime: its goals are real."""

    message = _("Your group has finished this start. Your goals stand on the group's page.")
    code = "start_over"


class StartMoved(refusals.Refused):
    """Another phone was first."""

    message = _("Somebody in your group was just before you: you are here now.")
    code = "start_moved"


class StartPaused(refusals.Refused):
    """The start is paused: it goes on when somebody says so."""

    message = _("Your start is paused. Go on with it first.")
    code = "start_paused"


class StartRunning(refusals.Refused):
    """The start is not paused any more."""

    message = _("Somebody in your group has gone on already.")
    code = "start_running"


class LineGone(refusals.Refused):
    """Somebody took the line away in the meantime."""

    message = _("Somebody in your group took this line away. Your words are still here: you can add them again.")
    code = "line_gone"


class NoGoalYet(refusals.Refused):
    """A start ends with at least one goal."""

    message = _("Write at least one goal before you finish.")
    code = "no_goal_yet"


@transaction.atomic
def begin_start(*, period: FocusPeriod, by: Member, now: dt.datetime) -> GuidedStart:
    """Begin the five steps of this period, with the clock running; where somebody began already, that is the start.

    Raises PeriodClosed, GroupEnded; PermissionDenied unless the member has a seat (C15).
    """
    permissions.demand(permissions.may_write_goals(by, period))
    standing.locked(period.group_id)
    if not FocusPeriod.objects.filter(pk=period.pk, state=PeriodState.LIVE).exists():
        raise focus.PeriodClosed
    mine = {"school": by.school, "group_id": period.group_id}
    start: GuidedStart = GuidedStart.objects.get_or_create(period=period, defaults={**mine, "running_since": now})[0]
    return start


@transaction.atomic
def go_to_step(
    *,
    start: GuidedStart,
    step: str,
    at: str,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> GuidedStart:
    """Go from the step ``at`` to "next", "back" or a step by name; whoever comes second stays with the first.

    Raises StartMoved where the group is at another step, StartPaused, StartOver, UnknownWord, PeriodClosed,
    GroupEnded; PermissionDenied unless the member has a seat.
    """
    held = _held(start, by)
    at = words.chosen(at, _STEPS, field="at")
    target = _target(step, at)
    if held.state != StartState.RUNNING:
        raise StartPaused
    if not _move(held, at=at, target=target):
        raise StartMoved
    return held


@transaction.atomic
def pause_start(*, start: GuidedStart, by: Member, now: dt.datetime) -> GuidedStart:
    """Stop the clock; any phone of the group can go on later, also on another day.

    Raises StartPaused, StartOver, PeriodClosed, GroupEnded; PermissionDenied unless the member has a seat.
    """
    held = _held(start, by)
    if not clock.stop(held.period_id, now=now):
        raise StartPaused
    return held


@transaction.atomic
def resume_start(*, start: GuidedStart, by: Member, now: dt.datetime) -> GuidedStart:
    """Go on where the group was.

    Raises StartRunning, StartOver, PeriodClosed, GroupEnded; PermissionDenied unless the member has a seat.
    """
    held = _held(start, by)
    rows = GuidedStart.objects.filter(pk=held.pk, state=StartState.PAUSED)
    if not rows.update(state=StartState.RUNNING, running_since=now, version=F("version") + 1):
        raise StartRunning
    return held


@transaction.atomic
def write_why(
    *, start: GuidedStart, why: str, version: int | None, go_on: bool, by: Member, now: dt.datetime
) -> GuidedStart:
    """Write down why this card matters (G2), and go on to the next step if that is asked for and nobody did yet.

    Raises what ``say_why`` raises, StartOver; PermissionDenied unless the member has a seat.
    """
    held = _held(start, by)
    focus.say_why(period=held.period, why=why, version=version, by=by, now=now)
    _changed(held, then=StartStep.WHY if go_on else None)
    return held


@transaction.atomic
def draft_goal(*, start: GuidedStart, text: str, go_on: bool, by: Member, now: dt.datetime) -> GuidedStart:
    """Put a goal on the list of drafts (G4a), and go on to the next step if that is asked for and nobody did yet.

    The same words twice are one draft. Raises EmptyText, TextTooLong, EnoughGoals, StartOver, PeriodClosed, GroupEnded;
    PermissionDenied unless the member has a seat (C15).
    """
    held = _held(start, by)
    text = words.one_line(text, limit=300, field="text")
    if all(goal["text"] != text for goal in held.drafts):
        if queries.start_page(held, now=now).goal_room <= 0:
            raise goals_.EnoughGoals(field="text")
        held.drafts.append({"id": held.version, "version": 1, "text": text, "agreements": []})
    _changed(held, then=StartStep.GOALS if go_on else None)
    return held


@transaction.atomic
def draft_agreement(
    *, start: GuidedStart, goal: int, text: str, tip: Tip | None, by: Member, now: dt.datetime
) -> GuidedStart:
    """Put an agreement under the draft goal with this number (G4b); ``tip`` is the tip it grew from.

    The same words twice are one draft. Raises EmptyText, TextTooLong, EnoughAgreements, LineGone, StartOver,
    PeriodClosed, GroupEnded; PermissionDenied unless the member has a seat (C15).
    """
    held = _held(start, by)
    text = words.one_line(text, limit=300, field="text")
    under = next((row for row in held.drafts if row["id"] == goal), None)
    if under is None:
        raise LineGone
    if all(line["text"] != text for row in held.drafts for line in row["agreements"]):
        if queries.start_page(held, now=now).agreement_room <= 0:
            raise agreements_.EnoughAgreements(field="text")
        key = tip.key if tip else ""
        under["agreements"].append({"id": held.version, "version": 1, "text": text, "tip": key})
    _changed(held)
    return held


@transaction.atomic
def rewrite_line(
    *,
    start: GuidedStart,
    line: int,
    text: str,
    version: int | None,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> GuidedStart:
    """Put a draft goal or agreement in other words.

    Raises Conflict with the words that stand there now, EmptyText, TextTooLong, LineGone, StartOver, PeriodClosed,
    GroupEnded; PermissionDenied unless the member has a seat.
    """
    held = _held(start, by)
    text = words.one_line(text, limit=300, field="text")
    row = next((row for row in _lines(held) if row["id"] == line), None)
    if row is None:
        raise LineGone
    if row["version"] != version and row["text"] != text:
        raise refusals.Conflict(theirs={"text": row["text"]}, version=row["version"])
    if row["text"] != text:
        row["text"], row["version"] = text, row["version"] + 1
        _changed(held)
    return held


@transaction.atomic
def take_line_away(
    *,
    start: GuidedStart,
    line: int,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> GuidedStart:
    """Take a draft goal with its agreements, or one agreement, off the list; what is gone already stays gone.

    Raises StartOver, PeriodClosed, GroupEnded; PermissionDenied unless the member has a seat.
    """
    held = _held(start, by)
    held.drafts = [row for row in held.drafts if row["id"] != line]
    for row in held.drafts:
        row["agreements"] = [one for one in row["agreements"] if one["id"] != line]
    _changed(held)
    return held


@transaction.atomic
def finish_start(*, start: GuidedStart, by: Member, now: dt.datetime) -> list[Goal]:
    """Make the drafts real: each becomes a goal with its agreements (G4a, G4b); then the start is done.

    Raises NoGoalYet, AgreementMissing, what ``set_goal`` raises, StartOver; PermissionDenied unless the member has a
    seat (C15).
    """
    held = _held(start, by)
    page = queries.start_page(held, now=now)
    if not page.goals and not page.standing:
        raise NoGoalYet
    if page.bare:
        raise goals_.AgreementMissing
    tips = {tip.key: tip for tip in queries.tips_for(held.period)}
    made = [
        goals_.set_goal(
            period=held.period,
            text=goal.text,
            agreements=[line.text for line in goal.agreements],
            tips=[tips.get(line.tip) for line in goal.agreements],
            by=by,
            now=now,
        )
        for goal in page.goals
    ]
    done = {"state": StartState.DONE, "spent": page.clock.seconds, "running_since": None, "drafts": []}
    GuidedStart.objects.filter(pk=held.pk).exclude(state=StartState.DONE).update(**done, version=F("version") + 1)
    return made


def _held(start: GuidedStart, by: Member) -> GuidedStart:
    """The start as it stands, kept for this transaction, if it still goes on."""
    permissions.demand(permissions.may_write_goals(by, start))
    standing.locked(start.group_id)
    held = GuidedStart.objects.select_for_update(of=("self",)).select_related("period__aspect").get(pk=start.pk)
    if held.state == StartState.DONE:
        raise StartOver
    if held.period.state != PeriodState.LIVE:
        raise focus.PeriodClosed
    return held


def _changed(held: GuidedStart, *, then: str | None = None) -> None:
    """Keep the drafts and tell the other screens; go on from the step ``then`` if the group is still there."""
    rows = GuidedStart.objects.filter(pk=held.pk)
    rows.update(drafts=held.drafts, version=F("version") + 1)
    if then and held.state == StartState.RUNNING:
        _move(held, at=then, target=_target(NEXT, then))


def _move(held: GuidedStart, *, at: str, target: str) -> bool:
    rows = GuidedStart.objects.filter(pk=held.pk, state=StartState.RUNNING, step=at)
    return bool(rows.update(step=target, version=F("version") + 1))


def _target(step: str, at: str) -> str:
    place = _STEPS.index(at)
    if step in (NEXT, BACK):
        there = place + (1 if step == NEXT else -1)
        return words.chosen(_STEPS[there] if 0 <= there < len(_STEPS) else "", _STEPS, field="step")
    return words.chosen(step, _STEPS, field="step")


def _lines(held: GuidedStart) -> Iterator[dict[str, Any]]:
    for goal in held.drafts:
        yield goal
        yield from goal["agreements"]
