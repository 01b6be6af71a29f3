"""The cast of every test, and the door held open for it."""

from __future__ import annotations

import datetime as dt
import gc
import logging
import os
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from django.contrib.auth.signals import user_logged_in
from django.core.cache import caches
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

from cards.models import Aspect
from samenspraak.demo import cast as told
from schools import proof, tenancy
from schools.models import School, User
from schools.roles import Member
from tests import again, calls, factories, overheard, walled
from workgroups.models import WorkGroup

# A test leaves little behind: to look for it as often as Python does takes a seventh of the time.
gc.set_threshold(100_000, 50, 50)

LISTENER = overheard.Listener()


@dataclass(frozen=True)
class TestCast:
    """People and schools of the cast, with two groups at De Wilg, one at De Beuk and one at De Eik."""

    __test__ = False
    people: dict[str, User]
    schools: dict[str, School]
    aspects: dict[str, Aspect]
    reading: WorkGroup
    maths: WorkGroup
    next_door: WorkGroup
    elsewhere: WorkGroup

    def __getattr__(self, name: str) -> User:
        """Call somebody by the short name: cast.carla."""
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def hat(self, name: str, slug: str = "de-wilg") -> Member:
        """The hat of somebody in a school."""
        with nullcontext() if tenancy._inside.get() else tenancy.acting_for_system("tests"):
            return factories.hat(self.people[name], self.schools[slug])


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Begin with a copy of the database that tests.run migrated, if it did."""
    made = os.environ.get("TEST_DB_TEMPLATE")
    if made:
        connection.settings_dict["TEST"]["TEMPLATE"] = made


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The database is made by the role that owns it; from then on the tests stand behind the wall."""
    if connection.vendor != "postgresql":
        yield
        return
    with django_db_blocker.unblock():
        walled.go_behind()
    yield
    with django_db_blocker.unblock():
        walled.come_back()


@pytest.fixture(scope="session", autouse=True)
def _emptied_row_by_row() -> None:
    """A test that commits leaves a few rows behind: to truncate sixty tables for them takes much longer."""
    kind: Any = type(connection.ops)  # of every connection: a browser's tests have one of their own
    truncate = kind.sql_flush
    always = {"django_content_type", "auth_permission"}  # these Django would write anew each time

    def delete(self: Any, style: Any, tables: list[str], **how: Any) -> list[str]:
        if connection.vendor != "postgresql":
            return list(truncate(self, style, tables, **how))
        if how.get("reset_sequences"):
            return ["; ".join([walled.OVER_IT, *truncate(self, style, tables, **how)])]
        names = [connection.ops.quote_name(table) for table in tables if table not in always]
        lock = f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE"  # waits for who still writes, as TRUNCATE does
        rows = [f"DELETE FROM {name}" for name in names]  # noqa: S608  # our own tables
        return ["; ".join([walled.OVER_IT, walled.UNCHECKED, lock, *rows])]

    kind.sql_flush = delete


@pytest.fixture(scope="session", autouse=True)
def _static_files_are_found_once() -> None:
    """Each browser begins by looking for every static file, which takes longer than most of the pages it opens."""
    kind: Any = WhiteNoiseMiddleware
    look_for_all = kind.add_files_from_finders
    found: dict[str, Any] = {}

    def remember(self: Any) -> None:
        if not found:
            look_for_all(self)
            found.update(self.files)
        self.files.update(found)

    kind.add_files_from_finders = remember


@pytest.fixture
def cast(db: None, door: None) -> TestCast:
    """Anna, Bram, Carla and Daan, and those around them; nobody has a usable password."""
    return gather()


def gather() -> TestCast:
    """The cast as fresh rows; inside an open door."""
    return TestCast(**again.rows(_tell))


def _tell() -> dict[str, Any]:
    rows = told.gather(since=factories.LONG_AGO, password=None)
    edition = factories.deck()
    wilg, beuk, eik = (rows.schools[slug] for slug in ("de-wilg", "de-beuk", "de-eik"))
    people = rows.people
    return {
        "people": people,
        "schools": rows.schools,
        "aspects": {aspect.key: aspect for aspect in edition.aspects.order_by("number")},
        "reading": factories.group(wilg, "Begrijpend lezen", chair=people["els"], members=(people["carla"],)),
        "maths": factories.group(wilg, "Rekenen", chair=people["joris"]),
        "next_door": factories.group(beuk, "Spelling", chair=people["daan"]),
        "elsewhere": factories.group(eik, "Taal", chair=people["irma"]),
    }


@pytest.fixture
def door(db: None) -> Iterator[None]:
    """Tenancy's door, open for the test's own reading and writing."""
    with tenancy.acting_for_system("tests"):
        yield


@pytest.fixture(autouse=True)
def _requests_find_the_door_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    """A request opens the door itself: the one that the test holds open for its own reading does not count."""
    request = Client.request

    def knock(self: Client, **values: Any) -> Any:
        held = tenancy._inside.set(None)
        try:
            return request(self, **values)
        finally:
            tenancy._inside.reset(held)
            walled.keep_open()

    monkeypatch.setattr(Client, "request", knock)


@pytest.fixture(autouse=True)
def _logs_name_nobody() -> Iterator[None]:
    """Whatever a test makes happen, production's log would hold no name, address, words of people, or token."""
    logging.getLogger().addHandler(LISTENER)  # whoever sets up logs anew drops it
    yield
    assert not LISTENER.take()


@pytest.fixture(scope="session", autouse=True)
def _signed_in_a_moment_ago() -> None:
    """Who is signed in without the form has just proved it, on whatever day the test takes place."""
    user_logged_in.connect(_prove, dispatch_uid="tests")


def _prove(request: HttpRequest, **_signal: object) -> None:
    if not request.META:  # Client.force_login
        later = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
        proof.stamp(request.session, now=later)
        request.session["seen_on"] = later.date().isoformat()


@pytest.fixture
def client() -> Client:
    """A browser of nobody yet."""
    return calls.Browser()


@pytest.fixture
def as_(client: Client) -> Any:
    """A browser of somebody: as_(cast.carla).get(...)."""

    def sign_in(user: User) -> Client:
        client.force_login(user)
        return client

    return sign_in


@pytest.fixture
def api(settings: Any) -> Iterator[type[calls.Caller]]:
    """The API on the tests' day, with a count of calls of its own: api(cast.carla).get("me/")."""
    memory = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "api"}
    settings.CACHES = {"default": memory}
    caches["default"].clear()
    with time_machine.travel(factories.NOW):
        yield calls.Caller


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests have to tell at the end, also where another process ran them."""
    for report in [*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")]:
        for name, words in getattr(report, "user_properties", ()):
            if name == "told" and report.when == "call":
                terminalreporter.write_line(str(words))
