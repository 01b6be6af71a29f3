"""Writing down what was heard, under an id that the client made (C8-C10): twice the same changes nothing."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from observations import actions, queries
from observations.models import AspectNote, FeedbackPair, Observation
from schools.refusals import Conflict
from tests import factories
from tests.conftest import TestCast
from tests.observations import steps
from tests.observations.steps import MARKS, NOTES, PAIR, log
from workgroups.models import Meeting


def test_it_works(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    mine = uuid.uuid4()
    observation, created = log(visit, cast.hat("bram"), id=mine, listened=22)
    visit.refresh_from_db()
    assert created
    assert (observation.pk, observation.listened, observation.version, visit.state) == (mine, 22, 1, "noting")
    assert queries.notes_in(observation) == NOTES
    assert queries.marks_in(observation) == MARKS
    assert queries.pairs_of(observation) == [PAIR]


def test_the_same_again_leaves_the_row_untouched(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    first, _created = log(visit, cast.hat("bram"), listened=20)
    before = Observation.objects.values().get(), list(AspectNote.objects.values()), list(FeedbackPair.objects.values())
    again = {"id": first.pk, "now": steps.after(visit.meeting, hours=2)}
    for version in (None, 1, 7):
        assert log(visit, cast.hat("bram"), listened=20, version=version, **again) == (first, False)
    after = Observation.objects.values().get(), list(AspectNote.objects.values()), list(FeedbackPair.objects.values())
    assert after == before


@pytest.mark.parametrize("stale", [None, 0, 1])
def test_other_content_needs_the_right_version(cast: TestCast, stale: int | None) -> None:
    observation = steps.noted(cast)
    assert observation.version == 2
    kept = queries.notes_in(observation)
    with pytest.raises(Conflict):
        log(observation.visit, cast.hat("bram"), id=observation.pk, notes={}, version=stale)
    assert queries.notes_in(observation) == kept
    changed, created = log(observation.visit, cast.hat("bram"), id=observation.pk, notes={}, version=2)
    assert (changed.version, created, queries.notes_in(changed)) == (3, False, {})


def test_what_it_holds_is_replaced_whole(cast: TestCast) -> None:
    observation = steps.noted(cast)
    content: dict[str, Any] = {"notes": {"reflecting": ("Mooi.", "")}, "marks": {"reflecting-b1": 2}, "pairs": []}
    log(observation.visit, cast.hat("bram"), id=observation.pk, version=2, **content)
    assert queries.notes_in(observation) == content["notes"]
    assert queries.marks_in(observation) == content["marks"]
    assert queries.pairs_of(observation) == []


def test_somebody_elses_id_is_not_there(cast: TestCast) -> None:
    of_bram = steps.noted(cast)
    coming = factories.meeting(cast.maths)
    visit = steps.proposed(cast, coming, by=cast.hat("anna"))
    actions.accept_visit(visit=visit, by=cast.hat("joris"), now=factories.NOW)
    with pytest.raises(Http404):
        log(visit, cast.hat("anna"), id=of_bram.pk, listened=20)
    assert queries.notes_in(of_bram) == NOTES


def test_an_id_belongs_to_one_visit(cast: TestCast) -> None:
    observation = steps.noted(cast)
    second = steps.proposed(cast, factories.meeting(cast.maths))
    actions.accept_visit(visit=second, by=cast.hat("joris"), now=factories.NOW)
    with pytest.raises(actions.AnotherId):
        log(second, cast.hat("bram"), id=observation.pk, listened=20)
    with pytest.raises(actions.AnotherId):
        log(observation.visit, cast.hat("bram"), id=uuid.uuid4())


@pytest.mark.parametrize("who", ["carla", "els", "anna", "frank", "joris"])
def test_it_needs_the_visitor(cast: TestCast, who: str) -> None:
    visit = steps.accepted(cast)
    with pytest.raises(PermissionDenied):
        log(visit, cast.hat(who), listened=20)


@pytest.mark.parametrize("listened", [None, 0])
def test_first_listen_then_note(cast: TestCast, listened: int | None) -> None:
    visit = steps.accepted(cast)
    with pytest.raises(actions.NotListened):
        log(visit, cast.hat("bram"), listened=listened)
    actions.start_listening(visit=visit, by=cast.hat("bram"), now=visit.meeting.starts_at)
    with pytest.raises(actions.NotListened):
        log(visit, cast.hat("bram"), listened=listened)
    assert not Observation.objects.exists()


def test_a_clock_that_started_here_may_stop_on_the_device(cast: TestCast) -> None:
    """The network went away while listening: the device counts on and tells how long it was."""
    visit = steps.listening(cast)
    observation, is_new = log(visit, cast.hat("bram"), listened=24)
    visit.refresh_from_db()
    assert (is_new, observation.listened, visit.state) == (True, 24, "noting")


def test_that_clock_counts_no_more_than_there_was(cast: TestCast) -> None:
    visit = steps.listening(cast)
    with pytest.raises(actions.NotHeardYet):
        log(visit, cast.hat("bram"), listened=46, now=steps.after(visit.meeting, minutes=30))
    visit.refresh_from_db()
    assert visit.state == "listening"


def test_not_before_the_meeting_began(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    with pytest.raises(actions.TooEarly):
        log(visit, cast.hat("bram"), listened=10, now=steps.before(visit.meeting, minutes=1))


@pytest.mark.parametrize("listened", [-1, 46, 241])
def test_minutes_must_be_possible(cast: TestCast, listened: int) -> None:
    visit = steps.accepted(cast)
    with pytest.raises(actions.NotHeardYet):
        log(visit, cast.hat("bram"), listened=listened, now=steps.after(visit.meeting, minutes=30))


def test_the_minutes_listened_stand(cast: TestCast) -> None:
    observation = steps.noted(cast)
    with pytest.raises(actions.ListenedStands):
        log(observation.visit, cast.hat("bram"), id=observation.pk, listened=30, version=2)


HALF = actions.Pair("openness", "Jullie vroegen door.", "feedback", "  ")
UNSEEN = actions.Pair("openness", "\u200b\u2060", "feedback", "Vraag er eens om.")


@pytest.mark.parametrize(
    ("refusal", "content"),
    [
        (actions.TooManyPairs, {"pairs": [PAIR] * 4}),
        (actions.OneSided, {"pairs": [PAIR, HALF]}),
        (actions.OneSided, {"pairs": [UNSEEN]}),
        (actions.UnknownKey, {"pairs": [actions.Pair("charm", "Ja.", "openness", "Nee.")]}),
        (actions.UnknownKey, {"notes": {"charm": ("Ja.", "")}}),
        (actions.UnknownKey, {"marks": {"charm-b1": 2}}),
        (actions.BadDegree, {"marks": {"openness-b1": 5}}),
        (actions.BadDegree, {"marks": {"openness-b1": 0}}),
        (actions.TooLong, {"notes": {"openness": ("a" * 2001, "")}}),
        (actions.TooLong, {"pairs": [actions.Pair("openness", "a" * 401, "openness", "Nee.")]}),
    ],
)
def test_it_must_fit_the_instrument(cast: TestCast, refusal: type[Exception], content: dict[str, Any]) -> None:
    visit = steps.accepted(cast)
    with pytest.raises(refusal):
        log(visit, cast.hat("bram"), listened=20, **content)


def test_shared_feedback_stays_as_it_is(cast: TestCast) -> None:
    visit = steps.shared(cast)
    kept = Observation.objects.get(visit=visit)
    with pytest.raises(actions.AlreadyShared):
        log(visit, cast.hat("bram"), id=kept.pk, version=kept.version, pairs=[])
    assert queries.pairs_of(kept) == [PAIR]


def test_what_was_sent_again_after_sharing_is_no_change(cast: TestCast) -> None:
    visit = steps.shared(cast)
    kept = Observation.objects.get(visit=visit)
    assert log(visit, cast.hat("bram"), id=kept.pk, version=kept.version) == (kept, False)


OVER = {
    "withdrawn by the group": lambda cast, visit: actions.withdraw_visit(
        visit=visit, by=cast.hat("carla"), now=factories.NOW
    ),
    "withdrawn by the visitor": lambda cast, visit: actions.withdraw_visit(
        visit=visit, by=cast.hat("bram"), now=factories.NOW
    ),
    "postponed": lambda cast, visit: actions.postpone_visit(visit=visit, by=cast.hat("carla"), now=factories.NOW),
}


@pytest.mark.parametrize("how", OVER)
def test_what_is_over_takes_nothing_in(cast: TestCast, how: str) -> None:
    """Neither something new nor what was deleted, with the version that was read or none."""
    observation = steps.noted(cast)
    OVER[how](cast, observation.visit)
    for mine, version in ((observation.pk, 2), (observation.pk, None), (uuid.uuid4(), None)):
        with pytest.raises(actions.VisitGone):
            log(observation.visit, cast.hat("bram"), id=mine, listened=20, version=version)
    assert not Observation.objects.exists()
    assert not AspectNote.objects.exists()


def test_a_declined_visit_is_over(cast: TestCast) -> None:
    visit = actions.decline_visit(visit=steps.proposed(cast), by=cast.hat("els"), now=factories.NOW)
    with pytest.raises(actions.VisitGone):
        log(visit, cast.hat("bram"), listened=20)


@pytest.mark.parametrize("brought", [steps.proposed, steps.amended])
def test_what_waits_for_a_yes_is_not_over(cast: TestCast, brought: Any) -> None:
    """What a device holds may be of use yet, so it is refused and not called gone."""
    visit = brought(cast)
    with pytest.raises(actions.NotPossibleNow):
        log(visit, cast.hat("bram"), listened=20)


def test_a_postponed_visit_that_is_welcome_again_begins_anew(cast: TestCast) -> None:
    observation = steps.noted(cast)
    visit = actions.postpone_visit(visit=observation.visit, by=cast.hat("carla"), now=factories.NOW)
    visit = actions.accept_visit(visit=visit, by=cast.hat("els"), now=factories.NOW)
    fresh, is_new = log(visit, cast.hat("bram"), listened=20)
    assert is_new
    assert fresh.pk != observation.pk


def move(meeting: Meeting, **later: int) -> None:
    """The meeting moves, and nobody says yes to the new time."""
    starts_at = meeting.starts_at + dt.timedelta(**later)
    local = starts_at.astimezone(meeting.zone)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=starts_at, day=local.date(), time=local.time())


@pytest.mark.parametrize("minutes", [-30, 15])
def test_words_from_a_meeting_that_moved_within_its_day_arrive(cast: TestCast, minutes: int) -> None:
    """No news could reach who listened in good faith."""
    visit = steps.accepted(cast)
    now = steps.after(visit.meeting, minutes=40)
    move(visit.meeting, minutes=minutes)
    with pytest.raises(actions.MeetingMoved):
        actions.start_listening(visit=visit, by=cast.hat("bram"), now=now)
    kept, is_new = log(visit, cast.hat("bram"), listened=35, now=now)
    assert (is_new, kept.listened, kept.notes.count()) == (True, 35, len(NOTES))
    assert actions.share_feedback(observation=kept, by=cast.hat("bram"), now=now).state == "shared"
    assert cast.hat("bram").visits(visit.group_id)


def test_for_another_day_they_wait_for_a_new_yes(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    move(visit.meeting, days=1)
    with pytest.raises(actions.MeetingMoved):
        log(visit, cast.hat("bram"), listened=20)
    actions.accept_visit(visit=visit, by=cast.hat("els"), now=steps.after(visit.meeting, minutes=45))
    with pytest.raises(actions.TooEarly):
        log(visit, cast.hat("bram"), listened=20, now=steps.after(visit.meeting, hours=1))
    assert log(visit, cast.hat("bram"), listened=20, now=steps.after(visit.meeting, days=1, minutes=5))[1]


def test_a_meeting_that_was_called_off_takes_nothing_in(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    Meeting.objects.filter(pk=visit.meeting_id).update(state="cancelled")
    with pytest.raises(actions.MeetingCancelled):
        log(visit, cast.hat("bram"), listened=20)
    assert not Observation.objects.exists()
