"""What a visitor's device needs at hand where there is no network."""

from __future__ import annotations

import datetime as dt

from observations.models import Visit
from workgroups.models import Seat


def names_at_table(visit: Visit, *, today: dt.date) -> list[str]:
    """What the people with a seat in the visited group are called: given names and nicknames, sorted, each once.

    A hint for the device alone; before sharing the server asks about everybody in the school (C13). One query.
    """
    rows = Seat.objects.live(today).filter(group_id=visit.group_id)
    called = rows.values_list("user__given_name", "user__nickname")
    return sorted({name.strip() for names in called for name in names if name.strip()})
