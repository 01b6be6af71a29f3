"""The school's dashboard: everybody sees the same, and of a group only what it chose to share."""

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from observations.models import AspectReading, Observation, ShareDecision, Visit
from schools.models import Membership, School
from schools.roles import Role
from tests import factories
from tests.conftest import TestCast
from tests.factories import LONG_AGO, NOW, TODAY
from workgroups.models import Closer, HelpRequest, Meeting, Opener, WorkGroup

DAY = dt.timedelta(days=1)
PAGE = "/s/de-wilg/dashboard/"
SECRET = "Eerst een vraag, dan je mening"
WHY = "Bij ons besluiten de snelle praters"
ASKED, ANSWER = "Wie weet een school met een doorgaande lijn?", "Ik bel De Es."


@pytest.fixture(autouse=True)
def _now() -> Iterator[None]:
    with time_machine.travel(NOW):
        yield


def _held(group: WorkGroup, day: dt.date) -> Meeting:
    """A meeting that was opened and closed."""
    meeting = factories.meeting(group, day, state="held")
    Opener.objects.create(school=group.school, group=group, meeting=meeting, opened_at=NOW)
    Closer.objects.create(school=group.school, group=group, meeting=meeting, closed_at=NOW)
    return meeting


def _year(cast: TestCast, group: WorkGroup) -> None:
    """A card, a goal, an agreement; a meeting held, one that was never closed, one not yet, and one ahead."""
    factories.agreement(factories.goal(factories.period(group, cast.aspects["openness"], why=WHY)))
    _held(group, TODAY - 21 * DAY)
    factories.meeting(group, TODAY - 14 * DAY, state="lapsed")
    factories.meeting(group, TODAY - 7 * DAY)
    factories.meeting(group, TODAY + 7 * DAY)


def _share(group: WorkGroup, *, shares: bool = True) -> None:
    ShareDecision.objects.create(school=group.school, group=group, decided_on=TODAY, shares=shares)


def _ask(cast: TestCast, group: WorkGroup, **values: Any) -> HelpRequest:
    """A question of the group to its school, answered by Anna if an answer is given."""
    if "answer" in values:
        values |= {"state": "answered", "answered_by": cast.anna, "answered_on": TODAY}
    given = {"kind": "school", "text": ASKED, "asked_on": TODAY - 7 * DAY, **values}
    return HelpRequest.objects.create(school=group.school, group=group, **given)


def _heard(cast: TestCast, day: dt.date, halves: int | None, group: WorkGroup | None = None) -> None:
    """A coach heard openness on this day, in half degrees, and gave it back."""
    group = group or cast.reading
    meeting = factories.meeting(group, day, state="held")
    told = {"accepted_for": meeting.starts_at, "proposed_at": NOW, "shared_at": NOW, "state": "shared"}
    mine = {"school": group.school, "group": group}
    visit = Visit.objects.create(**mine, meeting=meeting, coach=cast.bram, purpose="support", **told)
    Observation.objects.create(id=uuid.uuid4(), **mine, visit=visit, listened=20, updated_at=NOW)
    AspectReading.objects.create(**mine, visit=visit, aspect=cast.aspects["openness"], halves=halves)


def _words(markup: str) -> str:
    return unescape(" ".join(re.sub(r"<svg.*?</svg>|<[^>]*>", " ", markup, flags=re.DOTALL).split()))


def _row(page: str, group: WorkGroup) -> str:
    """The group's row in words."""
    rows = [row for row in page.split("<tr>")[1:] if f"/groups/{group.pk}/" in row]
    assert len(rows) == 1
    return _words(rows[0].split("</tr>")[0])


def _part(page: str, name: str) -> str:
    """A section of the page, or the talk of one group, in words."""
    return _words(re.split(r"</article>|</section>", page.split(f'aria-labelledby="{name}">')[1])[0])


def test_it_works(as_: Any, cast: TestCast) -> None:
    _year(cast, cast.reading)
    _share(cast.reading)
    page = as_(cast.anna).get(PAGE).text
    row = _row(page, cast.reading)
    assert row.startswith("Begrijpend lezen werkgroep openness")
    assert (
        "3 november: herhaald en teruggekeken. 10 november: niet afgesloten. 17 november: gepland. 1 december: gepland."
        in row
    )
    assert "Laatste 17 nov Volgende 1 dec" in row
    assert row.endswith("Gedeeld")
    assert f'href="#shared-{cast.reading.pk}"' in page
    assert (
        _row(page, cast.maths)
        == "Rekenen werkgroep Nog geen kaart gekozen Net begonnen Niets gepland Blijft in de groep"
    )


def test_leader_sees_only_what_is_shared(as_: Any, cast: TestCast) -> None:
    _year(cast, cast.reading)
    _year(cast, cast.maths)
    _share(cast.maths)
    _share(cast.maths, shares=False)  # taken back
    page = as_(cast.anna).get(PAGE).text
    for group in (cast.reading, cast.maths):
        row = _row(page, group)
        assert "3 november: gehouden. 10 november: gehouden. 17 november: gehouden. 1 december: gepland." in row
        assert row.endswith("Blijft in de groep")
    assert "niet afgesloten" not in page
    assert "/profile/" not in page
    for words in (SECRET, WHY, "Iedereen komt aan het woord"):
        assert words not in page
    assert "Nog geen groep deelt haar gesprek" in page


