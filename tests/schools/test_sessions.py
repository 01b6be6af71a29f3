"""Sessions: keys that change, limits that hold, a list that people read and end, and proving it once more."""

from __future__ import annotations

import datetime as dt
import runpy
import uuid
from typing import Any

import pytest
import time_machine
from allauth.account.internal.flows.reauthentication import STATE_SESSION_KEY
from django.conf import settings
from django.contrib.auth.hashers import MD5PasswordHasher, make_password
from django.core.cache import caches
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from observations.models import Observation, Visit
from samenspraak.sessions import digest
from samenspraak.settings import mode
from schools import devices, proof, retention, tokens
from schools.models import ApiToken, Event, Membership, Session, User
from schools.roles import Role
from tests import calls, factories
from tests.conftest import TestCast
from workgroups.models import CalendarFeed

START = dt.datetime(2026, 11, 24, 8, 0, tzinfo=dt.UTC)
PHONE = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
PC = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"
WORD = "samen-om-de-tafel"
QUICK = "django.contrib.auth.hashers.MD5PasswordHasher"
HASH = MD5PasswordHasher().encode(WORD, "zout" * 6)


@pytest.fixture(autouse=True)
def _quick(settings: Any) -> None:
    settings.PASSWORD_HASHERS = [QUICK]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "sessions"}}
    caches["default"].clear()  # what counts how often somebody tries


def after(**span: float) -> Any:
    """So long after the sign-in; the clock stands still."""
    return time_machine.travel(START + dt.timedelta(**span), tick=False)


def key_of(client: Client) -> str:
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def sign_in(user: User, *, agent: str = PHONE) -> Client:
    """Sign in by the form, as people do, when it all begins."""
    User.objects.filter(pk=user.pk).update(password=HASH)
    client = calls.Browser(headers={"user-agent": agent})
    with after():
        client.post(reverse("account_login"), {"login": user.email, "password": WORD, "remember": "on"})
    return client


def prove(client: Client, page: str, password: str = WORD) -> Any:
    return client.post(reverse("account_reauthenticate"), {"password": password, "next": page})


def asks(answer: Any) -> bool:
    """Whether the answer leads to the page that asks for a proof."""
    return int(answer.status_code) == 302 and str(answer["Location"]).startswith("/account/reauthenticate/")


def test_the_key_is_new_at_sign_in_and_kept_as_a_hash(cast: TestCast) -> None:
    client = calls.Browser()
    client.cookies[settings.SESSION_COOKIE_NAME] = planted = "a" * 32
    User.objects.filter(pk=cast.carla.pk).update(password=HASH)
    client.post(reverse("account_login"), {"login": cast.carla.email, "password": WORD})
    assert key_of(client) != planted
    row = Session.objects.get(user=cast.carla)
    assert row.session_key == digest(key_of(client))
    assert key_of(client) not in str(vars(row))


def test_the_key_is_new_after_a_proof_and_the_old_one_dead(cast: TestCast) -> None:
    client = sign_in(cast.carla)
    old = Client()
    old.cookies[settings.SESSION_COOKIE_NAME] = before = key_of(client)
    with after(minutes=20):
        assert prove(client, "/me/").status_code == 302
        assert key_of(client) != before
        assert client.get("/me/").status_code == 200
        assert old.get("/me/").status_code == 302


def test_signing_out_and_ending_an_account_end_the_session(cast: TestCast) -> None:
    client, other = sign_in(cast.carla), sign_in(cast.anna)
    key = key_of(client)
    with after(minutes=1):
        client.post(reverse("account_logout"))
        client.cookies[settings.SESSION_COOKIE_NAME] = key
        assert client.get("/me/").status_code == 302
        assert other.get("/me/").status_code == 200
        User.objects.filter(pk=cast.anna.pk).update(is_active=False)
        assert other.get("/me/").status_code == 302


def test_another_password_ends_all_other_sessions(cast: TestCast) -> None:
    here, there = sign_in(cast.carla), sign_in(cast.carla, agent=PC)
    before = key_of(here)
    with after(minutes=1):
        sent = {"oldpassword": WORD, "password1": "een-ander-woord-24", "password2": "een-ander-woord-24"}
        assert here.post(reverse("account_change_password"), sent).status_code == 302
        assert Session.objects.filter(user=cast.carla).count() == 1
        assert key_of(here) != before
        assert here.get("/me/").status_code == 200
        assert there.get("/me/").status_code == 302


