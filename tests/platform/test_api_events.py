"""What happened, over REST: to whom the pages tell it, and as they tell it."""

from __future__ import annotations

import datetime as dt

from schools import events
from schools.models import BreakGlass
from schools.models.events import What
from tests import calls, factories
from tests.conftest import TestCast

ApiCalls = type[calls.Caller]
NOW = factories.NOW
HOUR = dt.timedelta(hours=1)


def test_ones_own(cast: TestCast, api: ApiCalls) -> None:
    events.record(
        what=What.SEAT_GIVEN, by=cast.els, person=cast.carla, on=cast.reading, school=cast.reading.school, now=NOW
    )
    events.record(what=What.SIGNED_IN, by=cast.carla, now=NOW + HOUR)
    newest, first = api(cast.carla).get("me/events/").body["results"]
    assert (newest["what"], newest["words"], newest["school"]) == ("signed_in", "Signed in", None)
    assert first | {"id": ""} == {
        "id": "",
        "at": "2026-11-24T09:00:00Z",
        "what": "seat_given",
        "words": "Seat given",
        "role": None,
        "person": "Carla de Boer",
        "by": "Els Mulder",
        "school": "de-wilg",
        "group": cast.reading.pk,
        "group_name": "Begrijpend lezen",
    }
    assert api(cast.joris).get("me/events/").body["results"] == []


def test_a_schools_are_for_its_admins(cast: TestCast, api: ApiCalls) -> None:
    school = cast.schools["de-wilg"]
    role = cast.carla.memberships.get()
    events.record(what=What.ROLE_GIVEN, by=cast.frank, on=role, now=NOW)
    events.record(what=What.SIGNED_IN, by=cast.carla, now=NOW)
    events.record(what=What.INVITED, by=cast.frank, school=cast.schools["de-beuk"], now=NOW)
    [told] = api(cast.frank).get("schools/de-wilg/events/").body["results"]
    assert (told["what"], told["role"], told["person"]) == ("role_given", "teacher", "Carla de Boer")
    for who in (cast.anna, cast.carla, cast.gerda, cast.daan, cast.hugo):
        assert api(who).get("schools/de-wilg/events/").status == 404
    events.record(what=What.SERVICE_CHANGED, by=cast.gerda, board=school.board, now=NOW + HOUR)
    listed = api(cast.gerda).get("boards/90001/events/").body["results"]
    assert [one["what"] for one in listed] == ["service_changed", "role_given"]
    assert api(cast.frank).get("boards/90001/events/").status == 404


def test_everybody_at_school_reads_who_looked_in(cast: TestCast, api: ApiCalls) -> None:
    told = {"school": cast.schools["de-wilg"], "user": cast.hugo, "reason": "Gevraagd", "opened_at": NOW - HOUR}
    BreakGlass.objects.create(**told, ends_at=NOW + HOUR, group_id=cast.reading.pk, group_name="Begrijpend lezen")
    [look] = api(cast.carla).get("schools/de-wilg/openings/").body["results"]
    assert (look["operator"], look["reason"], look["is_open"]) == ("Hugo Bos", "Gevraagd", True)
    assert (look["group"], look["group_name"]) == (cast.reading.pk, "Begrijpend lezen")
    assert api(cast.daan).get("schools/de-wilg/openings/").status == 404


def test_lists_cost_the_same_for_one_and_for_three(cast: TestCast, api: ApiCalls) -> None:
    school, board = cast.schools["de-wilg"], cast.schools["de-wilg"].board
    paths = ("me/events/", "schools/de-wilg/events/", "boards/90001/events/", "schools/de-wilg/openings/")
    people = (cast.frank, cast.frank, cast.gerda, cast.carla)

    def happen(at: dt.datetime) -> None:
        for what, whose in ((What.GROUP_MADE, {"school": school}), (What.SERVICE_CHANGED, {"board": board})):
            events.record(what=what, by=cast.frank, on=cast.reading, person=cast.carla, **whose, now=at)
        BreakGlass.objects.create(school=school, user=cast.hugo, reason="-", opened_at=at, ends_at=at + HOUR)

    happen(NOW)
    one = [api(who).cost(path) for who, path in zip(people, paths, strict=True)]
    happen(NOW + HOUR)
    happen(NOW + 2 * HOUR)
    assert [api(who).cost(path) for who, path in zip(people, paths, strict=True)] == one
    assert [len(api(who).get(path).body["results"]) for who, path in zip(people, paths, strict=True)] == [6, 3, 3, 3]
