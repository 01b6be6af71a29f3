"""The front: visitors, the other language, robots, errors, and the headers of every page."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests import factories
from tests.conftest import TestCast

STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}
OPEN = ("/", "/about/", "/cards/", "/cards/openness/", "/account/login/", "/mailbox/", "/parts/", "/nowhere/")
INSIDE = ("/s/de-wilg/", "/s/de-wilg/dashboard/", "/about/", "/cards/", "/nowhere/")


def _policy(answer: Any) -> dict[str, str]:
    return dict(rule.strip().split(" ", 1) for rule in answer["Content-Security-Policy"].split(";"))


def test_a_visitor_is_welcome(client: Client, db: None) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert "Beter in gesprek over je onderwijs" in page.text
    assert 'href="/account/login/"' in page.text
    assert 'href="/cards/"' in page.text
    assert page.text.count("panel a") == 6


def test_about_says_whose_it_is_and_what_it_is_not(client: Client, db: None) -> None:
    page = client.get("/about/").text
    assert "Anje Ros, Helma de Keijzer en Linda van den Bergh" in page
    assert "De schalen zijn niet wetenschappelijk getoetst." in page
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "The scales have not been scientifically validated." in client.get("/about/").text


@pytest.mark.parametrize("path", OPEN)
def test_open_pages_are_strict(client: Client, cast: TestCast, path: str) -> None:
    answer = client.get(path)
    assert _policy(answer) == STRICT
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert " style=" not in answer.text
    assert "<style" not in answer.text


@pytest.mark.parametrize("path", INSIDE)
def test_pages_of_whoever_signed_in_are_private(as_: Any, cast: TestCast, path: str) -> None:
    answer = as_(cast.anna).get(path)
    assert _policy(answer) == STRICT
    assert set(answer["Cache-Control"].split(", ")) == {"private", "no-cache"}
    assert "Cookie" in answer["Vary"]
    assert " style=" not in answer.text


def test_robots_read_the_front_and_the_cards(client: Client, db: None) -> None:
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    assert answer.text.split("\n") == ["User-agent: *", "Allow: /$", "Allow: /cards/", "Disallow: /", ""]


def test_the_icon_that_browsers_ask_for(client: Client, db: None) -> None:
    assert client.get("/favicon.ico")["Location"].endswith("samenspraak/favicon.svg")


# --- The other language ------------------------------------------------------------------


def test_a_visitor_chooses_the_language(client: Client, db: None) -> None:
    answer = client.post("/language/", {"language": "en", "next": "/about/"})
    assert answer["Location"] == "/about/"
    assert "About the instrument" in client.get("/about/").text
    assert client.get("/about/")["Content-Language"] == "en"


def test_it_holds_on_every_device_for_whoever_signed_in(as_: Any, cast: TestCast) -> None:
    as_(cast.carla).post("/language/", {"language": "en", "next": "/"})
    cast.carla.refresh_from_db()
    cast.daan.refresh_from_db()
    assert (cast.carla.language, cast.daan.language) == ("en", "")
    elsewhere = Client()
    elsewhere.force_login(cast.carla)
    assert "About the instrument" in elsewhere.get("/about/").text


def test_ones_own_language_goes_before_that_of_the_device(as_: Any, cast: TestCast) -> None:
    type(cast.daan).objects.filter(pk=cast.daan.pk).update(language="nl")
    browser = as_(cast.daan)
    browser.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert "Over het instrument" in browser.get("/about/").text


@pytest.mark.parametrize("code", ["fr", "", "en'; --", "x" * 500])
def test_a_language_we_do_not_speak_changes_nothing(as_: Any, cast: TestCast, code: str) -> None:
    browser = as_(cast.carla)
    assert browser.post("/language/", {"language": code, "next": "/about/"}).status_code == 302
    cast.carla.refresh_from_db()
    assert cast.carla.language == ""
    assert "Over het instrument" in browser.get("/about/").text


@pytest.mark.parametrize(
    "address", ["https://elders.example/", "//elders.example", "javascript:alert(1)", "\\\\elders"]
)
def test_next_stays_on_this_site(client: Client, db: None, address: str) -> None:
    answer = client.post("/language/", {"language": "en", "next": address})
    assert answer["Location"] == "/"


def test_looking_at_the_address_changes_nothing(as_: Any, cast: TestCast) -> None:
    assert as_(cast.carla).get("/language/?language=en").status_code == 405
    cast.carla.refresh_from_db()
    assert cast.carla.language == ""


# --- Errors ------------------------------------------------------------------------------


def test_what_is_not_there_says_so(client: Client, db: None) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "Hier ligt niets" in answer.text


def test_a_forgotten_token_saves_nothing(db: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/language/", {"language": "en"})
    assert answer.status_code == 403
    assert settings.LANGUAGE_COOKIE_NAME not in browser.cookies
    assert "<h1>" in answer.text


ELSEWHERE = ["//evil.example/", "https://evil.example/", "/\\evil.example", "//[", "http://[::1", "javascript:alert(1)"]


@pytest.mark.parametrize("place", ELSEWHERE)
def test_signing_in_leads_nowhere_else(client: Client, cast: TestCast, place: str) -> None:
    assert client.get("/account/login/", {"next": place}).status_code == 200
    cast.carla.set_password("een lang wachtwoord")
    cast.carla.save()
    sent = {"login": cast.carla.email, "password": "een lang wachtwoord", "next": place}
    answer = client.post("/account/login/", sent)
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize("place", ELSEWHERE)
def test_another_language_leads_nowhere_else(client: Client, db: None, place: str) -> None:
    answer = client.post("/language/", {"language": "en", "next": place})
    assert (answer.status_code, answer["Location"]) == (302, "/")


@pytest.mark.parametrize("place", ELSEWHERE)
def test_no_other_page_leads_elsewhere_either(as_: Any, cast: TestCast, place: str) -> None:
    """The guide, a proof and a board's service are tried with their own pages."""
    goal = factories.goal(factories.period(cast.reading, cast.aspects["openness"]))
    browser = as_(cast.carla)
    answer = browser.post(f"/s/de-wilg/goals/{goal.pk}/updates/", {"step": "on_the_way", "note": "", "next": place})
    assert (answer.status_code, answer["Location"]) == (302, f"/s/de-wilg/goals/{goal.pk}/")
    assert browser.get("/me/sign-in/start/", {"next": place}).status_code == 200
    assert place not in browser.session.values()


def test_pages_travel_small_and_the_api_as_it_is(as_: Any, cast: TestCast) -> None:
    browser = as_(cast.carla)
    page = browser.get("/s/de-wilg/", headers={"Accept-Encoding": "gzip"})
    assert page["Content-Encoding"] == "gzip"
    assert len(page.content) < len(browser.get("/s/de-wilg/").content) / 2
    assert "Content-Encoding" not in browser.get("/api/v1/cards/", headers={"Accept-Encoding": "gzip"})
