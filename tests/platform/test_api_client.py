"""A client made from the description alone does a whole round: from a plan to a goal that came of a visit."""

from __future__ import annotations

import datetime as dt
import importlib
import json
import sys
import uuid
from collections.abc import Iterator
from typing import Any, get_args

import httpx
import openapi_python_client as generator
import pytest
import time_machine
from openapi_python_client.config import Config, ConfigFile, MetaType

from samenspraak import openapi
from samenspraak.reference import finishing
from schools import downloads, tokens
from schools.models import User
from tests import factories
from tests.calls import Browser
from tests.conftest import TestCast

PACKAGE = "samenspraak_client"
ADDRESS = "http://testserver"
MEETS = dt.datetime(2026, 12, 1, 14, 15, tzinfo=dt.UTC)  # 15:15 at school
TOMORROW = MEETS - dt.timedelta(days=1)


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The client's package, made anew from the document and importable while these tests run."""
    folder = tmp_path_factory.mktemp("client")
    document = folder / "openapi.json"
    document.write_text(json.dumps(openapi.document()), encoding="utf-8")
    files = dict.fromkeys((downloads.TYPES["pdf"], downloads.TYPES["xlsx"]), "application/octet-stream")
    names = ConfigFile(post_hooks=[], package_name_override=PACKAGE, content_type_overrides=files)
    config = Config.from_sources(names, MetaType.NONE, document, "utf-8", True, folder / PACKAGE)
    assert [error.header + str(error.detail) for error in generator.generate(config=config)] == []
    sys.path.insert(0, str(folder))
    yield PACKAGE
    sys.path.remove(str(folder))


class Program:
    """What somebody's app does, by the names of the document's operations."""

    def __init__(self, package: str, user: User) -> None:
        self.package = package
        self.headers: Any = {}
        whole = importlib.import_module(f"{package}.client")
        token = tokens.make_token(user=user, name=uuid.uuid4().hex, now=factories.NOW)
        self.client = whole.AuthenticatedClient(base_url=ADDRESS, token=token, raise_on_unexpected_status=True)
        line = httpx.Client(transport=httpx.MockTransport(_sent), base_url=ADDRESS)
        line.headers["Authorization"] = f"Bearer {token}"
        self.client.set_httpx_client(line)

    def do(self, name: str, *place: Any, body: Any = None, **more: Any) -> Any:
        """The answer, parsed by the client; anything but success fails with what the server said."""
        tag = next(told["tags"][0] for _path, _way, told in _operations() if told["operationId"] == name)
        module = importlib.import_module(f"{self.package}.api.{_as_module(tag)}.{name}")
        sent = {} if body is None else {"body": self._body(module, body)}
        answer = module.sync_detailed(*place, client=self.client, **sent, **more)
        assert answer.status_code < 300, (name, answer.status_code, answer.content.decode())
        self.headers = answer.headers
        return answer.parsed

    def word(self, shape: str, value: str) -> Any:
        """One of the words that the document lets choose from."""
        return getattr(importlib.import_module(f"{self.package}.models"), shape)(value)

    def _body(self, module: Any, body: dict[str, Any]) -> Any:
        told = module.sync_detailed.__annotations__["body"]
        return next(kind for kind in get_args(told) or (told,) if hasattr(kind, "from_dict")).from_dict(body)


def _sent(request: httpx.Request) -> httpx.Response:
    """What our application answers; each request opens the door itself."""
    kind = request.headers.get("Content-Type", "")
    address = request.url.raw_path.decode()
    sent = Browser().generic(request.method, address, request.content, kind, headers=dict(request.headers))
    return httpx.Response(sent.status_code, headers=dict(sent.headers), content=sent.content)


def _operations() -> list[tuple[str, str, dict[str, Any]]]:
    return list(finishing.operations(openapi.document()))


def _as_module(tag: str) -> str:
    return "help_" if tag == "help" else tag


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(TOMORROW, tick=False) as clock:
        yield clock


def test_every_operation_has_its_method(package: str) -> None:
    for _path, _method, told in _operations():
        module = importlib.import_module(f"{package}.api.{_as_module(told['tags'][0])}.{told['operationId']}")
        assert callable(module.sync_detailed)


