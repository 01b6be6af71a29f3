"""`make release`: what goes to a server, in one file: the wheel, the lock with its hashes, and deploy/."""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def build(source: Path, into: Path) -> Path:
    """Build the wheel of this source, and put it into one file with what it needs on a server."""
    version = tomllib.loads((source / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    into.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(into)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    name = f"samenspraak-{version}"
    wheel = into / f"{name}-py3-none-any.whl"
    path = into / f"{name}.tar.gz"
    with tarfile.open(path, "w:gz") as packed:
        packed.add(wheel, f"{name}/{wheel.name}")
        packed.add(source / "requirements" / "app.txt", f"{name}/requirements.txt")
        packed.add(source / "deploy", f"{name}/deploy")
        packed.add(source / "LICENSE", f"{name}/LICENSE")
    return path


if __name__ == "__main__":
    print(build(ROOT, Path(sys.argv[1]).absolute()))
