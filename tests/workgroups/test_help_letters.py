"""The letters about help: to the leaders by day and not by the minute, and the answer to everybody in the group."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail

from schools import post
from schools.models import Delivery, Membership
from schools.roles import Role
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW
from tests.workgroups.test_help import ANSWER, QUESTION, answer, ask
from workgroups import actions
from workgroups.letters import help as letters
from workgroups.models import Guest, HelpRequest, Seat, WorkGroup

DAY, HOUR, MINUTE = dt.timedelta(days=1), dt.timedelta(hours=1), dt.timedelta(minutes=1)
LEAVES = NOW + HOUR  # a full hour: NOW is Tuesday at ten


def rows(kind: str) -> list[Delivery]:
    found = Delivery.objects.filter(kind=kind).select_related("user", "school")
    return list(found.order_by("pk"))


def prepared(kind: str, now: dt.datetime = LEAVES) -> dict[str, post.Letter | post.Dropped]:
    found = rows(kind)
    written = letters.prepare(found, now)
    return {one.user.given_name: written[one.pk] for one in found if one.user}


@pytest.mark.sqlite
def test_the_leaders_hear_of_a_question_once(cast: TestCast) -> None:
    asked = ask(cast)
    assert [(row.user, row.due_at) for row in rows("help_asked")] == [(cast.anna, LEAVES)]
    assert post.deliver(now=LEAVES - MINUTE).sent == 0
    assert post.deliver(now=LEAVES).sent == 1
    (message,) = mail.outbox
    assert message.to == ["anna@dewilg.example"]
    assert message.subject == "Begrijpend lezen vraagt om hulp"
    for words in (
        "Een deskundige",
        QUESTION,
        f"http://127.0.0.1:8000/s/de-wilg/help/{asked.pk}/answer/",
        "omdat je De Wilg leidt",
        "Iedereen die op school werkt kan de vraag en je antwoord lezen.",
    ):
        assert words in message.body
    assert not [name for name in ("Carla", "Els") if name in message.body]


@pytest.mark.parametrize("minutes", [0, 1, 17, 29])
def test_no_minute_of_asking_shows(cast: TestCast, minutes: int) -> None:
    """Neither in the letter nor in what is kept of it."""
    ask(cast, now=NOW + minutes * MINUTE)
    [row] = rows("help_asked")
    assert (row.due_at, row.next_try_at, row.expires_at) == (LEAVES, LEAVES, LEAVES + 14 * DAY)


def test_by_night_it_waits_for_a_school_day(cast: TestCast) -> None:
    friday = dt.datetime(2026, 11, 27, 21, 40, tzinfo=dt.UTC)
    ask(cast, now=friday)
    assert rows("help_asked")[0].due_at == dt.datetime(2026, 11, 30, 6, 0, tzinfo=dt.UTC)


def test_the_answer_goes_to_every_seat(cast: TestCast) -> None:
    Guest.objects.create(school=cast.reading.school, group=cast.reading, user=cast.bram, from_date=factories.LONG_AGO)
    answer(cast, ask(cast))
    assert {row.user for row in rows("help_answered")} == {cast.els, cast.carla}
    assert [row.state for row in rows("help_asked")] == ["dropped"]
    assert post.deliver(now=NOW + 2 * MINUTE).sent == 2
    assert {message.to[0] for message in mail.outbox} == {"els@dewilg.example", "carla@dewilg.example"}
    body = str(mail.outbox[0].body)
    assert mail.outbox[0].subject == "Antwoord voor Begrijpend lezen"
    for words in ("Anna Visser geeft jullie antwoord", ANSWER, QUESTION, f"/groups/{cast.reading.pk}/help/"):
        assert words in body


def test_other_words_are_heard_once_more_and_a_slip_is_not(cast: TestCast) -> None:
    answered = answer(cast, ask(cast))
    again = answer(cast, answered, "Donderdag komt ze.", now=NOW + MINUTE)
    assert post.deliver(now=NOW + 4 * MINUTE).sent == 2
    assert all("Donderdag komt ze." in str(message.body) for message in mail.outbox)
    answer(cast, again, "Donderdag komt ze.", now=NOW + HOUR)
    assert post.deliver(now=NOW + 2 * HOUR).sent == 0
    answer(cast, again, "Toch vrijdag.", now=NOW + 3 * HOUR)
    assert post.deliver(now=NOW + 4 * HOUR).sent == 2
    assert "Toch vrijdag." in str(mail.outbox[-1].body)


def test_an_answer_that_changed_under_a_letter_on_its_way_is_not_told(cast: TestCast) -> None:
    answered = answer(cast, ask(cast))
    HelpRequest.objects.filter(pk=answered.pk).update(version=answered.version + 1)
    assert prepared("help_answered") == dict.fromkeys(("Els", "Carla"), post.Dropped("answered anew"))


def test_what_was_taken_back_is_not_told(cast: TestCast) -> None:
    asked, by = ask(cast), {"by": cast.hat("carla"), "now": NOW}
    actions.take_help_back(help_request=asked, **by)  # type: ignore[arg-type]
    assert [row.state for row in rows("help_asked")] == ["dropped"]
    assert prepared("help_asked") == {"Anna": post.Dropped("the question is withdrawn")}
    assert post.deliver(now=LEAVES).sent == 0
    other = answer(cast, ask(cast, text="Iets anders"))
    actions.take_help_back(help_request=other, **by)  # type: ignore[arg-type]
    assert post.deliver(now=NOW + DAY).sent == 0


def test_the_words_are_those_of_the_moment_of_leaving(cast: TestCast) -> None:
    asked = ask(cast)
    by: dict[str, Any] = {"by": cast.hat("els"), "now": NOW + MINUTE}
    actions.reword_help(help_request=asked, kind="time", text="Een uur samen", version=1, **by)
    assert post.deliver(now=LEAVES).sent == 1
    assert "Een uur samen" in str(mail.outbox[0].body)
    assert QUESTION not in str(mail.outbox[0].body)


def test_only_who_still_leads_or_sits_there_hears(cast: TestCast) -> None:
    asked = ask(cast)
    Membership.objects.filter(user=cast.anna).update(role=Role.TEACHER)
    assert prepared("help_asked") == {"Anna": post.Dropped("no leader any more")}
    Membership.objects.filter(user=cast.anna).update(role=Role.LEADER)
    answer(cast, asked)
    Seat.objects.filter(user=cast.carla).update(until_date=factories.TODAY - DAY)
    found = prepared("help_answered")
    assert found["Carla"] == post.Dropped("left the group")
    assert isinstance(found["Els"], post.Letter)
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=factories.TODAY)
    assert prepared("help_answered")["Els"] == post.Dropped("the group has ended")


def test_who_is_done_needs_no_letter(cast: TestCast) -> None:
    answered = answer(cast, ask(cast))
    actions.finish_help(help_request=answered, by=cast.hat("els"), now=NOW)
    assert prepared("help_answered") == dict.fromkeys(("Els", "Carla"), post.Dropped("the question is done"))


def test_it_can_be_turned_off(cast: TestCast) -> None:
    assert {post.sort_of(kind) for kind in ("help_asked", "help_answered")} == {"help"}
    cast.anna.unwanted_letters.create(sort="help")
    ask(cast)
    assert post.deliver(now=LEAVES).sent == 0
    assert rows("help_asked")[0].reason == "not wanted"


def test_no_line_of_theirs_reads_as_one_of_ours(cast: TestCast) -> None:
    """A line of two dashes begins the foot of a letter; in the page words stay words."""
    ask(cast, text="Kijk eens\n-- \n<b>hier</b>")
    letter = prepared("help_asked")["Anna"]
    assert isinstance(letter, post.Letter)
    assert "  <b>hier</b>" in letter.words
    assert "<b>" not in letter.html
    assert "&lt;b&gt;hier&lt;/b&gt;" in letter.html


@pytest.mark.parametrize("times", [1, 3])
def test_they_cost_the_same_however_many(cast: TestCast, times: int, django_assert_num_queries: Any) -> None:
    for number in range(times):
        answer(cast, ask(cast, text=f"Vraag {number}"))
        ask(cast, text=f"Open {number}")
    for kind in ("help_asked", "help_answered"):
        found = rows(kind)
        with django_assert_num_queries(2):
            assert len(letters.prepare(found, NOW)) == len(found)
