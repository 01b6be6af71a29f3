"""Taking letters out of the box: one statement, so that no two processes ever hold the same letter."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from contextlib import nullcontext
from email.utils import parseaddr

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from schools.models import Delivery, School
from schools.models.post import DeliveryState

# Longer than any try can last: after it another process may take the letter.
LEASE = dt.timedelta(minutes=5)
# Fairness is weighed among so many of the letters that are due longest: it bounds what one claim costs.
REACH = 20_000
# Schools take turns in handfuls: thousands of letters of one school never hold up five of another. What is about the
# same thing stays in one handful, so that it is rendered once, up to the size of a large group.
HANDFUL, GROUP = 5, 20
# A mail server that puts every letter off once makes it six minutes later; what is later than this was held up by us.
LATE = dt.timedelta(minutes=10)
# After an outage more letters than these for one person in one school leave as one.
MOST_LETTERS = 3
# Claims at the same moment skip each other's letters, and still find enough of their own.
SPARE = 4
_READ = (
    *("school_id", "kind", "subject_id", "version", "due_at", "expires_at", "lease", "attempts", "doubts", "together"),
    *("message_id", "message_date", "user__email", "user__is_active", "user__language"),
)
_ONE_AT_A_TIME = 7_368_116  # any number that nothing else locks

_DUE = "next_try_at <= %(now)s AND (state = 'waiting' OR (state = 'leased' AND leased_until <= %(now)s))"

_TAKE = """
UPDATE schools_delivery
   SET state = 'leased', lease = %(lease)s, leased_until = %(until)s, attempts = attempts + 1,
       message_date = COALESCE(message_date, %(now)s),
       message_id = CASE WHEN message_id <> '' THEN message_id
                         ELSE '<' || CAST(id AS varchar(20)) || %(rest_of_id)s END
 WHERE id IN"""

_CLAIM = """
WITH due AS (
    SELECT id, school_id, subject_id, expires_at, due_at FROM schools_delivery
     WHERE state IN ('waiting', 'leased') AND {due} ORDER BY next_try_at LIMIT %(reach)s
), turns AS (
    SELECT id, subject_id, expires_at, due_at,
           (CASE WHEN row_number() OVER line - rank() OVER line < %(group)s THEN rank() OVER line
                 ELSE row_number() OVER line END - 1) / %(handful)s AS turn
      FROM due WINDOW line AS (PARTITION BY school_id ORDER BY expires_at, due_at, subject_id)
), front AS (
    SELECT id, turn, subject_id, expires_at, due_at FROM turns
     ORDER BY turn, expires_at, due_at, subject_id, id LIMIT %(spare)s
), picked AS MATERIALIZED (
    SELECT schools_delivery.id FROM schools_delivery JOIN front ON front.id = schools_delivery.id
     WHERE {due}
     ORDER BY turn, front.expires_at, front.due_at, front.subject_id, front.id LIMIT %(limit)s {lock}
)
{take} (SELECT id FROM picked)
RETURNING id, together
"""

_AHEAD = """
SELECT EXISTS (SELECT 1 FROM (
           SELECT due_at FROM schools_delivery
            WHERE state IN ('waiting', 'leased') AND next_try_at <= %(now)s ORDER BY next_try_at LIMIT %(reach)s
       ) weighed WHERE due_at <= %(late)s),
       EXISTS (SELECT 1 FROM schools_delivery
                WHERE together AND state IN ('waiting', 'leased') AND next_try_at <= %(now)s)
