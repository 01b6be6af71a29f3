"""docs/api.md is true: its calls are made, its Python is run, and its lists are whole."""

from __future__ import annotations

import datetime as dt
import email.message
import io
import itertools
import json
import re
import shlex
import urllib.request
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings

from observations.models import Observation, Visit
from samenspraak import openapi
from schools import tokens
from schools.models import User
from tests import calls, factories
from tests.calls import Browser
from tests.conftest import TestCast
from workgroups.models import Guest

API = "http://testserver/api/v1"
TEXT = (settings.BASE_DIR / "docs" / "api.md").read_text(encoding="utf-8")
MINUTE = dt.timedelta(minutes=1)
# What an example names by its number, and which row stands there in the tests.
NAMED = re.compile(r"(goals|groups|meetings)/(\d+)")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(factories.NOW, tick=False):
        yield


@pytest.fixture
def told(cast: TestCast) -> dict[str, int]:
    """What the examples speak of: a goal, a meeting ahead, a visit that is welcome at a meeting that goes on."""
    group = cast.reading
    mine = {"school": group.school, "group": group}
    goal = factories.goal(factories.period(group, cast.aspects["openness"]))
    meeting = factories.meeting(group)
    began = factories.NOW - MINUTE
    going_on = factories.meeting(group, began.date(), time=dt.time(9, 30))
    met = {"meeting": going_on, "accepted_for": going_on.starts_at, "proposed_at": began, "purpose": "support"}
    visit = Visit.objects.create(**mine, coach=cast.bram, state="accepted", **met)
    Guest.objects.create(**mine, user=cast.bram, from_date=factories.LONG_AGO)
    return {"goals": goal.pk, "groups": group.pk, "meetings": meeting.pk, "visit": visit.pk}


def _key(user: User) -> str:
    return tokens.make_token(user=user, name=uuid.uuid4().hex, now=factories.NOW)


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", TEXT, re.DOTALL)


def _section(title: str) -> str:
    return TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def _lines(section: str, told: dict[str, int]) -> Iterator[list[str]]:
    """Each call of a section in words, as a shell would split it."""
    for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL):
        put = NAMED.sub(lambda found: f"{found[1]}/{told[found[1]]}", block)
        put = put.replace("openness-ask-on", "openness-b1").replace("analysing-causes", "analysing-b1")
        put = re.sub(r"\$\(date[^)]*\)", "2026-11-24T09:00:00Z", put).replace("$API", API)
        words = shlex.split(put.replace('"visit": 5', f'"visit": {told["visit"]}'), comments=True)
        starts = [place for place, word in enumerate(words) if word in ("get", "curl")]
        for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
            yield words[start:end]


def _made(words: list[str], user: User) -> calls.Answer:
    """The call of a shell's line."""
    caller = calls.Caller(user)
    if words[0] == "get":
        return caller.get(words[1])
    values = dict(itertools.pairwise(words))
    sent = json.loads(values["-d"]) if "-d" in values else None
    named = dict(word.split(": ", 1) for word in words if re.match(r"(If-Match|Idempotency-Key): ", word))
    headers = {name.replace("-", "_"): value for name, value in named.items()}
    method = values.get("-X", "POST" if sent is not None else "GET").lower()
    return caller.call(method, words[-1], sent, **headers)


@pytest.mark.parametrize("title", ["Show my next meeting", "Update a goal"])
def test_its_calls_work(cast: TestCast, told: dict[str, int], title: str) -> None:
    made = [_made(words, cast.carla) for words in _lines(_section(title), told)]
    assert made
    assert {answer.status for answer in made} <= {200, 201}


def test_an_observation_is_logged_and_shared_as_told(cast: TestCast, told: dict[str, int]) -> None:
    made = [_made(words, cast.bram) for words in _lines(_section("Log an observation"), told)]
    assert [answer.status for answer in made] == [201, 200], made


def test_its_python_runs(cast: TestCast, told: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urllib.request, "urlopen", _opened)
    monkeypatch.setenv("API", API)
    space: dict[str, Any] = {}
    for block in _blocks("python"):
        monkeypatch.setenv("TOKEN", _key(cast.bram if "observations/" in block else cast.carla))
        exec(compile(block, "docs/api.md", "exec"), space)  # noqa: S102  # our own examples
    assert space["goal"]["text"] == "Iedereen komt aan het woord"
    assert Observation.objects.get(visit_id=told["visit"]).listened == 20


def _opened(request: urllib.request.Request) -> Any:
    """What a browser without windows would get."""
    data: Any = request.data or b""
    sent = Browser().generic(
        request.get_method(), request.full_url, data, "application/json", headers=dict(request.header_items())
    )
    assert sent.status_code < 300, sent.content
    answer: Any = io.BytesIO(sent.content)
    answer.headers = email.message.Message()
    for name, value in sent.headers.items():
        answer.headers[name] = value
    return answer


def test_its_bodies_and_answers_fit() -> None:
    meetings, problem = (json.loads(block) for block in _blocks("json"))
    observation, answers = re.findall(r"-X PUT .*? -d '(\{.*?\})'", TEXT, re.DOTALL)
    calls.hold_against("PaginatedMeetingList", {**meetings, "next": None})
    calls.hold_against("Problem", problem)
    calls.hold_against("ObservationContentRequest", json.loads(observation))
    calls.hold_against("AnswersRequest", json.loads(answers))


def test_it_names_every_part() -> None:
    rows = [f"| {tag['name']} | {tag['description']} |" for tag in openapi.document()["tags"]]
    assert [row for row in rows if row not in TEXT] == []
