"""Goal 1: what a reminder costs our process, from claim to note, over what smtplib costs to send the same bytes.

Both sides send the same messages (the very bytes that our side sent before), one to each of 7,000 people in 1,000
groups, to the same sink. Ours is one process with the lines it opens by itself (MAIL_CONNECTIONS' default); the
other has one line, its cheapest. Counted is processor time of the sending process, user and system; PostgreSQL's and
the sink's is not. Both start warm: modules and templates are there; ours opens its lines within its time.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks import command, country, ratio
from benchmarks.stage import Stage

LETTERS, WARM = 7_000, 20


def measure(stage: Stage, size: command.Size) -> Iterator[ratio.Ratio]:
    """Microseconds of both sides beside their ratio."""
    letters = size.of(LETTERS, least=70)
    fill(letters + WARM)
    stage.relay.keep_texts(folder := stage.folder / "sent")
    ours(stage, letters)
    stage.relay.keep_texts(None)

    mine, plain = ratio.in_turns(size.pairs, lambda: ours(stage, letters), lambda: theirs(stage, folder))
    yield ratio.Ratio(
        "1", "processor time of a reminder, claim to note / smtplib", ratio.over(mine, plain), 4, 1.5, False
    )
    yield ratio.Ratio("", "... microseconds: ours", mine)
    yield ratio.Ratio("", "... microseconds: smtplib alone", plain)


def fill(letters: int) -> None:
    """A country with enough groups for so many letters, and nothing that letters do not read."""
    country.fill(
        letters / country.PEOPLE / country.SCHOOLS * 1.01,
        day=country.today(),
        told=lambda _line: None,
        without=NOT_READ,
    )


def ours(stage: Stage, letters: int) -> float:
    """Microseconds of our process per letter."""
    country.make_due(letters + WARM, now=country.now())
    return _each(stage.run("benchmarks.deliver", str(WARM)))


def theirs(stage: Stage, folder: Path) -> float:
    """Microseconds of smtplib per letter."""
    return _each(stage.run("benchmarks.plain", str(folder), str(stage.relay.port)))


def _each(told: dict[str, float]) -> float:
    return told["cpu"] / told["sent"] * 1e6


NOT_READ = ("observations", "schools_delivery")

if __name__ == "__main__":
    command.main(measure)
