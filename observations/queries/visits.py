"""Visits as the group and the visitor see them, and the feedback that was shared."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery

from cards.models import Aspect
from observations.models import Correction, FeedbackPair, PointAnswer, Visit
from observations.models.correction import CORRECTIONS_AT_MOST
from observations.models.debrief import Side
from observations.models.visit import VisitQuerySet, VisitState
from observations.queries.keeping import AT_MOST
from schools import tenancy
from schools.roles import Member
from workgroups.models import Meeting, WorkGroup
from workgroups.models.meeting import MeetingState
from workgroups.permissions import may_read_goals
from workgroups.queries import Focus, aspects_in_focus, focus_of

_COMING = (VisitState.PROPOSED, VisitState.ACCEPTED)
AT_THE_TABLE = (*_COMING, VisitState.LISTENING)
_GOING_ON = (VisitState.LISTENING, VisitState.NOTING)
_NEWS_FOR = dt.timedelta(days=14)
_RECEIPT_FOR = dt.timedelta(days=7)
_LONGEST_MEETING = dt.timedelta(hours=8)


def visits(member: Member) -> VisitQuerySet:
    """The visits that the member may know of, each with group, meeting, school, visitor and observation at hand."""
    return Visit.objects.visible_to(member).select_related("group", "meeting", "coach", "school", "observation")


def visits_asked(member: Member, *, group: int | None = None, state: str | None = None) -> VisitQuerySet:
    """The visits that the member may know of, to one group or in one state if asked. One query."""
    asked = {"group_id": group, "state": state}
    rows: VisitQuerySet = visits(member).filter(**{name: value for name, value in asked.items() if value is not None})
    return rows


def visit_for(member: Member, visit_id: int) -> Visit:
    """One visit, for a member of the group or the visitor; 404 for others. One query."""
    return tenancy.fetch(visits(member), pk=visit_id)


def own_visit(member: Member, visit_id: int) -> Visit:
    """One visit that the member makes; 404 for everybody else, in the group or above it. One query."""
    rows = visits(member).filter(coach=member.user).exclude(group_id__in=list(member.seats))
    return tenancy.fetch(rows, pk=visit_id)


def group_for(member: Member, group_id: int) -> WorkGroup:
    """A group of the member's school; 404 elsewhere. One query."""
    return tenancy.fetch(WorkGroup.objects.visible_to(member), pk=group_id)


def card_of(group: WorkGroup, member: Member) -> Aspect | None:
    """The aspect that the group works on, for who may know. One query, or none."""
    if not may_read_goals(member, group):
        return None
    return aspects_in_focus([group.pk]).get(group.pk)


def focus_for(group: WorkGroup, member: Member) -> Focus | None:
    """The group's card, goals and agreements, as far as the visit allows: from the yes on. Four queries, or none."""
    return focus_of(group) if may_read_goals(member, group) else None


def visits_of(group: WorkGroup, member: Member) -> VisitQuerySet:
    """The visits to this group that the member may know of, latest meeting first. One query."""
    return visits(member).filter(group=group).order_by("-meeting__starts_at", "-pk")


def visits_to(meeting: Meeting, member: Member) -> VisitQuerySet:
    """Who comes or asks to come to this meeting, as its group may know; nothing for others. One query, or none."""
    if not member.sits_in(meeting.group_id):
        return Visit.objects.none()
    rows: VisitQuerySet = visits(member).filter(meeting=meeting, state__in=AT_THE_TABLE).order_by("pk")
    return rows


def next_meeting(group: WorkGroup, *, now: dt.datetime) -> Meeting | None:
    """The group's next planned meeting: the only date that a visitor can know. One query."""
    ahead = Meeting.objects.filter(group=group, state=MeetingState.PLANNED, starts_at__gt=now)
    return ahead.order_by("starts_at", "pk").first()


