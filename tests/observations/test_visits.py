"""The contract of a visit: proposed by a visitor, answered by the chair, held off by any member, unnamed (C1-C4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from observations import actions
from observations.models import Observation, Visit
from schools.models import Delivery
from schools.refusals import Refused
from tests import factories
from tests.conftest import TestCast
from tests.observations import steps
from workgroups.models import Guest, Meeting, Seat

NOW = factories.NOW


def guests(cast: TestCast) -> list[Guest]:
    return list(Guest.objects.filter(group=cast.reading))


def test_it_works(cast: TestCast) -> None:
    visit = steps.proposed(cast, own_words="  Ik luister graag.  ")
    assert (visit.state, visit.coach, visit.own_words) == ("proposed", cast.bram, "Ik luister graag.")
    assert visit.group == cast.reading
    assert not guests(cast)
    actions.accept_visit(visit=visit, by=cast.hat("els"), now=NOW)
    assert visit.state == "accepted"
    assert [guest.user for guest in guests(cast)] == [cast.bram]
    assert cast.hat("bram").visits(cast.reading.pk)


def test_a_leader_can_be_the_visitor(cast: TestCast) -> None:
    assert steps.proposed(cast, by=cast.hat("anna")).coach == cast.anna


@pytest.mark.parametrize("who", ["carla", "els", "joris", "frank"])
def test_it_needs_a_visitor(cast: TestCast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        steps.proposed(cast, by=cast.hat(who))


def test_a_coach_with_a_seat_is_no_visitor(cast: TestCast) -> None:
    group = factories.group(cast.schools["de-wilg"], "Jonge kind", chair=cast.bram)
    with pytest.raises(PermissionDenied):
        steps.proposed(cast, factories.meeting(group))


def test_a_coach_elsewhere_is_no_visitor(cast: TestCast) -> None:
    with pytest.raises(PermissionDenied):
        steps.proposed(cast, factories.meeting(cast.elsewhere))


def test_it_is_bound_to_the_next_planned_meeting(cast: TestCast) -> None:
    week = dt.timedelta(days=7)
    past = factories.meeting(cast.reading, factories.TODAY - week)
    called_off = factories.meeting(cast.reading, factories.TODAY + week, state="cancelled")
    coming = factories.meeting(cast.reading, factories.TODAY + 2 * week)
    later = factories.meeting(cast.reading, factories.TODAY + 3 * week)
    for meeting in (past, called_off, later):
        with pytest.raises(actions.NotNextMeeting):
            steps.proposed(cast, meeting)
    assert steps.proposed(cast, coming).meeting == coming


@pytest.mark.parametrize("minutes", [14, 31])
def test_listening_takes_15_to_30_minutes(cast: TestCast, minutes: int) -> None:
    with pytest.raises(actions.BadTarget):
        steps.proposed(cast, target_minutes=minutes)


@pytest.mark.parametrize("values", [{"purpose": "appraisal"}, {"own_words": "a" * 301}])
def test_judging_people_is_no_purpose(cast: TestCast, values: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        steps.proposed(cast, **values)
    assert not Visit.objects.exists()


def test_once_per_meeting(cast: TestCast) -> None:
    visit = steps.proposed(cast)
    with pytest.raises(actions.AlreadyProposed):
        steps.proposed(cast, visit.meeting)


@pytest.mark.parametrize("answer", [actions.accept_visit, actions.decline_visit])
def test_nobody_answers_their_own_question(cast: TestCast, answer: Callable[..., Any]) -> None:
    """Somebody who proposed a visit and was given the chair since."""
    visit = steps.proposed(cast, by=cast.hat("anna"))
    Seat.objects.filter(group=cast.reading).update(is_chair=False)
    Seat.objects.create(
        school=visit.school, group=cast.reading, user=cast.anna, is_chair=True, from_date=factories.LONG_AGO
    )
    with pytest.raises(PermissionDenied):
        answer(visit=visit, by=cast.hat("anna"), now=NOW)


def test_not_now_is_no_invitation_to_ask_on(cast: TestCast) -> None:
    """Else somebody with power over people could ask until they say yes (C4)."""
    visit = steps.proposed(cast)
    actions.decline_visit(visit=visit, by=cast.hat("els"), now=NOW)
    with pytest.raises(actions.NotAgain):
        steps.proposed(cast, visit.meeting)
    assert steps.proposed(cast, visit.meeting, by=cast.hat("anna")).state == "proposed"


def test_nor_is_a_yes_that_was_taken_back(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    actions.withdraw_visit(visit=visit, by=cast.hat("carla"), now=NOW)
    with pytest.raises(actions.NotAgain):
        steps.proposed(cast, visit.meeting)


def test_who_takes_a_proposal_back_can_make_a_better_one_once(cast: TestCast) -> None:
    meeting = factories.meeting(cast.reading)
    for _time in range(2):
        visit = steps.proposed(cast, meeting)
        actions.withdraw_visit(visit=visit, by=cast.hat("bram"), now=NOW)
    with pytest.raises(actions.NotAgain):
        steps.proposed(cast, meeting)


def test_the_meeting_after_it_can_be_asked_for(cast: TestCast) -> None:
    visit = steps.proposed(cast)
    actions.decline_visit(visit=visit, by=cast.hat("els"), now=NOW)
    after = factories.meeting(cast.reading, visit.meeting.day + dt.timedelta(days=7))
    now = visit.meeting.ends_at
    assert steps.proposed(cast, after, now=now).state == "proposed"


@pytest.mark.parametrize("who", ["carla", "bram", "anna", "frank", "joris"])
@pytest.mark.parametrize("answer", [actions.accept_visit, actions.decline_visit])
def test_only_the_chair_answers(cast: TestCast, answer: Callable[..., Any], who: str) -> None:
    visit = steps.proposed(cast)
    with pytest.raises(PermissionDenied):
        answer(visit=visit, by=cast.hat(who), now=NOW)


def test_a_yes_is_for_a_meeting_ahead(cast: TestCast) -> None:
    visit = steps.proposed(cast)
    with pytest.raises(actions.MeetingPassed):
        actions.accept_visit(visit=visit, by=cast.hat("els"), now=visit.meeting.ends_at)
    Meeting.objects.update(state="cancelled")
    with pytest.raises(actions.MeetingPassed):
        actions.accept_visit(visit=visit, by=cast.hat("els"), now=NOW)


def move(meeting: Meeting) -> None:
    """As workgroups moves it."""
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=meeting.starts_at + dt.timedelta(hours=1))
    meeting.refresh_from_db()


def test_a_moved_meeting_needs_a_new_yes(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    assert not visit.needs_new_yes
    move(visit.meeting)
    assert visit.needs_new_yes
    with pytest.raises(actions.MeetingMoved):
        actions.start_listening(visit=visit, by=cast.hat("bram"), now=visit.meeting.starts_at)
    actions.accept_visit(visit=visit, by=cast.hat("els"), now=NOW)
    assert not visit.needs_new_yes
    assert len(guests(cast)) == 1


@pytest.mark.parametrize("when", ["moved", "called off"])
def test_without_the_meeting_nobody_is_a_guest(cast: TestCast, when: str) -> None:
    """The group said yes to that day and time; until it says so again its inside stays shut."""
    visit = steps.accepted(cast)
    assert cast.hat("bram").visits(cast.reading.pk)
    if when == "moved":
        move(visit.meeting)
    else:
        Meeting.objects.update(state="cancelled")
    assert not cast.hat("bram").visits(cast.reading.pk)
    Meeting.objects.update(state="planned")
    if when == "moved":
        actions.accept_visit(visit=visit, by=cast.hat("els"), now=NOW)
    assert cast.hat("bram").visits(cast.reading.pk)


def test_after_sharing_only_the_days_count(cast: TestCast) -> None:
    visit = steps.shared(cast)
    Meeting.objects.update(state="cancelled")
    assert cast.hat("bram").visits(cast.reading.pk)
    last = factories.hat(cast.bram, cast.reading.school, today=visit.meeting.day + dt.timedelta(days=30))
    assert last.visits(cast.reading.pk)
    after = factories.hat(cast.bram, cast.reading.school, today=visit.meeting.day + dt.timedelta(days=31))
    assert not after.visits(cast.reading.pk)


@pytest.mark.parametrize("who", ["carla", "els"])
def test_any_member_postpones(cast: TestCast, who: str) -> None:
    visit = steps.accepted(cast)
    actions.postpone_visit(visit=visit, by=cast.hat(who), now=NOW)
    assert (visit.state, visit.accepted_for) == ("proposed", None)
    assert not guests(cast)
    assert not cast.hat("bram").visits(cast.reading.pk)


@pytest.mark.parametrize("who", ["bram", "anna", "frank", "joris"])
def test_nobody_else_postpones(cast: TestCast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.postpone_visit(visit=steps.accepted(cast), by=cast.hat(who), now=NOW)


@pytest.mark.parametrize("who", ["carla", "els", "bram"])
def test_members_and_the_visitor_withdraw(cast: TestCast, who: str) -> None:
    visit = steps.accepted(cast)
    actions.withdraw_visit(visit=visit, by=cast.hat(who), now=NOW)
    assert visit.state == "withdrawn"
    assert not guests(cast)


@pytest.mark.parametrize("who", ["anna", "frank", "joris"])
def test_nobody_else_withdraws(cast: TestCast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.withdraw_visit(visit=steps.accepted(cast), by=cast.hat(who), now=NOW)


@pytest.mark.parametrize("deed", [actions.postpone_visit, actions.withdraw_visit])
def test_without_consent_the_notes_are_gone(cast: TestCast, deed: Callable[..., Any]) -> None:
    visit = steps.noted(cast).visit
    deed(visit=visit, by=cast.hat("carla"), now=steps.after(visit.meeting, hours=1))
    assert not Observation.objects.exists()
    assert not guests(cast)


def test_an_earlier_visit_keeps_its_guest(cast: TestCast) -> None:
    shared = steps.shared(cast)
    week = dt.timedelta(days=7)
    now = steps.after(shared.meeting, hours=2)
    coming = factories.meeting(cast.reading, shared.meeting.day + week)
    second = steps.proposed(cast, coming, now=now)
    actions.accept_visit(visit=second, by=cast.hat("els"), now=now)
    assert len(guests(cast)) == 2
    actions.withdraw_visit(visit=second, by=cast.hat("carla"), now=now)
    assert [guest.until_date for guest in guests(cast)] == [shared.meeting.day + dt.timedelta(days=30)]


def test_who_never_came_is_no_guest_for_long(cast: TestCast) -> None:
    """Else a yes to one hour would open what the group keeps to itself for months."""
    visit = steps.accepted(cast)
    day = visit.meeting.day
    assert [guest.until_date for guest in guests(cast)] == [day + dt.timedelta(days=14)]
    later = factories.hat(cast.bram, visit.school, today=day + dt.timedelta(days=15))
    assert not later.visits(cast.reading.pk)


@pytest.mark.parametrize("kept_the_clock", [True, False])
def test_who_listened_stays_a_guest_until_the_notes_are_gone(cast: TestCast, kept_the_clock: bool) -> None:
    """Also where the visitor's own app kept the clock, and came back weeks later."""
    if kept_the_clock:
        visit = steps.accepted(cast)
        steps.log(visit, cast.hat("bram"), listened=20, now=steps.after(visit.meeting, days=20))
    else:
        visit = steps.listening(cast)
    assert [guest.until_date for guest in guests(cast)] == [visit.meeting.day + dt.timedelta(days=90)]


