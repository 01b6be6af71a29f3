"""How long the name shield takes: milliseconds of processor time for a text and a school, both invented.

`PYTHONPATH=. python -m benchmarks.shield` prints the median for 10,000 characters and for ten times as many; the second
shows that it grows with the text alone. "with the school" also makes the list of what is looked for.
"""

from __future__ import annotations

import argparse
import functools
import itertools
import statistics
import time
from collections.abc import Callable

from observations import names

_SYLLABLES = ("ba", "ke", "li", "mo", "nu", "ra", "si", "to", "va", "we", "zi", "du", "fen", "gor", "hal", "jip")
_INFIXES = ("", "", "de", "van der", "van den")
_SENTENCE = (
    "Jullie vroegen goed door, en volgens {} bleef de vraag van mevrouw {} te lang liggen. Een roos lag op tafel. "
)


def people(count: int) -> list[names.Person]:
    """As many people as asked, each with another name; every twentieth is called by a word."""
    made = ["".join(parts).title() for parts in itertools.product(_SYLLABLES, repeat=3)]
    pairs = zip(made[:count], made[-count:], itertools.cycle(_INFIXES), strict=False)
    return [
        names.Person("Roos" if nth % 20 == 0 else given, infix, family)
        for nth, (given, family, infix) in enumerate(pairs)
    ]


def text(length: int, school: list[names.Person]) -> str:
    """A text of this length that names somebody in every second sentence."""
    named = (_SENTENCE.format(one.given, one.family) for one in itertools.cycle(school))
    return "".join(itertools.islice(named, length // 90 + 1))[:length]


def milliseconds(what: Callable[[], object], *, times: int) -> float:
    """The median of so many runs, in milliseconds of processor time."""
    found = []
    for _nth in range(times):
        before = time.process_time()
        what()
        found.append((time.process_time() - before) * 1000)
    return statistics.median(found)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--people", type=int, default=500)
    asked.add_argument("--times", type=int, default=15)
    given = asked.parse_args()
    school = people(given.people)
    known = names.known(school)
    for length in (10_000, 100_000):
        words = text(length, school)
        alone = milliseconds(functools.partial(names.find, words, known), times=given.times)
        whole = alone + milliseconds(functools.partial(names.known, school), times=given.times)
        told = f"{alone:.1f} ms, with the school {whole:.1f} ms"
        print(f"{length} characters, {given.people} people, {len(names.find(words, known))} questions: {told}")


if __name__ == "__main__":
    main()
