"""The groups of a school, for lists and dashboards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from cards.models import Aspect
from schools.roles import Member
from workgroups.models import Meeting, WorkGroup
from workgroups.models.group import GroupState
from workgroups.queries.focus import aspects_in_focus
from workgroups.queries.meetings import Beat, last_meetings, next_meetings, rhythm


@dataclass(frozen=True)
class GroupRow:
    """A group as the school may see it: its card, and when it meets; nothing of what it says."""

    group: WorkGroup
    aspect: Aspect | None
    last: Meeting | None
    next: Meeting | None
    rhythm: tuple[Beat, ...]


def groups_in_school(member: Member, *, now: dt.datetime, shared: Collection[int] = ()) -> list[GroupRow]:
    """The active groups of the member's school by name, for the dashboards. Six queries, however many groups.

    Opener and closer show only for the groups in ``shared``: those that chose to share.
    """
    active = WorkGroup.objects.visible_to(member).filter(state=GroupState.ACTIVE)
    found = list(active.order_by("name", "pk"))
    ids = [group.pk for group in found]
    aspects, beats = aspects_in_focus(ids), rhythm(ids, now=now, shared=shared)
    last, ahead = last_meetings(ids, now=now), next_meetings(ids, now=now)
    return [
        GroupRow(
            group=group,
            aspect=aspects.get(group.pk),
            last=last.get(group.pk),
            next=ahead.get(group.pk),
            rhythm=tuple(beats[group.pk]),
        )
        for group in found
    ]
