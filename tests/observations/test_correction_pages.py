"""Setting something right: the visitor's page, and where the group, its guest and nobody else read it (C12, C13)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from observations import actions
from observations.actions import debrief
from observations.models import Correction, Visit
from schools.models import User
from tests import factories
from tests.calls import Caller
from tests.conftest import TestCast
from tests.observations import steps

pytestmark = pytest.mark.usefixtures("clock")
WORDS = "Jullie vroegen niet tien, maar vijf keer door."
HOME = "/s/de-wilg/"


@pytest.fixture
def visit(cast: TestCast, clock: Callable[[dt.datetime], Any]) -> Visit:
    """Bram shared one pair."""
    visit = steps.shared(cast)
    assert visit.shared_at
    clock(visit.shared_at)
    return visit


def page(visit: Visit, name: str = "correction/") -> str:
    return f"{HOME}visits/{visit.pk}/{name}"


def add(cast: TestCast, visit: Visit, text: str = WORDS) -> None:
    assert visit.shared_at
    actions.add_correction(visit=visit, text=text, by=cast.hat("bram"), now=visit.shared_at)


def test_it_works(cast: TestCast, as_: Any, visit: Visit) -> None:
    bram = as_(cast.bram)
    assert page(visit) in bram.get(page(visit, "")).text
    shown = bram.get(page(visit)).text
    assert "data-draft" in shown
    assert "Je kunt dit nog 3 keer doen" in shown
    answer = bram.post(page(visit), {"text": WORDS})
    assert (answer.status_code, answer["Location"]) == (302, page(visit, ""))
    for who in ("bram", "carla", "els"):
        told = as_(cast.people[who]).get(page(visit, "")).text
        assert "Rechtgezet op dinsdag 1 december" in told
        assert WORDS in told
        assert steps.PAIR.strong in told
        assert (page(visit) in told) is (who == "bram")


def test_a_name_is_a_question_and_the_words_stay(cast: TestCast, as_: Any, visit: Visit) -> None:
    text, bram = "Niet Carla vroeg door, en Carla zei dat.", as_(cast.bram)
    asked = bram.post(page(visit), {"text": text})
    assert (asked.status_code, text in asked.text) == (422, True)
    assert asked.text.count("“Carla” is hier geen persoon") == 2  # the tick, and the summary above
    assert not Correction.objects.exists()
    ticks = {name: "on" for name in asked.context["form"].fields if name.startswith("name-")}
    assert len(ticks) == 1
    other = bram.post(page(visit), {"text": "Niet Els, maar Carla.", **ticks})
    assert other.status_code == 422
    assert bram.post(page(visit), {"text": text, **ticks}).status_code == 302
    assert Correction.objects.get().text == text


@pytest.mark.parametrize(
    ("text", "sentence"), [("  ", "Schrijf op wat je wilt rechtzetten."), ("x" * 401, "400"), ("a\x00b", "")]
)
def test_what_does_not_fit_comes_back(cast: TestCast, as_: Any, visit: Visit, text: str, sentence: str) -> None:
    answer = as_(cast.bram).post(page(visit), {"text": text})
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert not Correction.objects.exists()


def test_after_three_there_is_no_way_to_a_fourth(cast: TestCast, as_: Any, visit: Visit) -> None:
    for text in ("Een.", "Twee."):
        add(cast, visit, text)
    bram = as_(cast.bram)
    assert "Dit is de laatste keer voor dit bezoek" in bram.get(page(visit)).text
    add(cast, visit, "Drie.")
    assert page(visit) not in bram.get(page(visit, "")).text
    assert bram.get(page(visit))["Location"] == page(visit, "")
    answer = bram.post(page(visit), {"text": "Vier."})
    assert (answer.status_code, "al drie keer iets rechtgezet" in answer.text) == (422, True)


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_nothing_changes_or_removes_it(cast: TestCast, as_: Any, visit: Visit, method: str) -> None:
    add(cast, visit)
    assert getattr(as_(cast.bram), method)(page(visit)).status_code == 405
    assert Correction.objects.get().text == WORDS


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "daan", "gerda", "hugo", "irma"])
def test_others_see_nothing(cast: TestCast, as_: Any, visit: Visit, who: str) -> None:
    add(cast, visit)
    browser = as_(cast.people[who])
    assert browser.get(page(visit)).status_code == browser.post(page(visit), {"text": "Nee."}).status_code == 404
    for address in (
        HOME,
        page(visit, ""),
        f"{HOME}groups/{cast.reading.pk}/",
        f"{HOME}groups/{cast.reading.pk}/profile/",
    ):
        assert WORDS not in browser.get(address).text
    assert Correction.objects.count() == 1


def test_the_leader_reads_it_where_the_group_shares_its_points(
    cast: TestCast, as_: Any, api: type[Caller], visit: Visit
) -> None:
    add(cast, visit)
    address = f"{HOME}groups/{cast.reading.pk}/profile/"
    actions.decide_sharing(group=cast.reading, shares=True, by=cast.hat("els"), now=factories.NOW)
    told = as_(cast.anna).get(address).text
    assert steps.PAIR.strong in told
    assert "Rechtgezet op 1 december, over 1 december" in told
    assert WORDS in told
    assert as_(cast.anna).get(page(visit, "")).status_code == 404
    actions.decide_sharing(group=cast.reading, shares=False, by=cast.hat("carla"), now=factories.NOW)
    assert as_(cast.anna).get(address).status_code == 404


def test_the_profile_and_the_api_tell_it_beside_the_points(
    cast: TestCast, as_: Any, api: type[Caller], visit: Visit
) -> None:
    add(cast, visit)
    assert WORDS in as_(cast.carla).get(f"{HOME}groups/{cast.reading.pk}/profile/").text
    told = api(cast.carla).get(f"schools/de-wilg/groups/{cast.reading.pk}/profile/")
    assert told.body["visits"] == [
        {"day": "2026-12-01", "minutes": 20, "corrections": [{"added_on": "2026-12-01", "text": WORDS}]}
    ]
    for who in ("joris", "frank", "anna", "daan"):
        assert api(cast.people[who]).get(f"schools/de-wilg/groups/{cast.reading.pk}/profile/").status == 404


def test_it_stands_on_the_big_screen_too(cast: TestCast, as_: Any, visit: Visit) -> None:
    debrief.begin_debrief(visit=visit, by=cast.hat("els"), now=factories.NOW)
    add(cast, visit)
    for who in ("carla", "bram"):
        assert f"Rechtgezet op dinsdag 1 december: “{WORDS}”" in as_(cast.people[who]).get(page(visit, "debrief/")).text


def test_home_says_so_also_after_the_talk(cast: TestCast, as_: Any, clock: Any, visit: Visit) -> None:
    els: dict[str, Any] = {"visit": visit, "by": cast.hat("els"), "now": factories.NOW}
    browser = as_(cast.carla)
    told = "heeft iets rechtgezet op"
    assert told not in browser.get(HOME).text
    debrief.begin_debrief(**els)
    debrief.end_debrief(**els)
    assert page(visit, "") not in browser.get(HOME).text
    assert visit.shared_at
    later = visit.shared_at + dt.timedelta(days=20)
    actions.add_correction(visit=visit, text=WORDS, by=cast.hat("bram"), now=later)
    clock(later)
    shown = browser.get(HOME).text
    assert told in shown
    assert page(visit, "") in shown
    assert WORDS not in shown
    clock(later + dt.timedelta(days=14))
    assert told not in browser.get(HOME).text


@pytest.mark.parametrize("corrections", [1, 2])
def test_the_number_of_queries_does_not_grow(
    cast: TestCast, as_: Any, visit: Visit, django_assert_num_queries: Any, corrections: int
) -> None:
    for number in range(corrections):
        add(cast, visit, f"Nummer {number}.")
    bram = as_(cast.bram)
    with django_assert_num_queries(11):  # the hat takes eight
        bram.get(page(visit))
    carla = as_(cast.carla)
    with django_assert_num_queries(12):
        carla.get(page(visit, ""))


def test_it_reads_well_in_english(cast: TestCast, as_: Any, visit: Visit) -> None:
    add(cast, visit)
    User.objects.filter(pk=cast.bram.pk).update(language="en")
    bram = as_(cast.bram)
    assert "You can do this 2 times." in bram.get(page(visit)).text
    assert "Set right on Tuesday 1 December" in bram.get(page(visit, "")).text
