"""Renew docs/pictures from a fresh demo that runs: `make demo-reset demo` in one terminal, `make pictures` in another.

README shows them, and the help pages those in help/, which alone travel in the wheel. The demo tells the same story
every time, so its numbers stand.
"""

import base64
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "pictures"
WILG = "/s/de-wilg/"
PASSWORD = "samen-in-gesprek"  # of the demo, where all are invented
TOP_OF = "(heading) => (heading.closest('.card') || heading).getBoundingClientRect().top + scrollY - 24"


@dataclass(frozen=True)
class Picture:
    """One page as somebody sees it: a window in pixels, drawn at ``scale``.

    ``press`` is a button to press first, ``at`` a heading with which the picture begins.
    """

    name: str
    path: str
    who: str = "els@dewilg.example"
    width: int = 1280
    height: int = 860
    scale: float = 0.75
    press: str = ""
    at: str = ""


PICTURES = (
    Picture("home-phone", WILG, "carla@dewilg.example", 390, 844, 1.0),
    Picture("card", "/cards/openness/", height=900),
    Picture("help/profile", f"{WILG}groups/1/profile/", height=900),
    Picture("api", "/about/api/goals/", height=1000),
    Picture("dashboard", f"{WILG}dashboard/", "anna@dewilg.example", height=900),
    Picture("profile/group-phone", f"{WILG}groups/1/profile/", width=390, height=844, scale=1.0),
    Picture("profile/over-time", f"{WILG}groups/1/profile/", at="#time"),
    Picture("profile/aspect", f"{WILG}groups/1/profile/openness/", height=1150),
    Picture("profile/sharing", f"{WILG}groups/1/sharing/", width=560, height=1000, scale=0.8),
    Picture("profile/leader", f"{WILG}groups/1/profile/", "anna@dewilg.example", height=900),
    Picture("profile/help", f"{WILG}dashboard/", "anna@dewilg.example", height=600, at="#help"),
    Picture("profile/shared", f"{WILG}dashboard/", "anna@dewilg.example", height=510, at="#shared"),
    Picture("help/choose", "/cards/", width=900, height=1100, scale=0.6),
    Picture("help/start", f"{WILG}focus/5/start/?screen=1", height=720, scale=0.6, press="main form button.button"),
    Picture("help/scan", f"{WILG}scans/3/", width=560, height=1100, scale=0.9),
    Picture("help/goals", f"{WILG}agreements/5/", width=560, height=900, scale=0.9),
    Picture("help/meeting", f"{WILG}meetings/9/screen/", height=720, scale=0.6),
)


def main(address: str) -> None:
    with sync_playwright() as playwright:
        browser = launch(playwright)
        for picture in PICTURES:
            page = signed_in(browser, address, picture)
            page.goto(address + picture.path)
            if picture.press and page.locator(picture.press).count():
                page.click(picture.press)
                page.wait_for_load_state("networkidle")
            (FOLDER / f"{picture.name}.webp").write_bytes(drawn(page, picture))
            page.context.close()
        if shutil.which("pdftoppm"):
            draw_paper(signed_in(browser, address, PICTURES[0]), address)
        browser.close()


def launch(playwright: Playwright) -> Browser:
    """The browser that draws."""
    chromium = os.environ.get("CHROMIUM", "/usr/bin/chromium")
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return playwright.chromium.launch(executable_path=chromium, args=sandbox)


def signed_in(browser: Browser, address: str, picture: Picture) -> Page:
    """A new browser window of the picture's size, with its person signed in."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="light",
        reduced_motion="reduce",
        locale="nl-NL",
        timezone_id="Europe/Amsterdam",
    )
    page = context.new_page()
    page.goto(f"{address}/account/login/")
    page.fill("input[name=login]", picture.who)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button.button")
    page.wait_for_load_state()
    return page


def drawn(page: Page, picture: Picture) -> bytes:
    """What the window shows, or the part of the page from a heading on, as WebP."""
    top = page.locator(picture.at).evaluate(TOP_OF) if picture.at else 0
    window = {"x": 0, "y": top, "width": picture.width, "height": picture.height, "scale": picture.scale}
    asked = {"format": "webp", "quality": 78, "clip": window, "captureBeyondViewport": bool(picture.at)}
    shot = page.context.new_cdp_session(page).send("Page.captureScreenshot", asked)
    return base64.b64decode(shot["data"])


def draw_paper(page: Page, address: str) -> None:
    """Draw both sides of a profile on paper beside each other; pdftoppm comes with poppler-utils."""
    made = page.request.get(f"{address}{WILG}groups/1/profile.pdf").body()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["pdftoppm", "-r", "62", "-png", "-", f"{folder}/side"], input=made, check=True)
        sides = [Image.open(path) for path in sorted(Path(folder).iterdir())]
        paper = Image.new("RGB", (sum(side.width + 12 for side in sides) + 12, sides[0].height + 24), "#E9E2D4")
        for place, side in enumerate(sides):
            paper.paste(side, (12 + place * (side.width + 12), 12))
        paper.save(FOLDER / "profile-paper.webp", quality=78)


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
