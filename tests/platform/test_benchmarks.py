"""A measurement runs, at a size that proves nothing: its figures are nobody's to assert here."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests import parts

# One fills the country and claims in it, one opens pages in it: what all of them stand on, but for the sending.
GOALS = ["6", "9"]


@pytest.mark.redis
def test_a_measurement_runs_in_small_and_prints_its_ratio() -> None:
    # On servers of its own: it also shows that `make bench` needs nothing else.
    command = [sys.executable, "-m", "benchmarks", "--scale", "0.001", "--pairs", "1", "--only", *GOALS]
    done = subprocess.run(command, cwd=parts.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = [line.split() for line in done.stdout.splitlines()]
    assert sorted({words[0] for words in found if words[0] in GOALS}) == sorted(GOALS)
    assert all(float(words[1]) > 0 for words in found if words[0] in GOALS)


def test_the_name_shield_tells_its_time() -> None:
    command = [sys.executable, "-m", "benchmarks.shield", "--people", "40", "--times", "1"]
    done = subprocess.run(command, cwd=parts.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["10000", "100000"]
