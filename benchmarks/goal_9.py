"""Goal 9: the dashboard of a board of 57 schools: its queries, and the page over its own data as JSON.

In a whole country; one process, no network, the same person signed in, the same layers and the same query on both
sides. The page goes out whole with all that every page has around it; the other side (benchmarks/as_json.py) is what
its template gets, as bare JSON. Queries are all of the request: session, person, door, board and schools.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from benchmarks import command, ratio, two
from benchmarks.stage import Stage

SCHOOLS, TIMES = 57, 100
_ENOUGH = 0.008  # of a country holds so many schools


def measure(stage: Stage, size: command.Size) -> Iterator[ratio.Ratio]:
    """The queries, the ratio, and requests a second of both sides."""
    two.fill(os.environ["DATABASE_URL"], max(size.scale, _ENOUGH), to_read=True)
    found = stage.run("benchmarks.board", str(SCHOOLS), str(size.pairs), str(size.of(TIMES, least=5)))
    what = f"a board of {SCHOOLS} schools"
    yield ratio.Ratio("9", f"queries of {what}", [found["queries"]], 12, 6, more_is_better=False)
    yield ratio.Ratio("9", f"{what}: page over JSON", ratio.over(found["page"], found["json"]), 0.25, 0.65)
    yield ratio.Ratio("", "... a second: page", found["page"])
    yield ratio.Ratio("", "... a second: JSON", found["json"])


if __name__ == "__main__":
    command.main(measure)
