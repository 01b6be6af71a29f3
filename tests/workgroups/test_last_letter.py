"""No one's last letter states a wrong time or a cancelled meeting, whatever the chair does while letters leave."""

from __future__ import annotations

import datetime as dt
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.utils.formats import date_format

from schools import post
from schools.models import Delivery, User
from schools.post import claim
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions, letters
from workgroups.models import Meeting, Seat

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
Said = dict[int, tuple[str, dt.datetime, str]]


def truth(meeting: Meeting) -> tuple[str, dt.datetime, str]:
    meeting.refresh_from_db()
    return meeting.state, meeting.starts_at, meeting.place


def leave(meeting: Meeting, now: dt.datetime, said: Said) -> None:
    """One round of the post, and what each letter said."""
    due = Delivery.objects.filter(state="waiting", due_at__lte=now, expires_at__gt=now).select_related("user", "school")
    for row in due.order_by("due_at", "pk"):
        found = letters.prepare(row.kind, [row], now)[row.pk]
        if isinstance(found, post.Letter):
            old, new = said.get(row.user_id or 0), truth(meeting)
            if old and row.kind in {"moved", "cancelled"}:
                tells_of(old, new, found)
            said[row.user_id or 0] = new
            note = {"state": "sent", "message_id": f"<{row.pk}@x>", "sent_at": now}
        else:
            note = {"state": "dropped", "reason": found.reason}
        Delivery.objects.filter(pk=row.pk).update(**note)


def tells_of(old: tuple[str, dt.datetime, str], new: tuple[str, dt.datetime, str], letter: post.Letter) -> None:
    """The letter says what its reader last heard, where that was another time or state."""
    then = date_format(old[1].astimezone(ZoneInfo("Europe/Amsterdam")), "l j F, H.i")
    assert (f"Eerder schreven we: {then} uur." in letter.text) is (old[1] != new[1])
    assert ("Eerder schreven we" in letter.text) is (old[1] != new[1])
    assert ("Gaat toch door" in letter.subject) is ((old[0], new[0]) == ("cancelled", "planned"))


def deed(meeting: Meeting, chance: Random, by: User, now: dt.datetime) -> None:
    """Something the chair may try; what is refused changes nothing."""
    hat = factories.hat(by, meeting.school)
    verb = chance.choice(["move", "cancel", "restore", "title"])
    try:
        if verb == "cancel":
            actions.cancel_meeting(meeting=meeting, by=hat, now=now)
        elif verb == "restore":
            actions.restore_meeting(meeting=meeting, by=hat, now=now)
        else:
            moved = verb == "move"
            actions.move_meeting(
                meeting=meeting,
                day=TODAY + chance.choice([1, 1, 1, 2]) * DAY if moved else meeting.day,
                time=chance.choice([dt.time(15, 15), dt.time(16, 0)]) if moved else meeting.time,
                minutes=60,
                place=chance.choice(["Aula", "Teamkamer"]) if moved else meeting.place,
                title=str(now),
                by=hat,
                now=now,
            )
    except actions.Refused:
        pass


@pytest.mark.parametrize("seed", range(8))
def test_the_last_letter_is_right(cast: TestCast, seed: int) -> None:
    chance, now, said = Random(seed), NOW, Said()
    meeting = actions.plan_meeting(
        group=cast.reading,
        day=TODAY + DAY,
        time=dt.time(15, 15),
        minutes=60,
        place="Aula",
        title="",
        by=cast.hat("els"),
        now=now,
    )
    joins = chance.randrange(8)
    for step in range(16):
        if now < truth(meeting)[1]:
            deed(meeting, chance, cast.els, now)
        if step == joins:
            actions.seat(group=cast.reading, user=cast.joris, by=cast.hat("els"), now=now)
        if chance.random() < 0.6:
            leave(meeting, now, said)
        now += chance.choice([MINUTE, 3 * MINUTE, 60 * MINUTE, 3 * 60 * MINUTE])
    while now < truth(meeting)[1]:
        leave(meeting, now, said)
        now += 2 * 60 * MINUTE
    state, _starts_at, _place = truth(meeting)
    assert state in {"planned", "cancelled"}
    assert all(heard == truth(meeting) for heard in said.values())
    if state == "planned":
        assert set(said) == {cast.els.pk, cast.carla.pk, cast.joris.pk}