def test_a_teacher_stays_for_thirty_days_after_the_last_day_of_use(cast: TestCast) -> None:
    client, home = sign_in(cast.carla), reverse("school-home", args=["de-wilg"])
    for days in (1, 29, 58, 87):
        with after(days=days):
            assert client.get(home).status_code == 200
            cookie = client.cookies[settings.SESSION_COOKIE_NAME]
            assert cookie["max-age"] == 30 * 24 * 3600
    with after(days=118):
        assert client.get(home).status_code == 302


def test_the_day_is_noted_once(cast: TestCast, django_assert_num_queries: Any) -> None:
    client = sign_in(cast.carla)
    with after(days=1):
        client.get("/me/tokens/")
        seen = Session.objects.get(user=cast.carla)
        assert (seen.began_on, seen.seen_on) == (START.date(), START.date() + dt.timedelta(days=1))
    with after(days=1, hours=1):
        assert settings.SESSION_COOKIE_NAME not in client.get("/me/").cookies


def test_a_leader_sleeps_after_two_hours_and_after_twelve_in_any_case(cast: TestCast) -> None:
    client, home = sign_in(cast.anna), reverse("school-home", args=["de-wilg"])
    for minutes in range(0, 12 * 60 + 1, 118):
        with after(minutes=minutes):
            assert client.get(home).status_code == 200, minutes
    with after(hours=12, minutes=1):
        assert asks(client.get(home))
    again = sign_in(cast.anna)
    with after(hours=2, minutes=1):
        assert asks(again.get(home))
        assert again.get("/me/").status_code == 200
        assert prove(again, home)["Location"] == home
        assert again.get(home).status_code == 200


def test_a_page_that_keeps_itself_in_step_keeps_nobody_awake(cast: TestCast) -> None:
    client, home = sign_in(cast.anna), reverse("school-home", args=["de-wilg"])
    for minutes in (60, 119):
        with after(minutes=minutes):
            assert client.get(home, headers={"sec-fetch-mode": "cors"}).status_code == 200
            assert client.get("/api/v1/schools/de-wilg/").status_code == 200
    with after(minutes=121):
        assert asks(client.get(home))


def test_a_teacher_who_leads_goes_on_as_a_teacher(cast: TestCast) -> None:
    held = {"school": cast.schools["de-wilg"], "user": cast.anna, "role": Role.TEACHER}
    Membership.objects.create(**held, from_date=factories.LONG_AGO)
    client, group = sign_in(cast.anna), cast.reading
    home, study_days = reverse("school-home", args=["de-wilg"]), reverse("workgroups:days-off", args=["de-wilg"])
    with after(hours=1):
        assert "leraar en schoolleider" in client.get(home).content.decode()
    with after(hours=4):
        page = client.get(home).content.decode()
        assert "als leraar" in page
        assert "ook als schoolleider" in page
        assert reverse("account-prove") in page
        assert client.get(reverse("workgroups:group", args=["de-wilg", group.pk])).status_code == 200
        assert client.get(study_days).status_code == 200
        assert asks(client.post(study_days, {"name": "Studiedag"}))


def test_what_is_not_there_is_not_there_for_who_is_awake(cast: TestCast) -> None:
    client = sign_in(cast.anna)
    theirs = reverse("workgroups:group", args=["de-wilg", cast.next_door.pk])
    nowhere = reverse("workgroups:group", args=["de-wilg", 987_654])
    for hours, expected in ((1, 404), (5, 302)):
        with after(hours=hours):
            one, other = client.get(theirs), client.get(nowhere)
            assert one.status_code == other.status_code == expected
            lead_to = [answer.headers.get("Location", "") for answer in (one, other)]
            assert lead_to[0].replace(str(cast.next_door.pk), "987654") == lead_to[1]


