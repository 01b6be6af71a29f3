"""The pulses on the screen: a way in, the sentences, the outcome; and no trace of anybody on any page of the others."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from observations import actions
from observations.models import Pulse, PulseAnswer, PulseReading
from schools.models import User
from tests import calls, factories
from tests.conftest import TestCast
from tests.factories import NOW
from tests.observations.pulses import CLOSES, answer, closed, five, opened, seat
from tests.workgroups.scene import reads
from workgroups.models import Guest, WorkGroup

pytestmark = pytest.mark.usefixtures("clock")
HAND_IN = {"dare": "3", "differ": "4", "count": "2", "inside": "1"}
START = {"start": "trust", "trust-kind": "trust", "trust-until": "week"}
LOW = "Twee manieren"


def at(name: str, pk: int) -> str:
    return reverse(f"observations:{name}", args=["de-wilg", pk])


def browser(user: User) -> Client:
    client = calls.Browser()
    client.force_login(user)
    return client


def test_from_the_first_question_to_the_outcome(cast: TestCast) -> None:
    people = five(cast)
    els = browser(cast.els)
    assert "Begin met vertrouwen" in reads(els.get(at("pulses", cast.reading.pk)))
    pulse_page = els.post(at("pulse-new", cast.reading.pk), START)["Location"]
    pulse = Pulse.objects.get()
    assert pulse_page == at("pulse", pulse.pk)
    assert pulse.closes_at == CLOSES
    for user in people:
        client = browser(user)
        assert "zelden" in reads(client.get(pulse_page))
        assert client.post(pulse_page, HAND_IN)["Location"] == pulse_page
    told = reads(els.get(pulse_page))
    assert "Hoe het is om hier te praten" in told
    assert "vaak of bijna altijd" in told
    assert "zelden of soms" in told
    assert at("pulse", pulse.pk) in reads(els.get(at("pulses", cast.reading.pk)))


def test_now_means_ten_minutes(cast: TestCast, as_: Any) -> None:
    five(cast)
    as_(cast.carla).post(at("pulse-new", cast.reading.pk), START | {"trust-until": "now"})
    assert Pulse.objects.get().closes_at == NOW + dt.timedelta(minutes=10)


@pytest.mark.parametrize(
    "sent",
    [{}, START | {"trust-until": "year"}, START | {"trust-kind": "mood"}, {"start": "mood"}, {"start": "' OR 1=1"}],
)
def test_a_start_that_does_not_fit_is_a_sentence(cast: TestCast, as_: Any, sent: dict[str, str]) -> None:
    five(cast)
    answer = as_(cast.carla).post(at("pulse-new", cast.reading.pk), sent, follow=True)
    assert answer.redirect_chain == [(at("pulses", cast.reading.pk), 302)]
    assert not Pulse.objects.exists()


def test_a_sentence_without_an_answer_keeps_the_others(cast: TestCast, as_: Any) -> None:
    five(cast)
    pulse = opened(cast)
    answer = as_(cast.carla).post(at("pulse", pulse.pk), {"dare": "3"})
    assert answer.status_code == 422
    assert sorted(answer.context["form"].errors) == ["count", "differ", "inside"]
    assert re.search(r'name="dare" value="3"[^>]*checked', reads(answer))
    assert not PulseAnswer.objects.exists()


def test_who_answered_may_change_it(cast: TestCast) -> None:
    people = five(cast)
    pulse = opened(cast)
    answer(cast, pulse, people[2], 4)
    client = browser(people[2])
    assert "Verander mijn antwoorden" in reads(client.get(at("pulse", pulse.pk)))
    assert reads(client.get(at("pulse", pulse.pk), {"change": ""})).count("checked") == 4
    client.post(at("pulse", pulse.pk), HAND_IN)
    assert list(PulseAnswer.objects.order_by("question").values_list("degree", flat=True)) == [2, 3, 4, 1]


def test_an_answer_to_a_closed_one_leads_to_the_outcome(cast: TestCast, as_: Any) -> None:
    five(cast)
    pulse = opened(cast)
    actions.close_due_pulses(now=CLOSES)
    told = as_(cast.carla).post(at("pulse", pulse.pk), HAND_IN, follow=True)
    assert "Deze keer geen uitkomst" in reads(told)
    assert "Wat helpt jou" in reads(told)
    assert not PulseAnswer.objects.exists()


def test_an_answer_after_the_time_is_not_kept_and_says_so(
    cast: TestCast, as_: Any, clock: Callable[[dt.datetime], Any]
) -> None:
    five(cast)
    pulse = opened(cast)
    carla = as_(cast.carla)
    clock(CLOSES)
    late = carla.post(at("pulse", pulse.pk), HAND_IN)
    assert (late.status_code, "Ze zijn niet bewaard" in reads(late)) == (422, True)
    assert "De tijd is om" in reads(carla.get(at("pulse", pulse.pk)))


def test_who_came_later_waits_with_the_others(cast: TestCast) -> None:
    five(cast)
    pulse = opened(cast)
    told = reads(browser(seat(cast, "Dirk")).get(at("pulse", pulse.pk)))
    assert "voordat jij erbij kwam" in told
    assert "Lever in" not in told


def test_fewer_than_four_get_a_question_in_its_place(cast: TestCast, as_: Any) -> None:
    told = reads(as_(cast.carla).get(at("pulses", cast.reading.pk)))
    assert "Wat helpt jou" in told
    assert "<form" not in told.partition("<main")[2].partition("</main")[0]


@pytest.mark.parametrize(("degree", "kind", "said"), [(1, "trust", True), (3, "trust", False), (1, "aims", False)])
def test_low_trust_gets_a_suggestion_and_nothing_else(
    cast: TestCast, as_: Any, degree: int, kind: str, said: bool
) -> None:
    pulse = closed(cast, five(cast), *[degree] * 5, kind=kind)
    told = reads(as_(cast.carla).get(at("pulse", pulse.pk)))
    assert (LOW in told) == said
    assert (f"{reverse('workgroups:card', args=['de-wilg', cast.reading.pk])}?card=openness" in told) == said


def test_only_the_seats_come_in(cast: TestCast) -> None:
    pulse = closed(cast, five(cast), 1, 1, 2, 2, 2)
    Guest.objects.create(school=cast.reading.school, group=cast.reading, user=cast.bram, from_date=factories.LONG_AGO)
    for user in (cast.bram, cast.anna, cast.frank, cast.joris, cast.daan, cast.gerda):
        for page in (at("pulses", cast.reading.pk), at("pulse", pulse.pk), at("pulse-state", pulse.pk)):
            assert browser(user).get(page).status_code == 404, (user, page)
        assert browser(user).post(at("pulse-new", cast.reading.pk), START).status_code == 404
    group = reads(browser(cast.bram).get(reverse("workgroups:group", args=["de-wilg", cast.reading.pk])))
    assert at("pulses", cast.reading.pk) not in group


def test_the_groups_page_leads_there(cast: TestCast) -> None:
    people = five(cast)
    group = reverse("workgroups:group", args=["de-wilg", cast.reading.pk])
    assert "Begin met vertrouwen" in reads(browser(cast.carla).get(group))
    assert at("pulses", cast.reading.pk) in reads(
        browser(cast.carla).get(reverse("workgroups:focus-new", args=["de-wilg", cast.reading.pk]))
    )
    pulse = opened(cast)
    assert at("pulse", pulse.pk) in reads(browser(cast.carla).get(group))
    for user in people:
        answer(cast, pulse, user, 3)
    told = reads(browser(cast.carla).get(group))
    assert "Begin met vertrouwen" not in told
    assert at("pulses", cast.reading.pk) in told


def test_an_ended_group_reads_and_asks_no_more(cast: TestCast, as_: Any) -> None:
    pulse = closed(cast, five(cast), 3, 3, 3, 3, 3)
    WorkGroup.objects.filter(pk=cast.reading.pk).update(state="ended", ended_on=factories.TODAY)
    told = reads(as_(cast.carla).get(at("pulses", cast.reading.pk)))
    assert at("pulse", pulse.pk) in told
    assert at("pulse-new", cast.reading.pk) not in told


def test_no_machine_keeps_the_answers(cast: TestCast, as_: Any) -> None:
    five(cast)
    page = as_(cast.carla).get(at("pulse", opened(cast).pk))
    assert "no-store" in page["Cache-Control"]


def test_an_open_page_hears_of_the_end_and_of_nothing_else(cast: TestCast, as_: Any) -> None:
    people = five(cast)
    pulse = opened(cast)
    carla = as_(cast.carla)
    mark = carla.get(at("pulse-state", pulse.pk))
    for user in people[1:]:
        answer(cast, pulse, user, 3)
        same = carla.get(at("pulse-state", pulse.pk), headers={"If-None-Match": mark["ETag"]})
        assert same.status_code == 304
    answer(cast, pulse, people[0], 3)
    assert carla.get(at("pulse-state", pulse.pk)).json() != mark.json()


# --- Nothing leaks


def pages_of(cast: TestCast, pulse: Pulse) -> list[str]:
    group = cast.reading.pk
    work = ("group", "group-seats", "card", "focus-new")
    return [
        "/",
        "/s/de-wilg/",
        "/s/de-wilg/dashboard/",
        "/s/de-wilg/people/",
        *(reverse(f"workgroups:{name}", args=["de-wilg", group]) for name in work),
        *(at(name, group) for name in ("pulses", "scans", "profile")),
        *(at(name, pulse.pk) for name in ("pulse", "pulse-state")),
        "/api/v1/me/",
        "/api/v1/schools/de-wilg/groups/",
        f"/api/v1/schools/de-wilg/groups/{group}/",
    ]


def seen(client: Client, pages: list[str]) -> dict[str, str]:
    """What a browser reads, without what differs every time: the form's own key."""
    found = {}
    for page in pages:
        body = client.get(page).content.decode()
        found[page] = "\n".join(line for line in body.splitlines() if "csrf" not in line)
    return found


