"""Several lines to the mail server at once: faster, and neither more is lost nor more comes twice."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.conf import settings as product
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schools import post, tenancy
from schools.models import Delivery, Membership, School, User
from schools.post import line
from schools.roles import Role
from tests.conftest import TestCast, gather
from tests.factories import LONG_AGO, NOW
from tests.schools.conftest import DAY, KIND, Kind, letter
from tests.smtp_sink import HANG_UP, Sink

MINUTE = dt.timedelta(minutes=1)
COMMANDS_OF_A_LETTER = 8  # connect, greet, TLS, greet, sign in, sender, reader, text: each may take the whole time-out


@pytest.fixture(autouse=True)
def _four_lines(settings: Any) -> None:
    settings.MAIL_CONNECTIONS = 4


@pytest.fixture
def wilg(cast: TestCast) -> School:
    return cast.schools["de-wilg"]


def flood(school: School, number: int, **values: Any) -> None:
    """So many letters to as many people, all due now."""
    people = User.objects.bulk_create(
        User(email=f"lid{n}@{school.slug}.example", given_name=f"Lid {n}") for n in range(number)
    )
    Membership.objects.bulk_create(
        Membership(user=one, school=school, role=Role.TEACHER, from_date=LONG_AGO) for one in people
    )
    times = {"due_at": NOW, "next_try_at": NOW, "expires_at": NOW + DAY, **values}
    Delivery.objects.bulk_create(
        Delivery(kind=KIND, subject_id=1, key=f"flood:{one.pk}", school=school, user=one, **times) for one in people
    )


@pytest.mark.sqlite
def test_many_letters_leave_over_several_lines(cast: TestCast, wilg: School, kind: Kind, sink: Sink) -> None:
    flood(wilg, 100)
    sink.delay = 0.02
    assert post.deliver(now=NOW) == post.Outcome(claimed=100, sent=100)
    assert sink.connections == product.MAIL_CONNECTIONS
    assert min(Counter(one.connection for one in sink.accepted).values()) > 10
    assert len(set(sink.recipients)) == len(sink.recipients) == 100


def test_the_lines_are_kept_from_round_to_round(cast: TestCast, wilg: School, kind: Kind, sink: Sink) -> None:
    flood(wilg, 120)
    assert post.deliver_all(clock=lambda: NOW, limit=20).sent == 120
    assert sink.connections <= 3  # twenty letters want three


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("sqlite" in product.DATABASES["default"]["ENGINE"], reason="two connections need a server")
def test_letters_flow_from_one_claim_into_the_next(kind: Kind, sink: Sink, caplog: pytest.LogCaptureFixture) -> None:
    with tenancy.acting_for_system("tests"):
        flood(gather().schools["de-wilg"], 240)
    sink.delay = 0.02
    assert post.deliver_all(clock=lambda: NOW, limit=40) == post.Outcome(claimed=240, sent=240)
    assert len(set(sink.recipients)) == len(sink.recipients) == 240
    assert not [one for one in caplog.records if one.levelname == "ERROR"]  # each noted by the lease of its own claim
    with tenancy.acting_for_system("tests"):
        assert set(Delivery.objects.values_list("state", "lease")) == {("sent", None)}


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("sqlite" in product.DATABASES["default"]["ENGINE"], reason="two connections need a server")
def test_stopping_puts_back_what_flowed_in(kind: Kind, sink: Sink) -> None:
    with tenancy.acting_for_system("tests"):
        flood(gather().schools["de-wilg"], 200)
    sink.delay = 0.02
    outcome = post.deliver_all(clock=lambda: NOW, limit=40, stop=lambda: len(sink.accepted) >= 70)
    with tenancy.acting_for_system("tests"):
        ends = Counter(Delivery.objects.values_list("state", "attempts"))
    assert ends == {("sent", 1): outcome.sent, ("waiting", 0): 200 - outcome.sent}
    assert 70 <= len(sink.recipients) == outcome.sent <= 70 + 2 * product.MAIL_CONNECTIONS


def test_a_server_that_lets_only_two_in(cast: TestCast, wilg: School, kind: Kind, sink: Sink) -> None:
    flood(wilg, 100)
    sink.delay = 0.01
    sink.script = lambda at, _who, seen: "421 too many connections" if at == "connect" and seen >= 2 else None
    assert post.deliver(now=NOW) == post.Outcome(claimed=100, sent=100)
    assert len(set(sink.recipients)) == len(sink.recipients) == 100
    assert len({one.connection for one in sink.accepted}) == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("sqlite" in product.DATABASES["default"]["ENGINE"], reason="two connections need a server")
def test_lines_that_broke_are_open_again_for_the_next_claim(kind: Kind, sink: Sink) -> None:
    with tenancy.acting_for_system("tests"):
        flood(gather().schools["de-wilg"], 240)
    sink.delay = 0.02
    sink.script = lambda at, _who, seen: "421 too many connections" if at == "connect" and 2 <= seen < 4 else None
    assert post.deliver_all(clock=lambda: NOW, limit=60) == post.Outcome(claimed=240, sent=240)
    used = Counter(one.connection for one in sink.accepted)
    assert len(used) == product.MAIL_CONNECTIONS
    assert len(set(sink.recipients)) == len(sink.recipients) == 240


def test_sixty_four_lines_are_all_used(cast: TestCast, wilg: School, kind: Kind, sink: Sink, settings: Any) -> None:
    settings.MAIL_CONNECTIONS = 64
    flood(wilg, 520)
    sink.delay = 0.1
    assert post.deliver_all(clock=lambda: NOW).sent == 520
    assert sink.connections == 64
    assert len(set(sink.recipients)) == len(sink.recipients) == 520


def test_a_server_that_goes_away_in_the_middle(cast: TestCast, wilg: School, kind: Kind, sink: Sink) -> None:
    flood(wilg, 100)
    gone: list[bool] = []

    def script(at: str, _who: str, seen: int) -> str | None:
        if at == "rcpt" and seen >= 30:
            gone.append(True)
        return HANG_UP if gone else None

    sink.script = script
    outcome = post.deliver(now=NOW)
    # A text that was under way when the server went leaves a doubt; no line has more than one.
    assert outcome.unknown <= product.MAIL_CONNECTIONS
    assert outcome.sent + outcome.postponed + outcome.unknown == 100
    assert outcome.sent >= 20
    gone.clear()
    sink.script = lambda _at, _who, _seen: None
    assert post.deliver(now=NOW + 2 * post.LEASE).sent == 100 - outcome.sent
    copies = Counter(sink.recipients)
    assert len(copies) == 100
    assert sum(copies.values()) - 100 <= outcome.unknown


def test_answers_that_come_together_are_noted_together(cast: TestCast, wilg: School, kind: Kind, sink: Sink) -> None:
    flood(wilg, 100)
    sink.delay = 0.02
    with CaptureQueriesContext(connection) as captured:
        post.deliver(now=NOW)
    notes = [one for one in captured if one["sql"].startswith("UPDATE") and "'sent'" in one["sql"]]
    assert len(notes) < 100


def test_no_try_outlasts_the_lease() -> None:
    slowest = line.AGAIN_WITHIN + COMMANDS_OF_A_LETTER * product.EMAIL_TIMEOUT
    assert post.FRESH + dt.timedelta(seconds=slowest) < post.LEASE


def test_a_thousand_letters_of_one_school_do_not_hold_up_five_of_another(
    cast: TestCast, wilg: School, kind: Kind, sink: Sink
) -> None:
    flood(wilg, 1000, expires_at=NOW + MINUTE * 30)
    for subject in range(3):
        letter(cast.irma, cast.schools["de-eik"], subject=subject, due_at=NOW)
    assert post.deliver_all(clock=lambda: NOW, limit=50).sent == 1003
    assert max(place for place, who in enumerate(sink.recipients) if not who.endswith("@de-wilg.example")) < 50


@pytest.mark.parametrize("code", [421, 450, 451, 452, 432])
def test_twenty_minutes_of_refusals(cast: TestCast, wilg: School, kind: Kind, sink: Sink, code: int) -> None:
    flood(wilg, 10)
    clock = [NOW]
    sink.script = lambda at, _who, _seen: f"{code} not now" if at == "rcpt" and clock[0] < NOW + 20 * MINUTE else None
    while Delivery.objects.exclude(state="sent").exists():
        post.deliver(now=clock[0])
        waiting = Delivery.objects.filter(state="waiting").order_by("next_try_at").first()
        clock[0] = max(clock[0], waiting.next_try_at) if waiting else clock[0]
        assert clock[0] < NOW + 120 * MINUTE
    assert len(set(sink.recipients)) == len(sink.recipients) == 10
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert max(Delivery.objects.values_list("attempts", flat=True)) <= 5
