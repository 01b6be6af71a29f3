"""Whatever the chair does between any two steps of the post, over real transactions: the last letter is right.

Two rounds of the post, a chair and a clerk work at once, each on a connection of its own, and stop before every
question to the database; Hypothesis chooses who goes on, who dies and how time passes. `make faults` has it do so
ten thousand times.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.db import connection, transaction
from hypothesis import HealthCheck, seed, settings as so, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from schools import post, tenancy
from schools.models import Delivery, User
from schools.post import check, claim, note
from schools.refusals import Refused
from tests import factories
from tests.conftest import TestCast, gather
from tests.factories import NOW, TODAY
from tests.workgroups.hands import Hand, finish
from workgroups import actions
from workgroups.models import Meeting, Seat, WorkGroup

NUMBER = int(os.environ.get("INTERLEAVINGS", "15"))
MOST_ROUNDS = 200
DAY, MINUTE, SECOND = dt.timedelta(days=1), dt.timedelta(minutes=1), dt.timedelta(seconds=1)
DAYS, TIMES = st.sampled_from([TODAY + DAY, TODAY + 2 * DAY]), st.sampled_from([dt.time(15, 15), dt.time(16, 0)])
STEPS = st.sampled_from([1, 1, 1, 2, 3, 5, 8, 40])
POSTMEN = st.integers(0, 1)

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="several at once need a server"),
]


class Interleaved(RuleBasedStateMachine):
    """One meeting of one group, and everybody who has to do with its letters."""

    cast: ClassVar[TestCast]
    postmen: ClassVar[list[Hand]]
    chair: ClassVar[Hand]
    clerk: ClassVar[Hand]

    @initialize()
    def plan(self) -> None:
        self.now, self.places = NOW, 0
        self.said: list[tuple[User, str, str]] = []
        self.went: dict[int, dt.datetime] = {}
        with tenancy.acting_for_system("tests"):
            els = self.cast.els
            self.group = factories.group(self.cast.schools["de-wilg"], f"G{WorkGroup.objects.count()}", chair=els)
            for user in (self.cast.carla, self.cast.joris):
                Seat.objects.create(school=self.group.school, group=self.group, user=user, from_date=factories.LONG_AGO)
            self.meeting = actions.plan_meeting(
                group=self.group, day=TODAY + DAY, time=dt.time(15, 15), minutes=60, place="Aula", title="",
                by=self._hat(els), now=self.now,
            )  # fmt: skip
        self.now = self._next_moment() or self.now

    @rule(who=POSTMEN, steps=STEPS)
    def deliver(self, who: int, steps: int) -> None:
        if not self.postmen[who].busy:
            self.postmen[who].begin(lambda: self._round(self.postmen[who]))
        self.postmen[who].go_on(steps)

    @rule(who=POSTMEN)
    def kill(self, who: int) -> None:
        self.postmen[who].die()

    @rule(day=DAYS, time=TIMES, steps=STEPS)
    def move(self, day: dt.date, time: dt.time, steps: int) -> None:
        self.places += 1
        place = f"Lokaal {self.places:03}"
        how = {"day": day, "time": time, "minutes": 60, "place": place, "title": ""}
        self._as_chair(steps, actions.move_meeting, **how)

    @rule(steps=STEPS)
    def cancel(self, steps: int) -> None:
        self._as_chair(steps, actions.cancel_meeting)

    @rule(steps=STEPS)
    def restore(self, steps: int) -> None:
        self._as_chair(steps, actions.restore_meeting)

    @rule(steps=STEPS)
    def chair_goes_on(self, steps: int) -> None:
        self.chair.go_on(steps)

    @rule(user=st.sampled_from(["carla", "joris"]), steps=STEPS)
    def come_or_go(self, user: str, steps: int) -> None:
        if not self.clerk.busy:
            now, who = self.now, self.cast.people[user]
            self.clerk.begin(lambda: self._come_or_go(who, now))
        self.clerk.go_on(steps)

    @rule(seconds=st.sampled_from([1, 5, 20]))
    def moment(self, seconds: int) -> None:
        """So short that a transaction may still be open."""
        self.now += seconds * SECOND

    @rule(minutes=st.sampled_from([1, 1, 3, 3, 6, 60, 240]))
    def pause(self, minutes: int) -> None:
        """Nobody keeps a transaction open for so long; a round may stand between two of them."""
        self._let_them_finish(self.chair, self.clerk)
        if self.now + minutes * MINUTE < self._meeting().starts_at - 60 * MINUTE:
            self.now += minutes * MINUTE

    def teardown(self) -> None:
        if not hasattr(self, "meeting"):
            return
        finish(*self.postmen, self.chair, self.clerk)
        everybody = [*self.postmen, self.chair, self.clerk]
        broken = [error for hand in everybody for error in hand.broken]
        for hand in everybody:
            hand.broken.clear()
        try:
            assert not broken
            self._deliver_the_rest()
            self._judge()
        finally:
            with tenancy.acting_for_system("tests"):
                Delivery.objects.all().delete()

    def _judge(self) -> None:
        meeting = self._meeting()
        with tenancy.acting_for_system("tests"):
            seated = {one.user_id for one in Seat.objects.live(TODAY).filter(group=self.group)}
        last = {user.pk: (kind, text) for user, kind, text in self.said}
        if meeting.state == "planned":
            assert seated <= set(last)
        for person in seated & set(last):
            kind, text = last[person]
            assert (kind == "cancelled") == (meeting.state == "cancelled")
            assert meeting.place in text
            assert f"{meeting.time:%H.%M}" in text

    def _deliver_the_rest(self) -> None:
        """The post goes on until the meeting begins, whenever there is something to do."""
        for _round in range(MOST_ROUNDS):
            moment = self._next_moment()
            if moment is None:
                return
            self.now = max(self.now, moment)
            self.postmen[0].begin(lambda: self._round(self.postmen[0]))
            finish(self.postmen[0])
            assert not self.postmen[0].broken
        pytest.fail("a letter never comes to its end")

    def _next_moment(self) -> dt.datetime | None:
        with tenancy.acting_for_system("tests"):
            rows = Delivery.objects.filter(state__in=["waiting", "leased"], next_try_at__lt=self._meeting().starts_at)
            moments = [max(row.next_try_at, row.leased_until or row.next_try_at) for row in rows]
        return min(moments, default=None)

    def _round(self, hand: Hand) -> None:
        """What a round of the post does, with a stop before whatever it writes is kept."""
        start = self.now
        with post.open_ledger():
            batch = claim.claim(now=start, limit=2)
            hand.stop()
        if not batch:
            return
        with post.open_ledger():
            found = check.sort_out(batch, now=start)
            for reason, rows in found.dropped.items():
                note.dropped(rows, reason=reason)
            hand.stop()
        assert not [*found.unwritten, *found.worn_out, *found.unheard_of]
        for row, letter in found.ready:
            hand.stop()
            fresh = self.now - start <= post.FRESH and row.expires_at > self.now
            if fresh and row.user:
                self.said.append((row.user, row.kind, letter.text))
            hand.stop()
            with post.open_ledger():
                if fresh:
                    note.sent([row], at=self.now)
                else:
                    note.untouched([row])
                hand.stop()

    def _as_chair(self, steps: int, action: Callable[..., Any], **how: Any) -> None:
        if not self.chair.busy:
            now = self.now
            self.chair.begin(lambda: self._deed(action, how, now))
        self.chair.go_on(steps)

    def _deed(self, action: Callable[..., Any], how: dict[str, Any], now: dt.datetime) -> None:
        try:
            with tenancy.acting_for_system("tests"), transaction.atomic():
                action(meeting=self._meeting(), by=self._hat(self.cast.els), now=now, **how)
                self.chair.stop()
        except Refused:
            pass  # it changes nothing

    def _come_or_go(self, who: User, now: dt.datetime) -> None:
        try:
            with tenancy.acting_for_system("tests"), transaction.atomic():
                seat = Seat.objects.filter(group=self.group, user=who, until_date=None).first()
                if seat:
                    actions.leave(seat=seat, last_day=TODAY - DAY, by=self._hat(self.cast.els), now=now)
                else:
                    actions.seat(group=self.group, user=who, by=self._hat(self.cast.els), now=now)
                self.clerk.stop()
        except Refused:
            pass

    def _meeting(self) -> Meeting:
        with tenancy.acting_for_system("tests"):
            return Meeting.objects.get(pk=self.meeting.pk)

    def _hat(self, user: User) -> Any:
        return factories.hat(user, self.group.school)

    def _let_them_finish(self, *hands: Hand) -> None:
        for hand in hands:
            hand.go_on(200)
        if any(hand.busy for hand in hands):  # they wait for a row that a round holds
            finish(*self.postmen, self.chair, self.clerk)


@pytest.fixture
def everybody() -> Iterator[None]:
    with tenancy.acting_for_system("tests"):
        Interleaved.cast = gather()
    hands = [Hand() for _hand in range(4)]
    Interleaved.postmen, Interleaved.chair, Interleaved.clerk = hands[:2], hands[2], hands[3]
    yield
    for hand in hands:
        hand.dismiss()
    connection.close()


def test_the_last_letter_is_right_however_they_meet(everybody: None) -> None:
    given = so(
        max_examples=NUMBER,
        stateful_step_count=25,
        deadline=None,
        derandomize="INTERLEAVINGS" not in os.environ,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    machine = seed(int(os.environ.get("INTERLEAVINGS_SEED", "0")))(Interleaved)
    run_state_machine_as_test(machine, settings=given)
