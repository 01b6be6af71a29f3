"""Writing letters down, and taking them back while they wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from contextlib import AbstractContextManager

from django.db import transaction
from django.db.models import DateTimeField, Value
from django.db.models.functions import Greatest

from schools import tenancy
from schools.models import Delivery
from schools.models.post import DeliveryState

# The reason of letters that people took back on purpose: only ``send_after_all`` sends them.
TAKEN_BACK = "taken back"


def open_ledger() -> AbstractContextManager[None]:
    """The one door of the post to the letters of all schools."""
    return tenancy.acting_for_system("post")


@transaction.atomic
def write_down(
    *,
    kind: str,
    subject_id: int,
    version: int,
    school_id: int,
    user_ids: Iterable[int],
    due_at: dt.datetime,
    expires_at: dt.datetime,
    now: dt.datetime,
) -> None:
    """Write one letter down for each of these people, unless it would have expired already.

    The same letter (kind, subject, version, person) is never written twice: one that waits, is on its way or was
    sent stays as it is; one that was dropped waits again, unless people took it back (TAKEN_BACK). Call it in the
    transaction of the letter's cause. Two queries, whatever the number of people.
    """
    if expires_at <= now:
        return
    keys = {f"{kind}:{subject_id}:{version}:{user_id}:mail": user_id for user_id in sorted(set(user_ids))}
    times = {"due_at": due_at, "next_try_at": due_at, "expires_at": expires_at}
    Delivery.objects.filter(key__in=keys, state=DeliveryState.DROPPED).exclude(reason=TAKEN_BACK).update(
        state=DeliveryState.WAITING, reason="", attempts=0, doubts=0, **times
    )
    about = {"kind": kind, "subject_id": subject_id, "version": version, "school_id": school_id}
    Delivery.objects.bulk_create(
        [Delivery(key=key, user_id=user_id, **about, **times) for key, user_id in keys.items()],
        ignore_conflicts=True,
    )


def drop(
    *,
    kinds: Collection[str],
    subject_ids: Collection[int],
    user_ids: Collection[int] | None = None,
    version_below: int | None = None,
    reason: str,
) -> int:
    """Take back the letters of these kinds about these subjects that still wait; returns how many. One query.

    With ``user_ids`` only these people's. Those on their way are checked once more before they leave, or have left.
    What is dropped waits again as soon as it is written down again, save with the reason TAKEN_BACK.
    """
    rows = Delivery.objects.filter(kind__in=kinds, subject_id__in=subject_ids, state=DeliveryState.WAITING)
    if user_ids is not None:
        rows = rows.filter(user_id__in=user_ids)
    if version_below is not None:
        rows = rows.filter(version__lt=version_below)
    return rows.update(state=DeliveryState.DROPPED, reason=reason)


def send_after_all(*, kinds: Collection[str], subject_ids: Collection[int], now: dt.datetime) -> int:
    """What people took back waits again, and leaves at once where its time is past; returns how many. One query."""
    rows = Delivery.objects.filter(kind__in=kinds, subject_id__in=subject_ids, expires_at__gt=now)
    time = Greatest("due_at", Value(now), output_field=DateTimeField())
    return rows.filter(state=DeliveryState.DROPPED, reason=TAKEN_BACK).update(
        state=DeliveryState.WAITING, reason="", attempts=0, doubts=0, due_at=time, next_try_at=time
    )
