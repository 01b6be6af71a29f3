"""The groups of a school, for lists and dashboards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import QuerySet

from cards.models import Aspect
from schools.models import User
from schools.roles import Member
from workgroups.models import Meeting, WorkGroup
from workgroups.models.group import GroupState
from workgroups.queries.focus import aspects_in_focus
from workgroups.queries.meetings import Beat, last_held, next_meetings, rhythm
from workgroups.queries.table import chairs_of


@dataclass(frozen=True)
class GroupRow:
    """A group as the school may see it: who chairs it, its card, and when it meets; nothing of what it says."""

    group: WorkGroup
    chair: User | None
    aspect: Aspect | None
    last: Meeting | None
    next: Meeting | None
    rhythm: tuple[Beat, ...]

    @property
    def chair_name(self) -> str:
        """The chair's full name, or nothing."""
        return self.chair.name if self.chair else ""


def groups_in_school(
    member: Member, *, today: dt.date, now: dt.datetime, shared: Collection[int] = ()
) -> list[GroupRow]:
    """The active groups of the member's school by name, for the dashboards. Seven queries, however many groups.

    Opener and closer show only for the groups in ``shared``: those that chose to share.
    """
    active = WorkGroup.objects.visible_to(member).filter(state=GroupState.ACTIVE)
    return _rows(active, today=today, now=now, shared=shared)


def own_groups(member: Member, *, today: dt.date, now: dt.datetime) -> list[GroupRow]:
    """The groups the member sits in or visits, ended ones last, with all of their rhythm. Seven queries."""
    mine = WorkGroup.objects.entered_by(member)
    return _rows(mine, today=today, now=now, shared=[*member.seats, *member.guest_of])


def _rows(groups: QuerySet[WorkGroup], *, today: dt.date, now: dt.datetime, shared: Collection[int]) -> list[GroupRow]:
    found = list(groups.order_by("state", "name", "pk"))
    ids = [group.pk for group in found]
    chairs, aspects = chairs_of(ids, today=today), aspects_in_focus(ids)
    held, ahead = last_held(ids), next_meetings(ids, now=now)
    beats = rhythm(ids, now=now, shared=shared)
    return [
        GroupRow(
            group=group,
            chair=chairs.get(group.pk),
            aspect=aspects.get(group.pk),
            last=held.get(group.pk),
            next=ahead.get(group.pk),
            rhythm=tuple(beats[group.pk]),
        )
        for group in found
    ]
