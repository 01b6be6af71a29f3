"""Addresses at which one's calendar finds one's meetings: made, changed for a new one, taken away."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction

from schools import tenancy
from schools.models import Program, User
from workgroups import queries
from workgroups.models import CalendarFeed


@transaction.atomic
def make_feed(*, group_id: int | None = None, app: str = "", by: User, now: dt.datetime) -> CalendarFeed:
    """The person's own feed of all groups, or of one in which the person sits (else 404); the one there is stays.

    ``app``: the id of the app that makes it in the person's name; its address ends when the app's access does.
    """
    group = None if group_id is None else queries.own_group(group_id, user=by, now=now)
    mine = CalendarFeed.objects.filter(user=by, group=group).select_related("program__client", "program__user")
    found = mine.first()
    if found is not None and not queries.feed_opens(found, now=now):
        found.delete()
        found = None
    if found is None:  # asked twice at once, the second waits for the first and finds its row
        fresh = CalendarFeed(user=by, group=group, key=uuid.uuid4(), program=_program(app, by), created_at=now)
        CalendarFeed.objects.bulk_create([fresh], ignore_conflicts=True)
    return found or mine.get()


@transaction.atomic
def renew_feed(*, feed_id: int, app: str = "", by: User, now: dt.datetime) -> CalendarFeed:
    """A new address for the same meetings; the old one leads nowhere from now on. 404 for anybody else's feed.

    ``app`` as in ``make_feed``: the new address is of who asked for it, whoever made the old one.
    """
    old = tenancy.fetch(CalendarFeed.objects.select_for_update().filter(user=by), pk=feed_id)
    old.delete()
    fresh = {"group_id": old.group_id, "key": uuid.uuid4(), "program": _program(app, by)}
    return CalendarFeed.objects.create(user=by, created_at=now, **fresh)


@transaction.atomic
def remove_feed(*, feed_id: int, by: User) -> None:
    """End the address at once; 404 for anybody else's feed."""
    tenancy.fetch(CalendarFeed.objects.filter(user=by), pk=feed_id).delete()


def _program(app: str, by: User) -> Program | None:
    return tenancy.fetch(by.programs.select_related("client"), client_id=app) if app else None
