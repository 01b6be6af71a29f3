"""Letters whose time is long past: who they went to is forgotten, and later that they ever were."""

from __future__ import annotations

import datetime as dt

from django.db.models import Case, CharField, QuerySet, Value, When
from django.db.models.functions import Cast, Concat

from schools.models import Delivery
from schools.models.post import DeliveryState

_ENDS = [DeliveryState.SENT, DeliveryState.FAILED, DeliveryState.DROPPED]
_NAMELESS = Concat(Value("gone:"), Cast("pk", CharField()))
_UNSIGNED = Case(When(message_id="", then=Value("")), default=Value("gone"))


def over(moment: dt.datetime) -> QuerySet[Delivery]:
    """The letters that came to their end and were of no use any more at this moment."""
    return Delivery.objects.filter(state__in=_ENDS, expires_at__lte=moment)


def forget_recipients(rows: QuerySet[Delivery]) -> int:
    """Keep of these letters only what became of them: no person, and no number by which one is found. One query."""
    return rows.update(user=None, key=_NAMELESS, message_id=_UNSIGNED)
