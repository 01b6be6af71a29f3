"""The Dutch texts: complete, and compiled from what is written."""

from pathlib import Path

import polib
import pytest
from django.conf import settings

DUTCH = Path(settings.LOCALE_PATHS[0]) / "nl" / "LC_MESSAGES"


@pytest.fixture(scope="module")
def written() -> polib.POFile:
    catalogue: polib.POFile = polib.pofile(str(DUTCH / "django.po"))
    return catalogue


def test_every_sentence_has_its_dutch(written: polib.POFile) -> None:
    assert [entry.msgid for entry in written.untranslated_entries()] == []
    assert [entry.msgid for entry in written.fuzzy_entries()] == []


def test_the_compiled_file_says_the_same(written: polib.POFile) -> None:
    compiled = polib.mofile(str(DUTCH / "django.mo"))

    def content(entries: polib.POFile | polib.MOFile) -> dict[tuple[str | None, str], object]:
        return {(e.msgctxt, e.msgid): e.msgstr_plural or e.msgstr for e in entries if not e.obsolete}

    assert content(compiled) == content(written)
