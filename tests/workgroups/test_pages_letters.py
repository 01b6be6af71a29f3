"""The pages about letters: what goes out to a group, and one letter as it will be."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse

from schools import post
from schools.models import Delivery, LetterWishes, User
from tests.workgroups.scene import NOW, SECRETS, TODAY, Scene, at, plan, reads, tells_nothing
from workgroups import actions
from workgroups.models import Meeting, OwnRule, ReminderRule, WorkGroup
from workgroups.reminders import Rule

DAY, HOUR = dt.timedelta(days=1), dt.timedelta(hours=1)
MINE = reverse("account-letters")


def ends(meeting: Meeting, user: User, state: str, reason: str = "", **values: Any) -> None:
    """As if the post had come to this end with somebody's reminder."""
    given = {"message_id": "<1@samenspraak.example>", "sent_at": NOW} if state == "sent" else {}
    rows = Delivery.objects.filter(subject_id=meeting.pk, user=user, kind="reminder")
    assert rows.update(state=state, reason=reason, **given | values) == 1


def names(place: Scene) -> list[str]:
    return [word for user in place.cast.people.values() for word in (user.family_name, user.email) if word]


# --- what will go out, and when


def test_every_seat_reads_what_goes_out_and_only_the_chair_acts(place: Scene, as_: Any) -> None:
    meeting, page = plan(place), at("letters", place.group.pk)
    for who, acts in ((place.cast.carla, False), (place.cast.els, True)):
        text = reads(as_(who).get(page))
        assert "Gaat uit op maandag 30 november om 16.00 uur, naar 2 mensen." in text
        assert (at("letter-back", meeting.pk, "reminder") in text) is acts
        assert ("De dag ervoor om 16.00 uur" in text) is True
        assert ('name="when"' in text) is acts


def test_it_needs_a_seat(place: Scene, as_: Any) -> None:
    meeting = plan(place)
    place.invite(place.cast.bram)
    pages = [at("letters", place.group.pk), at("letter", meeting.pk, "reminder")]
    pages.append(at("letter-paper", meeting.pk, "reminder"))
    for who in ("bram", "anna", "frank", "joris", "daan"):
        for page in pages:
            assert as_(place.cast.people[who]).get(page).status_code == 404


def test_the_page_tells_numbers_and_never_who(place: Scene, as_: Any) -> None:
    meeting = plan(place)
    for who in ("joris", "anna", "frank"):
        actions.seat(group=place.group, user=place.cast.people[who], by=place.cast.hat("els"), now=NOW)
    ends(meeting, place.cast.carla, "sent")
    ends(meeting, place.cast.els, "failed", "550 no such user carla@dewilg.example")
    ends(meeting, place.cast.joris, "dropped", "not wanted")
    ends(meeting, place.cast.anna, "dropped", "no e-mail address")
    ends(meeting, place.cast.frank, "dropped", "the meeting changed")
    text = reads(as_(place.cast.els).get(at("letters", place.group.pk)))
    body = text.partition("<main")[2].partition("</main>")[0]
    for said in (
        "1 brief ging uit, op dinsdag 24 november om 10.00 uur.",
        "1 brief kon niet worden bezorgd.",
        "1 brief ging niet uit: niet gewenst.",
        "1 brief ging niet uit: geen e-mailadres.",
    ):
        assert said in body
    assert "550" not in body
    assert not any(name in body for name in names(place))


def choose_two_hours_before(place: Scene) -> None:
    actions.choose_letters(
        rule=Rule(None, None, 2),
        unwanted=(),
        digest_at=None,
        calendar_part=True,
        agreements_in_calendar=False,
        alarm_minutes=None,
        by=place.cast.carla,
        now=NOW,
    )


def page_of_letters(place: Scene, as_: Any) -> str:
    page = reads(as_(place.cast.els).get(at("letters", place.group.pk))).partition("<main")[2]
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)


def test_after_a_restore_it_tells_that_nobody_knows(place: Scene, as_: Any) -> None:
    meeting = plan(place)
    ends(meeting, place.cast.els, "held", post.RESTORED, attempts=1)
    ends(meeting, place.cast.carla, "dropped", post.RESTORED, attempts=1)
    text = reads(as_(place.cast.carla).get(at("letters", place.group.pk)))
    assert "2 brieven zijn misschien verstuurd: Samenspraak is teruggezet uit een kopie, en niemand weet het." in text


