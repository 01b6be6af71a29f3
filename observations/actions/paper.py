"""A self-scan that the group filled in together on paper, taken over at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import transaction

from cards.models import Aspect
from observations import queries
from observations.actions import scan as scans
from observations.models import SelfScan
from observations.models.selfscan import ScanWay
from observations.queries import Answer
from schools.roles import Member
from workgroups.models import WorkGroup


@transaction.atomic
def enter_scan(
    *, group: WorkGroup, aspect: Aspect | None, answers: Mapping[int, Answer], by: Member, now: dt.datetime
) -> SelfScan:
    """Answer a whole round together, on one aspect or on all six (None): it is opened, answered and revealed at once.

    ``answers`` is per behaviour id. A round of the same kind that the group already answers together goes on.
    Raises ScanUnderWay where another one is under way, and what open_scan and answer_scan raise; PermissionDenied
    unless the member has a seat.
    """
    scan = queries.scan_on_paper(group, aspect) or scans.open_scan(
        group=group, aspect=aspect, way=ScanWay.TOGETHER, closes_at=None, by=by, now=now
    )
    lines = queries.behaviours_of(scan)
    if set(answers) - {line.pk for line in lines}:
        raise scans.DegreesMissing
    for one in dict.fromkeys(line.aspect for line in lines):
        mine = {line.pk: answers[line.pk] for line in lines if line.aspect == one and line.pk in answers}
        scan = scans.answer_scan(scan=scan, aspect=one, answers=mine, by=by, now=now)
    return scan
