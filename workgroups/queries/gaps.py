"""Which reminders should be in the ledger and are not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from schools import tenancy
from schools.models import Delivery
from workgroups.models import Meeting
from workgroups.models.group import GroupState
from workgroups.models.meeting import MeetingState


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


def _gaps(kinds: Collection[str], *, now: dt.datetime, until: dt.datetime) -> QuerySet[Any]:
    """A row for each planned meeting and person who sits there on its day and has no letter of this schedule."""
    theirs = Delivery.objects.filter(
        kind__in=kinds, subject_id=OuterRef("pk"), version=OuterRef("schedule_version"), user_id=OuterRef("reader")
    )
    ahead = Meeting.objects.filter(
        state=MeetingState.PLANNED,
        starts_at__gt=now,
        starts_at__lte=until,
        group__state=GroupState.ACTIVE,
        group__reminder_rule__is_on=True,
        school__closed_on__isnull=True,
    )
    seated = ahead.annotate(
        reader=F("group__seats__user_id"), since=F("group__seats__from_date"), last=F("group__seats__until_date")
    ).filter(Q(last__isnull=True) | Q(last__gte=F("day")), since__lte=F("day"), group__seats__user__is_active=True)
    return seated.filter(~Exists(theirs))
