"""What a request may say of its body, before Django reads it: Django breaks on some of it outside any of our layers."""

import re

from django.utils.http import parse_header_parameters

_CHARSET = re.compile(r";\s*charset[^=;]*=[^;]*", re.IGNORECASE)


def plain(header: str) -> str:
    """The Content-Type without its charset, since all text is UTF-8; nothing where it cannot be read."""
    left = _CHARSET.sub("", header)
    try:
        _kind, parameters = parse_header_parameters(left)
    except (ValueError, LookupError):
        return ""
    return "" if "charset" in parameters else left
