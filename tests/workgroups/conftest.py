"""The scene of the page tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.conftest import TestCast
from tests.factories import NOW
from tests.workgroups import scene as scenes


@pytest.fixture
def place(cast: TestCast) -> Iterator[scenes.Scene]:
    """The group at work, on a Tuesday morning at ten."""
    with time_machine.travel(NOW, tick=False):
        yield scenes.build(cast)