@pytest.mark.parametrize("deed", [actions.postpone_visit, actions.withdraw_visit])
def test_unnamed_stays_unnamed(cast: TestCast, deed: Callable[..., Any]) -> None:
    """Neither who held it off nor when on the day can be told from any row."""
    visit = steps.accepted(cast)
    now = NOW.replace(hour=10, minute=37, second=21)
    deed(visit=visit, by=cast.hat("carla"), now=now)
    row = Visit.objects.filter(pk=visit.pk).values().get()
    assert cast.carla.pk not in {value for name, value in row.items() if name.endswith("_id")} - {row["group_id"]}
    moments = [value for value in row.values() if isinstance(value, dt.datetime)]
    letters = Delivery.objects.filter(subject_id=visit.pk, version=visit.version)
    assert [letter.user for letter in letters] == [cast.bram]
    moments += [moment for letter in letters for moment in (letter.due_at, letter.next_try_at, letter.expires_at)]
    assert moments
    assert all((moment.minute, moment.second) != (37, 21) for moment in moments)
    assert {letter.due_at.astimezone(visit.meeting.zone).time() for letter in letters} == {dt.time(7)}


STATES = ["proposed", "accepted", "declined", "withdrawn", "listening", "noting", "shared"]
POSSIBLE = {
    "accept": {"proposed"},
    "decline": {"proposed"},
    "postpone": {"accepted", "listening", "noting"},
    "withdraw": {"proposed", "accepted", "listening", "noting"},
    "start": {"accepted"},
    "stop": {"listening"},
    "log": {"accepted", "listening", "noting"},
    "share": {"noting"},
}


