"""What a browser installs: the worker, the manifest and the page for no network."""

from __future__ import annotations

import json
import re
import struct
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from tests.conftest import TestCast

SHELL = re.compile(r"^const SHELL = (\[.*\]);$", re.MULTILINE)


def told_by_worker(browser: Client) -> list[str]:
    found = SHELL.search(browser.get("/worker.js").text)
    assert found
    names: list[str] = json.loads(found[1])
    return names


def test_the_worker_answers_for_the_whole_site(client: Client, db: None) -> None:
    answer = client.get("/worker.js")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Cache-Control"] == "no-cache"
    script = (settings.PACKAGE_DIR / "static/samenspraak/worker.js").read_text(encoding="utf-8")
    assert answer.text.endswith(script)


def test_it_is_the_same_for_everybody(cast: TestCast, as_: Any, client: Client) -> None:
    """It stays on the machine when its person is gone."""
    for path in ("/worker.js", "/offline/"):
        assert as_(cast.bram).get(path).content == as_(cast.carla).get(path).content == client.get(path).content


def test_what_it_keeps_is_there(client: Client, db: None) -> None:
    page, *files = told_by_worker(client)
    assert client.get(page).status_code == 200
    for name in files:
        assert finders.find(name.removeprefix("/static/")), name


def test_it_keeps_all_that_the_page_for_no_network_stands_on(client: Client, db: None) -> None:
    page = client.get("/offline/").text
    asked = re.findall(r'(?:<link[^>]* href|<script[^>]* src|data-script)="(/static/[^"]+)"', page)
    assert len(asked) > 3
    assert set(asked) <= set(told_by_worker(client))


def test_the_page_for_no_network_speaks_of_nobody(cast: TestCast, as_: Any) -> None:
    page = as_(cast.bram).get("/offline/").text
    assert "data-person" not in page
    assert "csrf" not in page
    assert "Bram" not in page


def test_it_speaks_the_readers_language(cast: TestCast, as_: Any, client: Client) -> None:
    assert "Er is geen netwerk" in client.get("/offline/").text
    client.cookies["language"] = "en"
    assert "There is no network" in client.get("/offline/").text


def test_the_manifest_says_how_it_installs(client: Client, db: None) -> None:
    answer = client.get("/app.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    told = answer.json()
    assert (told["name"], told["scope"], told["start_url"], told["display"], told["lang"]) == (
        "Samenspraak",
        "/",
        "/",
        "standalone",
        "nl",
    )
    assert {icon["purpose"] for icon in told["icons"]} == {"any", "maskable"}


def test_icons_are_as_large_as_the_manifest_says(client: Client, db: None) -> None:
    for icon in client.get("/app.webmanifest").json()["icons"]:
        found = finders.find(icon["src"].removeprefix("/static/"))
        assert found
        header = Path(str(found)).read_bytes()[:24]
        assert header[:8] == b"\x89PNG\r\n\x1a\n"
        assert "{}x{}".format(*struct.unpack(">II", header[16:24])) == icon["sizes"]


@pytest.mark.parametrize("path", ["/worker.js", "/app.webmanifest"])
def test_they_are_only_read(client: Client, db: None, path: str) -> None:
    assert client.post(path).status_code == 405
