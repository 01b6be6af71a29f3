"""The rows that are quick enough to be tests: `make test` does them each time, and here they are done once more.

Row 26, the comparison of the ledger with what the mail server accepted, is part of every other row: see verdict.py.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from benchmarks.faults import verdict, world
from benchmarks.faults.stage import Result, Stage
from benchmarks.relay import ROOT

_SAID = 40  # lines of a failure
_AT_ONCE = 4  # interleavings wait for each other most of their time
_PASSED = re.compile(r"\b\d+ passed\b")

# What each is called, and the tests that hold it.
TESTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "7": (
        "every pair of states, by every call",
        (
            "tests/schools/test_post_states.py",
            "tests/workgroups/test_meetings.py::test_only_these_steps_from_state_to_state_exist",
        ),
    ),
    "17": (
        "the title changes a hundred times",
        ("tests/workgroups/test_notices.py::test_a_hundred_other_titles_write_nothing",),
    ),
    "18": (
        "a rule switched on with 40 meetings past and 40 ahead",
        ("tests/workgroups/test_rules.py::test_switched_on_with_forty_meetings_behind_and_forty_ahead",),
    ),
    "19": (
        "a rule from a day to two hours before",
        ("tests/workgroups/test_rules.py::test_from_a_day_to_two_hours_before",),
    ),
    "20": (
        "a member, an account or a school goes a second before",
        (
            "tests/workgroups/test_last_second.py::test_a_second_before_its_time_a_letter_is_stopped",
            "tests/workgroups/test_last_second.py::test_nothing_happens_and_both_are_told",
        ),
    ),
    "21": (
        "500 rows deleted by hand",
        (
            "tests/workgroups/test_mending.py::test_five_hundred_rows_deleted_by_hand",
            "tests/workgroups/test_mending.py::test_two_engines_at_once_mend_once",
        ),
    ),
    "22": (
        "every quarter of an hour around every change of clocks",
        (
            "tests/workgroups/test_reminders.py::test_every_quarter_of_an_hour_around_both_changes",
            "tests/workgroups/test_reminders.py::test_every_start_from_two_days_before_to_two_after_both_changes",
            "tests/workgroups/test_last_second.py::test_a_letter_says_the_time_of_the_plan_whatever_clocks_do",
        ),
    ),
    "23": (
        "schools on two clocks in one run",
        ("tests/workgroups/test_last_second.py::test_two_schools_on_other_clocks_are_told_of_their_own_in_one_run",),
    ),
    "27": (
        "calendars of fifty sequences, read by two programs",
        ("tests/workgroups/test_calendar_sequences.py",),
    ),
}


def interleavings(stage: Stage) -> Iterator[Result]:
    """Row 16: what the chair does between any two steps of the post; see tests/workgroups/test_interleavings.py."""
    number = stage.size(10_000)
    shares = [number // _AT_ONCE + (place < number % _AT_ONCE) for place in range(_AT_ONCE)]
    given = [
        {
            "INTERLEAVINGS": str(share),
            "INTERLEAVINGS_SEED": str(stage.chance.randrange(1 << 30)),
            "TEST_DB_SUFFIX": f"interleavings_{place}",
        }
        for place, share in enumerate(shares)
        if share
    ]
    with ThreadPoolExecutor(_AT_ONCE) as at_once:
        done = [at_once.submit(_pytest, ("tests/workgroups/test_interleavings.py",), each) for each in given]
    yield _judged(f"{number} interleavings", *(one.result() for one in done))


def guesses(stage: Stage) -> Iterator[Result]:
    """Row 65, and more: what a machine asks the API as each of eight callers; see tests/platform/guesses.py."""
    number = stage.size(20_000)
    tests = ("tests/platform/test_schemathesis.py",)
    yield _tested(f"{number} questions to the API as each caller", tests, GUESSES=str(number))


def scripts(stage: Stage) -> Iterator[Result]:
    """Row 59: words that would run, each in each place that is long enough; see tests/browser/test_scripts.py."""
    number = stage.size(220)
    yield _tested(
        f"{number} times other strings in every text", ("tests/browser/test_scripts.py",), SCRIPTS=str(number)
    )


def _row(name: str, tests: tuple[str, ...], _stage: Stage) -> Iterator[Result]:
    yield _tested(name, tests)


def _tested(name: str, tests: tuple[str, ...], **given: str) -> Result:
    """All of them pass, and there are some: one that is skipped or not there proves nothing."""
    return _judged(name, _pytest(tests, given))


def _pytest(tests: tuple[str, ...], given: dict[str, str]) -> tuple[bool, str]:
    """Whether all passed, and what was said: the last line, or the end of a failure."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *tests]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | given, capture_output=True, text=True, check=False)
    said = done.stdout.splitlines()
    last = said[-1] if said else ""
    passed = not done.returncode and bool(_PASSED.search(last)) and "skipped" not in last
    return passed, last if passed else "\n".join(said[-_SAID:])


def _judged(name: str, *runs: tuple[bool, str]) -> Result:
    world.empty()
    return Result(
        name, verdict.of([]), all(passed for passed, _said in runs), "\n".join(said for _passed, said in runs)
    )


ROWS: dict[str, Callable[[Stage], Iterator[Result]]] = {
    "16": interleavings,
    "59": scripts,
    "65": guesses,
    **{row: partial(_row, name, tests) for row, (name, tests) in TESTS.items()},
}
