"""Writing letters down, and taking them back while they wait."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from contextlib import AbstractContextManager

from django.db import transaction

from schools import tenancy
from schools.models import Delivery
from schools.models.post import DeliveryState


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
    sent stays as it is; one that was dropped waits again. Call it in the transaction of the letter's cause. Two
    queries, whatever the number of people.
    """
    if expires_at <= now:
        return
    keys = {f"{kind}:{subject_id}:{version}:{user_id}:mail": user_id for user_id in sorted(set(user_ids))}
    times = {"due_at": due_at, "next_try_at": due_at, "expires_at": expires_at}
    Delivery.objects.filter(key__in=keys, state=DeliveryState.DROPPED).update(
        state=DeliveryState.WAITING, reason="", attempts=0, doubts=0, **times
    )
    about = {"kind": kind, "subject_id": subject_id, "version": version, "school_id": school_id}
    Delivery.objects.bulk_create(
        [Delivery(key=key, user_id=user_id, **about, **times) for key, user_id in keys.items()],
        ignore_conflicts=True,
    )


def drop(*, kind: str, subject_id: int, version_below: int | None = None, reason: str) -> int:
    """Take back the letters of this kind about this subject that still wait; returns how many. One query.

    Those on their way are checked once more before they leave, or have left.
    """
    rows = Delivery.objects.filter(kind=kind, subject_id=subject_id, state=DeliveryState.WAITING)
    if version_below is not None:
        rows = rows.filter(version__lt=version_below)
    return rows.update(state=DeliveryState.DROPPED, reason=reason)
