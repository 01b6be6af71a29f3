"""Planning a meeting, moving it and calling it off."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions, tasks
from workgroups.models import Meeting, Opener, WorkGroup

DAY = dt.timedelta(days=1)
FORM: dict[str, Any] = {
    "day": TODAY + 7 * DAY,
    "time": dt.time(15, 15),
    "minutes": 60,
    "place": "Teamkamer",
    "title": "",
    "now": NOW,
}


def plan(cast: TestCast, **values: Any) -> Meeting:
    given: dict[str, Any] = {"group": cast.reading, "by": cast.hat("els"), **FORM, **values}
    return actions.plan_meeting(**given)


def test_it_works(cast: TestCast) -> None:
    meeting = plan(cast, title=" Over  lezen ")
    meeting.refresh_from_db()
    assert (meeting.state, meeting.schedule_version, meeting.title) == ("planned", 1, "Over lezen")
    assert meeting.starts_at == dt.datetime(2026, 12, 1, 14, 15, tzinfo=dt.UTC)
    assert meeting.time_zone == "Europe/Amsterdam"


@pytest.mark.parametrize("who", ["carla", "joris", "anna", "frank", "bram"])
def test_it_needs_the_chair(cast: TestCast, who: str) -> None:
    meeting = plan(cast)
    by = cast.hat(who)
    with pytest.raises(PermissionDenied):
        plan(cast, by=by)
    with pytest.raises(PermissionDenied):
        actions.move_meeting(meeting=meeting, **FORM, by=by)
    with pytest.raises(PermissionDenied):
        actions.cancel_meeting(meeting=meeting, by=by, now=NOW)
    with pytest.raises(PermissionDenied):
        actions.restore_meeting(meeting=meeting, by=by, now=NOW)


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        ({"day": TODAY, "time": dt.time(9, 59)}, actions.InThePast, "day"),
        ({"day": TODAY, "time": dt.time(10, 0)}, actions.InThePast, "day"),
        ({"day": dt.date(2062, 12, 1)}, actions.TooFarAhead, "day"),
        ({"minutes": 4}, actions.OddLength, "minutes"),
        ({"minutes": 481}, actions.OddLength, "minutes"),
        ({"day": dt.date(2027, 3, 28), "time": dt.time(2, 30)}, actions.NoSuchTime, "time"),
        ({"place": "x" * 81}, actions.TextTooLong, "place"),
        ({"title": "x" * 81}, actions.TextTooLong, "title"),
        ({"day": dt.date.min, "time": dt.time(0, 0)}, actions.InThePast, "day"),
        ({"day": dt.date.max}, actions.TooFarAhead, "day"),
    ],
)
def test_a_refusal_names_its_field(cast: TestCast, values: dict[str, Any], refusal: Any, field: str) -> None:
    with pytest.raises(refusal) as refused:
        plan(cast, **values)
    assert refused.value.field == field


def test_of_a_time_that_comes_twice_it_takes_the_first(cast: TestCast) -> None:
    meeting = plan(cast, day=dt.date(2027, 10, 31), time=dt.time(2, 30))
    assert meeting.starts_at == dt.datetime(2027, 10, 31, 0, 30, tzinfo=dt.UTC)


def test_a_group_meets_once_at_a_time(cast: TestCast) -> None:
    first = plan(cast)
    with pytest.raises(actions.AlreadyPlanned):
        plan(cast)
    other = plan(cast, time=dt.time(16, 30))
    with pytest.raises(actions.AlreadyPlanned):
        actions.move_meeting(meeting=other, **FORM, by=cast.hat("els"))
    actions.cancel_meeting(meeting=first, by=cast.hat("els"), now=NOW)
    second = plan(cast)
    with pytest.raises(actions.AlreadyPlanned):
        actions.restore_meeting(meeting=first, by=cast.hat("els"), now=NOW)
    assert plan(cast, group=cast.maths, by=cast.hat("joris")).starts_at == second.starts_at


@pytest.mark.parametrize(
    ("values", "version"),
    [
        ({"title": "Iets anders"}, 1),
        ({"place": " Teamkamer "}, 1),
        ({"place": "Aula"}, 2),
        ({"time": dt.time(15, 30)}, 2),
        ({"day": TODAY + 8 * DAY}, 2),
        ({"minutes": 90}, 2),
    ],
)
def test_only_a_new_schedule_is_a_new_version(cast: TestCast, values: dict[str, Any], version: int) -> None:
    meeting = plan(cast)
    actions.move_meeting(meeting=meeting, **FORM | values, by=cast.hat("els"))
    meeting.refresh_from_db()
    assert meeting.schedule_version == version
    if "title" in values:
        assert meeting.title == "Iets anders"


def test_moving_derives_the_instant_anew(cast: TestCast) -> None:
    meeting = plan(cast)
    actions.move_meeting(meeting=meeting, **FORM | {"day": dt.date(2027, 6, 1)}, by=cast.hat("els"))
    meeting.refresh_from_db()
    assert meeting.starts_at == dt.datetime(2027, 6, 1, 13, 15, tzinfo=dt.UTC)


def test_a_meeting_that_did_not_take_place_can_still_move(cast: TestCast) -> None:
    meeting = factories.meeting(cast.reading, TODAY - DAY)
    assert actions.move_meeting(meeting=meeting, **FORM, by=cast.hat("els")).day == TODAY + 7 * DAY


def test_an_open_meeting_stays_where_it_is(cast: TestCast) -> None:
    meeting = factories.meeting(cast.reading)
    Opener.objects.create(school=meeting.school, group=cast.reading, meeting=meeting, opened_at=NOW)
    els = cast.hat("els")
    with pytest.raises(actions.AlreadyOpened):
        actions.move_meeting(meeting=meeting, **FORM | {"place": "Aula"}, by=els)
    with pytest.raises(actions.AlreadyOpened):
        actions.cancel_meeting(meeting=meeting, by=els, now=NOW)
    assert actions.move_meeting(meeting=meeting, **FORM | {"title": "Toch"}, by=els).title == "Toch"


def test_cancel_and_restore(cast: TestCast) -> None:
    meeting, els = plan(cast), cast.hat("els")
    assert actions.cancel_meeting(meeting=meeting, by=els, now=NOW).state == "cancelled"
    with pytest.raises(actions.NotPlanned):
        actions.cancel_meeting(meeting=meeting, by=els, now=NOW)
    assert actions.restore_meeting(meeting=meeting, by=els, now=NOW).state == "planned"
    with pytest.raises(actions.NotCancelled):
        actions.restore_meeting(meeting=meeting, by=els, now=NOW)
    meeting.refresh_from_db()
    assert (meeting.state, meeting.schedule_version) == ("planned", 3)


def test_a_meeting_of_the_past_is_not_restored(cast: TestCast) -> None:
    meeting = factories.meeting(cast.reading, TODAY - DAY, state="cancelled")
    with pytest.raises(actions.InThePast):
        actions.restore_meeting(meeting=meeting, by=cast.hat("els"), now=NOW)


VERBS: dict[str, Any] = {
    "move": lambda meeting, by: actions.move_meeting(meeting=meeting, **FORM, by=by),
    "cancel": lambda meeting, by: actions.cancel_meeting(meeting=meeting, by=by, now=NOW),
    "restore": lambda meeting, by: actions.restore_meeting(meeting=meeting, by=by, now=NOW),
    "open": lambda meeting, by: actions.open_meeting(meeting=meeting, by=by, now=NOW),
    "close": lambda meeting, by: actions.close_meeting(meeting=meeting, agreements={}, goals={}, by=by, now=NOW),
    "skip": lambda meeting, by: actions.skip_closer(meeting=meeting, because="Geen tijd", by=by, now=NOW),
}
ALLOWED = {
    ("planned", "move"),
    ("planned", "cancel"),
    ("planned", "open"),
    ("planned", "close"),
    ("planned", "skip"),
    ("cancelled", "restore"),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("state", ["planned", "held", "cancelled", "lapsed"])
def test_only_these_steps_from_state_to_state_exist(cast: TestCast, state: str, verb: str) -> None:
    ahead = verb in {"move", "cancel", "restore"}
    day = TODAY + DAY if ahead else TODAY
    meeting = factories.meeting(cast.reading, day, dt.time(9, 30), state=state)
    if (state, verb) in ALLOWED:
        VERBS[verb](meeting, cast.hat("els"))
    else:
        with pytest.raises(actions.Refused):
            VERBS[verb](meeting, cast.hat("els"))
        meeting.refresh_from_db()
        assert (meeting.state, meeting.schedule_version) == (state, 1)


def test_nothing_is_planned_for_an_ended_group(cast: TestCast) -> None:
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=TODAY)
    with pytest.raises(actions.GroupEnded):
        plan(cast)


def test_what_nobody_closes_lapses_after_fourteen_days(cast: TestCast) -> None:
    at = dt.time(10, 0)
    old = factories.meeting(cast.reading, TODAY - 14 * DAY, dt.time(9, 59))
    young = factories.meeting(cast.maths, TODAY - 14 * DAY, at)
    held = factories.meeting(cast.reading, TODAY - 30 * DAY, at, state="held")
    assert actions.lapse_meetings(now=NOW) == 1
    assert actions.lapse_meetings(now=NOW) == 0
    states = dict(Meeting.objects.values_list("pk", "state"))
    assert states == {old.pk: "lapsed", young.pk: "planned", held.pk: "held"}


def test_the_clock_does_it_by_itself(cast: TestCast) -> None:
    meeting = factories.meeting(cast.reading, dt.date(2020, 1, 6))
    tasks.lapse_meetings()
    meeting.refresh_from_db()
    assert meeting.state == "lapsed"
