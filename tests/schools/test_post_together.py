"""Letters of a day together, for whoever wants them so."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from hypothesis import given, strategies as st

from schools import post, tenancy
from schools.models import Delivery, Holiday, LetterWishes, Membership, School, User
from schools.post import claim, kinds, moments, parcel
from schools.roles import Role
from tests.conftest import TestCast, gather
from tests.factories import LONG_AGO, NOW
from tests.schools.conftest import DAY, KIND, Kind, letter, words
from tests.smtp_sink import TAKE_AND_HANG_UP, Sink

HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)
ZONE = ZoneInfo("Europe/Amsterdam")
FIVE = dt.time(17, 0)
ZONES = st.sampled_from(["Europe/Amsterdam", "America/Curacao", "Asia/Kathmandu", "Australia/Lord_Howe"]).map(ZoneInfo)


@pytest.fixture
def wilg(cast: TestCast) -> School:
    return cast.schools["de-wilg"]


@pytest.fixture
def waiting(kind: Kind) -> Kind:
    post.register(KIND, kind.prepare, sort="tests", digest="later")
    return kind


def local(day: int, hour: int, minute: int = 0) -> dt.datetime:
    """A moment of November 2026 on Dutch clocks."""
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=ZONE).astimezone(dt.UTC)


def wants_together(*people: User, at: dt.time = FIVE) -> None:
    LetterWishes.objects.bulk_create(LetterWishes(user=one, digest_at=at) for one in people)


def write(school: School, *people: User, subject: int = 1, **times: Any) -> None:
    ids = frozenset(one.pk for one in people)
    post.write_all([post.Entry(KIND, subject, 1, ids, **times)], school_id=school.pk, now=NOW)


# --- When -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("due", "leaves"),
    [
        (local(26, 9), local(26, 17)),
        (local(26, 17), local(26, 17)),
        (local(26, 17, 1), local(27, 17)),
        (local(26, 23, 30), local(27, 17)),
    ],
)
def test_what_can_wait_leaves_at_the_next_such_moment(due: dt.datetime, leaves: dt.datetime) -> None:
    assert moments.next_moment(due, at=FIVE, zone=ZONE) == leaves


@pytest.mark.parametrize(
    ("due", "leaves"),
    [
        (local(26, 18), local(26, 17)),
        (local(26, 17), local(26, 17)),
        (local(26, 16), local(25, 17)),
        (local(23, 16), local(20, 17)),  # Monday's leaves on Friday
        (local(28, 18), local(27, 17)),  # and Saturday's too
    ],
)
def test_what_may_not_wait_leaves_at_the_last_such_moment_of_a_school_day(
    due: dt.datetime, leaves: dt.datetime
) -> None:
    assert moments.last_moment(due, at=FIVE, zone=ZONE, days_off=()) == leaves


def test_across_a_longer_break_it_leaves_the_day_before() -> None:
    off = {dt.date(2026, 11, day) for day in range(16, 27)}
    assert moments.last_moment(local(26, 16), at=FIVE, zone=ZONE, days_off=off) == local(25, 17)


@given(
    due=st.datetimes(min_value=dt.datetime(2026, 1, 1), max_value=dt.datetime(2032, 12, 31)).map(
        lambda one: one.replace(tzinfo=dt.UTC)
    ),
    at=st.times(min_value=dt.time(7), max_value=dt.time(19, 59)).map(lambda one: one.replace(second=0, microsecond=0)),
    zone=ZONES,
    off=st.frozensets(st.dates(min_value=dt.date(2026, 1, 1), max_value=dt.date(2032, 12, 31)), max_size=5),
)
def test_a_moment_is_that_time_of_day_and_on_its_side(
    due: dt.datetime, at: dt.time, zone: ZoneInfo, off: frozenset[dt.date]
) -> None:
    after = moments.next_moment(due, at=at, zone=zone)
    before = moments.last_moment(due, at=at, zone=zone, days_off=off)
    assert after.astimezone(zone).time() == before.astimezone(zone).time() == at
    assert due <= after <= due + DAY + HOUR
    assert due - 4 * DAY - 2 * HOUR <= before <= due


# --- Writing down ---------------------------------------------------------------------


def test_who_wants_letters_together_gets_them_at_that_time(cast: TestCast, wilg: School, waiting: Kind) -> None:
    wants_together(cast.carla)
    write(wilg, cast.carla, cast.els, due_at=local(26, 9), expires_at=local(30, 15))
    carla, els = (Delivery.objects.get(user=one) for one in (cast.carla, cast.els))
    assert (carla.due_at, carla.next_try_at, carla.together) == (local(26, 17), local(26, 17), True)
    assert (els.due_at, els.together) == (local(26, 9), False)


def test_it_does_not_wait_until_it_is_of_no_use(cast: TestCast, wilg: School, waiting: Kind) -> None:
    wants_together(cast.carla)
    write(wilg, cast.carla, due_at=local(26, 9), expires_at=local(26, 17, 59))
    write(wilg, cast.carla, subject=2, due_at=local(26, 9), expires_at=local(26, 18))
    assert list(Delivery.objects.order_by("subject_id").values_list("due_at", "together")) == [
        (local(26, 9), False),
        (local(26, 17), True),
    ]


def test_what_is_for_a_moment_goes_ahead_of_it(cast: TestCast, wilg: School, kind: Kind) -> None:
    post.register(KIND, kind.prepare, digest="earlier")
    wants_together(cast.carla)
    Holiday.objects.create(school=wilg, name="Studiedag", first_day="2026-11-27", last_day="2026-11-27")
    write(wilg, cast.carla, due_at=local(30, 16), expires_at=local(30, 18))  # the last school day before is the 26th
    assert Delivery.objects.get().due_at == local(26, 17)


def test_what_no_longer_can_go_ahead_leaves_at_its_own_time(cast: TestCast, wilg: School, kind: Kind) -> None:
    post.register(KIND, kind.prepare, digest="earlier")
    wants_together(cast.carla)
    due = NOW + HOUR
    at = (NOW + 2 * HOUR).astimezone(ZONE).time()
    LetterWishes.objects.update(digest_at=at)
    write(wilg, cast.carla, due_at=due, expires_at=due + DAY)
    row = Delivery.objects.get()
    assert (row.due_at, row.together) == (due, False)


def test_what_must_be_heard_at_once_does_not_wait(cast: TestCast, wilg: School, kind: Kind) -> None:
    wants_together(cast.carla)
    write(wilg, cast.carla, due_at=local(26, 9), expires_at=local(30, 15))
    assert Delivery.objects.get().together is False


@pytest.mark.parametrize("many", [1, 3])
def test_writing_down_takes_the_same_queries_for_any_number(
    cast: TestCast, wilg: School, kind: Kind, django_assert_num_queries: Any, many: int
) -> None:
    post.register(KIND, kind.prepare, digest="earlier")
    people = (cast.carla, cast.els, cast.joris)[:many]
    wants_together(*people)
    with django_assert_num_queries(6):  # wishes, school, holidays, letters; in a savepoint
        write(wilg, *people, due_at=local(30, 16), expires_at=local(30, 18))


# --- On its way -----------------------------------------------------------------------


def together(user: User, school: School, number: int, *, first: int = 1, **values: Any) -> list[Delivery]:
    return [
        letter(user, school, subject=subject, together=True, expires_at=NOW + subject * HOUR, **values)
        for subject in range(first, first + number)
    ]


@pytest.mark.sqlite
def test_they_leave_as_one_message(cast: TestCast, wilg: School, waiting: Kind) -> None:
    rows = together(cast.carla, wilg, 2)
    letter(cast.carla, wilg, subject=9)  # of a kind or a time of its own
    letter(cast.els, wilg, subject=8)
    assert post.deliver(now=NOW) == post.Outcome(claimed=4, sent=4)
    assert sorted(one.subject for one in mail.outbox) == [
        "2 brieven. Onderwerp 1",
        "Onderwerp 8",
        "Onderwerp 9",
    ]
    digest = next(one for one in mail.outbox if one.subject.startswith("2"))
    assert "Je koos ervoor" in digest.body
    assert digest.body.index("Tekst 1") < digest.body.index("Tekst 2")
    sent = set(Delivery.objects.filter(together=True).values_list("state", "message_id"))
    assert sent == {("sent", digest.message()["Message-ID"])}
    assert digest.message()["Message-ID"].startswith(f"<{rows[0].pk}.")


def test_one_alone_leaves_as_itself(cast: TestCast, wilg: School, waiting: Kind) -> None:
    together(cast.carla, wilg, 1)
    post.deliver(now=NOW)
    assert [one.subject for one in mail.outbox] == ["Onderwerp 1"]


@pytest.mark.sqlite
def test_a_claim_takes_them_all(cast: TestCast, wilg: School, waiting: Kind) -> None:
    mine = {row.pk for row in together(cast.carla, wilg, 6)}
    put_off = letter(cast.carla, wilg, subject=50, together=True, next_try_at=NOW + HOUR, reason="mail server down")
    together(cast.carla, wilg, 1, first=60, due_at=NOW + HOUR)
    assert {row.pk for row in claim.claim(now=NOW, limit=1)} == mine | {put_off.pk}
    assert claim.claim(now=NOW, limit=10) == []


def test_what_came_in_meanwhile_leaves_by_itself(cast: TestCast, wilg: School, waiting: Kind) -> None:
    together(cast.carla, wilg, 2)
    assert len(claim.claim(now=NOW, limit=10)) == 2
    together(cast.carla, wilg, 1, first=5)
    assert [row.subject_id for row in claim.claim(now=NOW, limit=10)] == [5]


def test_two_schools_stay_apart(cast: TestCast, wilg: School, waiting: Kind) -> None:
    eik = cast.schools["de-eik"]
    Membership.objects.create(user=cast.carla, school=eik, role=Role.TEACHER, from_date=LONG_AGO)
    together(cast.carla, wilg, 2)
    together(cast.carla, eik, 2, first=10)
    assert post.deliver(now=NOW).sent == 4
    assert len(mail.outbox) == 2


def test_what_is_not_wanted_any_more_is_left_out(cast: TestCast, wilg: School, waiting: Kind) -> None:
    together(cast.carla, wilg, 3)
    waiting.answer = lambda row: post.Dropped("moved") if row.subject_id == 2 else words(row)
    assert post.deliver(now=NOW) == post.Outcome(claimed=3, sent=2, dropped=1)
    assert "Tekst 2" not in mail.outbox[0].body


def test_claiming_takes_no_more_queries_where_nothing_leaves_together(
    cast: TestCast, wilg: School, waiting: Kind, django_assert_num_queries: Any
) -> None:
    letter(cast.carla, wilg)
    with django_assert_num_queries(4):
        claim.claim(now=NOW, limit=10)
    together(cast.carla, wilg, 3, first=5)
    with django_assert_num_queries(8):  # the others of the pile too; behind a lock, in a savepoint
        claim.claim(now=NOW, limit=10)


def test_no_answer_and_then_the_same_again(cast: TestCast, wilg: School, waiting: Kind, sink: Sink) -> None:
    together(cast.carla, wilg, 2)
    sink.script = lambda at, _who, seen: TAKE_AND_HANG_UP if at == "data" and not seen else None
    assert post.deliver(now=NOW).unknown == 2
    together(cast.carla, wilg, 2, first=20)
    assert post.deliver(now=NOW + post.LEASE).sent == 4
    subjects = sorted((str(one.parsed["Subject"]), one.message_id) for one in sink.accepted)
    assert [subject for subject, _number in subjects] == [
        "2 brieven. Onderwerp 1",
        "2 brieven. Onderwerp 1",
        "2 brieven. Onderwerp 20",
    ]
    assert subjects[0][1] == subjects[1][1] != subjects[2][1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="several at once need a server")
def test_several_at_once_part_nobodys_letters(kind: Kind, sink: Sink) -> None:
    with tenancy.acting_for_system("tests"):
        cast = gather()
        wilg = cast.schools["de-wilg"]
        people = User.objects.bulk_create(
            User(email=f"lid{number}@dewilg.example", given_name=f"Lid {number}") for number in range(60)
        )
        Membership.objects.bulk_create(
            Membership(user=one, school=wilg, role=Role.TEACHER, from_date=LONG_AGO) for one in people
        )
        for subject in (3, 1, 2):  # the most urgent is not the oldest
            for one in people:
                letter(one, wilg, subject=subject, together=True, expires_at=NOW + subject * HOUR)

    def rounds() -> None:
        try:
            post.deliver_all(clock=lambda: NOW, limit=7)
        finally:
            connection.close()

    threads = [threading.Thread(target=rounds) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    with tenancy.acting_for_system("tests"):
        assert not Delivery.objects.exclude(state="sent").exists()
    assert sorted(sink.recipients) == sorted(str(one.email) for one in people)


# --- What one click stops -------------------------------------------------------------


def test_the_sort_of_a_message_is_that_of_its_letters(cast: TestCast, wilg: School, waiting: Kind) -> None:

    post.register("other", waiting.prepare, sort="others")
    post.register("bare", waiting.prepare)
    try:
        rows = {name: letter(cast.carla, wilg, subject=n, kind=name) for n, name in enumerate([KIND, "other", "bare"])}
        text = words(rows[KIND])

        def sort(*names: str) -> str:
            return parcel.Parcel(tuple(rows[name] for name in names), text, NOW).sort

        assert [sort(KIND), sort("bare"), sort(KIND, "bare")] == ["tests", "", "tests"]
        assert sort(KIND, "other") == post.EVERY
    finally:
        kinds._KINDS.pop("other")
        kinds._KINDS.pop("bare")
