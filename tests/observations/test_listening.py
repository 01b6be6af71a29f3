"""Listening first, for about 20 minutes (C7)."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from observations import actions
from tests.conftest import TestCast
from tests.observations import steps
from workgroups.models import Meeting


def test_it_works(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    start = steps.before(visit.meeting, minutes=15)
    actions.start_listening(visit=visit, by=cast.hat("bram"), now=start)
    assert (visit.state, visit.listening_since) == ("listening", start)
    observation = actions.stop_listening(visit=visit, by=cast.hat("bram"), now=steps.after(visit.meeting, minutes=5))
    assert (visit.state, observation.listened) == ("noting", 20)


def test_not_earlier_than_a_quarter_before(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    with pytest.raises(actions.TooEarly):
        actions.start_listening(visit=visit, by=cast.hat("bram"), now=steps.before(visit.meeting, minutes=16))


def test_not_when_it_is_over_or_called_off(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    with pytest.raises(actions.TooLate):
        actions.start_listening(visit=visit, by=cast.hat("bram"), now=visit.meeting.ends_at)
    Meeting.objects.update(state="cancelled")
    with pytest.raises(actions.MeetingCancelled):
        actions.start_listening(visit=visit, by=cast.hat("bram"), now=visit.meeting.starts_at)


def test_without_a_yes_nobody_listens(cast: TestCast) -> None:
    visit = steps.proposed(cast)
    with pytest.raises(actions.NotPossibleNow):
        actions.start_listening(visit=visit, by=cast.hat("bram"), now=visit.meeting.starts_at)


@pytest.mark.parametrize("who", ["carla", "els", "anna", "frank", "joris"])
def test_it_needs_the_visitor(cast: TestCast, who: str) -> None:
    visit = steps.accepted(cast)
    with pytest.raises(PermissionDenied):
        actions.start_listening(visit=visit, by=cast.hat(who), now=visit.meeting.starts_at)
    actions.start_listening(visit=visit, by=cast.hat("bram"), now=visit.meeting.starts_at)
    with pytest.raises(PermissionDenied):
        actions.stop_listening(visit=visit, by=cast.hat(who), now=visit.meeting.ends_at)


@pytest.mark.parametrize(("seconds", "minutes"), [(0, 1), (59, 1), (119, 1), (120, 2), (22 * 60 + 59, 22)])
def test_whole_minutes_count_and_at_least_one(cast: TestCast, seconds: int, minutes: int) -> None:
    visit = steps.listening(cast)
    now = steps.after(visit.meeting, seconds=seconds)
    assert actions.stop_listening(visit=visit, by=cast.hat("bram"), now=now).listened == minutes


def test_a_forgotten_clock_stops_with_the_meeting(cast: TestCast) -> None:
    visit = steps.listening(cast)
    observation = actions.stop_listening(visit=visit, by=cast.hat("bram"), now=steps.after(visit.meeting, days=1))
    assert observation.listened == visit.meeting.minutes
