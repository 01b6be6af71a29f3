"""Signing in by the service of a board, against a real OpenID provider."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from allauth.socialaccount.models import SocialAccount
from django.conf import settings as site
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from schools.models import Event, Membership, SignInService, User
from schools.models.services import Shape
from tests.conftest import TestCast
from tests.schools import services
from tests.schools.services import Provider, at_the_service, leave


@pytest.fixture(scope="module")
def provider(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """One provider for all of these."""
    with services.serving(tmp_path_factory.mktemp("provider"), site.PUBLIC_URL) as running:
        yield running


def come_back(client: Client, name: str, shape: Shape = Shape.MICROSOFT, **told: Any) -> Any:
    """Press the button, sign in at the service, and come back."""
    return client.get(at_the_service(leave(client, shape, **told), name))


def who(client: Client) -> int | None:
    """Who is signed in."""
    return int(client.session["_auth_user_id"]) if "_auth_user_id" in client.session else None


def test_it_works(cast: TestCast, client: Client, provider: Provider) -> None:
    made = services.service(provider, cast.gerda)
    services.link(made, cast.carla, "1")
    there = reverse("account")
    address = leave(client, next=there, remember="on")
    for asked in ("code_challenge_method=S256", "nonce=", "state=", "scope=openid&"):
        assert asked in address
    assert who(client) is None
    answer = client.get(at_the_service(address, "lotte"))
    assert answer.status_code == 302
    assert answer.headers["Location"] == there
    assert who(client) == cast.carla.pk
    assert client.session.get_expire_at_browser_close() is False
    row = SocialAccount.objects.get()
    assert (row.extra_data, row.user_id) == ({}, cast.carla.pk)
