#!/usr/bin/env python3
"""Run the product's commands from a bare checkout."""

import os
import sys
from pathlib import Path


def main() -> None:
    """Put the source roots on the path and hand over to Django."""
    root = Path(__file__).resolve().parent
    # Appended, never first: the folder's name must not shadow the standard library's platform.
    sys.path.append(str(root / "platform"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samenspraak.settings")
    from django.core.management import execute_from_command_line  # noqa: PLC0415  # needs the path above

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