def test_a_board_and_the_site_sleep_too(cast: TestCast) -> None:
    gerda, hugo = sign_in(cast.gerda), sign_in(cast.hugo)
    board = reverse("board-home", args=[cast.schools["de-wilg"].board.number])
    with after(hours=1):
        assert gerda.get(board).status_code == 200
        assert "Jij houdt de site draaiende. Wat" in hugo.get("/").content.decode()
    with after(hours=4):
        assert asks(gerda.get(board))
        assert asks(gerda.get(reverse("board-home", args=[1])))
        page = hugo.get("/").content.decode()
        assert "Laat zien dat jij het bent" in page
        assert "Jij houdt de site draaiende. Wat" not in page


def test_unshared_notes_sleep_and_what_was_typed_goes_on(cast: TestCast) -> None:
    meeting = factories.meeting(cast.reading, START.date())
    mine = {"school": cast.schools["de-wilg"], "group": cast.reading}
    told = {"accepted_for": meeting.starts_at, "proposed_at": START}
    visit = Visit.objects.create(**mine, meeting=meeting, coach=cast.bram, purpose="support", state="noting", **told)
    row = Observation.objects.create(**mine, visit=visit, listened=20, updated_at=START)
    client, notes = sign_in(cast.bram), reverse("observations:notes", args=["de-wilg", visit.pk])
    kept = f"/api/v1/schools/de-wilg/observations/{row.pk}/"
    with after(hours=1):
        assert client.get(notes).status_code == client.get(kept).status_code == 200
    with after(hours=4):
        assert asks(client.get(notes))
        refused = client.get(kept)
        assert (refused.status_code, refused.json()["code"]) == (401, "sign_in_again")
        sent_in = {"visit": visit.pk, "listened": 20, "notes": {}, "marks": {"openness-b1": 3}, "pairs": []}
        for address in (kept, kept.replace(str(row.pk), str(uuid.uuid4()))):
            refused = client.put(address, sent_in, "application/json")
            assert (refused.status_code, refused.json()["code"]) == (401, "sign_in_again"), "it told what is kept"
        assert client.put(kept, {**sent_in, "marks": {}}, "application/json").status_code == 200
        assert client.get(reverse("observations:visit", args=["de-wilg", visit.pk])).status_code == 200
        sent = {"well-openness": "Jullie vroegen door.", "version": row.version, "kept-draft": "0123456789abcdef"}
        answer = client.post(notes, sent)
        assert asks(answer)
        assert "draft-0123456789abcdef" not in answer.cookies, "the browser still keeps the words"
        held = str(Session.objects.get(user=cast.bram).session_data)
        assert key_of(client) not in held
        wrong = prove(client, notes, "een verkeerd woord")
        assert wrong.status_code == 200
        done = prove(client, notes)
        assert done.status_code == 302
        assert done.cookies["draft-0123456789abcdef"].value == "sent"
        assert "Jullie vroegen door." in client.get(notes).content.decode()


@pytest.mark.parametrize("who", ["anna", "frank", "gerda"])
def test_the_api_sleeps_in_a_session_and_not_for_a_token(cast: TestCast, who: str) -> None:
    person = cast.people[who]
    number = cast.schools["de-wilg"].board.number
    place = f"/api/v1/boards/{number}/" if who == "gerda" else "/api/v1/schools/de-wilg/"
    client = sign_in(person)
    with after(hours=1):
        assert client.get(place).status_code == 200
        key = tokens.make_token(user=person, name="Rooster", now=timezone.now())
    with after(hours=6):
        assert client.get(place).status_code == 401
        assert client.get(place, headers={"authorization": f"Bearer {key}"}).status_code == 200


def test_sensitive_steps_ask_after_a_quarter_of_an_hour(cast: TestCast) -> None:
    client = sign_in(cast.carla)
    places = [reverse(name) for name in ("account-tokens", "account-name", "account-address", "account-calendar")]
    places.append(reverse("school-dashboard-csv", args=["de-wilg"]))
    with after(minutes=14):
        assert {client.get(place).status_code for place in places} == {200}
    with after(minutes=16):
        assert all(asks(client.get(place)) for place in places)
        assert asks(client.post(reverse("account-name"), {"given_name": "Karla"}))
        assert prove(client, reverse("account-name"))["Location"] == reverse("account")
        cast.carla.refresh_from_db()
        assert cast.carla.given_name == "Karla"
        assert {client.get(place).status_code for place in places} == {200}


