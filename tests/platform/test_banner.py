"""When the post stands still, those who can have it mended read it on their pages; the site itself goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from schools import post
from schools.models import BoardMembership, Membership, OperatorGrant, User
from schools.roles import Role
from tests.conftest import TestCast
from tests.factories import LONG_AGO, NOW

SECOND = dt.timedelta(seconds=1)
SAYS = "Er gaat nu geen mail weg"
HOME = "/s/de-wilg/"


@pytest.fixture(autouse=True)
def _now(settings: Any) -> Iterator[None]:
    own = {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "banner"}
    settings.CACHES = {"default": own}
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        yield


def page(client: Client, user: User, path: str) -> str:
    client.force_login(user)
    answer = client.get(path)
    assert answer.status_code == 200
    return str(answer.content.decode())


def admin_of_the_school(cast: TestCast) -> tuple[User, str]:
    Membership.objects.create(user=cast.els, school=cast.schools["de-wilg"], role=Role.ADMIN, from_date=LONG_AGO)
    return cast.els, HOME


def admin_of_the_board(cast: TestCast) -> tuple[User, str]:
    board = cast.schools["de-wilg"].board
    BoardMembership.objects.create(user=cast.els, board=board, from_date=LONG_AGO)
    return cast.els, f"/b/{board.number}/"


def operator(cast: TestCast) -> tuple[User, str]:
    OperatorGrant.objects.create(user=cast.els, from_date=LONG_AGO)
    return cast.els, "/"


ADMINS = [admin_of_the_school, admin_of_the_board, operator]


@pytest.mark.parametrize("admin", ADMINS)
@pytest.mark.parametrize(("silent", "told"), [(180, False), (181, True), (4000, True), (None, True)])
def test_admins_are_told_after_three_minutes(
    client: Client, cast: TestCast, admin: object, silent: int | None, told: bool
) -> None:
    if silent is not None:
        post.beat(NOW - silent * SECOND)
    assert callable(admin)
    assert (SAYS in page(client, *admin(cast))) is told
    assert client.get("/readyz").status_code == 200


def test_nobody_else_is_told(client: Client, cast: TestCast) -> None:
    for user in (cast.carla, cast.els):
        assert SAYS not in page(client, user, HOME)
    assert SAYS not in client.get("/account/login/").content.decode()


def test_it_is_gone_when_the_post_runs_again(client: Client, cast: TestCast) -> None:
    user, path = admin_of_the_school(cast)
    assert SAYS in page(client, user, path)
    post.deliver_all(clock=lambda: NOW)
    assert SAYS not in page(client, user, path)
