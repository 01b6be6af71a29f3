"""While work is done: every page says so without asking the database, probes and the look go on."""

from __future__ import annotations

import logging
import re
from html.parser import HTMLParser
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as given
from django.core.management import call_command
from django.test import Client


@pytest.fixture
def working(settings: Any, tmp_path: Path) -> Path:
    """Work is being done."""
    settings.MAINTENANCE_FILE = tmp_path / "maintenance"
    file: Path = settings.MAINTENANCE_FILE
    file.touch()
    return file


@pytest.mark.parametrize("path", ["/", "/account/login/", "/s/de-wilg/", "/nowhere/"])
def test_every_page_says_so(client: Client, working: Path, path: str) -> None:
    """Without the db fixture any question to the database would fail this test."""
    answer = client.get(path)
    assert answer.status_code == 503
    assert "We werken aan Samenspraak" in answer.text
    assert answer["Retry-After"] == "300"
    assert "no-store" in answer["Cache-Control"]
    assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
    assert not answer.cookies


def test_it_is_no_error_of_which_operators_are_told(
    client: Client, working: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert client.get("/").status_code == client.get("/api/v1/me/").status_code == 503
    assert [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING] == []


def test_a_form_that_was_sent_is_not_lost_silently(client: Client, working: Path) -> None:
    assert client.post("/s/de-wilg/groups/new/", {"name": "Rekenen"}).status_code == 503


def test_it_speaks_the_language_of_the_device(client: Client, working: Path) -> None:
    client.cookies[given.LANGUAGE_COOKIE_NAME] = "en"
    assert "We are working on Samenspraak" in client.get("/").text


def test_programs_read_a_problem(client: Client, working: Path) -> None:
    answer = client.get("/api/v1/me/")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert answer.json()["code"] == "maintenance"
    assert answer["Retry-After"] == "300"


def test_probes_and_the_look_go_on(client: Client, working: Path, db: None) -> None:
    assert client.get("/livez").status_code == 200
    look = client.get("/static/samenspraak/samenspraak.css")
    assert look.status_code == 200
    look.close()


def test_it_is_over_when_the_file_is_gone(client: Client, working: Path, db: None) -> None:
    working.unlink()
    assert client.get("/").status_code == 200


class _Asked(HTMLParser):
    """What a page asks for beside itself."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.asked += [f"{tag} {value}" for name, value in attrs if name in {"src", "href"} and tag != "a"]


def test_the_page_for_a_proxy_needs_nothing_else() -> None:
    written = StringIO()
    call_command("maintenance_page", stdout=written)
    page, asked = written.getvalue(), _Asked()
    asked.feed(page)
    assert asked.asked == []
    assert not re.search(r"url\(|@import", page)
    assert "We werken aan Samenspraak" in page
    assert "We are working on Samenspraak" in page
