"""The commands, for manage.py and for an installed wheel: `samenspraak migrate`."""

import os
import sys

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    """Run the command named on the command line; a missing or wrong setting is one sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samenspraak.settings")
    try:
        _mode = settings.MODE
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
