"""The letters about visits and feedback: still wanted? then rendered, once per visit and language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from observations import queries
from observations.choices import LetterKind
from observations.models import Visit
from observations.models.visit import VisitState
from schools import post
from schools.models import Delivery
from workgroups import queries as work

_TO_VISITOR = LetterKind.ANSWERED
_FOR_GOOD = (VisitState.SHARED, VisitState.CLOSED)


def register() -> None:
    """Tell the post of these letters."""
    for kind in LetterKind:
        post.register(kind.value, prepare)


def prepare(deliveries: Sequence[Delivery], now: dt.datetime) -> Mapping[int, post.Letter | post.Dropped]:
    """A letter, or why it is not wanted any more, per delivery. Three queries, whatever the number."""
    visits = queries.visits_by_id({row.subject_id for row in deliveries})
    seats = work.seats_in({visit.group_id for visit in visits.values()}, today=timezone.localdate(now))

    @cache
    def letter(kind: str, visit_id: int, language: str) -> post.Letter:
        visit = visits[visit_id]
        return post.compose(f"letters/{kind}", _words(visit, kind), language=language, zone=visit.school.zone)

    answers: dict[int, post.Letter | post.Dropped] = {}
    for row in deliveries:
        visit = visits.get(row.subject_id)
        objection = _objection(row, visit, seats)
        language = (row.user.language if row.user else "") or row.school.language
        answers[row.pk] = post.Dropped(objection) if objection else letter(row.kind, row.subject_id, language)
    return answers


def _objection(row: Delivery, visit: Visit | None, seats: frozenset[tuple[int, int]]) -> str:
    """Why this letter is not wanted any more, or nothing."""
    if visit is None:
        return "visit gone"
    is_news = visit.state in _FOR_GOOD if row.kind == LetterKind.FEEDBACK else visit.version == row.version
    if not is_news:
        return "visit went on"
    if row.kind != _TO_VISITOR and (visit.group_id, row.user_id) not in seats:
        return "left the group"
    return ""


def _words(visit: Visit, kind: str) -> dict[str, object]:
    path = reverse("observations:visit", args=[visit.school.slug, visit.pk])
    return {
        "visit": visit,
        "group": visit.group,
        "meeting": visit.meeting,
        "for_visitor": kind == _TO_VISITOR,
        "address": settings.PUBLIC_URL + path,
    }
