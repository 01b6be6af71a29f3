"""Run the tests on real parts: `make test`, or `make test ARGS="tests/cards -x"`.

Brings up PostgreSQL and Redis, points the tests at them and at Chromium, and ends what it started.
Without arguments the tests marked `sqlite` run first, on what a newcomer gets: SQLite and the file broker.
With CI=true nothing may be missing.
"""

import os
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import NoReturn

from tests import parts

OUR_SETTINGS = {
    "SAMENSPRAAK_MODE", "DEMO_DIR", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "PUBLIC_URL",
    "API_TOKEN_PEPPER", "ALLOWED_HOSTS", "PROXY_COUNT", "PORT", "CHROMIUM", "DJANGO_SETTINGS_MODULE",
    "MAIL_CONNECTIONS",
}  # fmt: skip
# Per file, since some files share one costly start; as the folders stand, so that the walks in a browser come first.
IN_PARALLEL = [
    "-p", "tests.parallel", "-n", "auto", "--maxprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder",
]  # fmt: skip
NEEDED_BY = {"Redis": "redis", "Chromium": "browser"}


def main(arguments: list[str]) -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    found = parts.find()
    if found.missing:
        parts.install(found.missing)
        found = parts.find()
    _tell_missing(found.missing)
    with parts.scratch_folder() as folder:
        codes = [] if arguments else [_on_sqlite(folder)]
        codes.append(_on_real_parts(found, folder, arguments))
    return max(codes, key=abs)


def _tell_missing(missing: list[str]) -> None:
    """Name aloud what is not here; stop where that may not be."""
    if not missing:
        return
    names = ", ".join(missing)
    if os.environ.get("CI") == "true":
        sys.exit(f"Missing on this machine: {names}. With CI=true no test may be left out.")
    if "PostgreSQL" in missing:
        sys.exit("The tests need PostgreSQL, and it could not be installed: install it and run again.")
    print(f"\n*** NOT TESTED HERE, FOR WANT OF {names.upper()}: install it to run every test. ***\n", flush=True)


def _on_sqlite(folder: Path) -> int:
    print("The newcomer's parts: SQLite and the file broker", flush=True)
    return _pytest(["-q", "-m", "sqlite"], _environment(folder / "sqlite"))


def _on_real_parts(found: parts.Parts, folder: Path, arguments: list[str]) -> int:
    environment = _environment(folder / "demo")
    left_out = [marker for name, marker in NEEDED_BY.items() if name in found.missing]
    with ExitStack() as servers:
        if found.postgresql:
            database = servers.enter_context(parts.postgresql(found.postgresql, folder))
            environment["DATABASE_URL"] = database
        if found.redis:
            environment["REDIS_URL"] = servers.enter_context(parts.redis(found.redis, folder))
        if found.chromium:
            environment["CHROMIUM"] = str(found.chromium)
        print(
            f"The real parts: {', '.join(sorted(set(parts.DEBIAN_PACKAGES) - set(found.missing)))}",
            flush=True,
        )
        options = ["-m", " and ".join(f"not {marker}" for marker in left_out)] if left_out else []
        return _pytest([*options, *(arguments or IN_PARALLEL)], environment)


def _environment(folder: Path) -> dict[str, str]:
    """The demo's settings in a folder of their own, whatever this terminal has set."""
    folder.mkdir(mode=0o700)
    kept = {name: value for name, value in os.environ.items() if name not in OUR_SETTINGS}
    return {**kept, "SAMENSPRAAK_MODE": "demo", "DEMO_DIR": str(folder)}


def _pytest(arguments: list[str], environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", "pytest", *arguments]
    process = subprocess.Popen(command, cwd=parts.ROOT, env=environment)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # the terminal told pytest too: let it finish its summary
        except SystemExit:
            process.send_signal(signal.SIGINT)
            process.wait()
            raise


def _stop(number: int, _frame: object) -> NoReturn:
    sys.exit(128 + number)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
