"""Where the ledger is not as it should be: reminders that lack, that wait for a wrong time, or that nobody needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet, Value

from schools import tenancy
from schools.models import Delivery
from schools.models.post import DeliveryState
from workgroups.models import Meeting
from workgroups.models.group import GroupState
from workgroups.models.meeting import MeetingState
from workgroups.queries.rules import Reminding, remindings

# A meeting, the version of its schedule, and somebody whom a letter about it is for.
_Triples = QuerySet[Any, tuple[int, int, int]]
# Both sides are read once and as a whole, which takes the same time however badly the database guesses their length:
# it takes a country for a village here, and would look up a million readers one by one if it could.
_UNLIKE = "SELECT about FROM (%s) told GROUP BY about, edition HAVING SUM(side) <> 0 OR SUM(side * reader) <> 0"


def groups_amiss(kinds: Collection[str], *, now: dt.datetime, until: dt.datetime) -> list[int]:
    """Groups, by id, in which somebody lacks a letter of these kinds about a meeting until then, or needs none.

    One query where a letter waits for every seat. Meetings for which number or sum of the people differ, as they do
    once letters have left, are looked at more closely: four queries then.
    """
    tenancy.inside()
    meetings = _unlike(_seated(_ahead(now=now, until=until)), _about(_waiting(kinds, now=now, until=until)))
    if not meetings:
        return []
    ahead = _ahead(now=now, until=until).filter(pk__in=meetings)
    waiting = _waiting(kinds, now=now, until=until).filter(subject_id__in=meetings)
    amiss = {meeting for meeting, *_whose in (*_gaps(kinds, ahead), *_surplus(waiting, ahead))}
    groups = Meeting.objects.filter(pk__in=amiss).values_list("group_id", flat=True)
    return sorted(set(groups)) if amiss else []


def gaps_in(group_id: int, kinds: Collection[str], *, now: dt.datetime, until: dt.datetime) -> dict[int, set[int]]:
    """Whom of the group a letter of these kinds lacks, per planned meeting's id. One query."""
    tenancy.inside()
    lacking: dict[int, set[int]] = {}
    for meeting, _version, reader in _gaps(kinds, _ahead(now=now, until=until).filter(group_id=group_id)):
        lacking.setdefault(meeting, set()).add(reader)
    return lacking


def surplus_in(group_id: int, kinds: Collection[str], *, now: dt.datetime, until: dt.datetime) -> list[Delivery]:
    """The letters of these kinds that wait in the group and have no reason to. One query, two if there are any."""
    tenancy.inside()
    theirs = Meeting.objects.filter(group_id=group_id)
    waiting = _waiting(kinds, now=now, until=until).filter(subject_id__in=theirs.values("pk"))
    found = set(_surplus(waiting, _ahead(now=now, until=until).filter(group_id=group_id)))
    rows = waiting.order_by("subject_id", "user_id") if found else ()
    return [row for row in rows if (row.subject_id, row.version, row.user_id) in found]


def in_turn(*, turn: int, turns: int, now: dt.datetime, until: dt.datetime) -> list[Meeting]:
    """The planned meetings until then of every so manieth group, each with its school. One query."""
    tenancy.inside()
    ahead = _ahead(now=now, until=until).annotate(turn=F("group_id") % turns).filter(turn=turn)
    return list(ahead.select_related("school").order_by("pk"))


def mistimed(kind: str, meetings: Collection[Meeting], *, now: dt.datetime) -> list[Reminding]:
    """Letters of this kind that wait, untried, for another time than the rules say, with the right time.

    Left alone are those whose right time has passed, and those that somebody gets together with others. Four queries.
    """
    tenancy.inside()
    waiting = Delivery.objects.filter(
        kind=kind,
        subject_id__in=[one.pk for one in meetings],
        state=DeliveryState.WAITING,
        attempts=0,
        doubts=0,
        together=False,
        user_id__isnull=False,
    )
    version = {one.pk: one.schedule_version for one in meetings}
    times: dict[tuple[int, int], dt.datetime] = {}
    readers: dict[int, set[int]] = {}
    for meeting, about, user, due_at in waiting.values_list("subject_id", "version", "user_id", "due_at"):
        if version[meeting] == about and user:
            times[meeting, user] = due_at
            readers.setdefault(meeting, set()).add(user)
    held = [one for one in meetings if one.pk in readers]
    right = remindings(held, readers, schools={one.school for one in held})
    return [one for one in right if times[one.meeting.pk, one.user_id] != one.due_at > now]


def _unlike(seated: _Triples, waiting: _Triples) -> set[int]:
    """The meetings for which number or sum of the people in these two differ. One query."""
    sides = seated.annotate(side=Value(1)).union(waiting.annotate(side=Value(-1)), all=True)
    sql, values = sides.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(_UNLIKE % sql, values)
        return {about for (about,) in cursor.fetchall()}


def _gaps(kinds: Collection[str], ahead: QuerySet[Meeting]) -> _Triples:
    """Whoever sits at these meetings on their day, can be written to, and has no letter of the schedule as it is."""
    written = Delivery.objects.filter(kind__in=kinds, subject_id__in=ahead.values("pk"))
    return _seated(ahead.filter(school__closed_on__isnull=True), group__seats__user__is_active=True).difference(
        _about(written)
    )


def _surplus(waiting: QuerySet[Delivery], ahead: QuerySet[Meeting]) -> _Triples:
    """What waits for somebody who has no seat at the meeting then, or about one that is not planned like that."""
    return _about(waiting).difference(_seated(ahead))


def _about(letters: QuerySet[Delivery]) -> _Triples:
    return letters.values_list("subject_id", "version", "user_id")


def _waiting(kinds: Collection[str], *, now: dt.datetime, until: dt.datetime) -> QuerySet[Delivery]:
    return Delivery.objects.filter(
        kind__in=kinds, state=DeliveryState.WAITING, expires_at__gt=now, expires_at__lte=until, user_id__isnull=False
    )


def _ahead(*, now: dt.datetime, until: dt.datetime) -> QuerySet[Meeting]:
    """The planned meetings until then of groups that are reminded."""
    return Meeting.objects.filter(
        state=MeetingState.PLANNED,
        starts_at__gt=now,
        starts_at__lte=until,
        group__state=GroupState.ACTIVE,
        group__reminder_rule__is_on=True,
    )


def _seated(ahead: QuerySet[Meeting], **whose: bool) -> _Triples:
    """Who sits at each of these meetings on its day."""
    seats = ahead.filter(  # one filter, so that all of it is about the same seat
        Q(group__seats__until_date__isnull=True) | Q(group__seats__until_date__gte=F("day")),
        group__seats__from_date__lte=F("day"),
        **whose,
    )
    who = {"about": F("pk"), "edition": F("schedule_version"), "reader": F("group__seats__user_id")}
    return seats.annotate(**who).values_list(*who)
