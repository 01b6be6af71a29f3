"""Bram in the field: welcome at a meeting that has just begun, with a device and a line to his school."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field as given
from pathlib import Path
from typing import Any

from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from observations import actions
from observations.models import Observation, Visit
from schools import tenancy
from tests import conftest, factories
from tests.browser.conftest import IN_STEP, give_session
from tests.browser.line import Line, before
from workgroups.models import Meeting

GROUP = "Begrijpend lezen"
TRIES = 400
NO_NETWORK = ("Failed to load resource", "An unknown error occurred when fetching the script")
EVERYTHING = """(person) => new Promise((resolve, reject) => {
    const opening = indexedDB.open(`samenspraak-${person}`);
    opening.onupgradeneeded = () => opening.transaction.abort();
    opening.onerror = () => resolve(null);
    opening.onsuccess = () => {
        const asking = opening.result.transaction("observations").objectStore("observations").getAll();
        asking.onsuccess = () => resolve(asking.result);
        asking.onerror = () => reject(asking.error);
        opening.result.close();
    };
})"""
LEFT = """async () => ({
    databases: (await indexedDB.databases()).map((one) => one.name),
    caches: (await caches.keys()).filter((name) => name !== "samenspraak-shell"),
    keys: Object.keys(localStorage).filter((key) => key !== "samenspraak.signed-out"),
})"""
NOTHING_WAITS = """() => Object.entries(localStorage).every(
    ([key, told]) => !key.startsWith("samenspraak-unsent-") || JSON.parse(told).visits.length === 0,
)"""
UNFOLD = """(field) => {
    for (let up = field; up; up = up.parentElement) if (up.matches("details")) up.open = true;
}"""


@dataclass
class Field:
    """The visit, the line, and every device that was used."""

    cast: conftest.TestCast
    visit: Visit
    line: Line
    browser: Browser
    launched: dict[str, Any] = given(default_factory=dict)
    devices: list[Device] = given(default_factory=list)

    @property
    def path(self) -> str:
        """The visit as one page."""
        return f"/s/de-wilg/visits/{self.visit.pk}/field/"

    def device(self, who: str = "bram", *, width: int = 820, folder: Path | None = None) -> Device:
        """A device with somebody signed in; with a folder, one that can be closed and opened again."""
        look: dict[str, Any] = {
            "base_url": self.line.address,
            "viewport": {"width": width, "height": 1100},
            "locale": "nl-NL",
            "reduced_motion": "reduce",
        }
        anew = self.browser.browser_type.launch_persistent_context
        context = anew(folder, **self.launched, **look) if folder else self.browser.new_context(**look)
        context.set_default_timeout(IN_STEP)
        device = Device(self, context)
        self.devices.append(device)
        if who:
            device.sign_in(who)
        return device

    def is_cut(self) -> Any:
        """No network in here, as the devices' own sign for it tells too."""
        return self._cut()

    @contextmanager
    def _cut(self) -> Iterator[None]:
        with self.line.cut():
            for device in self.devices:
                device.go_offline(True)
            yield
        for device in self.devices:
            device.go_offline(False)

    def at_school(self) -> Observation | None:
        """The one observation of the visit, if there is any; the visit as it stands."""
        with tenancy.acting_for_system("tests"):
            self.visit.refresh_from_db()
            return Observation.objects.filter(visit=self.visit).first()

    def notes(self) -> dict[str, tuple[str, str]]:
        """What school has of the notes: per card what goes well, and chances."""
        with tenancy.acting_for_system("tests"):
            rows = Observation.objects.get(visit=self.visit).notes.select_related("aspect")
            return {row.aspect.key: (row.going_well, row.chances) for row in rows}

    @property
    def kept(self) -> list[int]:
        """How school answered each time an observation came."""
        return [status for method, _path, status in self.line.writes if method == "PUT"]


