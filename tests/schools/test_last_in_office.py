"""Two who go in the same week: the second knows to be the last, and nobody is left in silence."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction
from django.urls import reverse

from schools import actions, post, queries, tenancy
from schools.models import BoardMembership, Delivery, Membership, School, User
from schools.roles import Role, Steward
from tests import factories
from tests.conftest import TestCast, gather

NOW, LONG_AGO = factories.NOW, factories.LONG_AGO


@pytest.fixture(autouse=True)
def _ledger(settings: Any, tmp_path: Path) -> None:
    settings.ERASURES_FILE = str(tmp_path / "erasures.jsonl")


@pytest.fixture
def wilg(cast: TestCast) -> School:
    """A school with Frank and Els as its admins, and Gerda over it."""
    school = cast.schools["de-wilg"]
    Membership.objects.filter(school=school, role=Role.ADMIN).exclude(user=cast.frank).delete()
    Membership.objects.create(school=school, user=cast.els, role=Role.ADMIN, from_date=LONG_AGO)
    BoardMembership.objects.filter(board=school.board).exclude(user=cast.gerda).delete()
    return school


def left(user: User) -> list[queries.Left]:
    return queries.last_in_office(user=user, now=NOW)


def test_who_asked_before_is_nobody_who_stays(cast: TestCast, wilg: School) -> None:
    assert left(cast.frank) == []
    actions.ask_erasure(by=cast.frank, now=NOW)
    assert left(cast.els) == [queries.Left(wilg.name, by_board=True)]
    with pytest.raises(actions.LastInOfficeError):
        actions.ask_erasure(by=cast.els, now=NOW)
    actions.undo_erasure(by=cast.frank, now=NOW)
    assert left(cast.els) == []


def test_of_a_board_too_and_then_nobody_is_over_the_school(cast: TestCast, wilg: School) -> None:
    BoardMembership.objects.create(board=wilg.board, user=cast.anna, from_date=LONG_AGO)
    assert left(cast.gerda) == []
    actions.ask_erasure(by=cast.anna, now=NOW)
    assert left(cast.gerda) == [queries.Left(str(wilg.board))]
    User.objects.filter(pk__in=[cast.els.pk, cast.gerda.pk]).update(erase_at=NOW + dt.timedelta(days=8))
    assert left(cast.frank) == [queries.Left(wilg.name)]


def test_the_page_says_who_can_still_give_roles_and_refuses_nobody(cast: TestCast, wilg: School, as_: Any) -> None:
    actions.ask_erasure(by=cast.frank, now=NOW)
    page = as_(cast.els).get(reverse("account-erase")).content.decode()
    assert f"{wilg.name} heeft dan geen beheerder meer. De beheerders van het bestuur kunnen" in page
    assert "frank" not in page.lower(), "who goes is told to nobody"
    BoardMembership.objects.filter(board=wilg.board).delete()
    page = as_(cast.els).get(reverse("account-erase")).content.decode()
    assert "Na jou kan niemand daar nog rollen geven" in page
    assert as_(cast.els).post(reverse("account-erase"), {"sure": "on"}).status_code == 302


def test_ending_a_role_counts_no_one_who_asked_either(cast: TestCast, wilg: School) -> None:
    actions.ask_erasure(by=cast.frank, now=NOW)
    today = wilg.today(NOW)
    assert queries.is_last_admin(wilg, cast.els, today=today)
    row = Membership.objects.get(school=wilg, user=cast.els, role=Role.ADMIN)
    gerda = Steward(cast.gerda, wilg, None, for_board=True)
    with pytest.raises(actions.LastAdminError):
        actions.end_role(membership=row, by=gerda, now=NOW)
    actions.end_role(membership=row, sure=True, by=gerda, now=NOW)


def letters() -> set[tuple[str, str]]:
    return set(Delivery.objects.filter(kind__endswith="_empty").values_list("kind", "user__given_name"))


def test_the_board_hears_that_a_school_has_no_admin_any_more(cast: TestCast, wilg: School) -> None:
    actions.erase(user=cast.frank, now=NOW)
    assert letters() == set(), "Els is there"
    actions.erase(user=cast.els, now=NOW)
    assert letters() == {("school_empty", "Gerda")}
    post.deliver(now=NOW)
    (letter,) = [one for one in mail.outbox if one.to == [cast.gerda.email]]
    assert letter.subject == f"{wilg.name} heeft geen beheerder meer"
    assert reverse("people-kept", args=["de-wilg"]) in str(letter.body)


@pytest.mark.parametrize("nobody", ["left", "asleep"])
def test_without_a_board_its_leader_hears_it(cast: TestCast, wilg: School, nobody: str) -> None:
    if nobody == "left":
        BoardMembership.objects.all().delete()
    else:
        User.objects.filter(board_memberships__board=wilg.board).update(is_active=False)
    for one in (cast.frank, cast.els):
        actions.erase(user=one, now=NOW)
    assert letters() == {("school_empty", "Anna")}
    post.deliver(now=NOW)
    (letter,) = [one for one in mail.outbox if one.to == [cast.anna.email]]
    assert "Vraag je bestuur" in str(letter.body)
    assert reverse("people-kept", args=["de-wilg"]) not in str(letter.body), "it opens nothing for a leader"


def test_schools_hear_that_their_board_has_no_admin_any_more(cast: TestCast, wilg: School) -> None:
    actions.erase(user=cast.gerda, now=NOW)
    assert {("board_empty", "Frank"), ("board_empty", "Els")} <= letters()
    post.deliver(now=NOW)
    assert {one.subject for one in mail.outbox} == {f"{wilg.board} heeft geen beheerder meer"}


def test_whoever_was_found_meanwhile_makes_the_letter_needless(cast: TestCast, wilg: School) -> None:
    for one in (cast.frank, cast.els):
        actions.erase(user=one, now=NOW)
    Membership.objects.create(school=wilg, user=cast.anna, role=Role.ADMIN, from_date=LONG_AGO)
    post.deliver(now=NOW)
    assert Delivery.objects.get(kind="school_empty").reason == "somebody is in office again"


def test_a_school_with_people_and_nobody_over_them_is_named(cast: TestCast, wilg: School) -> None:
    day = NOW.date()
    assert not queries.schools_without_anybody(day).filter(pk=wilg.pk).exists()
    Membership.objects.filter(school=wilg, role=Role.ADMIN).delete()
    assert not queries.schools_without_anybody(day).filter(pk=wilg.pk).exists(), "the board is there"
    BoardMembership.objects.filter(board=wilg.board).delete()
    assert queries.schools_without_anybody(day).filter(pk=wilg.pk).exists()


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_the_same_moment_are_one_after_the_other() -> None:
    with tenancy.acting_for_system("tests"):
        cast = gather()
        school = cast.schools["de-wilg"]
        Membership.objects.filter(school=school, role=Role.ADMIN).exclude(user=cast.frank).delete()
        Membership.objects.create(school=school, user=cast.els, role=Role.ADMIN, from_date=LONG_AGO)
    asked, over = threading.Event(), threading.Event()

    def first() -> None:
        with tenancy.acting_as(cast.frank), transaction.atomic():
            actions.ask_erasure(by=cast.frank, now=NOW)
            asked.set()
            over.wait(0.5)
        connection.close()

    def second() -> bool:
        assert asked.wait(20)
        try:
            with tenancy.acting_as(cast.els):
                actions.ask_erasure(by=cast.els, now=NOW)
        except actions.LastInOfficeError:
            return True
        finally:
            connection.close()
        return False

    with ThreadPoolExecutor(2) as both:
        both.submit(first)
        assert both.submit(second).result(), "the second knows that the first goes"


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one write at a time")
@pytest.mark.django_db(transaction=True)
def test_whoever_becomes_the_last_while_sending_the_form_is_asked_first(as_: Any) -> None:
    with tenancy.acting_for_system("tests"):
        cast = gather()
        school = cast.schools["de-wilg"]
        Membership.objects.filter(school=school, role=Role.ADMIN).exclude(user=cast.frank).delete()
        Membership.objects.create(school=school, user=cast.els, role=Role.ADMIN, from_date=LONG_AGO)
    browser = as_(cast.els)

    def second() -> Any:
        try:
            return browser.post(reverse("account-erase"), {})
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other:
        with tenancy.acting_as(cast.frank), transaction.atomic():
            actions.ask_erasure(by=cast.frank, now=NOW)
            sent = other.submit(second)
            with suppress(TimeoutError):
                sent.result(1)  # it read that Frank stays, and waits for him
        page = sent.result(20)
    assert (page.status_code, 'name="sure"' in page.content.decode()) == (422, True)
    assert User.objects.filter(erase_at__isnull=False).count() == 1
