"""The letters about visits: to whom, whether they are still wanted, and what they say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from observations import actions, letters
from observations.actions.telling import unhurried
from observations.models import Visit
from schools import post
from schools.models import Delivery
from tests import factories
from tests.conftest import TestCast
from tests.observations import steps, test_visits
from workgroups import actions as work
from workgroups.models import Meeting, Seat

NOW = factories.NOW


def written(kind: str, visit: Visit) -> list[Delivery]:
    rows = Delivery.objects.filter(kind=kind, subject_id=visit.pk, version=visit.version)
    return list(rows.select_related("user", "school").order_by("user__given_name"))


def read(kind: str, visit: Visit) -> post.Letter:
    row = written(kind, visit)[0]
    letter = letters.prepare([row], NOW)[row.pk]
    assert isinstance(letter, post.Letter)
    return letter


def why_not(row: Delivery) -> str:
    found = letters.prepare([row], NOW)[row.pk]
    return found.reason if isinstance(found, post.Dropped) else ""


def test_the_group_hears_of_a_proposal(cast: TestCast) -> None:
    visit = steps.proposed(cast, own_words="Ik luister graag mee.")
    assert [row.user for row in written("visit_proposed", visit)] == [cast.carla, cast.els]
    letter = read("visit_proposed", visit)
    assert letter.subject == "Bram van der Meer wil komen luisteren op dinsdag 1 december"
    for words in (letter.text, letter.html):
        assert "Ik luister graag mee." in words
        assert f"/s/de-wilg/visits/{visit.pk}/" in words


@pytest.mark.parametrize(
    ("deed", "subject"),
    [
        (actions.accept_visit, "Begrijpend lezen, 1 december: je bent welkom"),
        (actions.decline_visit, "Begrijpend lezen, 1 december: nu niet"),
        (actions.withdraw_visit, "Begrijpend lezen, 1 december: het bezoek gaat niet door"),
    ],
)
def test_the_visitor_hears_the_answer(cast: TestCast, deed: Callable[..., Any], subject: str) -> None:
    visit = steps.proposed(cast)
    deed(visit=visit, by=cast.hat("els"), now=NOW)
    assert [row.user for row in written("visit_answered", visit)] == [cast.bram]
    assert read("visit_answered", visit).subject == subject


def test_a_postponement_is_told_without_a_name(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    actions.postpone_visit(visit=visit, by=cast.hat("carla"), now=NOW)
    letter = read("visit_answered", visit)
    assert letter.subject == "Begrijpend lezen, 1 december: liever later"
    assert "Carla" not in letter.text + letter.html


def test_the_visitor_hears_what_the_group_wants_otherwise(cast: TestCast) -> None:
    visit = steps.amended(cast)
    assert [row.user for row in written("visit_answered", visit)] == [cast.bram]
    letter = read("visit_answered", visit)
    assert letter.subject == "Begrijpend lezen, 1 december: welkom, een beetje anders"
    for words in (letter.text, letter.html):
        assert "Laten we elkaar uitpraten?" in words
        assert "25 minuten" in words


def test_what_was_called_off_does_not_repeat_the_groups_words(cast: TestCast) -> None:
    visit = steps.amended(cast)
    actions.withdraw_visit(visit=visit, by=cast.hat("carla"), now=NOW)
    letter = read("visit_answered", visit)
    assert "gaat niet door" in letter.subject
    assert "uitpraten" not in letter.text + letter.html


def test_the_group_hears_that_the_visitor_agrees(cast: TestCast) -> None:
    visit = steps.amended(cast)
    actions.agree_visit(visit=visit, by=cast.hat("bram"), now=NOW)
    assert [row.user for row in written("visit_agreed", visit)] == [cast.carla, cast.els]
    letter = read("visit_agreed", visit)
    assert letter.subject == "Bram van der Meer vindt jullie wijziging goed voor dinsdag 1 december"
    assert "nieuwe tijd" not in letter.text
    test_visits.move(visit.meeting)
    assert "nieuwe tijd" in read("visit_agreed", visit).text


def test_the_group_hears_that_the_visitor_does_not_come(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    actions.withdraw_visit(visit=visit, by=cast.hat("bram"), now=NOW)
    assert [row.user for row in written("visit_off", visit)] == [cast.carla, cast.els]
    assert not written("visit_answered", visit)
    assert read("visit_off", visit).subject == "Bram van der Meer komt niet op dinsdag 1 december"


def test_news_of_a_coming_meeting_leaves_before_it_or_never(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    meeting = visit.meeting
    assert {row.expires_at for row in written("visit_answered", visit)} == {meeting.ends_at}
    actions.withdraw_visit(visit=visit, by=cast.hat("bram"), now=NOW)
    assert {row.expires_at for row in written("visit_off", visit)} == {meeting.starts_at}


def test_after_the_meeting_it_does_not_say_that_the_meeting_goes_on(cast: TestCast) -> None:
    visit = steps.accepted(cast)
    actions.withdraw_visit(visit=visit, by=cast.hat("bram"), now=NOW)
    (row, _other), over = written("visit_off", visit), visit.meeting.ends_at
    before, after = (letters.prepare([row], now)[row.pk] for now in (NOW, over))
    assert "Jullie bijeenkomst gaat gewoon door" in getattr(before, "text", "")
    assert "gaat gewoon door" not in getattr(after, "text", "gaat gewoon door")


@pytest.mark.parametrize("kind", ["visit_proposed", "visit_answered", "visit_agreed", "visit_off", "feedback_shared"])
def test_each_letter_says_why_one_gets_it_and_how_to_get_it_no_more(cast: TestCast, kind: str) -> None:
    visit = steps.proposed(cast)
    found = post.compose(f"letters/{kind}", letters._words(visit, kind, NOW), language="nl")
    for words in (found.text, found.html):
        assert "Je krijgt deze brief omdat" in words
        assert f"/letters/stop/{post.stop.PLACEHOLDER}/" in words
        assert "http://127.0.0.1:8000/me/letters/" in words
    assert post.sort_of(kind) == ("feedback" if kind == "feedback_shared" else "visits")


def test_the_group_hears_that_feedback_is_there_and_not_what_it_says(cast: TestCast) -> None:
    visit = steps.shared(cast)
    assert [row.user for row in written("feedback_shared", visit)] == [cast.carla, cast.els]
    letter = read("feedback_shared", visit)
    assert letter.subject == "Terugkoppeling op jullie bijeenkomst van dinsdag 1 december"
    for words in (letter.text, letter.html):
        assert "na de bijeenkomst" not in words
        assert steps.PAIR.strong not in words
        assert steps.PAIR.improvement not in words


def test_late_feedback_says_how_late(cast: TestCast) -> None:
    observation = steps.noted(cast)
    later = steps.after(observation.visit.meeting, days=6)
    visit = actions.share_feedback(observation=observation, by=cast.hat("bram"), now=later)
    letter = read("feedback_shared", visit)
    assert "Gedeeld 6 dagen na de bijeenkomst." in letter.text
    assert "Gedeeld 6 dagen na de bijeenkomst." in letter.html


def test_in_the_readers_language(cast: TestCast) -> None:
    cast.carla.language = "en"
    cast.carla.save()
    visit = steps.proposed(cast)
    english, dutch = written("visit_proposed", visit)
    found = letters.prepare([english, dutch], NOW)
    subjects = [getattr(found[row.pk], "subject", "") for row in (english, dutch)]
    assert subjects[0].startswith("Bram van der Meer wants to listen on Tuesday")
    assert subjects[1].startswith("Bram van der Meer wil komen luisteren")


def test_a_letter_that_came_too_late_is_dropped(cast: TestCast) -> None:
    visit = steps.proposed(cast)
    row = written("visit_proposed", visit)[0]
    assert not why_not(row)
    actions.accept_visit(visit=visit, by=cast.hat("els"), now=NOW)
    assert why_not(row) == "visit went on"


@pytest.mark.parametrize("moved", [True, False])
def test_a_yes_to_another_time_does_not_leave(cast: TestCast, moved: bool) -> None:
    """Letters that wait for others of the day leave hours later; the yes was to the meeting as it stood."""
    visit = steps.accepted(cast)
    (row,) = written("visit_answered", visit)
    assert why_not(row) == ""
    change(visit, cast, moved=moved)
    assert why_not(row) == "the meeting changed"


def test_nor_a_proposal_for_a_meeting_that_is_off_or_has_begun(cast: TestCast) -> None:
    visit = steps.proposed(cast)
    row = written("visit_proposed", visit)[0]
    change(visit, cast, moved=True)
    assert why_not(row) == ""
    late = letters.prepare([row], NOW + dt.timedelta(days=30))[row.pk]
    assert late == post.Dropped("the meeting changed")
    change(visit, cast, moved=False)
    assert why_not(row) == "the meeting changed"


def change(visit: Visit, cast: TestCast, *, moved: bool) -> None:
    """Move the meeting by a day, or call it off."""
    meeting = Meeting.objects.get(pk=visit.meeting_id)
    if moved:
        day = meeting.day + dt.timedelta(days=1)
        where: dict[str, Any] = {"day": day, "time": meeting.time, "minutes": 60, "place": "", "title": ""}
        work.move_meeting(meeting=meeting, **where, by=cast.hat("els"), now=NOW)
    else:
        work.cancel_meeting(meeting=meeting, by=cast.hat("els"), now=NOW)


def test_who_left_the_group_hears_nothing(cast: TestCast) -> None:
    visit = steps.shared(cast)
    row = written("feedback_shared", visit)[0]
    Seat.objects.filter(user=cast.carla).update(until_date=NOW.date() - dt.timedelta(days=1))
    assert why_not(row) == "left the group"


def test_a_visit_that_is_gone_has_no_letters(cast: TestCast) -> None:
    visit = steps.proposed(cast)
    row = written("visit_proposed", visit)[0]
    visit.delete()
    assert why_not(row) == "visit gone"


@pytest.mark.parametrize("count", [1, 3])
def test_a_batch_costs_two_queries(cast: TestCast, django_assert_num_queries: Any, count: int) -> None:
    visits = [steps.proposed(cast)]
    for name in ("Rekenen 2", "Jonge kind")[: count - 1]:
        group = factories.group(cast.schools["de-wilg"], name, chair=cast.joris, members=(cast.els,))
        visits.append(steps.proposed(cast, factories.meeting(group)))
    rows = [row for visit in visits for row in written("visit_proposed", visit)]
    with django_assert_num_queries(2):
        assert len(letters.prepare(rows, NOW)) == 2 * count


@pytest.mark.parametrize(
    ("now", "meeting", "due"),
    [
        ("2026-11-24T16:37:21+01:00", "2026-12-01T15:15:00+01:00", "2026-11-25T07:00:00+01:00"),
        ("2026-11-24T23:59:00+01:00", "2026-11-25T15:15:00+01:00", "2026-11-25T07:00:00+01:00"),
        ("2026-12-01T09:12:00+01:00", "2026-12-01T15:15:00+01:00", "2026-12-01T10:00:00+01:00"),
        ("2026-12-01T16:12:00+01:00", "2026-12-01T15:15:00+01:00", "2026-12-02T07:00:00+01:00"),
        ("2026-03-28T12:00:00+01:00", "2026-04-01T15:15:00+02:00", "2026-03-29T07:00:00+02:00"),
    ],
)
def test_an_unnamed_wish_is_told_in_the_morning(cast: TestCast, now: str, meeting: str, due: str) -> None:
    moment, before = dt.datetime.fromisoformat(now), dt.datetime.fromisoformat(meeting)
    zone = cast.schools["de-wilg"].zone
    assert unhurried(moment, zone=zone, before=before) == dt.datetime.fromisoformat(due)
