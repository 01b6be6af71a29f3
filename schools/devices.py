"""What somebody calls the machine at which they are signed in, told from what its browser says of itself."""

from __future__ import annotations

from django.utils.translation import gettext as _

# The first that is found: many browsers also name those that they are like.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chromium", "Chromium"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "Chromebook"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
_APART = "/"


def called(told: str) -> str:
    """The browser and the system ("Firefox/Android"); no version, and "" for what is neither: that tells too much."""
    browser, system = _first(told, _BROWSERS), _first(told, _SYSTEMS)
    return f"{browser}{_APART}{system}" if browser or system else ""


def in_words(device: str) -> str:
    """As people read it: "Firefox on Android"."""
    browser, _apart, system = device.partition(_APART)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser")


def _first(told: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for sign, name in known if sign in told), "")