def test_an_own_time_is_told_without_whose(place: Scene, as_: Any) -> None:
    plan(place)
    choose_two_hours_before(place)
    for user in (place.cast.joris, place.cast.anna):
        actions.seat(group=place.group, user=user, by=place.cast.hat("els"), now=NOW)
    body = page_of_letters(place, as_)
    assert "maandag 30 november om 16.00 uur, naar 4 mensen." in body
    assert "Sommigen van jullie kozen een andere tijd." in body
    assert not any(name in body for name in names(place))


def test_of_two_or_three_an_own_time_is_not_told(place: Scene, as_: Any) -> None:
    Meeting.objects.filter(pk=place.ahead.pk).delete()
    meeting = plan(place)
    before = page_of_letters(place, as_)
    choose_two_hours_before(place)
    times = Delivery.objects.filter(subject_id=meeting.pk).values("due_at")
    assert times.distinct().count() == 2
    assert page_of_letters(place, as_) == before
    assert "maandag 30 november om 16.00 uur, naar 2 mensen." in before
    letter = reads(as_(place.cast.els).get(at("letter", meeting.pk, "reminder")))
    assert "Aan iedereen in Begrijpend lezen" in letter
    assert "30 november" not in letter
    Delivery.objects.filter(user=place.cast.els).update(state="sent", message_id="<1@x>", sent_at=NOW)
    assert "maandag 30 november om 16.00 uur, naar 1 persoon." in page_of_letters(place, as_)


def test_when_one_person_hears_of_a_plan_is_theirs_to_know(place: Scene, as_: Any) -> None:
    LetterWishes.objects.create(user=place.cast.joris, digest_at=dt.time(17, 30))
    plan(place, TODAY + DAY)
    Meeting.objects.filter(pk=place.ahead.pk).delete()
    actions.seat(group=place.group, user=place.cast.joris, by=place.cast.hat("els"), now=NOW + DAY / 4)
    assert Delivery.objects.get(user=place.cast.joris).together
    body = page_of_letters(place, as_)
    assert "Ligt klaar, voor 1 persoon." in body
    assert "17.30" not in body


def test_the_chair_takes_a_letter_back_and_sends_it_after_all(place: Scene, as_: Any) -> None:
    meeting, browser, page = plan(place), as_(place.cast.els), at("letters", place.group.pk)
    assert browser.post(at("letter-back", meeting.pk, "reminder")).url == page
    text = reads(browser.get(page))
    assert "Gaat niet uit." in text
    assert set(Delivery.objects.values_list("state", "reason")) == {("dropped", post.TAKEN_BACK)}
    assert at("letter", meeting.pk, "reminder") not in text.replace(at("letter-send", meeting.pk, "reminder"), "")
    assert browser.post(at("letter-send", meeting.pk, "reminder")).url == page
    assert "naar 2 mensen" in reads(browser.get(page))
    assert set(Delivery.objects.values_list("state", flat=True)) == {"waiting"}


def test_what_left_already_is_said_so(place: Scene, as_: Any) -> None:
    meeting, browser = plan(place), as_(place.cast.els)
    for user in (place.cast.els, place.cast.carla):
        ends(meeting, user, "sent")
    text = reads(browser.post(at("letter-back", meeting.pk, "reminder"), follow=True))
    assert "Deze brief is al weg" in text


def test_the_chair_changes_the_rule(place: Scene, as_: Any) -> None:
    meeting, browser, page = plan(place), as_(place.cast.els), at("letters", place.group.pk)
    sent = {"when": "hours", "hours_before": "2", "days_before": "", "at": "later"}
    assert browser.post(page, sent).url == page
    theirs = Delivery.objects.filter(subject_id=meeting.pk)
    assert set(theirs.values_list("due_at", flat=True)) == {meeting.starts_at - 2 * HOUR}
    assert "2 uur voor het begin" in reads(as_(place.cast.carla).get(page))
    as_(place.cast.els).post(page, {"when": "off"})
    assert set(Delivery.objects.values_list("state", flat=True)) == {"dropped"}
    assert "Je groep krijgt geen brieven over bijeenkomsten" in reads(browser.get(page))
    browser.post(page, {"when": "days", "days_before": "2", "at": "09:00"})
    rule = ReminderRule.objects.get(group=place.group)
    assert (rule.days_before, rule.at, rule.hours_before, rule.follows_school) == (2, dt.time(9), None, False)
    browser.post(page, {"when": "school"})
    rule.refresh_from_db()
    assert (rule.days_before, rule.at, rule.follows_school, rule.is_on) == (1, dt.time(16), True, True)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "when"),
        ({"when": "sometimes"}, "when"),
        ({"when": "days", "days_before": "8", "at": "16:00"}, "days_before"),
        ({"when": "days", "days_before": "1", "at": "25:00"}, "at"),
        ({"when": "days", "days_before": "1"}, "at"),
        ({"when": "hours", "hours_before": "0"}, "hours_before"),
        ({"when": "hours", "hours_before": "twee"}, "hours_before"),
        ({"when": "hours", "hours_before": "9" * 400}, "hours_before"),
        ({"when": "hours"}, "hours_before"),
    ],
)
def test_what_is_no_rule_stays_on_the_form_with_a_sentence(
    place: Scene, as_: Any, sent: dict[str, str], field: str
) -> None:
    before = ReminderRule.objects.values().get(group=place.group)
    for page, who in ((at("letters", place.group.pk), "els"), (at("reminders"), "anna"), (MINE, "carla")):
        answer = as_(place.cast.people[who]).post(page, sent)
        assert answer.status_code == 422
        assert field in answer.context["form"].errors
        assert not set(answer.context["form"].errors) - {field, "pace"}
    assert ReminderRule.objects.values().get(group=place.group) == before
    assert not OwnRule.objects.exists()


