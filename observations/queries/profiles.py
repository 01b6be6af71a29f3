"""The dialogue profile of a group, and whether the group shows it."""

from __future__ import annotations

from collections.abc import Iterable

from observations import profile
from observations.models import AspectReading, FeedbackPair, ShareDecision, Visit
from observations.models.visit import VisitState
from observations.queries.observation import aspects_in_use
from workgroups.models import WorkGroup

_GIVEN = (VisitState.SHARED, VisitState.CLOSED)


def profile_of(group: WorkGroup) -> profile.DialogueProfile:
    """The group's profile over all visits of which feedback was shared, oldest meeting first. Four queries.

    Values are half degrees (2-8), None where nothing was observed: a gap, never nought (C16). The caller checks
    permissions.may_read_profile or may_read_shared_profile.
    """
    given = {"group": group, "visit__state__in": _GIVEN}
    visits = (
        Visit.objects.filter(group=group, state__in=_GIVEN)
        .order_by("meeting__starts_at", "pk")
        .values_list("pk", "meeting__day", "observation__listened")
    )
    readings = AspectReading.objects.filter(**given).values_list("visit_id", "aspect__number", "halves")
    return profile.build(
        aspects=[
            profile.AspectName(aspect.number, aspect.key, aspect.name, aspect.short_name)
            for aspect in aspects_in_use(group).values()
        ],
        looks=[profile.Look(*visit) for visit in visits],
        readings=readings,
        points=_points_of(group),
    )


def _points_of(group: WorkGroup) -> Iterable[profile.Given]:
    rows = (
        FeedbackPair.objects.filter(group=group, observation__visit__state__in=_GIVEN)
        .order_by("observation__visit__meeting__starts_at", "observation__visit_id", "position")
        .values_list(
            "observation__visit_id",
            "strong_aspect__number",
            "strong",
            "improvement_aspect__number",
            "improvement",
        )
    )
    for visit_id, strong_number, strong, improvement_number, improvement in rows:
        yield profile.Given(visit_id, strong_number, strong, is_strong=True)
        yield profile.Given(visit_id, improvement_number, improvement, is_strong=False)


def shares_profile(group_id: int) -> bool:
    """Whether the group shows its profile to the leader today: its last decision; none yet means no. One query."""
    last = ShareDecision.objects.filter(group_id=group_id).order_by("-pk").values_list("shares", flat=True).first()
    return bool(last)
