"""What the database itself refuses, whoever writes to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests import factories
from tests.conftest import TestCast
from tests.factories import LONG_AGO, NOW, TODAY
from workgroups.models import (
    Agreement,
    AgreementCheck,
    Closer,
    FocusPeriod,
    Goal,
    GoalCheck,
    GoalUpdate,
    Meeting,
    Opener,
    ReminderRule,
    Seat,
    Series,
    WorkGroup,
)


class Rows:
    """One whole group: a period, a goal, an agreement, a meeting with its opener and closer."""

    def __init__(self, cast: TestCast) -> None:
        """Write it."""
        self.cast = cast
        self.period = factories.period(cast.reading, cast.aspects["openness"])
        self.goal = factories.goal(self.period)
        self.agreement = factories.agreement(self.goal)
        self.meeting = factories.meeting(cast.reading)
        self.of = {"school": cast.reading.school, "group": cast.reading}
        self.opener = Opener.objects.create(**self.of, meeting=self.meeting, opened_at=NOW)
        self.closer = Closer.objects.create(**self.of, meeting=self.meeting, closed_at=NOW)

    def check(self, outcome: str) -> AgreementCheck:
        row: AgreementCheck = AgreementCheck.objects.create(
            **self.of, closer=self.closer, agreement=self.agreement, outcome=outcome
        )
        return row

    def goal_check(self, outcome: str) -> GoalCheck:
        row: GoalCheck = GoalCheck.objects.create(**self.of, closer=self.closer, goal=self.goal, outcome=outcome)
        return row

    def update(self, step: str) -> GoalUpdate:
        row: GoalUpdate = GoalUpdate.objects.create(**self.of, goal=self.goal, step=step, written_at=NOW)
        return row


def series(of: dict[str, Any], **values: Any) -> Series:
    row: Series = Series.objects.create(**of, **{"every": "week", "first_day": TODAY, "count": 3, **values})
    return row


def change(model: Any, row: Any, **values: Any) -> int:
    changed: int = model.objects.filter(pk=row.pk).update(**values)
    return changed


REFUSED: dict[str, tuple[str, Callable[[Rows], Any]]] = {
    "G1 a second live period": (
        "one_live_period_per_group",
        lambda r: factories.period(r.cast.reading, r.cast.aspects["feedback"]),
    ),
    "a closed period without a day": (
        "closed_period_has_a_date",
        lambda r: change(FocusPeriod, r.period, state="closed"),
    ),
    "G4a a fourth goal": ("one_to_three_goals", lambda r: factories.goal(r.period, position=4)),
    "G4a a goal zero": ("one_to_three_goals", lambda r: factories.goal(r.period, position=0)),
    "two goals in one place": ("one_goal_per_position", lambda r: factories.goal(r.period, position=1)),
    "a reached goal gives no place": (
        "one_goal_per_position",
        lambda r: (change(Goal, r.goal, state="reached"), factories.goal(r.period, position=1)),
    ),
    "a goal without words": ("goal_has_words", lambda r: change(Goal, r.goal, text="")),
    "a sixth agreement": ("five_live_agreements_at_most", lambda r: factories.agreement(r.goal, slot=6)),
    "two agreements in one place": ("one_agreement_per_slot", lambda r: factories.agreement(r.goal, slot=1)),
    "an ended agreement without a day": (
        "five_live_agreements_at_most",
        lambda r: change(Agreement, r.agreement, state="habit", slot=None),
    ),
    "an agreement without words": ("agreement_has_words", lambda r: change(Agreement, r.agreement, text="")),
    "two planned meetings at once": (
        "one_planned_meeting_per_start",
        lambda r: factories.meeting(r.cast.reading),
    ),
    "G5 a second opener": (
        "meeting_id",
        lambda r: Opener.objects.create(**r.of, meeting=r.meeting, opened_at=NOW),
    ),
    "G7 a second closer": (
        "meeting_id",
        lambda r: Closer.objects.create(**r.of, meeting=r.meeting, closed_at=NOW),
    ),
    "G6 two answers for one agreement": ("one_check_per_agreement", lambda r: (r.check("kept"), r.check("not"))),
    "G6 an unknown answer": ("agreement_check_outcome", lambda r: r.check("great")),
    "G7 two answers for one goal": ("one_check_per_goal", lambda r: (r.goal_check("not_yet"), r.goal_check("reached"))),
    "G7 an unknown answer for a goal": ("goal_check_outcome", lambda r: r.goal_check("kept")),
    "an unknown step": ("goal_update_step", lambda r: r.update("halfway")),
    "a second open seat": (
        "one_open_seat_per_person",
        lambda r: Seat.objects.create(**r.of, user=r.cast.carla, from_date=TODAY),
    ),
    "a second chair": (
        "one_chair_per_group",
        lambda r: Seat.objects.create(**r.of, user=r.cast.joris, is_chair=True, from_date=TODAY),
    ),
    "a second group of the same name": (
        "one_active_group_per_name",
        lambda r: WorkGroup.objects.create(school=r.cast.reading.school, name="Rekenen", theme="x"),
    ),
    "a group without a theme": (
        "group_has_name_and_theme",
        lambda r: change(WorkGroup, r.cast.reading, theme=""),
    ),
    "a meeting of no time at all": ("meeting_lasts", lambda r: change(Meeting, r.meeting, minutes=4)),
    "a series in no rhythm": ("series_comes_back", lambda r: series(r.of, every="year")),
    "a series without an end": ("series_ends_on_a_day_or_by_number", lambda r: series(r.of, count=None)),
    "a series with two ends": ("series_ends_on_a_day_or_by_number", lambda r: series(r.of, until=TODAY)),
    "a series of 61": ("series_ends_on_a_day_or_by_number", lambda r: series(r.of, count=61)),
    "a series that ends before it starts": (
        "series_ends_on_a_day_or_by_number",
        lambda r: series(r.of, count=None, until=TODAY - dt.timedelta(days=1)),
    ),
    "a series that does something else on days off": (
        "series_on_days_off",
        lambda r: series(r.of, on_days_off="never"),
    ),
    "a meeting of a series without its day": (
        "meeting_of_a_series_has_its_day",
        lambda r: change(Meeting, r.meeting, series=series(r.of)),
    ),
    "an exception to no series": (
        "meeting_of_a_series_has_its_day",
        lambda r: change(Meeting, r.meeting, moved_alone=True),
    ),
    "two meetings for one turn of a series": (
        "one_meeting_per_day_of_a_series",
        lambda r: Meeting.objects.filter(pk__in=[r.meeting.pk, factories.meeting(r.cast.reading, TODAY).pk]).update(
            series=series(r.of), series_day=TODAY
        ),
    ),
    "a reminder on the day itself": (
        "group_rule_in_days_or_hours",
        lambda r: ReminderRule.objects.filter(group=r.cast.reading).update(days_before=0),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_the_database_refuses(cast: TestCast, name: str) -> None:
    constraint, write = REFUSED[name]
    rows = Rows(cast)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        write(rows)


def test_and_takes_what_fits(cast: TestCast) -> None:
    rows = Rows(cast)
    assert change(Goal, rows.goal, state="dropped", ended_on=TODAY)
    factories.goal(rows.period, position=1)
    assert change(Agreement, rows.agreement, state="habit", slot=None, ended_on=TODAY)
    factories.agreement(rows.goal, slot=1)
    assert change(FocusPeriod, rows.period, state="closed", closed_on=TODAY)
    factories.period(cast.reading, cast.aspects["feedback"])
    Seat.objects.filter(group=cast.reading, user=cast.els).update(until_date=LONG_AGO)
    Seat.objects.create(**rows.of, user=cast.els, is_chair=True, from_date=TODAY)
    rows.check("kept")
    rows.goal_check("not_yet")
    rows.update("reached")
