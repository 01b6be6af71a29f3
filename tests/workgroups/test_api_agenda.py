"""Agenda and notes over REST: for the seats of the group alone, and nothing is overwritten unseen."""

from __future__ import annotations

import pytest

from tests import calls, factories
from tests.conftest import TestCast
from tests.factories import NOW
from workgroups import actions
from workgroups.models import Guest, Meeting

ApiCalls = type[calls.Caller]


@pytest.fixture
def meeting(cast: TestCast) -> Meeting:
    """The next meeting of the reading group."""
    return factories.meeting(cast.reading)


def at(meeting: Meeting, part: str) -> str:
    return f"schools/de-wilg/meetings/{meeting.pk}/{part}/"


def test_points_are_added_moved_and_dropped(cast: TestCast, api: ApiCalls, meeting: Meeting) -> None:
    carla = api(cast.carla)
    nothing = carla.get(at(meeting, "agenda"))
    assert (nothing.body, nothing.headers["ETag"][:2]) == ({"meeting": meeting.pk, "points": [], "version": 1}, '"1')
    for number, point in enumerate(("Les 3", "Wie leest mee?", "Les 3"), start=2):
        added = carla.post(at(meeting, "points"), {"point": point})
        assert (added.status, added.body["version"]) == (201, min(number, 3))
    assert carla.get(added.headers["Location"]).body == added.body
    turned = {"points": ["Wie leest  mee?", "Toetsen\nvan maart", " "]}
    kept = carla.put(at(meeting, "agenda"), turned, If_Match=added.headers["ETag"])
    assert kept.body["points"] == ["Wie leest mee?", "Toetsen van maart"]
    assert carla.put(at(meeting, "agenda"), turned, If_Match='"1"').body["version"] == 4


def test_points_are_not_overwritten_unseen(cast: TestCast, api: ApiCalls, meeting: Meeting) -> None:
    actions.add_point(meeting=meeting, point="Van Els", by=cast.hat("els"), now=NOW)
    carla, mine = api(cast.carla), {"points": ["Van mij"]}
    assert carla.put(at(meeting, "agenda"), mine).status == 428
    late = carla.put(at(meeting, "agenda"), mine, If_Match='"1"')
    assert (late.status, late.body["version"]) == (412, 2)
    assert (late.body["stored"], late.body["sent"]) == ({"points": ["Van Els"]}, mine)


def test_notes_have_a_version_of_their_own(cast: TestCast, api: ApiCalls, meeting: Meeting) -> None:
    carla, els = api(cast.carla), api(cast.els)
    tag = carla.get(at(meeting, "notes")).headers["ETag"]
    els.post(at(meeting, "points"), {"point": "Les 3"})
    kept = carla.put(at(meeting, "notes"), {"notes": "Ans belt.\nWim leest."}, If_Match=tag)
    assert kept.body == {"meeting": meeting.pk, "notes": "Ans belt.\nWim leest.", "version": 2}
    late = els.put(at(meeting, "notes"), {"notes": "Els schreef"}, If_Match=tag)
    assert (late.status, late.body["stored"]) == (412, {"notes": "Ans belt.\nWim leest."})


def test_too_much_is_said(cast: TestCast, api: ApiCalls, meeting: Meeting) -> None:
    carla = api(cast.carla)
    for points in (["x" * 161], ["x"] * 31):
        assert carla.put(at(meeting, "agenda"), {"points": points}, If_Match='"1"').status == 400
    full = carla.put(at(meeting, "agenda"), {"points": ["x" * 160] * 20}, If_Match='"1"')
    assert (full.status, full.body["code"]) == (409, "text_too_long")
    assert carla.post(at(meeting, "points"), {"point": " "}).body["code"] == "empty_text"
    assert carla.put(at(meeting, "notes"), {"notes": "x" * 8001}, If_Match='"1"').status == 400


@pytest.mark.parametrize("name", ["bram", "anna", "frank", "joris", "daan"])
def test_only_a_seat_opens_them(cast: TestCast, api: ApiCalls, meeting: Meeting, name: str) -> None:
    """Not even the guest reads them (C6)."""
    guest = {"school": cast.reading.school, "group": cast.reading, "user": cast.bram}
    Guest.objects.create(**guest, from_date=factories.LONG_AGO)
    caller = api(cast.people[name])
    tried = [caller.get(at(meeting, part)).status for part in ("agenda", "notes")]
    tried.append(caller.put(at(meeting, "agenda"), {"points": []}, If_Match='"1"').status)
    tried.append(caller.post(at(meeting, "points"), {"point": "Dag"}).status)
    assert set(tried) == {404}
