"""A list of parts (SBOM) in CycloneDX 1.6, made from the lock alone: `make sbom` writes it into dist/.

The same lock gives the same bytes. Hashes are those of all files of a version, one of which is installed.
"""

from __future__ import annotations

import json
import sys
import tomllib
import uuid
from pathlib import Path
from typing import Any

from tests import parts
from tests.supply import licences, lock

Part = dict[str, Any]
_SPACE = uuid.UUID("7d0d3f0a-58a3-5d2c-9a55-1b6a0f0f6c01")


def made() -> dict[str, Any]:
    """The list: the product, each part of its lock, and which part needs which."""
    project = tomllib.loads((parts.ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packages = lock.read(lock.LOCKS["app"])
    root = _root(project)
    body = {
        "metadata": {"component": root},
        "components": [_part(package) for package in packages],
        "dependencies": _needs(root["bom-ref"], packages),
    }
    number = uuid.uuid5(_SPACE, json.dumps(body, sort_keys=True))
    head = {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{number}", "version": 1}
    return head | body


def _root(project: dict[str, Any]) -> Part:
    name, version = project["name"], project["version"]
    return {
        "type": "application",
        "bom-ref": f"pkg:pypi/{name}@{version}",
        "name": name,
        "version": version,
        "description": project["description"],
        "licenses": [{"license": {"id": project["license"]}}],
        "purl": f"pkg:pypi/{name}@{version}",
    }


def _part(package: lock.Package) -> Part:
    expression = licences.written()[package.name]
    alone = " " not in expression
    properties = [{"name": "samenspraak:sha256", "value": digest} for digest in package.hashes]
    if package.marker:
        properties.insert(0, {"name": "samenspraak:only-where", "value": package.marker})
    return {
        "type": "library",
        "bom-ref": package.purl,
        "name": package.name,
        "version": package.version,
        "scope": "required",
        "licenses": [{"license": {"id": expression}}] if alone else [{"expression": expression}],
        "purl": package.purl,
        "properties": properties,
    }


def _needs(root: str, packages: tuple[lock.Package, ...]) -> list[dict[str, Any]]:
    refs = {lock.OURS: root} | {package.name: package.purl for package in packages}
    return [
        {"ref": ref, "dependsOn": sorted(package.purl for package in packages if name in package.via)}
        for name, ref in refs.items()
    ]


def main(folder: Path) -> Path:
    """Write it; returns where."""
    found = made()
    folder.mkdir(exist_ok=True)
    path = folder / f"samenspraak-{found['metadata']['component']['version']}.cdx.json"
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    sys.stdout.write(f"{main(Path(sys.argv[1]) if sys.argv[1:] else parts.ROOT / 'dist')}\n")
