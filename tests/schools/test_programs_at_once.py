"""Keys of apps that are taken and ended at the same moment: what ends is ended, whoever came first."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.urls import reverse
from django.utils import timezone

from schools import actions, tenancy
from schools.models import Program, ProgramKey
from schools.programs.validator import Validator
from tests.conftest import TestCast, gather
from tests.schools.apps import App

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("fresh_cache"),
    pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time"),
]


@pytest.fixture
def cast() -> TestCast:
    """The cast as rows that everybody can see."""
    with tenancy.acting_for_system("tests"):
        return gather()


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Whoever takes new keys takes a while before they are there; set as soon as that began."""
    begun, save = threading.Event(), Validator.save_bearer_token

    def slowly(self: Any, *args: Any, **kwargs: Any) -> None:
        save(self, *args, **kwargs)
        begun.set()
        threading.Event().wait(0.3)

    monkeypatch.setattr(Validator, "save_bearer_token", slowly)
    return begun


def _meanwhile(first: Callable[[], Any], begun: threading.Event, second: Callable[[], Any]) -> list[Any]:
    """Both; the second as soon as the first is at it."""

    def later() -> Any:
        assert begun.wait(10)
        return second()

    def alone(act: Callable[[], Any]) -> Any:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(alone, (first, later)))


def _app(cast: TestCast, begun: threading.Event) -> tuple[App, dict[str, Any]]:
    browser = Browser()
    browser.force_login(cast.carla)
    app = App()
    keys = app.keys(browser)
    begun.clear()
    return app, keys


def _left() -> int:
    with tenancy.acting_for_system("tests"):
        return ProgramKey.objects.filter(used_at=None).count()


def test_two_uses_of_one_key_at_once_end_all(cast: TestCast, slow: threading.Event) -> None:
    app, keys = _app(cast, slow)
    answers = _meanwhile(lambda: app.renews(keys), slow, lambda: app.renews(keys))
    assert [one.status_code for one in answers] == [200, 400]
    assert _left() == 0
    assert app.reads(answers[0].json()) == 401


def test_a_key_handed_back_takes_along_what_was_just_made_of_it(cast: TestCast, slow: threading.Event) -> None:
    app, keys = _app(cast, slow)
    told = {"client_id": app.client.pk, "client_secret": app.secret, "token": keys["refresh_token"]}
    renewed, revoked = _meanwhile(
        lambda: app.renews(keys), slow, lambda: app.backend.post(reverse("program-revoke"), told)
    )
    assert (renewed.status_code, revoked.status_code) == (200, 200)
    assert _left() == 0


def test_a_person_shuts_it_out_while_it_takes_new_keys(cast: TestCast, slow: threading.Event) -> None:
    app, keys = _app(cast, slow)

    def end() -> None:
        with tenancy.acting_as(cast.carla):
            program = Program.objects.get(user=cast.carla)
            actions.end_program(program_id=program.pk, by=cast.carla, now=timezone.now())

    renewed, _ended = _meanwhile(lambda: app.renews(keys), slow, end)
    assert renewed.status_code == 200
    assert app.reads(renewed.json()) == 401
    with tenancy.acting_for_system("tests"):
        assert not ProgramKey.objects.exists()
