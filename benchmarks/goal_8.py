"""Goal 8: a list of 50 meetings over REST against the plainest view of the framework, and against the database alone.

A leader with a personal token asks for the first page of the meetings of her school: 50 of 150, of which she may read
title, opener and closer for her own group alone. One process, no network. The same layers, the same token and the same
door stand around all of them, so a good part of each one's time is the same. Every answer holds the very same 50 rows,
which is looked at before anything is timed.

- **ours** is the product's own address with all its checks: the hat and its scopes, what stands behind the question
  mark, limits and what is left of them, the tag, pages by cursor.
- **plain** is a ListAPIView with a ModelSerializer as the framework's guide writes it, with its cursor pages and
  ``select_related`` for what else it reads. It has no limits, no tag and no rule but "signed in": its queryset is
  handed the school, its rows the groups.
- **checked** is that view with a permission class that looks the membership up and the framework's own limit: the
  nearest that its own means come to what ours answers. No goal asks for it.
- **json_agg** is one statement that finds the membership, the groups and the rows and makes the text, sent as it comes.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from benchmarks import command, ratio, two
from benchmarks.stage import Stage

TIMES = 150
_ENOUGH = 0.008


def measure(stage: Stage, size: command.Size) -> Iterator[ratio.Ratio]:
    """Both ratios, that to the checked one, the queries, and answers a second of all."""
    two.fill(os.environ["DATABASE_URL"], max(size.scale / 10, _ENOUGH), to_read=True)
    found = stage.run("benchmarks.listing", str(size.pairs), str(size.of(TIMES, least=5)), API_RATE="999999/s")
    what = "a list of 50 meetings"
    yield ratio.Ratio("8", f"{what}: ours over a plain ModelSerializer", ratio.over(*found["plain"]), 1.5, 2.5)
    yield ratio.Ratio("8", f"{what}: ours over json_agg", ratio.over(*found["json_agg"]), 0.5, 0.85)
    checked = ratio.over(*found["checked"])
    yield ratio.Ratio("", "... ours over the plain one with a permission class and the framework's limit", checked)
    own = ratio.over(*found["plain, own"])
    yield ratio.Ratio("", "... ours over plain, in processor time of the process that answers", own)
    yield ratio.Ratio("", "... queries of ours", [found["queries"]])
    yield ratio.Ratio("", "... a second: ours", found["plain"][0] + found["checked"][0] + found["json_agg"][0])
    yield ratio.Ratio("", "... a second: plain", found["plain"][1])
    yield ratio.Ratio("", "... a second: checked", found["checked"][1])
    yield ratio.Ratio("", "... a second: json_agg", found["json_agg"][1])


if __name__ == "__main__":
    command.main(measure)
