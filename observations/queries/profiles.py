"""The dialogue profile of a group, and whether the group shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from cards.models import Aspect
from observations import profile
from observations.models import AspectReading, FeedbackPair, PointAnswer, ShareDecision, Visit
from observations.models.debrief import Side
from observations.models.visit import VisitState
from workgroups.models import WorkGroup
from workgroups.queries import deck_of

_GIVEN = (VisitState.SHARED, VisitState.CLOSED)


Decks = Mapping[int, Sequence[profile.AspectName]]
_Answers = dict[tuple[int, str], tuple[str, str]]


def profile_of(group: WorkGroup, *, with_answers: bool = False) -> profile.DialogueProfile:
    """The group's profile over all visits of which feedback was shared, oldest meeting first. Four queries.

    With one more it tells what the group itself said to each point: for the group and its guest alone.
    Values are half degrees (2-8), None where nothing was observed: a gap, never nought (C16). The caller checks
    permissions.may_read_profile or may_read_shared_profile.
    """
    answers = _answers_of(group) if with_answers else {}
    return profiles_of({group.pk: names_of(deck_of(group))}, answers)[group.pk]


def names_of(deck: Iterable[Aspect]) -> list[profile.AspectName]:
    """What a profile needs to know of the aspects of a deck."""
    return [profile.AspectName(aspect.number, aspect.key, aspect.name, aspect.short_name) for aspect in deck]


def profiles_of(decks: Decks, answers: _Answers | None = None) -> dict[int, profile.DialogueProfile]:
    """The same of many groups, by id, each on its own deck. Three queries, however many groups."""
    looks, readings, points = _looks_at(decks), _readings_of(decks), _points_of(decks, answers or {})
    return {
        group_id: profile.build(
            aspects=deck,
            looks=looks.get(group_id, ()),
            readings=readings.get(group_id, ()),
            points=points.get(group_id, ()),
        )
        for group_id, deck in decks.items()
    }


def _readings_of(group_ids: Iterable[int]) -> dict[int, list[tuple[int, int, int | None]]]:
    """Per group: visit, number of the aspect, half degrees."""
    found: dict[int, list[tuple[int, int, int | None]]] = {}
    rows = AspectReading.objects.filter(group__in=list(group_ids), visit__state__in=_GIVEN)
    for group_id, visit_id, number, halves in rows.values_list("group_id", "visit_id", "aspect__number", "halves"):
        found.setdefault(group_id, []).append((visit_id, number, halves))
    return found


def _looks_at(group_ids: Iterable[int]) -> dict[int, list[profile.Look]]:
    """The visits with what was set right since: a visit has a row for each correction, or one without."""
    correction = ("corrections__place", "corrections__added_on", "corrections__text")
    rows = (
        Visit.objects.filter(group__in=list(group_ids), state__in=_GIVEN)
        .order_by("group_id", "meeting__starts_at", "pk", "corrections__place")
        .values_list("group_id", "pk", "meeting__day", "observation__listened", *correction)
    )
    found: dict[int, list[profile.Look]] = {}
    for (group_id, pk, day, minutes), same in groupby(rows, key=lambda row: row[:4]):
        corrections = tuple(profile.SetRight(*row[5:]) for row in same if row[4])
        found.setdefault(group_id, []).append(profile.Look(pk, day, minutes, corrections))
    return found


def _answers_of(group: WorkGroup) -> _Answers:
    """Per pair and side the answer, and the words of the goal or else the agreement that it became."""
    rows = PointAnswer.objects.filter(group=group)
    told = rows.values_list("pair_id", "side", "answer", "goal__text", "agreement__text")
    return {(pair, side): (answer, goal or agreement or "") for pair, side, answer, goal, agreement in told}


def _points_of(group_ids: Iterable[int], answers: _Answers) -> dict[int, list[profile.Given]]:
    rows = (
        FeedbackPair.objects.filter(group__in=list(group_ids), observation__visit__state__in=_GIVEN)
        .order_by("observation__visit__meeting__starts_at", "observation__visit_id", "position")
        .values_list(
            "group_id",
            "pk",
            "observation__visit_id",
            "strong_aspect__number",
            "strong",
            "improvement_aspect__number",
            "improvement",
        )
    )
    found: dict[int, list[profile.Given]] = {}
    nothing = ("", "")
    for group_id, pk, visit_id, strong_number, strong, improvement_number, improvement in rows:
        sides = (
            (Side.STRONG, strong_number, strong),
            (Side.IMPROVEMENT, improvement_number, improvement),
        )
        for side, number, text in sides:
            said, became = answers.get((pk, side), nothing)
            given = profile.Given(visit_id, number, text, is_strong=side == Side.STRONG, said=said, became=became)
            found.setdefault(group_id, []).append(given)
    return found


def shares_profile(group_id: int) -> bool:
    """Whether the group shows its profile to the leader today: its last decision; none yet means no. One query."""
    whole = ShareDecision.objects.filter(group_id=group_id, scan__isnull=True)
    return bool(whole.order_by("-pk").values_list("shares", flat=True).first())
