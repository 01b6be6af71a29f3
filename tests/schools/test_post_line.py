"""What the mail server says, and what becomes of the letter: over real SMTP."""

from __future__ import annotations

import dataclasses
import datetime as dt
import logging
from typing import Any

import pytest

from schools import post
from schools.models import Delivery
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW
from tests.schools.conftest import DAY, Kind, letter, words
from tests.smtp_sink import HANG_UP, SILENCE, TAKE_AND_HANG_UP, Sink

pytestmark = pytest.mark.sqlite
MINUTE = dt.timedelta(minutes=1)


def letters(cast: TestCast, number: int) -> None:
    for subject in range(number):
        person = factories.person(f"Lid{subject}", cast.schools["de-wilg"])
        letter(person, cast.schools["de-wilg"], subject=subject, expires_at=NOW + DAY + subject * MINUTE)


def only() -> Delivery:
    return Delivery.objects.get()


def test_one_connection_carries_the_whole_round(cast: TestCast, kind: Kind, sink: Sink) -> None:
    letters(cast, 5)
    assert post.deliver(now=NOW, limit=10).sent == 5
    assert sink.connections == 1
    assert sink.recipients == [f"lid{n}@example.example" for n in range(5)]
    first = sink.accepted[0].parsed
    assert first["To"] == "lid0@example.example"
    text, html = (str(part.get_content()).strip() for part in first.iter_parts())
    assert (text, html) == ("Tekst 0", "<p>Tekst 0</p>")
    assert first["Message-ID"] == Delivery.objects.get(subject_id=0).message_id


@pytest.mark.parametrize("first", ["Tekst", "."])
def test_lines_that_begin_with_a_point_arrive_as_they_are(cast: TestCast, kind: Kind, sink: Sink, first: str) -> None:
    said = f"{first}\n.\n..twee\n. een"
    kind.answer = lambda row: dataclasses.replace(words(row), text=said)
    letters(cast, 1)
    assert post.deliver(now=NOW).sent == 1
    (part, _html) = sink.accepted[0].parsed.iter_parts()
    assert str(part.get_content()).replace("\r\n", "\n").strip("\n") == said


@pytest.mark.parametrize("address", ["jan.o'brien@x.example", "a!b@x.example", "piet@xn--caf-dma.example"])
def test_an_odd_address_arrives_too(cast: TestCast, kind: Kind, sink: Sink, address: str) -> None:
    letter(factories.person("Jan", cast.schools["de-wilg"], email=address), cast.schools["de-wilg"])
    assert post.deliver(now=NOW).sent == 1
    assert sink.recipients == [address]


@pytest.mark.parametrize("stage", ["rcpt", "data"])
def test_refused_for_good_fails_alone(cast: TestCast, kind: Kind, sink: Sink, stage: str) -> None:
    letters(cast, 12)
    sink.script = lambda at, who, _seen: "550 no such person" if at == stage and who.startswith("lid3@") else None
    assert post.deliver(now=NOW, limit=20) == post.Outcome(claimed=12, sent=11, failed=1)
    row = Delivery.objects.get(state="failed")
    assert (row.subject_id, row.reason) == (3, "mail server said 550")
    assert post.deliver(now=NOW + DAY / 2, limit=20).claimed == 0


@pytest.mark.parametrize("reply", ["450 greylisted", "451 local error", "452 full", "432 later"])
@pytest.mark.parametrize("stage", ["mail", "rcpt", "data"])
def test_a_passing_refusal_comes_back_later(cast: TestCast, kind: Kind, sink: Sink, stage: str, reply: str) -> None:
    letters(cast, 1)
    sink.script = lambda at, _who, seen: reply if at == stage and not seen else None
    assert post.deliver(now=NOW, limit=20) == post.Outcome(claimed=1, postponed=1)
    first = only()
    assert (first.state, first.reason) == ("waiting", f"mail server said {reply[:3]}")
    assert NOW + 0.8 * MINUTE <= first.next_try_at <= NOW + 1.3 * MINUTE
    assert post.deliver(now=first.next_try_at, limit=20).sent == 1
    message = sink.accepted[0].parsed
    assert message["Message-ID"] == first.message_id == only().message_id
    assert message["Date"].datetime == NOW


def test_the_pauses_grow_and_stay_before_the_expiry(cast: TestCast, kind: Kind, sink: Sink) -> None:
    letters(cast, 1)
    Delivery.objects.update(expires_at=NOW + 200 * MINUTE)
    sink.script = lambda at, _who, _seen: "450 no" if at == "rcpt" else None
    now, pauses = NOW, []
    while (row := only()).state == "waiting":
        pauses.append((row.next_try_at - now) / MINUTE)
        now = row.next_try_at
        post.deliver(now=now, limit=1)
    assert (row.state, row.reason) == ("failed", "mail server said 450")
    for pause, usual in zip(pauses[1:6], (1, 5, 15, 30, 60), strict=True):
        assert 0.8 * usual <= pause <= 1.2 * usual + 0.1
    assert now == row.expires_at - MINUTE


