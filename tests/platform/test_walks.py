"""The walks in a browser never look at a page that is about to be replaced."""

from __future__ import annotations

import re
from pathlib import Path

WALKS = Path(__file__).parent.parent / "browser"
# Each of these may be content with the page that is still there; `press` and `leaving` in the conftest are not.
DECEIVES = re.compile(r"wait_for_load_state\(\)|expect_navigation|dblclick|wait_for_url\(f?\"\*\*[^*]*\"\)")


def test_they_wait_for_the_next_page_by_one_door() -> None:
    walks = sorted(WALKS.glob("test_*.py"))
    assert len(walks) > 5
    found = [f"{path.name}: {line.strip()}" for path in walks for line in path.read_text().splitlines()]
    assert [line for line in found if DECEIVES.search(line)] == []
