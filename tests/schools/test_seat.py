"""The first people of a school, a board and the site, from the command line."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from schools import actions, refusals
from schools.models import Board, BoardMembership, Membership, OperatorGrant, School, User
from schools.roles import Role
from tests.conftest import TestCast
from tests.factories import NOW

NOOR: dict[str, Any] = {"email": "Noor@dewilg.example", "name": "Noor van der Berg"}


@pytest.mark.parametrize(
    ("full", "parts"),
    [
        ("Bram van der Meer", ("Bram", "van der", "Meer")),
        ("Carla de Boer", ("Carla", "de", "Boer")),
        ("Anna Visser", ("Anna", "", "Visser")),
        ("Anne Marie Smit", ("Anne", "", "Marie Smit")),
        ("Anne Marie van 't Hof", ("Anne Marie", "van 't", "Hof")),
        ("Loïs in 't Veld-de Wit", ("Loïs", "in 't", "Veld-de Wit")),
        ("Yağmur", ("Yağmur", "", "")),
        ("noor", ("noor", "", "")),
    ],
)
def test_a_name_falls_into_its_parts(full: str, parts: tuple[str, str, str]) -> None:
    assert tuple(actions.split_name(full).values()) == parts


def test_it_works(cast: TestCast) -> None:
    seated = actions.seat_at_school(**NOOR, place="de-wilg", role=Role.TEACHER, now=NOW)
    assert seated is actions.Seated.NEW_ACCOUNT
    noor = User.objects.get(email="noor@dewilg.example")
    assert (noor.name, noor.has_usable_password()) == ("Noor van der Berg", False)
    membership = Membership.objects.get(user=noor)
    assert (membership.school, membership.role, membership.from_date) == (
        cast.schools["de-wilg"], "teacher", NOW.date(),
    )  # fmt: skip


def test_seating_somebody_twice_changes_nothing(cast: TestCast) -> None:
    for expected in (actions.Seated.NEW_ROLE, actions.Seated.ALREADY):
        seated = actions.seat_at_school(
            email="carla@dewilg.example", place="de-wilg", role=Role.COACH, name="Anders", now=NOW
        )
        assert seated is expected
    cast.carla.refresh_from_db()
    assert cast.carla.given_name == "Carla"
    assert Membership.objects.filter(user=cast.carla).count() == 2


def test_a_school_goes_by_its_location_code_too(cast: TestCast) -> None:
    School.objects.filter(slug="de-eik").update(location_code="01AA00")
    actions.seat_at_school(
        email="anna@dewilg.example", place="01aa00", role=Role.LEADER, since=dt.date(2027, 1, 1), now=NOW
    )
    membership = Membership.objects.get(user=cast.anna, school__slug="de-eik")
    assert (membership.role, membership.from_date) == ("leader", dt.date(2027, 1, 1))


def test_a_board_and_the_site_have_their_people(cast: TestCast) -> None:
    assert actions.seat_at_board(**NOOR, number=90002, now=NOW) is actions.Seated.NEW_ACCOUNT
    assert actions.seat_at_site(**NOOR, now=NOW) is actions.Seated.NEW_ROLE
    noor = User.objects.get(email="noor@dewilg.example")
    assert BoardMembership.objects.get(user=noor).board.number == 90002
    assert OperatorGrant.objects.filter(user=noor).exists()
    assert not Membership.objects.filter(user=noor).exists()


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"place": "nergens"}, actions.NoSuchPlaceError),
        ({"place": ""}, actions.NoSuchPlaceError),
        ({"email": "noor"}, actions.NotAnAddressError),
        ({"email": "noor@"}, actions.NotAnAddressError),
        ({"email": f"noor@{'dewilg.' * 40}example"}, actions.NotAnAddressError),
        ({"name": ""}, actions.NameNeededError),
        ({"name": "x" * 61}, actions.NameNeededError),
        ({"email": "weg@dewilg.example"}, actions.AccountEndedError),
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_nothing(
    cast: TestCast, values: dict[str, Any], refusal: type[refusals.Refused]
) -> None:
    User.objects.create_user("weg@dewilg.example", given_name="Weg", is_active=False)
    before = User.objects.count()
    with pytest.raises(refusal):
        actions.seat_at_school(**{**NOOR, "place": "de-wilg", "role": Role.TEACHER, "now": NOW, **values})
    assert User.objects.count() == before


def test_a_closed_school_takes_nobody(cast: TestCast) -> None:
    School.objects.filter(slug="de-wilg").update(closed_on=NOW.date())
    with pytest.raises(actions.NoSuchPlaceError):
        actions.seat_at_school(**NOOR, place="de-wilg", role=Role.TEACHER, now=NOW)


def test_the_command_says_how_somebody_new_gets_in(cast: TestCast, capsys: Any, settings: Any) -> None:
    settings.PUBLIC_URL = "https://samenspraak.example"
    arguments = ["noor@dewilg.example", "de-wilg", "leader", "--name", "Noor Bos", "--from", "2026-08-01"]
    call_command("seat", *arguments)
    call_command("seat", *arguments)
    assert capsys.readouterr().out.splitlines() == [
        "noor@dewilg.example is leader at de-wilg now.",
        "The account is new and has no password: choose one at https://samenspraak.example/account/password/reset/",
        "noor@dewilg.example is leader at de-wilg already.",
    ]
    assert Membership.objects.get(user__email="noor@dewilg.example").from_date == dt.date(2026, 8, 1)


def test_the_command_seats_at_a_board_and_at_the_site(cast: TestCast) -> None:
    call_command("seat", "anna@dewilg.example", "90001", "board-admin")
    call_command("seat", "anna@dewilg.example", "site", "operator")
    assert BoardMembership.objects.filter(user=cast.anna).exists()
    assert OperatorGrant.objects.filter(user=cast.anna).exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["a@b.example", "de-wilg", "king"], "invalid choice: 'king'"),
        (["a@b.example", "de-wilg", "teacher", "--from", "morgen"], "'morgen' is no day; write it like 2026-08-01."),
        (["a@b.example", "de-wilg", "board-admin"], "needs the number of a board as the place, not 'de-wilg'."),
        (["a@b.example", "9" * 30, "board-admin"], "needs the number of a board as the place"),
        (["a@b.example", "4242424242", "board-admin"], "There is no such school or board."),
        (["a@b.example", "de-wilg", "operator"], "write site as the place"),
        (["a@b.example", "nergens", "teacher"], "There is no such school or board."),
        (["a@b.example", "de-wilg", "teacher"], "Nobody has this e-mail address yet"),
    ],
)
def test_the_command_refuses_with_one_sentence(cast: TestCast, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("seat", *arguments)


def test_a_board_is_made_and_named(db: None, capsys: Any) -> None:
    for name in ((), ("--name", " Stichting  De Waterkant "), ()):
        call_command("create_board", "41385", *name)
    assert Board.objects.get(number=41385).name == "Stichting De Waterkant"
    assert capsys.readouterr().out.splitlines() == [
        "Board 41385 is new.",
        "Board 41385 has its name.",
        "Board 41385 existed already.",
    ]


@pytest.mark.parametrize("arguments", [["0"], ["2147483648"], ["x"], ["1", "--name", "x" * 121]])
def test_a_board_that_cannot_be_is_refused(db: None, arguments: list[str]) -> None:
    with pytest.raises(CommandError):
        call_command("create_board", *arguments)
    assert not Board.objects.exists()
