"""Whatever a chair does with meetings, calendars end where the database is: fault 27."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from hypothesis import Phase, given, settings, strategies as st

from schools import refusals
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from tests.workgroups import books
from workgroups import actions, calendars, queries
from workgroups.models import CalendarFeed, Meeting

SEQUENCES = 50
Schedule = tuple[dt.datetime, dt.datetime, str, str]
_days = st.one_of(
    st.integers(1, 500).map(lambda ahead: TODAY + dt.timedelta(days=ahead)),
    st.sampled_from([dt.date(2027, 3, 28), dt.date(2027, 10, 31), dt.date(2028, 2, 29)]),
)
_times = st.times().map(lambda time: time.replace(minute=time.minute // 15 * 15, second=0, microsecond=0, fold=0))
_forms = st.fixed_dictionaries(
    {
        "day": _days,
        "time": _times,
        "minutes": st.integers(5, 480),
        "place": st.sampled_from(["", "Teamkamer", "Lokaal 3; boven, links"]),
        "title": st.sampled_from(["", "Over voorspellen", "Lezen: wat helpt?"]),
    }
)
_steps = st.lists(
    st.tuples(st.sampled_from(["plan", "move", "cancel", "restore", "move"]), st.integers(0, 2), _forms),
    min_size=4,
    max_size=10,
)


class Calendars:
    """What calendars know of the group's meetings, from a feed and from letters, version after version."""

    def __init__(self, feed: CalendarFeed) -> None:
        self.feed = feed
        self.versions: dict[str, tuple[int, Schedule | None]] = {}
        self.last: dict[str, books.Read] = {}

    def look(self) -> None:
        """Read the feed and the letter of each new version: the same; no number ever falls, each change rises."""
        shown = queries.calendar_of(self.feed, now=NOW)
        rows = books.read(calendars.feed(shown.entries, name=shown.name, language="nl"))
        self.last = {row.uid: row for row in rows}
        assert len(rows) == len(self.last) == len(shown.entries)
        for row, entry in zip(rows, shown.entries, strict=True):
            number, before = self.versions.get(row.uid, (0, None))
            now = (row.starts, row.ends, row.place, row.state)
            assert row.sequence > number if now != before else row.sequence == number
            if row.sequence > number:
                assert books.read(_letter_of(entry)) == [row]
            self.versions[row.uid] = (row.sequence, now)
        assert self.versions.keys() == self.last.keys()


def _letter_of(entry: calendars.Entry) -> str:
    method: calendars.Method = "CANCEL" if entry.meeting.state == "cancelled" else "REQUEST"
    return calendars.part_of(entry.meeting, method=method, address=entry.address, language="nl").text


def test_fifty_sequences_end_where_the_database_is(cast: TestCast) -> None:
    feed = actions.make_feed(by=cast.carla, now=NOW)
    chair = cast.hat("els")
    changed = 0

    @settings(max_examples=SEQUENCES, deadline=None, phases=[Phase.generate])
    @given(_steps)
    def one(steps: list[tuple[str, int, dict[str, Any]]]) -> None:
        nonlocal changed
        with transaction.atomic():
            seen = Calendars(feed)
            for verb, which, form in steps:
                changed += _do(cast, verb, which, form, chair)
                seen.look()
            _is_as_stored(seen)
            transaction.set_rollback(True)

    one()
    assert changed > SEQUENCES


def _do(cast: TestCast, verb: str, which: int, form: dict[str, Any], chair: Any) -> bool:
    """Try it; what is refused changes nothing."""
    rows = list(Meeting.objects.filter(group=cast.reading).order_by("pk"))
    try:
        with transaction.atomic():
            if verb == "plan" or not rows:
                actions.plan_meeting(group=cast.reading, **form, by=chair, now=NOW)
            elif verb == "move":
                actions.move_meeting(meeting=rows[which % len(rows)], **form, by=chair, now=NOW)
            elif verb == "cancel":
                actions.cancel_meeting(meeting=rows[which % len(rows)], by=chair, now=NOW)
            else:
                actions.restore_meeting(meeting=rows[which % len(rows)], by=chair, now=NOW)
    except refusals.Refused:
        return False
    return True


def _is_as_stored(seen: Calendars) -> None:
    rows = Meeting.objects.filter(group__name="Begrijpend lezen")
    assert {f"{row.uid}@samenspraak" for row in rows} == set(seen.last)
    for row in rows:
        read = seen.last[f"{row.uid}@samenspraak"]
        state = "CANCELLED" if row.state == "cancelled" else "CONFIRMED"
        assert (read.starts, read.ends, read.place) == (row.starts_at, row.ends_at, row.place)
        assert (read.state, read.sequence) == (state, row.schedule_version)
        assert row.title in read.summary