def test_an_ended_group_shows_what_went_and_no_form(place: Scene, as_: Any) -> None:
    ends(plan(place), place.cast.carla, "sent")
    WorkGroup.objects.filter(pk=place.group.pk).update(state="ended", ended_on=TODAY)
    text = reads(as_(place.cast.els).get(at("letters", place.group.pk)))
    assert "1 brief ging uit" in text
    assert 'name="when"' not in text


@pytest.mark.parametrize("meetings", [1, 3])
def test_the_page_takes_the_same_queries_for_any_number_of_letters(
    place: Scene, as_: Any, django_assert_max_num_queries: Any, meetings: int
) -> None:
    for week in range(1, meetings + 1):
        ends(plan(place, TODAY + (7 * week + 1) * DAY), place.cast.carla, "sent")
    browser = as_(place.cast.els)
    with django_assert_max_num_queries(14) as captured:
        reads(browser.get(at("letters", place.group.pk)))
    assert len(captured) == 14, [query["sql"] for query in captured]


# --- one letter


def test_news_of_a_change_reads_as_whoever_heard_of_it_gets_it(place: Scene, as_: Any) -> None:
    meeting = plan(place)
    ends(meeting, place.cast.carla, "sent")
    when: dict[str, Any] = {"day": meeting.day, "time": dt.time(16, 0), "minutes": 60, "place": "", "title": ""}
    actions.move_meeting(meeting=meeting, **when, by=place.cast.hat("els"), now=NOW)
    text = reads(as_(place.cast.els).get(at("letter", meeting.pk, "moved")))
    assert "Nieuwe tijd of plek: dinsdag 1 december, 16.00 uur (Begrijpend lezen)" in text
    assert "Eerder schreven we: dinsdag 1 december, 15.15 uur." in text


def test_a_letter_reads_as_it_will_be(place: Scene, as_: Any) -> None:
    meeting, browser = plan(place), as_(place.cast.carla)
    text = reads(browser.get(at("letter", meeting.pk, "reminder")))
    for words in ("Morgen", "Eerst een vraag, dan je mening", "Teamkamer"):
        assert words in text
    paper = browser.get(at("letter-paper", meeting.pk, "reminder"))
    policy = paper["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "Eerst een vraag, dan je mening" in reads(paper)
    assert post.stop.PLACEHOLDER not in reads(paper)
    assert MINE in reads(paper)


def test_a_letter_that_nobody_gets_is_not_there(place: Scene, as_: Any) -> None:
    meeting, browser = plan(place), as_(place.cast.els)
    for kind in ("moved", "cancelled", "feedback_shared", "x"):
        assert browser.get(at("letter", meeting.pk, kind)).status_code == 404
    assert browser.get(at("letter", place.ahead.pk, "reminder")).status_code == 404


def test_next_door_sees_nothing(place: Scene, as_: Any) -> None:
    meeting = plan(place)
    browser = as_(place.cast.daan)
    for page in (at("letters", place.group.pk), at("letter", meeting.pk, "reminder")):
        answer = browser.get(page)
        assert answer.status_code == 404
        assert tells_nothing(answer.content.decode())
    assert len(SECRETS) > 1
    for deed in ("letter-back", "letter-send"):
        assert browser.post(at(deed, meeting.pk, "reminder")).status_code == 404
    assert set(Delivery.objects.values_list("state", flat=True)) == {"waiting"}