def bring_to(cast: TestCast, state: str) -> Visit:
    """A visit in this state."""
    if state in {"declined", "withdrawn"}:
        visit = steps.proposed(cast)
        deed = actions.decline_visit if state == "declined" else actions.withdraw_visit
        return deed(visit=visit, by=cast.hat("els"), now=NOW)
    if state == "noting":
        return steps.noted(cast).visit
    return {
        "proposed": steps.proposed,
        "accepted": steps.accepted,
        "listening": steps.listening,
        "shared": steps.shared,
    }[state](cast)


def do(cast: TestCast, deed: str, visit: Visit) -> None:
    """The deed, by somebody who may do it, at a moment at which it could be done."""
    bram, els, now = cast.hat("bram"), cast.hat("els"), steps.after(visit.meeting, minutes=20)
    if deed == "log":
        kept = Observation.objects.filter(visit=visit).first()
        content: dict[str, Any] = {"id": kept.pk, "version": kept.version} if kept else {"listened": 15}
        steps.log(visit, bram, **content, notes={"openness": ("Anders.", "")}, now=now)
    elif deed == "share":
        observation = Observation.objects.filter(visit=visit).first() or Observation(visit=visit)
        actions.share_feedback(observation=observation, by=bram, now=now)
    else:
        verb, by = {
            "accept": (actions.accept_visit, els),
            "decline": (actions.decline_visit, els),
            "postpone": (actions.postpone_visit, els),
            "withdraw": (actions.withdraw_visit, els),
            "start": (actions.start_listening, bram),
            "stop": (actions.stop_listening, bram),
        }[deed]
        verb(visit=visit, by=by, now=now)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("deed", POSSIBLE)
def test_every_state_allows_what_it_should(cast: TestCast, deed: str, state: str) -> None:
    visit = bring_to(cast, state)
    before = Visit.objects.filter(pk=visit.pk).values().get()
    if state in POSSIBLE[deed]:
        do(cast, deed, visit)
        return
    refusals = (
        actions.NotPossibleNow,
        actions.NotListened,
        actions.AlreadyShared,
        actions.VisitGone,
    )
    with pytest.raises(refusals):
        do(cast, deed, visit)
    assert Visit.objects.filter(pk=visit.pk).values().get() == before
