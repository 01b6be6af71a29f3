"""A real Chromium before the real pages: what it must never see is checked on every page it opens."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Error,
    Locator,
    Page,
    Request,
    Response,
    expect,
)
from pytest_django.live_server_helper import LiveServer

from samenspraak.demo import cast as told, shapes, story
from schools import tenancy
from schools.models import User
from tests import again

# Playwright's synchronous driver keeps a loop running in this thread, which Django would refuse.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
EVERYBODY = told.PEOPLE | shapes.EXTRAS
# In milliseconds, and only ever waited for in vain: a page asks every two seconds, five screens share a busy machine.
IN_STEP = 20_000
expect.set_options(timeout=IN_STEP)
MARK = "document.documentElement.dataset.marked = 'yes'"
MARKED = "html[data-marked]"
SCREENS_AT_MOST = 5
# Each word with a browser costs three programs their time: so one before axe reads a page, and one that reads it.
HAS_AXE = f"{MARK}; 'axe' in window"
READ_BARRIERS = """async asked => {
    const { violations } = await axe.run(asked);
    const found = violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html.slice(0, 120)}`));
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [...found, `scrolls ${scrollWidth - clientWidth} px sideways`] : found;
}"""
# What does not break a rule is not written out: that takes half the time. No rule that runs reads a style sheet's text.
FINDINGS = {"resultTypes": ["violations"], "preload": {"assets": ["media"]}}
# What another width and another light can change of a page whose every rule was held already.
LOOKS = ["color-contrast", "link-in-text-block", "scrollable-region-focusable", "target-size"]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """The Chromium of this machine, without calls of its own to anywhere."""
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": os.environ.get("CHROMIUM", "/usr/bin/chromium"), "args": [*quiet, *sandbox]}


def press(page: Page, what: str | Locator, *, times: int = 1) -> None:
    """Click on what leads to another page, and wait until that has come: whole, by whatever way it came.

    Playwright's own waiting can be content with the page that is still there; so that one is marked before it goes.
    """
    target = (page.locator(what) if isinstance(what, str) else what).first
    target.wait_for()
    with leaving(page):
        target.click(click_count=times)


@contextmanager
def leaving(page: Page) -> Iterator[None]:
    """What happens in here leads to another page; it has come, whole, when this ends."""
    page.evaluate(MARK)
    yield
    page.wait_for_selector(f":not({MARKED}):root", state="attached")
    page.wait_for_load_state()


def give_session(context: BrowserContext, user: User, address: str) -> None:
    """Leave behind in a browser what the form for signing in does."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": address}])


@dataclass
class Visitor:
    """Somebody at a screen; collects what went wrong on the pages."""

    page: Page
    address: str
    wrong: list[str] = field(default_factory=list)

    def watch(self) -> None:
        """Note every broken rule: a call to another host, a blocked script or style, a page that broke."""
        self.page.on("request", self._watch_request)
        self.page.on("console", self._watch_console)
        self.page.on("pageerror", self._watch_script)
        self.page.on("response", self._watch_answer)

    def _watch_request(self, request: Request) -> None:
        if not request.url.startswith((self.address, "data:", "about:")):
            self.wrong.append(f"other host: {request.url}")

    def _watch_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "the server responded with a status of 4" not in message.text:
            self.wrong.append(f"console: {message.text}")

    def _watch_answer(self, answer: Response) -> None:
        if answer.status >= 500:
            self.wrong.append(f"{answer.status} {answer.url}")

    def _watch_script(self, error: Error) -> None:
        self.wrong.append(f"script: {error}")

    def go(self, path: str) -> Page:
        """Open a page."""
        self.page.goto(self.address + path)
        return self.page

    def sign_in(self, short: str) -> Visitor:
        """Sign in by the form, as people do."""
        self.go("/account/login/")
        self.give_password(short)
        return self

    def come_in(self, short: str) -> Visitor:
        """Be signed in: what the form leaves behind, without the form."""
        with tenancy.acting_for_system("tests"):
            user = User.objects.get(email=EVERYBODY[short].email)
        give_session(self.page.context, user, self.address)
        return self

    def give_password(self, short: str) -> None:
        """Fill in the form for signing in, wherever it came up, and go where it leads."""
        self.page.fill("input[name=login]", EVERYBODY[short].email)
        self.page.fill("input[name=password]", told.PASSWORD)
        self.press("main form button[type=submit], main form button:not([type])")
        assert "/login/" not in self.page.url.partition("?")[0]

    def press(self, what: str | Locator) -> None:
        """Click on what leads to another page, and wait until that has come."""
        press(self.page, what)

    def is_at(self, step: str) -> None:
        """Wait until a page that keeps in step stands at this step, whole."""
        self.page.wait_for_selector(f"[data-follow-page={step}]", state="attached", timeout=IN_STEP)
        self.page.wait_for_load_state()

    def find_barriers(self, *, looks_only: bool = False) -> list[str]:
        """What axe finds on the page as it stands, and whether the page scrolls sideways.

        A page that keeps in step may give way to the next while axe reads it; then that one is read, whole.
        """
        rules = {"runOnly": {"type": "rule", "values": LOOKS}} if looks_only else {}
        for _once in range(SCREENS_AT_MOST):
            self.page.wait_for_load_state()
            try:
                if not self.page.evaluate(HAS_AXE):
                    self.page.evaluate(AXE_SCRIPT)
                barriers: list[str] = self.page.evaluate(READ_BARRIERS, FINDINGS | rules)
                return barriers
            except Error:
                self.page.wait_for_load_state()
                if self.page.locator(MARKED).count():
                    raise
        raise AssertionError(f"{self.page.url} does not stand still")


@pytest.fixture
def year(transactional_db: None, settings: Any, tmp_path: Path) -> None:
    """The demo's whole story, told today: anew in every hour of the clock, else put back as it was told."""
    settings.DEMO_DIR = tmp_path
    settings.MAIL_DIR = tmp_path / "mail"
    settings.MAIL_DIR.mkdir()
    # How slow a password is to try says nothing about pages, and costs half of telling the story.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Who tried to sign in too often in another test did not do so in this one.
    cache = settings.CACHES["default"]
    settings.CACHES = {"default": {**cache, "KEY_PREFIX": uuid.uuid4().hex}}
    again.tables(_tell, when=timezone.now().replace(minute=0, second=0, microsecond=0))


def _tell() -> None:
    call_command("load_deck", verbosity=0)
    story.tell(now=timezone.now())


@pytest.fixture
def visit_as(browser: Browser, live_server: LiveServer, year: None) -> Iterator[Any]:
    """Somebody of the cast at a screen: visit_as("carla", width=360, dark=True)."""
    contexts: list[BrowserContext] = []
    visitors: list[Visitor] = []

    def open_screen(short: str = "", *, width: int = 1280, height: int = 900, dark: bool = False) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="nl-NL",
        )
        contexts.append(context)
        visitor = Visitor(context.new_page(), live_server.url)
        visitor.watch()
        visitors.append(visitor)
        return visitor.come_in(short) if short else visitor

    yield open_screen
    for context in contexts:
        context.close()
    wrong = [one for visitor in visitors for one in visitor.wrong]
    assert not wrong, wrong
