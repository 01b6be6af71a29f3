"""Known weak spots of the parts in the lock: `make audit` asks pip-audit, and reads its answer with care.

pip-audit ends well, and says so, also about packages that nobody could tell it anything of. Here that is an end of its
own: 0 nothing known, 1 a weak spot, 2 not everybody could be asked.
"""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any

from tests import parts
from tests.supply import lock

PROGRAM = parts.ROOT / ".venv" / "audit" / "bin" / "pip-audit"
# Known and weighed: the number of a weak spot, why it does not reach us, and until when that holds.
ACCEPTED: dict[str, str] = {}


@dataclass
class Answer:
    """What is known, and about which packages nobody answered."""

    weak: list[str] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)

    @property
    def code(self) -> int:
        """How the program ends."""
        return 1 if self.weak else 2 if self.unasked else 0


def read(told: str, packages: tuple[lock.Package, ...]) -> Answer:
    """What pip-audit told about these packages; whom it does not name, it did not ask."""
    try:
        lines: list[dict[str, Any]] = json.loads(told)["dependencies"] or []
    except (ValueError, KeyError, TypeError):
        lines = []
    answer = Answer()
    asked = {line["name"].lower().replace("_", "-"): line for line in lines}
    for package in packages:
        line = asked.get(package.name)
        if line is None and package.marker:
            continue  # not for this machine: pip-audit leaves it out
        if line is None or "skip_reason" in line or "vulns" not in line:
            answer.unasked.append(package.name)
            continue
        answer.weak += [_told(package, one) for one in line["vulns"] if not ACCEPTED.keys() & _numbers(one)]
    return answer


def _numbers(one: dict[str, Any]) -> set[str]:
    return {one["id"], *one.get("aliases", [])}


def _told(package: lock.Package, one: dict[str, Any]) -> str:
    fixed = ", ".join(one.get("fix_versions", [])) or "no version yet"
    return f"{package.name} {package.version}: {', '.join(sorted(_numbers(one)))}; put right in {fixed}"


def say(answer: Answer, count: int) -> str:
    """In words, for who ran it."""
    lines = [f"A weak spot is known of {line}" for line in answer.weak]
    if answer.unasked:
        names = ", ".join(answer.unasked)
        lines.append(f"Nobody told anything about {len(answer.unasked)} of {count} packages: {names}.")
        lines.append("That says nothing about them. Is this machine offline, or behind a mirror that does not tell?")
    return "\n".join(lines) or f"Of none of the {count} packages a weak spot is known."


def main() -> int:
    """Ask about the lock of the product."""
    path = lock.LOCKS["app"]
    packages = lock.read(path)
    command = [
        str(PROGRAM),
        "--disable-pip",
        "--require-hashes",
        "-r",
        str(path),
        "-f",
        "json",
        "--progress-spinner",
        "off",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    answer = read(done.stdout, packages)
    sys.stdout.write(f"{say(answer, len(packages))}\n")
    return answer.code


if __name__ == "__main__":
    sys.exit(main())
