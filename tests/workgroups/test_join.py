"""Joining by a short code: it says which group is meant, and opens nothing."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.conf import settings
from django.template import Context, Template
from django.urls import reverse
from hypothesis import given, strategies

from schools.models import Membership, School
from tests.conftest import TestCast
from tests.factories import TODAY
from tests.workgroups.scene import Scene, at, tells_nothing
from workgroups import codes
from workgroups.models import Meeting, Seat

JOIN = "/join/"
TAGS = (
    "{% load qr %}{% join_url group as href %}{% qr href 'Hoi <jij>' %}|{{ href }}|"
    "{% join_code group %}|{% join_place %}"
)


@given(strategies.integers(min_value=0, max_value=2**40))
def test_a_code_leads_back_to_its_number(number: int) -> None:
    code = codes.code_of(number)
    assert codes.group_id_of(code) == number
    assert codes.group_id_of(f" {code.lower().replace('-', ' ')} ") == number


@given(strategies.integers(min_value=0, max_value=2**40), strategies.data())
def test_one_wrong_sign_is_noticed(number: int, data: strategies.DataObject) -> None:
    code = codes.code_of(number).replace("-", "")
    place = data.draw(strategies.integers(min_value=0, max_value=len(code) - 1))
    wrong = data.draw(strategies.sampled_from(codes.SIGNS.replace(code[place], "")))
    assert codes.group_id_of(code[:place] + wrong + code[place + 1 :]) is None


def test_most_signs_in_the_wrong_order_are_noticed() -> None:
    swapped = [
        (number, code[:place] + code[place + 1] + code[place] + code[place + 2 :])
        for number in range(1, 3000)
        for code in [codes.code_of(number).replace("-", "")]
        for place in range(len(code) - 1)
        if code[place] != code[place + 1]
    ]
    missed = [number for number, code in swapped if codes.group_id_of(code) is not None]
    assert len(missed) < len(swapped) * 0.05


@pytest.mark.parametrize("code", ["", "-", "0", "00", "U1-23", "é1-23", "９9-99", "1" * 13, "01-2!"])
def test_what_is_no_code_is_none(code: str) -> None:
    assert codes.group_id_of(code) is None


def test_letters_that_look_like_figures_are_read_as_figures() -> None:
    code = codes.code_of(1)
    assert codes.group_id_of(code.replace("0", "O").replace("1", "l")) == 1


@pytest.mark.parametrize("typed", ["{}", "  {} ", "lower"])
def test_a_member_joins_where_the_group_is(place: Scene, as_: Any, typed: str) -> None:
    code = codes.code_of(place.group.pk)
    sent = code.lower() if typed == "lower" else typed.format(code)
    browser = as_(place.cast.carla)
    assert browser.post(JOIN, {"code": sent})["Location"] == at("now", place.group.pk)
    assert browser.get(reverse("join-code", args=[code]))["Location"] == at("now", place.group.pk)
    assert browser.get(at("now", place.group.pk))["Location"] == at("meeting", place.now.pk)
    Meeting.objects.filter(pk=place.now.pk).update(state="held")
    assert browser.get(at("now", place.group.pk))["Location"] == at("group", place.group.pk)


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "daan", "irma", "gerda", "hugo", "bram"])
def test_it_needs_a_seat(place: Scene, as_: Any, who: str) -> None:
    """Somebody else's code, one that nobody has and one with a wrong sign: the same answer, word for word."""
    place.invite(place.cast.bram)
    browser = as_(getattr(place.cast, who))
    real, unknown = codes.code_of(place.group.pk), codes.code_of(987_654)
    wrong = real[:-1] + ("0" if real[-1] != "0" else "1")
    texts: dict[int, set[str]] = {404: set(), 422: set()}
    for code in (real, unknown, wrong):
        for answer in (browser.get(reverse("join-code", args=[code])), browser.post(JOIN, {"code": code})):
            texts[answer.status_code].add(_plain(answer.content.decode().replace(code, "")))
    assert [len(found) for found in texts.values()] == [1, 1]
    assert all(tells_nothing(text) for found in texts.values() for text in found)
    assert browser.get(at("now", place.group.pk)).status_code == 404


def _plain(text: str) -> str:
    return re.sub(r"<input[^>]*csrf[^>]*>", "", text)


@pytest.mark.parametrize("code", ["", "x", "\x00", "9" * 12, "Z" * 12, "é"])
def test_odd_codes_are_refused_with_a_sentence(place: Scene, as_: Any, code: str) -> None:
    answer = as_(place.cast.carla).post(JOIN, {"code": code})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["code"])
    if code.strip():
        assert as_(place.cast.carla).get(f"/join/{code}/").status_code == 404


def test_a_visitor_signs_in_first(place: Scene, client: Any) -> None:
    answer = client.get(reverse("join-code", args=[codes.code_of(place.group.pk)]))
    assert answer["Location"].startswith("/account/login/?next=/join/")


def test_a_seat_that_ended_opens_nothing(place: Scene, as_: Any) -> None:
    Seat.objects.filter(user=place.cast.carla).update(until_date=TODAY - dt.timedelta(days=1))
    assert as_(place.cast.carla).post(JOIN, {"code": codes.code_of(place.group.pk)}).status_code == 422


def test_who_left_the_school_left_the_group(place: Scene, as_: Any) -> None:
    Membership.objects.filter(user=place.cast.carla).update(until_date=TODAY - dt.timedelta(days=1))
    assert as_(place.cast.carla).post(JOIN, {"code": codes.code_of(place.group.pk)}).status_code == 422


def test_a_closed_school_opens_nothing(place: Scene, as_: Any) -> None:
    School.objects.filter(pk=place.group.school_id).update(closed_on=TODAY)
    assert as_(place.cast.carla).post(JOIN, {"code": codes.code_of(place.group.pk)}).status_code == 422


def test_joining_asks_little(place: Scene, as_: Any, django_assert_num_queries: Any) -> None:
    browser = as_(place.cast.carla)
    browser.get(JOIN)
    with django_assert_num_queries(7):
        browser.get(reverse("join-code", args=[codes.code_of(place.group.pk)]))


def test_the_code_to_scan_leads_to_the_group(cast: TestCast) -> None:
    drawn, href, code, where = Template(TAGS).render(Context({"group": cast.reading})).split("|")
    assert (href, code) == (f"/join/{code}/", codes.code_of(cast.reading.pk))
    assert where == settings.PUBLIC_URL.split("://")[1] + "/join"
    assert drawn.startswith('<svg role="img" aria-label="Hoi &lt;jij&gt;"')
    assert 'class="qr"' in drawn
    assert "style=" not in drawn
    side = int(re.search(r'viewBox="0 0 (\d+)', drawn)[1])  # type: ignore[index]
    assert f'fill="#fff" d="M0 0h{side}v{side}h-{side}z"' in drawn  # light paper, quiet zone and all
    assert 'stroke="#000" d="M4 4.5' in drawn
