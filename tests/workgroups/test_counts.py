"""How many, per school: nothing of other people, ended groups or other states."""

import datetime as dt
from typing import Any

from tests import factories
from tests.conftest import TestCast
from tests.factories import TODAY
from workgroups import queries
from workgroups.models import Seat

DAY = dt.timedelta(days=1)


def test_seats_are_counted_per_school(cast: TestCast, django_assert_num_queries: Any) -> None:
    wilg, beuk = cast.schools["de-wilg"], cast.schools["de-beuk"]
    factories.group(wilg, "Schrijven", members=(cast.carla,))
    factories.group(beuk, "Zingen", members=(cast.carla,))
    ended = factories.group(wilg, "Gestopt", members=(cast.carla,))
    type(ended).objects.filter(pk=ended.pk).update(state="ended", ended_on=TODAY)
    left = factories.group(wilg, "Verlaten", members=(cast.carla,))
    Seat.objects.filter(group=left).update(until_date=TODAY - DAY)
    with django_assert_num_queries(1):
        assert queries.seats_by_school(user=cast.carla, today=TODAY) == {wilg.pk: 2, beuk.pk: 1}
    assert queries.seats_by_school(user=cast.anna, today=TODAY) == {}


def test_groups_and_meetings_are_counted_per_school(cast: TestCast, django_assert_num_queries: Any) -> None:
    wilg, beuk, eik = (cast.schools[slug].pk for slug in ("de-wilg", "de-beuk", "de-eik"))
    for days, state in ((1, "held"), (2, "held"), (3, "lapsed"), (4, "cancelled"), (200, "held")):
        factories.meeting(cast.reading, TODAY - days * DAY, state=state)
    factories.meeting(cast.maths)
    factories.meeting(cast.elsewhere, TODAY - DAY, state="held")
    with django_assert_num_queries(2):
        assert queries.groups_by_school([wilg, beuk]) == {wilg: 2, beuk: 1}
        assert queries.meetings_held_by_school([wilg, beuk], since=TODAY - 100 * DAY) == {wilg: 2}
    assert queries.meetings_held_by_school([eik], since=TODAY) == {}
