"""The demo's folder and what stands in it: made, held by one demo at a time, emptied on request."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connections, transaction

from samenspraak.demo import story


class DemoError(Exception):
    """Why the demo cannot go on, as one sentence for the person at the terminal."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the demo's folder while the block lasts; raises DemoError when another demo runs there."""
    lock = os.open(folder / "demo.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise DemoError(f"A demo is running in {folder}: stop it first, or set DEMO_DIR to another folder.") from error
    else:
        yield
    finally:
        os.close(lock)


def make_folder(folder: Path) -> None:
    """Make the demo's folder, readable by its owner only: it holds the sign-ins."""
    try:
        for name in (".", "mail", "broker", "broker-control", "static"):
            (folder / name).mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise DemoError(f"The demo's folder {folder} cannot be made: {error.strerror}.") from error


def is_told() -> bool:
    """Whether this database has people in it already."""
    return get_user_model().objects.exists()


def prepare(*, now: datetime) -> None:
    """Bring the database up to date, tell the story once, and let the reminders of a meeting become due."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("load_deck", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    if not is_told():
        with transaction.atomic():  # all of it or nothing: after an interrupted start it is told anew
            story.tell(now=now)
    story.make_reminders_due(now=now)
    connections.close_all()


def empty(folder: Path) -> None:
    """Remove everything in the demo's folder; raises DemoError when it does not look like one."""
    if not (folder / "demo.sqlite3").is_file() or not (folder / "demo.lock").is_file():
        raise DemoError(f"{folder} does not look like a demo's folder, so nothing was removed.")
    with held(folder):
        for entry in folder.iterdir():
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry)
            elif entry.name != "demo.lock":
                entry.unlink()