def test_our_own_address_refused_is_not_the_readers_fault(cast: TestCast, kind: Kind, sink: Sink) -> None:
    letters(cast, 2)
    sink.script = lambda at, _who, _seen: "553 not you" if at == "mail" else None
    assert post.deliver(now=NOW, limit=20).postponed == 2


@pytest.mark.parametrize("stage", ["mail", "rcpt"])
@pytest.mark.parametrize("how", [HANG_UP, "421 too many letters"])
def test_a_connection_closed_meanwhile_is_opened_anew(
    cast: TestCast, kind: Kind, sink: Sink, stage: str, how: str
) -> None:
    letters(cast, 4)
    sink.script = lambda at, _who, seen: how if at == stage and seen == 2 else None
    assert post.deliver(now=NOW, limit=20).sent == 4
    assert sink.connections == 2
    assert len(set(sink.recipients)) == len(sink.recipients) == 4


@pytest.mark.parametrize("reply", ["421 not now", "554 go away", HANG_UP])
def test_a_mail_server_that_lets_nobody_in_costs_one_knock(cast: TestCast, kind: Kind, sink: Sink, reply: str) -> None:
    letters(cast, 3)
    sink.script = lambda at, _who, _seen: reply if at == "connect" else None
    assert post.deliver(now=NOW, limit=20) == post.Outcome(claimed=3, postponed=3)
    assert sink.connections == 1
    assert set(Delivery.objects.values_list("state", "reason")) == {("waiting", "mail server down")}


def test_no_mail_server_at_all(cast: TestCast, kind: Kind, sink: Sink, settings: Any) -> None:
    letters(cast, 2)
    settings.EMAIL_PORT = 9
    assert post.deliver(now=NOW, limit=20).postponed == 2
    settings.EMAIL_PORT = sink.port
    assert post.deliver(now=NOW + 2 * MINUTE, limit=20).sent == 2


def test_no_outage_is_too_long(cast: TestCast, kind: Kind, sink: Sink, settings: Any) -> None:
    row = letter(cast.carla, cast.schools["de-wilg"], expires_at=NOW + 7 * DAY)
    settings.EMAIL_PORT = 9
    for _hour in range(40):
        assert post.deliver(now=row.next_try_at, limit=1).postponed == 1
        row.refresh_from_db()
    settings.EMAIL_PORT = sink.port
    assert post.deliver(now=row.next_try_at, limit=1).sent == 1


@pytest.mark.parametrize("how", [HANG_UP, TAKE_AND_HANG_UP])
def test_no_answer_to_the_text_is_tried_twice_more_after_the_lease(
    cast: TestCast, kind: Kind, sink: Sink, how: str
) -> None:
    letters(cast, 2)
    sink.script = lambda at, who, _seen: how if at == "data" and who.startswith("lid0@") else None
    assert post.deliver(now=NOW, limit=20) == post.Outcome(claimed=2, sent=1, unknown=1)
    doubted = Delivery.objects.get(subject_id=0)
    assert (doubted.state, doubted.reason, doubted.doubts) == ("leased", "no answer", 1)
    assert post.deliver(now=NOW + post.LEASE - MINUTE, limit=20).claimed == 0
    assert post.deliver(now=NOW + post.LEASE, limit=20).unknown == 1
    assert post.deliver(now=NOW + 2 * post.LEASE, limit=20).failed == 1
    doubted.refresh_from_db()
    assert (doubted.state, doubted.reason, doubted.attempts) == ("failed", "no answer", 3)
    assert {one.message_id for one in sink.accepted if one.recipient.startswith("lid0@")} <= {doubted.message_id}


def test_silence_after_the_text_is_a_doubt_too(cast: TestCast, kind: Kind, sink: Sink, settings: Any) -> None:
    settings.EMAIL_TIMEOUT = 1
    letters(cast, 1)
    sink.script = lambda at, _who, _seen: SILENCE if at == "data" else None
    assert post.deliver(now=NOW, limit=20).unknown == 1


def test_what_was_checked_too_long_ago_goes_back(
    cast: TestCast, kind: Kind, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters(cast, 4)
    sink.delay = 0.3
    monkeypatch.setattr("schools.post.rounds.FRESH", dt.timedelta(seconds=0.5))
    outcome = post.deliver(now=NOW, limit=20)
    assert 1 <= outcome.sent < 4
    assert Delivery.objects.filter(state="waiting", attempts=0, lease=None).count() == 4 - outcome.sent


def test_the_log_names_nobody(cast: TestCast, kind: Kind, sink: Sink, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    letters(cast, 3)
    replies = {"lid0@": "550 lid0@example.example unknown", "lid1@": "450 Lid1 busy", "lid2@": HANG_UP}
    sink.script = lambda at, who, _seen: replies.get(who[:5]) if at == "data" else None
    post.deliver(now=NOW, limit=20)
    assert "lid" not in caplog.text.lower().replace("valid", "")
