"""Files that people send: few, small, never on the disk; and the forms about them."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from django import forms
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

MOST_BYTES = 2_000_000  # of all files of a request together
_READ_TO_ITS_END = 10_000_000  # a browser shows our answer only when it could send all; beyond this we hang up


def is_too_large(request: HttpRequest) -> bool:
    """Whether what was sent held more than files may be; then none of it was kept."""
    return getattr(request, "sent_too_much", False)


class SmallFiles(MemoryFileUploadHandler):
    """Keeps files in memory as long as they are small together; one byte more, and no file is kept any more."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *told: Any) -> None:  # noqa: N803
        """Read nothing where far too much is announced, whatever it is: parts and signs that count as no file, too."""
        if content_length > _READ_TO_ITS_END:
            raise RequestDataTooBig("far more than files may be")
        self.activated, self.bytes_left = True, MOST_BYTES  # a file is read into memory whatever its length says

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep it; where it gets too much, read on and keep nothing, so that the browser hears our answer.

        Stopping would have the rest read line by line, and one could send lines of a single sign.
        """
        self.bytes_left -= len(raw_data)
        if self.bytes_left < 0:
            self.file = BytesIO()
            self.request.sent_too_much = True  # type: ignore[union-attr]  # Django gives it before it reads
        else:
            self.file.write(raw_data)

    def file_complete(self, file_size: int) -> UploadedFile[Any] | None:
        """The file, unless it was too much."""
        return super().file_complete(file_size) if self.bytes_left >= 0 else None


class RosterFile(forms.Form):
    """A staff list to read in."""

    file = forms.FileField(
        label=_("The list"),
        help_text=_("A CSV file or an Excel workbook (.xlsx), at most 2 MB"),
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,.txt,text/csv"}),
        error_messages={
            "required": _("Choose a file first."),
            "missing": _("Choose a file first."),
            "empty": _("There is nothing in this file."),
        },
    )

    def __init__(self, *given: Any, is_too_large: bool = False, **more: Any) -> None:
        """Know whether what was sent was more than is read."""
        super().__init__(*given, **more)
        if is_too_large:
            told = _("This file is larger than 2 MB: no list of people is. Keep only the list and save it again.")
            self.fields["file"].error_messages["required"] = str(told)


class RosterTake(forms.Form):
    """A yes to a list: who is a namesake, who left, and the mark of what was shown."""

    others = forms.MultipleChoiceField(
        label=_("Is this somebody else?"),
        help_text=_("Tick who is another person with the same name. Who changed address can say so under “Me”."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    gone = forms.MultipleChoiceField(
        label=_("Who left?"),
        help_text=_("Nothing happens to whoever you do not tick."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    last_day = forms.DateField(
        label=_("Last day of whoever you ticked"),
        help_text=_("They can sign in until then; what their groups wrote stays with the groups."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        required=False,
    )
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(
        self,
        *given: Any,
        others: Sequence[tuple[str, str]] = (),
        gone: Sequence[tuple[str, str]] = (),
        **more: Any,
    ) -> None:
        """Know which questions there are."""
        super().__init__(*given, **more)
        for name, choices in (("others", others), ("gone", gone)):
            if choices:
                self.fields[name].choices = choices  # type: ignore[attr-defined]  # of a field with choices
            else:
                del self.fields[name]
        if not gone:
            del self.fields["last_day"]

    def clean(self) -> dict[str, Any]:
        """Whoever left has a last day."""
        said = super().clean() or {}
        if said.get("gone") and not said.get("last_day") and "last_day" not in self.errors:
            self.add_error("last_day", _("Say what the last day of these people is."))
        return said
