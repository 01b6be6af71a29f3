"""The clock of a guided start: it stops when the group pauses, and when it takes another card."""

from __future__ import annotations

import datetime as dt

from django.db.models import F

from workgroups import queries
from workgroups.models import GuidedStart
from workgroups.models.start import StartState


def stop(period_id: int, *, now: dt.datetime) -> bool:
    """Pause the start of this period if it runs; whether it did. The caller has locked the group."""
    rows = GuidedStart.objects.filter(period=period_id, state=StartState.RUNNING)
    running = rows.first()
    if running is None:
        return False
    spent = queries.clock_of(running, now=now).seconds
    stopped = {"state": StartState.PAUSED, "spent": spent, "running_since": None}
    return bool(rows.update(**stopped, version=F("version") + 1))
