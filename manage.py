#!/usr/bin/env python3
"""Run the product's commands from a bare checkout."""

import sys
from pathlib import Path


def main() -> None:
    """Put the source roots on the path and hand over to the product."""
    root = Path(__file__).resolve().parent
    # Appended, never first: the folder's name must not shadow the standard library's platform.
    sys.path.append(str(root / "platform"))
    from samenspraak.__main__ import main as run  # noqa: PLC0415  # needs the path above

    run()


if __name__ == "__main__":
    main()
