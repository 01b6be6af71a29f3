"""The wheel is the checkout: the same pages, files, words and steps of the database, wherever it is unpacked."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from benchmarks.walk import release
from tests import parts
from tests.platform.test_settings import WHOLE

PACKAGES = {"cards": "", "schools": "", "workgroups": "", "observations": "", "samenspraak": "platform"}
# What a process finds that has the wheel and the libraries only.
LOOK = """
import json, pathlib, sys
import django
django.setup()
from django.apps import apps
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.utils import translation

get_template("samenspraak/about.html")
with translation.override("nl"):
    dutch = translation.gettext("Sign in")
json.dump({
    "static": sorted(
        f"{getattr(storage, 'prefix', '') or ''}/{name}".lstrip('/')
        for one in finders.get_finders() for name, storage in one.list([])
    ),
    "dutch": dutch,
    "from": sorted({str(pathlib.Path(apps.get_app_config(name).path).parent) for name in sys.argv[1:]}),
}, sys.stdout)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What goes to a server, unpacked, and the wheel in it too."""
    folder = tmp_path_factory.mktemp("release")
    path = release.build(parts.ROOT, folder)
    with tarfile.open(path) as packed:
        packed.extractall(folder, filter="data")
    unpacked = folder / path.name.removesuffix(".tar.gz")
    shutil.unpack_archive(next(unpacked.glob("*.whl")), folder / "site", "zip")
    return folder


def of_the_checkout() -> dict[str, Path]:
    """Where each file of the product lies in a wheel, and in the checkout."""
    folders = {name: parts.ROOT / root / name for name, root in PACKAGES.items()}
    folders |= {"samenspraak/templates": parts.ROOT / "templates"}
    folders |= {"samenspraak/static/pictures": parts.ROOT / "docs" / "pictures" / "help"}
    return {
        f"{name}/{path.relative_to(folder)}": path
        for name, folder in folders.items()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in {".po", ".pyc"}
    }


def test_it_holds_every_file_as_it_is(made: Path) -> None:
    ours = of_the_checkout()
    site = made / "site"
    theirs = {
        str(path.relative_to(site)) for path in site.rglob("*") if path.is_file() and "dist-info" not in str(path)
    }
    assert theirs == ours.keys()
    assert [name for name, path in ours.items() if path.read_bytes() != (site / name).read_bytes()] == []


def test_it_stands_by_itself(made: Path) -> None:
    """In production's settings, without the checkout."""
    given = {**WHOLE, "PATH": os.environ["PATH"], "PYTHONPATH": str(made / "site")}
    given |= {"DJANGO_SETTINGS_MODULE": "samenspraak.settings", "PYTHONDONTWRITEBYTECODE": "1"}
    given |= {name: os.environ[name] for name in ("PYTHONPYCACHEPREFIX",) if name in os.environ}
    command = [sys.executable, "-c", LOOK, *PACKAGES]
    done = subprocess.run(command, cwd=made, env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["from"] == [str(made / "site")]
    assert found["static"] == sorted(
        f"{getattr(storage, 'prefix', '') or ''}/{name}".lstrip("/")
        for one in finders.get_finders()
        for name, storage in one.list([])
    )
    assert found["dutch"] == "Inloggen"


def test_it_brings_its_command_and_nothing_of_the_tests(made: Path) -> None:
    (told,) = (made / "site").glob("samenspraak-*.dist-info")
    assert "samenspraak = samenspraak.__main__:main" in (told / "entry_points.txt").read_text()
    assert (told / "licenses" / "LICENSE").exists()
    tops = {path.name for path in (made / "site").iterdir()} - {told.name}
    assert tops == {"cards", "observations", "samenspraak", "schools", "workgroups"}


def test_a_server_gets_the_lock_and_what_it_deploys_with(made: Path) -> None:
    (unpacked,) = [path for path in made.glob("samenspraak-*") if path.is_dir()]
    assert (unpacked / "requirements.txt").read_bytes() == (parts.ROOT / "requirements" / "app.txt").read_bytes()
    theirs = {str(path.relative_to(unpacked)) for path in (unpacked / "deploy").rglob("*") if path.is_file()}
    assert theirs == {
        str(path.relative_to(parts.ROOT)) for path in (parts.ROOT / "deploy").rglob("*") if path.is_file()
    }
    assert os.access(unpacked / "deploy" / "samenspraak", os.X_OK)
