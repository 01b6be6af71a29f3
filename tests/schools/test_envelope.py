"""A letter's bytes: made once, addressed to many, and read by a mail program exactly as they were meant."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import re
from email.message import EmailMessage
from typing import Any

import pytest
from django.core import mail
from hypothesis import example, given, settings as how, strategies as st

from schools import post
from schools.post import envelope, paper, stop

NOW = dt.datetime(2026, 11, 24, 9, 0, tzinfo=dt.UTC)
TO, NUMBER, SIGNS = "carla@dewilg.example", "<7.ab@samenspraak.example>", stop.token(7, post.EVERY)
WORDS = st.text(st.characters(exclude_categories=["Cs"]))
PART = post.CalendarPart(
    "REQUEST", f"BEGIN:VCALENDAR\r\nATTENDEE;ROLE=REQ-PARTICIPANT:mailto:{post.ATTENDEE}\r\nEND:VCALENDAR\r\n"
)


def sealed(letter: post.Letter, **values: Any) -> EmailMessage:
    given_values = {"to": TO, "message_id": NUMBER, "date": NOW, "signs": SIGNS, **values}
    raw = envelope.seal(letter, **given_values).message().as_bytes(linesep="\r\n")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    return email.message_from_bytes(raw, policy=email.policy.default)


def bodies(message: EmailMessage) -> dict[str, str]:
    """The parts by their type, with plain ends of lines."""
    parts = (part for part in message.iter_parts() if isinstance(part, EmailMessage))
    return {part.get_content_type(): lines(part.get_content()) for part in parts}


def lines(text: str) -> str:
    return re.sub("\r\n|\r", "\n", text)


def test_it_works() -> None:
    message = sealed(post.Letter("Morgen", "Hoi\n", "<p>Hoi</p>", PART))
    assert dict(message.items()) == {
        "To": TO,
        "Message-ID": NUMBER,
        "Date": "Tue, 24 Nov 2026 09:00:00 +0000",
        "List-Unsubscribe": f"<{paper.stop_url(SIGNS)}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Subject": "Morgen",
        "From": "Samenspraak <post@samenspraak.example>",
        "Auto-Submitted": "auto-generated",
        "MIME-Version": "1.0",
        "Content-Type": 'multipart/alternative; boundary="=_letter"',
    }
    assert list(bodies(message)) == ["text/plain", "text/html", "text/calendar"]
    assert bodies(message)["text/plain"] == "Hoi\n"
    assert bodies(message)["text/html"] == "<p>Hoi</p>"
    part = list(message.iter_parts())[-1]
    assert part["Content-Type"].params == {"charset": "utf-8", "method": "REQUEST"}
    assert part["Content-Transfer-Encoding"] == "base64"
    assert f"ATTENDEE;ROLE=REQ-PARTICIPANT:mailto:{TO}\n" in bodies(message)["text/calendar"]


@how(deadline=None)
@given(WORDS, WORDS, WORDS)
@example("=?utf-8?q?x?=", ".\r\n..\n\rFrom me\n--=_letter--\n", "")
@example("Bcc: x\r\nBcc: y", "\ttrailing \t\n \n", "é" * 2000)
def test_a_mail_program_reads_what_was_meant(subject: str, text: str, html: str) -> None:
    message = sealed(post.Letter(subject, text, html))
    assert message["Subject"] == paper.one_line(subject)
    assert set(message.keys()) == {
        "To", "Message-ID", "Date", "List-Unsubscribe", "List-Unsubscribe-Post",
        "Subject", "From", "Auto-Submitted", "MIME-Version", "Content-Type",
    }  # fmt: skip
    assert not message.defects
    assert bodies(message) == {"text/plain": lines(text), **({"text/html": lines(html)} if html else {})}


@how(deadline=None)
@given(st.text("aé ", max_size=100), st.text("a=\n", max_size=5))
def test_each_reader_finds_their_own_signs(before: str, after: str) -> None:
    words = f"{before}{stop.PLACEHOLDER}{after}"
    letter = post.Letter("Morgen", f"{words} {words}", f"<a href='{words}'>")
    for person in (7, 8):
        signs = stop.token(person, post.EVERY)
        meant = f"{before}{signs}{after}"
        assert bodies(sealed(letter, signs=signs)) == {
            "text/plain": f"{meant} {meant}",
            "text/html": f"<a href='{meant}'>",
        }


@how(deadline=None)
@given(st.emails())
@example("o'brien+x@dewilg.example")
@example('"a b"@dewilg.example')
def test_any_address_arrives_in_the_head_and_in_the_calendar(address: str) -> None:
    letter = post.Letter("Morgen", "Hoi", "<p>Hoi</p>", PART)
    message = sealed(letter, to=address)
    assert [one.addr_spec for one in message["To"].addresses] == [address]
    calendar = bodies(message)["text/calendar"]
    assert max(len(line.encode()) for line in calendar.splitlines()) <= 75
    assert calendar.replace("\n ", "").count("mailto:") == 1


@how(deadline=None)
@given(WORDS)
@example("a@b.example\r\nBcc: c@d.example")
@example("a@b.example, c@d.example")
@example("a@b.example\n")
@example("Carla <a@b.example>")
@example("")
def test_nothing_is_slipped_in_by_an_address(address: str) -> None:
    try:
        message = sealed(post.Letter("Morgen", "Hoi", ""), to=address)
    except (ValueError, IndexError):
        return
    assert len(message["To"].addresses) == 1
    assert message["Bcc"] is None


@pytest.mark.parametrize("values", [{"message_id": "<1@x>\r\nBcc: a@b.example"}, {"message_id": "<1@x>\n"}])
def test_no_header_has_a_second_line(values: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="more than one line"):
        sealed(post.Letter("Morgen", "Hoi", ""), **values)


@how(deadline=None)
@given(st.integers(0, 200), st.text("é,", max_size=30))
def test_a_calendar_part_may_have_folded_its_line(width: int, name: str) -> None:
    line = f"ATTENDEE;CN={name};X={'x' * width}:mailto:{post.ATTENDEE}"
    folded = "\r\n ".join(line[at : at + 20] for at in range(0, len(line), 20))
    text = f"BEGIN:VCALENDAR\r\nATTENDEE:mailto:a@b.example\r\n{folded}\r\nSUMMARY:x\r\n y\r\n"
    calendar = bodies(sealed(post.Letter("", "", "", post.CalendarPart("CANCEL", text))))["text/calendar"]
    assert max(len(one.encode()) for one in calendar.splitlines()) <= 75
    assert calendar.replace("\n ", "") == text.replace("\r\n ", "").replace("\r\n", "\n").replace(post.ATTENDEE, TO)


def test_a_calendar_part_without_a_place_for_the_reader_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no place for its reader"):
        sealed(post.Letter("", "", "", post.CalendarPart("CANCEL", "BEGIN:VCALENDAR\r\n")))


def test_without_a_sort_there_is_nothing_to_stop() -> None:
    message = sealed(post.Letter("Morgen", "Hoi", ""), signs="")
    assert message["List-Unsubscribe"] is None
    assert message["List-Unsubscribe-Post"] is None


def test_letters_come_through_every_backend_of_django(settings: Any, tmp_path: Any) -> None:
    one = envelope.seal(post.Letter("Morgen", "Hoi\n", "<p>é</p>"), to=TO, message_id=NUMBER, date=NOW)
    mail.get_connection("django.core.mail.backends.locmem.EmailBackend").send_messages([one])
    (kept,) = mail.outbox
    assert (kept.subject, kept.body, kept.to) == ("Morgen", "Hoi\n", [TO])
    assert kept.message()["Message-ID"] == NUMBER
    settings.MAIL_DIR = tmp_path
    mail.get_connection("samenspraak.demo.mailbox.EmailBackend").send_messages([one])
    (file,) = tmp_path.glob("*.eml")
    assert b"\r" not in file.read_bytes()
