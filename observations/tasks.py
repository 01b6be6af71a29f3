"""What the clock does for the mirrors."""

from __future__ import annotations

import datetime as dt
from typing import Protocol

from celery import shared_task
from django.utils import timezone

from observations import actions
from schools import tenancy


class _Round(Protocol):
    def __call__(self, *, now: dt.datetime) -> int: ...


def _make(action: _Round, reason: str) -> None:
    with tenancy.acting_for_system(reason):
        action(now=timezone.now())


@shared_task(name="observations.close_due_pulses")
def close_due_pulses() -> None:
    """Close pulses whose time has come."""
    _make(actions.close_due_pulses, "close pulses")


@shared_task(name="observations.close_due_scans")
def close_due_scans() -> None:
    """Close sealed self-scans whose time has come."""
    _make(actions.close_due_scans, "close scans")
