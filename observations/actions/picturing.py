"""The end of a round: what the group may read is kept, and every single answer is deleted, in one transaction."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cards.models import Behaviour
from observations import picture, queries
from observations.models import Elector, Remark, ScanAnswer, ScanReading, SelfScan, Snapshot
from observations.models.selfscan import ScanState, ScanWay
from schools.refusals import Refused


class ScanOver(Refused):
    """The round is no longer in a state from which this goes."""

    message = _("Somebody was ahead of you: this self-scan has moved on. Look at how it stands now.")
    code = "scan_moved_on"


def held(scan: SelfScan) -> SelfScan:
    """The round as it is now, its row kept for this transaction: answers and closing go one after the other."""
    rows = SelfScan.objects.select_for_update(of=("self",)).select_related("group", "school")
    return rows.get(pk=scan.pk)


def turn(scan: SelfScan, *, since: tuple[ScanState, ...], to: ScanState, **changes: Any) -> None:
    """Bring the round from one of the old states to the new one; raises ScanOver for any other jump."""
    if not SelfScan.objects.filter(pk=scan.pk, state__in=since).update(state=to, **changes):
        raise ScanOver
    scan.state = to
    for name, value in changes.items():
        setattr(scan, name, value)


def is_complete(scan: SelfScan, covered: Sequence[Behaviour], *, today: dt.date) -> bool:
    """Whether nobody is missing: together every line has its answer, sealed every elector sits and is done.

    Once somebody left, a sealed round waits for its time: closing sooner would tell that this one answer was missing.
    """
    if scan.way == ScanWay.TOGETHER:
        return _given(scan, covered).filter(user__isnull=True).count() == len(covered)
    return scan.electors.count() == len(queries.full_voices(scan, covered, today=today))


def finish(scan: SelfScan, covered: Sequence[Behaviour], *, today: dt.date) -> None:
    """Close the round: with a picture if there are enough full answers, else without.

    Only full answers count, of people who still have a seat: so the picture is of the same voices on every line.
    """
    if scan.way == ScanWay.TOGETHER:
        turn(scan, since=(ScanState.OPEN,), to=ScanState.REVEALED, closed_on=today)
        _picture(scan, covered, list(_given(scan, covered)), respondents=None)
    else:
        full = queries.full_voices(scan, covered, today=today)
        if len(full) < picture.ENOUGH:
            let_go(scan, today=today)
            return
        turn(scan, since=(ScanState.OPEN,), to=ScanState.CLOSED, closed_on=today)
        _picture(scan, covered, list(_given(scan, covered).filter(user__in=full)), respondents=len(full))
    _forget(scan)


def let_go(scan: SelfScan, *, today: dt.date) -> None:
    """Void the round: no answer, no remark and no picture stays."""
    turn(scan, since=queries.UNDER_WAY, to=ScanState.VOID, closed_on=today)
    Snapshot.objects.filter(scan=scan).delete()
    _forget(scan)


def _given(scan: SelfScan, covered: Sequence[Behaviour]) -> QuerySet[ScanAnswer]:
    return ScanAnswer.objects.filter(scan=scan, behaviour__in=covered)


def _forget(scan: SelfScan) -> None:
    ScanAnswer.objects.filter(scan=scan).delete()
    Elector.objects.filter(scan=scan).delete()


def _picture(
    scan: SelfScan, covered: Sequence[Behaviour], given: Sequence[ScanAnswer], *, respondents: int | None
) -> None:
    owner = {"school_id": scan.school_id, "group_id": scan.group_id}
    snapshot = Snapshot.objects.create(**owner, scan=scan, respondents=respondents)
    ScanReading.objects.bulk_create(
        ScanReading(
            **owner,
            snapshot=snapshot,
            behaviour=line,
            is_sealed=respondents is not None,
            halves=reading.halves,
            spread=reading.spread,
        )
        for line, reading in zip(covered, _readings(covered, given, is_sealed=respondents is not None), strict=True)
    )
    remarks = [(answer.behaviour_id, answer.manner) for answer in given if answer.manner]
    secrets.SystemRandom().shuffle(remarks)
    Remark.objects.bulk_create(
        Remark(**owner, snapshot=snapshot, behaviour_id=behaviour_id, text=text) for behaviour_id, text in remarks
    )


def _readings(covered: Sequence[Behaviour], given: Sequence[ScanAnswer], *, is_sealed: bool) -> list[picture.Reading]:
    degrees: dict[int, list[int | None]] = {line.pk: [] for line in covered}
    for answer in given:
        degrees[answer.behaviour_id].append(answer.degree)
    if is_sealed:
        return [picture.sealed(said) for said in degrees.values()]
    return [picture.together(*said) for said in degrees.values()]
