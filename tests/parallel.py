"""A pytest plugin for several workers at once: what each has for itself, and in which order they take the files."""

import os
from itertools import groupby
from pathlib import Path

import pytest

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
BROWSER, LONGEST = "tests/browser/", "tests/platform/"

# A Redis database and a demo folder of its own, before settings load.
if WORKER:
    folder = Path(os.environ["DEMO_DIR"]) / WORKER
    folder.mkdir(mode=0o700, exist_ok=True)
    os.environ["DEMO_DIR"] = str(folder)
    server, _, _ = os.environ.get("REDIS_URL", "").rpartition("/")
    if server:
        os.environ["REDIS_URL"] = f"{server}/{WORKER.removeprefix('gw')}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Spread the walks in a browser over the whole run: several browsers at once are slow, and wait in vain.

    The walls' long walks come first among the others, so that no worker ends alone with one of them.
    """
    files = [list(tests) for _file, tests in groupby(sorted(items, key=_file_of), key=_file_of)]
    walks = [tests for tests in files if _file_of(tests[0]).startswith(BROWSER)]
    others = [tests for tests in files if tests not in walks]
    others.sort(key=lambda tests: not _file_of(tests[0]).startswith(LONGEST))
    step = 0.9 * len(others) / max(1, len(walks))  # the last tenth is short ones only
    placed = [(float(place), tests) for place, tests in enumerate(others)]
    placed += [(place * step - 0.5, tests) for place, tests in enumerate(walks)]
    items[:] = [test for _place, tests in sorted(placed, key=lambda one: one[0]) for test in tests]


def _file_of(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]
