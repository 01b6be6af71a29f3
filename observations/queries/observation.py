"""What a visitor noted, and the deck it was noted on."""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass

from django.db.models import QuerySet

from cards.models import Aspect, Behaviour
from observations.models import Observation, Visit
from observations.models.visit import VisitState
from schools.roles import Member
from workgroups.models import Seat, WorkGroup
from workgroups.models.group import InGroup
from workgroups.queries import deck_of


@dataclass(frozen=True)
class Pair:
    """A strong point and an improvement point (C10), each with the key of its aspect; 400 characters at most."""

    strong_aspect: str
    strong: str
    improvement_aspect: str
    improvement: str

    @property
    def is_whole(self) -> bool:
        """Whether both points have something to read: signs that show nothing are no words."""
        return all(any(_can_be_read(sign) for sign in text) for text in (self.strong, self.improvement))


def _can_be_read(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNPS"


def aspects_in_use(of: WorkGroup | InGroup) -> dict[str, Aspect]:
    """The six aspects of the deck that the group works with now, by key, in their order. One query."""
    return {aspect.key: aspect for aspect in deck_of(of)}


def behaviours_in_use(of: WorkGroup | InGroup) -> dict[str, Behaviour]:
    """The behaviours of the group's deck by key, in its order, each with its aspect. One query."""
    lines = Behaviour.objects.filter(aspect__in=deck_of(of)).select_related("aspect")
    return {line.key: line for line in lines.order_by("aspect__number", "position")}


def pairs_of(observation: Observation) -> list[Pair]:
    """The pairs in their order. One query."""
    rows = observation.pairs.order_by("position").values_list(
        "strong_aspect__key", "strong", "improvement_aspect__key", "improvement"
    )
    return [Pair(*row) for row in rows]


def notes_in(observation: Observation) -> dict[str, tuple[str, str]]:
    """Per aspect key: going well, chances. One query."""
    rows = observation.notes.values_list("aspect__key", "going_well", "chances")
    return {key: (well, chances) for key, well, chances in rows}


def marks_in(observation: Observation) -> dict[str, int | None]:
    """Per behaviour key a degree 1-4, or None for no occasion. One query."""
    return dict(observation.marks.values_list("behaviour__key", "degree"))


def own_observations(member: Member) -> QuerySet[Observation]:
    """The member's own observations, of all visits; for fetch by the client's id."""
    return Observation.objects.own_of(member).select_related("visit")


def unshared_observations(member: Member) -> QuerySet[Observation]:
    """The member's own observations that are not shared, each with visit, meeting and school at hand. One query."""
    rows = Observation.objects.own_of(member).filter(visit__state=VisitState.NOTING)
    return rows.select_related("visit__meeting", "visit__school")


def own_observation(member: Member, visit: Visit) -> Observation | None:
    """The member's own observation of the visit; nobody else's. One query."""
    return Observation.objects.own_of(member).filter(visit=visit).first()


def people_in(group_id: int, *, today: dt.date) -> list[int]:
    """The ids of the people with a seat in the group today. One query."""
    return list(Seat.objects.live(today).filter(group_id=group_id).values_list("user_id", flat=True))
