"""Renew the pictures of a whole visit in docs/pictures/visit (`make pictures`), on a phone and on a tablet.

The coach's device stands in a room without a network: its clock is put to the meeting of the demo, and nothing of what
is written there reaches the demo's school.
"""

import sys
from dataclasses import dataclass

from playwright.sync_api import Browser, Page, sync_playwright

from tests.pictures import FOLDER, Picture, drawn, launch, signed_in

SIZES = {"phone": (390, 844, 0.75), "tablet": (820, 1100, 0.6)}
COACH, CHAIR = "bram@coach.example", "els@dewilg.example"
SHARED = "/s/de-wilg/visits/2/"
PROPOSED = "/s/de-wilg/visits/5/"
NOTES = {
    "well-substantiating": "Bij elk plan zei iemand ook wat ertegen pleit.\nJullie legden de cijfers erbij.",
    "chances-substantiating": "De stille stemmen kwamen laat.",
    "chances-openness": "Vraag door bij een idee dat niet het jouwe is.",
}
PAIR = {
    "p1-strong": "Bij elk plan noemden jullie ook wat ertegen pleit.",
    "p1-improvement": "Vraag ook door bij een idee dat niet het jouwe is.",
}
CARDS = {"p1-strong_aspect": "substantiating", "p1-improvement_aspect": "openness"}
UNFOLD = "(field) => { const fold = field.closest('details'); if (fold) fold.open = true; }"
MINUTE = 60_000


@dataclass
class Camera:
    """One size of screen."""

    browser: Browser
    address: str
    size: str

    def open(self, who: str) -> Page:
        """A browser of this size with somebody signed in."""
        return signed_in(self.browser, self.address, self._picture("", who))

    def take(self, page: Page, name: str) -> None:
        """Write what the screen shows, from its top."""
        page.evaluate("scrollTo(0, 0)")
        page.wait_for_timeout(300)
        picture = self._picture(f"visit/{name}-{self.size}", "")
        (FOLDER / f"{picture.name}.webp").write_bytes(drawn(page, picture))

    def _picture(self, name: str, who: str) -> Picture:
        return Picture(name, "", who, *SIZES[self.size])


def contract(camera: Camera) -> None:
    """What the group reads before it says yes."""
    els = camera.open(CHAIR)
    els.goto(camera.address + PROPOSED)
    camera.take(els, "01-contract")


def visit(camera: Camera) -> None:
    """The coach: getting ready, and then the room without a network."""
    page = camera.open(COACH)
    page.goto(f"{camera.address}/s/de-beuk/")
    camera.take(page, "02-home")
    page.get_by_role("link", name="Bereid je bezoek voor").click()
    camera.take(page, "03-prepare")
    field = page.url.replace("prepare", "field")
    page.goto(field)
    page.wait_for_function("async () => (await caches.keys()).length > 1")
    starts = page.evaluate("JSON.parse(document.querySelector('#field-data').textContent).starts")
    page.clock.install(time=starts)
    page.reload()
    page.locator("[data-start]").wait_for()
    page.context.set_offline(True)
    camera.take(page, "04-before")
    _listen_and_write(camera, page)


def _listen_and_write(camera: Camera, page: Page) -> None:
    page.locator("[data-start]").click()
    page.locator("[data-step=listen]").wait_for()
    page.wait_for_timeout(300)
    page.clock.fast_forward(13 * MINUTE)
    camera.take(page, "05-listening")
    page.clock.fast_forward(7 * MINUTE)
    page.locator("[data-go=stop]:visible").click()
    page.locator("[data-stop]").click()
    for name, words in NOTES.items():
        box = page.locator(f"[name={name}]")
        box.evaluate(UNFOLD)
        box.fill(words)
    _rest(page)
    camera.take(page, "06-notes")
    page.locator("[data-go=pairs]:visible").first.click()
    for name, words in PAIR.items():
        page.fill(f"[name={name}]", words)
    for name, card in CARDS.items():
        page.select_option(f"[name={name}]", card)
    _rest(page)
    camera.take(page, "07-pairs")
    page.locator("[data-go=ready]:visible").first.click()
    camera.take(page, "08-ready")


def _rest(page: Page) -> None:
    """Let the device keep what was typed, and say so."""
    page.clock.run_for(2000)
    page.wait_for_timeout(300)


def feedback(camera: Camera) -> None:
    """The group: what it was given, and the talk about it."""
    els = camera.open(CHAIR)
    els.goto(camera.address + SHARED)
    camera.take(els, "09-feedback")
    begin = els.locator(f"form[action='{SHARED}debrief/'] button")
    if begin.count():
        begin.click()
    els.goto(f"{camera.address}{SHARED}debrief/")
    camera.take(els, "10-together")


def main(address: str) -> None:
    """Take them all."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for size in SIZES:
            camera = Camera(browser, address, size)
            for part in (contract, visit, feedback):
                part(camera)
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
