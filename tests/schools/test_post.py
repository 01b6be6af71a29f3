"""The ledger and its rounds: written down once, claimed fairly, checked at the last moment, noted at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schools import post
from schools.models import Delivery, Membership, School
from schools.post import claim, note
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW
from tests.schools.conftest import DAY, KIND, Kind, letter, words

pytestmark = pytest.mark.sqlite
HOUR, MINUTE = dt.timedelta(hours=1), dt.timedelta(minutes=1)


def write(cast: TestCast, *names: str, **values: Any) -> None:
    about = {"kind": KIND, "subject_id": 7, "version": 1, "school_id": cast.schools["de-wilg"].pk}
    times = {"due_at": NOW, "expires_at": NOW + DAY, "now": NOW}
    post.write_down(user_ids=[cast.people[name].pk for name in names], **{**about, **times, **values})


def states() -> list[str]:
    return list(Delivery.objects.order_by("pk").values_list("state", flat=True))


def test_the_same_letter_is_written_down_once(cast: TestCast) -> None:
    write(cast, "carla", "els")
    write(cast, "carla", "els", "joris")
    assert Delivery.objects.count() == 3
    row = Delivery.objects.get(user=cast.carla)
    assert row.key == f"{KIND}:7:1:{cast.carla.pk}:mail"
    assert (row.due_at, row.next_try_at, row.expires_at) == (NOW, NOW, NOW + DAY)


@pytest.mark.parametrize("names", [("carla",), ("carla", "els", "joris")])
def test_writing_down_takes_the_same_queries_for_any_number(
    cast: TestCast, names: tuple[str, ...], django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):  # one, in a savepoint
        write(cast, *names)


def test_what_would_have_expired_is_not_written_down(cast: TestCast) -> None:
    write(cast, "carla", expires_at=NOW)
    assert not Delivery.objects.exists()


def test_a_letter_taken_back_waits_again_when_it_is_wanted_again(cast: TestCast) -> None:
    write(cast, "carla")
    assert post.drop(kinds=[KIND], subject_ids=[7], reason="rule off") == 1
    write(cast, "carla", due_at=NOW + HOUR)
    row = Delivery.objects.get()
    assert (row.state, row.reason, row.due_at, row.next_try_at) == ("waiting", "", NOW + HOUR, NOW + HOUR)


def test_taking_back_spares_newer_versions_other_subjects_and_what_left(cast: TestCast) -> None:
    write(cast, "carla")
    write(cast, "carla", version=2)
    write(cast, "carla", subject_id=8)
    sent = letter(cast.els, cast.schools["de-wilg"], subject=7, state="sent", message_id="<1@x>", sent_at=NOW)
    assert post.drop(kinds=[KIND], subject_ids=[7], version_below=2, reason="moved") == 1
    assert Delivery.objects.get(subject_id=7, version=1, user=cast.carla).reason == "moved"
    sent.refresh_from_db()
    assert sent.state == "sent"


def test_it_works(cast: TestCast, kind: Kind) -> None:
    letter(cast.carla, cast.schools["de-wilg"])
    outcome = post.deliver(now=NOW, limit=10)
    assert (outcome.claimed, outcome.sent) == (1, 1)
    message, row = mail.outbox[0], Delivery.objects.get()
    assert isinstance(message, mail.EmailMultiAlternatives)
    assert message.to == ["carla@dewilg.example"]
    assert (message.subject, message.body) == ("Onderwerp 1", "Tekst 1\n")
    assert message.alternatives[0][:2] == ("<p>Tekst 1</p>", "text/html")
    raw = message.message()
    assert raw["Auto-Submitted"] == "auto-generated"
    assert raw["Message-ID"] == row.message_id
    assert raw["Message-ID"].endswith("@samenspraak.example>")
    assert (row.state, row.lease, row.leased_until, row.attempts) == ("sent", None, None, 1)
    assert NOW <= (row.sent_at or NOW) < NOW + MINUTE
    assert post.deliver(now=NOW, limit=10) == post.Outcome()
    assert len(mail.outbox) == 1


def test_the_ledger_holds_no_words_names_or_addresses() -> None:
    columns = {field.name for field in Delivery._meta.fields}
    assert not columns & {"subject", "body", "text", "html", "name", "email", "address", "to"}


def test_a_letter_waits_for_its_time(cast: TestCast, kind: Kind) -> None:
    letter(cast.carla, cast.schools["de-wilg"], due_at=NOW + MINUTE)
    assert post.deliver(now=NOW, limit=10).claimed == 0
    assert post.deliver(now=NOW + MINUTE, limit=10).sent == 1


def test_the_most_urgent_letter_goes_first(cast: TestCast, kind: Kind) -> None:
    wilg = cast.schools["de-wilg"]
    late = letter(cast.carla, wilg, subject=1, expires_at=NOW + 3 * HOUR)
    soon = letter(cast.carla, wilg, subject=2, expires_at=NOW + HOUR)
    older = letter(cast.carla, wilg, subject=3, expires_at=NOW + 3 * HOUR, due_at=NOW - HOUR)
    for expected in (soon, older, late):
        assert [row.pk for row in claim.claim(now=NOW, limit=1)] == [expected.pk]


def test_a_flood_at_one_school_does_not_hold_up_five_letters_of_another(cast: TestCast, kind: Kind) -> None:
    wilg, eik = cast.schools["de-wilg"], cast.schools["de-eik"]
    Delivery.objects.bulk_create(
        Delivery(kind=KIND, subject_id=n, key=f"flood:{n}", school=wilg, user=cast.carla, due_at=NOW - MINUTE,
                 next_try_at=NOW - MINUTE, expires_at=NOW + HOUR)
        for n in range(1000)
    )  # fmt: skip
    five = {letter(cast.irma, eik, subject=n, expires_at=NOW + DAY).pk for n in range(5)}
    first = {row.pk for row in claim.claim(now=NOW, limit=20)}
    assert five < first
    assert len(first) == 20


def test_what_is_about_the_same_thing_is_claimed_together(cast: TestCast, kind: Kind) -> None:
    """Seven letters about each of ten meetings at two schools, the ids mixed; all the meetings are at the same time."""
    Delivery.objects.bulk_create(
        Delivery(kind=KIND, subject_id=n, key=f"{n}:{place}", school=cast.schools[("de-wilg", "de-eik")[n % 2]],
                 user=cast.carla, due_at=NOW, next_try_at=NOW, expires_at=NOW + HOUR)
        for place in range(7) for n in range(10)
    )  # fmt: skip
    batches = [{row.subject_id for row in claim.claim(now=NOW, limit=14)} for _claim in range(5)]
    assert [len(one) for one in batches] == [2] * 5
    assert len(set.union(*batches)) == 10


def test_a_claim_takes_four_queries_for_any_number(cast: TestCast, django_assert_num_queries: Any) -> None:
    for subject in range(3):
        letter(cast.carla, cast.schools["de-wilg"], subject=subject)
    for limit in (1, 2):
        with django_assert_num_queries(4):
            rows = claim.claim(now=NOW, limit=limit)
            told = [(row.user.email, row.school.name, row.version) for row in rows if row.user]
            assert told == [(cast.carla.email, "De Wilg", 1)] * limit


def test_nobody_takes_a_letter_while_the_lease_runs(cast: TestCast) -> None:
    letter(cast.carla, cast.schools["de-wilg"])
    (first,) = claim.claim(now=NOW, limit=10)
    assert first.leased_until == NOW + claim.LEASE
    assert claim.claim(now=NOW + claim.LEASE - MINUTE, limit=10) == []
    (second,) = claim.claim(now=NOW + claim.LEASE, limit=10)
    assert (second.message_id, second.message_date) == (first.message_id, NOW)
    assert (second.attempts, first.lease == second.lease) == (2, False)


def test_a_note_counts_only_while_the_lease_is_ours(cast: TestCast) -> None:
    letter(cast.carla, cast.schools["de-wilg"])
    (mine,) = claim.claim(now=NOW, limit=10)
    (theirs,) = claim.claim(now=NOW + claim.LEASE, limit=10)
    assert not note.sent([mine], at=NOW)
    note.failed(mine, reason="-")
    theirs.refresh_from_db()
    assert theirs.state == "leased"
    assert note.sent([theirs], at=NOW)


def test_letters_of_two_claims_are_noted_together(cast: TestCast) -> None:
    for subject in range(4):
        letter(cast.carla, cast.schools["de-wilg"], subject=subject)
    first, second = (claim.claim(now=NOW, limit=2) for _claim in range(2))
    assert note.sent([first[0], second[0]], at=NOW) == 2
    note.untouched([first[1], second[1]])
    assert sorted(Delivery.objects.values_list("state", flat=True)) == ["sent", "sent", "waiting", "waiting"]
    assert note.sent([first[0], second[1]], at=NOW) == 0


def test_not_yours_any_more_is_dropped_with_a_reason(cast: TestCast, kind: Kind) -> None:
    wilg = cast.schools["de-wilg"]
    gone = factories.person("Weg", wilg, email="weg@dewilg.example")
    Membership.objects.filter(user=gone).update(until_date=factories.TODAY - DAY)
    silent = factories.person("Stil", wilg, email=None)
    ended = factories.person("Oud", wilg, email="oud@dewilg.example", is_active=False)
    shut = School.objects.create(board=wilg.board, name="Dicht", slug="dicht", closed_on=factories.TODAY)
    reasons = {
        letter(gone, wilg): "left the school",
        letter(cast.daan, wilg): "left the school",
        letter(silent, wilg): "no e-mail address",
        letter(ended, wilg): "account ended",
        letter(factories.person("Dirk", shut), shut): "school closed",
        letter(cast.carla, wilg, subject=4, expires_at=NOW): "expired",
    }
    assert post.deliver(now=NOW, limit=10) == post.Outcome(claimed=6, dropped=6)
    assert not mail.outbox
    for row, reason in reasons.items():
        row.refresh_from_db()
        assert (row.state, row.reason, row.lease) == ("dropped", reason, None)


def test_a_newer_kind_of_letter_waits_for_a_newer_worker(cast: TestCast, kind: Kind) -> None:
    row = letter(cast.carla, cast.schools["de-wilg"], kind="unheard-of")
    assert post.deliver(now=NOW, limit=10) == post.Outcome(claimed=1, postponed=1)
    row.refresh_from_db()
    assert (row.state, row.reason) == ("waiting", "unknown kind of letter")
    assert NOW < row.next_try_at < row.expires_at


def test_an_account_that_was_removed_gets_nothing(cast: TestCast, kind: Kind) -> None:
    person = factories.person("Kort", cast.schools["de-wilg"])
    row = letter(person, cast.schools["de-wilg"])
    person.delete()
    post.deliver(now=NOW, limit=10)
    row.refresh_from_db()
    assert (row.state, row.reason, row.user_id) == ("dropped", "account ended", None)


def test_the_floor_above_has_the_last_word(cast: TestCast, kind: Kind) -> None:
    for subject in (1, 2):
        letter(cast.carla, cast.schools["de-wilg"], subject=subject)
    kind.answer = lambda row: post.Dropped("meeting moved") if row.subject_id == 1 else words(row)
    assert post.deliver(now=NOW, limit=10) == post.Outcome(claimed=2, sent=1, dropped=1)
    assert Delivery.objects.get(subject_id=1).reason == "meeting moved"
    assert len(kind.asked) == 1


def test_the_address_is_read_when_the_letter_leaves(cast: TestCast, kind: Kind) -> None:
    letter(cast.carla, cast.schools["de-wilg"])
    cast.carla.email = "nieuw@dewilg.example"
    cast.carla.save()
    post.deliver(now=NOW, limit=10)
    assert mail.outbox[0].to == ["nieuw@dewilg.example"]


def test_one_letter_that_cannot_be_written_stops_no_other(cast: TestCast, kind: Kind, caplog: Any) -> None:
    for subject in range(9):
        letter(cast.carla, cast.schools["de-wilg"], subject=subject)

    def answer(row: Delivery) -> post.Letter:
        if row.subject_id == 4:
            connection.cursor().execute("SELECT nothing FROM nowhere")
        return words(row)

    kind.answer = answer
    assert post.deliver(now=NOW, limit=20) == post.Outcome(claimed=9, sent=8, postponed=1)
    assert "cannot be written: " in caplog.text
    poisoned = Delivery.objects.get(subject_id=4)
    assert poisoned.next_try_at > NOW
    for attempt in (2, 3):
        post.deliver(now=NOW + attempt * HOUR, limit=20)
    poisoned.refresh_from_db()
    assert (poisoned.state, poisoned.reason, poisoned.attempts) == ("failed", "could not be written", 3)


def test_a_letter_that_no_mail_can_carry_fails_in_the_end(cast: TestCast, kind: Kind) -> None:
    letter(cast.carla, cast.schools["de-wilg"], subject=1)
    letter(cast.els, cast.schools["de-wilg"], subject=2)
    kind.answer = lambda row: post.Letter("x", "\ud800" if row.subject_id == 1 else "y", "")
    assert post.deliver(now=NOW, limit=20) == post.Outcome(claimed=2, sent=1, postponed=1)
    for attempt in (1, 2):
        post.deliver(now=NOW + attempt * HOUR, limit=20)
    assert states() == ["failed", "sent"]


def test_a_letter_that_takes_the_process_down_is_given_up(cast: TestCast, kind: Kind) -> None:
    row = letter(cast.carla, cast.schools["de-wilg"], attempts=30)
    assert post.deliver(now=NOW, limit=20).failed == 1
    row.refresh_from_db()
    assert (row.state, row.reason) == ("failed", "too many tries")


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\x00", "\u2028", "\x7f", "\u202e"])
def test_nothing_slips_into_the_subject(cast: TestCast, kind: Kind, sign: str) -> None:
    letter(cast.carla, cast.schools["de-wilg"])
    kind.answer = lambda row: post.Letter(f"Spelling{sign}Bcc: daan@debeuk.example", "x", "")
    post.deliver(now=NOW, limit=10)
    raw = mail.outbox[0].message()
    assert str(raw["Subject"]) == "Spelling Bcc: daan@debeuk.example"
    assert "Bcc" not in raw


def test_all_rounds_together_deliver_everything(cast: TestCast, kind: Kind) -> None:
    for subject in range(7):
        letter(cast.carla, cast.schools["de-wilg"], subject=subject)
    assert post.deliver_all(clock=lambda: NOW, limit=3).sent == 7
    assert post.last_beat() == NOW


def test_it_stops_when_told_and_puts_back_what_it_held(cast: TestCast, kind: Kind) -> None:
    for subject in range(5):
        letter(cast.carla, cast.schools["de-wilg"], subject=subject)
    stop = iter([False, False, True])
    assert post.deliver(now=NOW, limit=10, stop=lambda: next(stop)).sent == 2
    assert sorted(states()) == ["sent"] * 2 + ["waiting"] * 3
    assert set(Delivery.objects.filter(state="waiting").values_list("attempts", "lease")) == {(0, None)}
    assert post.deliver(now=NOW, limit=10).sent == 3


def test_a_round_asks_the_database_the_same_for_any_number_of_letters(cast: TestCast, kind: Kind) -> None:
    def queries(subjects: range) -> int:
        for subject in subjects:
            letter(cast.carla, cast.schools["de-wilg"], subject=subject, expires_at=NOW + subject * MINUTE)
        kind.answer = lambda _row: post.Dropped("-")
        with CaptureQueriesContext(connection) as captured:
            post.deliver(now=NOW, limit=50)
        return len(captured)

    assert queries(range(1, 2)) == queries(range(10, 40))


def test_the_database_tells_the_time(db: None) -> None:
    told = post.clock()
    assert abs(told - dt.datetime.now(tz=dt.UTC)) < MINUTE
