"""The pages of the debrief: in step on every screen, for who has a seat; the visitor reads along (C6, C14, C15)."""

from __future__ import annotations

from typing import Any

import pytest

from observations import actions as visiting
from observations.actions import debrief as actions
from observations.models import PointAnswer, Visit
from tests import factories
from tests.conftest import TestCast
from tests.observations import steps
from workgroups.models import Agreement, FocusPeriod, Goal
from workgroups.templatetags.qr import qr

pytestmark = pytest.mark.usefixtures("clock")
NOW = factories.NOW
TWO = visiting.Pair("feedback", "Jullie vroegen om hulp.", "openness", "Laat een stilte vallen.")


@pytest.fixture
def visit(cast: TestCast, clock: Any) -> Visit:
    """Bram shared one pair: a strong point on openness, an improvement point on analysing."""
    visit = steps.shared(cast)
    clock(visit.shared_at)
    return visit


@pytest.fixture
def period(cast: TestCast) -> FocusPeriod:
    """The group works on analysing, and has a goal."""
    period = factories.period(cast.reading, cast.aspects["analysing"])
    factories.goal(period)
    return period


def page(visit: Visit, name: str = "debrief/") -> str:
    return f"/s/de-wilg/visits/{visit.pk}/{name}"


def answer(cast: TestCast, visit: Visit, place: int, said: str = "curious") -> None:
    actions.answer_point(visit=visit, place=place, answer=said, by=cast.hat("els"), now=NOW)


def begin(cast: TestCast, visit: Visit) -> None:
    actions.begin_debrief(visit=visit, by=cast.hat("els"), now=NOW)


def test_it_works(cast: TestCast, as_: Any, visit: Visit, period: FocusPeriod) -> None:
    browser = as_(cast.carla)
    assert f'action="{page(visit)}"' in browser.get(page(visit, "")).text
    assert browser.post(page(visit))["Location"] == page(visit)
    told = browser.get(page(visit)).text
    assert steps.PAIR.strong in told
    assert steps.PAIR.improvement not in told
    assert "Paar 1 van 1" in told
    browser.post(page(visit, "debrief/answer/"), {"place": "1", "answer": "recognised"})
    assert "Dat herkennen we" in browser.get(page(visit)).text
    browser.post(page(visit, "debrief/show/"), {"place": "2"})
    browser.post(page(visit, "debrief/answer/"), {"place": "2", "answer": "curious"})
    told = browser.get(page(visit)).text
    assert steps.PAIR.improvement in told
    assert page(visit, "points/2/goal/") in told
    assert browser.post(page(visit, "debrief/end/"))["Location"] == page(visit, "")
    told = browser.get(page(visit, "")).text
    assert "Daar willen we meer over weten" in told
    assert "Jullie hebben erover gepraat" in told


def test_phones_join_by_a_code_to_scan(cast: TestCast, as_: Any, visit: Visit) -> None:
    begin(cast, visit)
    told = as_(cast.carla).get(page(visit)).text
    assert qr(page(visit), "Code om te scannen: doe mee met je telefoon") in told


def test_before_and_after_it_is_the_visit_that_shows(cast: TestCast, as_: Any, visit: Visit) -> None:
    assert as_(cast.carla).get(page(visit))["Location"] == page(visit, "")
    begin(cast, visit)
    actions.end_debrief(visit=visit, by=cast.hat("els"), now=NOW)
    assert as_(cast.carla).get(page(visit))["Location"] == page(visit, "")


def test_a_point_becomes_a_goal_in_the_groups_own_words(
    cast: TestCast, as_: Any, visit: Visit, period: FocusPeriod
) -> None:
    begin(cast, visit)
    answer(cast, visit, 2)
    browser = as_(cast.carla)
    draft = browser.get(page(visit, "points/2/goal/")).text
    assert f">\n{steps.PAIR.improvement}</textarea>" in draft
    assert Goal.objects.count() == 1
    sent = {"text": "Wij weten eerst", "agreements": "We zeggen wat we zagen", "another": ""}
    assert browser.post(page(visit, "points/2/goal/"), sent)["Location"] == page(visit)
    goal = PointAnswer.objects.get().goal
    assert goal is not None
    assert (goal.text, goal.period) == ("Wij weten eerst", period)
    actions.show_point(visit=visit, place=2, by=cast.hat("els"), now=NOW)
    assert "Wij weten eerst" in browser.get(page(visit)).text
    assert page(visit, "points/2/goal/") not in browser.get(page(visit)).text
    told = browser.get(f"/s/de-wilg/groups/{cast.reading.pk}/profile/").text
    assert "daar willen we meer over weten" in told
    assert "Wij weten eerst" in told


