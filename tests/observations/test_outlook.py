"""What a leader reads: words over time, of the coach and of own rounds that are shown, from one place for all doors."""

from __future__ import annotations

import datetime as dt
from dataclasses import fields
from typing import Any

import pytest
from django.template import Context, Template

from observations import actions, outlook, profile, queries
from observations.models import ScanReading, SelfScan, ShareDecision, Snapshot
from observations.profile import Word
from observations.templatetags import outlook as tags
from tests import factories
from tests.conftest import TestCast
from tests.observations import rounds, steps
from tests.observations.test_profile import several
from workgroups.models import WorkGroup

NOW = factories.NOW
NAMES = [profile.AspectName(1, "openness", "Open staan", "Open"), profile.AspectName(2, "reflecting", "R", "R")]


def show(cast: TestCast, *scans: SelfScan) -> None:
    for scan in scans:
        actions.decide_sharing(group=cast.reading, shares=True, scan=scan, by=cast.hat("els"), now=NOW)


def shares(group: WorkGroup) -> None:
    ShareDecision.objects.create(school=group.school, group=group, decided_on=factories.TODAY, shares=True)


def coach(*looks: profile.Look) -> profile.DialogueProfile:
    return profile.build(aspects=NAMES, looks=looks, readings=[(look.visit_id, 1, 6) for look in looks], points=[])


def own(*values: int | None) -> list[profile.AspectLine]:
    return [profile.AspectLine(1, "openness", "Open staan", "Open", values)]


def test_both_mirrors_in_words() -> None:
    view = outlook.outlook_on(
        7, coach(profile.Look(9, dt.date(2026, 11, 10), 20)), days=[dt.date(2026, 9, 28)], own=own(3)
    )
    openness, reflecting = view.aspects
    assert (openness.coach, openness.own) == ((Word.OFTEN,), (Word.SELDOM,))
    assert (reflecting.coach, reflecting.own) == ((None,), (None,))
    assert view.months == (dt.date(2026, 9, 1),)
    assert view.visits == (outlook.LeaderVisit(dt.date(2026, 11, 10)),)


def test_of_an_own_round_the_month_is_all_there_is_of_time() -> None:
    """A round of the last day of a month and one of the first look alike, beside a visit in between too."""
    visit = coach(profile.Look(9, dt.date(2026, 11, 10), 20))
    views = [outlook.outlook_on(7, visit, days=[dt.date(2026, 11, day)], own=own(4)) for day in (1, 30)]
    assert views[0] == views[1]
    assert [moment.is_own for moment in views[0].moments] == [True, False]


def test_moments_stand_in_the_order_of_time() -> None:
    visits = coach(profile.Look(1, dt.date(2026, 9, 5), 20), profile.Look(2, dt.date(2026, 11, 3), 20))
    days = [dt.date(2026, 8, 30), dt.date(2026, 10, 2), dt.date(2026, 11, 20)]
    view = outlook.outlook_on(7, visits, days=days, own=own(4, 5, 6))
    assert [(moment.month.month, moment.is_own, moment.place) for moment in view.moments] == [
        (8, True, 0),
        (9, False, 0),
        (10, True, 1),
        (11, True, 2),
        (11, False, 1),
    ]


def test_a_round_that_says_nothing_leaves_no_month() -> None:
    days = [dt.date(2026, 8, 30), dt.date(2026, 10, 2)]
    view = outlook.outlook_on(7, coach(), days=days, own=own(None, 5))
    assert (view.months, view.aspects[0].own) == ((dt.date(2026, 10, 1),), (Word.SOMETIMES,))
    assert outlook.outlook_on(7, coach(), days=days[:1], own=own(None)).is_empty


def test_no_row_holds_what_no_leader_may_know() -> None:
    """No figure, spread, number of answers, way, minutes, answer of the group, or person is in the shape at all."""
    shapes = (outlook.LeaderView, outlook.LeaderAspect, outlook.LeaderVisit, outlook.LeaderPoint, outlook.Moment)
    assert {one.name for shape in shapes for one in fields(shape)} == {
        *("group_id", "visits", "months", "aspects", "number", "key", "name", "short_name", "coach", "own"),
        *("strong", "chances", "day", "corrections", "text", "month", "place"),
    }


def test_only_shown_rounds(cast: TestCast) -> None:
    people = rounds.colleagues(cast, 4)
    first, second = rounds.revealed(cast, people), rounds.revealed(cast, people, "openness")
    show(cast, first)
    view = queries.leader_view_of(cast.reading)
    assert view.months == (dt.date(2026, 11, 1),)
    assert {line.key: line.own for line in view.aspects if any(line.own)} == {"reflecting": (Word.OFTEN,)}
    show(cast, second)
    assert {line.key for line in queries.leader_view_of(cast.reading).aspects if any(line.own)} == {
        "openness",
        "reflecting",
    }


def test_the_preview_is_what_the_leader_reads_after_a_yes(cast: TestCast) -> None:
    steps.shared(cast)
    scan = rounds.revealed(cast, rounds.colleagues(cast, 4))
    preview = queries.leader_view_of(cast.reading, with_scan=scan.pk)
    assert preview != queries.leader_view_of(cast.reading)
    show(cast, scan)
    assert queries.leader_view_of(cast.reading) == preview
    assert queries.leader_views([cast.reading]) == {cast.reading.pk: preview}


