"""Giving back: in pairs, without names, to the whole group (C9-C13); and what the leader may see."""

from __future__ import annotations

import datetime as dt

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied

from observations import actions, queries
from observations.models import AspectReading, Observation, SelfScan, ShareDecision
from schools.models import Membership
from tests import factories
from tests.conftest import TestCast
from tests.observations import rounds, steps
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
    assert set(row) == {"id", "school_id", "group_id", "scan_id", "decided_on", "shares"}
    assert type(row["decided_on"]) is dt.date


def show(cast: TestCast, who: str, scan: SelfScan, *, shares: bool = True) -> None:
    actions.decide_sharing(group=cast.reading, shares=shares, scan=scan, by=cast.hat(who), now=NOW)


def shown(cast: TestCast) -> tuple[bool, list[int]]:
    """Whether the profile is shared, and which rounds are."""
    sharing = queries.sharing_of(cast.reading)
    return sharing.shares, [one.scan_id for one in sharing.shown]


def test_who_shows_a_round_shows_the_profile_too(cast: TestCast) -> None:
    scan = rounds.revealed(cast, rounds.colleagues(cast, 4))
    assert shown(cast) == (False, [])
    show(cast, "els", scan)
    assert shown(cast) == (True, [scan.pk])
    assert queries.groups_that_share_in_school(cast.hat("anna")) == {cast.reading.pk}


def test_one_round_is_taken_back_alone(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    first, second = rounds.revealed(cast, people), rounds.revealed(cast, people, "openness")
    for scan in (first, second):
        show(cast, "els", scan)
    show(cast, "carla", first, shares=False)
    assert shown(cast) == (True, [second.pk])
    assert queries.groups_that_share_in_school(cast.hat("anna")) == {cast.reading.pk}


def test_a_later_yes_brings_back_nothing_that_somebody_closed(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    first, second = rounds.revealed(cast, people), rounds.revealed(cast, people, "openness")
    show(cast, "els", first)
    decide(cast, "carla", shares=False)
    assert shown(cast) == (False, [])
    show(cast, "els", second)
    assert shown(cast) == (True, [second.pk])


def test_keeping_a_round_is_an_answer(cast: TestCast) -> None:
    scan = rounds.revealed(cast, rounds.colleagues(cast, 4))
    unasked = queries.sharing_of(cast.reading).unasked
    assert unasked
    assert (unasked.scan_id, unasked.shown) == (scan.pk, None)
    show(cast, "els", scan, shares=False)
    assert queries.sharing_of(cast.reading).unasked is None
    assert shown(cast) == (False, [])
    assert ShareDecision.objects.count() == 1


def test_only_the_last_round_is_asked_about(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    rounds.revealed(cast, people)
    show(cast, "els", rounds.revealed(cast, people, "openness"))
    assert queries.sharing_of(cast.reading).unasked is None


def test_a_round_without_a_picture_is_not_asked_about(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    scan = rounds.answered(rounds.opened(cast), people, None)
    actions.reveal_scan(scan=scan, by=cast.hat("els"), now=NOW)
    assert queries.sharing_of(cast.reading).rounds == ()


def test_a_group_shows_what_it_has_seen_itself(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    scan = rounds.answered(rounds.opened(cast), people, 3)
    with pytest.raises(actions.NotRevealed):
        show(cast, "els", scan)
    assert not ShareDecision.objects.exists()


def test_nobody_shows_a_round_of_another_group(cast: TestCast) -> None:
    scan = rounds.revealed(cast, rounds.colleagues(cast, 4))
    chair = next(name for name in cast.people if cast.hat(name).chairs(cast.maths.pk))
    with pytest.raises(actions.NotRevealed):
        actions.decide_sharing(group=cast.maths, shares=True, scan=scan, by=cast.hat(chair), now=NOW)


@pytest.mark.parametrize(("who", "shares"), [("carla", True), ("anna", True), ("anna", False), ("bram", False)])
def test_nobody_else_decides_about_a_round(cast: TestCast, who: str, shares: bool) -> None:
    scan = rounds.revealed(cast, rounds.colleagues(cast, 4))
    with pytest.raises(PermissionDenied):
        show(cast, who, scan, shares=shares)


def test_the_same_again_writes_nothing(cast: TestCast) -> None:
    scan = rounds.revealed(cast, rounds.colleagues(cast, 4))
    for _time in range(2):
        show(cast, "els", scan)
    assert ShareDecision.objects.count() == 2
