"""How many, per school: nothing of other people, ended groups or other states."""

import datetime as dt
from typing import Any

from schools.models import School
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import queries
from workgroups.models import Meeting, Seat

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
    ended = factories.group(cast.schools["de-wilg"], "Gestopt")
    type(ended).objects.filter(pk=ended.pk).update(state="ended", ended_on=TODAY)
    for days, state in ((1, "held"), (2, "planned"), (3, "lapsed"), (4, "cancelled"), (200, "held")):
        factories.meeting(cast.reading, TODAY - days * DAY, state=state)
    factories.meeting(cast.maths)
    factories.meeting(cast.elsewhere, TODAY - DAY, state="held")
    own = School.objects.filter(slug__in=["de-wilg", "de-beuk"])
    with django_assert_num_queries(1):
        found = queries.activity_of(own, since=TODAY - 100 * DAY, now=NOW)
    assert [(one.school.slug, one.groups, one.meetings) for one in found] == [("de-beuk", 1, 0), ("de-wilg", 2, 3)]


def test_whether_a_group_closed_its_meetings_changes_no_count(cast: TestCast) -> None:
    own = School.objects.filter(slug="de-wilg")
    meeting = factories.meeting(cast.reading, TODAY - DAY)
    counts = []
    for state in ("planned", "held", "lapsed"):
        Meeting.objects.filter(pk=meeting.pk).update(state=state)
        [found] = queries.activity_of(own, since=TODAY - 100 * DAY, now=NOW)
        counts.append(found.meetings)
    assert counts == [1, 1, 1]
