"""`make walk`: docs/deploy.md on a bare Debian made for it, block by block, timed; then an upgrade under visitors.

As root on Linux with debootstrap: it makes a machine with its own systemd, processes, mounts and network in a folder of
/tmp, and leaves nothing. `make walk ARGS="--base /tmp/bare"` keeps the bare Debian there for the next time.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from pathlib import Path

from benchmarks.walk import guide, machine, release
from tests.schools import national_list

SITE = "samenspraak.example"
CERTIFICATE = "/etc/ssl/samenspraak/fullchain.pem"
NUMBER = re.compile(r"x-request-id: (\w+)", re.IGNORECASE)
OLD, NEW = (guide.release(title) for title in ("Without containers", "A new version"))
_STEP = "{:>7.1f} s  {}"
_NEXT_MIGRATION = '''"""A step of the next version, for a walk."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("schools", "{before}")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE schools_school ADD COLUMN walked integer NOT NULL DEFAULT 0",
            "ALTER TABLE schools_school DROP COLUMN walked",
        )
    ]
'''
# The writer writes into this table meanwhile.
_NEXT_INDEX = '''"""An index of the next version, for a walk."""

from django.db import migrations, models

from schools.indexes import IndexBeside


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("workgroups", "{before}")]
    operations = [IndexBeside("goalupdate", models.Index(fields=["note"], name="walked"))]
