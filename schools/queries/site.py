"""What was done, and what who keeps the site sees of it."""

from __future__ import annotations

import datetime as dt

from schools.models import (
    Board,
    BreakGlass,
    Event,
    OperatorGrant,
    School,
    User,
)
from schools.models.events import EventQuerySet


def looks_of(*, user: User) -> list[BreakGlass]:
    """Where an operator looked in, or looks in now, newest first, each with its school. One query."""
    looks = BreakGlass.objects.filter(user=user).select_related("school").order_by("-opened_at", "-pk")
    return list(looks)


def events_in(rows: EventQuerySet, *, start: int, most: int) -> list[Event]:
    """These events from a place in their list on, newest first, with people and school at hand. One query."""
    return list(rows.select_related("by", "person", "school").order_by("-at", "-pk")[start : start + most])


def site_counts() -> dict[str, int]:
    """How many boards and open schools the site has: all that an operator sees of them. Two queries."""
    return {"boards": Board.objects.count(), "schools": School.objects.filter(closed_on__isnull=True).count()}


def operators(*, today: dt.date) -> list[User]:
    """Who keeps the site running today and can be written to, by number. One query."""
    live = OperatorGrant.objects.live(today)
    people = User.objects.filter(pk__in=live.values("user"), is_active=True, email__isnull=False)
    return list(people.exclude(email="").order_by("pk"))
