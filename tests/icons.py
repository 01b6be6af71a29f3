"""Draw the icons of the installed app from the favicon: `make icons`. They change only when the favicon does."""

from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.pictures import launch

FOLDER = Path(__file__).resolve().parents[1] / "platform" / "samenspraak" / "static" / "samenspraak"
TABLE = "#E9E2D4"  # the table of the stylesheet, by day
# How much of the square the drawing takes; a mask may cut a maskable one down to its inner circle.
ICONS = {"icon-192": (192, 0.82, TABLE), "icon-512": (512, 0.82, TABLE), "icon-maskable": (512, 0.56, TABLE)}


def main() -> None:
    favicon = (FOLDER / "favicon.svg").read_text(encoding="utf-8")
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page()
        for name, (size, share, ground) in ICONS.items():
            page.set_viewport_size({"width": size, "height": size})
            look = f"margin:0;height:100vh;display:grid;place-items:center;background:{ground}"
            page.set_content(f"<body style='{look}'><div style='width:{share:.0%}'>{favicon}</div>")
            page.screenshot(path=FOLDER / f"{name}.png")
        browser.close()


if __name__ == "__main__":
    main()
