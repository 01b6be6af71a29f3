"""Who stands at the press: few at a time, so that hundreds who ask for a file keep nobody from a page."""

from __future__ import annotations

import threading
import time
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree as ET

import pypdf
import pytest

from schools import press
from tests.schools.test_press import PAGE, _program


def test_hundreds_at_once_hear_at_once_that_it_is_busy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Those in line get their file; nobody else waits, and afterwards every place is free again."""
    _program(monkeypatch, tmp_path, "import sys, time; time.sleep(0.5); sys.stdout.write('%PDF-')")
    made: list[bytes] = []
    refused: list[float] = []

    def ask() -> None:
        begun = time.monotonic()
        try:
            made.append(press.as_pdf(PAGE % "", look=""))
        except press.Busy:
            refused.append(time.monotonic() - begun)

    for _time in range(2):
        made.clear()
        refused.clear()
        line = [threading.Thread(target=ask) for _one in range(200)]
        for one in line:
            one.start()
        for one in line:
            one.join()
        assert made == [b"%PDF-"] * press.LINE
        assert len(refused) == 200 - press.LINE
        assert sorted(refused)[len(refused) // 2] < 0.25


@pytest.mark.pdf
def test_signs_that_xml_cannot_hold_break_no_file() -> None:
    """A title stands in the metadata too, which is XML."""
    odd = "Rek\x01e\x0bnen\x1f \ufffe\uffff \ud800👩‍🏫 \u202eomgekeerd"
    body = press.as_pdf(PAGE.replace("Rekenen", odd) % f"<p>{odd}</p>", look="")
    made = pypdf.PdfReader(BytesIO(body))
    told = made.trailer["/Root"]["/Metadata"].get_data()  # type: ignore[index]
    assert "Rekenen" in "".join(ET.fromstring(told).itertext())  # noqa: S314  # our own file
    assert made.metadata
    assert made.metadata.title == "Dialoogprofiel, Rekenen  👩‍🏫 \u202eomgekeerd"