def test_together_and_each_alone_read_the_same(cast: TestCast) -> None:
    """The clamp ends at 1.5: a leader cannot tell it from 1, which only one voice can give."""
    people = rounds.colleagues(cast, 4)
    alone = rounds.answered(rounds.opened(cast), people, 1)
    actions.reveal_scan(scan=alone, by=cast.hat("els"), now=NOW)
    together = rounds.answer(rounds.opened(cast, way="together", closes_at=None), cast.carla, 1)
    assert set(ScanReading.objects.values_list("halves", flat=True)) == {2, 3}
    views = [queries.leader_view_of(cast.reading, with_scan=scan.pk) for scan in (alone, together)]
    assert views[0] == views[1]


def test_what_is_not_shown_changes_nothing(cast: TestCast) -> None:
    """Other answers, more people, another spread: the same words are the same view."""
    scan = rounds.revealed(cast, rounds.colleagues(cast, 4))
    show(cast, scan)
    before = queries.leader_view_of(cast.reading)
    ScanReading.objects.update(halves=7, spread="mixed")
    Snapshot.objects.update(respondents=9)
    SelfScan.objects.update(closed_on=dt.date(2026, 11, 2))
    assert queries.leader_view_of(cast.reading) == before


def test_groups_that_keep_to_themselves_are_not_there(cast: TestCast) -> None:
    steps.shared(cast)
    rounds.revealed(cast, rounds.colleagues(cast, 4))
    assert queries.leader_views([cast.reading, cast.maths]) == {}
    actions.decide_sharing(group=cast.reading, shares=True, by=cast.hat("els"), now=NOW)
    assert list(queries.leader_views([cast.reading, cast.maths])) == [cast.reading.pk]
    actions.decide_sharing(group=cast.reading, shares=False, by=cast.hat("carla"), now=NOW)
    assert queries.leader_views([cast.reading, cast.maths]) == {}


def test_each_group_reads_on_its_own_deck_and_in_the_order_asked(cast: TestCast) -> None:
    groups = [cast.maths, cast.reading]
    for group in groups:
        shares(group)
    views = queries.leader_views(groups)
    assert list(views) == [group.pk for group in groups]
    assert all([line.number for line in view.aspects] == [1, 2, 3, 4, 5, 6] for view in views.values())


@pytest.mark.parametrize("count", [1, 3])
def test_visits_and_rounds_cost_no_queries(cast: TestCast, django_assert_num_queries: Any, count: int) -> None:
    several(cast, count)
    people = rounds.colleagues(cast, 4)
    show(cast, *(rounds.revealed(cast, people, key) for key in ("openness", "reflecting", "analysing")[:count]))
    with django_assert_num_queries(7):
        view = queries.leader_view_of(cast.reading)
    assert (len(view.visits), len(view.months)) == (count, count)
    with django_assert_num_queries(8):
        assert queries.leader_views([cast.reading]) == {cast.reading.pk: view}


@pytest.mark.parametrize("count", [1, 3])
def test_groups_cost_no_queries(cast: TestCast, django_assert_num_queries: Any, count: int) -> None:
    show(cast, rounds.revealed(cast, rounds.colleagues(cast, 4)))
    groups = [cast.reading, *(factories.group(cast.schools["de-wilg"], f"Groep {n}") for n in range(count))]
    for group in groups[1:]:
        shares(group)
    with django_assert_num_queries(8):
        assert len(queries.leader_views(groups)) == count + 1


@pytest.mark.parametrize("count", [1, 3])
def test_what_is_decided_costs_two_queries(cast: TestCast, django_assert_num_queries: Any, count: int) -> None:
    people = rounds.colleagues(cast, 4)
    for key in ("openness", "reflecting", "analysing")[:count]:
        rounds.revealed(cast, people, key)
    with django_assert_num_queries(2):
        assert len(queries.sharing_of(cast.reading).rounds) == count


def drawn(view: outlook.LeaderView) -> str:
    page = Template("{% load outlook %}{% for line in view.aspects %}{% word_trend line view %}{% endfor %}")
    return page.render(Context({"view": view}))


@pytest.mark.parametrize(("count", "dots"), [(1, 1), (3, 3), (12, 12), (40, 12)])
def test_a_long_history_stays_a_picture(count: int, dots: int) -> None:
    days = [dt.date(2021 + number // 10, 1 + number % 10, 5) for number in range(count)]
    view = outlook.outlook_on(7, coach(), days=days, own=own(*[4 + number % 3 for number in range(count)]))
    picture = drawn(view)
    assert picture.count("own-dot") == dots
    assert len(tags.rows(view)) == count
    assert tags.is_long(view) is (count > dots)


def test_a_gap_of_the_coach_breaks_the_line() -> None:
    looks = [profile.Look(number, dt.date(2026, 9, number), 20) for number in (1, 2, 3, 4, 5)]
    readings = [(1, 1, 6), (2, 1, 6), (4, 1, 4), (5, 1, 4)]
    view = outlook.outlook_on(7, profile.build(aspects=NAMES[:1], looks=looks, readings=readings, points=[]))
    picture = drawn(view)
    assert picture.count('class="coach"') == 2
    assert picture.count('class="gap"') == 1


def test_the_last_word_stands_beside_the_one_before() -> None:
    days = [dt.date(2026, month, 5) for month in (8, 9, 10)]
    view = outlook.outlook_on(7, coach(), days=days, own=[*own(3, 6, None), *_reflecting(None, None, 4)])
    openness, reflecting = (tags.last_word(line, view, "own") for line in view.aspects)
    assert openness
    assert (openness.moment.month.month, openness.word, openness.before) == (9, Word.OFTEN, Word.SELDOM)
    assert reflecting
    assert (reflecting.word, reflecting.before) == (Word.SOMETIMES, None)
    assert tags.last_word(view.aspects[0], view, "coach") is None


def _reflecting(*values: int | None) -> list[profile.AspectLine]:
    return [profile.AspectLine(2, "reflecting", "R", "R", values)]
