"""How a meeting opens (G5) and closes (G6, G7)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions
from workgroups.models import Agreement, AgreementCheck, Closer, Goal, GoalCheck, Meeting, Opener

HOUR = dt.timedelta(hours=1)


@dataclass
class Scene:
    """A meeting that began an hour ago, with two live agreements and one live goal."""

    meeting: Meeting
    a: Agreement
    b: Agreement
    goal: Goal

    def answers(self, goal: str = "on_the_way") -> dict[str, dict[int, str]]:
        return {"agreements": {self.a.pk: "kept", self.b.pk: "no_occasion"}, "goals": {self.goal.pk: goal}}


@pytest.fixture
def scene(cast: TestCast) -> Scene:
    goal = factories.goal(factories.period(cast.reading, cast.aspects["openness"]))
    meeting = factories.meeting(cast.reading, TODAY, dt.time(9, 0))
    return Scene(meeting, factories.agreement(goal, "a", 1), factories.agreement(goal, "b", 2), goal)


def close(cast: TestCast, scene: Scene, **values: Any) -> Closer:
    given = {"meeting": scene.meeting, "by": cast.hat("carla"), "now": NOW, **scene.answers(), **values}
    return actions.close_meeting(**given)


def test_the_group_repeats_its_agreements_once(cast: TestCast, scene: Scene) -> None:
    opener = actions.open_meeting(meeting=scene.meeting, by=cast.hat("carla"), now=NOW)
    assert opener.opened_at == NOW
    with pytest.raises(actions.AlreadyOpened):
        actions.open_meeting(meeting=scene.meeting, by=cast.hat("els"), now=NOW)
    assert Opener.objects.count() == 1


def test_a_meeting_opens_from_twelve_hours_before(cast: TestCast, scene: Scene) -> None:
    starts = scene.meeting.starts_at
    with pytest.raises(actions.TooEarly):
        actions.open_meeting(
            meeting=scene.meeting, by=cast.hat("els"), now=starts - 12 * HOUR - dt.timedelta(seconds=1)
        )
    assert actions.open_meeting(meeting=scene.meeting, by=cast.hat("els"), now=starts - 12 * HOUR).pk


def test_closing_judges_agreements_and_goals(cast: TestCast, scene: Scene) -> None:
    closer = close(cast, scene)
    scene.meeting.refresh_from_db()
    assert (scene.meeting.state, closer.closed_at, closer.skipped_because) == ("held", NOW, "")
    kept = dict(AgreementCheck.objects.values_list("agreement__text", "outcome"))
    assert kept == {"a": "kept", "b": "no_occasion"}
    assert list(GoalCheck.objects.values_list("outcome", flat=True)) == ["on_the_way"]
    assert Goal.objects.get().state == "live"
    assert set(Agreement.objects.values_list("state", flat=True)) == {"live"}


def test_a_goal_judged_reached_has_ended_and_its_agreements_live_on(cast: TestCast, scene: Scene) -> None:
    close(cast, scene, **scene.answers("reached"))
    goal = Goal.objects.get()
    assert (goal.state, goal.ended_on) == ("reached", TODAY)
    assert set(Agreement.objects.values_list("state", flat=True)) == {"live"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"agreements": {}}, "agreements"),
        ({"agreements": {"a": "kept"}}, "agreements"),
        ({"agreements": {"a": "kept", "b": "great"}}, "agreements"),
        ({"agreements": {"a": "kept", "b": "not", "theirs": "kept"}}, "agreements"),
        ({"goals": {}}, "goals"),
        ({"goals": {"goal": "kept"}}, "goals"),
        ({"goals": {"goal": "not_yet", "theirs": "reached"}}, "goals"),
    ],
)
def test_a_meeting_is_not_held_without_every_answer(
    cast: TestCast, scene: Scene, change: dict[str, dict[str, str]], field: str
) -> None:
    other = factories.goal(factories.period(cast.maths, cast.aspects["openness"]))
    theirs = factories.agreement(other, "theirs").pk if field == "agreements" else other.pk
    ids = {"a": scene.a.pk, "b": scene.b.pk, "goal": scene.goal.pk, "theirs": theirs}
    answers = {name: {ids[key]: word for key, word in given.items()} for name, given in change.items()}
    with pytest.raises(actions.AnswersMissing) as refused:
        close(cast, scene, **answers)
    assert refused.value.field == field
    scene.meeting.refresh_from_db()
    assert scene.meeting.state == "planned"
    assert not Closer.objects.exists()


def test_nobody_judges_goals_of_an_earlier_card(cast: TestCast, scene: Scene) -> None:
    endings = {scene.a.pk: "live", scene.b.pk: "dropped"}
    actions.choose_aspect(
        group=cast.reading,
        aspect=cast.aspects["feedback"],
        why="",
        endings=endings,
        goal_endings=dict.fromkeys(Goal.objects.values_list("pk", flat=True), "dropped"),
        by=cast.hat("els"),
        now=NOW,
    )
    assert close(cast, scene, agreements={scene.a.pk: "partly"}, goals={}).pk


def test_a_meeting_closes_once(cast: TestCast, scene: Scene) -> None:
    close(cast, scene)
    with pytest.raises(actions.AlreadyClosed):
        close(cast, scene)
    with pytest.raises(actions.AlreadyClosed):
        actions.skip_closer(meeting=scene.meeting, because="Te laat", by=cast.hat("els"), now=NOW)
    with pytest.raises(actions.AlreadyClosed):
        actions.open_meeting(meeting=scene.meeting, by=cast.hat("els"), now=NOW)
    assert Closer.objects.count() == 1


def test_what_has_not_begun_is_not_judged(cast: TestCast, scene: Scene) -> None:
    early = scene.meeting.starts_at - dt.timedelta(seconds=1)
    with pytest.raises(actions.NotBegun):
        close(cast, scene, now=early)
    with pytest.raises(actions.NotBegun):
        actions.skip_closer(meeting=scene.meeting, because="Geen zin", by=cast.hat("els"), now=early)
    assert close(cast, scene, now=scene.meeting.starts_at).pk


def test_skipping_needs_a_reason(cast: TestCast, scene: Scene) -> None:
    with pytest.raises(actions.EmptyText) as refused:
        actions.skip_closer(meeting=scene.meeting, because="  ", by=cast.hat("els"), now=NOW)
    assert refused.value.field == "because"
    closer = actions.skip_closer(meeting=scene.meeting, because=" Brandoefening ", by=cast.hat("els"), now=NOW)
    scene.meeting.refresh_from_db()
    assert (scene.meeting.state, closer.skipped_because) == ("held", "Brandoefening")
    assert not AgreementCheck.objects.exists()


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "bram"])
def test_it_needs_a_seat(cast: TestCast, scene: Scene, who: str) -> None:
    by = cast.hat(who)
    with pytest.raises(PermissionDenied):
        actions.open_meeting(meeting=scene.meeting, by=by, now=NOW)
    with pytest.raises(PermissionDenied):
        close(cast, scene, by=by)
    with pytest.raises(PermissionDenied):
        actions.skip_closer(meeting=scene.meeting, because="Daarom", by=by, now=NOW)