def test_an_address_for_a_calendar_is_made_after_a_proof_and_ended_without(cast: TestCast) -> None:
    client, own = sign_in(cast.carla), CalendarFeed.objects.filter(user=cast.carla)
    page = reverse("account-calendar")
    with after(hours=1):
        assert asks(client.post(reverse("calendar-new")))
        of_group = reverse("calendar-group", args=[cast.reading.pk])
        assert asks(client.post(of_group))
        assert not own.exists()
        assert prove(client, of_group)["Location"].startswith(page)  # what was sent goes on
        feed = own.get()
    with after(hours=2):
        assert asks(client.post(reverse("calendar-renew", args=[feed.pk])))
        assert client.post(reverse("calendar-remove", args=[feed.pk])).status_code == 302
        assert not own.exists()


def test_a_password_does_not_wait_in_a_session(cast: TestCast) -> None:
    client = sign_in(cast.carla)
    with after(hours=1):
        assert asks(client.post(reverse("account_set_password"), {"password1": "een-heel-geheim-woord"}))
        assert STATE_SESSION_KEY not in client.session
        assert asks(client.post(reverse("account-name"), {"given_name": "Karla"}))
        assert STATE_SESSION_KEY in client.session


def test_the_api_asks_for_a_proof_where_the_pages_do(cast: TestCast) -> None:
    """To share is for ever: a session that somebody left open is not enough, a token is."""
    client = sign_in(cast.bram)
    share = f"/api/v1/schools/de-wilg/observations/{uuid.uuid4()}/share/"
    with after(hours=1):
        refused = client.post(share, {}, content_type="application/json")
        assert (refused.status_code, refused.json()["code"]) == (401, "prove_again")
        prove(client, "/me/")
        assert client.post(share, {}, content_type="application/json").status_code == 404
        key = tokens.make_token(user=cast.bram, name="Rooster", now=timezone.now())
    with after(hours=3):
        by_token = {"authorization": f"Bearer {key}"}
        assert client.post(share, {}, content_type="application/json", headers=by_token).status_code == 404


def test_a_proof_is_not_taken_elsewhere(cast: TestCast) -> None:
    client = sign_in(cast.carla)
    with after(hours=1):
        assert prove(client, "https://elders.example/")["Location"].startswith("/")


def test_who_cannot_be_asked_twice_signs_in_again(cast: TestCast) -> None:
    client = sign_in(cast.carla)
    User.objects.filter(pk=cast.carla.pk).update(password=make_password(None))
    with after():  # by the real clock it is over, from a month later on
        session = client.session
        session["_auth_user_hash"] = User.objects.get(pk=cast.carla.pk).get_session_auth_hash()
        session.save()
    with after(hours=1):
        tokens_page = reverse("account-tokens")
        answer = client.get(tokens_page)
        prove_page = f"{reverse('account-prove')}?next={tokens_page.replace('/', '%2F')}"
        assert answer["Location"] == prove_page
        assert "Log opnieuw in" in client.get(prove_page).content.decode()
        gone = client.post(reverse("account-prove"), {"next": tokens_page})
        assert gone["Location"] == f"/account/login/?next={tokens_page.replace('/', '%2F')}"
        assert client.get("/me/").status_code == 302
    stranger = sign_in(cast.anna)
    User.objects.filter(pk=cast.anna.pk).update(is_active=True)
    with after(minutes=1):
        away = stranger.get(f"{reverse('account-prove')}?next=https://elders.example/")
        assert "elders" not in away.headers.get("Location", "")
        assert stranger.get(f"{reverse('account-prove')}?next={tokens_page}")["Location"] == tokens_page  # just proved


