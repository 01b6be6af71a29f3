"""The pages of the guided start: on phones and on the big screen, by the same address."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from tests import factories
from tests.factories import NOW, TODAY
from tests.workgroups.scene import Scene, at, reads, tells_nothing
from workgroups.models import Agreement, FocusPeriod, Goal, GuidedStart

STEPS = ("read", "why", "scan", "goals", "agreements")
SECRET = "Eerst een vraag aan de snelle praters"


@pytest.fixture
def period(place: Scene) -> FocusPeriod:
    """Another card, just chosen: no goals yet, three agreements live on."""
    FocusPeriod.objects.filter(pk=place.period.pk).update(state="closed", closed_on=TODAY)
    Goal.objects.update(state="reached", ended_on=TODAY)
    return factories.period(place.group, place.cast.aspects["feedback"])


def fresh(period: FocusPeriod) -> GuidedStart:
    """The start as it stands."""
    return GuidedStart.objects.get(period=period)


def test_a_group_walks_through_it(place: Scene, as_: Any, period: FocusPeriod) -> None:
    browser, address = as_(place.cast.carla), at("start", period.pk)
    assert at("goal-new", period.pk) in reads(browser.get(address))  # the plain way stays
    assert browser.post(address)["Location"] == address
    assert "feedback 1" in reads(browser.get(address))
    assert browser.post(at("start-step", period.pk), {"step": "next", "at": "read"})["Location"] == address
    sent = {"why": "Omdat het schuurt", "version": 1}
    assert browser.post(at("start-why", period.pk), sent)["Location"] == address
    browser.post(at("start-step", period.pk), {"step": "next", "at": "scan"})
    assert browser.post(at("start-goals", period.pk), {"text": "Wij horen wie zwijgt"})["Location"] == address
    assert "Wij horen wie zwijgt" in reads(browser.get(address))
    browser.post(at("start-goals", period.pk), {"text": "", "then": "next"})
    (goal,) = fresh(period).drafts
    tip = period.aspect.tips.get()
    text = reads(
        browser.post(at("start-agreements", period.pk), {"use": tip.key, "text": "Getypt", "goal": goal["id"]})
    )
    assert "Getypt" in text  # beside the tip
    assert f'value="{tip.key}"' in text
    agreed = {"text": "Een rondje", "goal": goal["id"], "tip": tip.key, "then": "finish"}
    assert browser.post(at("start-agreements", period.pk), agreed)["Location"] == address  # words first
    assert not Goal.objects.filter(period=period).exists()
    finish = browser.post(at("start-agreements", period.pk), {"text": "", "goal": goal["id"], "then": "finish"})
    assert finish["Location"] == at("group", place.group.pk)
    made = Goal.objects.get(period=period)
    assert (made.text, made.agreements.get().text, made.agreements.get().tip) == (
        "Wij horen wie zwijgt",
        "Een rondje",
        tip,
    )
    assert browser.get(address)["Location"] == at("group", place.group.pk)
    assert browser.get(at("now", place.group.pk))["Location"] == at("meeting", place.now.pk)
    Goal.objects.update(state="reached", ended_on=TODAY)
    assert browser.get(address)["Location"] == at("goal-new", period.pk)


@pytest.mark.parametrize("step", STEPS)
def test_each_step_shows_on_a_phone_and_on_the_wall(place: Scene, as_: Any, period: FocusPeriod, step: str) -> None:
    factories.start(period, step, SECRET)
    browser, address = as_(place.cast.carla), at("start", period.pk)
    phone, wall = reads(browser.get(address)), reads(browser.get(f"{address}?screen=1"))
    assert 'class="qr"' in wall
    assert 'class="qr"' not in phone
    assert wall.count('aria-current="step"') == 1
    assert "masthead" not in wall
    for text in (phone, wall):
        assert f'data-follow-page="{step}"' in text
    forms = [line for line in wall.split("<form")[1:] if "start/" in line.split(">")[0]]
    assert forms
    assert all("?screen=1" in line.split(">")[0] or "start/finish/" in line for line in forms)


def test_the_wall_stays_the_wall(place: Scene, as_: Any, period: FocusPeriod) -> None:
    browser = as_(place.cast.carla)
    wall = at("start", period.pk) + "?screen=1"
    assert 'class="qr"' in reads(browser.get(wall))
    assert browser.post(wall)["Location"] == wall
    assert browser.post(at("start-step", period.pk) + "?screen=1", {"step": "next", "at": "read"})["Location"] == wall
    assert "feedback 1" not in reads(browser.get(wall))
    browser.post(at("start-step", period.pk), {"step": "back", "at": "why"})
    assert "feedback 1" not in reads(browser.get(wall))  # the front
    assert "feedback 1" in reads(browser.get(f"{wall}&side=rear"))


def test_it_pauses_here_and_goes_on_there(place: Scene, as_: Any, period: FocusPeriod) -> None:
    factories.start(period, "goals", SECRET)
    address = at("start", period.pk)
    with time_machine.travel(NOW + dt.timedelta(minutes=7), tick=False):
        assert as_(place.cast.carla).post(at("start-pause", period.pk))["Location"] == address
    text = reads(as_(place.cast.els).get(address))
    assert 'data-follow-page="paused"' in text
    assert SECRET not in text
    answer = as_(place.cast.els).post(at("start-step", period.pk), {"step": "next", "at": "goals"}, follow=True)
    assert 'data-follow-page="paused"' in reads(answer)
    assert as_(place.cast.els).get(at("now", place.group.pk))["Location"] == address
    as_(place.cast.els).post(at("start-resume", period.pk))
    text = reads(as_(place.cast.carla).get(address))
    assert SECRET in text
    assert f'value="{7 * 60}"' in text


def test_whoever_is_second_is_told_and_stays_with_the_group(place: Scene, as_: Any, period: FocusPeriod) -> None:
    factories.start(period, "read")
    for _ in range(2):
        answer = as_(place.cast.carla).post(at("start-step", period.pk), {"step": "next", "at": "read"}, follow=True)
    assert 'data-follow-page="why"' in reads(answer)
    assert [str(one) for one in answer.context["messages"]]
    assert fresh(period).step == "why"


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("start-goals", {"text": ""}),
        ("start-goals", {"text": "x" * 301}),
        ("start-goals", {"text": "", "then": "sideways"}),
        ("start-agreements", {"text": "", "goal": "101"}),
        ("start-agreements", {"text": "Woorden", "goal": ""}),
        ("start-agreements", {"text": "Woorden", "goal": "987"}),
        ("start-agreements", {"text": "", "goal": "", "then": "finish"}),
        ("start-why", {"why": "x" * 301, "version": "1"}),
        ("start-line", {"text": "", "version": "1"}),
    ],
)
def test_bad_input_keeps_what_was_typed(
    place: Scene, as_: Any, period: FocusPeriod, name: str, sent: dict[str, str]
) -> None:
    factories.start(period, "goals", "een", "twee")
    ids = [period.pk, 101] if name == "start-line" else [period.pk]
    answer = as_(place.cast.carla).post(at(name, *ids), sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert sent.get("text", "") in answer.content.decode()
    assert fresh(period).version == 1


def test_a_conflict_keeps_both_texts(place: Scene, as_: Any, period: FocusPeriod) -> None:
    factories.start(period, "goals", "een")
    browser = as_(place.cast.carla)
    assert "een" in reads(browser.get(at("start-line", period.pk, 101)))
    for text, status in (("Van Els", 302), ("Van Carla", 409)):
        answer = browser.post(at("start-line", period.pk, 101), {"text": text, "version": 1})
        assert answer.status_code == status
    assert all(text in answer.content.decode() for text in ("Van Els", "Van Carla"))
    browser.post(at("start-why", period.pk), {"why": "Van Els", "version": 1})
    answer = browser.post(at("start-why", period.pk), {"why": "Van Carla", "version": 1})
    assert answer.status_code == 409
    assert all(text in answer.content.decode() for text in ("Van Els", "Van Carla"))


def test_a_line_taken_away_leads_back_to_the_list(place: Scene, as_: Any, period: FocusPeriod) -> None:
    factories.start(period, "goals", "een")
    browser, line = as_(place.cast.carla), [period.pk, 101]
    assert browser.post(at("start-line-away", *line))["Location"] == at("start", period.pk)
    assert browser.get(at("start-line", *line))["Location"] == at("start", period.pk)
    answer = browser.post(at("start-line", *line), {"text": "Nog getypt", "version": 1})
    assert answer.status_code == 422
    assert "Nog getypt" in answer.content.decode()


@pytest.mark.parametrize("name", ["start-why", "start-goals", "start-agreements"])
def test_an_address_of_words_leads_to_the_start(place: Scene, as_: Any, period: FocusPeriod, name: str) -> None:
    factories.start(period)
    assert as_(place.cast.carla).get(at(name, period.pk))["Location"] == at("start", period.pk)


def test_a_closed_card_leads_to_the_group(place: Scene, as_: Any, period: FocusPeriod) -> None:
    browser = as_(place.cast.carla)
    assert browser.get(at("start", place.period.pk))["Location"] == at("group", place.group.pk)
    assert browser.post(at("start", place.period.pk))["Location"] == at("start", place.period.pk)
    assert not GuidedStart.objects.exists()


def test_phones_hear_at_once_and_no_more_than_they_must(
    place: Scene, as_: Any, period: FocusPeriod, django_assert_num_queries: Any
) -> None:
    browser, address = as_(place.cast.carla), at("start-state", period.pk)
    before = browser.get(address)
    factories.start(period, "goals", SECRET)
    with django_assert_num_queries(9):  # the hat takes seven
        answer = browser.get(address)
    assert before.json() != answer.json()
    assert list(answer.json()) == ["mark"]
    assert SECRET not in answer.content.decode()
    assert "no-cache" in answer["Cache-Control"]
    assert browser.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 304
    assert browser.get(at("start", period.pk)).context["mark"] == answer.json()["mark"]
    browser.post(at("start-goals", period.pk), {"text": "Nog een"})
    assert browser.get(address, headers={"if-none-match": answer["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("step", "queries"), [("read", 14), ("why", 11), ("goals", 11), ("agreements", 12), ("scan", 14)]
)
@pytest.mark.parametrize("goals", [1, 3])
def test_a_step_asks_the_same_however_much_is_written(
    place: Scene, as_: Any, period: FocusPeriod, django_assert_num_queries: Any, step: str, queries: int, goals: int
) -> None:
    factories.start(period, step, *(f"doel {number}" for number in range(goals)))
    browser, address = as_(place.cast.carla), at("start", period.pk)
    browser.get(address)
    with django_assert_num_queries(queries):
        reads(browser.get(address))


@pytest.mark.parametrize("who", ["anna", "frank", "joris", "bram"])
@pytest.mark.parametrize("as_guest", [False, True])
def test_it_needs_a_seat(place: Scene, as_: Any, period: FocusPeriod, who: str, as_guest: bool) -> None:
    if as_guest:
        place.invite(getattr(place.cast, who))
    factories.start(period, "goals", SECRET)
    browser = as_(getattr(place.cast, who))
    for name in ("start", "start-state", "start-why", "start-goals", "start-agreements"):
        answer = browser.get(at(name, period.pk))
        assert answer.status_code == 404
        assert tells_nothing(answer.content.decode())
    for name in ("start", "start-step", "start-pause", "start-resume", "start-finish", "start-goals"):
        assert browser.post(at(name, period.pk), {"text": "x"}).status_code == 404
    assert fresh(period).version == 1
    assert not Agreement.objects.filter(goal__period=period).exists()


def test_next_door_sees_nothing(place: Scene, as_: Any, period: FocusPeriod) -> None:
    factories.start(period, "goals", SECRET)
    answer = as_(place.cast.daan).get(at("start", period.pk, slug="de-beuk"))
    assert answer.status_code == 404
    assert tells_nothing(answer.content.decode())
