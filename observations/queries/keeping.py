"""How long a visitor keeps raw notes and marks, and when they are gone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Q

from observations.models import Visit
from observations.models.visit import VisitState

AFTER_SHARING = dt.timedelta(days=14)
AT_MOST = dt.timedelta(days=90)
_NOTED = (VisitState.NOTING, VisitState.SHARED, VisitState.CLOSED)


@dataclass(frozen=True)
class Vanishing:
    """The day on which raw notes vanish, and how many days that takes from today; 0 is today."""

    on: dt.date
    days: int


def is_over(now: dt.datetime) -> Q:
    """The visits whose raw notes and marks have had their time: 14 days after sharing, 90 days after the meeting."""
    return Q(shared_at__lte=now - AFTER_SHARING) | Q(meeting__starts_at__lte=now - AT_MOST)


def had_its_time(visit: Visit, *, now: dt.datetime) -> bool:
    """The same of one visit (reads its meeting)."""
    shared = visit.shared_at is not None and visit.shared_at <= now - AFTER_SHARING
    return shared or visit.meeting.starts_at <= now - AT_MOST


def is_off(visit: Visit) -> bool:
    """Whether the group's yes is over, or was never given: declined, withdrawn, or postponed. No query."""
    was_postponed = visit.state == VisitState.PROPOSED and visit.version > 1 and visit.accepted_for is None
    return was_postponed or visit.state in (VisitState.DECLINED, VisitState.WITHDRAWN)


def vanishing(visit: Visit, *, today: dt.date) -> Vanishing | None:
    """When the visitor's notes of this visit vanish; nothing where there are none (yet, or any more). No query."""
    if visit.state not in _NOTED or visit.forgotten_on:
        return None
    ends = [visit.meeting.starts_at + AT_MOST]
    if visit.shared_at:
        ends.append(visit.shared_at + AFTER_SHARING)
    day = visit.school.today(min(ends))
    return Vanishing(day, max((day - today).days, 0))
