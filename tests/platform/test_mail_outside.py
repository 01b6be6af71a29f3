"""What leaves by mail, as the world outside meets it: headers, signs of templates in texts, links, no tracking."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from html.parser import HTMLParser
from typing import Any

import pytest
from django.conf import settings as given
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from schools import actions, post, queries
from schools.models import Delivery, School, User
from schools.roles import Role
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups.models import Agreement, Meeting, WorkGroup

DUE = NOW + dt.timedelta(days=6, hours=2)
INJECTED = [
    "Rekenen\r\nBcc: kwaad@elders.example",
    "Rekenen\nSubject: kwaad",
    "Rekenen\u2028Bcc: kwaad@elders.example",
    "=?utf-8?q?Rekenen=0D=0ABcc:_kwaad@elders.example?=",
    "Rekenen\x00\x0b\x85Reply-To: kwaad@elders.example",
    '"><kwaad@elders.example>',
    "ë" * 80,
]
AS_TEMPLATES = [
    "{{ 7|add:7 }} {{ user.password }}",
    "{% load i18n %}{% debug %}",
    "{0.__class__.__mro__} {user.email}",
    "%(name)s %s %d%%",
    "${7*7} #{7*7} <%= 7*7 %>",
    "{# weg #}{{ settings.SECRET_KEY }}",
]
HEADERS = {
    *("To", "Message-ID", "Date", "Subject", "From", "Auto-Submitted", "MIME-Version", "Content-Type"),
    *("List-Unsubscribe", "List-Unsubscribe-Post"),
}


@pytest.fixture
def meeting(cast: TestCast) -> Meeting:
    """A meeting whose reminder is due for Carla and Els."""
    goal = factories.goal(factories.period(cast.reading, cast.aspects["openness"]), "Iedereen praat mee")
    factories.agreement(goal, "Eerst een vraag")
    coming = factories.meeting(cast.reading, TODAY + dt.timedelta(days=7))
    for person in (cast.carla, cast.els):
        row = factories.reminder(coming, person)
        Delivery.objects.filter(pk=row.pk).update(due_at=DUE, next_try_at=DUE)
    return coming


def sent() -> list[EmailMessage]:
    """What is due, as it leaves: read as a mail program does."""
    mail.outbox.clear()
    Delivery.objects.exclude(due_at=DUE).delete()
    Delivery.objects.update(state="waiting", sent_at=None, attempts=0, next_try_at=DUE, lease=None, message_id="")
    post.deliver(now=DUE)
    raw = [one.message().as_bytes() for one in mail.outbox]
    return [email.message_from_bytes(one, policy=email.policy.default) for one in raw]


def bodies(message: EmailMessage) -> dict[str, str]:
    parts = (part for part in message.walk() if not part.is_multipart())
    return {part.get_content_type(): part.get_content() for part in parts}


# --- Row 57: headers ------------------------------------------------------------------------


@pytest.mark.parametrize("words", INJECTED)
def test_no_name_makes_a_header(cast: TestCast, meeting: Meeting, words: str) -> None:
    """Names of groups, schools, meetings and people that came there by any way."""
    plain = words.replace("\x00", "")  # PostgreSQL keeps none
    WorkGroup.objects.filter(pk=cast.reading.pk).update(name=plain[:80])
    School.objects.filter(pk=cast.reading.school_id).update(name=plain[:80])
    Meeting.objects.filter(pk=meeting.pk).update(title=plain[:80])
    User.objects.filter(pk=cast.carla.pk).update(given_name=plain[:30], family_name=plain[:30])
    left = sent()
    assert {str(one["To"]) for one in left} == {str(cast.carla.email), str(cast.els.email)}
    for one in left:
        assert set(one.keys()) == HEADERS
        assert len(one.keys()) == len(set(one.keys()))
        assert one["From"] == given.DEFAULT_FROM_EMAIL
        assert not one.defects
        assert "\n" not in one["Subject"]


def test_all_that_says_who_sends_is_of_one_domain(cast: TestCast, meeting: Meeting) -> None:
    """So that SPF and DKIM of that domain fit the sender that people read (DMARC)."""
    left = sent()
    domain = left[0]["From"].addresses[0].domain
    assert {one["Message-ID"].strip("<>").rpartition("@")[2] for one in left} == {domain}
    assert {one.from_email.rpartition("@")[2] for one in mail.outbox} == {domain}


# --- Row 58: texts that look like templates ---------------------------------------------------


@pytest.mark.parametrize("words", AS_TEMPLATES)
def test_signs_of_templates_are_text(cast: TestCast, meeting: Meeting, words: str) -> None:
    Agreement.objects.update(text=words)
    WorkGroup.objects.filter(pk=cast.reading.pk).update(name=words)
    for one in sent():
        found = bodies(one)
        assert words in " ".join(found["text/plain"].split())
        shown = _Words(found["text/html"]).seen
        assert words in shown


class _Words(HTMLParser):
    """What somebody reads of it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self._said: list[str] = []
        self.feed(page)
        self.seen = " ".join(" ".join(self._said).split())

    def handle_data(self, data: str) -> None:
        self._said.append(data)


