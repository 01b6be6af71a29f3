"""Which meetings ask to be looked back on."""

from __future__ import annotations

import datetime as dt

from django.db.models import Exists, OuterRef, Q

from schools import tenancy
from schools.models import Delivery
from schools.models.post import DeliveryState
from workgroups.models import Meeting
from workgroups.models.group import GroupState
from workgroups.models.meeting import MeetingState

_LEFT = Q(state__in=[DeliveryState.SENT, DeliveryState.LEASED]) | Q(doubts__gt=0)


def unasked(kind: str, *, since: dt.datetime, now: dt.datetime) -> list[Meeting]:
    """Meetings that began after ``since``, have ended, and were not closed, each with its school. One query.

    Left out is a meeting of which a letter of this kind has left, or is written down for the time that it has now.
    """
    tenancy.inside()
    asked = Delivery.objects.filter(kind=kind, subject_id=OuterRef("pk"))
    over = Meeting.objects.filter(
        ~Exists(asked.filter(_LEFT | Q(version=OuterRef("schedule_version")))),
        state=MeetingState.PLANNED,
        starts_at__gt=since,
        starts_at__lt=now,
        group__state=GroupState.ACTIVE,
        school__closed_on__isnull=True,
    )
    return [meeting for meeting in over.select_related("school").order_by("starts_at", "pk") if meeting.ends_at <= now]
