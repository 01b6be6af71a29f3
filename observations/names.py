"""Whether words name somebody of the group (C13). Pure: it asks a question, it never changes a text."""

from __future__ import annotations

import re
from collections.abc import Iterable


def named_in(text: str, names: Iterable[str]) -> str | None:
    """The first name that stands in the text as a whole word, written as a name (with its capital); else None.

    ``names`` are given names, family names and nicknames of the group's people. "Els" is found in "Els vroeg" and
    in "Els' vraag", not in "els", "Elsje" or "meubels".
    """
    known = sorted({name.strip() for name in names if name.strip()}, key=len, reverse=True)
    if not known:
        return None
    words = "|".join(re.escape(name) for name in known)
    found = re.search(rf"(?<!\w)(?:{words})(?!\w)", text)
    return found.group() if found else None