def test_what_was_called_off_is_told_of_a_group_that_shares_alone(as_: Any, cast: TestCast) -> None:
    for group in (cast.reading, cast.maths):
        factories.meeting(group, TODAY - 7 * DAY, state="cancelled")
    _share(cast.reading)
    page = as_(cast.anna).get(PAGE).text
    assert "17 november: afgezegd." in _row(page, cast.reading)
    assert "17 november" not in _row(page, cast.maths)
    assert "17 november" not in as_(cast.frank).get(PAGE).text


# --- Everybody reads the same ---------------------------------------------------------------


def _main(page: str) -> str:
    """What stands on the page, but for ways on: links become their words, and what only leads on goes."""
    inside = page.split("<main")[1].split("</main>", maxsplit=1)[0]
    without_deeds = re.sub(r'<a class="textlink".*?</a>', "", inside, flags=re.DOTALL)
    return re.sub(r"</?a\b[^>]*>", "", without_deeds)


@pytest.mark.parametrize("who", ["carla", "bram", "els", "joris"])
def test_teachers_and_coaches_read_what_the_leader_reads_to_the_letter(as_: Any, cast: TestCast, who: str) -> None:
    _heard(cast, TODAY - 9 * DAY, 6)
    _year(cast, cast.reading)
    _year(cast, cast.maths)
    _share(cast.reading)
    _ask(cast, cast.reading, answer=ANSWER)
    _ask(cast, cast.maths, kind="time")
    leaders = _main(as_(cast.anna).get(PAGE).text)
    assert _main(as_(cast.people[who]).get(PAGE).text) == leaders
    for words in (ASKED, ANSWER, "Gedeeld", "gehouden", "Coach:"):
        assert words in leaders


def test_only_the_group_and_the_leader_are_led_on_to_the_whole_profile(as_: Any, cast: TestCast) -> None:
    _heard(cast, TODAY - 9 * DAY, 6)
    _share(cast.reading)
    whole = f'href="/s/de-wilg/groups/{cast.reading.pk}/profile/"'
    led = {who for who in ("anna", "carla", "els", "joris") if whole in as_(cast.people[who]).get(PAGE).text}
    assert led == {"anna", "carla", "els"}


@pytest.mark.parametrize("stands", ["asked", "answered", "done"])
def test_only_the_leader_is_led_on_to_answering(as_: Any, cast: TestCast, stands: str) -> None:
    asked = _ask(cast, cast.reading, **({} if stands == "asked" else {"answer": ANSWER}))
    if stands == "done":
        HelpRequest.objects.update(state="done", done_on=TODAY)
    way = f"/help/{asked.pk}/answer/"
    led = {who for who in ("anna", "carla", "bram") if way in as_(cast.people[who]).get(PAGE).text}
    assert led == (set() if stands == "done" else {"anna"})


def test_an_admin_sees_rhythm_only(as_: Any, cast: TestCast) -> None:
    _heard(cast, TODAY - 9 * DAY, 6)
    _year(cast, cast.reading)
    _share(cast.reading)
    _ask(cast, cast.reading)
    page = as_(cast.frank).get(PAGE).text
    row = _row(page, cast.reading)
    assert "openness" not in page
    assert row.startswith("Begrijpend lezen werkgroep")
    assert "3 november: gehouden." in row
    for words in ("Gedeeld", ASKED, "Coach:", "bestuur"):
        assert words not in page


def test_an_admin_who_also_teaches_sees_what_teachers_see(as_: Any, cast: TestCast) -> None:
    _year(cast, cast.reading)
    _share(cast.reading)
    Membership.objects.create(school=cast.schools["de-wilg"], user=cast.frank, role=Role.TEACHER, from_date=LONG_AGO)
    assert "herhaald en teruggekeken" in _row(as_(cast.frank).get(PAGE).text, cast.reading)


@pytest.mark.parametrize("who", ["daan", "irma", "gerda", "hugo"])
def test_next_door_sees_nothing(as_: Any, cast: TestCast, who: str) -> None:
    _year(cast, cast.reading)
    _share(cast.reading)
    answer = as_(cast.people[who]).get(PAGE)
    assert answer.status_code == 404
    assert cast.reading.name not in answer.text


def test_next_door_never_slips_in(as_: Any, cast: TestCast) -> None:
    _year(cast, cast.next_door)
    _share(cast.next_door)
    _ask(cast, cast.next_door)
    page = as_(cast.anna).get(PAGE).text
    assert cast.next_door.name not in page
    assert cast.elsewhere.name not in page
    assert ASKED not in page


# --- What groups ask ------------------------------------------------------------------------


