"""A meeting that somebody means to visit moves, is called off or takes place after all: who hears so, and what."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from observations import actions, letters
from observations.models import Visit
from schools import post
from schools.models import Delivery, User
from schools.post import note
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from tests.observations import steps
from workgroups import actions as work
from workgroups.actions import notices
from workgroups.models import Meeting, ReminderRule

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def no_reminders(cast: TestCast) -> None:
    """So that members hear of a meeting by letters about visits alone."""
    ReminderRule.objects.filter(group=cast.reading).update(is_on=False)


def move(cast: TestCast, meeting: Meeting, *, now: dt.datetime = NOW, **values: Any) -> None:
    given = {"day": TODAY + 8 * DAY, "time": dt.time(15, 15), "minutes": 60, "place": "Aula", "title": "", **values}
    work.move_meeting(meeting=meeting, **given, by=cast.hat("els"), now=now)


def cancel(cast: TestCast, meeting: Meeting, *, now: dt.datetime = NOW) -> None:
    work.cancel_meeting(meeting=meeting, by=cast.hat("els"), now=now)


def restore(cast: TestCast, meeting: Meeting, *, now: dt.datetime = NOW) -> None:
    work.restore_meeting(meeting=meeting, by=cast.hat("els"), now=now)


def leaves(kind: str, *who: User) -> None:
    """As if the post had sent these people their waiting letters of this kind."""
    rows = Delivery.objects.filter(user__in=who, kind=kind, state="waiting")
    assert rows.update(state="sent", attempts=1, message_id="<1@samenspraak.example>", sent_at=NOW) == len(who)


def stays(kind: str, *, tries: int = 1, reason: str = "not wanted") -> None:
    """As if the post had taken these out of the box so often, and found at the last that they need not leave."""
    rows = Delivery.objects.filter(kind=kind, state="waiting")
    rows.update(state="leased", lease=uuid.uuid4(), leased_until=NOW + DAY, attempts=tries)
    note.dropped(list(Delivery.objects.filter(kind=kind, state="leased")), reason=reason)


def waiting(kind: str = "visit_meeting") -> list[tuple[str, int]]:
    rows = Delivery.objects.filter(kind=kind, state="waiting").order_by("user__given_name", "version")
    return list(rows.values_list("user__given_name", "version"))


def found(kind: str = "visit_meeting", state: str = "waiting") -> post.Letter | post.Dropped:
    row = Delivery.objects.filter(kind=kind, state=state).select_related("user", "school").order_by("pk")[0]
    return letters.prepare([row], NOW)[row.pk]


def read() -> post.Letter:
    letter = found()
    assert isinstance(letter, post.Letter)
    return letter


def test_the_visitor_hears_that_the_meeting_moved(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    move(cast, visit.meeting)
    row = Delivery.objects.get(kind="visit_meeting")
    assert (row.user, row.subject_id, row.version) == (cast.bram, visit.pk, 2)
    assert row.due_at == NOW + notices.SETTLES
    visit.meeting.refresh_from_db()
    assert row.expires_at == visit.meeting.starts_at
    letter = read()
    assert letter.subject == "De bijeenkomst is verzet naar woensdag 2 december, 15.15 uur (Begrijpend lezen)"
    for words in (letter.text, letter.html):
        assert "Je komt als de groep ook ja zegt tegen de nieuwe." in words
        assert f"/s/de-wilg/visits/{visit.pk}/" in words
        assert "Je krijgt deze brief omdat" in words
        assert "/letters/stop/" not in words
        assert "Aula" not in words
    assert post.sort_of("visit_meeting") == ""


def test_the_welcome_that_still_waits_is_not_sent(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    move(cast, visit.meeting)
    assert found("visit_answered") == post.Dropped("the meeting changed")


@pytest.mark.parametrize("step", [steps.proposed, steps.amended, steps.accepted])
def test_the_visitor_hears_that_the_meeting_is_called_off(cast: TestCast, step: Any) -> None:
    visit = step(cast)
    cancel(cast, visit.meeting)
    assert waiting() == [("Bram", 2)]
    letter = read()
    assert letter.subject == "Afgezegd: dinsdag 1 december, 15.15 uur (Begrijpend lezen)"
    for words in (letter.text, letter.html):
        assert "Deze bijeenkomst gaat niet door" in words
        assert "Je bezoek gaat dus ook niet door." in words


def test_the_visitor_hears_that_it_takes_place_after_all(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    cancel(cast, visit.meeting)
    leaves("visit_meeting", cast.bram)
    restore(cast, visit.meeting)
    letter = read()
    assert letter.subject == "De bijeenkomst gaat door op dinsdag 1 december, 15.15 uur (Begrijpend lezen)"
    assert "je bent welkom" in letter.text
    assert "Teamkamer" in letter.text


@pytest.mark.parametrize(
    ("step", "words"),
    [(steps.proposed, "Je voorstel ligt bij de groep."), (steps.amended, "Je komt als je dat goed vindt.")],
)
def test_without_a_yes_it_promises_none(cast: TestCast, step: Any, words: str) -> None:
    visit = step(cast)
    cancel(cast, visit.meeting)
    restore(cast, visit.meeting)
    assert words in read().text
    assert "je bent welkom" not in read().text


def test_in_english(cast: TestCast) -> None:
    User.objects.filter(pk=cast.bram.pk).update(language="en")
    visit = steps.accepted(cast)
    move(cast, visit.meeting)
    letter = read()
    assert letter.subject == "The meeting moved to Wednesday 2 December, 15:15 (Begrijpend lezen)"
    assert "You come once it says yes to the new one." in letter.text
    cancel(cast, visit.meeting)
    assert read().subject == "Cancelled: Wednesday 2 December, 15:15 (Begrijpend lezen)"


def test_several_changes_become_one_letter(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    move(cast, visit.meeting)
    move(cast, visit.meeting, day=TODAY + 9 * DAY, now=NOW + MINUTE)
    cancel(cast, visit.meeting, now=NOW + MINUTE)
    restore(cast, visit.meeting, now=NOW + MINUTE)
    assert waiting() == [("Bram", 5)]
    assert found(state="dropped") == post.Dropped("the meeting changed")


def test_a_letter_that_came_too_late_is_dropped(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    move(cast, visit.meeting)
    actions.withdraw_visit(visit=visit, by=cast.hat("bram"), now=NOW)
    assert found() == post.Dropped("visit went on")


def test_whoever_is_in_the_room_hears_nothing(cast: TestCast) -> None:
    visit = steps.listening(cast)
    cancel(cast, visit.meeting, now=visit.meeting.starts_at + MINUTE)
    assert not waiting()


@pytest.mark.parametrize("end", [actions.decline_visit, actions.withdraw_visit])
def test_a_visit_that_is_off_has_no_news(cast: TestCast, end: Any) -> None:
    visit = steps.accepted(cast) if end == actions.withdraw_visit else steps.proposed(cast)
    end(visit=visit, by=cast.hat("els"), now=NOW)
    move(cast, visit.meeting)
    assert not waiting()


def test_members_who_read_of_the_visit_hear_that_the_meeting_moved(cast: TestCast) -> None:
    visit = steps.proposed(cast)
    leaves("visit_proposed", cast.carla)
    move(cast, visit.meeting)
    assert waiting("moved") == [("Carla", 2)]
    assert waiting("visit_proposed") == [("Els", 1)]
    Delivery.objects.filter(kind="moved").update(state="sent", message_id="<2@x>", sent_at=NOW)
    cancel(cast, visit.meeting)
    assert waiting("cancelled") == [("Carla", 3)]


def test_also_of_a_visit_that_is_off(cast: TestCast) -> None:
    visit = steps.proposed(cast)
    leaves("visit_proposed", cast.carla, cast.els)
    actions.decline_visit(visit=visit, by=cast.hat("els"), now=NOW)
    cancel(cast, visit.meeting)
    assert waiting("cancelled") == [("Carla", 2), ("Els", 2)]


def test_a_letter_on_its_way_counts_as_heard(cast: TestCast) -> None:
    visit = steps.proposed(cast)
    Delivery.objects.filter(kind="visit_proposed", user=cast.els).update(doubts=1)
    cancel(cast, visit.meeting)
    assert waiting("cancelled") == [("Els", 2)]


def test_who_wants_no_letters_about_visits_heard_nothing(cast: TestCast) -> None:
    visit = steps.proposed(cast)
    stays("visit_proposed")
    cancel(cast, visit.meeting)
    assert not waiting("cancelled")


def test_who_may_have_heard_by_a_killed_round_hears_the_news(cast: TestCast) -> None:
    visit = steps.proposed(cast)
    stays("visit_proposed", tries=2)
    cancel(cast, visit.meeting)
    assert waiting("cancelled") == [("Carla", 2), ("Els", 2)]


def test_a_proposal_that_waits_is_not_told_of_a_cancelled_meeting_and_is_after_all(cast: TestCast) -> None:
    visit = steps.proposed(cast)
    cancel(cast, visit.meeting)
    assert found("visit_proposed") == post.Dropped("the meeting changed")
    stays("visit_proposed", reason="the meeting changed")
    restore(cast, visit.meeting, now=NOW + MINUTE)
    assert waiting("visit_proposed") == [("Carla", 1), ("Els", 1)]
    assert not waiting("moved")


def test_a_proposal_that_waits_is_of_use_until_the_new_start(cast: TestCast) -> None:
    visit = steps.proposed(cast)
    move(cast, visit.meeting)
    visit.meeting.refresh_from_db()
    ends = Delivery.objects.filter(kind="visit_proposed").values_list("expires_at", flat=True)
    assert set(ends) == {visit.meeting.starts_at}


def test_nobody_is_told_that_a_cancelled_meeting_goes_on(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    actions.withdraw_visit(visit=visit, by=cast.hat("bram"), now=NOW)
    cancel(cast, visit.meeting)
    assert "gaat gewoon door" not in getattr(found("visit_off"), "text", "gaat gewoon door")


def test_one_query_where_nobody_visits(cast: TestCast, django_assert_num_queries: Any) -> None:
    (tell,) = notices._LISTENERS
    meeting = factories.meeting(cast.reading)
    with django_assert_num_queries(1):
        assert not tell([meeting], NOW)


@pytest.mark.parametrize("count", [1, 3])
def test_the_same_queries_for_any_number(cast: TestCast, django_assert_num_queries: Any, count: int) -> None:
    (tell,) = notices._LISTENERS
    visits: list[Visit] = []
    for number in range(count):
        group = factories.group(cast.schools["de-wilg"], f"Groep {number}", chair=cast.joris, members=(cast.els,))
        visits.append(steps.proposed(cast, factories.meeting(group)))
    with django_assert_num_queries(8):  # with the savepoint
        tell([visit.meeting for visit in visits], NOW)
    assert len(waiting()) == count
