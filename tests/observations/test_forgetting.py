"""Raw notes and marks vanish 14 days after sharing, 90 days after the meeting at the latest."""

from __future__ import annotations

import datetime as dt
from typing import Any

import time_machine

from observations import actions, queries, tasks
from observations.models import AspectNote, BehaviourMark, FeedbackPair
from tests.conftest import TestCast
from tests.observations import steps

DAY = dt.timedelta(days=1)


def left() -> tuple[bool, bool, bool]:
    """Whether there are notes, marks and pairs."""
    return AspectNote.objects.exists(), BehaviourMark.objects.exists(), FeedbackPair.objects.exists()


def test_it_works(cast: TestCast, django_assert_num_queries: Any) -> None:
    visit = steps.shared(cast)
    assert visit.shared_at
    before = queries.profile_of(cast.reading)
    assert actions.forget_notes(now=visit.shared_at + 13 * DAY) == 0
    assert left() == (True, True, True)
    with django_assert_num_queries(5):  # with a savepoint
        assert actions.forget_notes(now=visit.shared_at + 14 * DAY) == len(steps.NOTES) + len(steps.MARKS)
    assert left() == (False, False, True)
    assert queries.profile_of(cast.reading) == before
    assert queries.feedback_of(visit)


def test_what_was_never_shared_goes_after_90_days(cast: TestCast) -> None:
    visit = steps.noted(cast).visit
    assert actions.forget_notes(now=visit.meeting.starts_at + 89 * DAY) == 0
    actions.forget_notes(now=visit.meeting.starts_at + 90 * DAY)
    assert left() == (False, False, False)


def test_the_clock_does_it_by_itself(cast: TestCast) -> None:
    visit = steps.shared(cast)
    with time_machine.travel(visit.meeting.starts_at + 15 * DAY):
        tasks.forget_notes()
    assert left() == (False, False, True)
