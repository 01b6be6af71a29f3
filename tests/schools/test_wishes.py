"""What people want to hear: one click stops a sort, one click brings it back, and nobody is asked to sign in."""

from __future__ import annotations

import base64
import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import given, strategies as st

from schools import actions, post, queries
from schools.models import Delivery, LetterWishes, UnwantedLetters, User
from schools.post import check, claim, kinds, stop
from tests.conftest import TestCast
from tests.factories import NOW
from tests.schools.conftest import KIND, Kind, letter

SORTS = {"first": "Brieven van de eerste soort", "second": "Brieven van de tweede soort"}
OTHER = "test-other"


@pytest.fixture
def sorts(kind: Kind) -> Iterator[Kind]:
    """Only these two sorts can be turned off."""
    known = dict(kinds._SORTS)
    kinds._SORTS.clear()
    for name, title in SORTS.items():
        post.register_sort(name, title=title, help=f"Uitleg bij {name}.")
    post.register(KIND, kind.prepare, sort="first")
    post.register(OTHER, kind.prepare, sort="second")
    yield kind
    kinds._KINDS.pop(OTHER)
    kinds._SORTS.clear()
    kinds._SORTS.update(known)


def page(user: User, sort: str) -> str:
    return reverse("stop-letters", args=[post.stop.token(user.pk, sort)])


def unwanted(user: User) -> set[str]:
    return set(queries.unwanted_by(user.pk))


# --- The signs in the link ------------------------------------------------------------


@given(
    user=st.integers(min_value=0, max_value=2**48 - 1),
    sort=st.sampled_from([*(one.name for one in post.sorts()), post.EVERY]),
)
def test_the_signs_tell_who_and_what(user: int, sort: str) -> None:
    signs = post.stop.token(user, sort)
    assert len(signs) == len(stop.PLACEHOLDER) == 32
    assert re.fullmatch(r"[A-Za-z0-9_-]{32}", signs)
    assert signs == post.stop.token(user, sort)
    assert post.stop.read(signs) == (
        (user, sort) if sort in {one.name for one in post.sorts()} | {post.EVERY} else None
    )


@given(at=st.integers(min_value=0, max_value=23), change=st.integers(min_value=1, max_value=255))
def test_no_sign_can_be_changed(at: int, change: int) -> None:
    whole = bytearray(base64.urlsafe_b64decode(post.stop.token(7, post.EVERY)))
    whole[at] ^= change
    assert post.stop.read(base64.urlsafe_b64encode(whole).decode()) is None


@pytest.mark.parametrize("signs", ["", "x", "é" * 32, "A" * 32, "A" * 31, "====", "\0"])
def test_other_signs_are_nobodys(signs: str) -> None:
    assert post.stop.read(signs) is None


def test_the_placeholder_is_nobodys() -> None:
    assert post.stop.read(stop.PLACEHOLDER) is None


def test_links_outlive_the_secret_by_its_successor(settings: Any) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "the old one", []
    signs = post.stop.token(7, post.EVERY)
    settings.SECRET_KEY = "the new one"
    assert post.stop.read(signs) is None
    settings.SECRET_KEY_FALLBACKS = ["the old one"]
    assert post.stop.read(signs) == (7, post.EVERY)


def test_two_sorts_never_share_a_mark(sorts: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "mark", lambda sort: b"xx")
    with pytest.raises(ValueError, match="third"):
        post.register_sort("third", title="", help="")


# --- The page behind it ---------------------------------------------------------------


def test_opening_the_page_changes_nothing(cast: TestCast, sorts: Kind, client: Client) -> None:
    for method in (client.get, client.head):
        answer = method(page(cast.carla, "first"))
        assert answer.status_code == 200
    html = client.get(page(cast.carla, "first")).content.decode()
    assert SORTS["first"] in html
    assert SORTS["second"] not in html
    assert "Stop deze brieven" in html
    assert unwanted(cast.carla) == set()


def test_one_click_stops_them(cast: TestCast, sorts: Kind) -> None:
    """As RFC 8058 says: a mail program posts by itself, with no cookie and no key, and follows no redirect."""
    mail_program = Client(enforce_csrf_checks=True)
    body = {"List-Unsubscribe": "One-Click"}
    for _twice in range(2):
        answer = mail_program.post(page(cast.carla, "first"), body)
        assert answer.status_code == 200
        assert not answer.cookies
    assert unwanted(cast.carla) == {"first"}
    assert unwanted(cast.els) == set()


