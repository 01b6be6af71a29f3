"""Files to take along: what a page shows, as CSV, XLSX or PDF, by the same policy and from the same figures."""

from __future__ import annotations

import datetime as dt
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.functional import Promise
from django.utils.http import content_disposition_header
from django.utils.translation import get_language

from schools import events, press, proving, refusals, sheets
from schools.models import Board, User

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "zip": "application/zip",
}


def a_file(body: bytes, *, kind: str, stem: str | Promise, now: dt.datetime) -> HttpResponse:
    """The answer with a file, named after its day, for this reader alone and not to be kept on the way."""
    answer = HttpResponse(body, content_type=TYPES[kind])
    name = f"{stem}-{timezone.localdate(now)}.{kind}"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    patch_cache_control(answer, no_store=True, private=True)
    return answer


def note(on: models.Model, *, by: User, now: dt.datetime) -> None:
    """Write down that somebody took a file along, and of what: a group, a school or a board."""
    board = on if isinstance(on, Board) else None
    school = None if board else getattr(on, "school_id", on.pk)
    events.record(what=events.What.FILE_TAKEN, by=by, on=on, school=school, board=board, now=now)


class FileMixin(proving.RecentlyProved, ABC):
    """A page's address that answers with a file; what cannot be made becomes a sentence on the page it belongs to.

    It asks for a recent proof: a file stays where it is put, whoever comes to that machine next.
    """

    http_method_names: Sequence[str] = ["get", "head"]
    stem: ClassVar[str | Promise]  # what the file is called before its day: no name of a group, folders are shared
    kind: str = ""  # given by the address: csv, xlsx or pdf

    @abstractmethod
    def body(self) -> bytes:
        """The file. Raises Refused with a sentence."""

    @abstractmethod
    def back(self) -> str:
        """The address of the page that the file belongs to."""

    @abstractmethod
    def source(self) -> models.Model:
        """What the file is taken from, for the event: a group, a school or a board."""

    def get(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Answer with the file, for this reader alone and not to be kept on the way. An operator's look takes none."""
        member = getattr(request, "member", None)
        if member and member.opened_until:
            raise PermissionDenied
        try:
            answer = a_file(self.body(), kind=self.kind, stem=self.stem, now=self.now)  # type: ignore[attr-defined]
        except refusals.Refused as refused:
            messages.error(request, str(refused.sentence))
            answer = redirect(self.back())
        else:
            if request.method == "GET":
                note(self.source(), by=request.user, now=self.now)  # type: ignore[arg-type, attr-defined]
        patch_cache_control(answer, no_store=True, private=True)
        return answer


class SheetMixin(FileMixin):
    """A table to take along."""

    @abstractmethod
    def sheet(self) -> sheets.Sheet:
        """The table."""

    def body(self) -> bytes:
        """The table as this kind of file."""
        return as_table(self.sheet(), kind=self.kind)


def as_table(table: sheets.Sheet, *, kind: str) -> bytes:
    """The table as a file: csv or xlsx. Raises Refused where it cannot be made."""
    return sheets.as_csv(table) if kind == "csv" else press.as_xlsx(table, language=get_language() or "nl")
