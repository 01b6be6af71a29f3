"""The hat asks for its places in plain SQL; the rules stand in querysets. Both say the same, whatever happened."""

from __future__ import annotations

import datetime as dt
from itertools import product

import pytest

from tests import factories
from tests.conftest import TestCast
from workgroups import queries
from workgroups.models import Guest, Meeting, Seat
from workgroups.queries.table import BEGAN_IN_TIME

TODAY = factories.TODAY
DAY = dt.timedelta(days=1)
SPANS = [(start, end) for start, end in product((-1, 0, 1), (None, -1, 0, 1)) if end is None or end >= start]

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]


@pytest.mark.parametrize("ended", [None, -1, 0])
@pytest.mark.parametrize(("start", "end"), SPANS)
def test_a_seat(cast: TestCast, start: int, end: int | None, ended: int | None) -> None:
    cast.maths.ended_on = None if ended is None else TODAY + ended * DAY
    cast.maths.state = "active" if ended is None else "ended"
    cast.maths.save(update_fields=["ended_on", "state"])
    until = None if end is None else TODAY + end * DAY
    seat = {"school": cast.maths.school, "group": cast.maths, "user": cast.carla}
    Seat.objects.create(**seat, from_date=TODAY + start * DAY, until_date=until)
    held = Seat.objects.live(TODAY).filter(BEGAN_IN_TIME, user=cast.carla, school=cast.maths.school)
    member = queries.at_the_table(cast.hat("carla"), today=TODAY)
    assert member.seats == dict(held.values_list("group_id", "is_chair"))
    assert (cast.maths.pk in member.seats) == (start <= 0 and end in (None, 0, 1) and (ended != -1 or start == -1))


@pytest.mark.parametrize("change", [{}, {"state": "cancelled"}, {"starts_at": factories.NOW}, None])
@pytest.mark.parametrize(("start", "end"), SPANS)
def test_a_guest(cast: TestCast, start: int, end: int | None, change: dict[str, object] | None) -> None:
    meeting = factories.meeting(cast.reading)
    until = None if end is None else TODAY + end * DAY
    to = {} if change is None else {"meeting": meeting, "welcome_at": meeting.starts_at}
    place = {"school": meeting.school, "group": cast.reading, "user": cast.bram, "from_date": TODAY + start * DAY}
    Guest.objects.create(**place, until_date=until, **to)
    if change:
        Meeting.objects.filter(pk=meeting.pk).update(**change)
    member = queries.at_the_table(cast.hat("bram"), today=TODAY)
    assert member.guest_of == set(Guest.objects.live(TODAY).values_list("group_id", flat=True))
    assert bool(member.guest_of) == (start <= 0 and end in (None, 0, 1) and not change)
