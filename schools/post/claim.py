"""Taking letters out of the box: one statement, so that no two processes ever hold the same letter."""

from __future__ import annotations

import datetime as dt
import uuid
from email.utils import parseaddr

from django.conf import settings
from django.db import connection

from schools.models import Delivery

# Longer than any try can last: after it another process may take the letter.
LEASE = dt.timedelta(minutes=5)
# Fairness is weighed among so many of the letters that are due longest: it bounds what one claim costs.
REACH = 20_000
# Schools take turns in handfuls: thousands of letters of one school never hold up five of another.
HANDFUL = 5
# Claims at the same moment skip each other's letters, and still find enough of their own.
SPARE = 4

_DUE = "next_try_at <= %(now)s AND (state = 'waiting' OR (state = 'leased' AND leased_until <= %(now)s))"

_CLAIM = """
WITH due AS (
    SELECT id, school_id, expires_at, due_at FROM schools_delivery
     WHERE state IN ('waiting', 'leased') AND {due} ORDER BY next_try_at LIMIT %(reach)s
), turns AS (
    SELECT id, expires_at, due_at,
           (row_number() OVER (PARTITION BY school_id ORDER BY expires_at, due_at, id) - 1) / %(handful)s AS turn
      FROM due
), front AS (
    SELECT id, turn, expires_at, due_at FROM turns ORDER BY turn, expires_at, due_at, id LIMIT %(spare)s
), picked AS MATERIALIZED (
    SELECT schools_delivery.id FROM schools_delivery JOIN front ON front.id = schools_delivery.id
     WHERE {due} ORDER BY turn, front.expires_at, front.due_at, front.id LIMIT %(limit)s {lock}
)
UPDATE schools_delivery
   SET state = 'leased', lease = %(lease)s, leased_until = %(until)s, attempts = attempts + 1,
       message_date = COALESCE(message_date, %(now)s),
       message_id = CASE WHEN message_id <> '' THEN message_id
                         ELSE '<' || CAST(id AS varchar(20)) || %(rest_of_id)s END
 WHERE id IN (SELECT id FROM picked)
RETURNING id
"""


def clock() -> dt.datetime:
    """The database's clock: the only one that several machines share."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT clock_timestamp()")
            return cursor.fetchone()[0]  # type: ignore[no-any-return]
        cursor.execute("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")
        return dt.datetime.fromisoformat(cursor.fetchone()[0])


def claim(*, now: dt.datetime, limit: int) -> list[Delivery]:
    """Lease up to ``limit`` letters that are due, or whose lease ran out; returns them with user and school.

    First the most urgent ones (by expiry, then by due time), schools taking turns. Each letter gets its Message-ID
    and date at its first claim and keeps them on every retry. Two queries.
    """
    lease = uuid.uuid4()
    values = {
        "now": connection.ops.adapt_datetimefield_value(now),
        "until": connection.ops.adapt_datetimefield_value(now + LEASE),
        "lease": lease if connection.features.has_native_uuid_field else lease.hex,
        "rest_of_id": f".{lease.hex}@{domain()}>",
        "reach": max(REACH, limit),
        "handful": HANDFUL,
        "spare": limit * SPARE,
        "limit": limit,
    }
    lock = "FOR UPDATE OF schools_delivery SKIP LOCKED" if connection.vendor == "postgresql" else ""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM.format(due=_DUE, lock=lock), values)
        mine = [row[0] for row in cursor.fetchall()]
    rows = Delivery.objects.filter(pk__in=mine).select_related("user", "school")
    return sorted(rows, key=lambda row: (row.expires_at, row.due_at, row.pk))


def domain() -> str:
    """The domain we write from; it ends our Message-IDs."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
