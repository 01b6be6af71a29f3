"""The pages of rules for letters: a school's, and each person's own wishes."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from schools import post
from schools.models import Delivery, LetterWishes, UnwantedLetters
from tests import factories
from tests.workgroups.scene import NOW, Scene, at, plan, reads
from workgroups import actions
from workgroups.models import Guest, Meeting, OwnRule, SchoolRule
from workgroups.reminders import Rule

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
MINE = reverse("account-letters")
CHOSEN = {
    "wanted": ["agreements", "visits"],
    "when": "hours",
    "hours_before": "3",
    "pace": "daily",
    "digest_at": "07:30",
    "agreements_in_calendar": "on",
    "alarm_minutes": "60",
}


# --- a school's rule


def test_a_leader_sets_the_schools_rule(place: Scene, as_: Any) -> None:
    meeting, browser = plan(place), as_(place.cast.anna)
    assert "Dit geldt voor 2 groepen." in reads(browser.get(at("reminders")))
    assert browser.post(at("reminders"), {"when": "hours", "hours_before": "4"}).url == at("reminders")
    theirs = Delivery.objects.filter(subject_id=meeting.pk)
    assert set(theirs.values_list("due_at", flat=True)) == {meeting.starts_at - 4 * HOUR}
    assert SchoolRule.objects.get().hours_before == 4
    assert at("reminders") in reads(browser.get(reverse("school-home", args=["de-wilg"])))


def test_the_schools_rule_is_for_leader_and_admin(place: Scene, as_: Any) -> None:
    for who in ("carla", "els", "bram"):
        browser = as_(place.cast.people[who])
        assert browser.get(at("reminders")).status_code == 403
        assert browser.post(at("reminders"), {"when": "hours", "hours_before": "4"}).status_code == 403
        assert at("reminders") not in reads(browser.get(reverse("school-home", args=["de-wilg"])))
    assert as_(place.cast.daan).get(at("reminders")).status_code == 404
    assert not SchoolRule.objects.exists()


# --- one's own letters


def test_one_chooses_for_oneself(place: Scene, as_: Any) -> None:
    meeting = plan(place)
    browser = as_(place.cast.carla)
    assert reads(browser.get(MINE)).count("checked") == len(post.sorts()) + 3  # with two choices and the calendar part
    assert browser.post(MINE, CHOSEN).url == MINE
    wishes = LetterWishes.objects.get()
    assert (wishes.user, wishes.digest_at, wishes.alarm_minutes) == (place.cast.carla, dt.time(7, 30), 60)
    assert (wishes.calendar_part, wishes.agreements_in_calendar) == (False, True)
    unwanted = set(UnwantedLetters.objects.values_list("sort", flat=True))
    assert unwanted == {one.name for one in post.sorts()} - {"agreements", "visits"}
    assert OwnRule.objects.get().hours_before == 3
    row = Delivery.objects.get(user=place.cast.carla, subject_id=meeting.pk)
    assert (row.due_at, row.together) == (dt.datetime(2026, 12, 1, 6, 30, tzinfo=dt.UTC), True)
    again = browser.get(MINE).context["form"].initial
    assert (again["when"], again["hours_before"], again["pace"], again["digest_at"]) == (
        "hours",
        3,
        "daily",
        dt.time(7, 30),
    )
    assert again["wanted"] == ["agreements", "visits"]
    everything = [one.name for one in post.sorts()]
    browser.post(MINE, {"wanted": everything, "when": "group", "pace": "each", "calendar_part": "on"})
    assert not UnwantedLetters.objects.exists()
    assert not OwnRule.objects.exists()
    row.refresh_from_db()
    assert (row.due_at, row.together) == (dt.datetime(2026, 11, 30, 15, 0, tzinfo=dt.UTC), False)


def test_it_says_when_each_group_hears(place: Scene, as_: Any) -> None:
    browser = as_(place.cast.carla)
    assert "De dag ervoor om 16.00 uur" in reads(browser.get(MINE))
    other = factories.group(place.group.school, "Taal", chair=place.cast.joris, members=(place.cast.carla,))
    assert reads(browser.get(MINE)).count("De dag ervoor om 16.00 uur") == 1
    actions.remind_group(
        group=other,
        rule=Rule(None, None, 2),
        is_on=True,
        by=place.cast.hat("joris"),
        now=NOW,
    )
    words = "Begrijpend lezen: De dag ervoor om 16.00 uur. Taal: 2 uur voor het begin"
    assert words in reads(browser.get(MINE))
    assert "Taal" not in reads(as_(place.cast.els).get(MINE))


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"pace": "hourly"}, "pace"),
        ({"digest_at": ""}, "digest_at"),
        ({"digest_at": "nu"}, "digest_at"),
        ({"wanted": ["everything"]}, "wanted"),
        ({"alarm_minutes": "7"}, "alarm_minutes"),
    ],
)
def test_an_odd_wish_changes_nothing(place: Scene, as_: Any, changed: dict[str, Any], field: str) -> None:
    answer = as_(place.cast.carla).post(MINE, CHOSEN | changed)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {field}
    assert not LetterWishes.objects.exists()


def test_it_works_for_everybody_and_is_found_from_their_page(place: Scene, as_: Any) -> None:
    for who in ("hugo", "gerda", "bram", "irma"):
        browser = as_(place.cast.people[who])
        assert MINE in reads(browser.get(reverse("account")))
        assert browser.post(MINE, CHOSEN).status_code == 302
    assert LetterWishes.objects.count() == 4


def test_the_way_there_is_for_seats(place: Scene, as_: Any) -> None:
    place.invite(place.cast.bram)
    page, link = at("group", place.group.pk), at("letters", place.group.pk)
    Meeting.objects.filter(group=place.group, state="planned").exclude(pk=place.ahead.pk).delete()
    assert link in reads(as_(place.cast.carla).get(page))
    assert link not in reads(as_(place.cast.bram).get(page))
    assert Guest.objects.exists()
    assert factories.NOW == NOW