"""

_COMPANY = """
{take} (
    SELECT id FROM schools_delivery
     WHERE together AND due_at <= %(now)s AND state IN ('waiting', 'leased')
       AND (state = 'waiting' OR leased_until <= %(now)s)
       AND (user_id, school_id) IN (SELECT user_id, school_id FROM schools_delivery WHERE id IN ({piles}))
     {lock}
)
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
    and date at its first claim and keeps them on every retry. Four queries.

    Whoever wants letters together gets all that are due, and after an outage whoever has more than three letters that
    are late: one claim takes them all, over the limit if need be. Such claims wait for each other, so that no two of
    them part a person's letters.
    """
    lease = uuid.uuid4()
    late, together = _look_ahead(now)
    values = {
        "now": connection.ops.adapt_datetimefield_value(now),
        "until": connection.ops.adapt_datetimefield_value(now + LEASE),
        "lease": lease if connection.features.has_native_uuid_field else lease.hex,
        "rest_of_id": f".{lease.hex}@{domain()}>",
        "reach": max(REACH, limit),
        "handful": HANDFUL,
        "group": GROUP,
        "spare": limit * SPARE,
        "limit": limit,
    }
    lock = "FOR UPDATE OF schools_delivery SKIP LOCKED" if connection.vendor == "postgresql" else ""
    with transaction.atomic() if late or together else nullcontext(), connection.cursor() as cursor:
        if (late or together) and connection.vendor == "postgresql":
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        cursor.execute(_CLAIM.format(due=_DUE, lock=lock, take=_TAKE), values)
        claimed = cursor.fetchall()
        mine = [pk for pk, _together in claimed]
        if late and (more := _kept_company(mine, now=now)):
            cursor.execute(f"{_TAKE} ({_listed(more)})", values)
            mine += more
        if piles := [pk for pk, is_one_of_many in claimed if is_one_of_many]:
            cursor.execute(_COMPANY.format(piles=_listed(piles), lock=lock, take=_TAKE), values)
            mine += [pk for (pk,) in cursor.fetchall()]
        return _fetch(mine)


def is_late(row: Delivery, now: dt.datetime) -> bool:
    """Whether the letter should have left long ago."""
    return row.due_at <= now - LATE


def _fetch(mine: Sequence[int]) -> list[Delivery]:
    """What the post reads of each letter and of its reader; letters of one school share the school."""
    rows = list(Delivery.objects.filter(pk__in=mine).select_related("user").only(*_READ))
    schools = School.objects.in_bulk({row.school_id for row in rows})
    for row in rows:
        row.school = schools[row.school_id]
    return sorted(rows, key=lambda row: (row.expires_at, row.due_at, row.pk))


def _look_ahead(now: dt.datetime) -> tuple[bool, bool]:
    """Whether a late one is among the letters that a claim weighs, and whether any due leaves together. One query.

    All of them, since a late letter that was put off comes behind others: it is due longest, but not to be tried
    longest.
    """
    adapt = connection.ops.adapt_datetimefield_value
    with connection.cursor() as cursor:
        cursor.execute(_AHEAD, {"now": adapt(now), "late": adapt(now - LATE), "reach": REACH})
        late, together = cursor.fetchone()
    return bool(late), bool(together)


def _kept_company(mine: Sequence[int], *, now: dt.datetime) -> list[int]:
    """The other late letters of people who have too many of them, also such as wait for their next try."""
    late = Delivery.objects.filter(due_at__lte=now - LATE, expires_at__gt=now)
    about = set(late.filter(pk__in=mine, user__isnull=False).values_list("user_id", "school_id"))
    free = Q(state=DeliveryState.WAITING) | Q(state=DeliveryState.LEASED, leased_until__lte=now)
    theirs = late.filter(Q(pk__in=mine) | free, user_id__in={user for user, _school in about})
    piles: dict[tuple[int | None, int], list[int]] = {}
    for pk, *whose in theirs.select_for_update(skip_locked=True).values_list("pk", "user_id", "school_id"):
        piles.setdefault((whose[0], whose[1]), []).append(pk)
    taken = set(mine)
    many = (pile for whose, pile in piles.items() if whose in about and len(pile) > MOST_LETTERS)
    return [pk for pile in many for pk in pile if pk not in taken]


def _listed(ids: Sequence[int]) -> str:
    return ", ".join(map(str, ids))


def domain() -> str:
    """The domain we write from; it ends our Message-IDs."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
