"""The first visit of a page, on a phone: few requests and little to carry (docs/decisions/0022)."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders

from schools import tenancy
from tests.browser.conftest import Visitor
from workgroups.models import Meeting, WorkGroup

pytestmark = pytest.mark.browser

MOST_REQUESTS = 4
MOST_BYTES = 45_000


class Meter:
    """Counts what one page fetches, in requests and in bytes on the line."""

    def __init__(self, visitor: Visitor) -> None:
        self.visitor = visitor
        self.sizes: dict[str, float] = {}
        names: dict[str, str] = {}
        line = visitor.page.context.new_cdp_session(visitor.page)
        line.send("Network.enable")
        line.send("Network.setCacheDisabled", {"cacheDisabled": True})
        line.on("Network.requestWillBeSent", lambda told: names.update({told["requestId"]: told["request"]["url"]}))
        line.on(
            "Network.loadingFinished",
            lambda told: self.sizes.update({names[told["requestId"]]: told["encodedDataLength"]}),
        )

    def visit(self, path: str) -> dict[str, float]:
        self.visitor.page.goto("about:blank")
        self.sizes.clear()
        self.visitor.go(path)
        self.visitor.page.wait_for_load_state("networkidle")
        states = f"{self.visitor.address}{path}".split("?")[0] + "state/"
        return {name: _on_the_line(name, size) for name, size in self.sizes.items() if name != states}


def _on_the_line(name: str, size: float) -> float:
    """Static files travel as collecting them compresses them; the tests serve them as they are."""
    _host, static, path = name.partition("/static/")
    found = finders.find(path) if static else None
    return len(gzip.compress(Path(found).read_bytes())) if found else size


def test_no_page_asks_much(visit_as: Any) -> None:
    with tenancy.acting_for_system("tests"):
        group = WorkGroup.objects.get(name="Begrijpend lezen")
        meeting = Meeting.objects.filter(group=group, state="planned").earliest("day")
        period = group.periods.get(state="live")
    inside = f"/s/de-wilg/groups/{group.pk}/"
    meter = Meter(visit_as("els", width=360))
    heavy = []
    for path in (
        "/s/de-wilg/",
        inside,
        f"{inside}card/",
        f"{inside}profile/",
        f"{inside}scans/",
        f"{inside}papers/",
        f"{inside}agreements/",
        f"/s/de-wilg/meetings/{meeting.pk}/",
        f"/s/de-wilg/meetings/{meeting.pk}/screen/",
        f"/s/de-wilg/focus/{period.pk}/start/?screen=1",
        "/s/de-wilg/dashboard/",
        "/help/scan/",
    ):
        sizes = meter.visit(path)
        if len(sizes) > MOST_REQUESTS or sum(sizes.values()) > MOST_BYTES:
            heavy.append((path, sizes))
    assert heavy == []
