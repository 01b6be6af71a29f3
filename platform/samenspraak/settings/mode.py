"""SAMENSPRAAK_MODE: demo (one machine, nothing to install, 127.0.0.1 only) or production; and where things lie."""

import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from samenspraak import environment

PACKAGE_DIR = Path(__file__).resolve().parents[1]
BASE_DIR = PACKAGE_DIR.parents[1]
DEMO_DIR = Path(environment.text("DEMO_DIR", ".demo")).absolute()
DEMO_DATABASE = DEMO_DIR / "demo.sqlite3"


def _mode() -> str:
    """The mode set, or the demo where a demo's database stands and manage.py asks."""
    mode = environment.text("SAMENSPRAAK_MODE")
    if mode in {"demo", "production"}:
        return mode
    if mode:
        raise ImproperlyConfigured(f"SAMENSPRAAK_MODE is {mode!r}, but it must be demo or production.")
    by_hand = Path(sys.argv[0]).name in {"manage.py", "samenspraak", "__main__.py"}
    if by_hand and DEMO_DATABASE.exists() and not environment.text("DATABASE_URL"):
        return "demo"
    raise ImproperlyConfigured("SAMENSPRAAK_MODE is not set. Set it to production, or start the demo with make demo.")


MODE = _mode()
DEMO = MODE == "demo"
DEMO_SECRET = "for the demo on this machine only: nothing outside it trusts this"  # noqa: S105
