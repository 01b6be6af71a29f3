"""What goes because its time is over, and what went: numbers of one school, never what it was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import CharField, Count, QuerySet, Sum, Value

from schools import retention, tenancy
from schools.models import Receipt, School
from schools.retention import Kept, Told
from schools.roles import Member, Role


@dataclass(frozen=True)
class Going:
    """So many rows of one kind."""

    kind: Kept
    number: int


@dataclass(frozen=True)
class Gone:
    """What went on one day."""

    day: dt.date
    lines: Sequence[Going]


def kinds_told(member: Member) -> list[Kept]:
    """The kinds of which the member may know how many rows of the school go. No query."""
    told = {Told.ADMINS, Told.SCHOOL} if member.has(Role.ADMIN) else {Told.SCHOOL}
    return [one for one in retention.classes() if one.told in told]


def going(school: School, kinds: Collection[Kept], *, now: dt.datetime) -> list[Going]:
    """How many rows of the school go within thirty days if nothing changes, by kind; those without are left out.

    One query.
    """
    tenancy.inside()
    parts = [_count(one, now + retention.AHEAD).filter(school_id=school.pk) for one in kinds]
    return _numbers(kinds, _united(parts)) if parts else []


def going_everywhere(*, now: dt.datetime) -> list[Going]:
    """The same of the whole site, of every kind. One query."""
    tenancy.inside()
    return _numbers(retention.classes(), _united([_count(one, now) for one in retention.classes()]))


def gone(school: School, kinds: Collection[Kept]) -> list[Gone]:
    """What of these kinds went from the school, by day, the last first; a year back. One query."""
    rows = receipts(school, kinds).values("day", "kind").annotate(total=Sum("number")).order_by("-day", "kind")
    return [
        Gone(day, [Going(retention.kind(row["kind"]), row["total"]) for row in of_day])
        for day, of_day in groupby(rows, key=lambda row: row["day"])
    ]


def receipts(school: School, kinds: Collection[Kept]) -> QuerySet[Receipt]:
    """The receipts of the school about these kinds."""
    tenancy.inside()
    return Receipt.objects.filter(school=school, kind__in=[one.key for one in kinds])


def _count(one: Kept, moment: dt.datetime) -> QuerySet[Any]:
    rows: QuerySet[Any] = one.due(moment).order_by()
    counted: QuerySet[Any] = rows.annotate(of_kind=Value(one.key, output_field=CharField()))
    return counted


def _united(parts: Sequence[QuerySet[Any]]) -> QuerySet[Any]:
    counted = [part.values("of_kind").annotate(rows=Count("pk")).values_list("of_kind", "rows") for part in parts]
    united: QuerySet[Any] = counted[0].union(*counted[1:], all=True)
    return united


def _numbers(kinds: Collection[Kept], counted: QuerySet[Any]) -> list[Going]:
    numbers = dict(counted)
    return [Going(one, numbers[one.key]) for one in kinds if numbers.get(one.key)]
