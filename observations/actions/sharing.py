"""Giving back: to the whole group, in pairs, without names (C9-C13); and what the group shows its school leader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from observations import permissions, profile, queries
from observations.actions import steps, telling
from observations.actions.observation import ELSEWHERE, AlreadyShared
from observations.choices import LetterKind
from observations.models import AspectReading, Observation, SelfScan, ShareDecision, Visit
from observations.models.selfscan import ScanState
from observations.models.visit import VisitState
from schools.refusals import Conflict, Refused
from schools.roles import Member
from workgroups.actions import standing
from workgroups.models import WorkGroup

GUEST_AFTER_SHARING = dt.timedelta(days=30)


class NothingToShare(Refused):
    """At least one pair (C9)."""

    message = _("Write at least one pair: a strong point and an improvement point.")
    field = "pairs"
    code = "nothing_to_share"


class NotRevealed(Refused):
    """A group shows what it has seen itself."""

    message = _("Look at the picture together first.")
    code = "not_revealed"


class NamesSomebody(Refused):
    """Feedback is for the group, without names (C13); ``asked`` waits for answers, first the one at ``field``."""

    code = "names_somebody"

    def __init__(self, asked: Sequence[queries.Asked]) -> None:
        """Name the first one; the page and the API show them all."""
        self.asked = tuple(asked)
        sentence = _("“%s” may be somebody here. Feedback is for everybody together, so write it without names.")
        super().__init__(sentence % asked[0].flag.text, field=asked[0].field)


@transaction.atomic
def share_feedback(
    *,
    observation: Observation,
    version: int | None = None,
    no_person: frozenset[str] = frozenset(),
    by: Member,
    now: dt.datetime,
) -> Visit:
    """Share the pairs with the whole group; from then on they stay as they are.

    ``version`` is the one that the visitor looked at, None where nobody looked: what another device changed since
    is not shared unseen. ``no_person`` are words, as they were written, of which the visitor said that they name nobody
    there; every other name of the group and the school makes it wait, and no answer is kept. The marks become one
    reading per aspect (mean to the nearest half; no mark is a gap), and the visitor stays the group's guest for 30
    days. Raises NothingToShare (C9), NamesSomebody (C13), Conflict, AlreadyShared, NotPossibleNow; PermissionDenied
    for all but the visitor.
    """
    visit = Visit.objects.select_related("school", "meeting").get(pk=observation.visit_id)
    permissions.demand(permissions.may_log_observation(by, visit))
    steps.hold(visit)
    if visit.state in (VisitState.SHARED, VisitState.CLOSED):
        raise AlreadyShared
    pairs = queries.pairs_of(observation)
    today = by.school.today(now)
    if visit.state == VisitState.NOTING:
        if not pairs:
            raise NothingToShare
        if version is not None and not Observation.objects.filter(pk=observation.pk, version=version).exists():
            raise Conflict(ELSEWHERE)
        asked = queries.names_asked(visit, pairs, today=today)
        if waiting := [one for one in asked if one.flag.text not in no_person]:
            raise NamesSomebody(waiting)
    steps.step(visit, since=(VisitState.NOTING,), to=VisitState.SHARED, shared_at=now)
    _keep_readings(observation)
    steps.see_out(visit, on=today + GUEST_AFTER_SHARING)
    telling.tell_group(visit, LetterKind.FEEDBACK, now=now)
    return visit


def _keep_readings(observation: Observation) -> None:
    """One reading for each aspect of the deck, gaps too."""
    degrees: dict[str, list[int | None]] = {}
    for key, degree in observation.marks.values_list("behaviour__aspect__key", "degree"):
        degrees.setdefault(key, []).append(degree)
    AspectReading.objects.bulk_create(
        AspectReading(
            school_id=observation.school_id,
            group_id=observation.group_id,
            visit_id=observation.visit_id,
            aspect=aspect,
            halves=profile.halves_of(degrees.get(key, ())),
        )
        for key, aspect in queries.aspects_in_use(observation).items()
    )


@transaction.atomic
def decide_sharing(
    *, group: WorkGroup, shares: bool, scan: SelfScan | None = None, by: Member, now: dt.datetime
) -> None:
    """Decide whether the leader reads the group's profile, or one revealed round of the own mirror with it.

    The chair opens, any member takes back. Who opens a round opens the profile with it; who takes the profile back
    takes back every round, so that no later yes brings back what somebody closed. Who decided is not kept, only the
    day. Raises PermissionDenied for others, NotRevealed, and GroupEnded where a group that ended would open something;
    taking back goes always.
    """
    permissions.demand(permissions.may_decide_sharing(by, group, shares=shares))
    (standing.locked if shares else standing.held)(group.pk)
    if scan and not _is_revealed(scan, group):
        raise NotRevealed
    decided = queries.decisions_of(group)
    ShareDecision.objects.bulk_create(
        ShareDecision(
            school_id=group.school_id,
            group=group,
            scan_id=scan_id,
            decided_on=by.school.today(now),
            shares=shares,
        )
        for scan_id in _touched(shares=shares, scan=scan)
        if decided.get(scan_id, False if scan_id is None else None) is not shares
    )


def _touched(*, shares: bool, scan: SelfScan | None) -> list[int | None]:
    """What one press is about: the whole (None), a round, or both."""
    if scan is None:
        return [None]
    return [None, scan.pk] if shares else [scan.pk]


def _is_revealed(scan: SelfScan, group: WorkGroup) -> bool:
    return SelfScan.objects.filter(pk=scan.pk, group=group, state=ScanState.REVEALED).exists()
