"""Four people on four phones and a big screen go through a whole focus period of their group (G1-G8)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import time_machine
from playwright.sync_api import Page, expect

from cards.models import Aspect
from observations.models import SelfScan
from samenspraak.demo import cast as told
from schools import tenancy
from schools.models import User
from tests.browser.conftest import EVERYBODY, IN_STEP, Visitor, press
from workgroups.models import Agreement, FocusPeriod, Goal, Meeting, WorkGroup

pytestmark = pytest.mark.browser
SUNDAY = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)
WHY = "Ouders horen van ons vooral wat niet lukt."
ASKING = "We vragen ouders wat zij thuis zien."
LISTENING = "We luisteren uit, ook als het schuurt."
POINT = "Hoe ging het gesprek met groep 7?"
ROUND = "Ieder vertelt wat een ouder deze week zei."
NOT_KEPT, ON_THE_WAY, REACHED = 2, 1, 2  # places of the tiles
QUIET = "Na elke vraag blijft het drie tellen stil."


@dataclass
class Table:
    """Who sits together: the chair's phone, three more, and the big screen."""

    fatima: Visitor
    carla: Visitor
    els: Visitor
    joris: Visitor
    wall: Visitor

    @property
    def phones(self) -> list[Visitor]:
        """The four phones."""
        return [self.fatima, self.carla, self.els, self.joris]

    def all_are_at(self, step: str) -> None:
        """Wait until every screen shows that step of the start."""
        for visitor in [*self.phones, self.wall]:
            visitor.is_at(step)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """The clock; it stands on Sunday noon when the story is told."""
    with time_machine.travel(SUNDAY) as travel:
        yield travel


@pytest.fixture
def group(clock: time_machine.Traveller, year: None, settings: Any) -> WorkGroup:
    """Thuis en school, which still has to begin; Fatima, who chairs it, can sign in; nobody is signed out meanwhile."""
    settings.SESSION_COOKIE_AGE = 90 * 24 * 3600
    with tenancy.acting_for_system("tests"):
        fatima = User.objects.get(email=EVERYBODY["fatima"].email)
        fatima.set_password(told.PASSWORD)
        fatima.save(update_fields=["password"])
        return WorkGroup.objects.select_related("school").get(name="Thuis en school")


def test_a_whole_period(clock: time_machine.Traveller, group: WorkGroup, visit_as: Any) -> None:
    phones = {short: visit_as(short, width=360, height=740) for short in ("fatima", "carla", "els", "joris")}
    table = Table(**phones, wall=visit_as("fatima", height=720))
    _give_seats(table, group)
    _choose_a_card(table, group)
    _start(table, group)
    _read_and_say_why(table)
    _look_at_our_talk(table, group)
    _set_goals(table, group)
    _agree(table, group)

    first, second = _planned(group)
    _put_on_the_agenda(table.joris, group)
    clock.move_to(first.starts_at + MINUTE)
    _repeat(table, group)
    _lend_a_sentence(table)
    clock.move_to(first.starts_at + 55 * MINUTE)
    _look_back(table, first, {QUIET: NOT_KEPT, ASKING: ON_THE_WAY})
    _end(table.joris, group, QUIET, "Jullie laten het los", told="losgelaten op 25 november 2026")

    clock.move_to(second.starts_at + MINUTE)
    _repeat(table, group)
    clock.move_to(second.starts_at + 55 * MINUTE)
    _look_back(table, second, {ASKING: ON_THE_WAY})
    third = _plan_the_next(table, group)
    _end(table.carla, group, ROUND, "gewoonte", told="een gewoonte sinds 16 december 2026")

    clock.move_to(third.starts_at + MINUTE)
    _repeat(table, group)
    clock.move_to(third.starts_at + 55 * MINUTE)
    _look_back(table, third, {LISTENING: REACHED, ASKING: ON_THE_WAY})
    _choose_the_next_card(table, group)


def _press(page: Page, words: str) -> None:
    press(page, page.get_by_role("button", name=words))


def _follow(page: Page, words: str | re.Pattern[str]) -> None:
    press(page, page.get_by_role("link", name=words))


def _home(group: WorkGroup) -> str:
    return f"/s/{group.school.slug}/groups/{group.pk}/"


def _give_seats(table: Table, group: WorkGroup) -> None:
    """The chair gives Els and Joris a seat, from her phone."""
    page = table.fatima.go(_home(group))
    _follow(page, "Wie zit er in de groep")
    for short in ("els", "joris"):
        page.select_option("select[name=user]", label=f"{EVERYBODY[short].given_name} {EVERYBODY[short].family_name}")
        _press(page, "Geef een plek")
    with tenancy.acting_for_system("tests"):
        assert group.seats.filter(until_date__isnull=True).count() == 5


def _choose_a_card(table: Table, group: WorkGroup) -> None:
    """By its question, on the big screen."""
    page = table.wall.go(_home(group))
    _follow(page, "Kies jullie kaart")
    _follow(page, _question("feedback"))
    _press(page, "Dit wordt onze kaart")
    assert page.url.endswith("/start/")
    with tenancy.acting_for_system("tests"):
        assert FocusPeriod.objects.get(group=group, state="live").aspect.key == "feedback"