def closed_to(visitor_id: int, meetings: Iterable[int]) -> frozenset[int]:
    """Of these meetings, by id, those that the visitor cannot propose to visit any more. One query.

    The group said not now, somebody took back its yes, or two proposals were taken back: asking on would press people
    (C4). Who takes back one proposal can make a better one.
    """
    ended = Q(state=VisitState.DECLINED) | Q(state=VisitState.WITHDRAWN)
    rows = Visit.objects.filter(ended, coach_id=visitor_id, meeting_id__in=list(meetings))
    found = list(rows.values_list("meeting_id", "state", "accepted_for"))
    tries = Counter(meeting for meeting, _state, _accepted_for in found)
    refused = {meeting for meeting, state, accepted_for in found if accepted_for or state == VisitState.DECLINED}
    return frozenset(meeting for meeting in tries if meeting in refused or tries[meeting] > 1)


def visits_by_id(ids: Iterable[int]) -> dict[int, Visit]:
    """Visits with group, meeting, school and visitor at hand, for the post. One query."""
    rows = Visit.objects.filter(pk__in=list(ids)).select_related("group", "meeting", "coach", "school")
    return {visit.pk: visit for visit in rows}


def is_open(now: dt.datetime) -> Q:
    """Which visits are still to come or going on; one to which nobody came is over with its meeting.

    A clock that nobody stopped does not run for ever: after 90 days there is nothing left to do.
    """
    coming = Q(state__in=_COMING, meeting__starts_at__gt=now - _LONGEST_MEETING)
    in_time = Q(meeting__starts_at__gt=now - AT_MOST)
    return coming | Q(in_time, state__in=_GOING_ON, forgotten_on__isnull=True)


def waiting_visits(member: Member, *, now: dt.datetime) -> VisitQuerySet:
    """What is going on for the member: open visits, feedback and corrections of the last 14 days, and own notes that
    vanished lately.

    Each tells as ``corrected_on`` on which day something was last set right, or None. Soonest meeting first. One query.
    """
    today = member.school.today(now)
    last = Correction.objects.filter(visit=OuterRef("pk")).order_by("-place").values("added_on")[:1]
    added = Q(corrected_on__gt=today - _NEWS_FOR)
    news = Q(state=VisitState.SHARED, shared_at__gt=now - _NEWS_FOR)
    gone = Q(coach=member.user, forgotten_on__gt=today - _RECEIPT_FOR)
    rows: VisitQuerySet = visits(member).annotate(corrected_on=Subquery(last))
    return rows.filter(is_open(now) | news | added | gone).order_by("meeting__starts_at", "pk")


def ready_to_share(visits: Iterable[Visit]) -> frozenset[int]:
    """Which of these visits have pairs that are not shared, by id. One query, or none."""
    noting = [visit.pk for visit in visits if visit.state == VisitState.NOTING]
    if not noting:
        return frozenset()
    written = FeedbackPair.objects.filter(observation__visit__in=noting)
    return frozenset(written.values_list("observation__visit_id", flat=True))


@dataclass(frozen=True)
class GivenPoint:
    """A point as the group reads it, with key, number (1-6) and name of its aspect, and what the group said to it.

    ``place`` counts the points of a visit through, strong before improvement, from 1.
    """

    text: str
    number: int
    name: str
    key: str
    place: int
    pair_id: int
    side: str
    said: PointAnswer | None = None

    @property
    def pair_number(self) -> int:
        """Which pair it is of, from 1."""
        return (self.place + 1) // 2

    @property
    def is_strong(self) -> bool:
        """Whether it is the strong point of its pair."""
        return self.side == Side.STRONG


@dataclass(frozen=True)
class GivenPair:
    """A strong point and an improvement point."""

    strong: GivenPoint
    improvement: GivenPoint