def test_help_stands_with_its_answer(as_: Any, cast: TestCast) -> None:
    _ask(cast, cast.maths)
    _ask(cast, cast.reading, answer=ANSWER)
    told = _part(as_(cast.carla).get(PAGE).text, "help")
    assert told.endswith(
        f"Begrijpend lezen, 17 november · Een school om te bezoeken {ASKED} {ANSWER} Anna Visser, 24 november"
        f" Rekenen, 17 november · Een school om te bezoeken {ASKED} Nog geen antwoord"
    )


def test_what_was_taken_back_is_gone(as_: Any, cast: TestCast) -> None:
    _ask(cast, cast.reading, state="withdrawn")
    page = as_(cast.anna).get(PAGE).text
    assert ASKED not in page
    assert "Geen groep vraagt nu om iets" in page


# --- What groups share ----------------------------------------------------------------------


def test_shared_talk_stands_in_words_of_now_and_before(as_: Any, cast: TestCast) -> None:
    _heard(cast, TODAY - 30 * DAY, 2)
    _heard(cast, TODAY - 9 * DAY, 6)
    _share(cast.reading)
    told = _part(as_(cast.joris).get(PAGE).text, f"talk-{cast.reading.pk}")
    assert told.startswith("Begrijpend lezen openness Coach: vaak, daarvoor zelden")


def test_a_group_with_nothing_to_read_says_so(as_: Any, cast: TestCast) -> None:
    _share(cast.reading)
    page = as_(cast.anna).get(PAGE).text
    assert "Er is nog niets te lezen" in _part(page, f"talk-{cast.reading.pk}")
    assert "/profile/" not in page


# --- What the board sees --------------------------------------------------------------------


def test_the_school_reads_what_its_board_reads(as_: Any, cast: TestCast) -> None:
    board = cast.schools["de-wilg"].board
    School.objects.create(slug="de-es", name="De Es", board=board)
    for days, state in ((1, "held"), (8, "lapsed"), (9, "cancelled")):
        factories.meeting(cast.reading, TODAY - days * DAY, state=state)
    line = "2 groepen, 2 bijeenkomsten gehouden sinds 1 augustus 2026."
    for who in (cast.anna, cast.carla):
        assert line in _part(as_(who).get(PAGE).text, "to-board")
    boards = as_(cast.gerda).get("/b/90001/").text
    row = boards[boards.index("<b>De Wilg</b>") :].split("</tr>")[0]
    assert [cell.split("<")[0] for cell in row.split('">')[2:]] == ["2", "2"]


def test_with_fewer_schools_there_are_no_numbers_for_the_board(as_: Any, cast: TestCast) -> None:
    told = _part(as_(cast.anna).get(PAGE).text, "to-board")
    assert "minder dan 3 scholen" in told
    assert "2 groepen" not in told


# --- The page as a whole --------------------------------------------------------------------


def test_groups_stand_by_name_whatever_their_numbers(as_: Any, cast: TestCast) -> None:
    _year(cast, cast.maths)
    _share(cast.maths)
    factories.group(cast.schools["de-wilg"], "Aardrijkskunde")
    page = as_(cast.anna).get(f"{PAGE}?order=rhythm&sort=-held").text
    places = [page.index(f">{name}</a>") for name in ("Aardrijkskunde", "Begrijpend lezen", "Rekenen")]
    assert places == sorted(places)
    assert "3 groepen, op alfabet" in page


def test_an_empty_school_says_what_comes(as_: Any, cast: TestCast) -> None:
    WorkGroup.objects.filter(school=cast.schools["de-wilg"]).delete()
    leaders, teachers = as_(cast.anna).get(PAGE).text, as_(cast.carla).get(PAGE).text
    assert "Nog geen groepen" in leaders
    assert "/groups/new/" in leaders
    assert "/groups/new/" not in teachers
    assert "De schoolleider of de beheerder begint de eerste." in teachers


@pytest.mark.parametrize("many", [1, 3, 12])
def test_it_costs_the_same_however_many_groups(
    as_: Any, cast: TestCast, many: int, django_assert_num_queries: Any
) -> None:
    cast.maths.delete()
    groups = [cast.reading, *(_another(cast, number) for number in range(many - 1))]
    for group in groups:
        _year(cast, group)
        _share(group)
        _ask(cast, group)
        _heard(cast, TODAY - 9 * DAY, 5, group)
    browser = as_(cast.anna)
    browser.get(PAGE)
    with django_assert_num_queries(23):
        assert f"{many} groep" in browser.get(PAGE).text


def _another(cast: TestCast, number: int) -> WorkGroup:
    return factories.group(cast.schools["de-wilg"], f"Groep {number}", chair=cast.els)


def test_it_costs_the_same_however_long_they_have_met(as_: Any, cast: TestCast) -> None:
    _share(cast.reading)
    browser, costs = as_(cast.anna), []
    browser.get(PAGE)
    for weeks in (1, 20):
        for week in range(weeks):
            _held(cast.reading, TODAY - (10 * weeks + 7 * week) * DAY)
            _ask(cast, cast.reading, answer=f"{week}")
        _heard(cast, TODAY - (weeks + 1) * DAY, 4)
        with CaptureQueriesContext(connection) as queries:
            browser.get(PAGE)
        costs.append(len(queries))
    assert costs[0] == costs[1]
