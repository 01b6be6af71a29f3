"""Looks inside by operators: whose they are, and who still hears of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from django.db import models

from schools.models import BoardMembership, BreakGlass, Delivery, Membership
from schools.roles import Member
from workgroups.models import WorkGroup


def looks_at(member: Member) -> models.QuerySet[BreakGlass]:
    """Who looked in at the member's school, newest first, each with its operator at hand."""
    return BreakGlass.objects.visible_to(member).select_related("user")


def looks_by_id(ids: Collection[int]) -> Mapping[int, BreakGlass]:
    """These looks with school and operator at hand. One query."""
    return BreakGlass.objects.select_related("school", "user").in_bulk(list(ids))


def still_concerned(deliveries: Collection[Delivery], *, now: dt.datetime) -> set[int]:
    """The ids of those letters whose reader still belongs to the school of the look, or to its board. Two queries."""
    people = {one.user_id for one in deliveries}
    schools = Membership.objects.live(now.date()).filter(user_id__in=people)
    boards = BoardMembership.objects.live(now.date()).filter(user_id__in=people)
    at_school = set(schools.values_list("school_id", "user_id"))
    at_board = set(boards.values_list("board_id", "user_id"))
    return {
        one.pk
        for one in deliveries
        if (one.school_id, one.user_id) in at_school or (one.school.board_id, one.user_id) in at_board
    }


def names_of_groups(ids: Collection[int]) -> dict[int, str]:
    """What these groups are called, as far as the reader reaches them. One query."""
    return dict(WorkGroup.objects.filter(pk__in=ids).values_list("pk", "name"))
