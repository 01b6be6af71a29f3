"""The lock as it is written: each package with its version, its hashes, and who asked for it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests import parts

LOCKS = {name: parts.ROOT / "requirements" / f"{name}.txt" for name in ("app", "dev", "embedded")}
OURS = "samenspraak"  # who asks for what pyproject.toml names
_PIN = re.compile(r"(?P<name>[a-z0-9][a-z0-9._-]*)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>[^\\]+))?")
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")


@dataclass(frozen=True)
class Package:
    """A line of the lock. ``via``: the packages that need it; ``marker``: where it is installed, if not everywhere."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    via: frozenset[str]

    @property
    def purl(self) -> str:
        """Its name for programs that compare lists of parts."""
        return f"pkg:pypi/{self.name}@{self.version}"


def read(path: Path) -> tuple[Package, ...]:
    """All packages of a lock, by name."""
    blocks = re.split(r"\n(?=[a-z0-9])", "\n" + path.read_text(encoding="utf-8"))
    return tuple(_package(block) for block in blocks if block.strip() and not block.startswith(("#", "\n#")))


def _package(block: str) -> Package:
    pin = _PIN.match(block.strip())
    assert pin, f"No package and version: {block[:60]!r}"
    via = re.sub(r"\(pyproject\.toml[^)]*\)|#", " ", block.partition("# via")[2]).split()
    asks = frozenset(OURS if one.startswith(OURS) else one for one in via if not one.startswith(("-", "requirements/")))
    marker = (pin["marker"] or "").strip()
    return Package(pin["name"], pin["version"], marker, tuple(_HASH.findall(block)), asks)


def everything() -> dict[str, tuple[Package, ...]]:
    """Each lock by its name; of what the tests need, only what the product itself does not."""
    app = read(LOCKS["app"])
    known = {package.name for package in app}
    rest = {name: read(path) for name, path in LOCKS.items() if name != "app"}
    return {"app": app} | {name: tuple(one for one in its if one.name not in known) for name, its in rest.items()}
