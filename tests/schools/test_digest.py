"""Several letters in one: it stays short enough for mail programs, and names what has no room."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.utils.html import escape

from schools import post
from schools.models import Delivery, School
from schools.post import digest
from tests.conftest import TestCast
from tests.factories import NOW
from tests.schools.conftest import Kind, letter

HOUR = dt.timedelta(hours=1)
CUT_OFF = 100_000  # bytes
WORDS = ["Eerst een vraag, dan je mening. ", "é=" * 9, "السلام عليكم ", "<b>&" * 9, "👩🏽‍🏫 "]
PART = post.CalendarPart("REQUEST", f"BEGIN:VCALENDAR\r\nATTENDEE:mailto:{post.ATTENDEE}\r\nEND:VCALENDAR\r\n")


@pytest.fixture
def wilg(cast: TestCast) -> School:
    return cast.schools["de-wilg"]


def write(number: int, words: str = "", part: post.CalendarPart | None = None) -> post.Letter:
    sheet = f'<tr><td style="color: #20292E" class="sheet"><p>Vel {number} {escape(words)}</p></td></tr>'
    html = f"<html><body><!--sheet-->{sheet}<!--/sheet--></body></html>"
    address = f"https://samenspraak.example/{number}/"
    return post.Letter(f"Onderwerp {number}", f"Tekst {number} {words}\n\n-- \nVoet", html, part, address)


def together(*letters: post.Letter, school: School) -> post.Letter:
    return digest.compose(letters, school=school, language="nl", held_up=False, stops=True)


@pytest.mark.parametrize("words", WORDS)
@pytest.mark.parametrize("number", [2, 13, 90])
def test_however_many_it_is_short_enough_and_loses_none(
    cast: TestCast, wilg: School, kind: Kind, words: str, number: int
) -> None:
    kind.answer = lambda row: write(row.subject_id, words * (3_000 // len(words)))
    for subject in range(1, number + 1):
        letter(cast.carla, wilg, subject=subject, together=True, expires_at=NOW + subject * HOUR)
    assert post.deliver(now=NOW).sent == number
    message: Any = mail.outbox[0]
    assert len(mail.outbox) == 1
    assert message.subject == f"{number} brieven. Onderwerp 1"
    assert len(message.message().as_bytes(linesep="\r\n")) < CUT_OFF
    html = str(message.alternatives[0][0])
    for subject in range(1, number + 1):
        link = f"- Onderwerp {subject}\n  https://samenspraak.example/{subject}/\n"
        assert (f"Tekst {subject} " in message.body) is (link not in message.body)
        assert (f"Vel {subject} " in html) is (f'href="https://samenspraak.example/{subject}/"' not in html)
        assert (f"Tekst {subject} " in message.body) is (f"Vel {subject} " in html)
    assert "Tekst 1 " in message.body
    assert "\n\n\n" not in message.body
    assert ("hier geen plek" in message.body) is ("\n- Onderwerp" in message.body)
    assert ("hier geen plek" in message.body) or number == 2
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


def test_a_letter_too_long_for_any_other_is_named(wilg: School) -> None:
    found = together(write(1, "x" * CUT_OFF), write(2), school=wilg)
    assert "- Onderwerp 1\n" in found.text
    assert "- Onderwerp 2\n" in found.text
    assert len(found.html) + len(found.text) < CUT_OFF


def test_no_calendar_part_goes_along_and_it_says_how_a_calendar_follows(wilg: School) -> None:
    found = together(write(1, part=PART), write(2), school=wilg)
    assert found.calendar is None
    for text in (found.text, found.html):
        assert "Je agenda kan ze zelf volgen" in text
        assert "http://127.0.0.1:8000/me/calendar/" in text
    assert "/me/calendar/" not in together(write(1), write(2), school=wilg).text
