"""The decision note (A4): criteria before options, another view before the decision, and then it stands."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from schools import refusals
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions as group_actions
from workgroups.actions import papers as actions
from workgroups.models import Criterion, DecisionNote, Option
from workgroups.queries import papers


class Table:
    """A decision note, and the verbs upon it by somebody at the table."""

    def __init__(self, cast: TestCast, by: str = "carla") -> None:
        self.cast = cast
        self.given: dict[str, Any] = {"by": cast.hat(by), "now": NOW}
        self.note = actions.start_decision(group=cast.reading, question="Welke tekst?", vision="Doen", **self.given)

    def criterion(self, text: str = "Past bij ons", weight: int = 2) -> Criterion:
        return actions.add_criterion(note=self.note, text=text, weight=weight, **self.given)

    def open(self) -> None:
        self.criterion()
        actions.open_options(note=self.note, **self.given)

    def option(self, text: str = "Zelf kiezen") -> Option:
        return actions.add_option(note=self.note, text=text, **self.given)

    def weigh(self, option: Option, **values: Any) -> Option:
        words = {"text": option.text, "pros": "Sluit aan", "cons": "Kost tijd"}
        given = {"option": option, "written": words, "fits": {}, "version": None, **self.given}
        return actions.weigh_option(**{**given, **values})

    def hear(self, text: str = "Parttimers zien zoekwerk", version: int | None = None) -> DecisionNote:
        return actions.hear_other_view(note=self.note, other_view=text, version=version, **self.given)

    def decide(self, **words: str) -> DecisionNote:
        said = self.given | {"decision": "Zelf kiezen", "because": "Ze lezen dan door"} | words
        return actions.decide(note=self.note, **said)

    def state(self) -> str:
        self.note.refresh_from_db()
        return self.note.state


@pytest.fixture
def table(cast: TestCast) -> Table:
    return Table(cast)


def test_it_works(table: Table, django_assert_num_queries: Any) -> None:
    table.criterion("Past bij toetsen", 1)
    table.open()
    first, second = table.option(), table.option("Niets doen")
    learning = Criterion.objects.get(is_learning=True)
    table.weigh(first, fits={learning.pk: "well"})
    table.hear()
    note = table.decide()
    assert (note.state, note.decided_on, note.decision) == ("decided", TODAY, "Zelf kiezen")
    with django_assert_num_queries(3):
        page = papers.decision_page(note)
    assert [(one.text, one.weight) for one in page.criteria][1:] == [("Past bij ons", 2), ("Past bij toetsen", 1)]
    assert [one.option for one in page.options] == [first, second]
    assert [one.fit for one in page.options[0].weighed] == ["well", None, None]


def test_what_pupils_learn_is_there_from_the_start_and_weighs_most(table: Table) -> None:
    learning = Criterion.objects.get(note=table.note)
    assert (learning.is_learning, learning.weight, learning.text) == (True, 3, "Wat leerlingen ervan leren")
    with pytest.raises(actions.LearningWeighsMost):
        actions.change_criterion(criterion=learning, text="Leren", weight=2, **table.given)
    with pytest.raises(actions.LearningWeighsMost):
        actions.drop_criterion(criterion=learning, **table.given)
    changed = actions.change_criterion(criterion=learning, text="Wat ze leren", weight=3, **table.given)
    assert changed.text == "Wat ze leren"


def test_options_come_after_the_criteria(table: Table) -> None:
    with pytest.raises(actions.NotOpened):
        table.option()
    with pytest.raises(actions.CriteriaMissing):
        actions.open_options(note=table.note, **table.given)
    table.open()
    actions.open_options(note=table.note, **table.given)
    assert table.state() == "options"


def test_once_options_are_on_the_table_the_criteria_stand(table: Table) -> None:
    criterion = table.criterion()
    table.open()
    for bend in (
        lambda: table.criterion("Mijn favoriet wint", 3),
        lambda: actions.change_criterion(criterion=criterion, text="Anders", weight=3, **table.given),
        lambda: actions.drop_criterion(criterion=criterion, **table.given),
        lambda: actions.describe_decision(note=table.note, question="Anders?", vision="", version=None, **table.given),
    ):
        with pytest.raises(actions.CriteriaStand):
            bend()
    assert list(Criterion.objects.order_by("position").values_list("text", "weight"))[1:] == [("Past bij ons", 2)]


def test_a_choice_needs_options_and_another_view(table: Table) -> None:
    table.open()
    table.option()
    table.hear()
    with pytest.raises(actions.OptionsMissing):
        table.decide()
    table.option("Niets doen")
    DecisionNote.objects.update(other_view="")
    with pytest.raises(actions.OtherViewMissing):
        table.decide()
    with pytest.raises(group_actions.EmptyText):
        table.hear("  ")
    table.hear("We vroegen het, en niemand ziet het anders")
    for words in ({"because": " "}, {"decision": ""}):
        with pytest.raises(group_actions.EmptyText):
            table.decide(**words)
    assert table.state() == "options"


def _decided(table: Table) -> Option:
    table.open()
    option = table.option()
    table.option("Niets doen")
    table.hear()
    table.decide()
    return option


def test_a_decision_stands(table: Table) -> None:
    option = _decided(table)
    before = DecisionNote.objects.values().get()
    late: list[Callable[[], Any]] = [
        table.decide,
        table.hear,
        table.option,
        table.criterion,
        lambda: table.weigh(option),
        lambda: actions.drop_option(option=option, **table.given),
        lambda: actions.open_options(note=table.note, **table.given),
        lambda: actions.describe_decision(note=table.note, question="x", vision="y", version=None, **table.given),
    ]
    for change in late:
        with pytest.raises(actions.Decided):
            change()
    assert DecisionNote.objects.values().get() == before


def test_the_same_question_after_a_decision_is_a_new_note(table: Table) -> None:
    again = {"group": table.cast.reading, "question": "Welke tekst?", **table.given}
    assert actions.start_decision(**again) == table.note
    _decided(table)
    assert actions.start_decision(**again) != table.note


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "bram"])
def test_it_needs_a_seat(table: Table, who: str) -> None:
    table.open()
    option, criterion = table.option(), Criterion.objects.first()
    assert criterion
    table.given["by"] = table.cast.hat(who)
    for act in (
        table.option,
        table.criterion,
        table.hear,
        table.decide,
        lambda: table.weigh(option),
        lambda: actions.drop_option(option=option, **table.given),
        lambda: actions.drop_criterion(criterion=criterion, **table.given),
        lambda: actions.start_decision(group=table.cast.reading, question="?", **table.given),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_nobodys_words_are_overwritten_unseen(table: Table) -> None:
    table.open()
    version = DecisionNote.objects.get().version
    table.hear("Eerst dit", version)
    with pytest.raises(refusals.Conflict) as conflict:
        table.hear("Toen dat", version)
    assert conflict.value.theirs == {"other_view": "Eerst dit"}
    assert table.hear("Toen dat", conflict.value.version).other_view == "Toen dat"
    option = table.option()
    before = actions.mark_of_option(option, {})
    table.weigh(option, version=before)
    with pytest.raises(refusals.Conflict) as conflict:
        table.weigh(option, written={"text": "Zelf kiezen", "pros": "Anders", "cons": ""}, version=before)
    assert conflict.value.theirs["pros"] == "Sluit aan"
    table.weigh(option, version=before)  # the very same words are no conflict


def test_a_fit_is_about_a_criterion_of_the_same_note(table: Table) -> None:
    other = actions.start_decision(group=table.cast.reading, question="Iets anders", **table.given)
    foreign = Criterion.objects.get(note=other)
    table.open()
    option = table.option()
    with pytest.raises(group_actions.UnknownWord):
        table.weigh(option, fits={foreign.pk: "well"})
    own = Criterion.objects.get(note=table.note, is_learning=True)
    with pytest.raises(group_actions.UnknownWord):
        table.weigh(option, fits={own.pk: "perfect"})
    table.weigh(option, fits={own.pk: "well"})
    table.weigh(option, fits={own.pk: ""})
    assert papers.fits_of(option) == {}


def test_there_is_room_for_seven_criteria_and_five_options(table: Table) -> None:
    for number in range(6):
        table.criterion(f"Criterium {number}")
    with pytest.raises(actions.EnoughCriteria):
        table.criterion("Nog een")
    assert table.criterion("Criterium 0").text == "Criterium 0"  # twice is once
    with pytest.raises(group_actions.UnknownWord):
        table.criterion("Criterium 1", 4)
    actions.open_options(note=table.note, **table.given)
    for number in range(5):
        table.option(f"Optie {number}")
    with pytest.raises(actions.EnoughOptions):
        table.option("Nog een")
    assert table.option("Optie 0") == Option.objects.earliest("position")
