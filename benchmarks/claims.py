"""A process that claims batch after batch and tells how long each took: `python -m benchmarks.claims 10 500`."""

from __future__ import annotations

import json
import sys
import time

import django

django.setup()

from schools import post  # noqa: E402  # after Django is set up
from schools.post import claim  # noqa: E402

WARM = 2


def main(batches: int, letters: int) -> None:
    """Claim so many batches after two to warm up; each is committed."""
    spans = []
    for _batch in range(WARM + batches):
        began = time.monotonic()
        with post.open_ledger():
            mine = claim.claim(now=claim.clock(), limit=letters)
        spans.append((time.monotonic() - began) * 1000)
        if len(mine) < letters:
            sys.exit(f"Only {len(mine)} letters were due.")
    print(json.dumps({"ms": sorted(spans[WARM:])[batches // 2]}))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