def test_a_letter_of_a_killed_round_counts_as_heard(cast: TestCast) -> None:
    """Nobody knows whether it left; that stays so when the next round finds that it need not leave any more."""
    meeting = factories.meeting(cast.reading, TODAY + DAY)
    people = {cast.els.pk, cast.carla.pk}
    post.write_down(
        kind="reminder", subject_id=meeting.pk, version=1, school_id=meeting.school_id, user_ids=people,
        due_at=NOW, expires_at=meeting.starts_at, now=NOW,
    )  # fmt: skip
    assert (
        len(claim.claim(now=NOW, limit=10)) == 2
    )  # and the round is killed, perhaps right after the mail server's yes

    def move(place: str, now: dt.datetime) -> None:
        actions.move_meeting(
            meeting=meeting, day=meeting.day, time=meeting.time, minutes=60, place=place, title="",
            by=cast.hat("els"), now=now,
        )  # fmt: skip

    move("Aula", NOW + post.LEASE - MINUTE)
    assert post.deliver(now=NOW + post.LEASE).dropped == 2
    move("Teamkamer 2", NOW + post.LEASE + MINUTE / 2)
    post.deliver(now=NOW + post.LEASE + 5 * MINUTE)
    assert sorted(one.to[0] for one in mail.outbox) == ["carla@dewilg.example", "els@dewilg.example"]
    assert all("Teamkamer 2" in one.body for one in mail.outbox)


def _place(meeting: Meeting, day: dt.date, *, by: TestCast, now: dt.datetime) -> None:
    where: dict[str, Any] = {"day": day, "time": dt.time(15, 15), "minutes": 60, "place": "Teamkamer", "title": ""}
    actions.move_meeting(meeting=meeting, **where, by=by.hat("els"), now=now)


def _reminded_and_about_to_leave(cast: TestCast) -> tuple[Meeting, dt.datetime]:
    """Carla was reminded of a meeting on her last day but one, and sits there until then."""
    meeting = factories.meeting(cast.reading, TODAY + DAY)
    post.write_down(
        kind="reminder", subject_id=meeting.pk, version=1, school_id=meeting.school_id, user_ids=[cast.carla.pk],
        due_at=NOW, expires_at=meeting.starts_at, now=NOW,
    )  # fmt: skip
    assert post.deliver(now=NOW).sent == 1
    return meeting, NOW + MINUTE


def test_whoever_sits_there_still_hears_that_it_moved_behind_the_last_day(cast: TestCast) -> None:
    """Or that it is off then: else somebody comes at the old time."""
    meeting, now = _reminded_and_about_to_leave(cast)
    seat = Seat.objects.get(group=cast.reading, user=cast.carla)
    actions.leave(seat=seat, last_day=TODAY + 2 * DAY, by=cast.hat("els"), now=now)
    _place(meeting, TODAY + 7 * DAY, by=cast, now=now)
    post.deliver(now=now + 3 * MINUTE)
    actions.cancel_meeting(meeting=meeting, by=cast.hat("els"), now=now + 4 * MINUTE)
    post.deliver(now=now + 7 * MINUTE)
    heard = [one.subject for one in mail.outbox if one.to == [cast.carla.email]]
    assert len(heard) == 3
    assert "1 december" in heard[1]
    assert Delivery.objects.get(kind="cancelled").user == cast.carla


def test_nor_does_leaving_take_that_letter_back(cast: TestCast) -> None:
    meeting, now = _reminded_and_about_to_leave(cast)
    seat = Seat.objects.get(group=cast.reading, user=cast.carla)
    _place(meeting, TODAY + 7 * DAY, by=cast, now=now)
    actions.leave(seat=seat, last_day=TODAY + 2 * DAY, by=cast.hat("els"), now=now)
    post.deliver(now=now + 3 * MINUTE)
    assert sum(one.to == [cast.carla.email] for one in mail.outbox) == 2


def test_who_has_left_hears_nothing_of_a_move(cast: TestCast) -> None:
    meeting, now = _reminded_and_about_to_leave(cast)
    seat = Seat.objects.get(group=cast.reading, user=cast.carla)
    _place(meeting, TODAY + 7 * DAY, by=cast, now=now)
    actions.leave(seat=seat, by=cast.hat("els"), now=now)
    _place(meeting, TODAY + 8 * DAY, by=cast, now=now)
    post.deliver(now=now + 3 * MINUTE)
    assert sum(one.to == [cast.carla.email] for one in mail.outbox) == 1


def test_whoever_turned_letters_off_does_not_hear_of_a_change_either(cast: TestCast) -> None:
    """A letter that the last check held back was heard by nobody."""
    cast.carla.unwanted_letters.create(sort=letters.AGREEMENTS)
    meeting = factories.meeting(cast.reading, TODAY + DAY)
    people = {cast.els.pk, cast.carla.pk}
    post.write_down(
        kind="reminder", subject_id=meeting.pk, version=1, school_id=meeting.school_id, user_ids=people,
        due_at=NOW, expires_at=meeting.starts_at, now=NOW,
    )  # fmt: skip
    assert post.deliver(now=NOW) == post.Outcome(claimed=2, sent=1, dropped=1)
    actions.cancel_meeting(meeting=meeting, by=cast.hat("els"), now=NOW + MINUTE)
    post.deliver(now=NOW + 5 * MINUTE)
    assert [one.to[0] for one in mail.outbox] == ["els@dewilg.example", "els@dewilg.example"]
