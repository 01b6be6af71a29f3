"""Run the tests on real parts: `make test`, or `make test ARGS="tests/cards -x"`.

Brings up PostgreSQL and Redis, points the tests at them and at Chromium, and ends what it started.
Without arguments the tests marked `sqlite` run beside them, on what a newcomer gets: SQLite and the file broker.
With CI=true nothing may be missing.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO, NoReturn

import psycopg

from tests import parts

OUR_SETTINGS = {
    "SAMENSPRAAK_MODE", "DEMO_DIR", "DATABASE_URL", "REDIS_URL", "EMAIL_URL", "SECRET_KEY", "PUBLIC_URL",
    "API_TOKEN_PEPPER", "ALLOWED_HOSTS", "PROXY_COUNT", "PORT", "CHROMIUM", "DJANGO_SETTINGS_MODULE",
    "MAIL_CONNECTIONS", "TEST_DB_TEMPLATE", "MIGRATION_DATABASE_URL", "PGOPTIONS", "OIDC_PRIVATE_KEY",
    "LOG_FORMAT", "LOG_LEVEL", "METRICS_TOKEN", "METRICS_DIR", "MAINTENANCE_FILE", "ALARM_MAIL", "SECURITY_CONTACT",
    "ERASURES_FILE", "BACKUP_DIR",
}  # fmt: skip
# One more than the machine has at once: a browser waits for half of its time.
WORKERS = str(min(4, (os.cpu_count() or 1) + 1))
# Per file, since some files share one costly start, in the order of tests.parallel; the databases go with their server.
IN_PARALLEL = ["-p", "tests.parallel", "-n", WORKERS, "--dist", "loadfile", "--no-loadscope-reorder", "--reuse-db"]
COMPILED = parts.ROOT / ".venv" / "compiled"
NEEDED_BY = {"Redis": "redis", "Chromium": "browser", "Pango": "pdf"}


def main(arguments: list[str]) -> int:
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stop)
    found = parts.find()
    if found.missing:
        parts.install(found.missing)
        found = parts.find()
    _tell_missing(found.missing)
    with parts.scratch_folder() as folder:
        return _on_real_parts(found, folder, arguments)


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
        if arguments:
            return _wait(_pytest([*options, *arguments], environment))
        with _on_sqlite(folder) as newcomer:
            environment["TEST_DB_TEMPLATE"] = _migrated(environment)
            codes = [_wait(_pytest([*options, *IN_PARALLEL], environment)), _wait(newcomer)]
        return max(codes, key=abs)


@contextmanager
def _on_sqlite(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the newcomer's tests beside the others; what they say is told at the end."""
    said = folder / "sqlite.said"
    with said.open("wb") as lines:
        newcomer = _pytest(["-q", "-m", "sqlite", *_for_newcomers()], _environment(folder / "sqlite"), lines)
    try:
        yield newcomer
    finally:
        if newcomer.poll() is None:
            newcomer.send_signal(signal.SIGINT)
            newcomer.wait()
        print(f"The newcomer's parts: SQLite and the file broker\n{said.read_text()}", flush=True)


def _for_newcomers() -> list[str]:
    """The files in which tests are marked so: all others need not be read."""
    files = sorted((parts.ROOT / "tests").rglob("test_*.py"))
    return [str(path.relative_to(parts.ROOT)) for path in files if "mark.sqlite" in path.read_text(encoding="utf-8")]


def _migrated(environment: dict[str, str]) -> str:
    """A database that has every migration: each worker copies it instead of migrating its own."""
    name = "samenspraak_migrated"
    server = environment["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as line:
        line.execute(f"CREATE DATABASE {name}")
    own = environment | {"DATABASE_URL": f"{server.rpartition('/')[0]}/{name}"}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=parts.ROOT, env=own, check=True)
    return name


def _environment(folder: Path) -> dict[str, str]:
    """The demo's settings in a folder of their own, whatever this terminal has set."""
    folder.mkdir(mode=0o700)
    kept = {name: value for name, value in os.environ.items() if name not in OUR_SETTINGS}
    # A hundred programs start, and each would compile all that it reads: so what was compiled is kept, but not beside
    # its source where that is not wanted.
    compiled = {"PYTHONPYCACHEPREFIX": str(COMPILED)} if kept.pop("PYTHONDONTWRITEBYTECODE", "") else {}
    return {**kept, **compiled, "SAMENSPRAAK_MODE": "demo", "DEMO_DIR": str(folder)}


def _pytest(
    arguments: list[str], environment: dict[str, str], says: IO[bytes] | None = None
) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.Popen(command, cwd=parts.ROOT, env=environment, stdout=says, stderr=says)


def _wait(process: subprocess.Popen[bytes]) -> int:
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
