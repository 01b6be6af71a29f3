"""The letters about visits, feedback and self-scans: still wanted? then rendered, once per subject and language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import cache

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from observations import queries
from observations.actions import rescheduling
from observations.choices import SCAN_OPENED, LetterKind
from observations.models import SelfScan, Visit
from observations.models.selfscan import ScanState
from observations.models.visit import VisitState
from schools import post
from schools.models import Delivery
from workgroups import queries as work
from workgroups.actions import notices
from workgroups.models.group import GroupState
from workgroups.models.meeting import MeetingState

VISITS, FEEDBACK, SCAN = "visits", "feedback", "scan"
_TO_VISITOR = (LetterKind.ANSWERED, LetterKind.MEETING)
_WITH_SORT = [kind for kind in LetterKind if kind != LetterKind.MEETING]
_COMING = (VisitState.PROPOSED, VisitState.ACCEPTED)
_FOR_GOOD = (VisitState.SHARED, VisitState.CLOSED)
_Seats = Mapping[tuple[int, int], work.Held]


def register() -> None:
    """Tell the post of these letters, and the floor below that a meeting's visitors hear of its changes."""
    post.register_sort(VISITS, title=_("Visits"), help=_("Who wants to listen along, and what comes of it."))
    post.register_sort(FEEDBACK, title=_("Feedback is there"), help=_("Only that it is there, not what it says."))
    post.register_sort(
        SCAN,
        title=_("A self-scan is open"),
        help=_("Once, when each of you answers alone. It never looks at who has answered."),
    )
    for kind in _WITH_SORT:
        sort = FEEDBACK if kind == LetterKind.FEEDBACK else VISITS
        post.register(kind.value, prepare, sort=sort, digest="later")
    # As "moved" it belongs to no sort: whoever means to come to a meeting always hears that it changed.
    post.register(LetterKind.MEETING.value, prepare)
    notices.also_tell(rescheduling.tell)
    post.register(SCAN_OPENED, prepare_scans, sort=SCAN, digest="later")


def prepare(deliveries: Sequence[Delivery], now: dt.datetime) -> Mapping[int, post.Letter | post.Dropped]:
    """A letter about a visit, or why it is not wanted any more, per delivery. Two queries, whatever the number."""
    visits = queries.visits_by_id({row.subject_id for row in deliveries})
    seats = work.seats_in({visit.group_id for visit in visits.values()}, now=now)

    @cache
    def letter(kind: str, visit_id: int, language: str) -> post.Letter:
        visit = visits[visit_id]
        return post.compose(f"letters/{kind}", _words(visit, kind, now), language=language, zone=visit.school.zone)

    answers: dict[int, post.Letter | post.Dropped] = {}
    for row in deliveries:
        visit = visits.get(row.subject_id)
        objection = _objection(row, visit, seats, now)
        answers[row.pk] = post.Dropped(objection) if objection else letter(row.kind, row.subject_id, _language(row))
    return answers


def prepare_scans(deliveries: Sequence[Delivery], now: dt.datetime) -> Mapping[int, post.Letter | post.Dropped]:
    """The letter about an open self-scan, or why it is not wanted any more, per delivery. Two queries.

    Nothing in it, and nothing that drops it, looks at who answered.
    """
    scans = queries.scans_by_id({row.subject_id for row in deliveries})
    seats = work.seats_in({scan.group_id for scan in scans.values()}, now=now)

    @cache
    def letter(scan_id: int, language: str) -> post.Letter:
        scan = scans[scan_id]
        path = reverse("observations:scan", args=[scan.school.slug, scan.pk])
        words = {"scan": scan, "group": scan.group, "address": settings.PUBLIC_URL + path}
        return post.compose(f"letters/{SCAN_OPENED}", words, language=language, zone=scan.school.zone)

    answers: dict[int, post.Letter | post.Dropped] = {}
    for row in deliveries:
        objection = _scan_objection(row, scans.get(row.subject_id), seats)
        answers[row.pk] = post.Dropped(objection) if objection else letter(row.subject_id, _language(row))
    return answers


def _objection(row: Delivery, visit: Visit | None, seats: _Seats, now: dt.datetime) -> str:
    """Why this letter is not wanted any more, or nothing."""
    if visit is None:
        return "visit gone"
    if row.kind == LetterKind.MEETING:
        return _stale(row, visit)
    is_news = visit.state in _FOR_GOOD if row.kind == LetterKind.FEEDBACK else visit.version == row.version
    if not is_news:
        return "visit went on"
    if row.kind not in _TO_VISITOR and (visit.group_id, row.user_id) not in seats:
        return "left the group"
    return "" if _stands(row.kind, visit, now) else "the meeting changed"


def _stands(kind: str, visit: Visit, now: dt.datetime) -> bool:
    """Whether the meeting of a proposal still comes, and a yes is to the time that it has now."""
    comes = visit.meeting.starts_at > now and visit.meeting.state == MeetingState.PLANNED
    if kind == LetterKind.PROPOSED and not comes:
        return False
    return not visit.is_called_off and not (kind in _TO_VISITOR and visit.needs_new_yes)


def _stale(row: Delivery, visit: Visit) -> str:
    """The same for a letter to a visitor about what became of the meeting."""
    stands = visit.meeting.state in (MeetingState.PLANNED, MeetingState.CANCELLED)
    if not stands or visit.meeting.schedule_version != row.version:
        return "the meeting changed"
    return "" if visit.state in _COMING else "visit went on"


def _scan_objection(row: Delivery, scan: SelfScan | None, seats: _Seats) -> str:
    """The same for a letter about a self-scan."""
    if scan is None:
        return "the self-scan is gone"
    checks = (
        (scan.state == ScanState.OPEN, "the self-scan is over"),
        (scan.group.state == GroupState.ACTIVE, "the group has ended"),
        ((scan.group_id, row.user_id) in seats, "left the group"),
    )
    return next((reason for holds, reason in checks if not holds), "")


def _language(row: Delivery) -> str:
    return (row.user.language if row.user else "") or row.school.language


def _words(visit: Visit, kind: str, now: dt.datetime) -> dict[str, object]:
    path = reverse("observations:visit", args=[visit.school.slug, visit.pk])
    return {
        "visit": visit,
        "group": visit.group,
        "meeting": visit.meeting,
        "is_ahead": visit.meeting.starts_at > now and visit.meeting.state == MeetingState.PLANNED,
        "is_off": visit.is_called_off,
        "has_moved": visit.accepted_for not in (None, visit.meeting.starts_at),
        "for_visitor": kind in _TO_VISITOR,
        "days_late": queries.days_late(visit),
        "address": settings.PUBLIC_URL + path,
    }
