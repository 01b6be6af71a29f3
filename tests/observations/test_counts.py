"""Open visits per school, and which groups of a school share."""

import datetime as dt
from typing import Any

from observations import actions, queries
from observations.models import ShareDecision
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from tests.observations import steps
from workgroups.models import WorkGroup


def _decide(group: WorkGroup, *decisions: bool) -> None:
    for shares in decisions:
        ShareDecision.objects.create(school=group.school, group=group, decided_on=TODAY, shares=shares)


def test_own_open_visits_are_counted(cast: TestCast, django_assert_num_queries: Any) -> None:
    visit = steps.proposed(cast)
    with django_assert_num_queries(1):
        assert queries.open_visits_by_school(user=cast.bram, now=NOW) == {cast.schools["de-wilg"].pk: 1}
    assert queries.open_visits_by_school(user=cast.carla, now=NOW) == {}
    assert queries.open_visits_by_school(user=cast.bram, now=steps.after(visit.meeting, days=1)) == {}
    actions.decline_visit(visit=visit, by=cast.hat("els"), now=NOW)
    assert queries.open_visits_by_school(user=cast.bram, now=NOW) == {}


def test_a_clock_that_nobody_stopped_does_not_run_for_ever(cast: TestCast) -> None:
    visit = steps.listening(cast)
    school, started = cast.schools["de-wilg"].pk, visit.meeting.starts_at
    for days, found in ((89, {school: 1}), (90, {})):
        assert queries.open_visits_by_school(user=cast.bram, now=started + dt.timedelta(days=days)) == found


def test_the_last_decision_counts(cast: TestCast, django_assert_num_queries: Any) -> None:
    _decide(cast.reading, False, True)
    _decide(cast.maths, True, False)
    _decide(cast.next_door, True)
    anna = cast.hat("anna")
    with django_assert_num_queries(1):
        assert queries.groups_that_share_in_school(anna) == {cast.reading.pk}