def test_a_point_becomes_an_agreement_with_the_goal_of_choice(
    cast: TestCast, as_: Any, visit: Visit, period: FocusPeriod
) -> None:
    answer(cast, visit, 1)
    browser = as_(cast.carla)
    assert 'name="goal"' not in browser.get(page(visit, "points/1/agreement/")).text
    chosen = factories.goal(period, "Een tweede doel", 2)
    assert 'name="goal"' in browser.get(page(visit, "points/1/agreement/")).text
    browser.post(page(visit, "points/1/agreement/"), {"text": "Wij blijven doorvragen", "goal": chosen.pk})
    agreement = PointAnswer.objects.get().agreement
    assert agreement is not None
    assert (agreement.text, agreement.goal) == ("Wij blijven doorvragen", chosen)


def test_what_does_not_fit_comes_back_with_a_sentence(
    cast: TestCast, as_: Any, visit: Visit, period: FocusPeriod
) -> None:
    browser = as_(cast.carla)
    sent = {"text": "Wij weten eerst", "agreements": "We zeggen wat we zagen"}
    unsaid = browser.post(page(visit, "points/2/goal/"), sent)
    assert (unsaid.status_code, "Zeg eerst wat jullie van dit punt vinden." in unsaid.text) == (422, True)
    answer(cast, visit, 2)
    alone = browser.post(page(visit, "points/2/goal/"), {**sent, "agreements": ""})
    assert (alone.status_code, "Wij weten eerst" in alone.text) == (422, True)
    factories.goal(period, "Twee", 2)
    factories.goal(period, "Drie", 3)
    full = browser.post(page(visit, "points/2/goal/"), sent)
    assert (full.status_code, "We zeggen wat we zagen" in full.text) == (422, True)
    assert "Jullie kunnen drie doelen hebben" in full.text
    assert Goal.objects.count() == 3


def test_the_plan_says_what_it_has_no_room_for(cast: TestCast, as_: Any, visit: Visit) -> None:
    answer(cast, visit, 1)
    answer(cast, visit, 2)
    begin(cast, visit)
    browser, goal, agreed = as_(cast.carla), page(visit, "points/2/goal/"), page(visit, "points/2/agreement/")
    assert "Als jullie een kaart hebben gekozen" in browser.get(page(visit)).text
    for address in (goal, agreed):
        assert "Kies eerst jullie kaart" in browser.get(address).text
        assert browser.post(address, {"text": "Toch"}).status_code == 422
    period = factories.period(cast.reading, cast.aspects["analysing"])
    assert "Stel eerst een doel" in browser.get(agreed).text
    assert "Dit gaat over een andere kaart" in browser.get(page(visit, "points/1/goal/")).text
    goals = [factories.goal(period, f"Doel {number}", number) for number in (1, 2, 3)]
    assert "Jullie hebben drie doelen" in browser.get(goal).text
    for slot in range(1, 6):
        factories.agreement(goals[0], f"Afspraak {slot}", slot)
    assert "Jullie hebben vijf afspraken" in browser.get(agreed).text
    assert "Jullie hebben vijf afspraken" in browser.get(page(visit)).text
    assert Agreement.objects.count() == 5


def test_a_long_point_is_a_draft_as_far_as_it_fits(cast: TestCast, as_: Any, period: FocusPeriod, clock: Any) -> None:
    long = "Vraag eerst wat jullie zagen. " * 13
    pair = visiting.Pair("openness", "Jullie vroegen door.", "analysing", long.strip())
    visit = steps.shared(cast, pairs=[pair])
    clock(visit.shared_at)
    answer(cast, visit, 2)
    told = as_(cast.carla).get(page(visit, "points/2/goal/")).text
    draft = told.split("</textarea>")[0].rsplit(">\n", 1)[1]
    assert len(draft) <= 300
    assert draft.endswith(" …")
    assert pair.improvement in told
    assert "dus alleen het begin staat er" in told


def test_the_visitor_reads_along_and_nothing_more(cast: TestCast, as_: Any, visit: Visit) -> None:
    begin(cast, visit)
    browser = as_(cast.bram)
    assert page(visit) in browser.get(page(visit, "")).text
    told = browser.get(page(visit)).text
    assert steps.PAIR.strong in told
    assert "<form" not in told.split("<main")[1].split("</main>")[0]
    sent = {"place": "1", "answer": "recognised", "text": "Voor jullie", "agreements": "Voor jullie"}
    for deed in ("debrief/", "debrief/show/", "debrief/answer/", "debrief/end/", "points/1/goal/"):
        assert browser.post(page(visit, deed), sent).status_code == 403
    assert not PointAnswer.objects.exists()


