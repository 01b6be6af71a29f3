"""A bare Debian of our own: debootstrap's smallest, its own systemd, processes, mounts and network.

The network has nothing but itself. Only what fetches packages is run in this machine's own network.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_PROGRAMS = ("debootstrap", "unshare", "nsenter", "ip")
_BEYOND_THE_SMALLEST = "systemd,systemd-sysv,dbus,ca-certificates,iproute2,procps"
_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"  # those with which this machine reaches its registries
_STATE = "/run/walk"
_CLEAN = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/bin", "HOME": "/root", "DEBIAN_FRONTEND": "noninteractive"}
_BOOT = """
set -e
mount --make-rprivate /
mount --bind "$1" "$1"
cd "$1"
mount -t proc proc proc
mount -t sysfs sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom tty; do touch dev/$device; mount --bind /dev/$device dev/$device; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
mount -t tmpfs tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=755 tmpfs run
ip link set lo up
mkdir -p .outside
pivot_root . .outside
umount -l /.outside
exec env -i container=walk PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --system --show-status=0
"""
_IS_UP = """
for i in $(seq 60); do systemctl is-system-running 2>&1 | grep -qE 'running|degraded' && exit 0; sleep 0.5; done; exit 1
"""
# A block begins where the one before it ended: in its folder, with its variables.
_BLOCK = """
[ ! -f {state} ] || . {state}
{block}
( declare -p RELEASE SITE MAIL SENDER OWNER SERVES ME 2>/dev/null || true; echo "cd $PWD" ) > {state}
"""


@dataclass(frozen=True)
class Machine:
    """One that runs; ``pid`` is its first process as seen from here."""

    folder: Path
    pid: int

    def do(self, script: str, *, fetches: bool = False) -> str:
        """Run this as its root; gives what it said. Raises CalledProcessError."""
        network = [] if fetches else ["--net"]
        return self._run([*network, "--mount", "--uts", "--ipc", "--pid", "--", "bash", "-s"], script)

    def do_block(self, block: str) -> str:
        """Run a block of the page, where the one before it stopped."""
        fetches = "apt-get install" in block or "pip install" in block
        return self.do(_BLOCK.format(state=_STATE, block=block), fetches=fetches)

    @contextmanager
    def beside(self, *command: str) -> Iterator[subprocess.Popen[str]]:
        """A program of this machine on the other one's network, for as long as the block lasts."""
        words = ["nsenter", "--target", str(self.pid), "--net", "--", *command]
        pipe = subprocess.PIPE
        with subprocess.Popen(words, stdout=pipe, stderr=subprocess.STDOUT, text=True) as process:
            try:
                yield process
            finally:
                process.kill()

    def path(self, inside: str) -> Path:
        """A file of it, seen from here."""
        return self.folder / inside.lstrip("/")

    def _run(self, how: list[str], script: str) -> str:
        command = ["nsenter", "--target", str(self.pid), *how]
        lent = {"PIP_CERT": "/root/lent.crt", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
        done = subprocess.run(
            command, env=_CLEAN | lent, input=script, text=True, check=False, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )  # fmt: skip
        if done.returncode:
            sys.exit(f"It ended with {done.returncode}:\n{script}\n{done.stdout[-6000:]}")
        return done.stdout


def make(folder: Path) -> None:
    """Debian's smallest system with its systemd, as an installer would leave it; takes some minutes."""
    missing = [name for name in _PROGRAMS if not shutil.which(name)]
    if os.geteuid() != 0 or missing:
        sys.exit(f"A bare machine takes root on Linux, and {', '.join(missing) or 'nothing more'}.")
    how = ["--variant=minbase", f"--include={_BEYOND_THE_SMALLEST}"]
    command = ["debootstrap", *how, "bookworm", str(folder)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def running(base: Path, folder: Path) -> Iterator[Machine]:
    """Start a copy of it; whatever happens, nothing of it is left."""
    subprocess.run(["cp", "-a", base, folder], check=True)
    lend(folder)
    group = _control_group() / f"walk-{os.getpid()}"
    group.mkdir()
    outer = _boot(folder, group)
    try:
        machine = Machine(folder, _first_of(outer))
        _wait_until_up(machine)
        yield machine
    finally:
        outer.send_signal(signal.SIGKILL)  # and with it all that the machine ever started
        outer.wait()
        _remove(group)
        shutil.rmtree(folder)


def lend(folder: Path) -> None:
    """What it needs to reach the registries as this machine does."""
    shutil.copy("/etc/resolv.conf", folder / "etc" / "resolv.conf")
    if Path(_CERTIFICATES).exists():
        shutil.copy(_CERTIFICATES, folder / "root" / "lent.crt")
    sources = folder / "etc" / "apt" / "sources.list"
    _deb, mirror, release, *parts = sources.read_text().splitlines()[0].split()
    with sources.open("a") as lines:
        lines.write(" ".join(["deb", f"{mirror.rstrip('/')}-security", f"{release}-security", *parts]) + "\n")


def _control_group() -> Path:
    mounts = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    found = [words[1] for words in mounts if words[2] == "cgroup2"]
    if not found:
        sys.exit("systemd needs control groups of the second kind, and there are none on this machine.")
    return Path(found[0])


def _boot(folder: Path, group: Path) -> subprocess.Popen[bytes]:
    apart = ["--fork", "--kill-child", "--pid", "--mount", "--net", "--uts", "--ipc", "--cgroup"]
    words = ["unshare", *apart, "bash", "-c", _BOOT, "boot", str(folder)]
    into = f'echo $$ > {group}/cgroup.procs; exec "$@"'
    with (folder.parent / f"{folder.name}.log").open("wb") as log:
        return subprocess.Popen(["sh", "-c", into, "sh", *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log)


def _first_of(outer: subprocess.Popen[bytes]) -> int:
    children = Path(f"/proc/{outer.pid}/task/{outer.pid}/children")
    for _try in range(100):
        if found := children.read_text().split():
            return int(found[0])
        time.sleep(0.1)
    sys.exit("The bare machine did not start.")


def _wait_until_up(machine: Machine) -> None:
    for _try in range(300):
        comm = Path(f"/proc/{machine.pid}/comm")
        if comm.exists() and comm.read_text().strip() == "systemd":
            break
        time.sleep(0.1)
    time.sleep(1)
    machine.do(_IS_UP)


def _remove(group: Path) -> None:
    """Control groups go from the innermost to the outermost."""
    for _try in range(50):
        for one in [*sorted(group.rglob("*"), key=lambda path: -len(path.parts)), group]:
            if one.is_dir():
                with suppress(OSError):
                    one.rmdir()
        if not group.exists():
            return
        time.sleep(0.1)