def test_and_one_brings_them_back(cast: TestCast, sorts: Kind, client: Client) -> None:
    address = page(cast.carla, "first")
    html = client.post(address).content.decode()
    assert "Ik wil ze weer krijgen" in html
    assert "Je krijgt deze brieven weer" in client.post(address, {"again": "first"}).content.decode()
    assert unwanted(cast.carla) == set()


def test_no_link_brings_back_more_than_it_stops(cast: TestCast, sorts: Kind, client: Client) -> None:
    actions.stop_letters(user_id=cast.carla.pk, sorts={"first", "second"})
    client.post(page(cast.carla, "first"), {"again": ["second", "agreements"]})
    assert unwanted(cast.carla) == {"first", "second"}


def test_all_at_once_brings_back_what_it_stopped(cast: TestCast, sorts: Kind, client: Client) -> None:
    actions.stop_letters(user_id=cast.carla.pk, sorts={"second"})
    html = client.post(page(cast.carla, post.EVERY)).content.decode()
    assert unwanted(cast.carla) == {"first", "second"}
    again = re.findall(r'name="again" value="(\w+)"', html)
    assert again == ["first"]
    client.post(page(cast.carla, post.EVERY), {"again": again})
    assert unwanted(cast.carla) == {"second"}


def test_it_says_what_is_so_already(cast: TestCast, sorts: Kind, client: Client) -> None:
    actions.stop_letters(user_id=cast.carla.pk, sorts={"first"})
    assert "Je krijgt deze brieven niet meer" in client.get(page(cast.carla, "first")).content.decode()


def test_it_tells_nothing_of_the_reader(cast: TestCast, sorts: Kind, client: Client) -> None:
    html = client.get(page(cast.carla, "first")).content.decode()
    for private in (cast.carla.given_name, cast.carla.family_name, str(cast.carla.email)):
        assert private not in html


def test_it_speaks_the_readers_language(cast: TestCast, sorts: Kind, client: Client) -> None:
    User.objects.filter(pk=cast.carla.pk).update(language="en")
    answer = client.get(page(cast.carla, "first"))
    assert "No more of these letters?" in answer.content.decode()
    assert answer["Content-Language"] == "en"


@pytest.mark.parametrize("signs", ["x", "A" * 32])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_wrong_link_is_not_there(db: None, client: Client, method: str, signs: str) -> None:
    answer = getattr(client, method)(reverse("stop-letters", args=[signs]))
    assert answer.status_code == 404


def test_an_ended_account_has_no_letters_to_stop(cast: TestCast, sorts: Kind, client: Client) -> None:
    User.objects.filter(pk=cast.carla.pk).update(is_active=False)
    assert client.post(page(cast.carla, "first")).status_code == 404
    assert unwanted(cast.carla) == set()


def test_the_page_takes_the_same_queries_for_any_number_of_sorts(
    cast: TestCast, sorts: Kind, client: Client, django_assert_num_queries: Any
) -> None:
    for sort in ("first", post.EVERY):
        with django_assert_num_queries(5):  # the door in a savepoint, reader, wishes
            client.get(page(cast.carla, sort))


# --- What it does to letters ----------------------------------------------------------


@pytest.mark.sqlite
def test_what_is_not_wanted_does_not_leave(cast: TestCast, sorts: Kind) -> None:
    wilg = cast.schools["de-wilg"]
    actions.stop_letters(user_id=cast.carla.pk, sorts={"first"})
    letter(cast.carla, wilg)
    letter(cast.carla, wilg, subject=2, kind=OTHER)
    letter(cast.els, wilg)
    assert post.deliver(now=NOW) == post.Outcome(claimed=3, sent=2, dropped=1)
    dropped = Delivery.objects.get(state="dropped")
    assert (dropped.user, dropped.kind, dropped.reason) == (cast.carla, KIND, "not wanted")
    assert len(mail.outbox) == 2


def test_wanting_them_again_holds_for_what_still_waits(cast: TestCast, sorts: Kind) -> None:
    letter(cast.carla, cast.schools["de-wilg"])
    actions.stop_letters(user_id=cast.carla.pk, sorts={"first"})
    actions.want_letters_again(user_id=cast.carla.pk, sorts={"first"})
    assert post.deliver(now=NOW).sent == 1