@dataclass
class Device:
    """A browser, what it has on it, and what went wrong on its pages."""

    field: Field
    context: BrowserContext
    wrong: list[str] = given(default_factory=list)
    is_closed: bool = False

    def __post_init__(self) -> None:
        self.context.on("page", self._watch)
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self._watch(self.page)

    def _watch(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.wrong.append(f"script: {error.stack}"))
        page.on("console", self._watch_console)
        page.on("response", self._watch_answer)

    def _watch_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(NO_NETWORK):
            self.wrong.append(f"console: {message.text}")

    def _watch_answer(self, answer: Response) -> None:
        if answer.status >= 500 and self.field.line.state != "lying":
            self.wrong.append(f"{answer.status} {answer.url}")

    def close(self) -> None:
        """Close the browser."""
        if not self.is_closed:
            self.context.close()
        self.is_closed = True

    def go_offline(self, offline: bool) -> None:
        """Let the browser know that there is no network, or that there is one again."""
        if not self.is_closed:
            self.context.set_offline(offline)

    def sign_in(self, who: str) -> None:
        """As the form would; it is tried elsewhere."""
        give_session(self.context, self.field.cast.people[who], self.field.line.address)

    def sign_out_elsewhere(self) -> None:
        """The session ends, and the device does not know."""
        self.context.clear_cookies(name="session")

    def open(self, says: str = "ready") -> Page:
        """The visit with a network; "ready": the device keeps it."""
        self.page.goto(self.field.path)
        self.says(says)
        return self.page

    def listen(self) -> None:
        """Listen for a moment: sit down, and stop early, which is asked once."""
        self.page.click("[data-start]")
        self.page.click("[data-step=listen] [data-go=stop]:visible")
        self.page.click("[data-stop]")
        expect(self.page.locator("[data-step=notes]")).to_be_visible()

    def write(self, name: str, words: str, page: Page | None = None) -> None:
        """Type into the field of this name, whatever is folded around it."""
        field = (page or self.page).locator(f"[name='{name}']")
        field.evaluate(UNFOLD)
        field.fill(words)

    def says(self, *which: str, page: Page | None = None) -> None:
        """Wait until the page says one of these about where the words are."""
        told = ", ".join(f"[data-says={one}]" for one in which)
        expect((page or self.page).locator(told).locator("visible=true").first).to_be_visible()

    def has_sent_all(self) -> None:
        """Wait until nothing on the device waits any more, and no line says that it does."""
        self.page.wait_for_function(NOTHING_WAITS)
        expect(self.page.locator("[data-unsent-line]")).to_have_count(0)

    def rows(self, who: str = "bram") -> list[dict[str, Any]] | None:
        """What is in the database of this person; None where there is no database."""
        found: list[dict[str, Any]] | None = self.page.evaluate(EVERYTHING, self.field.cast.people[who].pk)
        return found

    def has_kept(self, name: str, words: str) -> None:
        """Wait until the device holds these words in a field."""
        for _once in range(TRIES):
            if any(row["fields"].get(name) == words for row in self.rows() or []):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(self.rows())

    def line(self) -> str:
        """What the line on every page says; nothing where it does not stand."""
        found = self.page.locator("[data-unsent-line]")
        return found.locator("p").first.inner_text().strip() if found.count() else ""

    def left_behind(self) -> dict[str, Any]:
        """Everything that a browser keeps for pages, but the page for no network that is about nobody."""
        found: dict[str, Any] = self.page.evaluate(LEFT)
        return found


@contextmanager
def opened(live_server: LiveServer, browser: Browser, launched: dict[str, Any] | None = None) -> Iterator[Field]:
    """Bram in the field; on his devices nothing may go wrong out of his sight."""
    with tenancy.acting_for_system("tests"):
        cast = conftest.gather()
        visit = welcome(cast)
    with before(live_server.url) as line:
        field = Field(cast, visit, line, browser, launched or {})
        yield field
        for device in field.devices:
            device.close()
    wrong = [one for device in field.devices for one in device.wrong]
    assert not wrong, wrong


def welcome(cast: conftest.TestCast, *, ago: dt.timedelta = dt.timedelta(minutes=5)) -> Visit:
    """A visit of Bram's, to a meeting that began a while ago."""
    now = timezone.now()
    school = cast.schools["de-wilg"]
    begun = (now - ago).astimezone(school.zone).replace(second=0, microsecond=0)
    meeting: Meeting = factories.meeting(cast.reading, begun.date(), begun.time())
    bram, els = (factories.hat(cast.people[name], school, today=begun.date()) for name in ("bram", "els"))
    asked = meeting.starts_at - dt.timedelta(days=1)
    visit = actions.propose_visit(meeting=meeting, purpose="support", by=bram, now=asked)
    return actions.accept_visit(visit=visit, by=els, now=asked)
