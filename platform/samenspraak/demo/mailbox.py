"""The demo's letter box: every letter that leaves becomes an .eml file, and shows on the mailbox page."""

from __future__ import annotations

import datetime as dt
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from email import message_from_binary_file, policy
from email.message import EmailMessage as Parsed
from email.parser import BytesHeaderParser
from pathlib import Path

import icalendar
from django.conf import settings
from django.core.mail import EmailMessage  # noqa: TID253  # a backend: it receives what the post sends
from django.core.mail.backends.base import BaseEmailBackend  # noqa: TID253
from django.utils import timezone

SHOWN = 200
_TIME = "%Y%m%dT%H%M%S.%fZ"
_NAME = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)-[0-9a-f]{8}\.eml")


@dataclass(frozen=True)
class Head:
    """A letter in the list: its file's name, when it arrived, to whom and about what."""

    name: str
    arrived: dt.datetime
    to: str
    subject: str


@dataclass(frozen=True)
class Entry:
    """What a calendar reads in a letter: what, when on the wall clock, which version of it, and whether it is off."""

    title: str
    starts: dt.datetime
    version: int
    is_off: bool


@dataclass(frozen=True)
class Opened(Head):
    """A letter opened: its text part, its HTML part and its calendar entry if it has them."""

    text: str
    html: str
    entry: Entry | None


class EmailBackend(BaseEmailBackend):
    """Lays every letter into MAIL_DIR: whole or not at all, under a name that sorts by time."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Lay the letters down; returns how many."""
        settings.MAIL_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.now().astimezone(dt.UTC).strftime(_TIME)}-{secrets.token_hex(4)}.eml"
            unfinished: Path = settings.MAIL_DIR / f"{name}.tmp"
            unfinished.write_bytes(message.message().as_bytes())
            unfinished.replace(settings.MAIL_DIR / name)
        return len(email_messages)


def letters() -> tuple[list[Head], int]:
    """The newest letters, newest first, and how many there are in all."""
    names = sorted((path.name for path in settings.MAIL_DIR.glob("*.eml") if _NAME.fullmatch(path.name)), reverse=True)
    return [_head(name) for name in names[:SHOWN]], len(names)


def letter(name: str) -> Opened | None:
    """One letter, opened; nothing where the name is not one that the letter box gave."""
    path = file_of(name)
    if path is None:
        return None
    with path.open("rb") as file:
        message = message_from_binary_file(file, policy=policy.default)
    parts = {kind: message.get_body((kind,)) for kind in ("plain", "html")}
    text, html = (part.get_content() if isinstance(part, Parsed) else "" for part in parts.values())
    head = _head(name)
    return Opened(head.name, head.arrived, head.to, head.subject, text, html, _entry(message))


def _entry(message: Parsed) -> Entry | None:
    part = next((one for one in message.walk() if one.get_content_type() == "text/calendar"), None)
    if part is None:
        return None
    (event,) = icalendar.Calendar.from_ical(part.get_content()).walk("VEVENT")
    is_off = part.get_param("method") == "CANCEL"
    return Entry(str(event["SUMMARY"]), event.decoded("DTSTART"), int(str(event["SEQUENCE"])), is_off)


def file_of(name: str) -> Path | None:
    """The file of a letter; the name can lead nowhere else than into the letter box."""
    path: Path = settings.MAIL_DIR / name
    return path if _NAME.fullmatch(name) and path.is_file() else None


def _head(name: str) -> Head:
    with (settings.MAIL_DIR / name).open("rb") as file:
        headers = BytesHeaderParser(policy=policy.default).parse(file)
    arrived = dt.datetime.strptime(name.split("-", maxsplit=1)[0], _TIME).replace(tzinfo=dt.UTC)
    return Head(name, arrived, str(headers["to"] or ""), str(headers["subject"] or ""))
