"""The press: makes files that cost much memory for a moment, in a process of their own, one at a time.

What makes them (openpyxl, WeasyPrint) is an extra: no web process ever loads it. The process gets what is to be made on
its input, knows no secrets, asks nothing of any host, and is ended when it takes too long.
"""

from __future__ import annotations

import datetime as dt
import importlib.util
import json
import logging
import os
import re
import subprocess
import sys
import threading
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext_lazy as _

from schools import refusals, sheets

log = logging.getLogger(__name__)

LACKING = 3  # how a program says that what it needs is not on this machine
LONGEST = 30  # seconds that one file may take
PATIENCE = 10  # seconds that one waits for the press to be free
LINE = 3  # how many stand at it in a process: who waits keeps a thread and a connection from everybody else
NEEDS = {"xlsx": "openpyxl", "pdf": "weasyprint"}
_BEGINS = {"xlsx": b"PK", "pdf": b"%PDF-"}
# Nothing but the kind: the sentence after it may quote what people wrote, over several lines.
_KIND_OF_ERROR = re.compile(r"^([A-Za-z_.]{1,60}Error)(?::|$)", re.MULTILINE)
# What a program and the fonts are found by; no address of a database, no key.
_PASSED_ON = ("PATH", "HOME", "XDG_CACHE_HOME", "FONTCONFIG_FILE", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")

_free = threading.BoundedSemaphore(1)
_places = threading.BoundedSemaphore(LINE)
_lacking: set[str] = set()


class NotHere(refusals.Refused):
    """What makes such a file is not installed."""

    message = _("This file cannot be made here. Print the page instead: your computer can save that as PDF too.")
    code = "not_here"


class Busy(refusals.Refused):
    """Others are waiting for theirs."""

    message = _("Several people are asking for a file at once. Try again in half a minute.")
    code = "busy"


class Failed(refusals.Refused):
    """It took too long, or broke off."""

    message = _("The file could not be made. Print the page instead: your computer can save that as PDF too.")
    code = "failed"


def has(kind: str) -> bool:
    """Whether this machine can make files of this kind ("xlsx", "pdf"), as far as is known."""
    return kind not in _lacking and importlib.util.find_spec(NEEDS[kind]) is not None


def as_xlsx(table: sheets.Sheet, *, language: str) -> bytes:
    """The table as a workbook of one sheet: texts are texts, never formulas, and days are days.

    Raises NotHere, Busy or Failed.
    """
    columns = [{"head": column.head, "width": column.width} for column in table.columns]
    rows = [[_packed(cell) for cell in row] for row in table.rows]
    return _pressed("xlsx", {"title": table.title, "language": language, "columns": columns, "rows": rows})


def as_pdf(page: str, *, look: str) -> bytes:
    """A page of HTML with a stylesheet as a tagged PDF (PDF/UA-1), its language and title those of the page.

    Raises NotHere, Busy or Failed.
    """
    return _pressed("pdf", {"page": sheets.writable(page), "look": look})


def _packed(cell: sheets.Cell) -> Any:
    """A cell as JSON holds it."""
    if isinstance(cell, dt.date):
        return {"day": cell.isoformat()}
    if isinstance(cell, Decimal):
        return {"half": str(cell)}
    if isinstance(cell, str) and sheets.starts_a_formula(cell):
        return {"text": cell}
    return cell


def _pressed(kind: str, order: dict[str, Any]) -> bytes:
    if not has(kind):
        raise NotHere
    if not _places.acquire(blocking=False):
        raise Busy
    try:
        return _in_turn(kind, json.dumps(order).encode())
    finally:
        _places.release()


def _in_turn(kind: str, order: bytes) -> bytes:
    """Make it once the press is free."""
    if not _free.acquire(timeout=PATIENCE):
        raise Busy
    try:
        return _run(kind, order)
    finally:
        _free.release()


def _run(kind: str, order: bytes) -> bytes:
    """Start the program, alone and without this process's surroundings, and wait for the file."""
    try:
        # What it writes on the way is in a folder that goes with it, however it ends: people's words stay nowhere.
        with TemporaryDirectory(prefix="samenspraak-press-", ignore_cleanup_errors=True) as folder:
            done = _started(kind, order, folder)
    except subprocess.TimeoutExpired:
        log.error("The press took more than %s seconds for a file of kind %s.", LONGEST, kind)  # noqa: TRY400  # no trace
        raise Failed from None
    except OSError as wrong:
        log.error("The press did not start for a file of kind %s: %s.", kind, wrong.strerror)  # noqa: TRY400  # no trace
        raise Failed from None
    return _checked(kind, done)


def _started(kind: str, order: bytes, folder: str) -> subprocess.CompletedProcess[bytes]:
    program = Path(__file__).with_name(f"{kind}.py")
    around = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    return subprocess.run(  # noqa: S603  # our own program, by its full name
        [sys.executable, "-I", program],
        input=order,
        capture_output=True,
        cwd=folder,
        env={**around, "LANG": "C.UTF-8", "TMPDIR": folder},
        timeout=LONGEST,
        check=False,
    )


def _checked(kind: str, done: subprocess.CompletedProcess[bytes]) -> bytes:
    """What the program made, if it begins as such a file does: a library that prints would spoil it."""
    if done.returncode == LACKING:
        log.error("What makes files of kind %s is not whole on this machine.", kind)
        _lacking.add(kind)
        raise NotHere
    if done.returncode or not done.stdout.startswith(_BEGINS[kind]):
        kinds = _KIND_OF_ERROR.findall(done.stderr.decode(errors="replace"))
        log.error("The press broke off a file of kind %s with %s: %s.", kind, done.returncode, "".join(kinds[-1:]))
        raise Failed
    return done.stdout
