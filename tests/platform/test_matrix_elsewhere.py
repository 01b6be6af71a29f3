"""Who may do what elsewhere: in another group, another school, another board, and where nothing is (any more).

matrix.txt says it for the own group. Whoever has nothing to do with a group is in the place of the table's teacher
without a seat, coach without a visit or teacher next door; so the table, read with the callers in other places, says it
for every other group too. A cell that does not follow stands in ``EXCEPTIONS``.

Nobody's hat changes here, so each is read once; what an address does with it is asked anew each time.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from schools.models import User
from tests import factories
from tests.conftest import TestCast
from tests.platform import remembered, test_matrix as matrix
from tests.platform.test_matrix import CALLERS, FIXED, WORDS, Row, Stage, stage  # noqa: F401  # the fixture
from workgroups import codes
from workgroups.models import Guest

# Who stands where: in the other group of De Wilg, which Joris chairs and Ben visits; in the group of De Beuk next
# door, which Daan chairs and Bram visits; in the group of De Eik, of another board, which Irma chairs.
BESIDE = {who: who for who in CALLERS} | {"TM": "TC", "CH": "TC", "TC": "CH", "CS": "CO", "CO": "CS"}
NEXT_DOOR = dict.fromkeys(CALLERS, "ND") | {"ND": "CH"} | {who: who for who in ("--", "CO", "EL", "BA", "OP")}
OTHER_BOARD = dict.fromkeys(CALLERS, "EL") | {"--": "--", "EL": "CH", "OP": "OP"}
# What is another one there: the board of the school next door is the same.
DIFFERS = {"beside": (), "next door": ("slug",), "other board": ("slug", "number")}
PLACES = {"beside": BESIDE, "next door": NEXT_DOOR, "other board": OTHER_BOARD}
# name and place: the callers who get something else than the table says there, and what.
EXCEPTIONS: dict[tuple[str, str], dict[str, str]] = {}
# Whoever is somebody at De Wilg or its board; others are turned away at its door.
INSIDE = ("TM", "CH", "CS", "CO", "SL", "SA", "TC", "BA")
OUTSIDE = ("ND", "EL", "OP")
# Words in addresses that are keys by themselves, or name no row; tests/schools/test_stop.py and the feeds try these.
KEYS = FIXED | {"signed", "signs", "code", "invitation_code", "line"}
Told = tuple[int, bytes, int]


@dataclass(frozen=True)
class Elsewhere:
    """The stage, and the same kinds of rows in each other place, and rows that were deleted."""

    stage: Stage
    places: dict[str, dict[str, Any]]
    gone: dict[str, Any]


@pytest.fixture
def elsewhere(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Elsewhere:  # noqa: F811
    """Rows for every column of the table."""
    cast = stage.cast
    ben = User.objects.get(given_name="Ben")
    for group, coach in ((cast.maths, ben), (cast.next_door, cast.bram)):
        Guest.objects.create(school=group.school, group=group, user=coach, from_date=factories.LONG_AGO)
    gone = _gone(cast, ben)
    remembered.read_hats_once(monkeypatch)
    places = {
        "beside": matrix._objects(cast, cast.maths, ben),
        "next door": stage.foreign,
        "other board": matrix._objects(cast, cast.elsewhere, factories.person("Coach")),
    }
    for client in stage.browsers.values():
        for place in ("/s/de-wilg/", "/api/v1/schools/de-wilg/groups/"):
            client.get(place)  # what is asked once is asked now
    return Elsewhere(stage, places, gone)


def _gone(cast: TestCast, coach: User) -> dict[str, Any]:
    """Rows of the own group that were there a moment ago."""
    with transaction.atomic():
        chair = factories.person("Weg", cast.reading.school)
        values = matrix._objects(cast, factories.group(cast.reading.school, "Weg", chair=chair), coach)
        transaction.set_rollback(True)
    return values


def _asked(client: Client, row: Row, values: dict[str, Any], body_of: dict[str, Any]) -> Told:
    """Status, body and number of queries."""
    count = 0

    def note(execute: Callable[..., Any], *args: Any) -> Any:
        nonlocal count
        count += 1
        return execute(*args)

    body = matrix.BODIES.get(row.name, "{}") % body_of
    with connection.execute_wrapper(note):
        answer = matrix._call(client, row.method, matrix._address(row.name, values), body)
    return answer.status_code, b"" if answer.streaming else matrix._body(answer), count


def _rows_about(*words: str) -> Iterator[Row]:
    """The rows whose address has one of these words, or any that names a row of a group."""
    for row in matrix._rows():
        if WORDS[row.name] & set(words) if words else WORDS[row.name] - KEYS:
            yield row


def test_the_table_holds_in_every_other_place(elsewhere: Elsewhere) -> None:
    """Of those for whom the table says the same one takes a turn; so does whoever is nobody in a place.

    The door that turns these away is the same for all.
    """
    found, told = [], []
    turn, places = cycle(OUTSIDE), cycle(range(len(CALLERS)))
    for place, stands in PLACES.items():
        values = elsewhere.places[place]
        for row in _rows_about(*DIFFERS[place]):
            first = next(places)
            somebody = [who for who in (*CALLERS[first:], *CALLERS[:first]) if stands[who] not in (*OUTSIDE, "--")]
            callers = {*{row.expected[stands[who]]: who for who in somebody}.values(), next(turn)}
            address, body = matrix._address(row.name, values), matrix.BODIES.get(row.name, "{}") % values
            browsers = elsewhere.stage.browsers
            marks = [matrix._mark(matrix._call(browsers[who], row.method, address, body)) for who in callers]
            other = EXCEPTIONS.get((row.name, place), {})
            found.append((place, row.name, row.method, dict(zip(callers, marks, strict=True))))
            expected = {who: other.get(who, row.expected[stands[who]]) for who in callers}
            told.append((place, row.name, row.method, expected))
    assert [pair for pair in zip(found, told, strict=True) if pair[0] != pair[1]] == []


def test_what_is_not_yours_answers_like_what_is_not_there(elsewhere: Elsewhere) -> None:
    """Missing, deleted, of another group, school or board: one answer, at the same cost.

    Of those who get the same answer about the own row one takes a turn; so do deleted rows and those of another board.
    """
    different = []
    places = cycle(range(len(INSIDE)))
    turn = cycle([elsewhere.gone, elsewhere.places["other board"], elsewhere.gone])
    for row in (row for row in _rows_about() if row.name not in matrix.BODIES):
        own, varying = elsewhere.stage.own, WORDS[row.name] - KEYS
        missing = own | {word: uuid.uuid4() if word == "observation_id" else 987_654 for word in varying}
        for who in _one_of_each(row, next(places)):
            client = elsewhere.stage.browsers[who]
            absent = _asked(client, row, missing, missing)
            is_closed = absent[0] in {404, 405} or (absent[0] == 403 and row.expected[who] == "x")
            assert is_closed, (row, who, absent)
            # Next door is another school of the same board: to its admin that is no other place.
            others = [] if "number" in WORDS[row.name] else [elsewhere.places["next door"]]
            told = [_asked(client, row, _mixed(row, own, other), other) for other in (*others, next(turn))]
            if row.expected[BESIDE[who]] == ".":
                # That this group is there everybody at the school knows: it may cost a query to say no.
                beside = _asked(client, row, _mixed(row, own, elsewhere.places["beside"]), own)
                told.append((*beside[:2], absent[2]))
            different += [(row.name, row.method, who, absent[::2], one[::2]) for one in told if one != absent]
    assert not different, "\n".join(map(str, different))


def _mixed(row: Row, own: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    """The own school's address of another place's row."""
    return own | {word: other[word] for word in WORDS[row.name] - KEYS}


def _one_of_each(row: Row, first: int) -> Iterator[str]:
    """One caller for each mark that the row has for somebody at the school."""
    callers = {row.expected[who]: who for who in (*INSIDE[first:], *INSIDE[:first])}
    return iter(callers.values())


def test_a_row_under_another_ones_address_is_not_there(elsewhere: Elsewhere) -> None:
    """Where an address names two rows: each of them of next door, the other one's own."""
    client = elsewhere.stage.browsers["CH"]
    foreign = elsewhere.places["next door"]
    for row in _rows_about():
        for word in WORDS[row.name] - KEYS if len(WORDS[row.name] - KEYS) > 1 else ():
            own = elsewhere.stage.own
            told = [_asked(client, row, own | {word: value}, own) for value in (987_654, foreign[word])]
            assert told[0] == told[1], (row, word)
            assert told[0][0] == 404, (row, word)


