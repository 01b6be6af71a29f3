"""A page of another site calls the API with a key of its own (CORS), and never with somebody's session here."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.calls import Caller
from tests.conftest import TestCast

ApiCalls = type[Caller]
ELSEWHERE = "https://rooster.example"
ANYBODY, WITH_COOKIES = "Access-Control-Allow-Origin", "Access-Control-Allow-Credentials"


def listed(answer: Any, name: str) -> set[str]:
    return set(answer.headers[name].lower().split(", "))


@pytest.mark.parametrize("path", ["/api/v1/schools/de-wilg/goals/1/", "/oauth/token/", "/api/v1/nothing/"])
def test_a_browser_asks_first(db: None, django_assert_num_queries: Any, path: str) -> None:
    asks = {"Origin": ELSEWHERE, "Access-Control-Request-Method": "PUT"}
    with django_assert_num_queries(0):
        answer = Client().options(path, headers=asks)
    assert (answer.status_code, answer.content, answer[ANYBODY]) == (204, b"", "*")
    assert {"get", "put", "post", "delete"} <= listed(answer, "Access-Control-Allow-Methods")
    sent = {"authorization", "content-type", "if-match", "if-none-match", "idempotency-key", "accept-language"}
    assert sent == listed(answer, "Access-Control-Allow-Headers")
    assert WITH_COOKIES not in answer.headers


def test_what_a_key_asks_can_be_read_there_also_what_is_refused(cast: TestCast, api: ApiCalls) -> None:
    carla = api(cast.carla)
    for path in ("me/", "schools/de-beuk/", "schools/de-wilg/meetings/?x=1"):
        answer = carla.get(path, Origin=ELSEWHERE)
        assert answer.headers[ANYBODY] == "*", path
        assert {"etag", "location", "ratelimit", "retry-after", "idempotent-replayed", "www-authenticate"} <= listed(
            answer, "Access-Control-Expose-Headers"
        )
        assert WITH_COOKIES not in answer.headers
    same = carla.get("me/", If_None_Match=carla.get("me/").headers["ETag"], Origin=ELSEWHERE)
    assert (same.status, same.headers[ANYBODY]) == (304, "*")
    assert api().get("me/", Origin=ELSEWHERE, Authorization="Bearer smp_wrong").headers[ANYBODY] == "*"
    assert api().get("cards/", Origin=ELSEWHERE).headers[ANYBODY] == "*"


def test_what_a_session_had_a_part_in_cannot(cast: TestCast, api: ApiCalls) -> None:
    carla = api(cast.carla, by="session")
    for given in ({}, {"Authorization": api(cast.carla).headers["Authorization"]}):
        answer = carla.get("me/", Origin=ELSEWHERE, **given)
        assert answer.status == 200
        assert ANYBODY not in answer.headers
    asks = {"Origin": ELSEWHERE, "Access-Control-Request-Method": "PUT"}
    assert ANYBODY not in carla.client.options("/api/v1/me/name/", headers=asks).headers
    assert settings.SESSION_COOKIE_SAMESITE == "Lax"  # so no browser sends it along from elsewhere anyway


def test_an_app_in_a_page_gets_its_keys(db: None) -> None:
    for name in ("program-token", "program-revoke"):
        answer = Client().post(reverse(name), {"grant_type": "refresh_token"}, headers={"Origin": ELSEWHERE})
        assert answer.status_code >= 400
        assert answer[ANYBODY] == "*"
    assert Client().get(reverse("program-userinfo"), headers={"Origin": ELSEWHERE})[ANYBODY] == "*"


@pytest.mark.parametrize("path", ["/", "/account/login/", "/oauth/authorize/", "/me/tokens/", "/api/v2/me/"])
def test_pages_are_for_people_here(cast: TestCast, as_: Any, path: str) -> None:
    for browser in (Client(), as_(cast.carla)):
        assert ANYBODY not in browser.get(path, headers={"Origin": ELSEWHERE}).headers


def test_asking_what_an_address_can_do_is_no_such_question(db: None) -> None:
    assert Client().options("/api/v1/cards/", headers={"Origin": ELSEWHERE}).status_code == 405
