"""The words and the frame that all measurements share."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from benchmarks import ratio, stage

Measure = Callable[[stage.Stage, "Size"], Iterable[ratio.Ratio]]


@dataclass(frozen=True)
class Size:
    """How often, and how big: at ``scale`` 1 each measurement has the size that docs/benchmarks.md tells."""

    pairs: int = 5
    scale: float = 1.0

    def of(self, number: int, *, least: int = 1) -> int:
        """So many at scale 1, and fewer in small."""
        return max(least, round(number * self.scale))


def main(*measures: Measure, address: str = "127.0.0.1") -> None:
    """Measure, and print each ratio as it comes; see docs/benchmarks.md."""
    words = argparse.ArgumentParser()
    words.add_argument(
        "--pairs", type=int, default=5, help="how often both sides take their turn (at least 5 to count)"
    )
    words.add_argument("--scale", type=float, default=1.0, help="a smaller one is quick and proves nothing")
    words.add_argument("--only", nargs="+", default=[], help="of all, these goals: --only 1 6")
    told = words.parse_args()
    chosen = [one for one in measures if not told.only or one.__module__.rpartition("_")[2] in told.only]
    size = Size(told.pairs, told.scale)
    with stage.running(address=address) as stand:
        print(ratio.HEAD, flush=True)
        for measure in chosen:
            for found in measure(stand, size):
                print(found.line(), flush=True)
