"""Under which licence each part comes: `make licences` prints it. requirements/licences.txt holds what we read.

A line there is somebody's reading of a licence, once. What a package says of itself is compared with it, so that a new
version with other terms is noticed.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from importlib import metadata

from tests import parts
from tests.supply import lock

READ = parts.ROOT / "requirements" / "licences.txt"
# What asks nothing of who uses the product but to leave the notices in place.
FREE = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CNRI-Python", "HPND", "ISC", "MIT", "MIT-0", "MIT-CMU"),
    *("PSF-2.0", "PostgreSQL", "Unlicense", "Zlib"),
}
# What asks to give on changes to that part itself: we use these as they come, and change nothing in them.
OF_THE_PART = {"LGPL-2.1-or-later", "LGPL-3.0-only", "MPL-1.1", "MPL-2.0"}
# Tools of who builds and tests: no line of them is in the product or in what is handed out.
TOOLS_ONLY = {"Artistic-1.0-Perl", "GPL-3.0-or-later"}
# How packages name them where they do not use the names above; "BSD" does not say which.
_NAMES = {
    r"\bMIT\b(?!-)": {"MIT"},
    r"BSD": {"BSD-2-Clause", "BSD-3-Clause"},
    r"Apache": {"Apache-2.0"},
    r"MPL[ -]?2\.0|Mozilla Public License 2\.0": {"MPL-2.0"},
    r"MPL 1\.1": {"MPL-1.1"},
    r"LGPLv2\+": {"LGPL-2.1-or-later"},
    r"\(GPLv2\+\)": {"GPL-2.0-or-later"},
    r"\bISC\b": {"ISC"},
    r"PSF|Python Software Foundation": {"PSF-2.0"},
    r"Artistic": {"Artistic-1.0-Perl"},
    r"PostgreSQL": {"PostgreSQL"},
}


def written() -> dict[str, str]:
    """Each package with its licence, as an expression in the names of SPDX."""
    lines = [line.split("#")[0].split(maxsplit=1) for line in READ.read_text(encoding="utf-8").splitlines()]
    return {words[0]: words[1].strip() for words in lines if words}


def is_allowed(expression: str, *, as_tool: bool = False) -> bool:
    """Whether one of the choices that a licence leaves asks for nothing that we do not do."""
    allowed = FREE | OF_THE_PART | (TOOLS_ONLY if as_tool else set())
    return any(set(choice.split(" AND ")) <= allowed for choice in _choices(expression))


def _choices(expression: str) -> list[str]:
    return expression.replace("(", "").replace(")", "").split(" OR ")


def agrees(expression: str, said: str) -> bool:
    """Whether what a package says of itself is what is written down; who says nothing cannot disagree."""
    if not said:
        return True
    atoms = {atom for choice in _choices(expression) for atom in choice.split(" AND ")}
    named = {name for pattern, names in _NAMES.items() if re.search(pattern, said) for name in names}
    return atoms <= named | set(re.findall(r"[\w.-]+", said))


def said_by(name: str) -> str | None:
    """What an installed package says of its licence; None where it is not installed."""
    try:
        told = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    if "License-Expression" in told:
        return told["License-Expression"]
    short = told["License"].partition("\n")[0] if "License" in told else ""
    kinds = [one for one in told.get_all("Classifier") or [] if one.startswith("License ::")]
    return " ".join([short, *kinds]).strip()


def main() -> None:
    """Print the licences of each lock, the frequent ones first."""
    licence = written()
    for name, packages in lock.everything().items():
        sys.stdout.write(f"\nrequirements/{name}.txt, {len(packages)} packages\n")
        for expression, count in Counter(licence[one.name] for one in packages).most_common():
            names = ", ".join(one.name for one in packages if licence[one.name] == expression)
            sys.stdout.write(f"  {expression} ({count}): {names}\n")


if __name__ == "__main__":
    main()
