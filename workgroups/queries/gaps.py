"""Where the ledger is not as it should be: reminders that lack, that wait for a wrong time, or that nobody needs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from schools import tenancy
from schools.models import Delivery
from schools.models.post import DeliveryState
from workgroups.models import Meeting
from workgroups.models.group import GroupState
from workgroups.models.meeting import MeetingState
from workgroups.queries.rules import Reminding, remindings

_ON_THE_DAY = Q(group__seats__until_date__isnull=True) | Q(group__seats__until_date__gte=F("day"))


def groups_with_gaps(kinds: Collection[str], *, now: dt.datetime, until: dt.datetime) -> list[int]:
    """Active groups, by id, in which somebody lacks a letter of these kinds about a meeting until then. One query."""
    tenancy.inside()
    return sorted(set(_gaps(kinds, now=now, until=until).values_list("group_id", flat=True)))


def gaps_in(group_id: int, kinds: Collection[str], *, now: dt.datetime, until: dt.datetime) -> dict[int, set[int]]:
    """Whom of the group a letter of these kinds lacks, per planned meeting's id. One query."""
    tenancy.inside()
    lacking: dict[int, set[int]] = {}
    rows = _gaps(kinds, now=now, until=until).filter(group_id=group_id)
    for meeting, reader in rows.values_list("pk", "reader"):
        lacking.setdefault(meeting, set()).add(reader)
    return lacking


def groups_with_surplus(kinds: Collection[str], *, now: dt.datetime, until: dt.datetime) -> list[int]:
    """Groups, by id, of which a letter of these kinds waits that has no reason to. One query, two if there are any."""
    tenancy.inside()
    about = set(_surplus(kinds, now=now, until=until).values_list("subject_id", flat=True))
    rows = Meeting.objects.filter(pk__in=about).values_list("group_id", flat=True)
    return sorted(set(rows)) if about else []


def surplus_in(group_id: int, kinds: Collection[str], *, now: dt.datetime, until: dt.datetime) -> list[Delivery]:
    """The letters of these kinds that wait in the group and have no reason to. One query."""
    tenancy.inside()
    theirs = Meeting.objects.filter(group_id=group_id).values("pk")
    return list(_surplus(kinds, now=now, until=until).filter(subject_id__in=theirs).order_by("subject_id", "user_id"))


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


def _surplus(kinds: Collection[str], *, now: dt.datetime, until: dt.datetime) -> QuerySet[Delivery]:
    """Letters that wait for somebody who has no seat at the meeting, or about one that is not planned like that."""
    wanted = _ahead(now=now, until=until).filter(
        _ON_THE_DAY,
        pk=OuterRef("subject_id"),
        schedule_version=OuterRef("version"),
        group__seats__user_id=OuterRef("user_id"),
        group__seats__from_date__lte=F("day"),
    )
    waiting = Delivery.objects.filter(
        kind__in=kinds, state=DeliveryState.WAITING, expires_at__gt=now, expires_at__lte=until, user_id__isnull=False
    )
    return waiting.filter(~Exists(wanted))


def _ahead(*, now: dt.datetime, until: dt.datetime) -> QuerySet[Meeting]:
    """The planned meetings until then of groups that are reminded."""
    return Meeting.objects.filter(
        state=MeetingState.PLANNED,
        starts_at__gt=now,
        starts_at__lte=until,
        group__state=GroupState.ACTIVE,
        group__reminder_rule__is_on=True,
    )


def _gaps(kinds: Collection[str], *, now: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    """A row for each planned meeting and person who sits there on its day and has no letter of this schedule."""
    theirs = Delivery.objects.filter(
        kind__in=kinds, subject_id=OuterRef("pk"), version=OuterRef("schedule_version"), user_id=OuterRef("reader")
    )
    ahead = _ahead(now=now, until=until).filter(school__closed_on__isnull=True)
    seated = ahead.annotate(
        reader=F("group__seats__user_id"), since=F("group__seats__from_date"), last=F("group__seats__until_date")
    ).filter(Q(last__isnull=True) | Q(last__gte=F("day")), since__lte=F("day"), group__seats__user__is_active=True)
    return seated.filter(~Exists(theirs))
