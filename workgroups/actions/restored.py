"""A database was put back from a copy: what calendars know of meetings that it does not."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from schools import tenancy
from workgroups.models import Meeting

_FIRST = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@transaction.atomic
def count_on_in_calendars(*, now: dt.datetime) -> int:
    """Count the changes of every meeting on from higher than any calendar can have heard; returns how many meetings.

    A meeting may have moved after the copy was made: calendars pass over every number that is not higher than the one
    they know. Minutes count up also where the same copy is put back twice.
    """
    tenancy.inside()
    return Meeting.objects.update(calendar_from=int((now - _FIRST).total_seconds()) // 60)
