"""Raw notes and marks vanish 14 days after sharing, 90 days after the meeting at the latest; the visitor is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from observations import actions, queries
from observations.models import AspectNote, BehaviourMark, FeedbackPair, Visit
from schools import retention, tasks
from schools.models import School
from tests import factories
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
    assert retention.forget("notes", now=visit.shared_at + 13 * DAY) == 0
    assert left() == (True, True, True)
    with django_assert_num_queries(8):  # with a savepoint
        assert retention.forget("notes", now=visit.shared_at + 14 * DAY) == 1
    assert left() == (False, False, True)
    assert queries.profile_of(cast.reading) == before
    assert queries.feedback_of(visit)


def test_what_was_never_shared_goes_after_90_days(cast: TestCast) -> None:
    visit = steps.noted(cast).visit
    assert retention.forget("notes", now=visit.meeting.starts_at + 89 * DAY) == 0
    retention.forget("notes", now=visit.meeting.starts_at + 90 * DAY)
    assert left() == (False, False, False)


def test_the_clock_does_it_by_itself(cast: TestCast) -> None:
    visit = steps.shared(cast)
    with time_machine.travel(visit.meeting.starts_at + 15 * DAY):
        tasks.forget()
    assert left() == (False, False, True)


def test_the_day_stays_as_a_receipt(cast: TestCast) -> None:
    visit = steps.shared(cast)
    assert visit.shared_at
    retention.forget("notes", now=visit.shared_at + 14 * DAY)
    retention.forget("notes", now=visit.shared_at + 20 * DAY)
    visit.refresh_from_db()
    assert visit.forgotten_on == visit.meeting.day + 14 * DAY


def test_the_day_is_the_schools_own(cast: TestCast) -> None:
    """Where the clocks run six hours behind, the evening is still yesterday."""
    visit = steps.noted(cast).visit
    School.objects.filter(pk=visit.school_id).update(time_zone="America/Curacao")
    late = (visit.meeting.starts_at + 91 * DAY).replace(hour=2)
    retention.forget("notes", now=late)
    visit.refresh_from_db()
    assert visit.forgotten_on == late.date() - DAY


def test_without_notes_there_is_no_receipt(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    retention.forget("notes", now=visit.meeting.starts_at + 90 * DAY)
    visit.refresh_from_db()
    assert visit.forgotten_on is None


def test_the_days_are_counted_down(cast: TestCast) -> None:
    visit = steps.noted(cast).visit
    day = visit.meeting.day
    unshared = queries.vanishing(visit, today=day + 80 * DAY)
    assert unshared == queries.Vanishing(day + 90 * DAY, 10)
    now = steps.after(visit.meeting, days=1)
    actions.share_feedback(observation=visit.observation, by=cast.hat("bram"), now=now)
    visit.refresh_from_db()
    assert queries.vanishing(visit, today=day + 6 * DAY) == queries.Vanishing(day + 15 * DAY, 9)
    assert queries.vanishing(visit, today=day + 15 * DAY) == queries.Vanishing(day + 15 * DAY, 0)
    retention.forget("notes", now=now + 14 * DAY)
    visit.refresh_from_db()
    assert queries.vanishing(visit, today=day + 15 * DAY) is None


def test_before_there_are_notes_nothing_is_counted(cast: TestCast) -> None:
    assert queries.vanishing(steps.accepted(cast), today=factories.TODAY) is None


def test_what_is_gone_does_not_come_back(cast: TestCast) -> None:
    """From a device that was off for three months; whether or not the clock passed by yet."""
    observation = steps.noted(cast)
    late = observation.visit.meeting.starts_at + 90 * DAY
    for _time in range(2):
        with pytest.raises(actions.NotesForgotten):
            steps.log(observation.visit, cast.hat("bram"), id=observation.pk, version=2, notes={}, now=late)
        retention.forget("notes", now=late)
        observation.visit.refresh_from_db()
    assert left() == (False, False, False)


def told(browser: Any, visit: Visit, page: str = "") -> str:
    """The words of a page about the visit, or of the home, on one line."""
    address = "/s/de-wilg/" if page == "home" else f"/s/de-wilg/visits/{visit.pk}/{page}"
    answer = browser.get(address)
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def test_the_visitor_reads_how_long_it_takes(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.noted(cast).visit
    clock(steps.after(visit.meeting, days=81))
    for page in ("", "notes/", "home"):
        assert "Je aantekeningen verdwijnen over 9 dagen" in told(as_(cast.bram), visit, page)
    clock(steps.after(visit.meeting, days=30))
    assert "verdwijnen over" not in told(as_(cast.bram), visit, "home")
    assert "verdwijnen over 60 dagen" in told(as_(cast.bram), visit, "notes/")
    for who in ("els", "carla"):
        assert "verdwijnen over" not in told(as_(cast.people[who]), visit)


def test_after_sharing_it_is_sooner(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.shared(cast)
    clock(steps.after(visit.meeting, days=13))
    for page in ("", "home"):
        assert "Je aantekeningen verdwijnen over 1 dag" in told(as_(cast.bram), visit, page)
    assert "verdwijnen" not in told(as_(cast.carla), visit)
    clock(steps.after(visit.meeting, days=14))
    assert "Je aantekeningen verdwijnen vandaag." in told(as_(cast.bram), visit)


def test_the_visitor_gets_a_receipt(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.shared(cast)
    retention.forget("notes", now=steps.after(visit.meeting, days=15))
    clock(steps.after(visit.meeting, days=20))
    assert "verwijderd op 16 december" in told(as_(cast.bram), visit)
    assert "verwijderd op 16 december" in told(as_(cast.bram), visit, "home")
    assert "verwijderd" not in told(as_(cast.carla), visit)
    clock(steps.after(visit.meeting, days=23))
    assert "verwijderd op" not in told(as_(cast.bram), visit, "home")


def test_what_was_never_shared_has_a_receipt_and_no_notes_page(cast: TestCast, as_: Any, clock: Any) -> None:
    visit = steps.noted(cast).visit
    retention.forget("notes", now=steps.after(visit.meeting, days=90))
    clock(steps.after(visit.meeting, days=91))
    browser = as_(cast.bram)
    for page in ("notes/", "feedback/", "share/"):
        assert browser.get(f"/s/de-wilg/visits/{visit.pk}/{page}").status_code == 302
    assert "Er is niets gedeeld" in told(browser, visit)
    assert "Er is niets gedeeld" in told(browser, visit, "home")
    assert "visits/" not in told(as_(cast.carla), visit, "home")
