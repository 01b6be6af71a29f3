"""The know sheet (A3): what we know, what we think, and what somebody finds out."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions as group_actions
from workgroups.actions import papers as actions
from workgroups.models import KnowLine, KnowSheet, Seat, WorkGroup
from workgroups.queries import papers


@pytest.fixture
def sheet(cast: TestCast) -> KnowSheet:
    return actions.start_sheet(group=cast.reading, question="Waarom  haken ze af?", by=cast.hat("carla"), now=NOW)


def add(cast: TestCast, sheet: KnowSheet, column: str = "know", text: str = "Geteld", **values: Any) -> KnowLine:
    given = {"sheet": sheet, "column": column, "text": text, "by": cast.hat("carla"), "now": NOW}
    return actions.add_line(**{**given, **values})


def to_find(cast: TestCast, sheet: KnowSheet, text: str = "Welke woorden?") -> KnowLine:
    return add(cast, sheet, "find_out", text, owner=cast.els)


def test_it_works(cast: TestCast, sheet: KnowSheet, django_assert_num_queries: Any) -> None:
    assert (sheet.question, sheet.made_on) == ("Waarom haken ze af?", TODAY)
    add(cast, sheet, "know", "Een derde haakt af")
    add(cast, sheet, "think", "De tekst is te moeilijk")
    line = to_find(cast, sheet)
    to_find(cast, sheet, "Lezen ze thuis?")
    actions.note_found(line=line, found="Veertien woorden", by=cast.hat("carla"), now=NOW)
    with django_assert_num_queries(1):
        page = papers.know_page(sheet)
        owners = [row.owner.called for row in page.to_find if row.owner]
    assert [row.text for row in page.known] == ["Een derde haakt af"]
    assert [row.text for row in page.thought] == ["De tekst is te moeilijk"]
    assert ([row.text for row in page.to_find], owners) == (["Lezen ze thuis?"], ["Els"])
    assert [(row.found, row.done_on) for row in page.found] == [("Veertien woorden", TODAY)]
    assert papers.open_finds(cast.reading) == 1


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "bram"])
def test_it_needs_a_seat(cast: TestCast, sheet: KnowSheet, who: str) -> None:
    line, by = to_find(cast, sheet), cast.hat(who)
    for refused in (
        lambda: actions.start_sheet(group=cast.reading, question="?", by=by, now=NOW),
        lambda: add(cast, sheet, by=by),
        lambda: actions.change_line(line=line, column="know", text="x", by=by, now=NOW),
        lambda: actions.note_found(line=line, found="x", by=by, now=NOW),
        lambda: actions.take_away(line=line, by=by, now=NOW),
    ):
        with pytest.raises(PermissionDenied):
            refused()


def test_what_must_be_found_out_is_somebodys_to_find_out(cast: TestCast, sheet: KnowSheet) -> None:
    with pytest.raises(actions.OwnerMissing):
        add(cast, sheet, "find_out")
    with pytest.raises(actions.NotAtTheTable):
        add(cast, sheet, "find_out", owner=cast.joris)
    Seat.objects.filter(group=cast.reading, user=cast.els).update(until_date=factories.LONG_AGO)
    with pytest.raises(actions.NotAtTheTable):
        add(cast, sheet, "find_out", owner=cast.els)
    assert not KnowLine.objects.exists()


def test_only_finding_out_has_an_owner(cast: TestCast, sheet: KnowSheet) -> None:
    line = to_find(cast, sheet)
    moved = actions.change_line(line=line, column="think", text="Toch een gevoel", by=cast.hat("els"), now=NOW)
    assert (moved.column, moved.text, moved.owner) == ("think", "Toch een gevoel", None)
    assert add(cast, sheet, "know", owner=cast.els).owner is None


def test_what_was_found_stands(cast: TestCast, sheet: KnowSheet) -> None:
    line, els = to_find(cast, sheet), cast.hat("els")
    actions.note_found(line=line, found="Dit", by=els, now=NOW)
    for refused in (
        lambda: actions.note_found(line=line, found="Dat", by=els, now=NOW),
        lambda: actions.change_line(line=line, column="know", text="x", by=els, now=NOW),
        lambda: actions.take_away(line=line, by=els, now=NOW),
    ):
        with pytest.raises(actions.AlreadyFound):
            refused()
    line.refresh_from_db()
    assert line.found == "Dit"


def test_only_what_must_be_found_out_can_be_found(cast: TestCast, sheet: KnowSheet) -> None:
    line = add(cast, sheet)
    with pytest.raises(actions.NothingToFind):
        actions.note_found(line=line, found="x", by=cast.hat("els"), now=NOW)


def test_twice_is_once(cast: TestCast, sheet: KnowSheet) -> None:
    again = actions.start_sheet(group=cast.reading, question="Waarom haken ze af?", by=cast.hat("els"), now=NOW)
    assert again == sheet
    line = add(cast, sheet)
    assert add(cast, sheet) == line
    for _time in range(2):
        actions.take_away(line=line, by=cast.hat("els"), now=NOW)
    assert not KnowLine.objects.exists()
    with pytest.raises(actions.LineGone):
        actions.change_line(line=line, column="know", text="x", by=cast.hat("els"), now=NOW)


@pytest.mark.parametrize(
    ("values", "refusal", "field"),
    [
        ({"text": " "}, group_actions.EmptyText, "text"),
        ({"text": "x" * 301}, group_actions.TextTooLong, "text"),
        ({"column": "feel"}, group_actions.UnknownWord, "column"),
    ],
)
def test_a_refusal_names_its_field(
    cast: TestCast, sheet: KnowSheet, values: dict[str, str], refusal: Any, field: str
) -> None:
    with pytest.raises(refusal) as refused:
        add(cast, sheet, **values)
    assert refused.value.field == field


def test_a_group_that_ended_writes_nothing(cast: TestCast, sheet: KnowSheet) -> None:
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=TODAY)
    with pytest.raises(group_actions.GroupEnded):
        add(cast, sheet)
