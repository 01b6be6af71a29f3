"""What people type, made ready to keep: one line or some lines, never nothing where something is needed."""

from __future__ import annotations

import zlib

from django.utils.translation import gettext_lazy as _, ngettext_lazy

from schools import refusals


class EmptyText(refusals.Refused):
    """A text that is needed is not there."""

    message = _("Write something here first.")
    code = "empty_text"


class TextTooLong(refusals.Refused):
    """A text is longer than there is room for."""

    code = "text_too_long"


class UnknownWord(refusals.Refused):
    """A choice that is not among the choices."""

    message = _("Choose one of the answers.")
    code = "unknown_choice"


def one_line(text: str, *, limit: int, field: str, may_be_empty: bool = False) -> str:
    """The text on one line, without space around it; raises EmptyText or TextTooLong beside the field."""
    return _kept(" ".join(text.split()), limit=limit, field=field, may_be_empty=may_be_empty)


def lines(text: str, *, limit: int, field: str) -> str:
    """The text with its line ends, without space around it; it may be empty."""
    return _kept(text.strip(), limit=limit, field=field, may_be_empty=True)


def needed_lines(text: str, *, limit: int, field: str) -> str:
    """The same, where there must be something."""
    return _kept(text.strip(), limit=limit, field=field, may_be_empty=False)


def mark_of(*texts: str) -> int:
    """A number that differs as soon as the texts do: the version of what has none."""
    return zlib.crc32("\0".join(texts).encode())


def chosen(value: str, choices: list[str], *, field: str) -> str:
    """The value, if it is one of the choices; raises UnknownWord beside the field."""
    if value not in choices:
        raise UnknownWord(field=field)
    return value


def _kept(text: str, *, limit: int, field: str, may_be_empty: bool) -> str:
    if not text and not may_be_empty:
        raise EmptyText(field=field)
    if len(text) > limit:
        room = ngettext_lazy(
            "There is room for %(limit)d character here.", "There is room for %(limit)d characters here.", "limit"
        )
        raise TextTooLong(room % {"limit": limit}, field=field)
    return text