def test_the_visitor_reads_along_for_30_days(cast: TestCast, as_: Any, visit: Visit, clock: Any) -> None:
    begin(cast, visit)
    clock(steps.after(visit.meeting, days=32))
    assert as_(cast.bram).get(page(visit)).status_code == 404
    assert as_(cast.carla).get(page(visit)).status_code == 200


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "daan", "gerda", "hugo", "irma"])
def test_others_see_nothing(cast: TestCast, as_: Any, visit: Visit, who: str) -> None:
    begin(cast, visit)
    browser = as_(cast.people[who])
    for name in ("debrief/", "debrief/state/", "points/1/goal/", "points/1/agreement/"):
        assert browser.get(page(visit, name)).status_code == 404
    for name in ("debrief/", "debrief/show/", "debrief/answer/", "debrief/end/"):
        assert browser.post(page(visit, name), {"place": "1", "answer": "curious"}).status_code == 404


def test_the_leader_hears_nothing_of_what_the_group_said(
    cast: TestCast, as_: Any, visit: Visit, period: FocusPeriod, api: Any
) -> None:
    answer(cast, visit, 2, "surprised")
    given: dict[str, Any] = {
        "place": 2,
        "period": period,
        "text": "Doel van ons",
        "agreements": ["Van ons"],
        "visit": visit,
    }
    actions.take_as_goal(**given, by=cast.hat("els"), now=NOW)
    visiting.decide_sharing(group=cast.reading, shares=True, by=cast.hat("els"), now=NOW)
    profile = f"groups/{cast.reading.pk}/profile/"
    told = as_(cast.anna).get(f"/s/de-wilg/{profile}").text
    assert steps.PAIR.improvement in told
    for words in (told, as_(cast.carla).get(f"/s/de-wilg/{profile}?as=leader").text):
        assert "verrast ons" not in words
        assert "Doel van ons" not in words
    in_the_api = str(api(cast.anna).get(f"schools/de-wilg/{profile}").body)
    assert steps.PAIR.improvement in in_the_api
    assert "surprised" not in in_the_api


def test_odd_numbers_and_answers_do_nothing(cast: TestCast, as_: Any, visit: Visit) -> None:
    begin(cast, visit)
    browser = as_(cast.carla)
    for sent in ({"place": "9", "answer": "curious"}, {"place": "x"}, {}, {"place": "1", "answer": "prachtig"}):
        assert browser.post(page(visit, "debrief/answer/"), sent)["Location"] == page(visit)
        assert browser.post(page(visit, "debrief/show/"), {**sent, "place": sent.get("place", "")}).status_code == 302
    assert browser.get(page(visit, "points/3/goal/")).status_code == 404
    assert not PointAnswer.objects.exists()


def test_the_mark_changes_with_what_shows(cast: TestCast, as_: Any, visit: Visit) -> None:
    browser = as_(cast.carla)
    state = page(visit, "debrief/state/")
    assert browser.get(state).json() == {"mark": "not-begun"}
    begin(cast, visit)
    first = browser.get(state)
    assert browser.get(state, headers={"If-None-Match": first["ETag"]}).status_code == 304
    answer(cast, visit, 1)
    assert browser.get(state).json() != first.json()
    assert f'data-follow-mark="{browser.get(state).json()["mark"]}"' in browser.get(page(visit)).text


@pytest.mark.parametrize("pairs", [1, 3])
def test_the_number_of_queries_does_not_grow(
    cast: TestCast, as_: Any, clock: Any, django_assert_num_queries: Any, pairs: int, period: FocusPeriod
) -> None:
    visit = steps.shared(cast, pairs=[TWO] * pairs)
    clock(visit.shared_at)
    begin(cast, visit)
    for place in range(1, 2 * pairs + 1):
        answer(cast, visit, place)
    browser = as_(cast.carla)
    browser.get(page(visit))
    with django_assert_num_queries(14):  # the hat takes eight
        browser.get(page(visit))
    with django_assert_num_queries(8):
        browser.get(page(visit, "debrief/state/"))
    with django_assert_num_queries(14):
        browser.get(page(visit, "points/1/agreement/"))
    actions.end_debrief(visit=visit, by=cast.hat("els"), now=NOW)
    with django_assert_num_queries(15):
        browser.get(page(visit, ""))


def test_home_offers_it_until_the_group_talked_about_it(cast: TestCast, as_: Any, visit: Visit) -> None:
    words = "Bekijk jullie terugkoppeling samen"
    browser = as_(cast.carla)
    assert words in browser.get("/s/de-wilg/").text
    begin(cast, visit)
    actions.end_debrief(visit=visit, by=cast.hat("els"), now=NOW)
    assert words not in browser.get("/s/de-wilg/").text
