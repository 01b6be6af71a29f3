"""The pages of a series: choosing a rhythm, looking at its dates, confirming; this one, or all that follow."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from schools.models import Holiday
from tests.workgroups.scene import NOW, TODAY, Scene, at, reads
from workgroups import actions, recurrence
from workgroups.models import Meeting, Series
from workgroups.models.series import Every

DAY, WEEK = dt.timedelta(days=1), dt.timedelta(weeks=1)
FIRST = TODAY + 3 * WEEK  # 15 December, the third Tuesday
HOUR = {"day": str(FIRST), "time": "15:15", "until": "16:15", "place": "Bibliotheek", "title": ""}
SENT = HOUR | {"every": "week", "count": "4", "on_days_off": "skip"}


def free(place: Scene, first: dt.date, last: dt.date) -> None:
    Holiday.objects.create(school=place.group.school, name=f"Vrij {first}", first_day=first, last_day=last)


def planned(place: Scene, number: int = 3) -> list[Meeting]:
    rule = recurrence.Rule(FIRST, Every.WEEK, count=number)
    seen = [FIRST + step * WEEK for step in range(number)]
    given: dict[str, Any] = {"rule": rule, "sitting": recurrence.Sitting(dt.time(15, 15), 60, "Bibliotheek")}
    return actions.plan_series(group=place.group, **given, seen=seen, by=place.cast.hat("els"), now=NOW)


def going_on(of: Meeting) -> int:
    return Meeting.objects.filter(series=of.series_id, state="planned").count()


def test_it_works(place: Scene, as_: Any) -> None:
    """The chair looks at the dates and confirms what was seen."""
    browser, address = as_(place.cast.els), at("meeting-new", place.group.pk)
    free(place, FIRST + WEEK, FIRST + 2 * WEEK)
    look = browser.post(address, SENT)
    assert look.status_code == 200
    assert not Series.objects.exists()
    text = reads(look)
    assert f"Vrij {FIRST + WEEK}, dus geen bijeenkomst" in text
    for said in ("15 december 2026", "<s>Dinsdag 22 december 2026</s>", "<s>Dinsdag 29 december 2026</s>"):
        assert said in text
    answer = browser.post(address, SENT | {"seen": look.context["seen"]})
    assert answer["Location"] == at("group", place.group.pk)
    days = [one.day for one in Series.objects.get().meetings.order_by("day")]
    assert days == [FIRST + step * WEEK for step in (0, 3, 4, 5)]


def test_the_form_starts_with_one_time_and_keeps_that(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.els)
    assert 'value="once"' in reads(browser.get(at("meeting-new", place.group.pk)))
    for once in (HOUR, {**HOUR, "day": "2026-12-16", "every": "once"}):
        assert browser.post(at("meeting-new", place.group.pk), once).status_code == 302
    assert Meeting.objects.filter(place="Bibliotheek", series=None).count() == 2


def test_a_shifted_one_says_instead_of_which(place: Scene, as_: Any) -> None:
    free(place, FIRST, FIRST)
    sent = SENT | {"every": "month", "count": "2", "on_days_off": "shift"}
    text = reads(as_(place.cast.els).post(at("meeting-new", place.group.pk), sent))
    assert "22 december 2026" in text
    assert "in plaats van 15 december" in text


def test_a_weekly_one_says_that_it_has_nowhere_to_go(place: Scene, as_: Any) -> None:
    free(place, FIRST + WEEK, FIRST + WEEK)
    sent = SENT | {"every": "week", "on_days_off": "shift"}
    text = reads(as_(place.cast.els).post(at("meeting-new", place.group.pk), sent))
    assert f"Vrij {FIRST + WEEK}, en er is op tijd geen andere schoolweek, dus geen bijeenkomst" in text


def test_something_can_be_changed_after_the_look(place: Scene, as_: Any) -> None:
    text = reads(as_(place.cast.els).post(at("meeting-new", place.group.pk), SENT | {"change": "1"}))
    assert 'value="Bibliotheek"' in text
    assert not Series.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"count": ""}, "last_day"),
        ({"last_day": "2027-01-31"}, "last_day"),
        ({"count": "", "last_day": "2026-12-01"}, "last_day"),
        ({"count": "", "last_day": "2026-02-31"}, "last_day"),
        ({"count": "veel"}, "count"),
        ({"count": "0"}, "count"),
        ({"count": "61"}, "count"),
        ({"count": "-99999999999999999999"}, "count"),
        ({"every": "last"}, "day"),
        ({"every": "yearly"}, "every"),
        ({"on_days_off": "never"}, "on_days_off"),
        ({"day": "2028-11-01"}, "day"),
        ({"day": "9999-12-31"}, "day"),
        ({"place": "x" * 81}, "place"),
    ],
)
@pytest.mark.parametrize("seen", ["", "2026-12-15"])
def test_what_does_not_fit_stays_with_a_sentence(
    place: Scene, as_: Any, wrong: dict[str, str], field: str, seen: str
) -> None:
    answer = as_(place.cast.els).post(at("meeting-new", place.group.pk), SENT | wrong | {"seen": seen})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert not Series.objects.exists()


@pytest.mark.parametrize("seen", ["2026-12-15", "gisteren", "2026-12-15,2026-12-22,2026-12-29,2027-01-06"])
def test_other_dates_than_were_seen_are_shown_again(place: Scene, as_: Any, seen: str) -> None:
    answer = as_(place.cast.els).post(at("meeting-new", place.group.pk), SENT | {"seen": seen})
    assert answer.status_code == (200 if seen == "gisteren" else 422)
    assert answer.context["layout"].days == [FIRST + step * WEEK for step in range(4)]
    assert not Series.objects.exists()


def test_a_long_break_is_asked_about_before_anything_is_planned(place: Scene, as_: Any) -> None:
    browser, address = as_(place.cast.els), at("meeting-new", place.group.pk)
    free(place, FIRST + WEEK, FIRST + 5 * WEEK)
    look = browser.post(address, SENT)
    assert 'name="believes"' in reads(look)
    unanswered = browser.post(address, SENT | {"seen": look.context["seen"]})
    assert (unanswered.status_code, list(unanswered.context["form"].errors)) == (422, ["believes"])
    other = browser.post(address, SENT | {"seen": look.context["seen"], "believes": "no"})
    assert (other.status_code, Series.objects.count()) == (422, 0)
    done = browser.post(address, SENT | {"seen": other.context["seen"], "believes": "no"})
    assert done.status_code == 302
    assert Meeting.objects.filter(series__isnull=False, day=FIRST + WEEK).exists()


def test_when_all_falls_into_a_long_break_it_still_asks(place: Scene, as_: Any) -> None:
    free(place, FIRST, FIRST + 5 * WEEK)
    sent = SENT | {"count": "", "last_day": str(FIRST + 2 * WEEK)}
    text = reads(as_(place.cast.els).post(at("meeting-new", place.group.pk), sent))
    assert 'name="believes"' in text


@pytest.mark.parametrize(("who", "status"), [("carla", 403), ("anna", 404), ("joris", 404), ("bram", 404)])
def test_planning_is_for_the_chair(place: Scene, as_: Any, who: str, status: int) -> None:
    for sent in (SENT, SENT | {"seen": "2026-12-15"}):
        assert as_(getattr(place.cast, who)).post(at("meeting-new", place.group.pk), sent).status_code == status
    assert not Series.objects.exists()


# --- this one, or all that follow


@pytest.mark.parametrize(("which", "moved"), [("this", 1), ("following", 2)])
def test_one_moves_or_all_that_follow(place: Scene, as_: Any, which: str, moved: int) -> None:
    browser, second = as_(place.cast.els), planned(place)[1]
    assert 'value="following"' in reads(browser.get(at("meeting-edit", second.pk)))
    sent = HOUR | {"day": str(second.day), "time": "16:00", "until": "17:00", "which": which}
    assert browser.post(at("meeting-edit", second.pk), sent)["Location"] == at("meeting", second.pk)
    assert Meeting.objects.filter(time=dt.time(16), series=second.series_id).count() == moved


def test_other_days_are_looked_at_before_all_that_follow_move(place: Scene, as_: Any) -> None:
    """The look names old and new days and the holiday between; it can be changed; confirmed, they move."""
    browser, first = as_(place.cast.els), planned(place)[0]
    address = at("meeting-edit", first.pk)
    free(place, FIRST + WEEK + DAY, FIRST + WEEK + DAY)
    sent = HOUR | {"day": str(FIRST + DAY), "which": "following"}
    look = browser.post(address, sent)
    text = reads(look)
    assert look.status_code == 200
    for said in ("Woensdag 16 december 2026", "was dinsdag 15 december", f"Vrij {FIRST + WEEK + DAY}, dus geen"):
        assert said in text
    assert "Verzet deze 3 bijeenkomsten" in text
    changing = browser.post(address, sent | {"change": "1", "seen": look.context["seen"]})
    assert (changing.status_code, changing.templates[0].name) == (200, "workgroups/meeting_form.html")
    assert not Meeting.objects.filter(series=first.series_id, day=FIRST + DAY).exists()
    answer = browser.post(address, sent | {"seen": look.context["seen"]})
    assert answer["Location"] == at("meeting", first.pk)
    days = Meeting.objects.filter(series__isnull=False).order_by("starts_at").values_list("day", flat=True)
    assert list(days) == [FIRST + DAY + step * WEEK for step in (0, 2, 3)]


def test_a_move_into_a_long_break_is_asked_about(place: Scene, as_: Any) -> None:
    browser, first = as_(place.cast.els), planned(place)[0]
    free(place, FIRST + WEEK, FIRST + 6 * WEEK)
    sent = HOUR | {"day": str(FIRST + DAY), "which": "following"}
    look = browser.post(at("meeting-edit", first.pk), sent)
    assert "Dat is lang." in reads(look)
    unanswered = browser.post(at("meeting-edit", first.pk), sent | {"seen": look.context["seen"]})
    assert (unanswered.status_code, list(unanswered.context["form"].errors)) == (422, ["believes"])
    opened = browser.post(at("meeting-edit", first.pk), sent | {"seen": look.context["seen"], "believes": "no"})
    assert opened.status_code == 422  # other dates than were seen: these are shown
    assert opened.context["seen"] == ",".join(str(FIRST + DAY + step * WEEK) for step in range(3))
    sent |= {"seen": opened.context["seen"], "believes": "no"}
    assert browser.post(at("meeting-edit", first.pk), sent).status_code == 302


@pytest.mark.parametrize(("which", "left"), [("this", 2), ("following", 1)])
def test_one_is_called_off_and_restored_or_all_that_follow(place: Scene, as_: Any, which: str, left: int) -> None:
    browser, second = as_(place.cast.els), planned(place)[1]
    assert 'value="following"' in reads(browser.get(at("meeting-cancel", second.pk)))
    browser.post(at("meeting-cancel", second.pk), {"which": which})
    assert going_on(second) == left
    offered = 'value="following"' in reads(browser.get(at("meeting", second.pk)))
    assert offered == (which == "following")
    browser.post(at("meeting-restore", second.pk), {"which": which})
    assert going_on(second) == 3


def test_the_last_one_has_none_that_follow(place: Scene, as_: Any) -> None:
    browser, last = as_(place.cast.els), planned(place)[-1]
    for page in ("meeting-edit", "meeting-cancel"):
        assert 'value="following"' not in reads(browser.get(at(page, last.pk)))
        assert 'value="following"' not in reads(browser.get(at(page, place.ahead.pk)))


def test_which_ones_must_be_said(place: Scene, as_: Any) -> None:
    first = planned(place)[0]
    answer = as_(place.cast.els).post(at("meeting-cancel", first.pk), {})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["which"])
    assert going_on(first) == 3


def test_a_clash_further_on_is_told_and_nothing_moves(place: Scene, as_: Any) -> None:
    first = planned(place)[0]
    Meeting.objects.filter(pk=place.ahead.pk).update(
        day=FIRST + WEEK, time=dt.time(16), starts_at=dt.datetime(2026, 12, 22, 15, 0, tzinfo=dt.UTC)
    )
    sent = HOUR | {"time": "16:00", "until": "17:00", "which": "following"}
    answer = as_(place.cast.els).post(at("meeting-edit", first.pk), sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["time"])
    assert "dinsdag 22 december" in reads(answer)
    assert not Meeting.objects.filter(series=first.series_id, time=dt.time(16)).exists()


def test_a_meeting_says_that_it_belongs_to_a_series(place: Scene, as_: Any) -> None:
    first = planned(place)[0]
    assert "Hoort bij een reeks: elke week" in reads(as_(place.cast.carla).get(at("meeting", first.pk)))
    assert "Hoort bij een reeks" not in reads(as_(place.cast.carla).get(at("meeting", place.ahead.pk)))


@pytest.mark.parametrize("number", [2, 6])
def test_a_look_and_a_meeting_take_as_many_queries_for_two_as_for_six(
    place: Scene, as_: Any, number: int, django_assert_num_queries: Any
) -> None:
    browser, first = as_(place.cast.els), planned(place, number)[0]
    browser.get(at("meeting", first.pk))
    with django_assert_num_queries(10):
        browser.post(at("meeting-new", place.group.pk), SENT | {"day": "2027-01-07", "count": str(number)})
    with django_assert_num_queries(9):
        browser.get(at("meeting-edit", first.pk))
    with django_assert_num_queries(9):
        browser.get(at("meeting-cancel", first.pk))
    sent = HOUR | {"day": str(FIRST + DAY), "which": "following"}
    with django_assert_num_queries(14):
        browser.post(at("meeting-edit", first.pk), sent)
