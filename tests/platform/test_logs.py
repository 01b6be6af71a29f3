"""What stands in the logs lets nobody in."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from samenspraak.logs import Line
from schools import post
from tests.conftest import TestCast
from tests.factories import NOW
from workgroups import actions, calendars


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What the product's own handler writes."""
    (handler,) = (one for one in logging.getLogger().handlers if isinstance(one.formatter, Line))
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "propfind"])
def test_no_address_that_opens_something(cast: TestCast, client: Client, log: io.StringIO, method: str) -> None:
    """Calendar programs look for more than a feed at its address (PROPFIND), scanners try all they know."""
    signed = calendars.sign(actions.make_feed(by=cast.carla, now=NOW).key)
    signs = post.stop.token(cast.carla.pk, post.EVERY)
    feed, stop = reverse("calendar-feed", args=[signed]), reverse("stop-letters", args=[signs])
    addresses = [feed] if method == "post" else [feed, stop]
    for address in addresses:
        assert client.generic(method.upper(), address).status_code == 405
    client.get(stop[:-2] + "/")
    assert log.getvalue().count("Method Not Allowed") >= len(addresses)
    assert "Not Found" in log.getvalue()
    assert signed[:8] not in log.getvalue()
    assert signs[8:16] not in log.getvalue()


@pytest.mark.parametrize(
    "path", ["/join/WOLK-LAMP-7/", "/account/password/reset/key/1-set-abcdef-12/", "/calendar/aB-_c9x.ics"]
)
def test_secrets_are_left_out_also_beneath_the_line(path: str) -> None:
    try:
        int(path)
    except ValueError as error:
        trace = (type(error), error, error.__traceback__)
    told = Line("%(message)s").format(logging.LogRecord("x", logging.ERROR, "", 1, "Broke: %s", (path,), trace))
    assert path not in told
    assert "ValueError" in told


@pytest.mark.parametrize("path", ["/s/de-wilg/meetings/123456/", "/me/calendar/1/renew/", "/calendar/", "/me/letters/"])
def test_all_else_is_told(path: str) -> None:
    assert path in Line("%(message)s").format(logging.LogRecord("x", logging.INFO, "", 1, "%s", (path,), None))