'''


def main() -> int:
    """Walk; 1 where something was not as the page says."""
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--base", type=Path, help="a folder with the bare Debian, or where to keep it")
    told = words.parse_args()
    with tempfile.TemporaryDirectory(prefix="samenspraak-walk-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        base = told.base or folder / "base"
        if not base.exists():
            machine.make(base)
        with machine.running(base, folder / "machine") as bare:
            _install(bare, folder)
            return _upgrade(bare, folder)


def _install(bare: machine.Machine, folder: Path) -> None:
    shutil.copy(release.build(release.ROOT, folder / "old"), bare.path("/root"))
    bare.path("/root/vestigingen.csv").write_bytes(national_list.file([national_list.row(board=12345)]))
    letters = folder / "first"
    letters.mkdir()
    print("A bare machine to a served site:", flush=True)
    began = time.monotonic()
    with _mail_server(bare, letters):
        said = _do_blocks(bare, guide.blocks("Without containers"))
    for words in ('{"status": "ok"}', "tables, whole.", "new 1", "is board-admin at 12345 now.", "is operator at site"):
        if words not in said:
            sys.exit(f"It does not say {words}: {said}")
    if len(list(letters.iterdir())) != 1:
        sys.exit("The letter to oneself did not arrive.")
    print(_STEP.format(time.monotonic() - began, "in all; it is served over TLS\n"), flush=True)
    print(bare.do("samenspraak status || true"))
    print(bare.do("du -sh /opt/samenspraak/* /var/lib/postgresql /var/backups/samenspraak; df -h / | tail -1; free -m"))
    _one_number(bare)
    print(bare.do("systemd-analyze security --no-pager 'samenspraak-web@8001' | tail -1").strip())
    bare.do("systemd-analyze verify /etc/systemd/system/samenspraak*.service /etc/systemd/system/samenspraak.target")


def _mail_server(bare: machine.Machine, letters: Path) -> AbstractContextManager[object]:
    return bare.beside(sys.executable, "-m", "benchmarks.sink", "--port", "25", "--folder", str(letters))


def _one_number(bare: machine.Machine) -> None:
    """An answer that broke has one number: in the answer, in the proxy's log and in the product's, and no address."""
    ask = f"curl -sS --cacert {CERTIFICATE} --resolve {SITE}:443:127.0.0.1 -D - -o /dev/null -H 'X-Request-ID: mine'"
    file = "/var/lib/samenspraak/maintenance"
    told = bare.do(f"touch {file}; {ask} https://{SITE}/about/; rm {file}; {ask} https://{SITE}/cards/")
    broke, well = NUMBER.findall(told)
    proxy = bare.path("/var/log/nginx/access.log").read_text(encoding="utf-8")
    if broke not in proxy or well in proxy or "about" in proxy or "mine" in proxy:
        sys.exit(f"Not the number in the proxy's log, or more than that: {told}\n{proxy}")
    bare.do(f"journalctl --quiet -u 'samenspraak-web@*' | grep '\"request\": \"{broke}\"'")


def _do_blocks(bare: machine.Machine, blocks: list[str]) -> str:
    """Do them in their order; gives all that they said."""
    said = ""
    for block in blocks:
        began = time.monotonic()
        said += bare.do_block(block)
        print(_STEP.format(time.monotonic() - began, guide.first_words(block)), flush=True)
    return said


def _upgrade(bare: machine.Machine, folder: Path) -> int:
    """The next version while visitors read and write and letters leave; then the way back."""
    shutil.copy(_next_release(folder), bare.path("/root"))
    letters, stop = folder / "letters", folder / "stop"
    letters.mkdir()
    with _mail_server(bare, letters):
        seed = json.loads(bare.do(f"samenspraak shell <<'END'\n{_seed()}\nEND").splitlines()[-1])
        values = (SITE, str(bare.path(CERTIFICATE)), seed["token"], str(seed["goal"]), str(stop))
        with bare.beside(sys.executable, "-m", "benchmarks.walk.visitors", *values) as visitors:
            time.sleep(5)
            _forth_and_back(bare)
            _wait_for(letters, seed["letters"])
            stop.touch()
            found = json.loads(visitors.communicate(timeout=60)[0].splitlines()[-1])
    kept = bare.do('runuser -u postgres -- psql -d samenspraak -Atc "SELECT note FROM workgroups_goalupdate"').split()
    return _judge(found, kept, [path.read_bytes() for path in letters.iterdir()], seed["letters"])


def _forth_and_back(bare: machine.Machine) -> None:
    print("\nA new version, with 3 readers, a writer and letters under way:", flush=True)
    _do_blocks(bare, guide.blocks("A new version"))
    began = time.monotonic()
    bare.do(f"ln -sfn {OLD} /opt/samenspraak/current\n" + _restarts())
    print(_STEP.format(time.monotonic() - began, "the way back to the version before, on the new tables"), flush=True)


def _seed() -> str:
    return (Path(__file__).parent / "seed.py").read_text(encoding="utf-8")


def _restarts() -> str:
    """Those lines of the page."""
    return "\n".join(
        line for block in guide.blocks("A new version") for line in block.splitlines() if "systemctl restart" in line
    )


def _next_release(folder: Path) -> Path:
    """The next version: another number, other files, and one more step of its tables."""
    source = folder / "next"
    listed = subprocess.run(["git", "ls-files"], cwd=release.ROOT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        if (release.ROOT / name).is_file():
            (source / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(release.ROOT / name, source / name)
    about = source / "pyproject.toml"
    about.write_text(re.sub(r'^version = ".*"$', f'version = "{NEW}"', about.read_text(), count=1, flags=re.MULTILINE))
    for style in (source / "platform/samenspraak/static/samenspraak").glob("*.[cj]s*"):
        style.write_text(style.read_text(encoding="utf-8") + "\n/* the next version */\n", encoding="utf-8")
    for app, step in (("schools", _NEXT_MIGRATION), ("workgroups", _NEXT_INDEX)):
        steps = source / app / "migrations"
        before = max(path.stem for path in steps.glob("0*.py"))
        (steps / f"{int(before[:4]) + 1:04}_walked.py").write_text(step.format(before=before))
    return release.build(source, folder / "new")


def _wait_for(letters: Path, number: int) -> None:
    for _try in range(240):
        if len(list(letters.iterdir())) >= number:
            return
        time.sleep(1)


def _judge(found: dict[str, list[str]], kept: list[str], letters: list[bytes], due: int) -> int:
    once = len(kept) == len(set(kept))
    lost = set(found["written"]) - set(kept)
    readers = {re.search(rb"^To:.*", one, re.MULTILINE | re.IGNORECASE)[0] for one in letters}  # type: ignore[index]
    print(
        f"\nread {found['read']} pages and files ({found['assets']} different files), slowest {found['slowest']} s; "
        f"failed {len(found['failed'])}\nwrote {len(found['written'])} notes: lost {len(lost)}, "
        f"{'none twice' if once else 'SOME TWICE'}\nletters due {due}, arrived {len(letters)} at {len(readers)} people"
    )
    print(*found["failed"][:20], sep="\n")
    well = not found["failed"] and not lost and once and len(letters) == len(readers) == due
    print("All as promised." if well else "NOT as promised.")
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
