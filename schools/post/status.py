"""How the post stands, in numbers: what waits, what is late and why, what became of the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from schools import tenancy
from schools.models import Delivery
from schools.models.post import DeliveryState
from schools.post import claim, heart

_TO_DO = Q(state__in=[DeliveryState.WAITING, DeliveryState.LEASED])


@dataclass(frozen=True)
class Queue:
    """What is not at its end: how many letters, how many are late by what the last try met, and the oldest of these."""

    waiting: int
    late: Mapping[str, int]
    oldest_late: dt.datetime | None


@dataclass(frozen=True)
class Status:
    """The post at one moment. Counts of letters; ``sent``, ``failed`` and ``dropped`` of those due since ``since``.

    ``late`` letters are ten minutes past their time and not at their end, by what the last try met (empty: no try).
    ``held`` letters of a restored database wait until somebody decides (schools.post.restored). ``silence`` is how long
    ago a round last ended; None when that is not known.
    """

    now: dt.datetime
    since: dt.datetime
    silence: dt.timedelta | None
    waiting: int
    oldest_late: dt.datetime | None
    late: Mapping[str, int]
    held: int
    sent: int
    failed: Mapping[str, int]
    dropped: Mapping[str, int]

    @property
    def stands_still(self) -> bool:
        """Whether no round ended within the last three minutes."""
        return heart.is_too_long(self.silence)

    @property
    def is_well(self) -> bool:
        """Whether rounds are made, nothing is late and nothing waits for somebody to decide."""
        return not self.late and not self.held and not self.stands_still


def queue(*, now: dt.datetime) -> Queue:
    """What waits at ``now``, and of that what is ten minutes late. Three queries, all by the index of what waits."""
    tenancy.inside()
    to_do = Delivery.objects.filter(_TO_DO)
    late = to_do.filter(due_at__lte=now - claim.LATE)
    reasons = late.values_list("reason").annotate(letters=Count("pk")).order_by("-letters", "reason")
    return Queue(to_do.count(), dict(reasons), late.aggregate(oldest=Min("due_at"))["oldest"])


def status(*, now: dt.datetime, since: dt.datetime) -> Status:
    """How the post stands at ``now``, with the ends of letters that were due at ``since`` or later. Five queries."""
    waits = queue(now=now)
    ends = Delivery.objects.exclude(_TO_DO).filter(due_at__gte=since)
    counted = ends.values_list("state", "reason").annotate(letters=Count("pk")).order_by("state", "-letters", "reason")
    by_state: dict[str, dict[str, int]] = {state: {} for state in DeliveryState.values}
    for state, reason, letters in counted:
        by_state[state][reason] = letters
    return Status(
        now=now,
        since=since,
        silence=heart.silence(now),
        waiting=waits.waiting,
        oldest_late=waits.oldest_late,
        late=waits.late,
        held=Delivery.objects.filter(state=DeliveryState.HELD).count(),
        sent=sum(by_state[DeliveryState.SENT].values()),
        failed=by_state[DeliveryState.FAILED],
        dropped=by_state[DeliveryState.DROPPED],
    )
