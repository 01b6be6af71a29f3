"""Goal 7: a group's profile, a school's and a board's dashboard in a whole country, over the same in a hundredth of it.

Two databases on one server, filled alike: 8,000 schools against 80. Each page is opened by somebody who is signed in,
from the request to the last byte, through all our layers, in one process without a network; a pair's value is the
middle of a hundred openings by four readers from schools far apart, after five each to warm up. As much of a page's
time goes by without the database whatever it holds, what the database alone took stands beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from benchmarks import command, ratio, two
from benchmarks.stage import Stage

TIMES = 25
PAGES = {"profile": "a group's profile", "school": "a school's dashboard", "board": "a board's dashboard"}


def measure(stage: Stage, size: command.Size) -> Iterator[ratio.Ratio]:
    """Page by page, with milliseconds of both sides."""
    large, little = two.countries(size, to_read=True)
    for page, name in PAGES.items():
        at_large, at_little = (partial(opened, stage, page, address, size) for address in (large, little))
        much, few = ratio.in_turns(size.pairs, at_large, at_little)
        whole = [told["ms"] for told in much], [told["ms"] for told in few]
        inside = [told["database"] for told in much], [told["database"] for told in few]
        told = f"{name} with {two.TIMES} times the data"
        yield ratio.Ratio("7", told, ratio.over(*whole), 1.25, 1.05, more_is_better=False)
        yield ratio.Ratio("", "... of it what the database took", ratio.over(*inside))
        yield ratio.Ratio("", "... milliseconds: much data", whole[0])
        yield ratio.Ratio("", "... milliseconds: little data", whole[1])


def opened(stage: Stage, page: str, address: str, size: command.Size) -> dict[str, float]:
    """Milliseconds of a page in this database, and of what the database took of it."""
    return stage.run("benchmarks.readers", page, str(size.of(TIMES)), DATABASE_URL=address)


if __name__ == "__main__":
    command.main(measure)
