"""Goal 4: our rate with 64 lines to a slow mail server, over 64 times the rate with one line.

One process delivers; the sink waits so long before it answers each text: 6 ms, as a near relay does, and 100 ms, as a
far one. Each line has the same number of letters on both sides. Time runs from the first claim to the last note; a
handful of letters went before, so that what is made once is made.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from benchmarks import command, country, goal_1, ratio
from benchmarks.stage import Stage

LINES = 64
LETTERS_OF_A_LINE = {0.006: 250, 0.1: 50}


def measure(stage: Stage, size: command.Size) -> Iterator[ratio.Ratio]:
    """Both relays, and the letters a second of both sides."""
    goal_1.fill(size.of(max(LETTERS_OF_A_LINE.values()), least=2) * LINES + goal_1.WARM)
    for delay, number in LETTERS_OF_A_LINE.items():
        stage.relay.delay(delay)
        each = size.of(number, least=2)
        many, one = (partial(rate, stage, lines, each * lines) for lines in (LINES, 1))
        manys, ones = ratio.in_turns(size.pairs, many, one)
        what = f"{LINES} lines / {LINES} times one line, {delay * 1000:.0f} ms for each letter"
        yield ratio.Ratio("4", what, ratio.over(manys, [rate * LINES for rate in ones]), 0.8, 0.95)
        yield ratio.Ratio("", f"... letters a second: {LINES} lines", manys)
        yield ratio.Ratio("", "... letters a second: one line", ones)
    stage.relay.delay(0)


def rate(stage: Stage, lines: int, letters: int) -> float:
    """Letters a second of one process with so many lines."""
    country.make_due(letters + goal_1.WARM, now=country.now())
    told = stage.run("benchmarks.deliver", str(goal_1.WARM), MAIL_CONNECTIONS=str(lines))
    return float(told["sent"] / told["wall"])


if __name__ == "__main__":
    command.main(measure)
