"""Letters of a restored database: what may have left before is held until somebody looked, and never sent by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import NamedTuple

from django.db.models import Count, F, Max, Min, Q, QuerySet, Value
from django.db.models.functions import Greatest

from schools import tenancy
from schools.models import Delivery
from schools.models.post import DeliveryState

# Why a letter is held: while a database is being restored every letter of it is; afterwards those that may have left.
RESTORING, RESTORED = "restoring", "restored"
_TO_DO = Q(state__in=[DeliveryState.WAITING, DeliveryState.LEASED])


class HeldPile(NamedTuple):
    """Letters of one kind and one school that are held: how many, due from when to when, of use until when at most.

    None: for ever.
    """

    kind: str
    school: str
    letters: int
    first_due: dt.datetime
    last_due: dt.datetime
    of_use_until: dt.datetime | None


def settle(*, now: dt.datetime) -> int:
    """After all that the clock brings was done once: what lies ahead waits as before, the rest is held. Five queries.

    What waits by now was written down after the restore, of what happened before it: so it may have left too. Returns
    how many letters are held. They count as tried, so that whoever may have had one hears of every change.
    """
    tenancy.inside()
    _hold(Delivery.objects.filter(_TO_DO))
    set_aside = Delivery.objects.filter(state=DeliveryState.HELD, reason=RESTORING)
    ahead = set_aside.filter(due_at__gt=now, attempts=0, doubts=0)
    ahead.update(state=DeliveryState.WAITING, reason="", next_try_at=F("due_at"))
    _hold(set_aside)
    end_useless(now=now)
    return Delivery.objects.filter(state=DeliveryState.HELD).count()


def end_useless(*, now: dt.datetime) -> int:
    """What was held until it lost its use is never sent; returns how many letters. One query."""
    over = Delivery.objects.filter(state=DeliveryState.HELD, expires_at__lte=now)
    return over.update(state=DeliveryState.DROPPED, reason=RESTORED)


def held() -> list[HeldPile]:
    """What is held, by kind and school. One query."""
    tenancy.inside()
    rows = Delivery.objects.filter(state=DeliveryState.HELD).values_list("kind", "school__slug")
    counted = rows.annotate(Count("pk"), Min("due_at"), Max("due_at"), Max("expires_at"))
    return [HeldPile(*row) for row in counted.order_by("kind", "school__slug")]


def release(*, kinds: Collection[str], schools: Collection[str], now: dt.datetime) -> int:
    """Send what is held after all, of these kinds and schools (none: all of them); returns how many. One query.

    Each is checked once more before it leaves, as every letter is.
    """
    rows = _chosen(kinds, schools)
    return rows.update(state=DeliveryState.WAITING, reason="", next_try_at=now)


def let_go(*, kinds: Collection[str], schools: Collection[str]) -> int:
    """Never send what is held, of these kinds and schools (none: all of them); returns how many. One query."""
    return _chosen(kinds, schools).update(state=DeliveryState.DROPPED, reason=RESTORED)


def _chosen(kinds: Collection[str], schools: Collection[str]) -> QuerySet[Delivery]:
    tenancy.inside()
    rows = Delivery.objects.filter(state=DeliveryState.HELD)
    rows = rows.filter(kind__in=kinds) if kinds else rows
    return rows.filter(school__slug__in=schools) if schools else rows


def _hold(rows: QuerySet[Delivery]) -> None:
    tried = Greatest("attempts", Value(1))
    rows.update(state=DeliveryState.HELD, reason=RESTORED, attempts=tried, lease=None, leased_until=None)
