"""Prints a page as a tagged PDF: JSON on its input, the file on its output. Started by the press, alone."""

import json
import resource
import sys
from contextlib import suppress

try:
    import weasyprint
except (ImportError, OSError):  # OSError: the library is there, Pango is not
    sys.exit(3)

MEMORY = 2**31  # bytes of addresses; a page takes a tenth of it


def printed(page: str, look: str) -> bytes:
    """The file; nothing is fetched from anywhere, whatever the page names."""
    nothing = weasyprint.urls.URLFetcher(allowed_protocols=())
    sheet = weasyprint.CSS(string=look, url_fetcher=nothing)
    document = weasyprint.HTML(string=page, url_fetcher=nothing)
    return bytes(document.write_pdf(stylesheets=[sheet], pdf_variant="pdf/ua-1"))


if __name__ == "__main__":
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    order = json.load(sys.stdin)
    sys.stdout.buffer.write(printed(order["page"], order["look"]))
