"""The pages of the self-scan: a round from its start to the picture, for the seats alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.template import Context, Template
from django.utils import translation

from observations import actions, queries
from observations.models import SelfScan
from observations.models.selfscan import ScanState, ScanWay
from tests import factories
from tests.conftest import TestCast
from tests.observations import rounds
from workgroups import actions as group_actions
from workgroups.models import FocusPeriod, Guest, GuidedStart, Seat

pytestmark = pytest.mark.usefixtures("clock")

OUTSIDE = ["anna", "frank", "joris", "bram", "daan", "gerda", "hugo", "irma"]


def home(cast: TestCast, rest: str = "") -> str:
    return f"/s/de-wilg/groups/{cast.reading.pk}/scans/{rest}"


def at(scan: SelfScan, rest: str = "") -> str:
    return f"/s/de-wilg/scans/{scan.pk}/{rest}"


def typed(scan: SelfScan, key: str, degree: str = "3", manner: str = "") -> dict[str, str]:
    lines = [line for line in queries.behaviours_of(scan) if line.aspect.key == key]
    return {f"degree-{line.pk}": degree for line in lines} | {f"manner-{line.pk}": manner for line in lines}


def sealed(cast: TestCast, count: int = 4, **values: Any) -> SelfScan:
    """A sealed round on openness for so many people."""
    rounds.colleagues(cast, count)
    return rounds.opened(cast, "openness", **values)


def revealed(cast: TestCast, count: int = 4, **values: Any) -> SelfScan:
    """A sealed round on openness that everybody answered and Els revealed."""
    people = rounds.colleagues(cast, count)
    scan = rounds.opened(cast, "openness", **values)
    for user in people:
        rounds.answer(scan, user, 3, manner="Vooral aan het eind")
    return actions.reveal_scan(scan=scan, by=cast.hat("els"), now=factories.NOW)


def test_a_group_that_ended_is_offered_no_new_round(cast: TestCast, as_: Any) -> None:
    scan = sealed(cast)
    browser, start = as_(cast.carla), f'href="{home(cast, "new/")}'
    actions.drop_scan(scan=scan, by=cast.hat("els"), now=factories.NOW)
    assert all(start in browser.get(page).text for page in (home(cast), at(scan)))
    group_actions.end_group(group=cast.reading, because="Klaar", by=cast.hat("els"), now=factories.NOW)
    assert not any(start in browser.get(page).text for page in (home(cast), at(scan)))


def test_together_it_goes_from_start_to_picture(cast: TestCast, as_: Any) -> None:
    factories.period(cast.reading, cast.aspects["openness"])
    browser = as_(cast.carla)
    answer = browser.post(home(cast, "new/"), {"about": "focus", "how": "together"})
    scan = SelfScan.objects.get()
    assert (scan.way, scan.closes_at, answer["Location"]) == (ScanWay.TOGETHER, None, at(scan))
    assert f'href="{at(scan, "answer/1/")}"' in browser.get(at(scan)).text
    sent = browser.post(at(scan, "answer/1/"), typed(scan, "openness", "2", "Aan het eind"))
    assert sent["Location"] == at(scan, "?at=1")
    picture = browser.get(at(scan, "?at=1")).text
    assert "openness 1" in picture
    assert picture.count("own-dot") == 4
    whole = browser.get(at(scan)).text
    assert whole.count(">2,0</td>") == 4
    assert "“Aan het eind”" in whole
    assert "met één stem" in whole


def test_a_starting_picture_asks_card_by_card(cast: TestCast, as_: Any) -> None:
    browser = as_(cast.carla)
    browser.post(home(cast, "new/"), {"about": "all", "how": "together"})
    scan = SelfScan.objects.get()
    keys = list(factories.SHAPE)
    for number, key in enumerate(keys, start=1):
        sent = browser.post(at(scan, f"answer/{number}/"), typed(scan, key))
        follows = at(scan, f"answer/{number + 1}/") if number < 6 else at(scan, "?at=1")
        assert sent["Location"] == follows
    screens = [browser.get(at(scan, f"?at={place}")).text for place in range(1, 9)]
    assert [f"Kaart {number}" in screen for number, screen in enumerate(screens[:6], start=1)] == [True] * 6
    assert all("Praat hierover" in screen for screen in screens[6:])
    assert "Zo horen jullie" in browser.get(at(scan, "?at=9")).text


def test_each_alone_it_waits_for_the_chair(cast: TestCast, as_: Any) -> None:
    people = rounds.colleagues(cast, 4)
    factories.period(cast.reading, cast.aspects["openness"])
    as_(cast.carla).post(home(cast, "new/"), {"about": "focus", "how": "week"})
    scan = SelfScan.objects.get()
    assert scan.closes_at == factories.NOW + dt.timedelta(days=7)
    for user in people:
        sent = as_(user).post(at(scan, "answer/1/"), typed(scan, "openness"))
        assert sent["Location"] == at(scan)
    assert "Je voorzitter opent het" in as_(cast.carla).get(at(scan)).text
    assert as_(cast.carla).post(at(scan, "reveal/")).status_code == 403
    assert "Open het voor iedereen" in as_(cast.els).get(at(scan)).text
    assert as_(cast.els).post(at(scan, "reveal/"))["Location"] == at(scan, "?at=1")
    told = as_(cast.carla).get(at(scan)).text
    assert told.count(">3,0</td>") == 4
    assert "4 mensen vulden in" in told


def test_until_the_meeting_is_offered_when_it_is_near(cast: TestCast, as_: Any) -> None:
    rounds.colleagues(cast, 4)
    meeting = factories.meeting(cast.reading)
    browser = as_(cast.carla)
    assert 'value="meeting"' in browser.get(home(cast, "new/")).text
    browser.post(home(cast, "new/"), {"about": "all", "how": "meeting"})
    assert SelfScan.objects.get().closes_at == meeting.starts_at


def test_far_meetings_are_not(cast: TestCast, as_: Any) -> None:
    rounds.colleagues(cast, 4)
    factories.meeting(cast.reading, factories.TODAY + dt.timedelta(days=22))
    assert 'value="meeting"' not in as_(cast.carla).get(home(cast, "new/")).text


def test_fewer_than_four_go_together(cast: TestCast, as_: Any) -> None:
    rounds.colleagues(cast, 3)
    browser = as_(cast.carla)
    told = browser.get(home(cast, "new/")).text
    assert 'value="week"' not in told
    assert "vanaf vier mensen" in told
    assert browser.post(home(cast, "new/"), {"about": "all", "how": "week"}).status_code == 422
    assert not SelfScan.objects.exists()


def test_soon_after_a_sealed_round_only_together_is_offered(cast: TestCast, as_: Any) -> None:
    factories.period(cast.reading, cast.aspects["openness"])
    revealed(cast)
    told = as_(cast.carla).get(home(cast, "new/")).text
    assert 'value="week"' not in told
    assert "15 december" in told


def test_every_line_asks_for_an_answer(cast: TestCast, as_: Any) -> None:
    scan = sealed(cast)
    browser = as_(cast.carla)
    half = typed(scan, "openness", manner="Mijn eigen woorden")
    left = half.popitem()[0]
    half[left] = "Mijn eigen woorden"
    missing = next(name for name in half if name.startswith("degree-"))
    del half[missing]
    answer = browser.post(at(scan, "answer/1/"), half)
    assert answer.status_code == 422
    assert answer.text.count("Mijn eigen woorden") == 4
    assert queries.own_answers(scan, cast.hat("carla")) == {}


def test_cannot_say_is_an_answer(cast: TestCast, as_: Any) -> None:
    scan = sealed(cast)
    as_(cast.carla).post(at(scan, "answer/1/"), typed(scan, "openness", "none"))
    given = queries.own_answers(scan, cast.hat("carla"))
    assert [answer.degree for answer in given.values()] == [None] * 4


def test_own_answers_stand_there_again_and_nobody_elses(cast: TestCast, as_: Any) -> None:
    scan = sealed(cast)
    rounds.answer(scan, cast.carla, 2, manner="Alleen van Carla")
    mine, other = (as_(user).get(at(scan, "answer/1/")) for user in (cast.carla, cast.els))
    assert mine.text.count("Alleen van Carla") == 4
    assert mine.text.count(" checked") == 4
    assert "Alleen van Carla" not in other.text
    assert " checked" not in other.text
    assert "no-store" in mine["Cache-Control"]


def test_answers_of_others_change_no_page(cast: TestCast, as_: Any) -> None:
    """Three of five answer: what a member without answers, and the chair below four, reads stays the same."""
    scan = sealed(cast, 5)
    addresses = [at(scan), at(scan, "state/"), home(cast), f"/s/de-wilg/groups/{cast.reading.pk}/"]

    def pages(user: Any) -> list[str]:
        browser = as_(user)
        return [_without_keys(browser.get(address).text) for address in addresses]

    people = [seat.user for seat in cast.reading.seats.order_by("pk")]
    readers = [people[0], people[4]]
    before = [pages(reader) for reader in readers]
    for user in people[1:4]:
        rounds.answer(scan, user, 4, manner="Kanarie")
        assert [pages(reader) for reader in readers] == before


def _without_keys(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if "csrf" not in line)


def test_the_mark_follows_the_state_alone(cast: TestCast, as_: Any) -> None:
    people = rounds.colleagues(cast, 4)
    scan = rounds.opened(cast, "openness")
    marks = []
    for user in people:
        marks.append(as_(cast.carla).get(at(scan, "state/")).json()["mark"])
        rounds.answer(scan, user, 3)
    assert len(set(marks)) == 1
    assert as_(cast.carla).get(at(scan, "state/")).json()["mark"] != marks[0]


def test_the_chair_reads_enough_or_not_yet(cast: TestCast, as_: Any) -> None:
    people = rounds.colleagues(cast, 5)
    scan = rounds.opened(cast, "openness")
    for user in people[:3]:
        rounds.answer(scan, user, 3)
    told = as_(cast.els).get(at(scan)).text
    assert "nog niet genoeg antwoorden" in told
    assert at(scan, "close/") not in told
    assert "genoeg antwoorden" not in as_(cast.carla).get(at(scan)).text
    rounds.answer(scan, people[3], 3)
    assert at(scan, "close/") in as_(cast.els).get(at(scan)).text
    assert as_(cast.els).post(at(scan, "close/"))["Location"] == at(scan)
    scan.refresh_from_db()
    assert scan.state == ScanState.CLOSED


def test_a_late_answer_is_told_so(cast: TestCast, as_: Any, clock: Any) -> None:
    scan = sealed(cast)
    clock(factories.NOW + dt.timedelta(days=8))
    answer = as_(cast.carla).post(at(scan, "answer/1/"), typed(scan, "openness"))
    assert answer.status_code == 422
    with translation.override("nl"):
        assert str(actions.LateAnswer.message) in answer.text


def test_who_came_later_looks_on(cast: TestCast, as_: Any) -> None:
    scan = sealed(cast)
    school = cast.schools["de-wilg"]
    newcomer = factories.person("Nieuw", school)
    Seat.objects.create(school=school, group=cast.reading, user=newcomer, from_date=factories.LONG_AGO)
    browser = as_(newcomer)
    assert "begon voordat jij erbij kwam" in browser.get(at(scan)).text
    assert browser.get(at(scan, "answer/1/"))["Location"] == at(scan)


def test_without_a_picture_one_goes_on_together_at_once(cast: TestCast, as_: Any) -> None:
    factories.period(cast.reading, cast.aspects["openness"])
    scan = sealed(cast)
    browser = as_(cast.els)
    assert browser.post(at(scan, "drop/"))["Location"] == at(scan)
    told = browser.get(at(scan)).text
    assert "Deze keer geen beeld" in told
    assert 'name="about" value="focus"' in told
    browser.post(home(cast, "new/"), {"about": "focus", "how": "together"})
    again = SelfScan.objects.latest("pk")
    assert (again.way, again.aspect) == (ScanWay.TOGETHER, cast.aspects["openness"])


@pytest.mark.parametrize("who", OUTSIDE)
def test_it_needs_a_seat(cast: TestCast, as_: Any, who: str) -> None:
    """A guest neither: the own mirror opens by a seat alone."""
    scan = revealed(cast)
    school = cast.schools["de-wilg"]
    Guest.objects.create(school=school, group=cast.reading, user=cast.bram, from_date=factories.LONG_AGO)
    browser = as_(cast.people[who])
    for address in (home(cast), home(cast, "new/"), at(scan), at(scan, "answer/1/"), at(scan, "state/")):
        answer = browser.get(address)
        assert answer.status_code == 404
        assert "Vooral aan het eind" not in answer.text
    for deed in ("close/", "drop/", "reveal/"):
        assert browser.post(at(scan, deed)).status_code == 404


def test_rounds_cost_no_queries(cast: TestCast, as_: Any, django_assert_num_queries: Any) -> None:
    browser = as_(cast.carla)
    for number in range(3):
        scan = rounds.opened(cast, "openness", way="together", closes_at=None)
        rounds.answer(scan, cast.carla, 3)
        if number in {0, 2}:
            with django_assert_num_queries(9):
                assert browser.get(home(cast)).text.count("/scans/") >= number + 1


def test_remarks_cost_no_queries(cast: TestCast, as_: Any, django_assert_num_queries: Any) -> None:
    scan = revealed(cast, 8)
    browser = as_(cast.carla)
    for rest in ("", "?at=1", "?at=2"):
        with django_assert_num_queries(14):
            assert browser.get(at(scan, rest)).status_code == 200


def test_an_open_round_costs_the_same_whoever_answered(
    cast: TestCast, as_: Any, django_assert_num_queries: Any
) -> None:
    people = rounds.colleagues(cast, 5)
    scan = rounds.opened(cast, None)
    browser = as_(cast.carla)
    for user in (None, *people[2:]):
        if user:
            rounds.answer(scan, user, 3)
        with django_assert_num_queries(16):
            assert browser.get(at(scan)).status_code == 200


def test_eight_answers_say_how_far_apart(cast: TestCast, as_: Any) -> None:
    told = as_(cast.carla).get(at(revealed(cast, 8))).text
    assert told.count("eensgezind") == 8
    assert told.count('class="spread"') == 4
    fewer = "niet bij hoe ver jullie uit elkaar liggen"
    assert fewer not in told


def test_seven_answers_do_not(cast: TestCast, as_: Any) -> None:
    told = as_(cast.carla).get(at(revealed(cast, 7))).text
    assert "eensgezind" not in told
    assert 'class="spread"' not in told
    assert "niet bij hoe ver jullie uit elkaar liggen" in told


def group_page(cast: TestCast) -> str:
    return f"/s/de-wilg/groups/{cast.reading.pk}/"


def test_the_group_page_leads_to_the_own_mirror(cast: TestCast, as_: Any) -> None:
    assert f'href="{home(cast)}"' in as_(cast.carla).get(group_page(cast)).text
    scan = sealed(cast)
    assert f'href="{at(scan, "answer/1/")}"' in as_(cast.carla).get(group_page(cast)).text
    for user in [seat.user for seat in cast.reading.seats.all()]:
        rounds.answer(scan, user, 3)
    told = as_(cast.carla).get(group_page(cast)).text
    assert "Jullie beeld is klaar" in told
    actions.reveal_scan(scan=scan, by=cast.hat("els"), now=factories.NOW)
    assert "Op 24 november keken jullie" in as_(cast.carla).get(group_page(cast)).text


def test_the_group_page_says_nothing_of_it_to_a_guest(cast: TestCast, as_: Any) -> None:
    school = cast.schools["de-wilg"]
    Guest.objects.create(school=school, group=cast.reading, user=cast.bram, from_date=factories.LONG_AGO)
    revealed(cast)
    assert "/scans/" not in as_(cast.bram).get(group_page(cast)).text


def in_start(cast: TestCast, period: Any, how: str = "") -> str:
    """The step of a guided start, as Carla reads it; how: "?screen=1" on the big screen."""
    start = GuidedStart(period=period, group=cast.reading)
    with translation.override("nl"):
        page = Template("{% load scans %}{% scan_of_start start %}")
        return page.render(Context({"start": start, "member": cast.hat("carla"), "how": how}))


def test_a_start_offers_a_scan(cast: TestCast) -> None:
    told = in_start(cast, factories.period(cast.reading, cast.aspects["openness"]))
    assert f'action="{home(cast, "new/")}"' in told
    assert f"{home(cast, 'new/')}?aspect=focus" in told


def test_a_start_proposes_to_answer_alone_now(cast: TestCast, as_: Any) -> None:
    rounds.colleagues(cast, 4)
    factories.period(cast.reading, cast.aspects["openness"])
    form = as_(cast.carla).get(home(cast, "new/?aspect=focus&how=now")).context["form"]
    assert form.fields["how"].initial == "now"
    odd = as_(cast.carla).get(home(cast, "new/?aspect=focus&how=whenever")).context["form"]
    assert odd.fields["how"].initial == "together"


def test_a_start_leads_to_the_round_under_way(cast: TestCast) -> None:
    period = factories.period(cast.reading, cast.aspects["openness"])
    scan = sealed(cast)
    assert at(scan, "answer/1/") in in_start(cast, period)


def test_the_big_screen_tells_nothing_of_who_signed_in_there(cast: TestCast) -> None:
    period = factories.period(cast.reading, cast.aspects["openness"])
    scan = sealed(cast)
    before = in_start(cast, period, "?screen=1")
    assert "op je eigen telefoon" in before
    assert "/answer/" not in before
    rounds.answer(scan, cast.carla, 3)
    assert in_start(cast, period, "?screen=1") == before
    assert in_start(cast, period) != before


def test_a_start_uses_a_young_picture_again(cast: TestCast) -> None:
    period = factories.period(cast.reading, cast.aspects["openness"])
    scan = revealed(cast)
    told = in_start(cast, period)
    assert told.count("own-dot") == 4
    assert at(scan, "?at=1") in told


def test_going_on_is_the_one_thing_to_do_once_there_is_a_picture(cast: TestCast, as_: Any) -> None:
    period = factories.period(cast.reading, cast.aspects["openness"])
    start = group_actions.begin_start(period=period, by=cast.hat("els"), now=factories.NOW)
    GuidedStart.objects.filter(pk=start.pk).update(step="scan")
    page, on = f"/s/de-wilg/focus/{period.pk}/start/", 'name="step" value="next"'
    assert f'<button class="button second" {on}' in as_(cast.carla).get(page).text
    revealed(cast)
    assert f'<button class="button" {on}' in as_(cast.carla).get(page).text


def test_a_start_looks_past_other_cards_and_old_pictures(cast: TestCast) -> None:
    scan = revealed(cast)
    other = FocusPeriod(group=cast.reading, aspect=cast.aspects["feedback"], started_on=factories.TODAY)
    later = FocusPeriod(
        group=cast.reading, aspect=cast.aspects["openness"], started_on=factories.TODAY + dt.timedelta(days=21)
    )
    for period in (other, later):
        assert at(scan) not in in_start(cast, period)


def test_the_big_screen_stays_one_from_the_reveal_back_to_the_start(cast: TestCast, as_: Any) -> None:
    period = factories.period(cast.reading, cast.aspects["openness"])
    group_actions.begin_start(period=period, by=cast.hat("els"), now=factories.NOW)
    people = rounds.colleagues(cast, 4)
    scan = rounds.opened(cast, "openness")
    for user in people:
        rounds.answer(scan, user, 3)
    browser = as_(cast.els)
    wall = {"screen": "1"}
    assert f'action="{at(scan, "reveal/")}?screen=1"' in browser.get(at(scan), wall).text
    assert f'action="{at(scan, "reveal/")}"' in browser.get(at(scan)).text
    assert browser.post(at(scan, "reveal/?screen=1"))["Location"] == at(scan, "?at=1&screen=1")
    place = 1
    while f'href="?at={place + 1}&amp;screen=1"' in (last := browser.get(at(scan, f"?at={place}&screen=1")).text):
        place += 1
    assert place > 1
    now = f"/s/de-wilg/groups/{cast.reading.pk}/now/?screen=1"
    assert f'href="{now}"' in last
    assert browser.get(now)["Location"].endswith("/start/?screen=1")