def test_a_kind_of_no_sort_always_leaves(cast: TestCast, sorts: Kind) -> None:
    post.register(KIND, sorts.prepare)
    UnwantedLetters.objects.create(user=cast.carla, sort="first")
    letter(cast.carla, cast.schools["de-wilg"])
    assert post.deliver(now=NOW).sent == 1


def test_wishes_are_one_query_a_batch(cast: TestCast, sorts: Kind, django_assert_num_queries: Any) -> None:
    wilg = cast.schools["de-wilg"]
    for subject, user in enumerate((cast.carla, cast.els, cast.joris)):
        letter(user, wilg, subject=subject)
    rows = claim.claim(now=NOW, limit=10)
    for some in (rows[:1], rows):
        with django_assert_num_queries(4):  # memberships and wishes, and a savepoint for the kind
            check.sort_out(some, now=NOW)


# --- Choosing -------------------------------------------------------------------------


def choose(by: User, **values: Any) -> None:
    wishes = {"digest_at": None, "calendar_part": True, "agreements_in_calendar": False, "alarm_minutes": None}
    actions.choose_letters(**{"unwanted": set(), **wishes, **values}, by=by)


def test_who_never_chose_gets_the_defaults(cast: TestCast) -> None:
    wishes = queries.wishes_of(cast.carla)
    assert (wishes.digest_at, wishes.calendar_part, wishes.agreements_in_calendar) == (None, True, False)
    assert not LetterWishes.objects.exists()


def test_what_was_chosen_holds_until_the_next_time(cast: TestCast) -> None:
    choose(cast.carla, unwanted={"first"}, digest_at=dt.time(17), alarm_minutes=30)
    choose(cast.els, unwanted={"first"})
    assert unwanted(cast.carla) == {"first"}
    assert queries.wishes_of(cast.carla).digest_at == dt.time(17)
    choose(cast.carla, unwanted={"second"})
    assert unwanted(cast.carla) == {"second"}
    assert queries.wishes_of(cast.carla).alarm_minutes is None
    assert unwanted(cast.els) == {"first"}


@pytest.mark.parametrize("at", [dt.time(6, 59), dt.time(20), dt.time(23, 30), dt.time(0)])
def test_letters_come_together_by_day_only(cast: TestCast, at: dt.time) -> None:
    with pytest.raises(actions.QuietHoursError):
        choose(cast.carla, digest_at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        LetterWishes.objects.create(user=cast.carla, digest_at=at)
    choose(cast.carla, digest_at=dt.time(7))
    choose(cast.carla, digest_at=dt.time(19, 59))


# --- From the letter to the page ------------------------------------------------------


def _with_link(row: Delivery) -> post.Letter:
    """As a floor above writes it: with its own link at the end."""
    return post.compose("letters/digest", {"letters": [], "number": 1, "stops": True}, language="nl")


@pytest.mark.parametrize(("kinds_due", "sort"), [([KIND], "first"), ([KIND, OTHER], post.EVERY)])
def test_the_link_in_a_letter_is_its_readers_own(
    cast: TestCast, sorts: Kind, client: Client, kinds_due: list[str], sort: str
) -> None:
    sorts.answer = _with_link
    for user in (cast.carla, cast.els):
        for kind in kinds_due:
            letter(user, cast.schools["de-wilg"], kind=kind, key=f"{kind}:{user.pk}", together=True)
    post.deliver(now=NOW)
    assert len(mail.outbox) == 2
    for message in mail.outbox:
        reader = User.objects.get(email=message.to[0])
        parsed: Any = message.message()
        link = parsed["List-Unsubscribe"].strip("<>")
        assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert post.stop.read(link.rstrip("/").rpartition("/")[2]) == (reader.pk, sort)
        for form in ("plain", "html"):
            text = parsed.get_body((form,)).get_content()
            assert link in text
            assert stop.PLACEHOLDER not in text
        client.post(link.removeprefix(settings.PUBLIC_URL), {"List-Unsubscribe": "One-Click"})
        assert unwanted(reader) == ({"first"} if sort == "first" else {"first", "second"})
