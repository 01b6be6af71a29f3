"""Choosing the one card a group works on (G1), and why it matters (G2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cards.models import Aspect
from schools import refusals
from schools.roles import Member
from workgroups import permissions, queries
from workgroups.actions import clock, standing, words
from workgroups.models import Agreement, FocusPeriod, Goal, WorkGroup
from workgroups.models.goal import AgreementState, GoalState, PeriodState

GOES_ON = "live"
ENDINGS = (GOES_ON, AgreementState.HABIT.value, AgreementState.DROPPED.value)
GOAL_ENDINGS = (GoalState.REACHED.value, GoalState.DROPPED.value)


class EndingsMissing(refusals.Refused):
    """Before another card every live agreement gets an answer: goes on, a habit now, or dropped."""

    message = _("Say of each agreement whether it goes on, is a habit now, or stops.")
    field = "endings"
    code = "endings_missing"


class GoalEndingsMissing(refusals.Refused):
    """Before another card every live goal gets an answer: reached, or let go. Goals belong to one card."""

    message = _("Say of each goal whether you reached it or let it go.")
    field = "goal_endings"
    code = "goal_endings_missing"


class SameCard(refusals.Refused):
    """The group works on this card already and has not written a goal yet."""

    message = _("Your group already works on this card.")
    field = "aspect"
    code = "same_card"


class NotInYourDeck(refusals.Refused):
    """A card of an edition that the group does not choose from."""

    message = _("Choose one of the six cards.")
    field = "aspect"
    code = "not_in_your_deck"


class PeriodClosed(refusals.Refused):
    """The group went on to another card in the meantime."""

    message = _("Your group has gone on to another card.")
    code = "period_closed"


@transaction.atomic
def choose_aspect(
    *,
    group: WorkGroup,
    aspect: Aspect,
    why: str,
    endings: Mapping[int, str],
    goal_endings: Mapping[int, str],
    by: Member,
    now: dt.datetime,
) -> FocusPeriod:
    """Start a period on one card and close the one that was live (G1).

    ``endings`` maps every live agreement's id onto "live" (goes on, under its own goal), "habit" or "dropped";
    ``goal_endings`` every live goal's id onto "reached" or "dropped": no goal lives on under a closed card.
    Raises NotInYourDeck, EndingsMissing, GoalEndingsMissing, SameCard, TextTooLong, GroupEnded; PermissionDenied
    unless the member has a seat (C15).
    """
    permissions.demand(permissions.may_write_goals(by, group))
    group = standing.locked(group.pk)
    if not queries.deck_of(by.school).filter(pk=aspect.pk).exists():
        raise NotInYourDeck
    today = by.school.today(now)
    live = FocusPeriod.objects.filter(group=group, state=PeriodState.LIVE)
    if live.filter(aspect=aspect, goals__isnull=True).exists():
        raise SameCard
    _end_agreements(group, endings, today=today)
    _end_goals(group, goal_endings, today=today)
    for period_id in live.values_list("pk", flat=True):
        clock.stop(period_id, now=now)
    live.update(state=PeriodState.CLOSED, closed_on=today)
    why = words.lines(why, limit=300, field="why")
    period: FocusPeriod = FocusPeriod.objects.create(
        school=by.school, group=group, aspect=aspect, why=why, started_on=today
    )
    return period


@transaction.atomic
def say_why(
    *,
    period: FocusPeriod,
    why: str,
    version: int | None,
    by: Member,
    now: dt.datetime,  # noqa: ARG001  # every action takes it
) -> FocusPeriod:
    """Write down why this card matters to the group (G2); the same words again change nothing.

    ``version`` is the one whose words were read. Raises Conflict with the words that were saved since, PeriodClosed,
    TextTooLong, GroupEnded; PermissionDenied unless the member has a seat.
    """
    permissions.demand(permissions.may_write_goals(by, period))
    standing.locked(period.group_id)
    why = words.lines(why, limit=300, field="why")
    row: FocusPeriod | None = FocusPeriod.objects.filter(pk=period.pk, state=PeriodState.LIVE).first()
    if row is None:
        raise PeriodClosed
    if row.why == why:
        return row
    if row.version != version:
        raise refusals.Conflict(theirs={"why": row.why}, version=row.version)
    FocusPeriod.objects.filter(pk=row.pk).update(why=why, version=F("version") + 1)
    row.refresh_from_db()
    return row


def _end_agreements(group: WorkGroup, endings: Mapping[int, str], *, today: dt.date) -> None:
    live = Agreement.objects.filter(group=group, state=AgreementState.LIVE)
    if set(live.values_list("pk", flat=True)) != set(endings) or not set(endings.values()) <= set(ENDINGS):
        raise EndingsMissing
    for ending in (AgreementState.HABIT, AgreementState.DROPPED):
        ids = [pk for pk, how in endings.items() if how == ending]
        live.filter(pk__in=ids).update(state=ending, slot=None, ended_on=today)


def _end_goals(group: WorkGroup, endings: Mapping[int, str], *, today: dt.date) -> None:
    live = Goal.objects.filter(group=group, state=GoalState.LIVE, period__state=PeriodState.LIVE)
    answered = set(live.values_list("pk", flat=True)) <= set(endings)  # some may have ended since they were asked about
    if not answered or not set(endings.values()) <= set(GOAL_ENDINGS):
        raise GoalEndingsMissing
    for ending in GOAL_ENDINGS:
        ids = [pk for pk, how in endings.items() if how == ending]
        live.filter(pk__in=ids).update(state=ending, ended_on=today)
