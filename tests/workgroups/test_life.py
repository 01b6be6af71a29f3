"""The turn of the school year, and the end of a group."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from schools import post
from schools.models import Delivery
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions, letters, queries
from workgroups.models import Meeting, Seat, WorkGroup
from workgroups.models.group import YearTurn
from workgroups.queries import Ask

JUNE = dt.datetime(2027, 6, 1, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def asks(cast: TestCast, who: str, now: dt.datetime) -> list[Ask]:
    found = queries.whats_now(cast.hat(who), today=now.date(), now=now)
    return [waiting.ask for waiting in found.waiting]


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (dt.date(2027, 5, 31), None),
        (dt.date(2027, 6, 1), 2027),
        (dt.date(2027, 10, 15), 2027),
        (dt.date(2027, 10, 16), None),
        (dt.date(2027, 1, 1), None),
    ],
)
def test_the_question_has_its_season(day: dt.date, year: int | None) -> None:
    assert queries.turn_year(day) == year


def test_the_chair_is_asked_once_a_year(cast: TestCast) -> None:
    assert Ask.TURN not in asks(cast, "els", JUNE - DAY)
    assert Ask.TURN in asks(cast, "els", JUNE)
    assert Ask.TURN not in asks(cast, "carla", JUNE)
    row = actions.answer_turn(group=cast.reading, answer="go_on", by=cast.hat("els"), now=JUNE)
    assert (row.year, row.answer, row.answered_on) == (2027, "go_on", JUNE.date())
    assert Ask.TURN not in asks(cast, "els", JUNE)
    assert Ask.TURN in asks(cast, "els", JUNE + 366 * DAY)


def test_a_group_that_just_began_is_not_asked(cast: TestCast) -> None:
    Seat.objects.filter(group=cast.reading).update(from_date=dt.date(2027, 5, 1))
    assert Ask.TURN not in asks(cast, "els", JUNE)


def test_another_answer_takes_its_place(cast: TestCast) -> None:
    for answer in ("go_on", "change_people"):
        actions.answer_turn(group=cast.reading, answer=answer, by=cast.hat("els"), now=JUNE)
    assert YearTurn.objects.get(group=cast.reading).answer == "change_people"


def test_it_is_refused_out_of_season_and_for_an_unknown_answer(cast: TestCast) -> None:
    with pytest.raises(actions.OutOfSeason):
        actions.answer_turn(group=cast.reading, answer="go_on", by=cast.hat("els"), now=NOW)
    for answer in ("end", "perhaps"):
        with pytest.raises(actions.UnknownWord):
            actions.answer_turn(group=cast.reading, answer=answer, by=cast.hat("els"), now=JUNE)


@pytest.mark.parametrize("who", ["carla", "anna", "frank", "joris", "bram"])
def test_only_the_chair_answers_and_ends(cast: TestCast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        actions.answer_turn(group=cast.reading, answer="go_on", by=cast.hat(who), now=JUNE)
    with pytest.raises(PermissionDenied):
        actions.end_group(group=cast.reading, because="Klaar", by=cast.hat(who), now=NOW)


def test_a_group_ends_in_its_own_words(cast: TestCast) -> None:
    group = actions.end_group(group=cast.reading, because=" Het werkt \n nu zo. ", by=cast.hat("els"), now=NOW)
    assert (group.state, group.ended_on, group.ended_because) == ("ended", TODAY, "Het werkt nu zo.")
    assert cast.hat("carla").sits_in(group.pk)
    assert [one.pk for one in queries.ended_groups(cast.hat("carla"))] == [group.pk]
    assert not queries.ended_groups(cast.hat("joris"))
    assert not YearTurn.objects.exists()
    with pytest.raises(actions.GroupEnded):
        actions.end_group(group=cast.reading, because="x", by=cast.hat("els"), now=NOW)
    with pytest.raises(actions.GroupEnded):
        actions.leave(seat=Seat.objects.get(user=cast.carla), by=cast.hat("els"), now=NOW)


def test_ending_needs_a_reason(cast: TestCast) -> None:
    with pytest.raises(actions.EmptyText) as refused:
        actions.end_group(group=cast.reading, because=" ", by=cast.hat("els"), now=NOW)
    assert refused.value.field == "because"


def test_ending_in_season_answers_the_question(cast: TestCast) -> None:
    actions.end_group(group=cast.reading, because="Klaar", by=cast.hat("els"), now=JUNE)
    assert YearTurn.objects.get().answer == "end"


def test_ending_calls_off_what_lies_ahead_and_says_so(cast: TestCast) -> None:
    past, near, later = (factories.meeting(cast.reading, TODAY + days * DAY) for days in (-2, 1, 30))
    next_door = factories.meeting(cast.maths, TODAY + DAY)
    for meeting in (near, later):
        post.write_down(
            kind="reminder",
            subject_id=meeting.pk,
            version=1,
            school_id=meeting.school_id,
            user_ids=[cast.carla.pk],
            due_at=meeting.starts_at - DAY,
            expires_at=meeting.starts_at,
            now=NOW,
        )
    Delivery.objects.filter(subject_id=near.pk).update(state="sent", sent_at=NOW, message_id="<1@samenspraak.example>")
    actions.end_group(group=cast.reading, because="Klaar", by=cast.hat("els"), now=NOW)
    states = dict(Meeting.objects.values_list("pk", "state"))
    assert states == {past.pk: "planned", near.pk: "cancelled", later.pk: "cancelled", next_door.pk: "planned"}
    told = Delivery.objects.get(kind="cancelled")
    assert (told.subject_id, told.user) == (near.pk, cast.carla)
    assert isinstance(letters.prepare("cancelled", [told], NOW)[told.pk], post.Letter)
    assert set(Delivery.objects.filter(subject_id=later.pk).values_list("state", flat=True)) == {"dropped"}


def test_a_seat_that_was_to_begin_after_the_end_opens_nothing(cast: TestCast) -> None:
    for user, first in ((cast.joris, TODAY + 7 * DAY), (cast.anna, TODAY)):
        actions.seat(group=cast.reading, user=user, from_date=first, by=cast.hat("els"), now=NOW)
    actions.end_group(group=cast.reading, because="Klaar", by=cast.hat("els"), now=NOW)
    later, school = NOW + 8 * DAY, cast.schools["de-wilg"]
    for user, sits in ((cast.joris, False), (cast.anna, True), (cast.carla, True)):
        assert factories.hat(user, school, today=later.date()).sits_in(cast.reading.pk) is sits
        assert (queries.group_of_seat(cast.reading.pk, user=user, now=later) is not None) is sits


def test_an_ended_group_has_a_date(cast: TestCast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended")
