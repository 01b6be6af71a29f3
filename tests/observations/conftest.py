"""The clock of the pages: they run at the moment that a test names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from tests import factories


@pytest.fixture
def clock() -> Iterator[Callable[[dt.datetime], Any]]:
    """Stand still at the tests' moment; clock(moment) goes to another one."""
    with time_machine.travel(factories.NOW, tick=False) as travel:
        yield travel.move_to
