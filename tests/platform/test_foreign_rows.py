"""Numbers of another school's rows, and fields that nobody asked for, in everything that can be sent.

All rows of the other school bear the same number here, and no row bears ``NOBODYS``: so one number stands for whatever
a field, a parameter or a body could name.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client

from schools.roles import Role
from tests import calls, factories, walled
from tests.platform import remembered, sending, test_matrix as matrix
from tests.platform.sending import FIRST, NEW, NOBODYS, THEIRS
from tests.platform.test_matrix import Row, Stage, stage  # noqa: F401  # the fixture

_SEQUENCES = "SELECT oid::regclass::text, COALESCE(pg_sequence_last_value(oid), 1) FROM pg_class WHERE relkind = 'S'"
# Who tries: the first of these who may.
WRITERS = ("CH", "TM", "CO", "SL", "SA", "BA", "OP", "ND", "--")
# What programs send, so that something is written.
BODIES: dict[str, dict[str, Any]] = {
    "api:invitations": {"role": "coach", "people": [{"email": "nieuw@school.example"}]},
    "api:member-leave": {"last_day": None, "sure": True},
    "api:member-role-end": {"last_day": None, "sure": True},
    "api:member-roles": {"role": "coach"},
    "api:own-name": {"given_name": "Kim"},
    "api:rosters": {"rows": [{"given_name": "Kim"}]},
    "api:start-council": {"consented_on": None},
    "api:start-reason": {"because": "De raad vergadert pas in mei."},
    "api:start-region": {"region": "south"},
    "api:chair-rotate": {"rotates": True},
    "api:goal-agreements": {"text": "Een rondje", "tip": None},
    "api:goal-end": {"how": "reached"},
    "api:group-end": {"because": "Het lukt vanzelf."},
    "api:group-focus": {"aspect": "reflecting", "endings": [], "goal_endings": []},
    "api:group-invite": {"people": [{"email": "nieuw@school.example"}]},
    "api:group-seats": {"user": 1, "from_date": None},
    "api:groups": {"name": "Nieuw", "theme": "Rekenen", "kind": "plc", "chair": 1},
    "api:meeting-skip": {"because": "Iemand was ziek."},
    "api:period-goals": {"text": "Iedereen vraagt", "agreements": [{"text": "Een rondje"}]},
    "api:seat-leave": {"last_day": "2026-12-18"},
    "api:seat-line": {"text": "Toneel"},
    "api:days-off": {"name": "Studiedag", "first_day": "2027-02-01"},
    "api:feeds": {"group": None},
    "api:group-meetings": {"day": "2026-12-02", "time": "09:00", "minutes": 60},
    "api:group-reminders": {"when": "hours", "hours_before": 2},
    "api:meeting-points": {"point": "Wie leest mee?"},
    "api:reminders": {"when": "days", "days_before": 2, "at": "09:00"},
    "api:goal-updates": {"step": "on_the_way", "note": "Het lukt."},
    "api:group-help": {"kind": "expert", "text": "Wie weet meer?"},
    "api:help-answer": {"answer": "Kom langs."},
    "api:point-answer": {"answer": "curious"},
    "api:pulse-answers": {"answers": {"dare": 2, "differ": 2, "count": 3, "inside": 4}},
    "api:scan-answers": {"answers": {"openness-b1": {"degree": 2, "manner": ""}}},
    "api:visit-amend": {"group_words": "Vragen wij door?", "target_minutes": 20},
    "api:visit-corrections": {"text": "Het was andersom."},
    "api:visit-debrief-show": {"place": 2},
}


@pytest.fixture
def theirs(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:  # noqa: F811
    """The stage, and a group next door of which every kind of row bears the number ``THEIRS``.

    Whatever is sent is undone, so nobody's hat changes.
    """
    before = _numbers()
    _count_from(dict.fromkeys(before, FIRST))
    school = stage.cast.schools["de-beuk"]
    chair = factories.person("Zeewier", school)
    group = factories.group(school, "Zeewiergroep", chair=chair, members=(factories.person("Kelp", school),))
    matrix._objects(stage.cast, group, factories.person("Vreemd", school, Role.COACH))
    _count_from(dict.fromkeys(before, NEW))
    remembered.read_hats_once(monkeypatch)
    yield stage
    _count_from(before)


def _numbers() -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(_SEQUENCES)
        return dict(cursor.fetchall())


def _count_from(numbers: dict[str, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(walled.OVER_IT)
        for name, number in numbers.items():
            cursor.execute("SELECT setval(%s::regclass, %s)", [name, number])
        cursor.execute(f"SET LOCAL ROLE {walled.ROLE}")


def _writes(stage: Stage) -> Iterator[tuple[Row, Client, str, dict[str, Any]]]:  # noqa: F811
    """Every address that can be written to, with who may and what that person would send."""
    for row in matrix._rows():
        who = next((who for who in WRITERS if row.expected[who] == "+"), "")
        if row.method == "GET" or not who:
            continue
        client, address = stage.browsers[who], matrix._address(row.name, stage.own)
        if row.name == "api:observation":
            yield row, client, address, eval(matrix.BODIES[row.name] % stage.own)  # noqa: S307  # our own
        else:
            yield row, client, address, BODIES.get(row.name) or sending.filled_in(client, row.name, address)


def test_a_row_of_another_school_is_no_choice(theirs: Stage) -> None:
    """Fault 37: in every field and under every name that is looked for, it is like a row that there is not."""
    accepted, tried = [], 0
    for row, client, address, data in _writes(theirs):
        asked = sending.send(client, row, address, data).asked | set(data)
        for name in sorted(asked - {"csrfmiddlewaretoken", "kept-draft"}):
            foreign, nobodys = (sending.send(client, row, address, data | {name: one}) for one in (THEIRS, NOBODYS))
            tried += 1
            is_other = foreign.told != nobodys.told
            if is_other:  # unless it is another one each time
                is_other = nobodys.told == sending.send(client, row, address, data | {name: NOBODYS}).told
            if is_other or THEIRS in foreign.rows:
                accepted.append((row.name, name, foreign.told, nobodys.told))
    assert tried > 100
    assert not accepted, "\n".join(str(one)[:300] for one in accepted)


def test_nothing_is_written_that_nobody_asked_for(theirs: Stage) -> None:
    """Fault 45: every column of every table, sent along with every form and body, changes nothing that is written."""
    columns = {
        one
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        for one in (field.name, field.attname)
    }
    changed, wrote = [], 0
    for row, client, address, data in _writes(theirs):
        plain = sending.send(client, row, address, data)
        wrote += bool(plain.writes)
        more = dict.fromkeys(columns - plain.asked - set(data), THEIRS)
        full = sending.send(client, row, address, data | more)
        is_refused = full.status in {400, 401, 422} and not full.writes  # 401: a program named itself wrongly
        if is_refused or (full.status, full.writes) == (plain.status, plain.writes):
            continue
        if plain.writes == sending.send(client, row, address, data).writes:  # no key is drawn
            changed.append((row.name, plain.status, full.status, set(full.writes) ^ set(plain.writes)))
    assert wrote > 60
    assert not changed, "\n".join(str(one)[:300] for one in changed)


def test_no_parameter_reaches_another_school(theirs: Stage) -> None:
    """Fault 38: under every name that a page or a list looks for behind the question mark."""
    reached, tried = [], 0
    for row in matrix._rows():
        who = next((who for who in WRITERS if row.expected[who] == "+"), "")
        if row.method != "GET" or not who:
            continue
        client, address = theirs.browsers[who], matrix._address(row.name, theirs.own)
        for name in sorted(sending.send(client, row, address, {}).asked | _parameters(address)):
            foreign, nobodys = (sending.send(client, row, address, {name: one}) for one in (THEIRS, NOBODYS))
            tried += 1
            if foreign.told != nobodys.told:
                reached.append((row.name, name))
    assert tried > 50
    assert not reached, "\n".join(str(one)[:300] for one in reached)


def _parameters(address: str) -> set[str]:
    """The names behind the question mark that the API tells of at an address."""
    told = calls._operation("get", address) if address.startswith(calls.ROOT) else None
    return {one["name"] for one in (told or {}).get("parameters", ()) if one["in"] == "query"}
