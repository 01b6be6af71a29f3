"""The group looks at shared feedback together: one point at a time, one answer per point, and what becomes of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cards.models import Tip
from observations import permissions, queries
from observations.actions import steps
from observations.models import Debrief, PointAnswer, Visit
from observations.models.debrief import Answer
from observations.models.visit import VisitState
from observations.queries.debrief import GIVEN
from observations.queries.visits import GivenPoint
from schools.refusals import Refused
from schools.roles import Member
from workgroups.actions import agreement as agreements_, goal as goals_, standing, words
from workgroups.models import Agreement, FocusPeriod, Goal


class NotAnswered(Refused):
    """A point becomes the group's own after the group has said what it thinks of it."""

    message = _("Say first what you think of this point.")
    code = "not_answered"


class AlreadyTaken(Refused):
    """Somebody in the group was just before: one goal and one agreement per point."""

    message = _("Your group already took this point over. Look at your plan.")
    code = "already_taken"


class NoCard(Refused):
    """Before a group chose its first card its plan has no place for anything."""

    message = _("A goal belongs to a card, and an agreement to a goal.")
    code = "no_card"


class AnotherCard(Refused):
    """A goal is about the card in focus (G4a)."""

    message = _("This point is about another card than yours. A goal is about your card; an agreement always fits.")
    code = "another_card"


@transaction.atomic
def begin_debrief(*, visit: Visit, by: Member, now: dt.datetime) -> Debrief:  # noqa: ARG001  # every action takes it
    """Begin at the first point, on every screen; where the group is at it already, join. Again goes any time.

    Raises NotPossibleNow before feedback is shared, GroupEnded; PermissionDenied unless the member has a seat (C6).
    """
    _hold(visit, by)
    made = {"school_id": visit.school_id, "group_id": visit.group_id}
    debrief: Debrief = Debrief.objects.get_or_create(visit=visit, defaults=made)[0]
    _go(debrief, to=debrief.shows or 1)
    return debrief


@transaction.atomic
def show_point(*, visit: Visit, place: int, by: Member, now: dt.datetime) -> Debrief:  # noqa: ARG001  # as above
    """Show the point at this place (1-6) on every screen; twice the same changes nothing.

    Raises NotPossibleNow where the group is not at it, UnknownWord, GroupEnded; PermissionDenied unless the member has
    a seat (C6).
    """
    _hold(visit, by)
    debrief = _under_way(visit)
    _point(visit, place)
    _go(debrief, to=place)
    return debrief


@transaction.atomic
def answer_point(*, visit: Visit, place: int, answer: str, by: Member, now: dt.datetime) -> PointAnswer:
    """Write down the group's one answer to a point; another one takes its place, as the group may talk itself round.

    ``answer`` is a value of models.debrief.Answer. Neither who answered nor at what time is kept. Raises
    NotPossibleNow, UnknownWord, GroupEnded; PermissionDenied unless the member has a seat (C6).
    """
    _hold(visit, by)
    point = _point(visit, place)
    answer = words.chosen(answer, Answer.values, field="answer")
    if point.said and point.said.answer == answer:
        return point.said
    said = {"answer": answer, "answered_on": by.school.today(now)}
    made = {**said, "school_id": visit.school_id, "group_id": visit.group_id}
    row: PointAnswer = PointAnswer.objects.update_or_create(
        pair_id=point.pair_id, side=point.side, defaults=said, create_defaults=made
    )[0]
    tell_screens(visit)
    return row


@transaction.atomic
def take_as_goal(
    *,
    visit: Visit,
    place: int,
    period: FocusPeriod,
    text: str,
    agreements: Sequence[str],
    tips: Sequence[Tip | None] = (),
    by: Member,
    now: dt.datetime,
) -> Goal:
    """Make a goal of a point, in the group's own words and with its own agreements (C15).

    Raises NotAnswered, AlreadyTaken, AnotherCard, what ``set_goal`` raises, NotPossibleNow; PermissionDenied unless the
    member has a seat.
    """
    _hold(visit, by)
    point = _point(visit, place)
    said = _answered(point)
    if said.goal_id:
        raise AlreadyTaken
    if point.key != period.aspect.key:
        raise AnotherCard
    goal = goals_.set_goal(period=period, text=text, agreements=agreements, tips=tips, by=by, now=now)
    PointAnswer.objects.filter(pk=said.pk).update(goal=goal)
    tell_screens(visit)
    return goal


@transaction.atomic
def take_as_agreement(*, visit: Visit, place: int, goal: Goal, text: str, by: Member, now: dt.datetime) -> Agreement:
    """Make an agreement of a point, in the group's own words, with one of its goals (C15).

    Raises NotAnswered, AlreadyTaken, what ``agree_on`` raises, NotPossibleNow; PermissionDenied unless the member has a
    seat.
    """
    _hold(visit, by)
    said = _answered(_point(visit, place))
    if said.agreement_id:
        raise AlreadyTaken
    agreement = agreements_.agree_on(goal=goal, text=text, tip=None, by=by, now=now)
    PointAnswer.objects.filter(pk=said.pk).update(agreement=agreement)
    tell_screens(visit)
    return agreement


@transaction.atomic
def end_debrief(*, visit: Visit, by: Member, now: dt.datetime) -> Visit:  # noqa: ARG001  # every action takes it
    """Say that the group talked about it: the visit is closed, and no home offers it any more. Twice is once.

    Points that were passed over stay without an answer. Raises NotPossibleNow, GroupEnded; PermissionDenied unless the
    member has a seat (C6).
    """
    _hold(visit, by)
    _go(_begun(visit), to=0)
    if visit.state == VisitState.SHARED:
        steps.step(visit, since=(VisitState.SHARED,), to=VisitState.CLOSED)
    return visit


def _hold(visit: Visit, by: Member) -> None:
    """The group and its visit as they stand, kept for this transaction: two phones go one after the other."""
    permissions.demand(permissions.may_debrief(by, visit))
    standing.locked(visit.group_id)
    steps.hold(visit)
    if visit.state not in GIVEN:
        raise steps.NotPossibleNow


def _begun(visit: Visit) -> Debrief:
    debrief: Debrief | None = Debrief.objects.filter(visit=visit).first()
    if debrief is None:
        raise steps.NotPossibleNow
    return debrief


def _under_way(visit: Visit) -> Debrief:
    debrief = _begun(visit)
    if not debrief.shows:
        raise steps.NotPossibleNow
    return debrief


def _go(debrief: Debrief, *, to: int) -> None:
    if debrief.shows != to:
        Debrief.objects.filter(pk=debrief.pk).update(shows=to, version=F("version") + 1)
        debrief.refresh_from_db(fields=["shows", "version"])


def tell_screens(visit: Visit) -> None:
    """Let every screen that shows this feedback know that there is something new."""
    Debrief.objects.filter(visit=visit).update(version=F("version") + 1)


def _point(visit: Visit, place: int) -> GivenPoint:
    feedback = queries.feedback_of(visit)
    points = feedback.points if feedback else ()
    point = next((point for point in points if point.place == place), None)
    if point is None:
        raise words.UnknownWord(field="place")
    return point


def _answered(point: GivenPoint) -> PointAnswer:
    if point.said is None:
        raise NotAnswered
    return point.said