def test_one_sees_and_ends_where_one_is_signed_in(cast: TestCast, django_assert_num_queries: Any) -> None:
    here, there, third = sign_in(cast.carla), sign_in(cast.carla, agent=PC), sign_in(cast.carla, agent="curl/8")
    stranger = sign_in(cast.anna)
    listed = reverse("account-sessions")
    with after(days=1):
        here.get("/me/")
        with django_assert_num_queries(6):  # the session, the person and the door take five
            page = here.get(listed).content.decode()
        for words in (
            "Firefox op Android",
            "Chrome op Windows",
            "Een browser",
            "dit apparaat",
            "vandaag gebruikt",
            "24 november",
        ):
            assert words in page
        assert "8:00" not in page
        assert page.index("dit apparaat") < page.index("Chrome op Windows")
        end = reverse("account-session-end", args=[digest(key_of(there))])
        assert stranger.post(end).status_code == 404
        assert here.post(end, follow=True).status_code == 200
        assert there.get("/me/").status_code == 302
        assert here.post(end).status_code == 404
        here.post(reverse("account-sessions-end"))
        assert third.get("/me/").status_code == 302
        assert here.get("/me/").status_code == stranger.get("/me/").status_code == 200
    happened = Event.objects.filter(by=cast.carla, what__startswith="session").values_list("what", flat=True)
    assert sorted(happened) == ["session_ended", "sessions_ended"]


def test_what_is_over_is_forgotten(cast: TestCast) -> None:
    sign_in(cast.carla)
    assert retention.forget("sessions", now=START + dt.timedelta(days=29)) == 0
    assert retention.forget("sessions", now=START + dt.timedelta(days=31)) == 1
    assert not Session.objects.exists()


def test_a_browser_is_told_by_its_kind_alone() -> None:
    assert devices.called(PHONE) == "Firefox/Android"
    assert devices.called("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1") == (
        "Safari/iPhone"
    )
    assert devices.called(PC.replace("Safari", "Safari Edg/142.0")) == "Edge/Windows"
    assert devices.called("") == devices.called("<script>" * 900) == ""
    assert devices.in_words("Safari/") == "Safari"


def test_cookies_in_production_stay_with_this_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mode, "DEMO", False)
    told = runpy.run_path(str(mode.PACKAGE_DIR / "settings" / "people.py"))
    assert told["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert told["CSRF_COOKIE_NAME"].startswith("__Host-")
    assert told["SESSION_COOKIE_SECURE"] is told["CSRF_COOKIE_SECURE"] is told["SESSION_COOKIE_HTTPONLY"] is True
    assert told["SESSION_COOKIE_SAMESITE"] == told["CSRF_COOKIE_SAMESITE"] == "Lax"
    for cookie in ("SESSION", "CSRF"):  # what the prefix asks for
        assert getattr(settings, f"{cookie}_COOKIE_PATH") == "/"
        assert getattr(settings, f"{cookie}_COOKIE_DOMAIN") is None


def test_limits_are_what_the_papers_say() -> None:
    assert dt.timedelta(hours=2) == proof.IDLE
    assert dt.timedelta(hours=12) == proof.LONGEST
    assert dt.timedelta(seconds=settings.SESSION_COOKIE_AGE) == dt.timedelta(days=30)


def test_a_role_that_ends_ends_everything_at_the_next_request(cast: TestCast) -> None:
    """Row 42: pages, files, tokens and the API, for each role; feeds: tests/workgroups/test_feeds.py."""
    for who, slug in (("carla", "de-wilg"), ("anna", "de-wilg"), ("frank", "de-wilg"), ("bram", "de-wilg")):
        person = cast.people[who]
        client = Client()
        client.force_login(person)
        key = tokens.make_token(user=person, name="Rooster", now=timezone.now())
        bearer = {"authorization": f"Bearer {key}"}
        pages = [reverse(name, args=[slug]) for name in ("school-home", "people", "school-dashboard-csv")]
        place = f"/api/v1/schools/{slug}/"
        assert {client.get(page).status_code for page in pages} == {200}, who
        assert client.get(place).status_code == client.get(place, headers=bearer).status_code == 200
        yesterday = timezone.localdate() - dt.timedelta(days=1)
        Membership.objects.filter(user=person, school__slug=slug).update(until_date=yesterday)
        assert {client.get(page).status_code for page in pages} == {404}, who
        assert client.get(place).status_code == client.get(place, headers=bearer).status_code == 404
    assert ApiToken.objects.exists()
