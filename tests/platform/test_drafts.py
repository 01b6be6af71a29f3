"""The server names the words that arrived, so that the browser lets go of these alone."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories
from tests.conftest import TestCast
from tests.workgroups.scene import at

DRAFT = "0123456789abcdef"


@pytest.fixture
def address(cast: TestCast) -> str:
    goal = factories.goal(factories.period(cast.reading, cast.aspects["openness"]))
    return at("goal-update", goal.pk)


def _named(answer: Any) -> list[str]:
    return [name for name in answer.cookies if name.startswith("draft-")]


def test_it_works(cast: TestCast, as_: Any, address: str) -> None:
    answer = as_(cast.carla).post(address, {"step": "reached", "kept-draft": DRAFT})

    assert (answer.status_code, _named(answer)) == (302, [f"draft-{DRAFT}"])
    assert not answer.cookies[f"draft-{DRAFT}"]["httponly"]


def test_what_was_refused_is_not_named(cast: TestCast, as_: Any, address: str) -> None:
    answer = as_(cast.carla).post(address, {"step": "", "kept-draft": DRAFT})

    assert (answer.status_code, _named(answer)) == (422, [])


def test_nobody_who_must_sign_in_first_loses_words(client: Any, address: str) -> None:
    answer = client.post(address, {"step": "reached", "kept-draft": DRAFT})

    assert (answer.status_code, _named(answer)) == (302, [])


@pytest.mark.parametrize("odd", ["", "x", DRAFT + "0", DRAFT.upper(), "0123456789abcde;", "٣" * 16, "é\r\nSet-Cookie:"])
def test_odd_names_are_passed_over(cast: TestCast, as_: Any, address: str, odd: str) -> None:
    answer = as_(cast.carla).post(address, {"step": "reached", "kept-draft": odd})

    assert (answer.status_code, _named(answer)) == (302, [])


def test_words_are_kept_for_who_signed_in_alone(cast: TestCast, as_: Any, client: Any) -> None:
    assert "data-person" not in client.get("/cards/").content.decode()
    page = as_(cast.carla).get("/me/").content.decode()
    assert f'data-person="{cast.carla.pk}"' in page
