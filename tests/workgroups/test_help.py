"""Help that a group asks its school for: any seat asks, a leader answers, and the group takes it back when it wants."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from schools import refusals
from schools.models import Membership, User
from schools.roles import Role
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions, queries
from workgroups.models import Guest, HelpRequest, WorkGroup
from workgroups.models.help import HelpState

DAY = dt.timedelta(days=1)
QUESTION, ANSWER = "Wie leest er een middag met ons mee?", "De taalcoördinator komt graag."


def ask(cast: TestCast, who: str = "carla", text: str = QUESTION, kind: str = "expert", **when: Any) -> HelpRequest:
    given_: dict[str, Any] = {"by": cast.hat(who), "now": NOW, **when}
    return actions.ask_help(group=cast.reading, kind=kind, text=text, **given_)


def answer(cast: TestCast, asked: HelpRequest, text: str = ANSWER, **given_: Any) -> HelpRequest:
    given_ = {"version": asked.version, "by": cast.hat("anna"), "now": NOW, **given_}
    return actions.answer_help(help_request=asked, answer=text, **given_)


def shown(cast: TestCast, who: str, now: dt.datetime = NOW) -> list[str]:
    return [line.words for line in queries.help_in_school(cast.hat(who), now=now)]


@pytest.mark.sqlite
def test_it_goes_from_a_question_to_done(cast: TestCast) -> None:
    asked = ask(cast)
    assert (asked.state, asked.asked_on, asked.version) == ("asked", TODAY, 1)
    answered = answer(cast, asked, now=NOW + DAY)
    assert (answered.state, answered.answer, answered.answered_by) == ("answered", ANSWER, cast.anna)
    assert answered.answered_on == TODAY + DAY
    done = actions.finish_help(help_request=answered, by=cast.hat("els"), now=NOW + 2 * DAY)
    assert (done.state, done.done_on, done.answer) == ("done", TODAY + 2 * DAY, ANSWER)
    assert actions.finish_help(help_request=answered, by=cast.hat("carla"), now=NOW + 3 * DAY).done_on == done.done_on


def test_nothing_says_who_asked(cast: TestCast) -> None:
    ask(cast, "carla")
    row = HelpRequest.objects.values().get()
    named = {name for name in row if name.endswith("_id")}
    assert named == {"school_id", "group_id", "answered_by_id"}
    assert row["answered_by_id"] is None
    assert not [name for name, value in row.items() if isinstance(value, dt.datetime)]


def test_the_same_question_twice_is_one(cast: TestCast) -> None:
    first = ask(cast)
    assert ask(cast, "els", text=f"  {QUESTION}\n").pk == first.pk
    assert ask(cast, kind="school").pk != first.pk
    answer(cast, first)
    assert ask(cast).pk != first.pk


def test_five_wait_at_most(cast: TestCast) -> None:
    rows = [ask(cast, text=f"Vraag {number}") for number in range(5)]
    with pytest.raises(actions.EnoughHelp):
        ask(cast)
    answer(cast, rows[0])
    ask(cast)
    with pytest.raises(actions.EnoughHelp):
        ask(cast, text="Nog een")
    actions.take_help_back(help_request=rows[1], by=cast.hat("els"), now=NOW)
    ask(cast, text="Nog een")
    assert queries.open_help(cast.reading).count() == 5


@pytest.mark.parametrize(
    ("kind", "text", "field", "refused"),
    [
        ("expert", " \n ", "text", actions.EmptyText),
        ("expert", "x" * 501, "text", actions.TextTooLong),
        ("money", QUESTION, "kind", actions.UnknownWord),
        ("", QUESTION, "kind", actions.UnknownWord),
    ],
)
def test_it_says_what_is_asked(cast: TestCast, kind: str, text: str, field: str, refused: type[Exception]) -> None:
    with pytest.raises(refused) as said:
        ask(cast, kind=kind, text=text)
    assert said.value.field == field  # type: ignore[attr-defined]
    assert not HelpRequest.objects.exists()


def test_it_can_be_said_otherwise_until_it_is_answered(cast: TestCast) -> None:
    asked = ask(cast)
    words: dict[str, Any] = {"help_request": asked, "kind": "time", "by": cast.hat("els"), "now": NOW}
    other = actions.reword_help(**words, text="Een uur samen", version=1)
    assert (other.kind, other.text, other.version) == ("time", "Een uur samen", 2)
    assert actions.reword_help(**words, text="Een uur samen", version=1).version == 2
    with pytest.raises(refusals.Conflict) as conflict:
        actions.reword_help(**words, text="Twee uur", version=1)
    assert (conflict.value.theirs, conflict.value.version) == ({"kind": "time", "text": "Een uur samen"}, 2)
    answer(cast, other)
    with pytest.raises(actions.AlreadyAnswered):
        actions.reword_help(**words, text="Twee uur", version=3)
    actions.take_help_back(help_request=asked, by=cast.hat("els"), now=NOW)
    with pytest.raises(actions.HelpOver):
        actions.reword_help(**words, text="Twee uur", version=4)


def test_no_answer_goes_to_a_question_that_was_read_otherwise(cast: TestCast) -> None:
    asked = ask(cast)
    by: dict[str, Any] = {"by": cast.hat("els"), "now": NOW}
    actions.reword_help(help_request=asked, kind="time", text="Een uur samen", version=1, **by)
    with pytest.raises(refusals.Conflict) as conflict:
        answer(cast, asked)
    assert (conflict.value.theirs, conflict.value.version) == ({}, 2)
    assert answer(cast, asked, version=2).answer == ANSWER


def test_two_leaders_keep_both_texts(cast: TestCast) -> None:
    asked = ask(cast)
    other = factories.person("Lea", cast.schools["de-wilg"], Role.LEADER)
    answer(cast, asked)
    hat = factories.hat(other, cast.schools["de-wilg"])
    assert answer(cast, asked, by=hat).answered_by == cast.anna
    with pytest.raises(refusals.Conflict) as conflict:
        answer(cast, asked, "Liever niet.", by=hat)
    assert (conflict.value.theirs, conflict.value.version) == ({"answer": ANSWER}, 2)
    assert answer(cast, asked, "Liever niet.", by=hat, version=2).answered_by == other


def test_only_what_was_answered_is_done(cast: TestCast) -> None:
    asked, by = ask(cast), {"by": cast.hat("els"), "now": NOW}
    with pytest.raises(actions.NotAnswered):
        actions.finish_help(help_request=asked, **by)  # type: ignore[arg-type]
    answer(cast, asked)
    actions.finish_help(help_request=asked, **by)  # type: ignore[arg-type]
    asked.refresh_from_db()
    with pytest.raises(actions.HelpOver):
        answer(cast, asked, "Toch niet.")


@pytest.mark.parametrize("state", ["asked", "answered", "done"])
def test_it_is_taken_back_at_any_time(cast: TestCast, state: str) -> None:
    asked, by = ask(cast), {"by": cast.hat("els"), "now": NOW}
    if state != "asked":
        asked = answer(cast, asked)
    if state == "done":
        actions.finish_help(help_request=asked, **by)  # type: ignore[arg-type]
    assert shown(cast, "joris") == [QUESTION]
    for _twice in range(2):
        actions.take_help_back(help_request=asked, **by)  # type: ignore[arg-type]
    for who in ("anna", "joris", "bram", "carla"):
        assert shown(cast, who) == []
    assert queries.help_of(cast.reading) == queries.GroupHelp()
    for act in (lambda: answer(cast, asked), lambda: actions.finish_help(help_request=asked, **by)):  # type: ignore[arg-type]
        with pytest.raises(actions.HelpOver):
            act()


def test_a_group_that_ended_asks_no_more_and_can_still_take_back(cast: TestCast) -> None:
    asked, other = ask(cast), ask(cast, text="En dit?")
    answer(cast, other)
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=TODAY)
    by: dict[str, Any] = {"by": cast.hat("els"), "now": NOW}
    for act in (
        lambda: ask(cast, text="Nog iets"),
        lambda: answer(cast, asked),
        lambda: actions.reword_help(help_request=asked, kind="time", text="x", version=1, **by),
        lambda: actions.finish_help(help_request=other, **by),
    ):
        with pytest.raises(actions.GroupEnded):
            act()
    assert shown(cast, "anna") == []
    assert not queries.help_at_home(cast.hat("anna"), today=TODAY).to_answer
    actions.take_help_back(help_request=asked, **by)
    assert [line.words for line in queries.help_of(cast.reading).answered] == ["En dit?"]
    assert not queries.help_of(cast.reading).waiting


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "bram"])
def test_asking_needs_a_seat(cast: TestCast, who: str) -> None:
    """Also for a guest of the group: Bram visits it."""
    Guest.objects.create(school=cast.reading.school, group=cast.reading, user=cast.bram, from_date=factories.LONG_AGO)
    asked, by = ask(cast), {"by": cast.hat(who), "now": NOW}
    assert cast.hat("bram").visits(cast.reading.pk)
    for act in (
        lambda: ask(cast, who, text="Iets anders"),
        lambda: actions.reword_help(help_request=asked, kind="time", text="x", version=1, **by),  # type: ignore[arg-type]
        lambda: actions.finish_help(help_request=asked, **by),  # type: ignore[arg-type]
        lambda: actions.take_help_back(help_request=asked, **by),  # type: ignore[arg-type]
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert HelpRequest.objects.get().state == "asked"


@pytest.mark.parametrize("who", ["carla", "els", "frank", "joris", "bram"])
def test_answering_needs_the_lead(cast: TestCast, who: str) -> None:
    asked = ask(cast)
    with pytest.raises(PermissionDenied):
        answer(cast, asked, by=cast.hat(who))
    assert HelpRequest.objects.get().answer == ""


def test_a_leader_of_next_door_does_not_answer(cast: TestCast) -> None:
    asked = ask(cast)
    other = factories.person("Karin", cast.schools["de-beuk"], Role.LEADER)
    hat = factories.hat(other, cast.schools["de-beuk"])
    with pytest.raises(PermissionDenied):
        answer(cast, asked, by=hat)
    assert queries.help_in_school(hat, now=NOW) == ()
    assert not queries.help_to_read(hat, today=TODAY).exists()
    assert queries.help_at_home(hat, today=TODAY) == queries.HelpAtHome()


# --- Who reads it -----------------------------------------------------------------------


def test_leaders_teachers_and_coaches_read_the_same(cast: TestCast) -> None:
    answer(cast, ask(cast))
    ask(cast, text="Nog iets")
    actions.ask_help(group=cast.maths, kind="data", text="Per opgave?", by=cast.hat("joris"), now=NOW)
    told = {who: queries.help_in_school(cast.hat(who), now=NOW) for who in ("anna", "joris", "carla", "bram", "frank")}
    assert told["anna"] == told["joris"] == told["carla"] == told["bram"]
    assert [line.words for line in told["anna"]] == [QUESTION, "Nog iets", "Per opgave?"]
    assert [line.by_name for line in told["anna"]] == ["Anna Visser", "", ""]
    assert [str(line.kind_label) for line in told["anna"]] == ["Een deskundige", "Een deskundige", "Gegevens"]
    assert told["frank"] == ()


def test_an_answer_stands_there_until_the_school_year_is_over(cast: TestCast) -> None:
    answer(cast, ask(cast))
    waits = ask(cast, text="Nog steeds open")
    done = answer(cast, ask(cast, text="Klaar"))
    actions.finish_help(help_request=done, by=cast.hat("els"), now=NOW)
    last, first = (dt.datetime(2027, month, day, 12, tzinfo=dt.UTC) for month, day in ((7, 31), (8, 1)))
    assert shown(cast, "joris", last) == [QUESTION, waits.text, "Klaar"]
    assert shown(cast, "joris", first) == [waits.text]
    assert [line.words for line in queries.help_of(cast.reading).answered] == [QUESTION]


def test_the_name_goes_with_the_account(cast: TestCast) -> None:
    answer(cast, ask(cast))
    Membership.objects.filter(user=cast.anna).delete()
    User.objects.filter(pk=cast.anna.pk).delete()
    (line,) = queries.help_in_school(cast.hat("joris"), now=NOW)
    assert (line.answer, line.by_name) == (ANSWER, "")


def test_who_may_read_over_rest(cast: TestCast) -> None:
    """A leader reads what is of last year too, a teacher what stands on the dashboard, the group all of its own."""
    old = answer(cast, ask(cast))
    HelpRequest.objects.filter(pk=old.pk).update(answered_on=dt.date(2026, 7, 1))
    ask(cast, text="Nu")
    actions.take_help_back(help_request=ask(cast, text="Weg"), by=cast.hat("els"), now=NOW)
    found = {
        who: {row.text for row in queries.help_to_read(cast.hat(who), today=TODAY)}
        for who in ("anna", "carla", "joris", "bram", "frank")
    }
    assert found == {
        "anna": {QUESTION, "Nu"},
        "carla": {QUESTION, "Nu"},
        "joris": {"Nu"},
        "bram": {"Nu"},
        "frank": set(),
    }


@pytest.mark.parametrize("times", [1, 3])
def test_it_costs_one_question_however_much_was_asked(
    cast: TestCast, times: int, django_assert_num_queries: Any
) -> None:
    for number in range(times):
        answer(cast, ask(cast, text=f"Beantwoord {number}"))
        ask(cast, text=f"Open {number}")
    anna, joris, frank = cast.hat("anna"), cast.hat("joris"), cast.hat("frank")
    with django_assert_num_queries(1):
        assert len([line.by_name + line.group.name for line in queries.help_in_school(joris, now=NOW)]) == 2 * times
    with django_assert_num_queries(1):
        assert len(queries.help_at_home(anna, today=TODAY).to_answer) == times
    with django_assert_num_queries(1):
        assert len(queries.help_of(cast.reading).lines) == 2 * times
    with django_assert_num_queries(0):
        assert queries.help_at_home(frank, today=TODAY) == queries.HelpAtHome()


def test_at_home_an_answer_is_news_for_two_weeks(cast: TestCast) -> None:
    answered = answer(cast, ask(cast))
    carla, anna = cast.hat("carla"), cast.hat("anna")
    assert [line.id for line in queries.help_at_home(carla, today=TODAY + 14 * DAY).answered] == [answered.pk]
    assert queries.help_at_home(carla, today=TODAY + 15 * DAY) == queries.HelpAtHome()
    assert queries.help_at_home(anna, today=TODAY) == queries.HelpAtHome()
    actions.finish_help(help_request=answered, by=carla, now=NOW)
    assert queries.help_at_home(carla, today=TODAY) == queries.HelpAtHome()


# --- What the database holds ------------------------------------------------------------

_DAYS = st.one_of(st.none(), st.just(TODAY))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    state=st.sampled_from([*HelpState.values, "x"]),
    said=st.sampled_from(["", ANSWER]),
    answered_on=_DAYS,
    done_on=_DAYS,
    text=st.sampled_from(["", QUESTION]),
    kind=st.sampled_from(["time", "money"]),
)
def test_no_row_says_what_its_state_does_not(
    cast: TestCast, state: str, said: str, answered_on: Any, done_on: Any, text: str, kind: str
) -> None:
    whole = bool(text) and kind == "time" and bool(said) == bool(answered_on)
    fits = {
        "asked": not said and not done_on,
        "answered": bool(said) and not done_on,
        "done": bool(said) and bool(done_on),
        "withdrawn": True,
    }.get(state, False)
    values = {"state": state, "answer": said, "answered_on": answered_on, "done_on": done_on, "text": text}
    try:
        with transaction.atomic():
            HelpRequest.objects.create(
                school=cast.reading.school, group=cast.reading, kind=kind, asked_on=TODAY, **values
            )
            transaction.set_rollback(True)
        kept = True
    except IntegrityError:
        kept = False
    assert kept == (whole and fits)
