"""The dialogue profile of a group, and whether the group shows it."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby

from observations import profile
from observations.models import AspectReading, FeedbackPair, PointAnswer, ShareDecision, Visit
from observations.models.debrief import Side
from observations.models.visit import VisitState
from observations.queries.observation import aspects_in_use
from workgroups.models import WorkGroup

_GIVEN = (VisitState.SHARED, VisitState.CLOSED)


def profile_of(group: WorkGroup, *, with_answers: bool = False) -> profile.DialogueProfile:
    """The group's profile over all visits of which feedback was shared, oldest meeting first. Four queries.

    With one more it tells what the group itself said to each point: for the group and its guest alone.
    Values are half degrees (2-8), None where nothing was observed: a gap, never nought (C16). The caller checks
    permissions.may_read_profile or may_read_shared_profile.
    """
    given = {"group": group, "visit__state__in": _GIVEN}
    readings = AspectReading.objects.filter(**given).values_list("visit_id", "aspect__number", "halves")
    return profile.build(
        aspects=[
            profile.AspectName(aspect.number, aspect.key, aspect.name, aspect.short_name)
            for aspect in aspects_in_use(group).values()
        ],
        looks=_looks_at(group),
        readings=readings,
        points=_points_of(group, _answers_of(group) if with_answers else {}),
    )


def _looks_at(group: WorkGroup) -> list[profile.Look]:
    """The visits with what was set right since: a visit has a row for each correction, or one without."""
    correction = ("corrections__place", "corrections__added_on", "corrections__text")
    rows = (
        Visit.objects.filter(group=group, state__in=_GIVEN)
        .order_by("meeting__starts_at", "pk", "corrections__place")
        .values_list("pk", "meeting__day", "observation__listened", *correction)
    )
    return [
        profile.Look(pk, day, minutes, tuple(profile.SetRight(*row[4:]) for row in same if row[3]))
        for (pk, day, minutes), same in groupby(rows, key=lambda row: row[:3])
    ]


_Answers = dict[tuple[int, str], tuple[str, str]]


def _answers_of(group: WorkGroup) -> _Answers:
    """Per pair and side the answer, and the words of the goal or else the agreement that it became."""
    rows = PointAnswer.objects.filter(group=group)
    told = rows.values_list("pair_id", "side", "answer", "goal__text", "agreement__text")
    return {(pair, side): (answer, goal or agreement or "") for pair, side, answer, goal, agreement in told}


def _points_of(group: WorkGroup, answers: _Answers) -> Iterable[profile.Given]:
    rows = (
        FeedbackPair.objects.filter(group=group, observation__visit__state__in=_GIVEN)
        .order_by("observation__visit__meeting__starts_at", "observation__visit_id", "position")
        .values_list(
            "pk",
            "observation__visit_id",
            "strong_aspect__number",
            "strong",
            "improvement_aspect__number",
            "improvement",
        )
    )
    nothing = ("", "")
    for pk, visit_id, strong_number, strong, improvement_number, improvement in rows:
        said, became = answers.get((pk, Side.STRONG), nothing)
        yield profile.Given(visit_id, strong_number, strong, is_strong=True, said=said, became=became)
        said, became = answers.get((pk, Side.IMPROVEMENT), nothing)
        yield profile.Given(visit_id, improvement_number, improvement, is_strong=False, said=said, became=became)


def shares_profile(group_id: int) -> bool:
    """Whether the group shows its profile to the leader today: its last decision; none yet means no. One query."""
    last = ShareDecision.objects.filter(group_id=group_id).order_by("-pk").values_list("shares", flat=True).first()
    return bool(last)
