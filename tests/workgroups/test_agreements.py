"""Agreements (G4b): at most five that live, corrected freely until the first check, then with a history (G8)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from schools.refusals import Conflict
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions, queries
from workgroups.models import Agreement, AgreementCheck, Closer, Goal

LAST_YEAR = NOW - dt.timedelta(days=365)


@pytest.fixture
def goal(cast: TestCast) -> Goal:
    return factories.goal(factories.period(cast.reading, cast.aspects["openness"]))


def check(agreement: Agreement, outcome: str = "partly", days_ago: int = 7) -> None:
    when = NOW - dt.timedelta(days=days_ago)
    meeting = factories.meeting(agreement.group, when.date(), state="held")
    of = {"school": meeting.school, "group": meeting.group}
    closer = Closer.objects.create(**of, meeting=meeting, closed_at=when)
    AgreementCheck.objects.create(**of, closer=closer, agreement=agreement, outcome=outcome)


def agree(cast: TestCast, goal: Goal, text: str = "Eerst een vraag", **values: Any) -> Agreement:
    return actions.agree_on(**{"goal": goal, "text": text, "tip": None, "by": cast.hat("carla"), "now": NOW, **values})


def change(cast: TestCast, agreement: Agreement, text: str, version: int | None = None) -> Agreement:
    version = version or Agreement.objects.get(pk=agreement.pk).version
    return actions.change_agreement(agreement=agreement, text=text, version=version, by=cast.hat("carla"), now=NOW)


def test_it_works(cast: TestCast, goal: Goal) -> None:
    tip = cast.aspects["openness"].tips.get()
    agreement = agree(cast, goal, "  Eerst een\nvraag ", tip=tip)
    agreement.refresh_from_db()
    assert (agreement.text, agreement.slot, agreement.tip, agreement.agreed_on) == ("Eerst een vraag", 1, tip, TODAY)


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "bram"])
def test_it_needs_a_seat(cast: TestCast, goal: Goal, who: str) -> None:
    agreement, by = agree(cast, goal), cast.hat(who)
    with pytest.raises(PermissionDenied):
        agree(cast, goal, "Nog een", by=by)
    with pytest.raises(PermissionDenied):
        actions.change_agreement(agreement=agreement, text="Anders", version=1, by=by, now=NOW)
    with pytest.raises(PermissionDenied):
        actions.end_agreement(agreement=agreement, how="habit", by=by, now=NOW)


def test_five_are_enough_and_a_free_place_is_used_again(cast: TestCast, goal: Goal) -> None:
    rows = [agree(cast, goal, text) for text in "abcde"]
    with pytest.raises(actions.EnoughAgreements):
        agree(cast, goal, "f")
    actions.end_agreement(agreement=rows[2], how="habit", by=cast.hat("els"), now=NOW)
    assert agree(cast, goal, "f").slot == 3
    assert Agreement.objects.get(text="c").slot is None


def test_it_is_refused_with_a_sentence(cast: TestCast, goal: Goal) -> None:
    agree(cast, goal)
    with pytest.raises(actions.SameAgreement):
        agree(cast, goal)
    with pytest.raises(actions.EmptyText):
        agree(cast, goal, "\t")
    actions.end_goal(goal=goal, how="dropped", by=cast.hat("els"), now=NOW)
    with pytest.raises(actions.GoalOver):
        agree(cast, goal, "Nog een")


def test_until_its_first_check_the_words_are_free(cast: TestCast, goal: Goal) -> None:
    agreement = agree(cast, goal)
    same = change(cast, agreement, "Eerst een open vraag")
    assert (same.pk, same.text) == (agreement.pk, "Eerst een open vraag")
    assert Agreement.objects.get().text == "Eerst een open vraag"


def test_after_a_check_a_change_has_a_history(cast: TestCast, goal: Goal) -> None:
    agreement = agree(cast, goal)
    check(agreement)
    newer = change(cast, agreement, "Eerst twee vragen")
    agreement.refresh_from_db()
    assert (agreement.state, agreement.slot, agreement.changed_into) == ("changed", None, newer)
    assert (newer.state, newer.slot, newer.goal) == ("live", 1, goal)
    assert newer.version > agreement.version


def test_two_who_change_it_both_keep_their_words(cast: TestCast, goal: Goal) -> None:
    agreement = agree(cast, goal)
    change(cast, agreement, "Van de een", version=1)
    for version in (1, None):
        with pytest.raises(Conflict) as refused:
            actions.change_agreement(
                agreement=agreement, text="Van de ander", version=version, by=cast.hat("els"), now=NOW
            )
        assert (refused.value.theirs, refused.value.version) == ({"text": "Van de een"}, 2)
    assert change(cast, agreement, "Van beiden", version=2).text == "Van beiden"


def test_words_that_were_changed_since_are_found_under_their_old_address(cast: TestCast, goal: Goal) -> None:
    agreement = agree(cast, goal)
    check(agreement)
    newer = change(cast, agreement, "Eerst twee vragen", version=1)
    with pytest.raises(Conflict) as refused:
        change(cast, agreement, "Nog anders", version=1)
    assert (refused.value.theirs, refused.value.version) == ({"text": "Eerst twee vragen"}, newer.version)
    assert change(cast, agreement, "Nog anders", version=newer.version).pk == newer.pk


def test_no_change_is_no_change(cast: TestCast, goal: Goal) -> None:
    agreement = agree(cast, goal)
    check(agreement)
    assert change(cast, agreement, " Eerst een vraag ").pk == agreement.pk
    agree(cast, goal, "Iets anders")
    with pytest.raises(actions.SameAgreement):
        change(cast, agreement, "Iets anders")


@pytest.mark.parametrize("how", ["habit", "dropped"])
def test_it_ends_once(cast: TestCast, goal: Goal, how: str) -> None:
    agreement, els = agree(cast, goal), cast.hat("els")
    actions.end_agreement(agreement=agreement, how=how, by=els, now=NOW)
    agreement.refresh_from_db()
    assert (agreement.state, agreement.slot, agreement.ended_on) == (how, None, TODAY)
    for again in ("habit", "dropped"):
        with pytest.raises(actions.AgreementEnded):
            actions.end_agreement(agreement=agreement, how=again, by=els, now=NOW)
    with pytest.raises(actions.AgreementEnded):
        change(cast, agreement, "Anders")
    with pytest.raises(actions.UnknownWord):
        actions.end_agreement(agreement=agreement, how="changed", by=els, now=NOW)


def test_its_life_is_told_from_the_first_words_on(cast: TestCast, goal: Goal, django_assert_num_queries: Any) -> None:
    first = agree(cast, goal, "een")
    agree(cast, goal, "los hiervan")
    check(first, "not", days_ago=20)
    check(first, "partly", days_ago=10)
    second = change(cast, first, "twee")
    check(second, "kept", days_ago=3)
    third = change(cast, second, "drie")
    for agreement in (first, second, third):
        agreement.refresh_from_db()
        with django_assert_num_queries(2):
            life = queries.life_of(agreement)
        assert [stage.agreement.text for stage in life] == ["een", "twee", "drie"]
        assert [[one.outcome for one in stage.checks] for stage in life] == [["not", "partly"], ["kept"], []]


def test_the_last_outcome_stands_beside_it(cast: TestCast, goal: Goal) -> None:
    agreement = agree(cast, goal)
    assert queries.live_agreements([cast.reading.pk])[cast.reading.pk][0].last is None
    check(agreement, "kept", days_ago=20)
    check(agreement, "no_occasion", days_ago=3)
    (live,) = queries.focus_of(cast.reading).agreements
    assert (live.id, live.last, str(live.last_label)) == (agreement.pk, "no_occasion", "geen gelegenheid")


def test_how_often_it_was_kept_counts_the_last_five_occasions(cast: TestCast, goal: Goal) -> None:
    agreement = agree(cast, goal)

    def told() -> tuple[int, int]:
        (live,) = queries.focus_of(cast.reading).agreements
        return live.kept, live.times

    assert told() == (0, 0)
    for days_ago, outcome in enumerate(["no_occasion", "kept", "partly", "kept", "kept", "kept", "not", "not"], 1):
        check(agreement, outcome, days_ago=days_ago)
    assert told() == (4, 5)


def test_everything_agreed_on_is_told_by_school_year(
    cast: TestCast, goal: Goal, django_assert_num_queries: Any
) -> None:
    rows = [agree(cast, goal, text) for text in ("een", "twee", "drie", "vier")]
    els = cast.hat("els")
    for row, how, now in ((rows[0], "habit", NOW), (rows[1], "dropped", NOW), (rows[2], "habit", LAST_YEAR)):
        actions.end_agreement(agreement=row, how=how, by=els, now=now)
    with django_assert_num_queries(1):
        found = queries.agreements_over_time(cast.reading)
    assert [row.text for row in found.live] == ["vier"]
    years = [(year.name, [row.text for row in year.agreements]) for year in found.years]
    assert years == [("2026-2027", ["twee", "een"]), ("2025-2026", ["drie"])]


def test_its_answers_are_told_by_school_year(cast: TestCast, goal: Goal) -> None:
    agreement = agree(cast, goal)
    check(agreement, "not", days_ago=365)
    check(agreement, "partly", days_ago=8)
    check(agreement, "kept", days_ago=1)
    (stage,) = queries.life_of(agreement)
    years = [(name, [one.outcome for one in checks]) for name, checks in stage.years]
    assert years == [("2025-2026", ["not"]), ("2026-2027", ["partly", "kept"])]
