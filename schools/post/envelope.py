"""A letter on its way to one person: addressed, dated and numbered."""

from __future__ import annotations

import datetime as dt
from email.utils import format_datetime

from django.core import mail

from schools.post import paper
from schools.post.kinds import Letter
from schools.post.parcel import Parcel

Message = mail.EmailMultiAlternatives


def seal(letter: Letter, *, to: str, message_id: str, date: dt.datetime) -> Message:
    """The message to one address, as text and HTML."""
    message = Message(
        subject=paper.one_line(letter.subject),
        body=letter.text,
        to=[to],
        headers={"Message-ID": message_id, "Date": format_datetime(date), "Auto-Submitted": "auto-generated"},
    )
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    return message


def seal_parcel(parcel: Parcel) -> Message:
    """The message to the person whom these rows of the ledger are for, with the number and date of the first."""
    lead = parcel.lead
    return seal(
        parcel.letter,
        to=lead.user.email if lead.user and lead.user.email else "",
        message_id=lead.message_id,
        date=lead.message_date or lead.due_at,
    )
