"""How it went with agreements: each with what the closers found, of the days and the card that are asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests import factories
from tests.conftest import TestCast
from tests.factories import TODAY
from workgroups import queries
from workgroups.models import Agreement, AgreementCheck, Closer

YEAR: dict[str, Any] = {"since": dt.date(2026, 8, 1), "until": dt.date(2027, 7, 31)}


def judged(agreement: Agreement, *outcomes: str, first: dt.date = dt.date(2026, 9, 1)) -> None:
    """The group looked back on it week after week."""
    for week, outcome in enumerate(outcomes):
        meeting = factories.meeting(agreement.group, first + dt.timedelta(days=7 * week), state="held")
        mine = {"school": agreement.school, "group": agreement.group}
        closer = Closer.objects.create(**mine, meeting=meeting, closed_at=meeting.ends_at)
        AgreementCheck.objects.create(**mine, closer=closer, agreement=agreement, outcome=outcome)


def agreed(cast: TestCast, text: str = "Eerst een vraag", slot: int | None = 1, **values: Any) -> Agreement:
    """An agreement of the reading group about its live card."""
    period = cast.reading.periods.filter(state="live").first() or factories.period(
        cast.reading, cast.aspects["openness"]
    )
    goal = period.goals.first() or factories.goal(period)
    mine = {"school": cast.reading.school, "group": cast.reading, "goal": goal}
    return Agreement.objects.create(**mine, **{"text": text, "slot": slot, "agreed_on": TODAY, **values})


def test_it_works(cast: TestCast) -> None:
    agreement = agreed(cast, agreed_on=dt.date(2026, 9, 1))
    judged(agreement, "kept", "partly", "kept", "no_occasion")
    (found,) = queries.agreements_kept(cast.reading, **YEAR)
    assert found.agreement == agreement
    assert [check.outcome for check in found.checks] == ["kept", "partly", "kept", "no_occasion"]
    assert [(one.key, len(one.days)) for one in found.outcomes] == [
        ("kept", 2),
        ("partly", 1),
        ("not", 0),
        ("no_occasion", 1),
    ]
    assert found.is_live


def test_only_these_days(cast: TestCast) -> None:
    """An agreement of last year that still lives brings this year's answers alone; one that ended brings nothing."""
    living = agreed(cast, "Loopt door", agreed_on=dt.date(2026, 3, 1))
    judged(living, "not", first=dt.date(2026, 3, 8))
    judged(living, "kept", first=dt.date(2026, 9, 8))
    gone = agreed(cast, "Voorbij", None, agreed_on=dt.date(2026, 3, 1), state="dropped", ended_on=dt.date(2026, 6, 1))
    judged(gone, "not", first=dt.date(2026, 3, 15))
    agreed(cast, "Volgend jaar", 3, agreed_on=dt.date(2027, 8, 15))
    (found,) = queries.agreements_kept(cast.reading, **YEAR)
    assert found.agreement == living
    assert [check.outcome for check in found.checks] == ["kept"]


def test_the_live_ones_stand_first(cast: TestCast) -> None:
    judged(agreed(cast, "Gewoonte", None, state="habit", ended_on=TODAY), "kept")
    agreed(cast, "Tweede", 2)
    agreed(cast, "Eerste", 1)
    found = queries.agreements_kept(cast.reading, **YEAR)
    assert [one.agreement.text for one in found] == ["Eerste", "Tweede", "Gewoonte"]


def test_what_ended_before_a_meeting_looked_back_is_left_out(cast: TestCast) -> None:
    agreed(cast, "Nooit besproken", None, state="dropped", ended_on=TODAY)
    assert queries.agreements_kept(cast.reading, **YEAR) == ()


def test_one_card_alone_and_never_next_door(cast: TestCast) -> None:
    agreement = agreed(cast)
    judged(agreement, "kept")
    other = factories.agreement(factories.goal(factories.period(cast.maths, cast.aspects["openness"])), "Van rekenen")
    judged(other, "not", first=dt.date(2026, 10, 1))
    assert [one.agreement for one in queries.agreements_kept(cast.reading, **YEAR, aspect="openness")] == [agreement]
    assert queries.agreements_kept(cast.reading, **YEAR, aspect="reflecting") == ()


@pytest.mark.parametrize("count", [1, 3])
def test_it_costs_two_queries(cast: TestCast, django_assert_num_queries: Any, count: int) -> None:
    for number in range(1, count + 1):
        judged(
            agreed(cast, f"Afspraak {number}", number),
            *["kept"] * count,
            first=dt.date(2026, 8, number),
        )
    with django_assert_num_queries(2):
        found = queries.agreements_kept(cast.reading, **YEAR)
        assert [len(one.checks) for one in found] == [count] * count
        assert {one.agreement.goal.period.aspect.key for one in found} == {"openness"}