def _start(table: Table, group: WorkGroup) -> None:
    """The code on the big screen leads every phone to where the group is."""
    page = table.wall.page
    _follow(page, "Toon dit op het grote scherm")
    _press(page, "Samen beginnen")
    code = page.inner_text(".join .big")
    for visitor in table.phones:
        visitor.go("/join/").fill("[name=code]", code)
        _press(visitor.page, "Meedoen")
    table.all_are_at("read")


def _read_and_say_why(table: Table) -> None:
    """Both sides read aloud; one phone goes on for all, another writes the answer."""
    _follow(table.wall.page, "Draai de kaart om")
    _press(table.carla.page, "Verder")
    table.all_are_at("why")
    table.els.page.fill("[name=why]", WHY)
    _press(table.els.page, "Verder")
    table.all_are_at("scan")


def _answer(page: Page, place: int) -> None:
    """One alone: a degree at each sentence, and a few words at the first."""
    _follow(page, re.compile("^(Vul in voor jezelf|Begin)$"))
    assert "/answer/" in page.url
    for line in page.locator("main fieldset").all():
        line.locator("label.tile").nth(place).click()
    page.locator("main textarea").first.fill(f"Zo hoor ik het, {place}")
    _press(page, "Lever in")


def _look_at_our_talk(table: Table, group: WorkGroup) -> None:
    """Each alone and sealed; Sander is ill, so the chair closes the round when enough have answered."""
    page, wall = table.fatima.page, table.wall.page
    _follow(page, "Liever eerst ieder apart")
    expect(page.get_by_label("Eerst ieder apart, nu")).to_be_checked()
    _press(page, "Start deze ronde")
    for place, visitor in enumerate(table.phones):
        _answer(visitor.page, place)
    expect(wall.locator("main")).to_contain_text("op je eigen telefoon")
    _follow(page, "Kijk opnieuw")
    _press(page, "Sluit deze ronde nu")
    for visitor in table.phones:
        expect(visitor.page.locator("h1")).to_have_text("Jullie beeld is klaar", timeout=IN_STEP)
    _follow(wall, "Open samen het beeld")
    _press(wall, "Open het voor iedereen")
    for visitor in table.phones:
        expect(visitor.page.locator("h1")).to_have_text("Zo horen jullie je gesprek", timeout=IN_STEP)
    _walk_through_the_picture(wall)
    for visitor in table.phones:
        _follow(visitor.page, "Ga verder met jullie start")
    with tenancy.acting_for_system("tests"):
        scan = SelfScan.objects.get(group=group)
        assert (scan.state, scan.snapshot.respondents) == ("revealed", 4)
    table.all_are_at("scan")


def _walk_through_the_picture(wall: Page) -> None:
    """The picture, what was written, the questions; and back to the start, still the big screen."""
    while wall.locator("a[rel=next]").count():
        press(wall, "a[rel=next]")
    _follow(wall, "Ga verder met jullie start")
    expect(wall.locator(".join")).to_be_visible()


def _set_goals(table: Table, group: WorkGroup) -> None:
    """One typed on Carla's phone, one on Joris's; the big screen shows both."""
    _press(table.joris.page, "Verder")
    table.all_are_at("goals")
    for writer, text, reader in ((table.carla, ASKING, table.joris), (table.joris, LISTENING, table.wall)):
        writer.page.fill("[name=text]", text)
        writer.press("#words button.wide")
        expect(reader.page.locator("[data-live=list]")).to_contain_text(text, timeout=IN_STEP)
    _press(table.els.page, "Verder")
    table.all_are_at("agreements")


def _agree(table: Table, group: WorkGroup) -> None:
    """A tip from the card and one in their own words for the first goal, one for the second."""
    page = table.els.page
    press(page, "button[name=use]")
    _press(page, "Dit spreken we af")
    for visitor, goal, text in ((table.els, ASKING, ROUND), (table.carla, LISTENING, QUIET)):
        page = visitor.page
        page.locator("label.tile", has_text=goal).click()
        page.fill("textarea[name=text]", text)
        visitor.press("#words button.wide")
    expect(table.wall.page.locator("[data-live=list]")).to_contain_text(QUIET, timeout=IN_STEP)
    _press(table.fatima.page, "Dit is ons plan")
    for visitor in (table.wall, *table.phones):
        visitor.page.wait_for_url(f"**{_home(group)}", timeout=2 * IN_STEP)
    with tenancy.acting_for_system("tests"):
        goals = Goal.objects.filter(group=group, state="live").order_by("position")
        assert [goal.text for goal in goals] == [ASKING, LISTENING]
        assert [goal.agreements.count() for goal in goals] == [2, 1]


def _planned(group: WorkGroup) -> list[Meeting]:
    with tenancy.acting_for_system("tests"):
        return list(Meeting.objects.filter(group=group, state="planned").order_by("starts_at"))