def test_nobody_at_a_school_is_turned_away_at_its_door(elsewhere: Elsewhere) -> None:
    """As at the door of a school that there is not, and before any row is looked for: at the same cost."""
    turn = cycle(OUTSIDE)
    for row in _rows_about("slug"):
        who = next(who for who in turn if row.expected[who] == ".")
        client, own = elsewhere.stage.browsers[who], elsewhere.stage.own
        nowhere = _asked(client, row, own | {"slug": "nergens"}, own)
        assert _asked(client, row, own, own) == nowhere, (row, who)


def test_codes_of_groups_open_nothing_for_others(elsewhere: Elsewhere) -> None:
    row = Row("join-code", "GET", {})
    for who in INSIDE:
        client, own = elsewhere.stage.browsers[who], elsewhere.stage.own
        told = [_asked(client, row, own | {"code": code}, own) for code in _codes_for(elsewhere, who)]
        assert {status for status, *_rest in told} == {404}, who
        assert len(set(told)) == 1, who


def _codes_for(elsewhere: Elsewhere, who: str) -> list[str]:
    """Of no group, of a deleted one, of the other schools, and of the group beside unless one sits there."""
    places = elsewhere.places
    others = [places["next door"], places["other board"], elsewhere.gone]
    others += [places["beside"]] if BESIDE[who] == "TC" else []
    return [codes.code_of(987_654), *(values["code"] for values in others)]


def test_the_coach_of_no_visit_reads_what_every_colleague_reads() -> None:
    """Fault 43: a coach without an accepted visit gets no further than anybody at the school, but may propose one."""
    visits = {"observations:visit-new", "api:group-next-visit", "api:group-visits"}
    assert {row.name for row in matrix._rows() if row.expected["CS"] == "+" and row.expected["TC"] != "+"} == visits
