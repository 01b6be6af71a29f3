"""What the tree promises: see docs/floorplan.md."""

import platform
import re
import subprocess
import sysconfig
import tomllib
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TOP = {
    "CHANGELOG.md", "LICENSE", "Makefile", "README.md", "benchmarks", "cards", "deploy", "docs", "manage.py",
    "observations", "platform", "pyproject.toml", "requirements", "schools", "templates", "tests", "workgroups",
}  # fmt: skip
ENDLESS = {"utils", "common", "core", "helpers", "services"}


def _tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [Path(line) for line in listing.stdout.splitlines()]


def test_the_top_level_holds_what_the_plan_says_and_dotfiles() -> None:
    top = {path.parts[0] for path in _tracked()}
    assert {name for name in top if not name.startswith(".")} == TOP


def test_the_source_root_does_not_hide_the_standard_library() -> None:
    assert Path(platform.__file__).parent == Path(sysconfig.get_path("stdlib"))
    inside = {path.parts[1] for path in _tracked() if path.parts[0] == "platform"}
    assert inside == {"samenspraak"}


def test_the_plan_names_every_room() -> None:
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = told["tool"]["importlinter"]["contracts"]
    rooms = next(one["layers"] for one in contracts if one["name"].startswith("Rooms"))
    table = (ROOT / "docs" / "floorplan.md").read_text(encoding="utf-8").partition("## Rooms")[2]
    named = [line.split("|")[1] for line in table.splitlines() if line.startswith("|")]
    assert set(re.findall(r"`(\w+)`", " ".join(named))) == set(re.findall(r"\w+", " ".join(rooms)))


def test_no_room_is_a_drawer_for_everything() -> None:
    # The helpers of workgroups/models are the instrument's own: helpers to an aspect.
    drawers = {path for path in _tracked() if path.suffix == ".py" and ENDLESS & {path.stem, *path.parent.parts}}
    assert drawers - {Path("workgroups/models/helpers.py")} == set()
