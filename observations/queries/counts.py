"""How many visits, and which groups share: for the roof's lists."""

from __future__ import annotations

import datetime as dt

from django.db.models import Count

from observations.models import ShareDecision, Visit
from observations.queries.visits import is_open
from schools import tenancy
from schools.models import User
from schools.roles import Member


def open_visits_by_school(*, user: User, now: dt.datetime) -> dict[int, int]:
    """How many own visits are going on, per school id; schools without one are left out. One query."""
    tenancy.inside()
    rows = Visit.objects.filter(is_open(now), coach=user)
    return dict(rows.values_list("school_id").annotate(Count("pk")))


def groups_that_share_in_school(member: Member) -> set[int]:
    """Which groups of the member's school show their profile to the leader: their last decision. One query."""
    tenancy.inside()
    whole = ShareDecision.objects.filter(school_id=member.school.pk, scan__isnull=True).order_by("pk")
    rows = dict(whole.values_list("group_id", "shares"))
    return {group_id for group_id, shares in rows.items() if shares}
