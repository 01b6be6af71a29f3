"""Where nobody would be left in office if somebody went."""

from __future__ import annotations

import datetime as dt

from schools.models import BoardMembership, Membership, User
from schools.models.people import DatedQuerySet
from schools.roles import Role


def last_in_office(*, user: User, now: dt.datetime) -> list[str]:
    """The schools and boards that have no admin any more once the person has gone, by name. Four queries at most.

    Call it as the person: it looks at the own places.
    """
    at_schools = Membership.objects.filter(role=Role.ADMIN, school__closed_on__isnull=True)
    at_boards = BoardMembership.objects.all()
    day = now.date()
    return [*_without(user, at_schools, "school", "name", day), *_without(user, at_boards, "board", "number", day)]


def _without(user: User, rows: DatedQuerySet, place: str, order: str, day: dt.date) -> list[str]:
    """The places of which only the person is an admin who stays."""
    mine = rows.filter(user=user).not_over(day).select_related(place).order_by(f"{place}__{order}")
    places = {getattr(row, f"{place}_id"): str(getattr(row, place)) for row in mine}
    if not places:
        return []
    stays = rows.live(day).filter(**{f"{place}__in": list(places)}, until_date__isnull=True, user__is_active=True)
    kept = set(stays.exclude(user=user).values_list(f"{place}_id", flat=True))
    return [name for number, name in places.items() if number not in kept]
