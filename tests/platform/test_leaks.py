"""Nothing of an unrevealed self-scan gets out: no word, no degree, no count, not even that somebody answered.

Every page and API answer of the table in matrix.txt is read by every kind of caller, with answers planted that could
leak; so is every letter, every table and the cache.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.cache import caches
from django.db import models
from django.urls import reverse

from observations import actions
from observations.choices import SCAN_OPENED
from observations.models import Elector, Remark, ScanAnswer, SelfScan
from schools.models import Delivery, User
from schools.post import check, kinds
from tests import factories
from tests.observations import rounds
from tests.platform import remembered, test_matrix as matrix
from tests.platform.test_matrix import Stage, stage  # noqa: F401  # the fixture
from workgroups import actions as group_actions
from workgroups.actions import papers
from workgroups.models import Seat

OTHERS, MINE, PEERS = "zwaluwstaart", "eigenwoordje", "zilvermeeuw"
NOW = factories.NOW
# Those who enter the group, and its leader; and who else is somebody at the school.
NEAR, FAR = ("TM", "CH", "CO", "SL"), ("SA", "TC")
CARD = 1  # the card "openness", which all addresses of the table speak of
FILES = ("-csv", "-pdf", "-xlsx")
# Where the chair reads that there is enough.
CHAIR_HEARS = ("api:scan", "observations:scan", "observations:scans")
Told = dict[tuple[str, str], tuple[int, bytes, tuple[str, ...]]]


class Round:
    """An open sealed round of the reading group: Els the chair, Carla, and four colleagues who call nothing."""

    def __init__(self, stage: Stage) -> None:  # noqa: F811
        self.stage, self.cast = stage, stage.cast
        self.scan = SelfScan.objects.get(pk=stage.own["scan_id"])
        aspect = self.cast.aspects["openness"]
        SelfScan.objects.filter(pk=self.scan.pk).update(aspect=aspect)
        self.scan.refresh_from_db()
        self.colleagues = [self._colleague(f"Collega{number}") for number in range(4)]
        self._speak_to_each_other(*self.colleagues[:2])

    def _colleague(self, name: str) -> User:
        school = self.cast.schools["de-wilg"]
        user = factories.person(name, school)
        Seat.objects.create(school=school, group=self.cast.reading, user=user, from_date=factories.LONG_AGO)
        Elector.objects.create(school=school, group=self.cast.reading, scan=self.scan, user=user)
        return user

    def _speak_to_each_other(self, asker: User, giver: User) -> None:
        """One asks the other for feedback and gets it; a question of hers to the chair is still open."""
        hats = [factories.hat(user, self.cast.schools["de-wilg"]) for user in (asker, giver)]
        group = self.cast.reading
        asked = papers.ask_feedback(group=group, giver=giver, question=PEERS, by=hats[0], now=NOW)
        parts = dict.fromkeys(("affirm", "critique", "constructive"), PEERS)
        papers.give_feedback(request=asked, **parts, ground="saw", by=hats[1], now=NOW)
        papers.ask_feedback(group=group, giver=self.cast.els, question="Iets anders", by=hats[1], now=NOW)

    def answer(self, user: User, words: str = OTHERS) -> None:
        """Somebody answers all, with words that can be found again."""
        self.scan = rounds.answer(self.scan, user, 4, manner=f"{words} van {user.given_name}")

    def walk(self, *callers: str, files: bool = False) -> Told:
        """Every page and API answer: by name of the address and caller its status, body and tags.

        For some callers only what lies inside a school; for everybody all there is. Files take long to make.
        """
        told = {}
        values = {**self.stage.own, "card": CARD}
        for row in matrix._rows():
            if row.method != "GET" or (callers and "slug" not in matrix.WORDS[row.name]):
                continue
            if row.name.endswith(FILES) and not files:
                continue
            address = reverse(row.name, kwargs={word: values[word] for word in matrix.WORDS[row.name]})
            for who in callers or matrix.CALLERS:
                answer = matrix._call(self.stage.browsers[who], "GET", address)
                body = b"".join(answer) if answer.streaming else matrix._body(answer)
                tags = tuple(answer.get(name, "") for name in ("ETag", "Last-Modified", "Location"))
                told[row.name, who] = (answer.status_code, body, tags)
        return told


@pytest.fixture
def round_(stage: Stage, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Round]:  # noqa: F811
    """The round, with a cache that can be looked into; nobody's hat changes in it."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "leaks"}}
    caches["default"].clear()
    with time_machine.travel(NOW, tick=False):
        round_ = Round(stage)
        remembered.read_hats_once(monkeypatch)
        yield round_


def where(told: Told, words: str) -> set[tuple[str, str]]:
    return {place for place, (_status, body, _tags) in told.items() if words.encode() in body}


def moved(before: Told, after: Told) -> set[tuple[str, str]]:
    return {place for place in before if before[place] != after[place]}


def tables_with(words: str) -> set[type[models.Model]]:
    """Every table in which the words stand, in whatever column."""
    found = set()
    for model in apps.get_models(include_auto_created=True):
        fields = [field.attname for field in model._meta.concrete_fields]
        rows = model._base_manager.values_list(*fields)
        if any(words in str(value) for row in rows for value in row):
            found.add(model)
    return found


