"""Keys and paper: sign-in mails leave at once and tell strangers nothing; letters are complete as text."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from schools import post
from schools.models import Delivery
from tests.conftest import TestCast
from tests.factories import NOW
from tests.smtp_sink import Sink

pytestmark = pytest.mark.usefixtures("fresh_cache")


def ask(client: Client, address: str) -> Any:
    return client.post(reverse("account_reset_password"), {"email": address}, follow=True)


def without_secret(response: Any) -> str:
    """The page without the token that differs on every answer."""
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode())


def test_a_key_leaves_at_once_and_leaves_no_trace(cast: TestCast, client: Client) -> None:
    ask(client, "Carla@dewilg.example")
    (message,) = mail.outbox
    assert message.to == ["carla@dewilg.example"]
    assert message.subject == "Kies een nieuw wachtwoord"
    assert "/account/password/reset/key/" in message.body
    assert "Dag Carla," in message.body
    assert message.message()["Auto-Submitted"] == "auto-generated"
    assert not Delivery.objects.exists()


def test_the_key_opens_the_door_once(cast: TestCast, client: Client) -> None:
    ask(client, "carla@dewilg.example")
    link = next(line for line in mail.outbox[0].body.splitlines() if "/reset/key/" in line)
    page = client.get(link, follow=True)
    chosen = {"password1": "samen-om-de-tafel", "password2": "samen-om-de-tafel"}
    client.post(page.request["PATH_INFO"], chosen)
    cast.carla.refresh_from_db()
    assert cast.carla.check_password("samen-om-de-tafel")
    assert "password1" not in Client().get(link, follow=True).content.decode()


def test_strangers_learn_nothing_from_the_page(cast: TestCast, client: Client) -> None:
    known, unknown = ask(client, "carla@dewilg.example"), ask(Client(), "niemand@dewilg.example")
    assert known.redirect_chain == unknown.redirect_chain
    assert without_secret(known) == without_secret(unknown)
    assert [message.to for message in mail.outbox] == [["carla@dewilg.example"], ["niemand@dewilg.example"]]
    assert "/account/" not in mail.outbox[1].body
    assert "niemand@dewilg.example" in mail.outbox[1].body


@pytest.mark.parametrize("address", ["carla@dewilg.example", "niemand@dewilg.example"])
@pytest.mark.parametrize("reply", ["451 later", "550 no", "421 closing"])
def test_the_page_says_when_it_was_not_sent(
    cast: TestCast, client: Client, sink: Sink, address: str, reply: str
) -> None:
    sink.script = lambda at, _who, _seen: reply if at in {"rcpt", "connect"} else None
    response = ask(client, address)
    assert response.status_code == 200
    assert "Het bericht kon net niet verstuurd worden" in response.content.decode()


def test_a_key_speaks_the_language_of_the_page(cast: TestCast, client: Client) -> None:
    client.cookies["language"] = "en"
    ask(client, "carla@dewilg.example")
    assert mail.outbox[0].subject == "Choose a new password"


def test_paper_wears_the_look_and_asks_no_other_host(db: None) -> None:
    words = {"email": "<b>carla</b>@dewilg.example", "password_reset_url": "http://testserver/x"}
    letter = post.compose("account/email/password_reset_key", words, language="nl")
    assert 'style="' in letter.html
    assert "&lt;b&gt;carla" in letter.html
    assert "<b>carla</b>@dewilg.example" in letter.text
    for sign in ("<link", "<img", "<script", "url(", "https://", "http://www"):
        assert sign not in letter.html
    assert "\n\n\n" not in letter.text


def test_a_key_that_does_not_leave_raises(db: None, sink: Sink) -> None:
    sink.script = lambda at, _who, _seen: "550 no" if at == "rcpt" else None
    with pytest.raises(post.NotSentError):
        post.send_key("account/email/unknown_account", {}, to="a@b.example", language="nl", now=NOW)
    with pytest.raises(post.NotSentError):
        post.send_key("account/email/unknown_account", {}, to="a@b\n.example", language="nl", now=NOW)