def test_while_answers_come_no_page_of_the_others_changes(cast: TestCast) -> None:
    people = five(cast)
    pulse = opened(cast)
    pages = pages_of(cast, pulse)
    others = [people[0], people[4], cast.anna, cast.joris]
    clients = [browser(user) for user in others]
    before = [seen(client, pages) for client in clients]
    for user, degree in zip(people[1:4], (1, 4, 2), strict=True):
        answer(cast, pulse, user, degree)
        assert [seen(client, pages) for client in clients] == before, user
    assert PulseAnswer.objects.count() == 12


def test_no_number_of_voices_stands_anywhere(cast: TestCast, as_: Any) -> None:
    """Five and four answers that come to the same outcome look the same."""
    people = five(cast)
    told = []
    for voices in (5, 4):
        pulse = opened(cast)
        for user in people[:voices]:
            answer(cast, pulse, user, 3)
        actions.close_due_pulses(now=CLOSES)
        Pulse.objects.filter(pk=pulse.pk).update(closed_on=factories.TODAY)
        page = at("pulse", pulse.pk)
        told.append(seen(as_(cast.carla), [page])[page].replace(page, "here"))
        Pulse.objects.filter(pk=pulse.pk).update(closed_on=factories.TODAY - dt.timedelta(days=30))
    assert told[0] == told[1]


