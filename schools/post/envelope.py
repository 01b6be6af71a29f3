"""A letter on its way to one person: made into bytes once for all who read the same words, then addressed."""

from __future__ import annotations

import binascii
import datetime as dt
import email.message
import email.policy
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from email.header import Header
from email.parser import BytesParser
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from typing import cast
from urllib.parse import quote

from django.conf import settings
from django.core import mail
from django.core.mail.message import sanitize_address

from schools.post import kinds, paper, stop
from schools.post.kinds import CalendarPart, Letter
from schools.post.parcel import Parcel

_LINE, _FULL = 76, 57  # signs of base64, and the bytes that they hold
_SHORT = 60  # signs of a subject that stays in one line
_BOUNDARY = b"=_letter"  # neither encoding used below can write these signs
_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_MORE_LINES = re.compile(r"[\r\n]")
# Long lines are broken, also within the signs that are to be replaced.
_STOP = re.compile(b"(?:=\r\n)?".join(re.escape(sign.encode()) for sign in stop.PLACEHOLDER))
_ATTENDEE = re.compile(r"^ATTENDEE[;:](?:[^\r\n]|\r\n[ \t])*", re.MULTILINE)
_FOLD = re.compile(r"\r\n[ \t]")


class Sealed(email.message.EmailMessage):
    """A message whose bytes are ready; they leave as they are."""

    raw = b""

    def as_bytes(self, unixfrom: bool = False, policy: object = None, linesep: str = "\n") -> bytes:  # noqa: FBT001, FBT002, ARG002
        """The bytes with these ends of lines, as Django's backends ask for them; signs of ASCII only."""
        return self.raw.replace(b"\r\n", linesep.encode())


class Message(mail.EmailMultiAlternatives):
    """One person's letter, for Django's backends."""

    def __init__(self, master: _Master, raw: bytes, *, to: str) -> None:
        """The letter behind the master, to this address."""
        super().__init__(subject=master.subject, body=master.letter.text, from_email=master.sender, to=[to])
        if master.letter.html:
            self.attach_alternative(master.letter.html, "text/html")
        self.raw = raw

    def message(self) -> Sealed:  # type: ignore[override]
        """The message as it leaves."""
        sealed = cast("Sealed", BytesParser(Sealed, policy=email.policy.default).parsebytes(self.raw))
        sealed.raw = self.raw
        return sealed


@dataclass(frozen=True)
class _Master:
    """A letter as bytes, without what differs from reader to reader: a slice stands for these signs of their token."""

    letter: Letter
    subject: str
    sender: str
    stop_url: str
    pieces: tuple[bytes | slice, ...]


def seal(letter: Letter, *, to: str, message_id: str, date: dt.datetime, signs: str = "") -> Message:
    """The message to one address; ``signs`` stop letters of its sort for this reader. Raises ValueError.

    An address or a sign that no mail can carry is the error.
    """
    master = _master(letter, settings.DEFAULT_FROM_EMAIL)
    head = [("To", _address(to)), ("Message-ID", message_id), ("Date", _written(date))]
    if signs:
        head += [
            ("List-Unsubscribe", f"<{master.stop_url.replace(stop.PLACEHOLDER, signs)}>"),
            ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
        ]
    token = (signs or stop.PLACEHOLDER).encode()
    body = b"".join(piece if isinstance(piece, bytes) else token[piece] for piece in master.pieces)
    part = _calendar(letter.calendar, to) if letter.calendar else b""
    return Message(master, b"".join([_head(head), body, part, b"--", _BOUNDARY, b"--\r\n"]), to=to)


def seal_parcel(parcel: Parcel) -> Message:
    """The message to the person whom these rows of the ledger are for, with the number and date of the first."""
    lead, sort = parcel.lead, parcel.sort
    return seal(
        parcel.letter,
        to=lead.user.email if lead.user and lead.user.email else "",
        message_id=lead.message_id,
        date=lead.message_date or lead.due_at,
        signs=stop.token(lead.user_id, sort) if sort and lead.user_id else "",
    )


def sealed(parcel: Parcel) -> Parcel:
    """The parcel with its message, made while the lines are busy: on threads that take turns it costs twice as much.

    One that cannot be sealed stays as it is; its line meets the error again.
    """
    with suppress(Exception):
        return replace(parcel, message=seal_parcel(parcel))
    return parcel


def is_plain(address: str) -> bool:
    """Whether the address goes into a header and between angle brackets as it is."""
    return _PLAIN_ADDRESS.fullmatch(address) is not None


def is_ready(text: object) -> bool:
    """Whether these are the bytes of a message whose lines all end as a mail server wants them to."""
    if not isinstance(text, bytes) or not text.endswith(b"\r\n"):
        return False
    ends = text.count(b"\r\n")
    return ends == text.count(b"\n") == text.count(b"\r")


