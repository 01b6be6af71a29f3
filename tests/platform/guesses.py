"""What a machine thinks of to ask the API, from its schema alone (Schemathesis), as each kind of caller.

Examples, edges (coverage), chance (fuzzing) and walks from answer to question (stateful). Addresses name real rows, and
whatever a question changes is undone before the next. The questions are made once in a process: a caller gets a share.
"""

from __future__ import annotations

import copy
import json
import os
import re
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import hypothesis
import pytest
import schemathesis
from django.contrib.auth import get_user
from django.core import signals
from django.db import close_old_connections, connection, transaction
from django.test import override_settings
from django.urls import resolve
from hypothesis import HealthCheck, Phase, settings as pace
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.drivers import CoverageGenerator
from schemathesis.generation.feedback import NO_FEEDBACK
from schemathesis.generation.hypothesis.builder import generate_example_cases
from schemathesis.generation.modes import GenerationMode as Mode
from schemathesis.generation.overrides import Override

from samenspraak import openapi, wsgi
from schools import tenancy, tokens
from tests import factories
from tests.platform import remembered, test_matrix
from tests.platform.test_matrix import Stage

# Each caller: who it is in the table of test_matrix.py.
CALLERS = {
    "nobody": "--",
    "teacher": "TM",
    "chair": "CH",
    "coach": "CO",
    "leader": "SL",
    "school_admin": "SA",
    "board_admin": "BA",
    "operator": "OP",
}
_PACE = pace(
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
# A body may keep to its shape and still ask what cannot be: then 400 names the place (_refusals_name_a_place).
_REFUSED = ["400", "401", "403", "404", "405", "406", "409", "410", "412", "413", "415", "422", "428"]


pytestmark = pytest.mark.skipif(connection.vendor == "sqlite", reason="It stands behind the wall")
LEAST = 2000
# So many as each caller; `make faults ROW=65` asks more.
NUMBER = int(os.environ.get("GUESSES", LEAST))
_REFUSED_FROM = 300
_READING = ("GET", "HEAD", "OPTIONS", "TRACE")
_guarded: set[str] = set()  # whether a sign-in counts does not depend on whose: asked once in a process


@dataclass(frozen=True)
class Share:
    """How much one caller asks."""

    edges: int  # one of so many of the edges of each operation
    operations: int  # by chance, one of so many operations ...
    chances: int  # ... so many times, and as often what does not fit
    walks: int
    steps: int = 12


def _share(number: int) -> Share:
    """About so many questions, while the schema holds about seven thousand edges.

    All edges are thought of once in a process, so to ask more of them costs what an answer costs.
    """
    if number > LEAST:
        return Share(edges=1, operations=1, chances=36, walks=120)
    return Share(edges=4 * LEAST // number, operations=16, chances=8, walks=6)


@dataclass
class Told:
    """What came of it."""

    cases: Counter[str] = field(default_factory=Counter)
    statuses: Counter[int] = field(default_factory=Counter)
    operations: set[str] = field(default_factory=set)
    reached: set[str] = field(default_factory=set)
    findings: dict[str, str] = field(default_factory=dict)

    def count(self, kind: str, response: Any, case: Any) -> None:
        """One more case, with what it was answered."""
        self.cases[kind] += 1
        self.statuses[response.status_code] += 1
        self.operations.add(case.operation.label)
        self.reached |= {case.operation.label} if response.status_code < _REFUSED_FROM else set()

    def note(self, label: str, finding: BaseException) -> None:
        """Keep the first of each kind of finding for an operation."""
        for one in getattr(finding, "exceptions", (finding,)):
            kind = getattr(one, "title", type(one).__name__)
            self.findings.setdefault(f"{label}: {kind}", f"{one}\n{finding}"[:2000])

    def summary(self, who: str) -> str:
        """One line for people."""
        kinds = ", ".join(f"{count} {kind}" for kind, count in self.cases.items())
        codes = ", ".join(f"{code}: {count}" for code, count in sorted(self.statuses.items()))
        return (
            f"{who}: {sum(self.cases.values())} cases ({kinds}) on {len(self.operations)} operations, "
            f"{len(self.reached)} of them answered with what was asked; {len(checks())} checks; {codes}"
        )


@cache
def schema() -> Any:
    """The schema as the machine reads it: once in a process."""
    found = schemathesis.openapi.from_dict(json.loads(json.dumps(openapi.document())))
    found.config.seed = 8
    found.app = wsgi.application
    told = found.config.checks
    told.positive_data_acceptance.expected_statuses = ["2xx", "304", *_REFUSED]
    told.negative_data_rejection.expected_statuses = _REFUSED
    told.missing_required_header.expected_statuses = _REFUSED
    return found


@cache
def checks() -> tuple[Callable[..., Any], ...]:
    """Every check there is, but what is asked once per operation (_ignored_auth)."""
    load_all_checks()
    found = [check for check in CHECKS.get_all() if check.__name__ not in {"ignored_auth", "max_response_time"}]
    return (*found, _refusals_name_a_place)


def _refusals_name_a_place(_ctx: Any, response: Any, case: Any) -> None:
    """Whoever gets a 400 for the fields of a body or a question is told which."""
    if response.status_code == 400 and response.json()["code"] == "invalid":
        assert response.json()["errors"], case


@cache
def operations() -> tuple[Any, ...]:
    """All there are, in the order of the schema."""
    return tuple(found.ok() for found in schema().get_all_operations())


@cache
def _examples(at: int) -> tuple[Any, ...]:
    return tuple(generate_example_cases(test=lambda: None, operation=operations()[at], fill_missing=False))


@cache
def _edges(at: int) -> tuple[Any, ...]:
    return tuple(
        CoverageGenerator(
            operation=operations()[at],
            generation_modes=[Mode.POSITIVE, Mode.NEGATIVE],
            generation_config=schema().config.generation,
            auth_storage=None,
            override=Override(),
            feedback=NO_FEEDBACK,
        )
    )


@cache
def _chances(at: int, mode: Mode, count: int) -> tuple[Any, ...]:
    found: list[Any] = []

    @hypothesis.given(operations()[at].as_strategy(generation_mode=mode))
    @pace(_PACE, max_examples=count)
    def keep(case: Any) -> None:
        found.append(case)

    with suppress(hypothesis.errors.Unsatisfiable):  # where nothing is asked nothing can be asked wrongly
        keep()
    return tuple(found)


def _asked(share: Share, turn: int) -> Iterator[tuple[str, Any]]:
    """The questions of the caller whose turn it is, with their kind."""
    for at in range(len(operations())):
        yield from (("examples", case) for case in _examples(at))
        yield from (("coverage", case) for case in _edges(at)[(turn + at) % share.edges :: share.edges])
        if (at - turn) % share.operations == 0:
            for mode in (Mode.POSITIVE, Mode.NEGATIVE):
                yield from (("fuzzing", case) for case in _chances(at, mode, share.chances))


def ask(stage: Stage, who: str, share: Share, headers: dict[str, str], told: Told, patch: pytest.MonkeyPatch) -> None:
    """Ask all of it as one caller: each question on the stage as it was told, and then walks."""
    with patch.context() as known:
        remembered.read_hats_once(known)
        known.setattr(tokens, "look_up", remembered.once(tokens.look_up, lambda key, now: key))
        for kind, asked in _asked(share, list(CALLERS).index(who)):
            case = _on_stage(asked, stage)
            with suppress(_Undo), nullcontext() if case.method in _READING else transaction.atomic():
                _try(case, kind, headers, told)
                if case.method not in _READING:
                    raise _Undo
    _walk(stage, share, headers, told)


class _Undo(Exception):  # noqa: N818  # nothing went wrong
    """What this question changed is not there for the next."""


def _try(case: Any, kind: str, headers: dict[str, str], told: Told) -> None:
    held = tenancy._inside.set(None)
    try:
        response = case.call(headers=headers)
        told.count(kind, response, case)
        case.validate_response(response, checks=_checks_of(case, response, headers), headers=headers)
    except (Failure, FailureGroup, AssertionError) as finding:
        told.note(case.operation.label, finding)
    finally:
        tenancy._inside.reset(held)


def _checks_of(case: Any, response: Any, headers: dict[str, str]) -> list[Any]:
    """All, and at the first good answer of each operation: whether it needs the sign-in, and a right one."""
    if response.status_code >= _REFUSED_FROM or not headers or case.operation.label in _guarded:
        return list(checks())
    _guarded.add(case.operation.label)
    return [*checks(), CHECKS.get_one("ignored_auth")]


def _on_stage(asked: Any, stage: Stage) -> Any:
    """The question about rows that are there, where it does not ask wrongly on purpose; the machine need not notice."""
    case = asked.derive()
    parts = case.meta.components if case.meta else {}
    if _fits(parts, ParameterLocation.PATH) and case.path_parameters:
        put = {name: _row(stage, inner, case.path_parameters[name]) for name, inner in _inside(case).items()}
        object.__setattr__(case, "path_parameters", put)
    if _fits(parts, ParameterLocation.BODY) and isinstance(case.body, dict):
        ids = {name: _row(stage, f"{name}_id", value) for name, value in case.body.items()}
        object.__setattr__(case, "body", {**case.body, **ids})
    if _fits(parts, ParameterLocation.HEADER) and "If-Match" in (case.headers or {}):
        told = copy.copy(case.headers)
        told["If-Match"] = '"1"'
        object.__setattr__(case, "headers", told)
    return case


def _inside(case: Any) -> dict[str, str]:
    """The words in an address, and what the site itself calls them (samenspraak.reference.naming)."""
    words = re.findall(r"\{(\w+)\}", case.operation.path)
    inner = list(resolve(case.formatted_path).kwargs)
    return dict(zip(words, inner, strict=True)) if len(words) == len(inner) else {word: word for word in words}


def _row(stage: Stage, name: str, other: Any) -> Any:
    """What an address says of the row on stage, as JSON would."""
    found = stage.own.get(name, other)
    return str(found) if isinstance(found, uuid.UUID) else found


def _fits(parts: Any, location: ParameterLocation) -> bool:
    return location not in parts or parts[location].mode == Mode.POSITIVE


def _walk(stage: Stage, share: Share, headers: dict[str, str], told: Told) -> None:
    """From answer to question: what one call tells, the next one asks about."""

    class Walk(schema().as_state_machine()):  # type: ignore[misc]
        def setup(self) -> None:
            self.undone = transaction.atomic()
            self.undone.__enter__()

        def teardown(self) -> None:
            transaction.set_rollback(True)
            self.undone.__exit__(None, None, None)

        def before_call(self, case: Any) -> None:
            super().before_call(case)
            if not case.meta or not case.meta.is_negative_at(ParameterLocation.PATH):
                drawn = {name: _row(stage, inner, case.path_parameters[name]) for name, inner in _inside(case).items()}
                object.__setattr__(case, "path_parameters", drawn)

        def call(self, case: Any, **_values: Any) -> Any:
            return case.call(headers=headers)

        def after_call(self, response: Any, case: Any) -> None:
            super().after_call(response, case)
            told.count("stateful", response, case)

        def validate_response(self, response: Any, case: Any, *_checks: Any, **_values: Any) -> None:
            case.validate_response(response, checks=list(checks()), headers=headers, recorder=self.recorder)

    held = tenancy._inside.set(None)
    try:
        Walk.run(settings=pace(_PACE, max_examples=share.walks, stateful_step_count=share.steps))
    except (Failure, FailureGroup, AssertionError) as finding:
        told.note("walk", finding)
    finally:
        tenancy._inside.reset(held)


stage = test_matrix.stage
Asking = Callable[[str], None]


@contextmanager
def _one_connection() -> Iterator[None]:
    """The test's own transaction goes on through all requests, and nobody is told to slow down."""
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    nothing = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}
    try:
        with override_settings(CACHES=nothing):
            yield
    finally:
        for end in ends:
            end.connect(close_old_connections)


@pytest.fixture
def asking(stage: Stage, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]) -> Asking:
    """Ask as one caller, and hold what comes of it: nothing breaks, nothing is other than the schema says."""

    def hold(who: str) -> None:
        caller = CALLERS[who]
        user = None if caller == "--" else get_user(stage.browsers[caller])
        told, began = Told(), time.process_time()
        with _one_connection():
            ask(stage, who, _share(NUMBER), _headers(user, who), told, monkeypatch)
        count = sum(told.cases.values())
        spent = (time.process_time() - began) * 1000 / count
        record_property("told", f"{told.summary(who)}; {spent:.1f} ms each")
        assert not told.findings, "\n\n".join(f"### {place}\n{words}" for place, words in told.findings.items())
        assert count >= NUMBER

    return hold


def _headers(user: Any, name: str) -> dict[str, str]:
    if user is None:
        return {}
    return {"Authorization": f"Bearer {tokens.make_token(user=user, name=name, now=factories.NOW)}"}
