"""Two members do the same thing at the same moment: one of them hears that it is done, nothing is done twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier

import pytest
from django.db import connection

from cards.models import Aspect
from samenspraak.demo import cast as told
from schools import refusals, tenancy
from schools.models import Delivery, User
from schools.post import claim
from schools.roles import Member, Role
from tests import factories
from tests.factories import LONG_AGO, NOW, TODAY
from workgroups import actions, recurrence
from workgroups.models import Agreement, Closer, FocusPeriod, Goal, HelpRequest, Meeting, Series, WorkGroup
from workgroups.models.series import Every

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time"),
]
Deed = Callable[[Member], object]


@dataclass
class Scene:
    """A group of two whose rows everybody can see: nothing is held back in a test's own transaction."""

    group: WorkGroup
    people: list[User]
    aspects: list[Aspect]
    period: FocusPeriod
    goal: Goal
    agreement: Agreement
    meeting: Meeting

    def at_once(self, *deeds: Deed) -> list[type[Exception] | None]:
        """Each deed in its own thread and transaction; None for each that was done, else the refusal."""
        start = Barrier(len(deeds))

        def do(place: int) -> type[Exception] | None:
            user = self.people[place % len(self.people)]
            try:
                with tenancy.acting_as(user):
                    by = factories.hat(user, self.group.school)
                    start.wait(timeout=10)
                    deeds[place](by)
            except actions.Refused as refused:
                return type(refused)
            finally:
                connection.close()
            return None

        with ThreadPoolExecutor(len(deeds)) as pool:
            return list(pool.map(do, range(len(deeds))))


@pytest.fixture
def scene() -> Scene:
    """Els and Carla, a card, a goal, an agreement and a meeting that began."""
    with tenancy.acting_for_system("tests"):
        cast = told.gather(since=LONG_AGO, password=None)
        els, carla = cast.people["els"], cast.people["carla"]
        group = factories.group(cast.schools["de-wilg"], chair=els, members=(carla,))
        aspects = list(factories.deck().aspects.order_by("number"))
        period = factories.period(group, aspects[0])
        goal = factories.goal(period)
        agreement = factories.agreement(goal)
        meeting = factories.meeting(group, TODAY, dt.time(9, 0))
    return Scene(group, [els, carla], aspects, period, goal, agreement, meeting)


def test_two_closers_at_once_are_one(scene: Scene) -> None:
    def close(by: Member) -> object:
        kept, steps = {scene.agreement.pk: "kept"}, {scene.goal.pk: "not_yet"}
        return actions.close_meeting(meeting=scene.meeting, agreements=kept, goals=steps, by=by, now=NOW)

    assert set(scene.at_once(close, close)) == {None, actions.AlreadyClosed}
    with tenancy.acting_for_system("tests"):
        assert Closer.objects.count() == 1


def test_closing_and_skipping_at_once_is_one_of_the_two(scene: Scene) -> None:
    def close(by: Member) -> object:
        kept, steps = {scene.agreement.pk: "kept"}, {scene.goal.pk: "not_yet"}
        return actions.close_meeting(meeting=scene.meeting, agreements=kept, goals=steps, by=by, now=NOW)

    def skip(by: Member) -> object:
        return actions.skip_closer(meeting=scene.meeting, because="Geen tijd", by=by, now=NOW)

    assert set(scene.at_once(close, skip)) == {None, actions.AlreadyClosed}


def test_two_openers_at_once_are_one(scene: Scene) -> None:
    def open_(by: Member) -> object:
        return actions.open_meeting(meeting=scene.meeting, by=by, now=NOW)

    assert set(scene.at_once(open_, open_)) == {None, actions.AlreadyOpened}


def test_two_cards_at_once_leave_one_live(scene: Scene) -> None:
    def choose(aspect: Aspect) -> Deed:
        endings, goal_endings = {scene.agreement.pk: "live"}, {scene.goal.pk: "reached"}
        return lambda by: actions.choose_aspect(
            group=scene.group, aspect=aspect, why="", endings=endings, goal_endings=goal_endings, by=by, now=NOW
        )

    assert scene.at_once(choose(scene.aspects[1]), choose(scene.aspects[2])) == [None, None]
    with tenancy.acting_for_system("tests"):
        assert FocusPeriod.objects.filter(state="live").count() == 1


def test_of_four_goals_at_once_two_find_a_place(scene: Scene) -> None:
    def set_goal(number: int) -> Deed:
        return lambda by: actions.set_goal(
            period=scene.period, text=f"Doel {number}", agreements=[f"Afspraak {number}"], by=by, now=NOW
        )

    found = scene.at_once(*(set_goal(number) for number in range(4)))
    assert sorted(found, key=str).count(None) == 2
    assert found.count(actions.EnoughGoals) == 2
    with tenancy.acting_for_system("tests"):
        assert list(Goal.objects.order_by("position").values_list("position", flat=True)) == [1, 2, 3]


def test_of_six_agreements_at_once_four_find_a_place(scene: Scene) -> None:
    def agree(number: int) -> Deed:
        return lambda by: actions.agree_on(goal=scene.goal, text=f"Afspraak {number}", tip=None, by=by, now=NOW)

    found = scene.at_once(*(agree(number) for number in range(6)))
    assert (found.count(None), found.count(actions.EnoughAgreements)) == (4, 2)
    with tenancy.acting_for_system("tests"):
        assert set(Agreement.objects.values_list("slot", flat=True)) == {1, 2, 3, 4, 5}


