"""Files read back as people and programs read them: figures of a profile by day, mirror and card."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pypdf
from openpyxl import load_workbook

# Per day, whose mirror and card: the figure as Dutch writes it, or "" for a gap.
Figures = dict[tuple[dt.date, str, int], str]

OWN, COACH = "de groep zelf", "de coach"


def table_of_csv(body: bytes) -> list[dict[str, str]]:
    """The rows of a CSV by their heads."""
    return list(csv.DictReader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";"))


def table_of_xlsx(body: bytes) -> list[dict[str, Any]]:
    """The rows of a workbook by their heads, in its own types."""
    rows = load_workbook(io.BytesIO(body)).worksheets[0].iter_rows(values_only=True)
    heads = [str(head) for head in next(rows)]
    return [dict(zip(heads, row, strict=True)) for row in rows]


def text_of_pdf(body: bytes) -> str:
    """The words of all pages, one blank between them."""
    pages = pypdf.PdfReader(io.BytesIO(body)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def tagged(element: Any) -> Iterator[Any]:
    """Every element of a PDF's tree of tags."""
    if not isinstance(element, pypdf.generic.DictionaryObject):
        return
    yield element
    below = element.get("/K", [])
    for kid in below if isinstance(below, list) else [below]:
        if hasattr(kid, "get_object"):
            yield from tagged(kid.get_object())


def words_of_page(page: str) -> str:
    """The words of a page, one blank between them."""
    return " ".join(unescape(re.sub(r"<(svg|script|style).*?</\1>|<[^>]*>", " ", page, flags=re.DOTALL)).split())


def figures_of_csv(body: bytes) -> Figures:
    """The figures of a CSV."""
    rows = [row for row in table_of_csv(body) if row["Wat"] == "hoe vaak gehoord"]
    return {
        (dt.date.fromisoformat(row["Wanneer"]), row["Welke spiegel"], int(row["Kaart"])): row["Graad (1 tot 4)"]
        for row in rows
    }


def figures_of_xlsx(body: bytes) -> Figures:
    """The figures of a workbook: numbers, shown with one place."""
    rows = [row for row in table_of_xlsx(body) if row["Wat"] == "hoe vaak gehoord"]
    return {(row["Wanneer"].date(), row["Welke spiegel"], row["Kaart"]): _dutch(row["Graad (1 tot 4)"]) for row in rows}


def figures_of_api(told: dict[str, Any]) -> Figures:
    """The figures of the REST answer."""
    found: Figures = {}
    for aspect in told["aspects"]:
        for visit, degree in zip(told["visits"], aspect["degrees"], strict=True):
            found[dt.date.fromisoformat(visit["day"]), COACH, aspect["number"]] = _dutch(degree)
        for one, degree in zip(told["rounds"] or (), aspect["own_degrees"] or (), strict=True):
            found[dt.date.fromisoformat(one["day"]), OWN, aspect["number"]] = _dutch(degree)
    return found


def _dutch(degree: float | None) -> str:
    return "" if degree is None else f"{degree:.1f}".replace(".", ",")
