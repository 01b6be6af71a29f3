"""The same commands as manage.py, for an installed wheel: `samenspraak migrate`."""

import os
import sys

from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samenspraak.settings")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
