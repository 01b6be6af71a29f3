"""The letters about meetings: still wanted at the last moment, and what they hold."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
from django.core import mail

from schools import post
from schools.models import Delivery, LetterWishes, User
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions, letters, queries
from workgroups.models import AgreementCheck, Closer, Meeting, Seat, WorkGroup

DAY = dt.timedelta(days=1)
DUE = dt.datetime(2026, 11, 30, 15, 0, tzinfo=dt.UTC)


@pytest.fixture
def meeting(cast: TestCast) -> Meeting:
    """A planned meeting of a group with two agreements, of which the first was judged last time."""
    goal = factories.goal(factories.period(cast.reading, cast.aspects["openness"]), "Iedereen praat mee")
    first = factories.agreement(goal, "Eerst een vraag", 1)
    factories.agreement(goal, "Wie ziet dit <anders> & waarom?", 2)
    held = factories.meeting(cast.reading, TODAY - 7 * DAY, state="held")
    of = {"school": held.school, "group": held.group}
    closer = Closer.objects.create(**of, meeting=held, closed_at=NOW - 7 * DAY)
    AgreementCheck.objects.create(**of, closer=closer, agreement=first, outcome="partly")
    return actions.plan_meeting(
        group=cast.reading,
        day=TODAY + 7 * DAY,
        time=dt.time(15, 15),
        minutes=75,
        place="Teamkamer",
        title="",
        by=cast.hat("els"),
        now=NOW,
    )


def prepared(kind: str, user: User, *, now: dt.datetime = DUE) -> post.Letter | post.Dropped:
    row = Delivery.objects.select_related("user", "school").get(kind=kind, user=user)
    return letters.prepare(kind, [row], now)[row.pk]


def letter(kind: str, user: User, *, now: dt.datetime = DUE) -> post.Letter:
    found = prepared(kind, user, now=now)
    assert isinstance(found, post.Letter)
    return found


def seen(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html.split("<body")[1]))


def test_the_reminder_holds_the_agreements(cast: TestCast, meeting: Meeting) -> None:
    found = letter("reminder", cast.carla)
    assert found.subject == "Dinsdag 1 december, 15.15 uur: dit spraken jullie af"
    for words in (
        "Morgen komen jullie bij elkaar",
        "Dinsdag 1 december, 15.15 uur",
        "Begrijpend lezen",
        "Teamkamer, tot 16.30 uur",
        "Kaart 1: Openness",
        "1. Eerst een vraag\n   (vorige keer: deels)",
        "2. Wie ziet dit <anders> & waarom?\n",
        "- Iedereen praat mee",
        f"http://127.0.0.1:8000/s/de-wilg/meetings/{meeting.pk}/",
        "omdat je in de groep Begrijpend lezen zit",
    ):
        assert words in found.text
    assert "&lt;anders&gt; &amp; waarom?" in found.html
    shown = seen(found.html)
    for words in ("Eerst een vraag", "vorige keer: deels", "Iedereen praat mee", "Kaart 1", "15.15 uur"):
        assert words in shown
    assert "{" not in found.text + shown
    assert not re.search(r"\n\n\n", found.text)


def test_it_goes_out_once_by_the_post(cast: TestCast, meeting: Meeting) -> None:
    assert post.deliver(now=DUE - DAY).sent == 0
    assert post.deliver(now=DUE).sent == 2
    assert post.deliver(now=DUE + DAY / 2).sent == 0
    assert sorted(message.to[0] for message in mail.outbox) == ["carla@dewilg.example", "els@dewilg.example"]
    assert all("Eerst een vraag" in message.body for message in mail.outbox)


def test_each_reads_it_in_the_own_language(cast: TestCast, meeting: Meeting) -> None:
    User.objects.filter(pk=cast.carla.pk).update(language="en")
    found = letter("reminder", cast.carla)
    assert found.subject == "Tuesday 1 December, 15:15: what you agreed"
    for words in ("Tomorrow your group meets", "Teamkamer, until 16:30", "(last time: partly)", "Eerst een vraag"):
        assert words in found.text
    assert letter("reminder", cast.els).subject.startswith("Dinsdag 1 december")


def test_without_agreements_it_holds_a_question_from_the_card(cast: TestCast) -> None:
    factories.period(cast.reading, cast.aspects["feedback"])
    meeting = factories.meeting(cast.reading)
    found = letters.render("reminder", meeting, queries.focus_of(cast.reading), language="nl", now=DUE)
    assert found.subject == "Dinsdag 1 december, 15.15 uur: jullie bijeenkomst"
    assert "Een vraag om mee te nemen\nfeedback?" in found.text
    assert "feedback?" in found.html


def test_without_a_card_it_holds_a_question_of_its_own(cast: TestCast) -> None:
    meeting = factories.meeting(cast.reading, place="")
    found = letters.render("reminder", meeting, queries.focus_of(cast.reading), language="nl", now=DUE)
    assert "Wat hoop jij dat deze bijeenkomst jullie samen oplevert?" in found.text
    assert "Tot 16.15 uur" in found.text
    assert "Kaart" not in found.text
    assert 'class="panel' not in found.html


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (DUE + DAY / 2, "Vandaag komen jullie bij elkaar"),
        (DUE, "Morgen komen jullie bij elkaar"),
        (DUE - 3 * DAY, "Over 4 dagen komen jullie bij elkaar"),
    ],
)
def test_it_says_how_many_days_are_left(cast: TestCast, meeting: Meeting, now: dt.datetime, words: str) -> None:
    assert words in letter("reminder", cast.carla, now=now).text


def test_the_clock_is_the_schools(cast: TestCast) -> None:
    type(cast.schools["de-wilg"]).objects.filter(slug="de-wilg").update(time_zone="America/Curacao")
    cast.reading.refresh_from_db()
    meeting = factories.meeting(cast.reading, time=dt.time(15, 15))
    found = letters.render("reminder", meeting, queries.focus_of(cast.reading), language="nl", now=DUE)
    assert meeting.starts_at.hour == 19
    assert "15.15 uur" in found.subject
    assert "tot 16.15 uur" in found.text


def test_moved_and_cancelled_say_so_first(cast: TestCast, meeting: Meeting) -> None:
    Delivery.objects.update(state="sent", message_id="<1@x>", sent_at=NOW)
    els = cast.hat("els")
    actions.move_meeting(
        meeting=meeting,
        day=meeting.day,
        time=dt.time(16, 0),
        minutes=60,
        place="Aula",
        title="",
        by=els,
        now=DUE,
    )
    moved = letter("moved", cast.carla)
    assert moved.subject == "Nieuwe tijd of plek: dinsdag 1 december, 16.00 uur (Begrijpend lezen)"
    assert moved.text.startswith("Jullie bijeenkomst is veranderd")
    assert "Aula, tot 17.00 uur" in moved.text
    assert "Eerder schreven we: dinsdag 1 december, 15.15 uur." in moved.text
    assert "Eerder schreven we: dinsdag 1 december, 15.15 uur." in seen(moved.html)
    assert "Eerst een vraag" in moved.text
    actions.cancel_meeting(meeting=meeting, by=els, now=DUE)
    assert prepared("moved", cast.carla) == post.Dropped("the meeting is cancelled")
    cancelled = letter("cancelled", cast.carla)
    assert cancelled.subject == "Afgezegd: dinsdag 1 december, 16.00 uur (Begrijpend lezen)"
    assert cancelled.text.startswith("Deze bijeenkomst gaat niet door")
    assert "Eerder schreven we: dinsdag 1 december, 15.15 uur." in cancelled.text
    assert "Eerst een vraag" not in cancelled.text + cancelled.html
    actions.restore_meeting(meeting=meeting, by=els, now=DUE)
    assert prepared("cancelled", cast.carla) == post.Dropped("the meeting is planned")


def test_the_invitation_carries_the_agreements_too(cast: TestCast, meeting: Meeting) -> None:
    Delivery.objects.update(state="sent", message_id="<1@x>", sent_at=NOW)
    actions.seat(group=cast.reading, user=cast.joris, by=cast.hat("els"), now=DUE)
    found = letter("invitation", cast.joris)
    assert found.subject == "Gepland: dinsdag 1 december, 15.15 uur"
    assert "Eerst een vraag" in found.text


def test_what_is_no_longer_wanted_does_not_leave(cast: TestCast, meeting: Meeting) -> None:
    def reason() -> str:
        found = prepared("reminder", cast.carla)
        return found.reason if isinstance(found, post.Dropped) else ""

    changes: list[tuple[Any, dict[str, Any], dict[str, Any], str]] = [
        (Meeting, {"pk": meeting.pk}, {"state": "held"}, "the meeting is held"),
        (Meeting, {"pk": meeting.pk}, {"schedule_version": 2}, "the meeting changed"),
        (Meeting, {"pk": meeting.pk}, {"starts_at": DUE}, "the meeting has begun"),
        (WorkGroup, {"pk": cast.reading.pk}, {"state": "ended", "ended_on": TODAY}, "the group has ended"),
        (Seat, {"user": cast.carla}, {"until_date": TODAY}, "no seat any more"),
    ]
    assert reason() == ""
    for model, which, change, expected in changes:
        row = model.objects.get(**which)
        model.objects.filter(**which).update(**change)
        assert reason() == expected
        row.save()
    Meeting.objects.filter(pk=meeting.pk).delete()
    assert reason() == "the meeting is gone"


def test_each_letter_says_why_one_gets_it_and_how_to_get_it_no_more(cast: TestCast, meeting: Meeting) -> None:
    focus, stop_link, choose = queries.focus_of(cast.reading), f"/letters/stop/{post.stop.PLACEHOLDER}/", "/me/letters/"
    for kind in letters.KINDS:
        found = letters.render(kind, meeting, focus, language="nl", now=DUE)
        for words in (found.text, found.html):
            assert "Je krijgt deze brief omdat" in words
            assert f"http://127.0.0.1:8000{choose}" in words
            assert (stop_link in words) == bool(post.sort_of(kind))
    assert {kind for kind in letters.KINDS if not post.sort_of(kind)} == {"moved", "cancelled"}


def test_no_letter_needs_a_picture_or_another_host(cast: TestCast, meeting: Meeting) -> None:
    focus = queries.focus_of(cast.reading)
    for kind in letters.KINDS:
        found = letters.render(kind, meeting, focus, language="nl", now=DUE)
        assert not re.search(r"<(img|link|script)|url\(|@import", found.html)
        assert set(re.findall(r"https?://([^/\"<\s]+)", found.text + found.html)) == {"127.0.0.1:8000"}


def test_at_night_it_is_dark(cast: TestCast, meeting: Meeting) -> None:
    found = letter("reminder", cast.carla)
    assert '<meta name="color-scheme" content="light dark">' in found.html
    assert "@media (prefers-color-scheme: dark)" in found.html
    assert found.html.count("<style") == 1


def test_together_they_keep_their_looks(cast: TestCast, meeting: Meeting) -> None:
    LetterWishes.objects.create(user=cast.carla, digest_at=dt.time(16, 0))
    when: dict[str, Any] = {"time": dt.time(9, 0), "minutes": 60, "place": "", "title": "<b>Samen</b>"}
    actions.plan_meeting(group=cast.reading, day=TODAY + 7 * DAY, **when, by=cast.hat("els"), now=NOW)
    Delivery.objects.filter(user=cast.carla).update(together=True, due_at=DUE, next_try_at=DUE)
    assert post.deliver(now=DUE).sent == 4
    (message,) = [one for one in mail.outbox if one.to == ["carla@dewilg.example"]]
    html = str(getattr(message, "alternatives", [[""]])[0][0])
    assert html.count('class="sheet"') == html.count("Bekijk de bijeenkomst") == 2
    assert html.count("/letters/stop/") == html.count("/me/letters/") == 1
    assert "&lt;b&gt;Samen&lt;/b&gt;" in html


def test_nobodys_own_text_is_in_it(cast: TestCast, meeting: Meeting) -> None:
    goal = queries.focus_of(cast.reading).goals[0]
    row = queries.goals_for(cast.hat("carla")).get(pk=goal.id)
    actions.update_goal(goal=row, step="not_yet", note="Ik durf niet", by=cast.hat("carla"), now=NOW)
    found = letter("reminder", cast.els)
    assert "durf" not in found.text + found.html
    assert "Carla" not in found.text + found.html


def test_a_batch_takes_the_same_queries_for_one_letter_and_for_many(
    cast: TestCast, meeting: Meeting, django_assert_num_queries: Any
) -> None:
    rows = Delivery.objects.select_related("user", "school")
    one = list(rows.filter(user=cast.carla))
    goal = factories.goal(factories.period(cast.maths, cast.aspects["feedback"]))
    factories.agreement(goal)
    for days in (2, 3, 4):
        actions.plan_meeting(
            group=cast.maths,
            day=TODAY + days * DAY,
            time=dt.time(15, 15),
            minutes=60,
            place="",
            title="",
            by=cast.hat("joris"),
            now=NOW,
        )
    many = list(rows)
    assert (len(one), len(many)) == (1, 5)
    for batch in (one, many):
        with django_assert_num_queries(6):
            assert all(isinstance(found, post.Letter) for found in letters.prepare("reminder", batch, NOW).values())


@pytest.mark.parametrize("groups", [1, 60])
def test_five_hundred_letters_are_one_render_a_meeting(
    cast: TestCast, groups: int, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    school = cast.schools["de-wilg"]
    people = [factories.person(f"Mens{number}", school) for number in range(8)]
    for number in range(groups):
        group = factories.group(school, f"Groep {number}", chair=people[0], members=tuple(people[1:]))
        factories.agreement(factories.goal(factories.period(group, cast.aspects["feedback"])))
        actions.notices.of_plan(factories.meeting(group), school=school, now=NOW)
    rows = list(Delivery.objects.select_related("user", "school"))
    rendered: list[str] = []
    render = letters.render

    def counted(kind: str, *args: Any, **given: Any) -> post.Letter:
        rendered.append(kind)
        return render(kind, *args, **given)

    monkeypatch.setattr("workgroups.letters.meetings.render", counted)
    with django_assert_num_queries(6):
        found = letters.prepare("reminder", rows, DUE)
    assert len(found) == 8 * groups
    assert len(rendered) == groups
    assert len({id(one) for one in found.values()}) == groups


def test_the_same_words_are_rendered_once(cast: TestCast, meeting: Meeting) -> None:
    rows = list(Delivery.objects.select_related("user", "school"))
    first, second = letters.prepare("reminder", rows, DUE).values()
    assert first is second


def test_a_meeting_that_takes_place_after_all_says_so(cast: TestCast, meeting: Meeting) -> None:
    els = cast.hat("els")
    Delivery.objects.update(state="sent", message_id="<1@x>", sent_at=NOW)
    actions.cancel_meeting(meeting=meeting, by=els, now=NOW)
    Delivery.objects.filter(kind="cancelled").update(state="sent", message_id="<2@x>", sent_at=NOW)
    meeting.refresh_from_db()
    actions.restore_meeting(meeting=meeting, by=els, now=NOW)
    found = letter("moved", cast.carla)
    assert found.subject == "Gaat toch door: dinsdag 1 december, 15.15 uur (Begrijpend lezen)"
    assert found.text.startswith("Jullie bijeenkomst gaat toch door:")
    assert "Eerder schreven we" not in found.text


def test_where_the_old_time_never_left_it_is_not_told(cast: TestCast, meeting: Meeting) -> None:
    els = cast.hat("els")
    Delivery.objects.filter(user=cast.carla).update(state="leased", lease=uuid.uuid4(), leased_until=DUE, attempts=1)
    when: dict[str, Any] = {"day": meeting.day, "minutes": 60, "place": "", "title": "", "by": els, "now": NOW}
    actions.move_meeting(meeting=meeting, time=dt.time(16, 0), **when)
    assert "Eerder schreven we" not in letter("moved", cast.carla).text
    assert not Delivery.objects.filter(kind="moved", user=cast.els).exists()


@pytest.mark.parametrize(
    ("last_day", "wanted"), [(dt.date(2026, 11, 30), False), (dt.date(2026, 12, 1), True), (None, True)]
)
def test_a_seat_ends_with_the_day_at_its_school(
    cast: TestCast, meeting: Meeting, last_day: dt.date | None, wanted: bool
) -> None:
    """Half past midnight in Amsterdam, on the day of the meeting; elsewhere it is still the day before."""
    night = dt.datetime(2026, 11, 30, 23, 30, tzinfo=dt.UTC)
    Delivery.objects.update(kind="cancelled", version=1)
    Meeting.objects.update(state="cancelled")
    Seat.objects.filter(user=cast.carla).update(until_date=last_day)
    assert isinstance(prepared("cancelled", cast.carla, now=night), post.Letter) is wanted
    type(meeting.school).objects.filter(pk=meeting.school_id).update(time_zone="America/Curacao")
    assert isinstance(prepared("cancelled", cast.carla, now=night), post.Letter)


def test_many_of_them_together_are_not_cut_off(cast: TestCast, meeting: Meeting) -> None:
    for number in range(30):
        when = dt.time(8 + number // 6, 10 * (number % 6))
        factories.meeting(cast.reading, meeting.day, time=when, place="Aula")
    rows = [
        Delivery(kind="reminder", subject_id=one.pk, key=str(one.pk), user=cast.carla, school=one.school, due_at=NOW,
                 next_try_at=NOW, expires_at=one.starts_at, together=True, version=one.schedule_version)
        for one in Meeting.objects.filter(group=cast.reading, state="planned").exclude(pk=meeting.pk)
    ]  # fmt: skip
    Delivery.objects.all().delete()
    Delivery.objects.bulk_create(rows)
    assert post.deliver(now=NOW).sent == 30
    [message] = mail.outbox
    whole = message.body.count("Dit spraken jullie af")
    assert 6 <= whole < 30
    assert message.body.count("\n- Dinsdag 1 december") == 30 - whole
    assert "Je agenda kan ze zelf volgen" in message.body
    assert 70_000 < len(message.message().as_bytes()) < 100_000
