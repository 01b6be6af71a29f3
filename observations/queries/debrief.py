"""Where a group is in its talk about shared feedback, and what a point of it can become."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from observations.models import Debrief, Visit
from observations.models.visit import VisitQuerySet, VisitState
from observations.queries.visits import Feedback, GivenPoint, visits
from schools import tenancy
from schools.roles import Member
from workgroups.models import WorkGroup
from workgroups.models.goal import GoalState
from workgroups.queries import Focus, focus_of
from workgroups.queries.start import MOST_GOALS

GIVEN = (VisitState.SHARED, VisitState.CLOSED)


class Obstacle(StrEnum):
    """Why a point cannot become part of the plan now."""

    NO_CARD = "no_card"
    ANOTHER_CARD = "another_card"
    NO_GOAL = "no_goal"
    GOALS = "goals"
    AGREEMENTS = "agreements"


@dataclass(frozen=True)
class Room:
    """What fits beside the group's plan of now; ``focus`` is that plan."""

    focus: Focus

    def keeps_from_goal(self, point: GivenPoint) -> Obstacle | None:
        """Why the point cannot become a goal now: a goal is about the card in focus, and comes with an agreement."""
        if self.focus.aspect is None:
            return Obstacle.NO_CARD
        if self.focus.aspect.key != point.key:
            return Obstacle.ANOTHER_CARD
        if sum(goal.state != GoalState.DROPPED for goal in self.focus.goals) >= MOST_GOALS:
            return Obstacle.GOALS
        return None if self.focus.has_room else Obstacle.AGREEMENTS

    def keeps_from_agreement(self) -> Obstacle | None:
        """Why a point cannot become an agreement now: it serves a live goal, whatever card the point is about."""
        if self.focus.aspect is None:
            return Obstacle.NO_CARD
        if not self.focus.live_goals:
            return Obstacle.NO_GOAL
        return None if self.focus.has_room else Obstacle.AGREEMENTS


@dataclass(frozen=True)
class Talk:
    """One point on the screen: ``point``, the other one of its pair, and the places before and after it."""

    feedback: Feedback
    point: GivenPoint

    @property
    def beside(self) -> GivenPoint:
        """The other point of the same pair."""
        pair = self.feedback.pairs[self.point.pair_number - 1]
        return pair.improvement if self.point.is_strong else pair.strong

    @property
    def before(self) -> int:
        """The place before this one, or 0."""
        return self.point.place - 1

    @property
    def after(self) -> int:
        """The place after this one, or 0."""
        return self.point.place + 1 if self.point.place < len(self.feedback.points) else 0


def shared_visit_for(member: Member, visit_id: int) -> Visit:
    """A visit of which feedback was shared, with its debrief at hand; 404 for others. One query."""
    return tenancy.fetch(shared_visits(member), pk=visit_id)


def shared_visits(member: Member, *, group: int | None = None) -> VisitQuerySet:
    """The visits of which feedback was shared, each with its debrief at hand, to one group if asked. One query.

    Those of the own groups, and the own ones until 30 days after sharing (permissions.may_read_feedback).
    """
    rows: VisitQuerySet = visits(member).filter(state__in=GIVEN).select_related("debrief")
    return rows if group is None else rows.filter(group_id=group)


def debrief_of(visit: Visit) -> Debrief | None:
    """The debrief of this visit, if it ever began. One query, or none."""
    return getattr(visit, "debrief", None)


def place_of(visit: Visit) -> int:
    """The place of the point that every screen shows; 0 where the group is not at it. One query, or none."""
    debrief = debrief_of(visit)
    return debrief.shows if debrief else 0


def mark_of_debrief(visit: Visit) -> str:
    """What differs as soon as another point or answer shows (app.js). One query, or none."""
    debrief = debrief_of(visit)
    return f"{debrief.pk}-{debrief.version}" if debrief else "not-begun"


def room_of(group: WorkGroup) -> Room:
    """What fits beside the group's plan. Four queries."""
    return Room(focus_of(group))
