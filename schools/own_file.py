"""What is held about a person as one file: a page to read, in the person's language, and JSON for programs."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from collections.abc import Mapping, Sequence

from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format, time_format
from django.utils.translation import get_language, gettext as _, pgettext

from schools import queries
from schools.holdings import Cell, Holding

FORMAT = 1  # of the JSON; rises when a key goes or means something else


def laid_out(held: queries.Held, *, now: dt.datetime) -> dict[str, object]:
    """The things by their keys, each as what it says by its keys, as programs read it."""
    told = {one.key: [_by_key([key for key, _label in one.says], row) for row in rows] for one, rows in held}
    return {"format": FORMAT, "made_at": now, "language": get_language(), "held": told}


def as_zip(held: queries.Held, *, now: dt.datetime) -> bytes:
    """Both in one file, in memory."""
    program = json.dumps(laid_out(held, now=now), cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bundle:
        bundle.writestr(_("what-samenspraak-knows.html"), as_page(held, now=now))
        bundle.writestr("samenspraak.json", program)
    return packed.getvalue()


def as_page(held: queries.Held, *, now: dt.datetime) -> str:
    """The page: it stands alone, with its look in it, and asks nothing of any host."""
    things = [(one, [_labelled(one, row) for row in rows]) for one, rows in held if rows]
    empty = [one.title for one, rows in held if not rows]
    page = render_to_string("schools/own_file/page.html", {"things": things, "empty": empty, "now": now})
    look = render_to_string("schools/own_file/look.css")
    return page.replace("</head>", f"<style>{look}</style></head>", 1)


def _by_key(keys: Sequence[str], row: Sequence[Cell]) -> Mapping[str, Cell]:
    return dict(zip(keys, row, strict=True))


def _labelled(one: Holding, row: Sequence[Cell]) -> list[tuple[str, str]]:
    return [(str(label), _shown(cell)) for (_key, label), cell in zip(one.says, row, strict=True)]


def _shown(cell: Cell) -> str:
    """As people read it; days and times as they write them, on the product's clock."""
    if cell is None or cell == "":
        return "–"
    if isinstance(cell, bool):
        return _("yes") if cell else _("no")
    clock = pgettext("time of day", "H:i")
    if isinstance(cell, dt.datetime):
        return date_format(timezone.localtime(cell), f"j F Y {clock}")
    if isinstance(cell, dt.date):
        return date_format(cell, "j F Y")
    return time_format(cell, clock) if isinstance(cell, dt.time) else str(cell)
