"""The chair shows a picture while somebody takes everything back: one of them came last, with nothing in between."""

from __future__ import annotations

import pytest
from django.db import connection

from observations import actions, queries
from observations.models import SelfScan, ShareDecision
from schools import tenancy
from tests.conftest import TestCast
from tests.observations import rounds
from tests.observations.rounds import NOW
from tests.observations.test_scans_at_once import Deed, at_once, cast
from workgroups import actions as group_actions
from workgroups.actions.standing import GroupEnded

__all__ = ["cast"]

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time"),
]


@pytest.fixture
def scan(cast: TestCast) -> SelfScan:
    """A revealed round, as rows that everybody can see."""
    with tenancy.acting_for_system("tests"):
        return rounds.revealed(cast, rounds.colleagues(cast, 4))


def deciding(cast: TestCast, who: str, *, shares: bool, scan: SelfScan | None = None) -> Deed:
    with tenancy.acting_for_system("tests"):
        by = cast.hat(who)
    return lambda: actions.decide_sharing(group=cast.reading, shares=shares, scan=scan, by=by, now=NOW)


def shown(cast: TestCast) -> tuple[bool, int]:
    """Whether the leader reads the group at all, and how many of its own rounds."""
    with tenancy.acting_for_system("tests"):
        view = queries.leader_views([cast.reading]).get(cast.reading.pk)
        assert (view is not None) is queries.shares_profile(cast.reading.pk)
        return view is not None, len(view.months) if view else 0


def test_a_yes_and_a_no_at_once_are_one_of_the_two(cast: TestCast, scan: SelfScan) -> None:
    for _time in range(3):
        yes, no = deciding(cast, "els", shares=True, scan=scan), deciding(cast, "carla", shares=False)
        assert at_once(yes, no) == [None, None]
        assert shown(cast) in {(True, 1), (False, 0)}
        assert at_once(no) == [None]
        assert shown(cast) == (False, 0)
        assert at_once(deciding(cast, "els", shares=True)) == [None]
        assert shown(cast) == (True, 0)


def test_the_same_twice_at_once_is_kept_once(cast: TestCast, scan: SelfScan) -> None:
    assert at_once(*[deciding(cast, "els", shares=True, scan=scan)] * 4) == [None] * 4
    with tenancy.acting_for_system("tests"):
        assert sorted(ShareDecision.objects.values_list("shares", flat=True)) == [True, True]


def test_a_group_that_ends_opens_nothing_any_more(cast: TestCast, scan: SelfScan) -> None:
    with tenancy.acting_for_system("tests"):
        els = cast.hat("els")
    ends = lambda: group_actions.end_group(group=cast.reading, because="Klaar", by=els, now=NOW)  # noqa: E731
    told = at_once(deciding(cast, "els", shares=True, scan=scan), ends)
    assert told in ([None, None], [GroupEnded, None])
    assert shown(cast) == ((True, 1) if told[0] is None else (False, 0))
    assert at_once(deciding(cast, "carla", shares=False)) == [None]
    assert shown(cast) == (False, 0)
