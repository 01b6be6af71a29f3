"""Giving back: in pairs, without names, to the whole group (C9-C13); and what the leader may see."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied

from observations import actions, queries
from observations.models import AspectReading, Observation, ShareDecision
from schools.models import Membership
from tests import factories
from tests.conftest import TestCast
from tests.observations import steps
from workgroups import actions as group_actions
from workgroups.models import Guest, Seat

NOW = factories.NOW


def test_it_works(cast: TestCast) -> None:
    visit = steps.shared(cast)
    assert visit.state == "shared"
    assert dict(AspectReading.objects.values_list("aspect__key", "halves")) == {
        "openness": 7,
        "reflecting": None,
        "analysing": None,
        "substantiating": None,
        "outside-knowledge": None,
        "feedback": 2,
    }
    feedback = queries.feedback_of(visit)
    assert feedback is not None
    assert (feedback.minutes, feedback.days_late) == (20, 0)
    assert [pair.strong.text for pair in feedback.pairs] == [steps.PAIR.strong]


def test_the_visitor_reads_along_for_30_days_more(cast: TestCast) -> None:
    visit = steps.shared(cast)
    guest = Guest.objects.get(group=cast.reading)
    assert guest.until_date == visit.meeting.day + dt.timedelta(days=30)


def test_later_than_the_day_itself_is_late(cast: TestCast) -> None:
    observation = steps.noted(cast)
    now = steps.after(observation.visit.meeting, days=1)
    visit = actions.share_feedback(observation=observation, by=cast.hat("bram"), now=now)
    feedback = queries.feedback_of(visit)
    assert feedback is not None
    assert feedback.days_late == 1


def test_at_least_one_pair(cast: TestCast) -> None:
    observation = steps.noted(cast, pairs=[])
    with pytest.raises(actions.NothingToShare):
        actions.share_feedback(observation=observation, by=cast.hat("bram"), now=NOW)


def test_only_once(cast: TestCast) -> None:
    visit = steps.shared(cast)
    observation = Observation.objects.get(visit=visit)
    with pytest.raises(actions.AlreadyShared):
        actions.share_feedback(observation=observation, by=cast.hat("bram"), now=NOW)


@pytest.mark.parametrize("who", ["carla", "els", "anna", "frank", "joris"])
def test_it_needs_the_visitor(cast: TestCast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.share_feedback(observation=steps.noted(cast), by=cast.hat(who), now=NOW)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Carla vroeg steeds door.", "Carla"),
        ("Het idee van mevrouw De Boer.", "De Boer"),
        ("Mooi, Els!", "Els"),
        ("Caatje stelde een vraag.", "Caatje"),
        ("Joris van de andere groep was erbij.", "Joris"),
        ("De leider heet Anna.", "Anna"),
    ],
)
def test_without_names_of_the_group_or_the_school(cast: TestCast, words: str, named: str) -> None:
    cast.carla.nickname = "Caatje"
    cast.carla.save()
    pair = actions.Pair("openness", "Goed gedaan.", "feedback", words)
    observation = steps.noted(cast, pairs=[steps.PAIR, pair])
    with pytest.raises(actions.NamesSomebody, match=named) as refused:
        actions.share_feedback(observation=observation, by=cast.hat("bram"), now=NOW)
    assert refused.value.field == "p2-improvement"
    assert [(one.pair, one.side, one.flag.text) for one in refused.value.asked] == [(2, "improvement", named)]
    observation.visit.refresh_from_db()
    assert observation.visit.state == "noting"


def test_it_waits_until_every_name_is_answered(cast: TestCast) -> None:
    pair = actions.Pair("openness", "Els en Carla vroegen door.", "feedback", "Luister naar Carla.")
    observation = steps.noted(cast, pairs=[pair])

    def share(*words: str) -> None:
        actions.share_feedback(observation=observation, no_person=frozenset(words), by=cast.hat("bram"), now=NOW)

    for words, waiting in (((), 3), (("Carla",), 1), (("Els",), 2), (("els", "Carla "), 3)):
        with pytest.raises(actions.NamesSomebody) as refused:
            share(*words)
        assert len(refused.value.asked) == waiting
    before = row_counts()
    share("Els", "Carla")
    observation.visit.refresh_from_db()
    assert observation.visit.state == "shared"
    assert queries.pairs_of(observation) == [pair]
    assert {name for name, count in row_counts().items() if count != before[name]} <= {
        "AspectReading",
        "Delivery",
        "Guest",
    }


def row_counts() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in apps.get_models()}


def test_names_of_others_are_no_concern(cast: TestCast) -> None:
    pair = actions.Pair("openness", "Daan is een kind uit het verhaal.", "feedback", "Noem meubels en elsen.")
    observation = steps.noted(cast, pairs=[pair])
    actions.share_feedback(observation=observation, by=cast.hat("bram"), now=NOW)


def test_who_left_the_school_is_no_concern(cast: TestCast) -> None:
    Membership.objects.filter(user=cast.joris).update(until_date=factories.TODAY - dt.timedelta(days=1))
    Seat.objects.filter(user=cast.joris).update(until_date=factories.TODAY - dt.timedelta(days=1))
    pair = actions.Pair("openness", "Joris is een kind uit het verhaal.", "feedback", "Noem meubels.")
    observation = steps.noted(cast, pairs=[pair])
    actions.share_feedback(observation=observation, by=cast.hat("bram"), now=NOW)


def test_who_left_after_the_meeting_was_there(cast: TestCast) -> None:
    pair = actions.Pair("openness", "Joris vroeg door.", "feedback", "Noem meubels.")
    observation = steps.noted(cast, pairs=[pair])
    Membership.objects.filter(user=cast.joris).update(until_date=observation.visit.meeting.day)
    Seat.objects.filter(user=cast.joris).delete()
    later = steps.after(observation.visit.meeting, days=2)
    with pytest.raises(actions.NamesSomebody, match="Joris"):
        actions.share_feedback(observation=observation, by=cast.hat("bram"), now=later)


def decide(cast: TestCast, who: str, *, shares: bool) -> None:
    actions.decide_sharing(group=cast.reading, shares=shares, by=cast.hat(who), now=NOW)


def test_the_chair_opens_the_profile_and_any_member_takes_it_back(cast: TestCast) -> None:
    assert not queries.shares_profile(cast.reading.pk)
    decide(cast, "els", shares=True)
    assert queries.shares_profile(cast.reading.pk)
    assert queries.groups_that_share_in_school(cast.hat("anna")) == {cast.reading.pk}
    decide(cast, "carla", shares=False)
    assert not queries.shares_profile(cast.reading.pk)
    assert queries.groups_that_share_in_school(cast.hat("anna")) == set()


@pytest.mark.parametrize(("who", "shares"), [("carla", True), ("anna", True), ("anna", False), ("bram", False)])
def test_nobody_else_decides(cast: TestCast, who: str, shares: bool) -> None:
    with pytest.raises(PermissionDenied):
        decide(cast, who, shares=shares)


def test_a_group_that_ended_can_only_take_it_back(cast: TestCast) -> None:
    decide(cast, "els", shares=True)
    group_actions.end_group(group=cast.reading, because="Klaar", by=cast.hat("els"), now=factories.NOW)
    decide(cast, "carla", shares=False)
    with pytest.raises(group_actions.GroupEnded):
        decide(cast, "els", shares=True)
    assert not queries.shares_profile(cast.reading.pk)


def test_who_decided_is_not_kept(cast: TestCast) -> None:
    decide(cast, "els", shares=True)
    decide(cast, "els", shares=True)
    row = ShareDecision.objects.values().get()
    assert set(row) == {"id", "school_id", "group_id", "decided_on", "shares"}
    assert type(row["decided_on"]) is dt.date