@dataclass(frozen=True)
class Feedback:
    """Shared feedback: minutes listened (C7), when it was shared, and how many days after the meeting's (C11).

    It stays as it was given; ``corrections`` are what the visitor set right since, the first one first.
    """

    minutes: int
    shared_at: dt.datetime | None
    days_late: int
    pairs: tuple[GivenPair, ...]
    corrections: tuple[Correction, ...] = ()

    @property
    def corrections_left(self) -> int:
        """How many more corrections there is room for."""
        return CORRECTIONS_AT_MOST - len(self.corrections)

    @property
    def points(self) -> tuple[GivenPoint, ...]:
        """All points in the order of their places."""
        return tuple(point for pair in self.pairs for point in (pair.strong, pair.improvement))


def feedback_of(visit: Visit) -> Feedback | None:
    """The pairs of a visit in their order, or nothing where nobody listened yet.

    One query; three once it is shared, as there may be answers and corrections then. Also the preview for the visitor
    before sharing: the caller checks the state and permissions.may_read_feedback.
    """
    return feedbacks_of([visit]).get(visit.pk)


def feedbacks_of(visits: Iterable[Visit]) -> dict[int, Feedback]:
    """The same of many visits, by id; those without pairs are left out. Three queries at most, however many."""
    asked = {visit.pk: visit for visit in visits}
    pairs = FeedbackPair.objects.filter(observation__visit__in=asked).order_by("position")
    rows: dict[int, list[FeedbackPair]] = {}
    for row in pairs.select_related("observation", "strong_aspect", "improvement_aspect"):
        rows.setdefault(row.observation.visit_id, []).append(row)
    shared = [pk for pk in rows if asked[pk].shared_at]
    answers = _answers([row for pk in shared for row in rows[pk]]) if shared else {}
    corrections = _corrections(shared) if shared else {}
    return {
        pk: Feedback(
            minutes=mine[0].observation.listened,
            shared_at=asked[pk].shared_at,
            days_late=days_late(asked[pk]),
            pairs=_pairs(mine, answers),
            corrections=tuple(corrections.get(pk, ())),
        )
        for pk, mine in rows.items()
    }


def corrections_of(visit: Visit) -> QuerySet[Correction]:
    """What the visitor set right in the shared feedback of this visit, the first one first. One query."""
    return Correction.objects.filter(visit=visit).order_by("place")


def _corrections(visit_ids: list[int]) -> dict[int, list[Correction]]:
    found: dict[int, list[Correction]] = {}
    for row in Correction.objects.filter(visit__in=visit_ids).order_by("visit_id", "place"):
        found.setdefault(row.visit_id, []).append(row)
    return found


def days_after(visit: Visit, day: dt.date) -> int:
    """Whole days from the meeting's day to another, 0 on the day itself (reads the meeting). No query."""
    return max((day - visit.meeting.day).days, 0)


def days_late(visit: Visit) -> int:
    """How many days after the meeting's day it was shared; 0 on the day itself and until then (C11). No query."""
    return days_after(visit, visit.school.today(visit.shared_at)) if visit.shared_at else 0


_Answers = dict[tuple[int, str], PointAnswer]


def _answers(rows: list[FeedbackPair]) -> _Answers:
    answers = PointAnswer.objects.filter(pair__in=rows).select_related("goal", "agreement")
    return {(answer.pair_id, answer.side): answer for answer in answers}


def _pairs(rows: list[FeedbackPair], answers: _Answers) -> tuple[GivenPair, ...]:
    def point(row: FeedbackPair, side: Side, place: int) -> GivenPoint:
        aspect: Aspect = getattr(row, f"{side}_aspect")
        about: dict[str, Any] = {
            "number": aspect.number,
            "name": aspect.name,
            "key": aspect.key,
            "place": place,
            "pair_id": row.pk,
        }
        return GivenPoint(text=getattr(row, side), **about, side=side, said=answers.get((row.pk, side)))

    return tuple(
        GivenPair(point(row, Side.STRONG, place), point(row, Side.IMPROVEMENT, place + 1))
        for place, row in zip(range(1, 2 * len(rows), 2), rows, strict=True)
    )
