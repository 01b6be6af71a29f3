"""After an outage: what still holds leaves, urgent letters first, and nobody finds a heap of them."""

from __future__ import annotations

import datetime as dt
import threading
from collections import Counter
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection

from schools import post, tenancy
from schools.models import Delivery, Membership, School, User
from schools.post import claim
from schools.roles import Role
from tests.conftest import TestCast, gather
from tests.factories import LONG_AGO, NOW
from tests.schools.conftest import DAY, Kind, letter, words
from tests.smtp_sink import TAKE_AND_HANG_UP, Sink

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)


@pytest.fixture
def wilg(cast: TestCast) -> School:
    return cast.schools["de-wilg"]


def late(user: User, school: School, number: int, *, first: int = 1, **values: Any) -> list[Delivery]:
    """Letters that were due an hour ago, the higher the number the longer it holds."""
    return [
        letter(user, school, subject=subject, due_at=NOW - HOUR, expires_at=NOW + subject * HOUR, **values)
        for subject in range(first, first + number)
    ]


@pytest.mark.sqlite
def test_more_than_three_late_letters_become_one(cast: TestCast, wilg: School, kind: Kind) -> None:
    rows = late(cast.carla, wilg, 4)
    assert post.deliver(now=NOW) == post.Outcome(claimed=4, sent=4)
    (message,) = mail.outbox
    assert isinstance(message, mail.EmailMultiAlternatives)
    assert message.to == ["carla@dewilg.example"]
    assert message.subject == "4 brieven. Onderwerp 1"
    html = str(message.alternatives[0][0])
    for subject in range(1, 5):
        for part in (f"Onderwerp {subject}", f"Tekst {subject}"):
            assert str(message.body).count(part) == 1
            assert part in html
    assert str(message.body).index("Tekst 1") < str(message.body).index("Tekst 4")
    assert "omdat je op De Wilg werkt" in message.body
    ends = set(Delivery.objects.values_list("state", "message_id"))
    assert ends == {("sent", message.message()["Message-ID"])}
    assert message.message()["Message-ID"].startswith(f"<{rows[0].pk}.")


@pytest.mark.sqlite
def test_three_late_letters_leave_one_by_one(cast: TestCast, wilg: School, kind: Kind) -> None:
    late(cast.carla, wilg, 3)
    late(cast.els, wilg, 2)
    letter(cast.els, wilg, subject=8)
    letter(cast.els, wilg, subject=9)  # due now: no reason to write it together with others
    assert post.deliver(now=NOW).sent == 7
    assert len(mail.outbox) == 7


def test_letters_of_two_schools_stay_apart(cast: TestCast, wilg: School, kind: Kind) -> None:
    late(cast.carla, wilg, 3)
    eik = cast.schools["de-eik"]
    Membership.objects.create(user=cast.carla, school=eik, role=Role.TEACHER, from_date=LONG_AGO)
    late(cast.carla, eik, 3, first=10)
    assert post.deliver(now=NOW).sent == 6
    assert len(mail.outbox) == 6


def test_a_claim_takes_a_heap_whole(cast: TestCast, wilg: School, kind: Kind) -> None:
    heap = {row.pk for row in late(cast.carla, wilg, 9)}
    later = letter(cast.carla, wilg, subject=50, due_at=NOW - HOUR, next_try_at=NOW + HOUR, reason="mail server down")
    for subject in range(20, 40):
        letter(cast.els, wilg, subject=subject, expires_at=NOW + DAY)
    assert {row.pk for row in claim.claim(now=NOW, limit=2)} == heap | {later.pk}


@pytest.mark.sqlite
def test_a_claim_takes_a_heap_whole_that_was_put_off_behind_others(cast: TestCast, wilg: School, kind: Kind) -> None:
    for subject in range(20, 26):
        letter(cast.els, wilg, subject=subject, due_at=NOW - 2 * MINUTE, expires_at=NOW + DAY)
    times: dict[str, Any] = {"reason": "mail server said 450", "attempts": 1}
    heap = late(cast.carla, wilg, 2, next_try_at=NOW - MINUTE, **times)
    heap += late(cast.carla, wilg, 2, first=3, next_try_at=NOW + MINUTE, **times)
    assert {row.pk for row in claim.claim(now=NOW, limit=1)} == {row.pk for row in heap}


