"""What became of a letter, written into its row: only while the lease is still ours."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection
from django.db.models import F

from schools.models import Delivery
from schools.models.post import DeliveryState
from schools.post import ledger, watch

BACK_OFF = (1, 5, 15, 30, 60)  # minutes until the next try, each a little more or less
_SPREAD = 0.2
_JUST_BEFORE = dt.timedelta(minutes=1)
_UNHELD: dict[str, Any] = {"lease": None, "leased_until": None}

# By far the most frequent note, and nearly all of what one costs is the making of the statement and the waiting.
_SENT = """
UPDATE schools_delivery
   SET state = 'sent', sent_at = '{at}', reason = '', lease = NULL, leased_until = NULL
 WHERE state = 'leased' AND ({mine})"""


def sent(rows: Sequence[Delivery], *, at: dt.datetime) -> int:
    """The mail server took each of them; returns how many were still ours. It opens the ledger by itself."""
    if not rows:
        return 0
    statement = _SENT.format(
        at=connection.ops.adapt_datetimefield_value(at),
        mine=" OR ".join(f"lease = '{_held(lease)}' AND id IN ({_listed(ids)})" for lease, ids in _by_lease(rows)),
    )
    noted = ledger.change_ledger(statement)
    _tell_of_sent(rows, at)
    return noted


def sent_as_one(rows: Sequence[Delivery], *, at: dt.datetime) -> int:
    """The mail server took them as one message, with the number of the first; returns how many were still ours."""
    number = rows[0].message_id
    noted = _write(rows, state=DeliveryState.SENT, sent_at=at, reason="", message_id=number, **_UNHELD)
    _tell_of_sent(rows, at)
    return noted


def dropped(rows: Iterable[Delivery], *, reason: str) -> int:
    """They are not wanted any more; they were claimed, but not tried."""
    reason = _short(reason)
    noted = _write(rows, state=DeliveryState.DROPPED, reason=reason, attempts=F("attempts") - 1, **_UNHELD)
    watch.tell(DeliveryState.DROPPED, reason, [0.0] * noted)
    return noted


def failed(row: Delivery, *, reason: str) -> None:
    """It cannot be delivered; nobody tries again."""
    reason = _short(reason)
    noted = _write([row], state=DeliveryState.FAILED, reason=reason, **_UNHELD)
    watch.tell(DeliveryState.FAILED, reason, [0.0] * noted)


def postponed(row: Delivery, *, now: dt.datetime, reason: str) -> bool:
    """Another try later, but never past its expiry; False when there is no time left and it has failed.

    A try that comes to its end is no reason to give up, however many there were: the count stays where the pauses end.
    """
    again = min(now + _pause(row.attempts), row.expires_at - _JUST_BEFORE)
    if again <= now:
        failed(row, reason=reason)
        return False
    tries = min(row.attempts, len(BACK_OFF))
    _write([row], state=DeliveryState.WAITING, reason=_short(reason), next_try_at=again, attempts=tries, **_UNHELD)
    return True


def doubted(rows: Sequence[Delivery]) -> None:
    """Nobody knows: the lease runs out before the next try, which gives the mail server time.

    What left as one keeps the number of the first, and so leaves as one again.
    """
    _write(rows, doubts=F("doubts") + 1, reason="no answer", message_id=rows[0].message_id)


def untouched(rows: Iterable[Delivery]) -> None:
    """They were claimed but never tried: back into the box."""
    _write(rows, state=DeliveryState.WAITING, attempts=F("attempts") - 1, **_UNHELD)


def _tell_of_sent(rows: Sequence[Delivery], at: dt.datetime) -> None:
    if watch.is_watched():
        watch.tell(DeliveryState.SENT, "", [(at - row.due_at).total_seconds() for row in rows])


def _write(rows: Iterable[Delivery], **values: Any) -> int:
    return sum(
        Delivery.objects.filter(pk__in=ids, lease=lease, state=DeliveryState.LEASED).update(**values)
        for lease, ids in _by_lease(rows)
    )


def _by_lease(rows: Iterable[Delivery]) -> Iterable[tuple[uuid.UUID, list[int]]]:
    """What is noted together may come from two claims: each letter is ours by the lease of its own."""
    found: dict[uuid.UUID, list[int]] = {}
    for row in rows:
        found.setdefault(row.lease or uuid.UUID(int=0), []).append(row.pk)
    return found.items()


def _held(lease: uuid.UUID) -> str:
    return str(lease) if connection.features.has_native_uuid_field else lease.hex


def _listed(ids: Iterable[int]) -> str:
    return ", ".join(str(int(pk)) for pk in ids)


def _pause(attempts: int) -> dt.timedelta:
    minutes = BACK_OFF[min(max(attempts, 1), len(BACK_OFF)) - 1]
    return dt.timedelta(minutes=minutes * random.uniform(1 - _SPREAD, 1 + _SPREAD))  # noqa: S311  # spreads load


def _short(reason: str) -> str:
    return reason[:60]  # what the column holds
