"""The pages that tell what happened: with one's own account, at a school, at a board."""

from __future__ import annotations

import datetime as dt
import html
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from schools import events
from schools.events import What
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW
from workgroups import actions

WILG, BOARD, ME = "/s/de-wilg/events/", "/b/90001/events/", "/me/events/"


def reads(answer: Any) -> str:
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def seat(cast: TestCast, name: str = "joris") -> None:
    """Els gives somebody a seat in the reading group."""
    actions.seat(group=cast.reading, user=cast.people[name], by=cast.hat("els"), now=NOW)


def test_a_school_reads_who_did_what_to_whom(cast: TestCast, as_: Any) -> None:
    seat(cast)
    events.record(what=What.ROLE_GIVEN, by=cast.frank, on=cast.anna.memberships.get(), now=NOW)
    events.record(what=What.SIGNED_IN, by=cast.carla, now=NOW)
    text = reads(as_(cast.frank).get(WILG))
    assert "Joris Dekker · Begrijpend lezen · door Els Mulder" in text
    assert "Rol gekregen: schoolleider" in text
    assert "10.00 uur" in text
    assert "<p>Ingelogd<" not in text
    assert cast.reading.theme not in text


def test_everybody_reads_the_own_account(cast: TestCast, as_: Any) -> None:
    seat(cast)
    events.record(what=What.SIGNED_IN, by=cast.joris, now=NOW)
    events.record(what=What.SIGNED_IN, by=cast.irma, now=NOW)
    for who, hint in (("joris", "Begrijpend lezen · De Wilg · door Els Mulder"), ("els", "Joris Dekker · Begrijpend")):
        assert hint in reads(as_(cast.people[who]).get(ME))
    assert "<p>Ingelogd<" in reads(as_(cast.joris).get(ME))
    assert "Nog niets" in reads(as_(cast.carla).get(ME))


def test_a_board_reads_its_own_with_the_school_of_each(cast: TestCast, as_: Any) -> None:
    seat(cast)
    events.record(what=What.SERVICE_CHANGED, by=cast.gerda, board=cast.schools["de-wilg"].board, now=NOW)
    events.record(what=What.ROLE_ENDED, by=cast.frank, on=cast.anna.memberships.get(), now=NOW)
    text = reads(as_(cast.gerda).get(BOARD))
    assert "De Wilg · Anna Visser · door Frank Smit" in text
    assert "Inlogdienst van het bestuur veranderd" in text
    assert "Joris" not in text


@pytest.mark.parametrize("who", ["carla", "els", "bram", "anna", "daan", "gerda", "hugo"])
def test_it_needs_an_admin_of_the_school(cast: TestCast, as_: Any, who: str) -> None:
    assert as_(cast.people[who]).get(WILG).status_code == 404


def test_a_hundred_at_a_time_and_odd_places_are_the_first(cast: TestCast, as_: Any) -> None:
    for minutes in range(101):
        events.record(what=What.SIGNED_IN, by=cast.carla, now=NOW - dt.timedelta(minutes=minutes))
    carla = as_(cast.carla)
    first = reads(carla.get(ME))
    assert first.count("<p>Ingelogd<") == 100
    assert 'href="?from=100"' in first
    assert reads(carla.get(f"{ME}?from=100")).count("<p>Ingelogd<") == 1
    for odd in ("-1", "x", "9" * 40, "²", "%00", "1e3"):
        assert reads(carla.get(f"{ME}?from={odd}")).count("<p>Ingelogd<") == 100, odd
    assert "Nog niets" in reads(carla.get(f"{ME}?from=99999"))


def test_it_costs_the_same_for_one_and_for_three(cast: TestCast, as_: Any) -> None:
    frank, counts = as_(cast.frank), []
    for names in (("joris",), ("bram", "anna")):
        for name in names:
            seat(cast, name)
        with CaptureQueriesContext(connection) as found:
            assert reads(frank.get(WILG)).count("Plek gekregen in een werkgroep") >= len(names)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_a_file_that_somebody_takes_is_written_down(cast: TestCast, as_: Any) -> None:
    """The school's to its admin; a group's stays with who took it."""
    anna = as_(cast.anna)
    assert anna.get("/s/de-wilg/dashboard.csv").status_code == 200
    assert anna.head("/s/de-wilg/dashboard.csv").status_code == 200
    factories.meeting(cast.reading)
    els = as_(cast.els)
    assert els.get(f"/s/de-wilg/groups/{cast.reading.pk}/profile.csv").status_code == 200
    assert reads(els.get(ME)).count("Bestand gedownload") == 1
    text = reads(as_(cast.frank).get(WILG))
    assert text.count("Bestand gedownload") == 1
    assert "door Anna Visser" in text
    assert as_(cast.gerda).get("/b/90001/schools.csv").status_code == 200
    assert reads(as_(cast.gerda).get(BOARD)).count("Bestand gedownload") == 1
