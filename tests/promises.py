"""Write docs/privacy.md from what the product goes by: `python -m tests.promises`."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from samenspraak.papers.risks import Risk

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = ROOT / "docs" / "privacy.md"
HEAD = """# Privacy: what is promised, and what holds it

Written by `python -m tests.promises` from the registries that the product itself goes by; a test holds this page
against them. For whoever wants to check a promise, and for a data protection officer who asks where it comes from.

Groups of teachers look at their own conversation. That works as long as nobody is watched by it, so the product is made
in such a way that there is little to watch: no figure about one person, no record of presence, nothing that leaves for
another host. Staff depend on their employer; so what a group says stays in the group unless all of it is asked.

## Papers for a school

Leaders and admins of a school find three papers at `/s/<school>/papers/`, admins of a board at `/b/<number>/papers/`,
to read, to print or as PDF, in Dutch or English:

- what school and participation council agree on: one sheet, to sign;
- the start of a data protection impact assessment: what the software does is filled in, the weighing is left open;
- the annex to a processing agreement between the board and who keeps the site running.

What they state about readers, numbers and times comes from the same places as the tables here
(`platform/samenspraak/papers`); what only a school or an operator knows is a line to write on. They are a start and no
legal advice. Everybody reads the dossier at `/about/council/`, without signing in.

## What people do themselves

Under *Me*: take along everything that is kept about them as one file, have themselves erased (with seven days to undo
it), change name and address, see and end where they are signed in. At the foot of every page: who sees what stands
there. Erasures are written down outside the database too, so that a backup that is put back does not bring anybody
back; see [backup.md](backup.md).

## What whoever runs the site has to do

- Sign the annex with each board, and fill in where servers, backups and mail are.
- Copy `ERASURES_FILE` to another machine each day, keep it as long as the oldest backup, and have that of every host
  with a worker at hand for a `restore`.
- Keep no access log before the site, or one without addresses: see [operate.md](operate.md#logs).
- Know whom to call: breaches are told to the board within 24 hours.
"""


def page() -> str:
    """The page, in English."""
    from samenspraak.papers import facts, risks, shared  # noqa: PLC0415  # wants the settings

    parts = [
        HEAD,
        "\n## Who reads what\n\n",
        "Each door stands in [who-sees-what.md](who-sees-what.md); this is the same, by reader.\n\n",
        *_table(("Who", "Reads"), facts.by_reader()),
        "\n## From how many answers\n\n",
        *(f"- {words}\n" for words in shared.THRESHOLDS.items),
        "\n## What is never kept\n\n",
        *(f"- {words}\n" for words in shared.NEVER.items),
        "\n## How long\n\n",
        "One clock goes by these; a test moves it to a day before and a day after each (`schools/retention.py`).\n\n",
        *_table(("What", "How long"), facts.by_kind()),
        "\n## What could go wrong, and the test that says it does not\n\n",
        *_table(("Risk", "What is done about it", "Tried by"), (_risk(one) for one in risks.RISKS)),
    ]
    return "".join(parts)


def _risk(one: Risk) -> tuple[object, ...]:
    return one.what, " ".join(map(str, one.done)), ", ".join(f"`{name}`" for name in one.tried_by)


def _table(heads: Iterable[str], rows: Iterable[tuple[object, ...]]) -> Iterator[str]:
    heads = tuple(heads)
    yield f"| {' | '.join(heads)} |\n|{'---|' * len(heads)}\n"
    for row in rows:
        yield f"| {' | '.join(str(cell) for cell in row)} |\n"


def main() -> None:
    """Write the page."""
    sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samenspraak.settings")
    import django  # noqa: PLC0415
    from django.utils import translation  # noqa: PLC0415

    django.setup()
    with translation.override("en"):
        WRITTEN.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
