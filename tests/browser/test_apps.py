"""An app is let in, in a real browser that goes there and back, by an app that only knows what is written down."""

from __future__ import annotations

import http.server
import json
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from playwright.sync_api import expect
from pytest_django.live_server_helper import LiveServer

from tests.browser.conftest import Visitor
from tests.schools.apps import App

pytestmark = pytest.mark.browser


class _Phone(http.server.BaseHTTPRequestHandler):
    """The app on somebody's own machine: it waits there for the browser to come back."""

    came: list[dict[str, list[str]]]

    def do_GET(self) -> None:
        """Note what came back, and say that it did."""
        parts = urlsplit(self.path)
        if parts.path == "/back":
            self.came.append(parse_qs(parts.query))
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b'<!doctype html><link rel="icon" href="data:,"><title>Rooster</title><h1>Rooster</h1>')

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Say nothing."""


@contextmanager
def phone() -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """Where it waits, and what came."""
    came: list[dict[str, list[str]]] = []
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), type("Own", (_Phone,), {"came": came}))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/back", came
    server.shutdown()
    server.server_close()


def call(address: str, key: str = "", **words: str) -> Any:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    data = urlencode(words).encode() if words else None
    with urllib.request.urlopen(urllib.request.Request(address, data, headers), timeout=20) as answer:  # noqa: S310
        return json.load(answer)


def test_there_and_back(visit_as: Any, live_server: LiveServer, settings: Any) -> None:
    settings.PUBLIC_URL = live_server.url
    visitor: Visitor = visit_as(width=360)
    about = call(f"{live_server.url}/.well-known/openid-configuration")
    with phone() as (place, came):
        app = App(back_to="http://127.0.0.1/back", public=True)
        app.back_to = place
        asks = app.asks().partition("?")[2]
        visitor.page.goto(f"{about['authorization_endpoint']}?{asks}")
        visitor.give_password("carla")
        expect(visitor.page.locator("h1")).to_have_text("Mag Rooster bij je account?")
        assert visitor.find_barriers() == []
        visitor.page.locator("button[value=allow]").click()
        visitor.page.wait_for_url(f"{place}?**")  # form-action 'self' held: a page of ours led on
        visitor.page.goto(f"{about['authorization_endpoint']}?{asks}")
        visitor.page.locator("button[value=deny]").click()
        visitor.page.wait_for_url(f"{place}?**")
    assert [answer["state"] for answer in came] == [[app.state], [app.state]]
    assert came[1]["error"] == ["access_denied"]
    words = {"client_id": app.client.pk, "redirect_uri": place, "code_verifier": app.verifier}
    code = {"grant_type": "authorization_code", "code": came[0]["code"][0]}
    keys = call(about["token_endpoint"], **words, **code)
    assert call(about["userinfo_endpoint"], keys["access_token"])["name"]
    assert call(f"{live_server.url}/api/v1/schools/de-wilg/groups/", keys["access_token"])["results"]
    visitor.go("/me/apps/")
    assert visitor.find_barriers() == []
    visitor.wrong = [one for one in visitor.wrong if not one.startswith(f"other host: {place}")]
