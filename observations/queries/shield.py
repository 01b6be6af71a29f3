"""Which words of the feedback may name somebody, for the visitor to answer before sharing (C13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal, NamedTuple

from django.db.models import Q

from observations import names
from observations.models import Visit
from observations.queries.observation import Pair
from schools.models import Membership, User
from workgroups.models import Seat

Side = Literal["strong", "improvement"]
_SIDES: tuple[Side, Side] = ("strong", "improvement")


class Asked(NamedTuple):
    """Words in a point that may name somebody: ``pair`` 1-3, the side, and where they stand in its text."""

    pair: int
    side: Side
    flag: names.Flag

    @property
    def field(self) -> str:
        """The point, as the fields of the page are called."""
        return f"p{self.pair}-{self.side}"


def people_around(visit: Visit, *, today: dt.date) -> list[names.Person]:
    """Everybody with a seat in the visited group or a role in its school, as they are called. One query.

    As it is today, and as it was on the day of the meeting: who left in between was there (reads the meeting).
    """
    day = visit.meeting.day
    seats = Seat.objects.live(today) | Seat.objects.live(day)
    members = Membership.objects.live(today) | Membership.objects.live(day)
    seats, members = seats.filter(group_id=visit.group_id), members.filter(school_id=visit.school_id)
    rows = User.objects.filter(Q(pk__in=seats.values("user_id")) | Q(pk__in=members.values("user_id"))).order_by("pk")
    return [names.Person(*row) for row in rows.values_list("given_name", "infix", "family_name", "nickname")]


def names_in(visit: Visit, text: str, *, today: dt.date) -> list[names.Flag]:
    """The words of one text that may name somebody, in their order. One query."""
    return names.find(text, names.known(people_around(visit, today=today)))


def names_asked(visit: Visit, pairs: Iterable[Pair], *, today: dt.date) -> list[Asked]:
    """What the visitor is asked about: every place once, in the order of the points. One query, or none."""
    points = [(number, side, getattr(pair, side)) for number, pair in enumerate(pairs, start=1) for side in _SIDES]
    if not points:
        return []
    known = names.known(people_around(visit, today=today))
    return [Asked(number, side, flag) for number, side, text in points for flag in names.find(text, known)]