@lru_cache(maxsize=64)  # those who read the same words come one after the other
def _master(letter: Letter, sender: str) -> _Master:
    subject = paper.one_line(letter.subject)
    head = _head(
        [
            ("Subject", _encoded(subject)),
            ("From", _from(sender)),
            ("Auto-Submitted", "auto-generated"),
            ("MIME-Version", "1.0"),
            ("Content-Type", f'multipart/alternative; boundary="{_BOUNDARY.decode()}"'),
        ],
        folded=True,
    )
    parts = [("plain", letter.text), *([("html", letter.html)] if letter.html else [])]
    whole = b"".join([head, b"\r\n", *(_part(f"text/{kind}", _quoted(text)) for kind, text in parts)])
    return _Master(letter, subject, parseaddr(sender)[1], _stop_url(settings.PUBLIC_URL), tuple(_in_pieces(whole)))


_written = lru_cache(maxsize=16)(format_datetime)  # what is claimed together bears one date


@lru_cache(maxsize=4)
def _from(sender: str) -> str:
    return sanitize_address(sender, "utf-8").replace("\n", "\r\n")


def _head(headers: list[tuple[str, str]], *, folded: bool = False) -> bytes:
    """Headers as lines; none of them can smuggle in another one."""
    for name, value in headers:
        if _MORE_LINES.search(_FOLD.sub("", value) if folded else value):
            raise ValueError(f"The header {name} has more than one line.")
    return "".join(f"{name}: {value}\r\n" for name, value in headers).encode("ascii")


def _part(kind: str, body: bytes, *, encoding: str = "quoted-printable", more: str = "") -> bytes:
    head = f'Content-Type: {kind}; charset="utf-8"{more}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n'
    return b"".join([b"--", _BOUNDARY, b"\r\n", head.encode("ascii"), body, b"\r\n"])


def _quoted(text: str) -> bytes:
    whole = text.replace("\r\n", "\n").replace("\r", "\n")
    return b"".join(map(_quoted_line, whole.split("\n")))[:-2]


@lru_cache(maxsize=4_096)  # most lines of a letter are those of every other letter
def _quoted_line(line: str) -> bytes:
    return binascii.b2a_qp(f"{line}\r\n".encode(), istext=True)


def _encoded(subject: str) -> str:
    plain = subject.isascii() and "=?" not in subject
    if plain and len(subject) <= _SHORT:
        return subject
    return Header(subject, None if plain else "utf-8", header_name="Subject").encode(linesep="\r\n")


@lru_cache(maxsize=4)
def _stop_url(_public_url: str) -> str:
    return paper.stop_url(stop.PLACEHOLDER)


def _address(to: str) -> str:
    return to if is_plain(to) else sanitize_address(to, "utf-8")


def _in_pieces(whole: bytes) -> Iterator[bytes | slice]:
    """The bytes around each place of the token, and which of its signs stand there, before and after a broken line."""
    end = 0
    for found in _STOP.finditer(whole):
        yield whole[end : found.start()]
        before, broken, _after = found[0].partition(b"=\r\n")
        yield slice(0, len(before))
        yield broken
        yield slice(len(before), None)
        end = found.end()
    yield whole[end:]


def _calendar(part: CalendarPart, to: str) -> bytes:
    ready, before, attendee, after = _around_attendee(part.text)
    line = attendee.replace(kinds.ATTENDEE, quote(to, safe="@!$&'*+=/.-_~"))
    step = 72 if line.isascii() else 18  # signs: a line may have 75 bytes
    folded = "\r\n ".join(line[at : at + step] for at in range(0, len(line), step))
    body = ready + _in_base64(b"".join([before, folded.encode(), after]))
    return _part("text/calendar", body, encoding="base64", more=f"; method={part.method}")


@lru_cache(maxsize=64)
def _around_attendee(text: str) -> tuple[bytes, bytes, str, bytes]:
    """What stands before the line of the attendee, encoded as far as lines are full, and the rest of it as it is; that
    line in one piece; and what comes after it.
    """
    for found in _ATTENDEE.finditer(text):
        line = _FOLD.sub("", found[0])
        if kinds.ATTENDEE in line:
            before = text[: found.start()].encode()
            full = len(before) // _FULL * _FULL
            ready = _in_base64(before[:full]) + b"\r\n" if full else b""
            return ready, before[full:], line, text[found.end() :].encode()
    raise ValueError("A calendar part has no place for its reader.")


def _in_base64(whole: bytes) -> bytes:
    signs = binascii.b2a_base64(whole, newline=False)
    return b"\r\n".join([signs[at : at + _LINE] for at in range(0, len(signs), _LINE)])
