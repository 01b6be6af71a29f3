"""Write docs/who-sees-what.md from the table of doors: `python -m tests.told`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = ROOT / "docs" / "who-sees-what.md"
CALLERS = {
    "--": "not signed in",
    "TM": "member",
    "CH": "chair",
    "CS": "coach of the school",
    "CO": "coach, visiting",
    "SL": "school leader",
    "SA": "school admin",
    "TC": "colleague",
    "ND": "next door",
    "EL": "other board",
    "BA": "board admin",
    "OP": "operator",
}
SIGNS = {"+": "yes", "x": "no", ".": "", ">": "", "m": ""}
DEEDS = {"GET": "open", "POST": "send", "PUT": "write", "DELETE": "remove"}
HEAD = """# Who sees what

Written by `python -m tests.told` from `tests/platform/matrix.txt`, which `make test` tries cell by cell; a test holds
this page against it. "Who sees this?" at the foot of every page and the dossier for the participation council
(`/about/council/`) come from the same table, `platform/samenspraak/who_sees`.

The columns are people around one group of a school: its **members** and **chair**; a **coach of the school** whom the
group did not welcome, and the **coach, visiting** whom it did; the **school leader** and **school admin**; a
**colleague** of the school without a seat in the group; a teacher **next door**, at another school of the board, and
one of **another board**; the **board admin**; the **operator**, who keeps the site running; and who is **not signed
in**. Rights of several roles in one school add up.

*yes*: may. *no*: may not, and may know that it is there. Empty: it answers as if it were not there, or asks to sign in
first. Addresses of the API that give lists open for a whole school and hold only what the caller may read.

Elsewhere:

- **Another group of the school**: as the table says for a colleague without a seat, or for a coach without a visit.
- **Another school, another board**: nothing, as in the columns "next door" and "other board".
- **What does not exist, or was deleted**: answers exactly like what is somebody else's: the same status, the same
  words, the same number of queries. So it does under the address of one's own school (`/s/mine/groups/<theirs>/`).
- An operator reads at a school only in a time that was opened with a reason; see [schools](schools.md).
"""


class Line(Protocol):
    """A line of the table of doors."""

    @property
    def name(self) -> str: ...

    @property
    def method(self) -> str: ...

    @property
    def expected(self) -> dict[str, str]: ...


def table(rows: Iterable[Line]) -> str:
    """The page: for each thing who reads and changes it in words, and its doors."""
    from samenspraak import who_sees  # noqa: PLC0415  # wants the settings

    lines = list(rows)
    parts = [HEAD]
    for thing in who_sees.THINGS:
        own = [line for line in lines if line.name in thing.addresses]
        title = str(thing.name)
        words = [f"**Reads it:** {thing.reads.words}", f"**Changes it:** {thing.changes.words}"]
        words += [f"**Kept:** {thing.kept}", str(thing.more)]
        parts += [f"\n## {title[0].upper()}{title[1:]}\n\n", " ".join(filter(None, words)), "\n\n", *_doors(own)]
    return "".join(parts)


def _doors(lines: list[Line]) -> Iterator[str]:
    """One line for all addresses that open for the same people."""
    alike: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for line in lines:
        marks = tuple(SIGNS[mark] for mark in line.expected.values())
        space, _colon, name = line.name.rpartition(":")
        words = f"{'API ' if space == 'api' else ''}{name.replace('-', ' ').replace('_', ' ')}"
        alike.setdefault(marks, {}).setdefault(DEEDS[line.method], []).append(words)
    yield f"| door | {' | '.join(CALLERS.values())} |\n|---{'|---' * len(CALLERS)}|\n"
    for marks, deeds in alike.items():
        doors = "; ".join(f"**{deed}** {', '.join(sorted(names))}" for deed, names in sorted(deeds.items()))
        yield f"| {doors} | {' | '.join(marks)} |\n".replace("  ", " ")


def main() -> None:
    """Write the page."""
    sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samenspraak.settings")
    import django  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    django.setup()
    from tests.platform.test_matrix import _rows  # noqa: PLC0415

    with translation.override("en"):
        WRITTEN.write_text(table(_rows()), encoding="utf-8")


if __name__ == "__main__":
    main()