def test_a_whole_round(cast: TestCast, package: str, clock: Any) -> None:
    chair, coach, member = (Program(package, who) for who in (cast.els, cast.bram, cast.carla))
    group = next(one for one in chair.do("list_groups", "de-wilg").results if one.name == "Begrijpend lezen")

    meeting = _planned(chair, group.id)
    visit = coach.do("propose_visit", "de-wilg", group.id, body={"meeting": meeting.id, "purpose": "fresh_eyes"})
    assert chair.do("accept_visit", "de-wilg", visit.id).state == "accepted"

    clock.move_to(MEETS)
    assert member.do("open_meeting", "de-wilg", meeting.id).opened_at == MEETS
    _listened(coach, visit.id, clock)
    goal = _talked_about(member, visit.id)
    assert goal.text == "We vatten eerst samen."
    member.do("add_goal_update", "de-wilg", goal.id, body={"step": "on_the_way", "note": "Het begint te komen."})

    clock.move_to(MEETS + dt.timedelta(minutes=55))
    closed = chair.do("close_meeting", "de-wilg", meeting.id, body=_judgement(chair, group.id))
    assert closed.closed_at == MEETS + dt.timedelta(minutes=55)
    assert {said.text: said.outcome for said in closed.goals}[goal.text] == "on_the_way"


def _planned(chair: Program, group: int) -> Any:
    """A card, a goal with an agreement, and a meeting: planned once, though the line broke and the app tried again."""
    period = chair.do("choose_focus", "de-wilg", group, body={"aspect": "openness", "why": "We luisteren te weinig."})
    words = {"text": "Iedereen komt aan het woord.", "agreements": [{"text": "We doen eerst een rondje."}]}
    chair.do("set_goal", "de-wilg", period.id, body=words)
    when = {"day": "2026-12-01", "time": "15:15", "minutes": 60, "place": "Teamkamer"}
    key = str(uuid.uuid4())
    meeting, again = (
        chair.do("plan_meeting", "de-wilg", group, body=when, idempotency_key=key) for _time in ("once", "again")
    )
    assert meeting.id == again.id
    assert meeting.starts_at == MEETS
    return meeting


def _listened(coach: Program, visit: int, clock: Any) -> None:
    """The coach listens, writes and shares; the second text needs the version of the first."""
    coach.do("start_listening", "de-wilg", visit)
    clock.move_to(MEETS + dt.timedelta(minutes=20))
    told = coach.do("stop_listening", "de-wilg", visit)
    pair = {"strong_aspect": "openness", "strong": "Jullie lieten elkaar uitpraten."}
    pair |= {"improvement_aspect": "openness", "improvement": "Vat eerst samen wat een ander zei."}
    heard: dict[str, Any] = {"visit": visit, "listened": None, "marks": {"openness-b1": 3}, "pairs": [pair]}
    heard["notes"] = {"openness": {"going_well": "Iedereen kwam aan het woord.", "chances": "Vat eerst samen."}}
    coach.do("read_observation", "de-wilg", told.observation)
    coach.do("log_observation", "de-wilg", told.observation, body=heard, if_match=coach.headers["ETag"])
    tag = coach.headers["ETag"]
    shared = coach.do("share_observation", "de-wilg", told.observation, body={"no_person": []}, if_match=tag)
    assert shared.state == "shared"


def _talked_about(member: Program, visit: int) -> Any:
    """The group goes through the points, recognises one and takes it as a goal."""
    debrief = member.do("begin_debrief", "de-wilg", visit)
    for point in debrief.points:
        member.do("show_point", "de-wilg", visit, body={"place": point.place})
        member.do("answer_point", "de-wilg", visit, point.place, body={"answer": "recognised"})
    words = {"text": "We vatten eerst samen.", "agreements": [{"text": "Wie reageert, vat eerst samen."}]}
    taken = member.do("take_point_as_goal", "de-wilg", visit, debrief.points[-1].place, body=words)
    assert member.do("end_debrief", "de-wilg", visit).is_over
    return member.do("read_goal", "de-wilg", taken.goal)


def _judgement(chair: Program, group: int) -> dict[str, Any]:
    """A word on everything that lives."""
    agreements = chair.do("list_agreements", "de-wilg", group=group, state=chair.word("AgreementState", "live")).results
    goals = chair.do("list_goals", "de-wilg", group=group, state=chair.word("GoalState", "live")).results
    return {
        "agreements": [{"agreement": one.id, "outcome": "kept"} for one in agreements],
        "goals": [{"goal": one.id, "outcome": "on_the_way"} for one in goals],
    }
