"""A self-scan that the group filled in together on paper, taken over at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction

from cards.models import Aspect, Behaviour
from observations import permissions, queries
from observations.actions import picturing, scan as scans, versions
from observations.models import SelfScan
from observations.models.selfscan import ScanState, ScanWay
from observations.queries import Answer
from schools.roles import Member
from workgroups.models import WorkGroup


@transaction.atomic
def enter_scan(
    *,
    group: WorkGroup,
    aspect: Aspect | None,
    answers: Mapping[int, Answer],
    version: int | None = None,
    by: Member,
    now: dt.datetime,
) -> SelfScan:
    """Answer a whole round together, on one aspect or on all six (None): it is opened, answered and revealed at once.

    ``answers`` is per behaviour id. A round of the same kind that the group already answers together goes on.
    ``version`` is the fingerprint of its answers that were read, None replaces them whatever they say.
    Raises Conflict with what was saved since, ScanUnderWay where another one is under way, and what open_scan and
    answer_scan raise; PermissionDenied unless the member has a seat.
    """
    permissions.demand(permissions.may_open_scan(by, group))
    scan = queries.scan_on_paper(group, aspect) or scans.open_scan(
        group=group, aspect=aspect, way=ScanWay.TOGETHER, closes_at=None, by=by, now=now
    )
    lines = queries.behaviours_of(scan)
    if set(answers) - {line.pk for line in lines}:
        raise scans.DegreesMissing
    if picturing.held(scan).state != ScanState.OPEN:
        raise picturing.ScanOver
    versions.must_have_read(scan, lines, answers, version=version, by=by)
    for one in _the_open_ones_last(scan, lines, by=by):
        mine = {line.pk: answers[line.pk] for line in lines if line.aspect == one and line.pk in answers}
        scan = scans.answer_scan(scan=scan, aspect=one, answers=mine, by=by, now=now)
    return scan


def _the_open_ones_last(scan: SelfScan, lines: Sequence[Behaviour], *, by: Member) -> list[Aspect]:
    """The cards of the round; what has no answers yet comes last, since the round ends with the last missing one."""
    given = queries.own_answers(scan, by)
    missing = {line.aspect for line in lines if line.pk not in given}
    return sorted(dict.fromkeys(line.aspect for line in lines), key=lambda one: one in missing)
