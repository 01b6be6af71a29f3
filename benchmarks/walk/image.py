"""deploy/Dockerfile without Docker: its lines in their order, each stage in a bare Debian of its own, and a start.

`python -m benchmarks.walk.image --base /tmp/bare-base` (as root on Linux, debootstrap). Debian with Debian's Python
stands in for the image that it is FROM. Then the pages start as compose.yaml has them: as the image's account, without
rights, on a file system that cannot be written to, with the secrets of secrets.sh. Without a database /livez answers.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from benchmarks.walk import machine
from benchmarks.walk.release import ROOT

DEPLOY = ROOT / "deploy"
STAND_IN = (
    "apt-get update -q && apt-get install -y -q --no-install-recommends python3 python3-venv"
    " && ln -s python3 /usr/bin/python"
)
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_LENT = {"PIP_CERT": "/root/lent.crt", "DEBIAN_FRONTEND": "noninteractive"}
_APART = """
set -e
cd "$1"
mount --bind . .
cd "$1"
mount -t proc proc proc
mount -t tmpfs -o mode=755 tmpfs dev
for device in null zero full random urandom; do touch dev/$device; mount --bind /dev/$device dev/$device; done
mkdir -p dev/shm
mount -t tmpfs tmpfs dev/shm
"""
_RUN = _APART + 'exec chroot . sh -c "cd $2 && $3"'
# As the container does: nothing can be written but /tmp and the folder of the site; no rights, no other network.
_SERVE = (
    _APART
    + """
mount -t tmpfs tmpfs tmp
mount -t tmpfs -o mode=700,uid=10001,gid=10001 tmpfs var/lib/samenspraak
mount -o remount,bind,ro .
ip link set lo up
exec chroot . setpriv --reuid=10001 --regid=10001 --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all \\
    sh -c "cd $2 && $3"
"""
)
_LOOK = """
set -e
id -u
pg_dump --version
samenspraak --help > /dev/null
python -c "from weasyprint import HTML; print(len(HTML(string='<p>Hallo').write_pdf()) > 1000)"
if touch /opt/samenspraak/written 2> /dev/null; then echo "it can write"; exit 1; fi
{command} &
server=$!
for try in $(seq 240); do
    python -c "import urllib.request as ask; print(ask.urlopen('http://127.0.0.1:8000/livez').read())" && break
    sleep 0.5
done 2> /dev/null
if {health} 2> /dev/null; then echo "ready without a database?"; exit 1; fi
kill -TERM $server
wait $server
echo "ended with $?"
"""


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's, in their order."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Dockerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = text.replace("\\\n", " ").splitlines()
    return [(word, " ".join(rest.split())) for word, _space, rest in (line.partition(" ") for line in lines) if word]


class Stage:
    """One stage: its folder, and what the lines before have set."""

    def __init__(self, folder: Path) -> None:
        """Begin with nothing set."""
        self.folder, self.cwd = folder, "/"
        self.env = {"PATH": PATH, "HOME": "/root"}

    def run(self, line: str) -> None:
        """A RUN."""
        began = time.monotonic()
        words = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "bash", "-c", _RUN, "run"]
        inside = f"{self.folder}/root/line"
        Path(inside).write_text(line, encoding="utf-8")
        done = subprocess.run(
            [*words, str(self.folder), self.cwd, "sh /root/line"], env=self.env | _LENT, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            sys.exit(f"It ended with {done.returncode}: {line}\n{done.stdout[-6000:]}")
        print(f"{time.monotonic() - began:>7.1f} s  RUN {line[:100]}", flush=True)

    def copy(self, words: str, before: dict[str, Stage]) -> None:
        """A COPY: of the source what .dockerignore lets in, or of the stage before."""
        *sources, target = words.split()
        if sources[0].startswith("--from="):
            stage = before[sources.pop(0).removeprefix("--from=")]
            subprocess.run(["cp", "-a", f"{stage.folder}{sources[0]}", self.inside(target)], check=True)
            return
        for name in (name for name in let_in() if sources == ["."] or name in sources):
            to = self.inside(target) / (name if sources == ["."] else Path(name).name)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, to)

    def inside(self, path: str) -> Path:
        """A path of it, seen from here."""
        return self.folder / os.path.join(self.cwd, path).lstrip("/")  # noqa: PTH118  # an absolute one takes over


def let_in() -> list[str]:
    """The files of the source that the builder gets."""
    names = re.findall(r"^!(\S+)$", (DEPLOY / "Dockerfile.dockerignore").read_text(), re.MULTILINE)
    listed = subprocess.run(["git", "ls-files", *names], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def build(plain: Path, folder: Path) -> tuple[Stage, str]:
    """Every line; gives the last stage and the command that it starts with."""
    stages: dict[str, Stage] = {}
    stage, command = Stage(plain), ""
    for word, rest in instructions():
        if word == "FROM":
            name = rest.partition(" AS ")[2] or "image"
            subprocess.run(["cp", "-a", plain, folder / name], check=True)
            stage = stages[name] = Stage(folder / name)
        elif word == "WORKDIR":
            stage.cwd = rest
            stage.inside(".").mkdir(parents=True, exist_ok=True)
        elif word == "ENV":
            pairs = (pair.split("=", 1) for pair in rest.split())
            stage.env |= {key: value.replace("$PATH", stage.env["PATH"]) for key, value in pairs}
        elif word == "COPY":
            stage.copy(rest, stages)
        elif word == "RUN":
            stage.run(rest)
        elif word == "CMD":
            command = " ".join(json.loads(rest))
    return stage, command


def serve(stage: Stage, command: str, folder: Path) -> str:
    """Start it as compose.yaml does; gives what was said."""
    told = "smtp://mail.example:587?tls=1\n"
    subprocess.run(["sh", str(DEPLOY / "compose" / "secrets.sh")], cwd=folder, input=told, text=True, check=True)
    (stage.folder / "run/secrets").mkdir()
    subprocess.run(["cp", "-a", *(folder / "secrets").iterdir(), stage.folder / "run/secrets"], check=True)
    web = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["web-a"]
    own = {"SITE": "samenspraak.example", "MAIL_FROM": "post@samenspraak.example"}
    given = {key: re.sub(r"\$\{(\w+)[^}]*\}", lambda found: own.get(found[1], ""), value)
             for key, value in web["environment"].items()}  # fmt: skip
    health = " ".join(f'"{word}"' for word in web["healthcheck"]["test"][1:])
    (stage.folder / "look").write_text(_LOOK.format(command=command, health=health), encoding="utf-8")
    words = ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", "bash", "-c", _SERVE, "serve"]
    done = subprocess.run(
        [*words, str(stage.folder), stage.cwd, "sh /look"], env=stage.env | given, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=300,
    )  # fmt: skip
    if done.returncode or "ended with 0" not in done.stdout:
        sys.exit(f"It ended with {done.returncode}:\n{done.stdout[-6000:]}")
    return done.stdout


def main() -> None:
    """Build it and start it."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--base", type=Path, required=True, help="a folder with the bare Debian, or where to keep it")
    base = words.parse_args().base
    if not base.exists():
        machine.make(base)
    with tempfile.TemporaryDirectory(prefix="samenspraak-image-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        plain = folder / "plain"
        subprocess.run(["cp", "-a", base, plain], check=True)
        machine.lend(plain)
        Stage(plain).run(STAND_IN)
        print(serve(*build(plain, folder), folder))


if __name__ == "__main__":
    main()
