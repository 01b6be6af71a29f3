"""What people write never runs, on any page, in any file or letter: also if the policy of the pages were not there.

Row 59 of docs/faults.md; `make faults ROW=59` writes each string into each place. And the policy holds by itself (60).
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from schools.models import Delivery, Roster
from schools.post import check
from tests import factories, parts
from tests.browser.conftest import Visitor
from tests.platform import planted, remembered, scripts, test_matrix as matrix
from tests.platform.test_matrix import Stage, stage  # noqa: F401  # the fixture
from workgroups.models import GuidedStart, PeerFeedback

FEWEST = 500
EVERYWHERE = int(os.environ.get("SCRIPTS", "1"))  # how often each place gets other strings
LOOKED_AT = 16  # pages that a browser opens in the quick suite: the fullest
# Who opens most: the first of these that the table lets in.
NEAR = ("CH", "TM", "CO", "SL", "SA", "BA", "OP", "TC", "--")
ROOM = "http://samenspraak.example/"
WATCH = "self.kwaad = number => { (top.ran = top.ran || []).push(number) }"
_kept: dict[str, tuple[str, str]] = {}


def test_there_are_enough_and_each_is_another() -> None:
    made = scripts.corpus()
    assert len(made) == len(set(made)) >= FEWEST
    assert all(scripts.MARK in words for words in made)


@pytest.mark.parametrize("words", scripts._RUNS)
def test_a_page_that_took_them_for_more_would_be_noticed(words: str) -> None:
    place = words if words[0] == "<" else f"<p title=x{words}>" if words[0] == " " else f'<a href="{words}">'
    assert scripts.Reading(place).wrong


def _walk(stage: Stage) -> Iterator[tuple[str, Any]]:  # noqa: F811
    """Every page, and every file that a page becomes, once: as the caller who sees most of it."""
    for row in matrix._rows():
        who = next((one for one in NEAR if row.expected[one] == "+"), None)
        if row.method != "GET" or who is None or (row.name.startswith("api:") and not row.name.endswith("-pdf")):
            continue
        address = matrix._address(row.name, stage.own)
        yield row.name, matrix._call(stage.browsers[who], "GET", address)


def _more(stage: Stage) -> None:  # noqa: F811
    """What the stage itself lacks: notes, remarks, and feedback between two colleagues that was given."""
    planted._more_rows(stage)
    said = dict.fromkeys(("affirm", "critique", "constructive"), "-")
    PeerFeedback.objects.filter(pk=stage.own["peer_id"]).update(state="given", **said)
    answered: dict[str, Any] = {
        "state": "answered",
        "answer": "-",
        "answered_by": stage.cast.anna,
        "answered_on": factories.TODAY,
    }
    factories.help_asked(stage.cast.reading, kind="time", **answered)
    drafts = [{"id": 101, "version": 1, "text": words, "agreements": []} for words in scripts.corpus()[:3]]
    GuidedStart.objects.filter(group=stage.cast.reading).update(drafts=drafts)
    lines = [
        [2 + number, words, "", words, "kim@x.example", "", ""] for number, words in enumerate(scripts.corpus()[3:9])
    ]
    Roster.objects.update(lines=lines)


def _page_of(answer: Any) -> str:
    """The HTML that a browser, or the press, is given."""
    kind = answer.get("Content-Type", "")
    if answer.streaming or answer.status_code != 200:
        return ""
    if kind.startswith("application/pdf"):
        return str(json.loads(answer.content[len(b"%PDF-") :])["page"])
    return str(answer.text) if kind.startswith("text/html") else ""


def test_nothing_that_people_write_becomes_more_than_words(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    """Every text of every table is full of them; then every page is opened, and what a PDF is printed from."""
    remembered.read_hats_once(monkeypatch)
    _more(stage)
    texts = {f"{model._meta.label}.{one.name}" for model in scripts.tables() for one in scripts.words_of(model)}
    rows = {model._meta.label for model in scripts.tables() if model._base_manager.exists()}
    strings = scripts.corpus()
    seen: set[str] = set()
    for number in range(EVERYWHERE):
        filled = scripts.plant(number * len(strings) // EVERYWHERE)
        assert {text for text in texts - filled.texts if text.rpartition(".")[0] in rows} == REFUSED
        for name, answer in _walk(stage):
            if page := _page_of(answer):
                read = scripts.Reading(page)
                assert read.wrong == [], name
                words = "\n".join(read.words)
                seen |= {one for one in filled.strings - seen if one in words}
                if scripts.MARK in words:
                    _kept[name] = page, answer.get("Content-Security-Policy", "")
    assert len(seen) >= FEWEST, len(seen)


# Where the database itself takes nothing but what it can be.
REFUSED: set[str] = set()


@pytest.fixture
def room(browser: Browser) -> Iterator[Page]:
    """A browser in which every call of the strings is heard, and which fetches nothing."""
    context = browser.new_context()
    context.add_init_script(WATCH)
    page = context.new_page()
    yield page
    context.close()


def _ran(page: Page) -> list[int]:
    found: list[int] = page.evaluate("top.ran || []")
    return found


def _open(page: Page, body: str, policy: str = "") -> None:
    """Show a page as a server would give it, with its policy or without any; what it asks for is not there."""

    def give(route: Route) -> None:
        headers = {"Content-Type": "text/html; charset=utf-8"} | ({"Content-Security-Policy": policy} if policy else {})
        if route.request.url == ROOM:
            route.fulfill(status=200, headers=headers, body=body)
        else:
            route.abort()

    page.unroute_all()
    page.route("**/*", give)
    page.goto(ROOM, wait_until="domcontentloaded")


@pytest.mark.browser
def test_nothing_runs_without_the_policy(room: Page) -> None:
    assert _kept, "the walk before this one keeps the pages"
    fullest = sorted(_kept.items(), key=lambda one: -one[1][0].count(scripts.MARK))
    for name, (body, _policy) in fullest if EVERYWHERE > 1 else fullest[:LOOKED_AT]:
        _open(room, body)
        assert _ran(room) == [], name


@pytest.mark.browser
def test_the_policy_holds_where_words_are_not_kept_words(room: Page) -> None:
    """The same pages as if nothing were escaped: without the policy they run, with it they do not."""
    body, policy = max(_kept.values(), key=lambda one: one[0].count(scripts.MARK))
    assert "default-src 'none'" in policy
    _open(room, unescape(body))
    room.wait_for_function("(top.ran || []).length > 0")
    _open(room, unescape(body), policy)
    room.wait_for_timeout(100)
    assert _ran(room) == []


def test_letters_hold_words(stage: Stage) -> None:  # noqa: F811
    scripts.plant()
    ready = check.sort_out(list(Delivery.objects.select_related("user", "school")), now=factories.NOW).ready
    assert ready
    for _row, letter in ready:
        assert scripts.Reading(letter.html).wrong == []


# Where words are said to be safe already: drawings and styles of our own, and letters that were escaped one by one.
SAFE = {
    "observations/templatetags/paper.py",
    "platform/samenspraak/maintenance.py",
    "platform/samenspraak/templatetags/drawn.py",
    "schools/post/digest.py",
    "schools/templatetags/signing.py",
    "workgroups/templatetags/qr.py",
}


def test_hardly_anywhere_words_are_said_to_be_safe() -> None:
    said = re.compile(r"\|\s*safe(?:seq)?\b|autoescape off|mark_safe\(|SafeString\(")
    homes = ("cards", "schools", "workgroups", "observations", "platform", "templates")
    files = [path for home in homes for kind in ("py", "html") for path in (parts.ROOT / home).rglob(f"*.{kind}")]
    found = {str(path.relative_to(parts.ROOT)) for path in files if said.search(path.read_text(encoding="utf-8"))}
    assert found == SAFE


@pytest.mark.browser
def test_a_page_that_breaks_the_policy_is_noticed(room: Page) -> None:
    """What watches every page of every walk in a browser (conftest) hears of each broken rule."""
    visitor = Visitor(room, ROOM)
    visitor.watch()
    policy = next(policy for _body, policy in _kept.values() if policy)
    for broken in (
        "<script>1</script>",
        "<p onclick='1'>",
        "<p style='color:red'>",
        "<img src='http://elsewhere.example/x'>",
    ):
        visitor.wrong.clear()
        _open(room, broken, policy)
        room.click("body", force=True)
        assert visitor.wrong, broken
