"""Seats that wait for somebody, and which schools have groups at all."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import QuerySet

from schools import tenancy
from schools.roles import Member
from workgroups.models import GroupInvitation, WorkGroup
from workgroups.models.group import GroupState


def waiting_seats(group: WorkGroup) -> list[GroupInvitation]:
    """Who was invited to the group and has not come yet, each with its invitation, by address. One query."""
    tenancy.inside()
    rows = _open().filter(group=group)
    return list(rows.order_by("invitation__email", "pk"))


def waiting_seats_for(member: Member) -> QuerySet[GroupInvitation]:
    """The seats that wait in the groups that the member chairs; for fetch."""
    tenancy.inside()
    chaired = [group_id for group_id, chairs in member.seats.items() if chairs]
    return _open().filter(school=member.school, group_id__in=chaired)


def schools_with_groups(school_ids: Collection[int]) -> frozenset[int]:
    """Which of these schools have a group that works. One query."""
    tenancy.inside()
    rows = WorkGroup.objects.filter(school_id__in=school_ids, state=GroupState.ACTIVE)
    return frozenset(rows.values_list("school_id", flat=True).distinct())


def _open() -> QuerySet[GroupInvitation]:
    waits = {"invitation__accepted_at__isnull": True, "invitation__revoked_at__isnull": True}
    return GroupInvitation.objects.filter(**waits).select_related("group", "invitation")
