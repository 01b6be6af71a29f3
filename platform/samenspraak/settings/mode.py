"""SAMENSPRAAK_MODE: demo (one machine, nothing to install, 127.0.0.1 only) or production; and where things lie."""

import contextlib
import os
import sys
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
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


def own_key(folder: Path) -> str:
    """The key with which a demo signs what it tells apps: made once, kept in its folder for its owner alone."""
    path = folder / "oidc-key.pem"
    if not path.exists() and folder.is_dir():
        made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        text = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:  # readable for its owner alone
            file.write(text)
        with contextlib.suppress(FileExistsError):  # of two processes the first one's counts
            os.link(file.name, path)
        Path(file.name).unlink()
    return path.read_text(encoding="utf-8") if path.exists() else ""