# --- Row 66: whoever follows links by itself --------------------------------------------------


@contextmanager
def _writes() -> Iterator[list[str]]:
    found: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            found.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def _mailed_links(cast: TestCast, as_: Any) -> set[str]:
    """Links of letters and keys: a reminder, an invitation, another address, another password."""
    School.objects.filter(pk=cast.reading.school_id).update(consented_on=factories.LONG_AGO)
    found = {
        str(one) for message in sent() for one in re.findall(r"https?://[^\s\"<>]+", bodies(message)["text/plain"])
    }
    found |= {str(message["List-Unsubscribe"]).strip("<>") for message in sent()}
    mail.outbox.clear()
    who = queries.steward_at(user=cast.frank, slug="de-wilg", now=NOW)
    actions.invite(people=[actions.Invitee("nieuw@school.example", Role.TEACHER)], by=who, now=NOW)
    cast.carla.set_password("een lang wachtwoord")
    cast.carla.save()
    as_(cast.carla).post(reverse("account-address"), {"email": "carla.nieuw@dewilg.example"})
    Client().post(reverse("account_reset_password"), {"email": cast.carla.email})
    found |= {one for message in mail.outbox for one in re.findall(r"https?://[^\s\"<>]+", str(message.body))}
    return {one.removeprefix(given.PUBLIC_URL).removeprefix("http://testserver") for one in found}


def test_who_only_looks_changes_nothing(cast: TestCast, meeting: Meeting, as_: Any, settings: Any) -> None:
    """Scanners of mail fetch every link, by GET and by HEAD, before anybody reads the letter."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "mail"}}
    links = _mailed_links(cast, as_)
    kinds = {link.strip("/").split("/")[0] for link in links}
    assert {"letters", "invitation", "address", "me", "account", "s"} <= kinds, links
    assert not [link for link in links if "://" in link]
    scanner = Client()
    for link in sorted(links):
        for method in (scanner.head, scanner.get, scanner.options):
            with _writes() as written:
                answer = method(link, follow=method == scanner.get)
            assert answer.status_code < 500, link
            own = [sql for sql in written if "django_session" not in sql and "schools_session" not in sql]
            assert own == [], link


# --- Row 80: nobody learns who read ------------------------------------------------------------


def test_every_reader_gets_the_same_words_and_links(cast: TestCast, meeting: Meeting) -> None:
    """But for the link that stops them: so no link says who followed it."""
    one, other = ({**bodies(message)} for message in sent())
    for kind in ("text/plain", "text/html"):
        assert _without_signs(one[kind]) == _without_signs(other[kind])


def _without_signs(words: str) -> str:
    return re.sub(r"/letters/stop/[\w-]{32}/", "/letters/stop/.../", words)


LETTERS = sorted(
    path for folder in ("letters", "account/email") for path in (given.BASE_DIR / "templates" / folder).glob("*.html")
)


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.stem)
def test_no_letter_asks_for_anything_when_it_is_read(path: Any) -> None:
    """No picture, sheet, font or frame: opening it tells nobody."""
    words = path.read_text(encoding="utf-8")
    assert not re.search(r"<(img|link|script|iframe|object|video|audio|source|input)\b", words)
    assert not re.search(r"url\(|@import|\bsrc(set)?=|background=|Disposition-Notification|Return-Receipt", words)
    assert not re.search(r"href=\"(?!{{)", words), "links are addresses of ours, given by who writes the letter"