def test_what_no_longer_holds_is_left_out(cast: TestCast, wilg: School, kind: Kind) -> None:
    late(cast.carla, wilg, 5)
    kind.answer = lambda row: post.Dropped("moved") if row.subject_id == 2 else words(row)
    letter(cast.carla, wilg, subject=30, due_at=NOW - DAY, expires_at=NOW - MINUTE)
    assert post.deliver(now=NOW) == post.Outcome(claimed=6, sent=4, dropped=2)
    assert "Tekst 2" not in mail.outbox[0].body
    assert Delivery.objects.get(subject_id=30).get_state_display() == "niet verstuurd"


def test_it_leaves_in_the_language_of_its_reader(cast: TestCast, wilg: School, kind: Kind) -> None:
    User.objects.filter(pk=cast.carla.pk).update(language="en")
    late(cast.carla, wilg, 4)
    post.deliver(now=NOW)
    assert mail.outbox[0].subject == "4 letters. Onderwerp 1"


@pytest.mark.parametrize(
    ("reply", "state", "reason"),
    [("550 nobody", "failed", "mail server said 550"), ("450 later", "waiting", "mail server said 450")],
)
def test_what_the_mail_server_says_holds_for_all(
    cast: TestCast, wilg: School, kind: Kind, sink: Sink, reply: str, state: str, reason: str
) -> None:
    late(cast.carla, wilg, 5)
    sink.script = lambda at, _who, _seen: reply if at == "rcpt" else None
    post.deliver(now=NOW)
    assert set(Delivery.objects.values_list("state", "reason")) == {(state, reason)}
    assert sink.seen["rcpt"] == 1


def test_a_second_try_bears_the_same_number(cast: TestCast, wilg: School, kind: Kind, sink: Sink) -> None:
    late(cast.carla, wilg, 4)
    sink.script = lambda at, _who, seen: TAKE_AND_HANG_UP if at == "data" and not seen else None
    assert post.deliver(now=NOW).unknown == 4
    late(cast.carla, wilg, 1, first=20)
    assert post.deliver(now=NOW + post.LEASE).sent == 5
    first, second, newcomer = sorted(sink.accepted, key=lambda one: str(one.parsed["Subject"]))
    assert first.message_id == second.message_id != newcomer.message_id
    assert "Tekst 20" not in str(second.parsed)
    assert str(newcomer.parsed["Subject"]) == "Onderwerp 20"


def test_the_same_letters_leave_as_one_again_though_the_first_is_off(
    cast: TestCast, wilg: School, kind: Kind, sink: Sink
) -> None:
    late(cast.carla, wilg, 4)
    sink.script = lambda at, _who, seen: TAKE_AND_HANG_UP if at == "data" and not seen else None
    post.deliver(now=NOW)
    kind.answer = lambda row: post.Dropped("moved") if row.subject_id == 1 else words(row)
    assert post.deliver(now=NOW + post.LEASE).sent == 3
    first, second = sink.accepted
    assert first.message_id == second.message_id


def _outage(wilg: School, people: int) -> None:
    """Three days: everybody has eight letters, half of which lost their use; some have but two that hold."""
    users = User.objects.bulk_create(
        User(email=f"lid{number}@dewilg.example", given_name=f"Lid {number}") for number in range(people)
    )
    Membership.objects.bulk_create(
        Membership(user=one, school=wilg, role=Role.TEACHER, from_date=LONG_AGO) for one in users
    )
    for place, user in enumerate(users):
        for number in range(8):
            holds = number < (2 if place % 4 == 0 else 4)
            letter(
                user,
                wilg,
                subject=number,
                due_at=NOW - 3 * DAY + number * HOUR,
                expires_at=NOW + (number + 1) * HOUR if holds else NOW - MINUTE,
            )


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="several at once need a server")
def test_three_days_of_silence(kind: Kind, sink: Sink) -> None:
    with tenancy.acting_for_system("tests"):
        wilg = gather().schools["de-wilg"]
        _outage(wilg, 40)

    def rounds() -> None:
        try:
            post.deliver_all(clock=lambda: NOW, limit=15)
        finally:
            connection.close()

    threads = [threading.Thread(target=rounds) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with tenancy.acting_for_system("tests"):
        assert not Delivery.objects.filter(expires_at__gt=NOW).exclude(state="sent").exists()
        assert set(Delivery.objects.filter(expires_at__lte=NOW).values_list("state", "reason")) == {
            ("dropped", "expired")
        }
    copies = Counter(sink.recipients)
    digests = Counter(one.recipient for one in sink.accepted if "brieven." in str(one.parsed["Subject"]))
    assert len(copies) == 40
    assert len(digests) == 30
    assert set(digests.values()) == {1}
    assert {copies[who] for who in copies if who not in digests} == {2}
