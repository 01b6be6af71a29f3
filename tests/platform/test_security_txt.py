"""Whoever finds a hole finds whom to tell (RFC 9116)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

ADDRESS = "/.well-known/security.txt"


def test_it_works(client: Client, db: None, settings: Any) -> None:
    settings.SECURITY_CONTACT = ["mailto:veilig@beheer.example", "https://beheer.example/veilig"]
    answer = client.get(ADDRESS)
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    fields = [line.partition(": ")[::2] for line in answer.text.splitlines()]
    assert [value for name, value in fields if name == "Contact"] == settings.SECURITY_CONTACT
    told = dict(fields)
    assert told["Canonical"] == f"{settings.PUBLIC_URL}{ADDRESS}"
    assert told["Preferred-Languages"] == "nl, en"
    left = dt.datetime.fromisoformat(told["Expires"]) - timezone.now()
    assert dt.timedelta(days=150) < left < dt.timedelta(days=365)


def test_who_named_nobody_has_none(client: Client, db: None, settings: Any) -> None:
    settings.SECURITY_CONTACT = []
    assert client.get(ADDRESS).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(client: Client, db: None, method: str) -> None:
    assert getattr(client, method)(ADDRESS).status_code == 405