def counts() -> dict[str, int]:
    return {model._meta.label: model._base_manager.count() for model in apps.get_models(include_auto_created=True)}


def test_open_answers_are_read_by_nobody_else_and_nothing_moves(round_: Round) -> None:
    """Faults 68-70: page for page, tag and byte, before anybody answered, after the first and after all."""
    before = round_.walk(*NEAR)
    first, *others = round_.colleagues
    round_.answer(first)
    assert moved(round_.walk("TM", "CH"), before) == set()
    for user in others:
        round_.answer(user)
    assert moved(round_.walk("TM"), before) == set()  # nor does the fourth, which makes it enough
    round_.answer(round_.cast.carla, MINE)
    told = round_.walk(*NEAR, *FAR, files=True)
    assert SelfScan.objects.get(pk=round_.scan.pk).state == "open"
    assert {who for _name, who in moved(before, told)} == {"TM"}  # reads that the own answer arrived
    assert where(told, OTHERS) == where(told, PEERS) == set()
    own = where(told, MINE)
    assert ("api:scan-answers", "TM") in own  # the walk comes where something lies to be found
    assert {who for _name, who in own} == {"TM"}
    assert {name for name, _who in own} <= {"api:scan-answers", "observations:scan", "observations:scan-answer"}
    assert tables_with(OTHERS) == tables_with(MINE) == {ScanAnswer}
    cache = caches["default"]._cache  # type: ignore[attr-defined]
    assert not [key for key, value in cache.items() if OTHERS in f"{key} {value}" or MINE in f"{key} {value}"]


def test_one_thing_moves_for_a_chair_who_answered(round_: Round) -> None:
    """The third of the others makes it enough, which the chair reads; nobody else reads anything."""
    round_.answer(round_.cast.els)
    for user in round_.colleagues[:2]:
        round_.answer(user)
    before = round_.walk("TM", "CH")
    round_.answer(round_.colleagues[2])
    places = moved(before, round_.walk("TM", "CH"))
    assert places
    assert places <= {(name, "CH") for name in CHAIR_HEARS}


def test_answering_leaves_a_trace_in_its_own_table_alone(round_: Round, caplog: pytest.LogCaptureFixture) -> None:
    before = counts()
    body = {"answers": {f"openness-b{place}": {"degree": 4, "manner": OTHERS} for place in (1, 2, 3, 4)}}
    address = reverse("api:scan-answers", kwargs={word: round_.stage.own[word] for word in ("slug", "scan_id", "key")})
    carla = round_.stage.browsers["TM"]
    for _twice in range(2):
        assert carla.put(address, body, content_type="application/json").status_code == 200
    after = counts()
    label = ScanAnswer._meta.label
    assert {name for name in after if after[name] != before[name]} == {label}
    assert after[label] == 4
    assert OTHERS not in caplog.text


def test_a_closed_picture_waits_for_the_chair(round_: Round) -> None:
    for user in (*round_.colleagues, round_.cast.carla, round_.cast.els):
        round_.answer(user)
    assert round_.scan.state == "closed"
    assert where(round_.walk(*NEAR), OTHERS) == set()
    assert tables_with(OTHERS) == {Remark}
    assert not Elector.objects.exclude(group=round_.cast.next_door).exists()
    assert round_.scan.closed_on == factories.TODAY


def test_remarks_are_read_on_the_groups_own_pages_alone(round_: Round) -> None:
    for user in (*round_.colleagues, round_.cast.carla, round_.cast.els):
        round_.answer(user)
    actions.reveal_scan(scan=round_.scan, by=round_.cast.hat("els"), now=NOW)
    told = where(round_.walk(*NEAR), OTHERS)
    assert {who for _name, who in told} <= {"TM", "CH"}
    assert not {name for name, _who in told if name.startswith("api:")}
    assert {name for name, _who in told} == {"observations:scan"}


def test_a_dropped_round_leaves_no_word(round_: Round) -> None:
    for user in round_.colleagues:
        round_.answer(user)
    actions.drop_scan(scan=round_.scan, by=round_.cast.hat("els"), now=NOW)
    assert tables_with(OTHERS) == set()
    assert where(round_.walk("TM", "CH"), OTHERS) == set()


def test_no_letter_speaks_of_it(round_: Round) -> None:
    for user in round_.colleagues:
        round_.answer(user)
    group_actions.plan_meeting(
        group=round_.cast.reading,
        day=factories.TODAY + dt.timedelta(days=9),
        time=dt.time(15, 0),
        minutes=60,
        place="",
        title="",
        by=round_.cast.hat("els"),
        now=NOW,
    )
    letters = check.sort_out(list(Delivery.objects.select_related("user", "school")), now=NOW).ready
    assert letters
    assert not [words for _row, words in letters if OTHERS in f"{words.subject} {words.text} {words.html}"]
    # The one letter about a round tells everybody that it opened: tests/observations/test_scan_letters.py.
    assert [kind for kind in kinds._KINDS if "scan" in kind] == [SCAN_OPENED]
