"""`python -m tests.release 1.0`: keep what a release leaves behind, for the test of the way up from it.

Tells the demo's school year into a PostgreSQL of its own and puts a backup of it into tests/platform/releases.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from tests import parts

KEPT = parts.ROOT / "tests/platform/releases"


def main() -> None:
    found = parts.find()
    if len(sys.argv) != 2 or found.postgresql is None:
        sys.exit("Say which release, such as 1.0, on a machine that has PostgreSQL.")
    with parts.scratch_folder() as folder, parts.postgresql(found.postgresql, folder) as address:
        os.environ |= {
            "SAMENSPRAAK_MODE": "demo",
            "DEMO_DIR": str(folder / "demo"),
            "DATABASE_URL": address,
            "POSTGRESQL_PROGRAMS": str(found.postgresql),
            "DJANGO_SETTINGS_MODULE": "samenspraak.settings",
        }
        sys.path.insert(0, str(parts.ROOT / "platform"))
        _keep(folder, KEPT / f"{sys.argv[1]}.backup")


def _keep(folder: Path, path: Path) -> None:
    import django  # noqa: PLC0415  # the settings are there by now
    from django.utils import timezone  # noqa: PLC0415

    django.setup()
    from samenspraak.backup import taking  # noqa: PLC0415
    from samenspraak.demo import stage  # noqa: PLC0415

    stage.make_folder(folder / "demo")
    stage.prepare(now=timezone.now())
    taken = taking.take(folder, keep=None, now=timezone.now())
    path.write_bytes(taken.path.read_bytes())
    print(f"{path.relative_to(parts.ROOT)}: {taken.size:,} bytes, {sum(taken.told.rows.values()):,} rows")  # noqa: T201


if __name__ == "__main__":
    main()
