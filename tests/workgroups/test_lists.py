"""Groups and meetings in lists and on their pages: who sees what, in a fixed number of queries."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import translation

from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions, queries
from workgroups.models import Closer, Meeting, Opener, WorkGroup

DAY = dt.timedelta(days=1)
pytestmark = pytest.mark.sqlite


def held(group: WorkGroup, day: dt.date, *, opened: bool = True, closed: bool = True, because: str = "") -> Meeting:
    meeting = factories.meeting(group, day, state="held" if closed else "planned")
    of = {"school": group.school, "group": group, "meeting": meeting}
    if opened:
        Opener.objects.create(**of, opened_at=meeting.starts_at)
    if closed:
        Closer.objects.create(**of, closed_at=meeting.ends_at, skipped_because=because)
    return meeting


def rows(cast: TestCast, who: str = "anna", **values: Any) -> dict[str, queries.GroupRow]:
    found = queries.groups_in_school(cast.hat(who), now=NOW, **values)
    return {row.group.name: row for row in found}


def test_the_school_sees_its_groups_by_name(cast: TestCast) -> None:
    period = factories.period(cast.reading, cast.aspects["openness"])
    factories.goal(period, "Geheim doel")
    last, ahead = held(cast.reading, TODAY - 7 * DAY), factories.meeting(cast.reading, TODAY + 7 * DAY)
    for who in ("anna", "frank", "joris", "bram"):
        found = rows(cast, who)
        assert list(found) == ["Begrijpend lezen", "Rekenen"]
        reading = found["Begrijpend lezen"]
        assert (reading.aspect, reading.last, reading.next) == (cast.aspects["openness"], last, ahead)
        assert found["Rekenen"].rhythm == ()
        assert "Geheim" not in repr(found)


def test_next_door_sees_nothing(cast: TestCast) -> None:
    held(cast.reading, TODAY - 7 * DAY)
    found = queries.groups_in_school(cast.hat("daan", "de-beuk"), now=NOW)
    assert [row.group for row in found] == [cast.next_door]


def test_opener_and_closer_show_only_where_the_group_shares(cast: TestCast) -> None:
    held(cast.reading, TODAY - 7 * DAY)
    held(cast.maths, TODAY - 7 * DAY)
    found = rows(cast, shared={cast.maths.pk})
    (reading,), (maths,) = found["Begrijpend lezen"].rhythm, found["Rekenen"].rhythm
    assert (reading.state, reading.opened, reading.closed) == ("held", None, None)
    assert (maths.opened, maths.closed) == (True, True)


def test_the_rhythm_is_the_last_six_and_the_next(cast: TestCast) -> None:
    for weeks in range(1, 9):
        held(cast.reading, TODAY - weeks * 7 * DAY)
    factories.meeting(cast.reading, TODAY + 7 * DAY)
    factories.meeting(cast.reading, TODAY + 14 * DAY)
    beats = rows(cast)["Begrijpend lezen"].rhythm
    assert [(beat.day - TODAY).days for beat in beats] == [-42, -35, -28, -21, -14, -7, 7]


@pytest.mark.parametrize(
    ("state", "opened", "closed", "words"),
    [
        ("held", True, True, "1 december: herhaald en teruggekeken"),
        ("held", True, False, "1 december: herhaald"),
        ("held", False, True, "1 december: teruggekeken"),
        ("held", None, None, "1 december: gehouden"),
        ("planned", None, None, "1 december: gepland"),
        ("cancelled", None, None, "1 december: afgezegd"),
        ("lapsed", True, False, "1 december: niet afgesloten"),
    ],
)
def test_a_beat_in_words(state: str, opened: bool | None, closed: bool | None, words: str) -> None:
    with translation.override("nl"):
        assert queries.Beat(dt.date(2026, 12, 1), state, opened, closed).label == words


def test_a_skipped_closer_is_no_closer_in_the_rhythm(cast: TestCast) -> None:
    held(cast.reading, TODAY - DAY, because="Brandoefening")
    (beat,) = rows(cast, shared={cast.reading.pk})["Begrijpend lezen"].rhythm
    assert (beat.state, beat.closed) == ("held", False)
    (row,) = queries.meetings_of(cast.reading, now=NOW).past
    assert (row.closed, row.skipped_because) == (False, "Brandoefening")


@pytest.mark.parametrize("state", ["planned", "lapsed"])
def test_a_group_that_keeps_to_itself_tells_no_unclosed_meeting(cast: TestCast, state: str) -> None:
    meeting = factories.meeting(cast.reading, TODAY - DAY, state=state)
    kept = rows(cast, "anna")["Begrijpend lezen"]
    assert (kept.last, [beat.state for beat in kept.rhythm]) == (meeting, ["held"])
    shared = rows(cast, "anna", shared={cast.reading.pk})["Begrijpend lezen"]
    assert [beat.state for beat in shared.rhythm] == [state]


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_groups_takes_six_queries(cast: TestCast, count: int, django_assert_num_queries: Any) -> None:
    WorkGroup.objects.filter(school=cast.schools["de-wilg"]).update(state="ended", ended_on=TODAY)
    for number in range(count):
        group = factories.group(cast.schools["de-wilg"], f"Groep {number}", chair=cast.carla)
        factories.period(group, cast.aspects["feedback"])
        held(group, TODAY - DAY)
        factories.meeting(group)
    member = cast.hat("anna")
    with django_assert_num_queries(6):
        found = queries.groups_in_school(member, now=NOW, shared={group.pk})
        assert len(found) == count
        assert [beat.closed for row in found for beat in row.rhythm if row.group == group] == [True, False]


def test_meetings_ahead_and_past(cast: TestCast) -> None:
    running = factories.meeting(cast.reading, TODAY, dt.time(9, 30))
    over = factories.meeting(cast.reading, TODAY, dt.time(8, 0))
    early = held(cast.reading, TODAY + DAY)
    far, near = factories.meeting(cast.reading, TODAY + 9 * DAY), factories.meeting(cast.reading, TODAY + 2 * DAY)
    off = factories.meeting(cast.reading, TODAY + 3 * DAY, state="cancelled")
    factories.meeting(cast.maths)
    found = queries.meetings_of(cast.reading, now=NOW)
    assert [row.meeting for row in found.ahead] == [running, near, off, far]
    assert [row.meeting for row in found.past] == [early, over]
    assert queries.next_meeting(cast.reading, now=NOW) == running
    assert list(queries.unclosed([cast.reading.pk], now=NOW)) == [over]
    assert queries.next_meeting(cast.next_door, now=NOW) is None


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_of_meetings_takes_two_queries(cast: TestCast, count: int, django_assert_num_queries: Any) -> None:
    for number in range(1, count + 1):
        held(cast.reading, TODAY - number * DAY)
        factories.meeting(cast.reading, TODAY + number * DAY)
    with django_assert_num_queries(2):
        found = queries.meetings_of(cast.reading, now=NOW)
        assert [(row.opened, row.closed) for row in found.past] == [(True, True)] * count
        assert [(row.opened, row.closed) for row in found.ahead] == [(False, False)] * count


def test_a_meeting_as_the_group_sees_it_and_as_the_leader_does(cast: TestCast) -> None:
    goal = factories.goal(factories.period(cast.reading, cast.aspects["openness"]))
    agreement = factories.agreement(goal)
    meeting = factories.meeting(cast.reading, TODAY, dt.time(9, 30))
    carla, anna = cast.hat("carla"), cast.hat("anna")
    page = queries.meeting_page(meeting, member=carla, now=NOW)
    assert (page.can_open, page.can_close, page.can_move, page.can_restore) == (True, True, False, False)
    assert page.inside is not None
    assert (page.inside.opened_at, page.inside.closed_at, page.inside.agreements) == (None, None, ())
    assert queries.meeting_page(meeting, member=cast.hat("els"), now=NOW).can_move
    actions.open_meeting(meeting=meeting, by=carla, now=NOW)
    actions.close_meeting(
        meeting=meeting, agreements={agreement.pk: "kept"}, goals={goal.pk: "reached"}, by=carla, now=NOW
    )
    meeting = queries.meetings_for(carla).get(pk=meeting.pk)
    page = queries.meeting_page(meeting, member=carla, now=NOW)
    assert (page.can_open, page.can_close) == (False, False)
    assert page.inside is not None
    assert (page.inside.opened_at, page.inside.closed_at) == (NOW, NOW)
    assert [(one.text, one.outcome) for one in page.inside.agreements] == [(agreement.text, "kept")]
    assert [(one.text, str(one.label)) for one in page.inside.goals] == [(goal.text, "bereikt")]
    seen = queries.meeting_page(meeting, member=anna, now=NOW)
    assert (seen.inside, seen.can_open, seen.can_move) == (None, False, False)


def test_a_cancelled_meeting_can_be_restored_by_the_chair(cast: TestCast) -> None:
    ahead = factories.meeting(cast.reading, state="cancelled")
    past = factories.meeting(cast.reading, TODAY - DAY, state="cancelled")
    assert queries.meeting_page(ahead, member=cast.hat("els"), now=NOW).can_restore
    assert not queries.meeting_page(past, member=cast.hat("els"), now=NOW).can_restore
    assert not queries.meeting_page(ahead, member=cast.hat("carla"), now=NOW).can_restore


@pytest.mark.parametrize("count", [1, 3])
def test_what_a_group_works_on_takes_four_queries(cast: TestCast, count: int, django_assert_num_queries: Any) -> None:
    period = factories.period(cast.reading, cast.aspects["openness"])
    carla = cast.hat("carla")
    for number in range(1, count + 1):
        goal = factories.goal(period, f"Doel {number}", number)
        factories.agreement(goal, f"Afspraak {number}", number)
        actions.update_goal(goal=goal, step="on_the_way", note="", by=carla, now=NOW)
    with django_assert_num_queries(4):
        focus = queries.focus_of(cast.reading)
        assert focus.aspect
        assert [(goal.step, str(goal.step_label)) for goal in focus.live_goals] == [("on_the_way", "op weg")] * count
        assert [goal.latest.by for goal in focus.goals if goal.latest] == [cast.carla] * count
        assert [len(goal.agreements) for goal in focus.goals] == [1] * count
        assert focus.carried == ()


def test_the_newest_word_on_a_goal_counts(cast: TestCast) -> None:
    goal = factories.goal(factories.period(cast.reading, cast.aspects["openness"]))
    carla = cast.hat("carla")

    def step() -> tuple[str | None, str | None]:
        (found,) = queries.focus_of(cast.reading).goals
        return found.step, found.last

    assert step() == (None, None)
    meeting = factories.meeting(cast.reading, TODAY, dt.time(9, 0))
    actions.update_goal(goal=goal, step="not_yet", note="", by=carla, now=NOW - DAY)
    assert step() == ("not_yet", None)
    actions.close_meeting(meeting=meeting, agreements={}, goals={goal.pk: "on_the_way"}, by=carla, now=NOW)
    assert step() == ("on_the_way", "on_the_way")
    actions.update_goal(goal=goal, step="reached", note="", by=carla, now=NOW + DAY)
    assert step() == ("reached", "on_the_way")


def test_a_goals_page_tells_all_of_it(cast: TestCast, django_assert_num_queries: Any) -> None:
    goal = factories.goal(factories.period(cast.reading, cast.aspects["openness"]))
    agreement = factories.agreement(goal)
    meeting = factories.meeting(cast.reading, TODAY, dt.time(9, 0))
    carla = cast.hat("carla")
    actions.close_meeting(
        meeting=meeting, agreements={agreement.pk: "partly"}, goals={goal.pk: "not_yet"}, by=carla, now=NOW
    )
    actions.end_agreement(agreement=agreement, how="habit", by=carla, now=NOW)
    factories.agreement(goal, "Nieuw", 1)
    with django_assert_num_queries(3):
        page = queries.goal_page(goal)
        assert [one.text for one in page.live_agreements] == ["Nieuw"]
        assert {one.text for one in page.agreements} == {"Nieuw", agreement.text}
        assert [(one.day, one.outcome) for one in page.checks] == [(TODAY, "not_yet")]


def test_rows_for_fetching_stop_at_the_groups_door(cast: TestCast) -> None:
    for group in (cast.reading, cast.maths, cast.next_door):
        factories.agreement(factories.goal(factories.period(group, cast.aspects["openness"])))
        factories.meeting(group)
    carla, anna, daan = cast.hat("carla"), cast.hat("anna"), cast.hat("daan")
    for find in (queries.goals_for, queries.agreements_for, queries.periods_for):
        assert [row.group_id for row in find(carla)] == [cast.reading.pk]
        assert list(find(anna)) == list(find(daan)) == []
    assert queries.meetings_for(carla).count() == 1
    assert queries.meetings_for(anna).count() == 2
    assert queries.meetings_for(anna, group_id=cast.next_door.pk).count() == 0
    assert queries.meetings_for(daan).count() == 0
    assert queries.goals_for(carla, group_id=cast.maths.pk).count() == 0
