"""Files that people send: few, small, and never on the disk."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadhandler import MemoryFileUploadHandler, StopUpload
from django.http import HttpRequest

MOST_BYTES = 2_000_000  # of all files of a request together
_READ_TO_ITS_END = 20_000_000  # a browser shows our answer only when it could send all; beyond this we hang up


def is_too_large(request: HttpRequest) -> bool:
    """Whether what was sent held more than files may be; then none of it was kept."""
    return getattr(request, "sent_too_much", False)


class SmallFiles(MemoryFileUploadHandler):
    """Keeps files in memory as long as they are small together; one byte more, and nothing of them is kept."""

    def handle_raw_input(self, input_data: Any, META: Any, content_length: int, *told: Any) -> None:  # noqa: N803
        """Take note of how much is announced; a file is read into memory whatever that says."""
        self.activated, self.bytes_left, self.announced = True, MOST_BYTES, content_length

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Keep it; stop reading where it gets too much."""
        self.bytes_left -= len(raw_data)
        if self.bytes_left < 0:
            self.file.close()
            self.request.sent_too_much = True  # type: ignore[union-attr]  # Django gives it before it reads
            raise StopUpload(connection_reset=self.announced > _READ_TO_ITS_END)
        self.file.write(raw_data)
