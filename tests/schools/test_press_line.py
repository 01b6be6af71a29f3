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
    """Those in line get their file; nobody else waits for it, and afterwards every place is free again."""
    gate = tmp_path / "open"
    waits = f"import pathlib, sys, time\nwhile not pathlib.Path({str(gate)!r}).exists(): time.sleep(0.02)\n"
    _program(monkeypatch, tmp_path, waits + "sys.stdout.write('%PDF-')")
    monkeypatch.setattr(press, "PATIENCE", 60)
    for _time in range(2):
        made: list[bytes] = []
        refused: list[press.Busy] = []

        def ask(made: list[bytes] = made, refused: list[press.Busy] = refused) -> None:
            try:
                made.append(press.as_pdf(PAGE % "", look=""))
            except press.Busy as busy:
                refused.append(busy)

        asking = [threading.Thread(target=ask) for _one in range(200)]
        for one in asking:
            one.start()
        for _moment in range(1000):
            if len(refused) == 200 - press.LINE:
                break
            time.sleep(0.02)
        assert (len(refused), made) == (200 - press.LINE, [])
        gate.touch()
        for one in asking:
            one.join()
        assert made == [b"%PDF-"] * press.LINE
        gate.unlink()


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
