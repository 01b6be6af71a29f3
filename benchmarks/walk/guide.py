"""The lines of docs/deploy.md, read out of the page."""

from __future__ import annotations

import re
from pathlib import Path

PAGE = Path(__file__).resolve().parents[2] / "docs" / "deploy.md"
_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(title: str) -> list[str]:
    """The blocks of commands under this heading, in their order. Those without `sh` are for reading alone."""
    _before, _title, rest = PAGE.read_text(encoding="utf-8").partition(f"\n## {title}\n")
    part, _next, _after = rest.partition("\n## ")
    return _BLOCK.findall(part)


def first_words(block: str) -> str:
    """What to call a block."""
    lines = [line for line in block.splitlines() if line not in {"set -eu", "cd /root"}]
    return lines[0][:60]


def release(title: str) -> str:
    """The version that this part speaks of."""
    (found,) = re.findall(r"^RELEASE=(\S+)", "\n".join(blocks(title)), re.MULTILINE)
    return str(found)
