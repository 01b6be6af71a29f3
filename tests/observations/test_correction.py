"""Shared feedback stays as it was: what was not right is added, with its day, without names (C13)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from observations import actions, queries
from observations.actions import debrief
from observations.models import Correction, FeedbackPair, Visit
from observations.queries import debrief as talking
from schools import retention
from schools.models import Delivery
from tests import factories
from tests.conftest import TestCast
from tests.observations import steps
from workgroups import actions as group_actions
from workgroups.actions import words

WORDS = "Jullie vroegen niet tien, maar vijf keer door."


@pytest.fixture
def visit(cast: TestCast) -> Visit:
    """Bram shared one pair."""
    return steps.shared(cast)


def at(visit: Visit, **later: int) -> dt.datetime:
    """An instant so long after it was shared."""
    assert visit.shared_at
    return visit.shared_at + dt.timedelta(**later)


def add(cast: TestCast, visit: Visit, text: str = WORDS, who: str = "bram", **given: Any) -> Correction:
    values = {"now": visit.shared_at or factories.NOW, **given}
    return actions.add_correction(visit=visit, text=text, by=cast.hat(who), **values)


def test_it_works(cast: TestCast, visit: Visit) -> None:
    pairs, letters = list(FeedbackPair.objects.values()), Delivery.objects.count()
    first = add(cast, visit, f"  {WORDS}\r\n ")
    assert (first.place, first.text, first.added_on) == (1, WORDS, visit.meeting.day)
    assert (first.school, first.group) == (visit.school, visit.group)
    second = add(cast, visit, "En het was half vier.", now=at(visit, days=2))
    feedback = queries.feedback_of(visit)
    assert feedback is not None
    assert feedback.corrections == (first, second)
    assert feedback.corrections_left == 1
    assert list(FeedbackPair.objects.values()) == pairs
    assert Delivery.objects.count() == letters
    assert WORDS in str(queries.profile_of(cast.reading))


def test_the_day_is_the_schools(cast: TestCast, visit: Visit) -> None:
    late = dt.datetime(2026, 12, 1, 23, 30, tzinfo=dt.UTC)
    assert add(cast, visit, now=late).added_on == dt.date(2026, 12, 2)


def test_three_at_most_and_the_same_is_one(cast: TestCast, visit: Visit) -> None:
    for text in ("Een.", "Twee.", "Drie."):
        add(cast, visit, text)
    assert add(cast, visit, "Twee.").place == 2
    with pytest.raises(actions.SetRightThrice):
        add(cast, visit, "Vier.")
    assert list(queries.corrections_of(visit).values_list("place", "text")) == [(1, "Een."), (2, "Twee."), (3, "Drie.")]


@pytest.mark.parametrize(("text", "error"), [(" \n ", words.EmptyText), ("x" * 401, words.TextTooLong)])
def test_it_has_words_that_fit(cast: TestCast, visit: Visit, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        add(cast, visit, text)
    assert add(cast, visit, "x" * 400).text == "x" * 400


def test_it_waits_until_every_name_is_answered(cast: TestCast, visit: Visit) -> None:
    text = "Niet Carla, maar Els vroeg door."
    for given, waiting in (((), ["Carla", "Els"]), (("Carla",), ["Els"]), (("carla", "Els"), ["Carla"])):
        with pytest.raises(actions.CorrectionNames) as refused:
            add(cast, visit, text, no_person=frozenset(given))
        assert ([flag.text for flag in refused.value.asked], refused.value.field) == (waiting, "text")
    assert not Correction.objects.exists()
    assert add(cast, visit, text, no_person=frozenset({"Carla", "Els"})).text == text


@pytest.mark.parametrize("who", ["carla", "els", "anna", "frank", "joris"])
def test_it_needs_the_visitor(cast: TestCast, visit: Visit, who: str) -> None:
    with pytest.raises(PermissionDenied):
        add(cast, visit, who=who)


def test_only_while_the_visitor_is_the_groups_guest(cast: TestCast, visit: Visit) -> None:
    last, over = (visit.meeting.day + dt.timedelta(days=days) for days in (30, 31))
    now = at(visit, days=30)
    by = factories.hat(cast.bram, cast.schools["de-wilg"], today=last)
    actions.add_correction(visit=visit, text=WORDS, by=by, now=now)
    by = factories.hat(cast.bram, cast.schools["de-wilg"], today=over)
    with pytest.raises(PermissionDenied):
        actions.add_correction(visit=visit, text="Te laat.", by=by, now=now + dt.timedelta(days=1))


def test_not_before_it_is_shared(cast: TestCast) -> None:
    observation = steps.noted(cast)
    with pytest.raises(actions.NotPossibleNow):
        add(cast, observation.visit)


def test_also_after_the_group_talked_about_it_and_its_screens_hear_it(cast: TestCast, visit: Visit) -> None:
    els: dict[str, Any] = {"visit": visit, "by": cast.hat("els"), "now": factories.NOW}
    debrief.begin_debrief(**els)
    before = talking.mark_of_debrief(talking.shared_visit_for(cast.hat("els"), visit.pk))
    add(cast, visit, "Een.")
    assert talking.mark_of_debrief(talking.shared_visit_for(cast.hat("els"), visit.pk)) != before
    debrief.end_debrief(**els)
    assert add(cast, visit, "Twee.").place == 2


def test_an_ended_group_adds_nothing(cast: TestCast, visit: Visit) -> None:
    group_actions.end_group(group=cast.reading, because="Klaar", by=cast.hat("els"), now=factories.NOW)
    with pytest.raises(group_actions.GroupEnded):
        add(cast, visit)


def test_it_outlives_the_notes_and_goes_with_the_group(cast: TestCast, visit: Visit) -> None:
    add(cast, visit)
    retention.forget("notes", now=at(visit, days=15))
    assert Correction.objects.count() == 1
    visit.delete()
    assert not Correction.objects.exists()


def test_neither_who_nor_what_time_is_kept(cast: TestCast, visit: Visit) -> None:
    add(cast, visit)
    row = Correction.objects.values().get()
    assert set(row) == {"id", "school_id", "group_id", "visit_id", "place", "added_on", "text"}
    assert type(row["added_on"]) is dt.date


@pytest.mark.parametrize("corrections", [1, 3])
def test_the_profile_costs_no_query_more(
    cast: TestCast, visit: Visit, django_assert_num_queries: Any, corrections: int
) -> None:
    before = queries.profile_of(cast.reading)
    for number in range(corrections):
        add(cast, visit, f"Nummer {number}.")
    with django_assert_num_queries(4):
        found = queries.profile_of(cast.reading)
    assert [one.text for one in found.looks[0].corrections] == [f"Nummer {number}." for number in range(corrections)]
    assert (len(found.looks), found.aspects) == (1, before.aspects)