def test_who_was_being_told_while_the_chair_called_it_off_hears_that(scene: Scene) -> None:
    els = scene.people[0]
    with tenancy.acting_as(els):
        by = factories.hat(els, scene.group.school)
        form = {"day": TODAY + dt.timedelta(days=1), "time": dt.time(15, 15), "minutes": 60, "place": "", "title": ""}
        meeting = actions.plan_meeting(group=scene.group, **form, by=by, now=NOW)  # type: ignore[arg-type]
    due = NOW + dt.timedelta(hours=6)

    def claim_all() -> int:
        try:
            with tenancy.acting_for_system("tests"):
                return len(claim.claim(now=due, limit=10))
        finally:
            connection.close()

    claimed: list[int] = []

    def meanwhile(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if "schools_delivery" in sql and sql.startswith("UPDATE") and not claimed:
            with ThreadPoolExecutor(1) as pool:
                claimed.append(pool.submit(claim_all).result())
        return execute(sql, *rest)

    with tenancy.acting_as(els), connection.execute_wrapper(meanwhile):
        actions.cancel_meeting(meeting=meeting, by=by, now=due)
    assert claimed == [2]
    with tenancy.acting_for_system("tests"):
        told_off = Delivery.objects.filter(kind="cancelled", state="waiting")
        assert set(told_off.values_list("user_id", flat=True)) == {person.pk for person in scene.people}


def test_two_phones_at_once_move_a_start_one_step(scene: Scene) -> None:
    with tenancy.acting_for_system("tests"):
        start = factories.start(scene.period, "read")

    def next_(by: Member) -> object:
        return actions.go_to_step(start=start, step="next", at="read", by=by, now=NOW)

    assert set(scene.at_once(next_, next_)) == {None, actions.StartMoved}
    with tenancy.acting_for_system("tests"):
        start.refresh_from_db()
    assert (start.step, start.version) == ("why", 2)


def test_drafts_at_once_are_all_kept(scene: Scene) -> None:
    with tenancy.acting_for_system("tests"):
        start = factories.start(scene.period, "goals")

    def draft(text: str) -> Deed:
        return lambda by: actions.draft_goal(start=start, text=text, go_on=True, by=by, now=NOW)

    assert sorted(map(str, scene.at_once(draft("Een"), draft("Twee")))) == sorted(
        map(str, [None, actions.EnoughGoals])
    )  # with the goal that stands and the draft there is room for one
    with tenancy.acting_for_system("tests"):
        start.refresh_from_db()
    assert (len(start.drafts), start.step) == (2, "agreements")


def test_two_phones_at_once_finish_a_start_once(scene: Scene) -> None:
    with tenancy.acting_for_system("tests"):
        start = factories.start(scene.period, "agreements", drafts=[])

    def finish(by: Member) -> object:
        return actions.finish_start(start=start, by=by, now=NOW)

    def begin(by: Member) -> object:
        return actions.begin_start(period=scene.period, by=by, now=NOW)

    assert sorted(map(str, scene.at_once(finish, finish, begin))) == sorted(map(str, [None, None, actions.StartOver]))


def test_a_series_sent_twice_at_once_is_planned_once(scene: Scene) -> None:
    rule = recurrence.Rule(TODAY + dt.timedelta(days=7), Every.WEEK, count=3)
    sitting = recurrence.Sitting(dt.time(15, 15), 60)
    seen = [rule.first + step * recurrence.WEEK for step in range(3)]

    def plan(by: Member) -> object:
        return actions.plan_series(group=scene.group, rule=rule, sitting=sitting, seen=seen, by=by, now=NOW)

    scene.people = scene.people[:1]
    assert set(scene.at_once(plan, plan)) == {None, actions.NothingLeft}
    with tenancy.acting_for_system("tests"):
        assert Series.objects.count() == 1


def test_of_seven_questions_to_the_school_at_once_five_find_room(scene: Scene) -> None:
    def ask(number: int) -> Deed:
        return lambda by: actions.ask_help(group=scene.group, kind="time", text=f"Vraag {number}", by=by, now=NOW)

    found = scene.at_once(*(ask(number) for number in range(7)), *(ask(0) for _again in range(2)))
    assert set(found) == {None, actions.EnoughHelp}
    with tenancy.acting_for_system("tests"):
        assert HelpRequest.objects.filter(state="asked").count() == 5


def test_two_leaders_answer_at_once_and_one_reads_the_other_first(scene: Scene) -> None:
    with tenancy.acting_for_system("tests"):
        asked = factories.help_asked(scene.group)
        school = scene.group.school
        scene.people = [factories.person(name, school, Role.LEADER) for name in ("Anna", "Lea")]

    def answer(text: str) -> Deed:
        return lambda by: actions.answer_help(help_request=asked, answer=text, version=1, by=by, now=NOW)

    assert set(scene.at_once(answer("Dat kan."), answer("Nu niet."))) == {None, refusals.Conflict}
    with tenancy.acting_for_system("tests"):
        asked.refresh_from_db()
    assert (asked.version, asked.state) == (2, "answered")


def test_what_is_taken_back_while_it_is_answered_is_gone(scene: Scene) -> None:
    with tenancy.acting_for_system("tests"):
        asked = factories.help_asked(scene.group)
        scene.people[1] = factories.person("Anna", scene.group.school, Role.LEADER)

    def take_back(by: Member) -> object:
        return actions.take_help_back(help_request=asked, by=by, now=NOW)

    def answer(by: Member) -> object:
        return actions.answer_help(help_request=asked, answer="Dat kan.", version=1, by=by, now=NOW)

    first, second = scene.at_once(take_back, answer)
    assert (first, second in {None, actions.HelpOver}) == (None, True)
    with tenancy.acting_for_system("tests"):
        asked.refresh_from_db()
        waiting = Delivery.objects.filter(kind="help_answered", state="waiting")
        assert (asked.state, waiting.count()) == ("withdrawn", 0)
