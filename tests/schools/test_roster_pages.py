"""A staff list of a school or a board: chosen, looked at, taken in whole or not at all."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from schools import actions, tenancy
from schools.models import Event, Invitation, Membership, Roster, School, User
from schools.roles import Role
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW

HEAD = "voornaam;tussenvoegsel;achternaam;e-mail;rol;locatiecode"
WILG = "/s/de-wilg/people/list/"
BOARD = "/b/90001/people/list/"


def file(*lines: str, head: str = HEAD) -> SimpleUploadedFile:
    return SimpleUploadedFile("mensen.csv", "\r\n".join((head, *lines)).encode("cp1252"))


def choose(client: Client, *lines: str, at: str = WILG) -> Any:
    return client.post(at, {"file": file(*lines)})


def look(client: Client, *lines: str, at: str = WILG) -> tuple[str, str]:
    """The address of the look at a list, and its page."""
    answer = choose(client, *lines, at=at)
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"], client.get(answer["Location"]).content.decode()


def take(client: Client, address: str, **more: Any) -> Any:
    page = client.get(address).content.decode()
    seen = re.search(r'name="seen" value="(\w+)"', page)
    return client.post(address, {"seen": seen[1] if seen else "", **more})


def text(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.fixture(autouse=True)
def _now() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def frank(cast: TestCast, as_: Any) -> Client:
    """The browser of the admin of De Wilg."""
    client: Client = as_(cast.frank)
    client.cookies["language"] = "en"
    return client


@pytest.fixture
def gerda(cast: TestCast, as_: Any) -> Client:
    """The browser of the admin of the board of De Wilg and De Beuk."""
    client: Client = as_(cast.gerda)
    client.cookies["language"] = "en"
    return client


def test_it_works(cast: TestCast, frank: Client) -> None:
    address, page = look(frank, "Loïs;van 't;Hof;Lois@dewilg.example;leraar, coach;", "Kim;;de Wit;;;")
    assert "is invited as teacher, coach" in text(page)
    assert "gets a code on paper, as teacher" in text(page)
    assert not Invitation.objects.exists()
    assert take(frank, address)["Location"] == address
    rows = Invitation.objects.order_by("pk").values_list("email", "role", "given_name", "infix", "family_name", "digest")
    assert list(rows) == [
        ("lois@dewilg.example", "teacher", "Loïs", "van 't", "Hof", None),
        ("lois@dewilg.example", "coach", "Loïs", "van 't", "Hof", None),
        (None, "teacher", "Kim", "de", "Wit", None),
    ]
    assert {row.school.slug for row in Invitation.objects.all()} == {"de-wilg"}
    assert Roster.objects.get().lines == []
    assert Event.objects.filter(what="roster_imported", by=cast.frank, school=cast.schools["de-wilg"]).count() == 1
    assert "2 people are invited" in text(frank.get(address).content.decode())


def test_the_same_file_twice_changes_nothing(cast: TestCast, frank: Client) -> None:
    lines = ("Loïs;van 't;Hof;lois@dewilg.example;leraar, coach;", "Kim;;de Wit;;;", "Carla;de;Boer;carla@dewilg.example;;")
    take(frank, look(frank, *lines)[0])
    before = set(Invitation.objects.values_list("pk")), set(Membership.objects.values_list("pk"))
    address, page = look(frank, *lines)
    assert "3 lines: right already" in text(page)
    take(frank, address)
    assert (set(Invitation.objects.values_list("pk")), set(Membership.objects.values_list("pk"))) == before