def _put_on_the_agenda(joris: Visitor, group: WorkGroup) -> None:
    """Beforehand, from a phone."""
    page = joris.go(_home(group))
    _follow(page, "Naar deze bijeenkomst")
    page.fill("#id_point", POINT)
    _press(page, "Zet het erbij")
    expect(page.locator("[data-live=agenda]")).to_contain_text(POINT)


def _repeat(table: Table, group: WorkGroup) -> None:
    """The agreements stand on the big screen, the phones join by its code; one press says they were repeated."""
    wall = table.wall.go(_home(group))
    _follow(wall, "Open het grote scherm")
    expect(wall.locator("h1")).to_have_text("Dit spraken we af")
    code = wall.inner_text(".join b")
    for visitor in table.phones:
        visitor.go(f"/join/{code}/")
        expect(visitor.page.locator("[data-live=acts]")).to_contain_text("Deel 1 van 3")
    wall.click("#repeated")
    for visitor in table.phones:
        expect(visitor.page.locator("[data-live=acts]")).to_contain_text("Deel 2 van 3", timeout=IN_STEP)


def _lend_a_sentence(table: Table) -> None:
    """The agenda stands on the big screen; Carla puts another sentence there from her phone."""
    wall, page = table.wall.page, table.carla.page
    expect(wall.get_by_text(POINT)).to_be_visible()
    _follow(page, "Een andere zin")
    sentence = page.inner_text("#starter .asked")
    page.click("#starter-up")
    expect(wall.locator(".wall .borrow")).to_have_text(sentence)


def _look_back(table: Table, meeting: Meeting, chosen: dict[str, int]) -> None:
    """Els asks and taps, the big screen goes along; the first answer where nothing else is said."""
    page, wall = table.els.page, table.wall.page
    wall.click("#show-look-back")
    _follow(page, "Sluit samen af")
    expect(wall.locator(".wall .asked")).to_have_text(page.inner_text("h1"), timeout=IN_STEP)
    for _question in range(page.locator(".steps > span").count()):
        said = page.inner_text("h1")
        page.locator("main label.tile").nth(chosen.get(said, 0)).click()
        _press(page, "Volgende")
    _press(page, "Sluit de bijeenkomst af")
    expect(wall.locator("h1")).to_have_text("Zo ging het", timeout=IN_STEP)
    with tenancy.acting_for_system("tests"):
        assert Meeting.objects.filter(pk=meeting.pk, state="held", opener__isnull=False).exists()


def _plan_the_next(table: Table, group: WorkGroup) -> Meeting:
    """What is proposed on everybody's phone is planned by the chair with one tap; not in the holidays."""
    for visitor in table.phones:
        expect(visitor.page.get_by_text("Woensdag 6 januari")).to_be_visible(timeout=IN_STEP)
    _press(table.fatima.page, "Plan deze")
    [meeting] = _planned(group)
    return meeting


def _end(visitor: Visitor, group: WorkGroup, text: str, how: str, *, told: str) -> None:
    """End an agreement on purpose; its life line says how, and how it went until then."""
    page = visitor.go(_home(group))
    _follow(page, re.compile(f"^Bekijk dit doel.*{ASKING if text == ROUND else LISTENING}"))
    _follow(page, re.compile(f"^Beëindig.*{text}"))
    page.locator("label.tile", has_text=how).click()
    _press(page, "Bewaar")
    page = visitor.go(_home(group))
    _follow(page, "Alles wat jullie afspraken")
    _follow(page, text)
    expect(page.locator("main")).to_contain_text(told)
    with tenancy.acting_for_system("tests"):
        lived = Meeting.objects.filter(group=group, state="held").count()
    expect(page.locator(".lifeline li")).to_have_count(lived)


def _choose_the_next_card(table: Table, group: WorkGroup) -> None:
    """Another card: the goal that is left is looked back on, the agreement that is left goes on."""
    page = table.wall.go(_home(group))
    _follow(page, "Kies een andere kaart")
    _follow(page, _question("openness"))
    _press(page, "Dit wordt onze kaart")
    expect(page.locator(".summary")).to_contain_text("Kies")
    goal = page.locator("main fieldset", has_text=ASKING)
    goal.locator("label.tile").last.click()
    _press(page, "Dit wordt onze kaart")
    assert page.url.endswith("/start/")
    with tenancy.acting_for_system("tests"):
        periods = FocusPeriod.objects.filter(group=group).order_by("pk")
        assert [(one.aspect.key, one.state) for one in periods] == [("feedback", "closed"), ("openness", "live")]
        goals = Goal.objects.filter(group=group).order_by("position")
        assert [(one.text, one.state) for one in goals] == [(ASKING, "dropped"), (LISTENING, "reached")]
        states = dict(Agreement.objects.filter(group=group).values_list("text", "state"))
        assert (states.pop(ROUND), states.pop(QUIET), [*states.values()]) == ("habit", "dropped", ["live"])


def _question(aspect: str) -> str:
    with tenancy.acting_for_system("tests"):
        return str(Aspect.objects.get(edition__is_public=True, key=aspect).question)
