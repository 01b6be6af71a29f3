"""The line to the mail server: kept open for many letters, and it knows how far the last one came."""

from __future__ import annotations

import enum
import smtplib
import time
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

from django.core import mail
from django.core.mail.backends import smtp

from schools.post import envelope

_GO_ON, _PERMANENT, _CLOSING = 354, 500, 421
AGAIN_WITHIN = 40.0  # seconds


class Fate(enum.Enum):
    """What the mail server said to one letter."""

    ACCEPTED = enum.auto()
    REFUSED = enum.auto()  # for good
    LATER = enum.auto()
    UNKNOWN = enum.auto()  # it got the text and did not answer


class LineDownError(Exception):
    """The mail server cannot be reached, or does not let us in."""


class CutOffError(LineDownError):
    """The line broke while a letter was on it, before the letter was handed over, and so did the next one."""


class _Watched(smtplib.SMTP):
    """Knows whether a text was handed over and not yet answered, and does not look twice at what the post made."""

    in_the_dark = False

    def mail(self, sender: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        """Say who writes, without parsing an address that is plain."""
        if not envelope.is_plain(sender):
            return super().mail(sender, options)
        self.putcmd("mail", " ".join([f"FROM:<{sender}>", *options]))
        return self.getreply()

    def rcpt(self, recip: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        """Say to whom."""
        if options or not envelope.is_plain(recip):
            return super().rcpt(recip, options)
        self.putcmd("rcpt", f"TO:<{recip}>")
        return self.getreply()

    def data(self, msg: Any) -> tuple[int, bytes]:
        """Hand the text over and wait for the answer; only an answer ends the darkness."""
        self.in_the_dark = True
        try:
            answer = self._hand_over(msg) if envelope.is_ready(msg) else super().data(msg)
        except smtplib.SMTPResponseException:
            self.in_the_dark = False
            raise
        self.in_the_dark = False
        return answer

    def _hand_over(self, text: bytes) -> tuple[int, bytes]:
        """As smtplib does, which looks for ends of lines and points before them twice as long as all the rest takes.

        A line that begins with a point gets one more: the mail server takes it away again (RFC 5321, 4.5.2).
        """
        self.putcmd("data")
        code, words = self.getreply()
        if code != _GO_ON:
            raise smtplib.SMTPDataError(code, words)
        first = b"." if text.startswith(b".") else b""
        self.send(first + text.replace(b"\n.", b"\n..") + b".\r\n")
        return self.getreply()


class _WatchedOverTLS(_Watched, smtplib.SMTP_SSL):
    """The same from the first byte encrypted."""


class EmailBackend(smtp.EmailBackend):
    """Django's own SMTP line, watched; production's EMAIL_BACKEND."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        """What Django opens."""
        return _WatchedOverTLS if self.use_ssl else _Watched

    def _send(self, message: mail.EmailMessage) -> bool:
        """Letters of the post are ready as they are."""
        if self.connection is None or not isinstance(message, envelope.Message):
            return bool(super()._send(message))  # type: ignore[misc]
        self.connection.sendmail(message.from_email, message.recipients(), message.raw)
        return True


class Line:
    """One kept connection for as long as the block lasts."""

    def __init__(self) -> None:
        """Choose the backend; it opens with the first letter."""
        self._backend = mail.get_connection()

    def __enter__(self) -> Self:
        """Give the line."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Say goodbye to the mail server."""
        self.hang_up()

    def hang_up(self) -> None:
        """Say goodbye to the mail server; the line opens again with the next letter."""
        with suppress(OSError):  # it was gone already
            self._backend.close()

    def send(self, message: mail.EmailMessage) -> tuple[Fate, str]:
        """Send one letter and say what became of it, with a few words for its row.

        A connection that the server had closed meanwhile is opened anew, once, unless that took so long that a second
        try might outlast the lease. Raises LineDownError when there is no connection to be had and CutOffError when it
        broke, both before the letter was handed over; other errors are the letter's own.
        """
        until = time.monotonic() + AGAIN_WITHIN
        for second in (False, True):
            self._open()
            try:
                self._backend.send_messages([message])
            except OSError as error:  # smtplib's own errors among them
                fate, why = self._judge(error)
                if fate is not None:
                    return fate, why
                self.hang_up()
                if second or time.monotonic() > until:
                    raise CutOffError(why) from error
            else:
                return Fate.ACCEPTED, ""
        raise AssertionError

    def _open(self) -> None:
        try:
            self._backend.open()
        except OSError as error:
            raise LineDownError(type(error).__name__) from error

    def _judge(self, error: OSError) -> tuple[Fate | None, str]:
        """The letter's fate; None when the connection is gone and the letter was not handed over."""
        code = _code(error)
        if code == _CLOSING:
            return None, "mail server said 421"
        if code:
            ours = isinstance(error, smtplib.SMTPSenderRefused)  # our settings, not this letter's reader
            fate = Fate.REFUSED if code >= _PERMANENT and not ours else Fate.LATER
            return fate, f"mail server said {code}"
        if getattr(getattr(self._backend, "connection", None), "in_the_dark", False):
            self.hang_up()
            return Fate.UNKNOWN, "no answer"
        return None, type(error).__name__


def _code(error: OSError) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next((code for code, _words in error.recipients.values()), 0)
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0