def test_the_leader_reads_nothing_of_an_outcome(cast: TestCast) -> None:
    client, pages = browser(cast.anna), ["/", "/s/de-wilg/", "/s/de-wilg/dashboard/"]
    people = five(cast)
    before = seen(client, pages)
    closed(cast, people, 1, 1, 1, 1, 1)
    assert PulseReading.objects.filter(halves=3).exists()
    assert seen(client, pages) == before


# --- What it costs


@pytest.mark.parametrize("rounds", [1, 3])
def test_the_list_costs_the_same_with_one_and_with_three(
    cast: TestCast, rounds: int, django_assert_num_queries: Any
) -> None:
    people = five(cast)
    for _round in range(rounds):
        closed(cast, people, 3, 3, 3, 3, 3)
        Pulse.objects.update(closed_on=factories.TODAY - dt.timedelta(days=30))
    carla = browser(cast.carla)
    carla.get(at("pulses", cast.reading.pk))
    with django_assert_num_queries(10):
        carla.get(at("pulses", cast.reading.pk))


def test_a_pulse_costs_the_same_before_and_after(cast: TestCast, django_assert_num_queries: Any) -> None:
    people = five(cast)
    pulse = opened(cast)
    carla = browser(cast.carla)
    carla.get(at("pulse", pulse.pk))
    with django_assert_num_queries(10):
        carla.get(at("pulse", pulse.pk))
    with django_assert_num_queries(8):
        carla.get(at("pulse-state", pulse.pk))
    for user in people:
        answer(cast, pulse, user, 3)
    with django_assert_num_queries(9):
        carla.get(at("pulse", pulse.pk))
