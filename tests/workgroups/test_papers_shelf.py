"""A routine looked at again (A2), sources and interviews (A5), and the shelf on which all papers stand."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from schools import refusals
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW
from workgroups import actions as group_actions
from workgroups.actions import papers as actions
from workgroups.models import Interview, RoutineReview, Source
from workgroups.queries import papers

ROUTINE = {"routine": "Weekdictee", "aim_for_pupils": "Ze schrijven zonder nadenken goed", "keep": "Samen nakijken"}


def review(cast: TestCast, who: str = "carla", **words: str) -> RoutineReview:
    return actions.review_routine(group=cast.reading, written=ROUTINE | words, by=cast.hat(who), now=NOW)


def fill(cast: TestCast, times: int) -> None:
    """That many papers of every kind."""
    by: dict[str, Any] = {"by": cast.hat("carla"), "now": NOW}
    for number in range(times):
        review(cast, routine=f"Routine {number}")
        actions.start_sheet(group=cast.reading, question=f"Vraag {number}", **by)
        actions.start_decision(group=cast.reading, question=f"Besluit {number}", **by)
        actions.add_source(group=cast.reading, written={"title": f"Bron {number}"}, **by)
        actions.prepare_interview(group=cast.reading, written={"whom": f"Wie {number}"}, may_record=False, **by)


def test_a_routine_serves_pupils(cast: TestCast) -> None:
    with pytest.raises(group_actions.EmptyText) as refused:
        review(cast, aim_for_pupils=" ")
    assert refused.value.field == "aim_for_pupils"
    row = review(cast)
    assert review(cast) == row
    assert (row.routine, row.keep, row.version) == ("Weekdictee", "Samen nakijken", 1)


def test_writing_on_keeps_both_texts(cast: TestCast) -> None:
    row = review(cast)
    by: dict[str, Any] = {"by": cast.hat("els"), "now": NOW}
    actions.rewrite_routine(routine=row, written=ROUTINE | {"stop": "Rode pen"}, version=1, **by)
    with pytest.raises(refusals.Conflict) as conflict:
        actions.rewrite_routine(routine=row, written=ROUTINE | {"stop": "Cijfers"}, version=1, **by)
    assert (conflict.value.theirs["stop"], conflict.value.version) == ("Rode pen", 2)
    again = actions.rewrite_routine(routine=row, written=ROUTINE | {"stop": "Cijfers"}, version=2, **by)
    assert (again.stop, again.version) == ("Cijfers", 3)


def test_knowledge_from_outside_has_its_questions(cast: TestCast) -> None:
    by: dict[str, Any] = {"by": cast.hat("carla"), "now": NOW}
    source = actions.add_source(group=cast.reading, written={"title": "Hardop denken"}, **by)
    written = {"title": "Hardop denken", "counter_voice": "Een ander onderzoek"}
    assert actions.rewrite_source(source=source, written=written, version=1, **by).counter_voice
    given = {"written": {"whom": "Een school", "problems": "Te snel begonnen"}, "may_record": False, **by}
    interview = actions.prepare_interview(group=cast.reading, **given)
    assert interview.may_record is False
    assert actions.rewrite_interview(interview=interview, **given | {"may_record": True}, version=1).may_record is True
    with pytest.raises(group_actions.EmptyText):
        actions.add_source(group=cast.reading, written={"says": "zomaar"}, **by)


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "bram"])
def test_it_needs_a_seat(cast: TestCast, who: str) -> None:
    row = review(cast)
    by: dict[str, Any] = {"by": cast.hat(who), "now": NOW}
    for act in (
        lambda: review(cast, who),
        lambda: actions.rewrite_routine(routine=row, written=ROUTINE, version=None, **by),
        lambda: actions.add_source(group=cast.reading, written={"title": "x"}, **by),
        lambda: actions.prepare_interview(group=cast.reading, written={"whom": "x"}, may_record=False, **by),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert (Source.objects.count(), Interview.objects.count()) == (0, 0)


@pytest.mark.parametrize("times", [1, 3])
def test_the_shelf_asks_as_much_however_many_papers(cast: TestCast, times: int, django_assert_num_queries: Any) -> None:
    factories.period(cast.reading, cast.aspects["substantiating"])
    fill(cast, times)
    with django_assert_num_queries(7):
        shelves = papers.shelves_of(cast.reading)
    assert [shelf.aspect.number for shelf in shelves] == [4, 1, 2, 3, 5, 6]
    assert [shelf.in_focus for shelf in shelves] == [True] + [False] * 5
    assert [len(shelf.papers) for shelf in shelves] == [times, 0, times, times, 2 * times, 0]


def test_the_shelf_of_another_group_is_another_shelf(cast: TestCast) -> None:
    fill(cast, 1)
    assert not any(shelf.papers for shelf in papers.shelves_of(cast.maths))
