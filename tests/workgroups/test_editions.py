"""A board's own edition: its groups choose from it, running periods keep theirs, nobody else ever reads it."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from cards.models import Aspect, Behaviour, Edition, Tip, Utterance
from observations import queries as mirror
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW
from tests.workgroups.scene import at, reads
from workgroups import actions, queries
from workgroups.models import BoardEdition, FocusPeriod, WorkGroup

CANARY = "Eigen woorden"


@pytest.fixture
def own(cast: TestCast) -> Edition:
    """A licensed edition whose every text starts with the canary; the same keys as the standard one."""
    edition = Edition.objects.create(
        key="onze", version="1", is_public=False, title={"nl": CANARY}, source={"nl": f"{CANARY} van de makers"}
    )
    for aspect in Aspect.objects.filter(edition__key="standard").order_by("number"):
        words = {
            name: f"{CANARY} {text}" if isinstance(text, str) else [f"{CANARY} {part}" for part in text]
            for name, text in aspect.texts["nl"].items()
        }
        twin = Aspect.objects.create(edition=edition, key=aspect.key, number=aspect.number, texts={"nl": words})
        for model in (Behaviour, Utterance, Tip):
            for line in model.objects.filter(aspect=aspect):
                texts = {"nl": {name: f"{CANARY} {text}" for name, text in line.texts["nl"].items()}}
                model.objects.create(aspect=twin, key=line.key, position=line.position, texts=texts)
    return edition


def give(cast: TestCast, slug: str = "de-wilg") -> None:
    actions.use_edition(board=cast.schools[slug].board.number, edition="onze", now=NOW)


def editions_of(of: Any) -> set[str]:
    aspects = list(queries.deck_of(of))
    assert [aspect.number for aspect in aspects] == [1, 2, 3, 4, 5, 6]
    return {aspect.edition.key for aspect in aspects}


def test_a_board_is_given_it_and_may_go_back(cast: TestCast, own: Edition) -> None:
    school = cast.schools["de-wilg"]
    assert editions_of(school) == {"standard"}
    give(cast)
    give(cast)
    assert (editions_of(school), editions_of(cast.reading)) == ({"onze"}, {"onze"})
    assert BoardEdition.objects.count() == 1
    assert actions.use_standard(board=school.board.number)
    assert not actions.use_standard(board=school.board.number)
    assert editions_of(school) == {"standard"}


def test_other_boards_keep_the_standard_one(cast: TestCast, own: Edition) -> None:
    give(cast)
    assert cast.schools["de-eik"].board_id != cast.schools["de-wilg"].board_id
    assert (editions_of(cast.schools["de-eik"]), editions_of(cast.elsewhere)) == ({"standard"}, {"standard"})


def test_a_running_period_keeps_its_edition(cast: TestCast, own: Edition) -> None:
    period = factories.period(cast.reading, cast.aspects["openness"])
    give(cast)
    assert editions_of(cast.reading) == {"standard"}
    assert editions_of(period) == {"standard"}
    assert editions_of(cast.maths) == {"onze"}
    assert set(mirror.aspects_in_use(cast.reading).values()) == set(cast.aspects.values())
    assert all(line.text.startswith(CANARY) for line in mirror.behaviours_in_use(cast.maths).values())
    actions.use_standard(board=cast.reading.school.board.number)
    assert editions_of(cast.reading) == {"standard"}


def test_a_running_period_of_its_own_outlives_the_right(cast: TestCast, own: Edition) -> None:
    give(cast)
    factories.period(cast.reading, own.aspects.get(number=1))
    actions.use_standard(board=cast.reading.school.board.number)
    assert (editions_of(cast.reading), editions_of(cast.reading.school)) == ({"onze"}, {"standard"})


@pytest.mark.parametrize("many", [False, True])
def test_the_deck_is_one_query(cast: TestCast, own: Edition, many: bool, django_assert_num_queries: Any) -> None:
    if many:
        give(cast)
        factories.period(cast.reading, own.aspects.get(number=1))
    with django_assert_num_queries(1):
        assert all(aspect.edition.version for aspect in queries.deck_of(cast.reading))
    with django_assert_num_queries(1):
        list(queries.deck_of(cast.reading.school))


def choose(cast: TestCast, group: WorkGroup, aspect: Aspect, by: str = "carla", slug: str = "de-wilg") -> FocusPeriod:
    hat = cast.hat(by, slug)
    return actions.choose_aspect(group=group, aspect=aspect, why="", endings={}, goal_endings={}, by=hat, now=NOW)


def test_a_group_chooses_from_its_boards_edition_only(cast: TestCast, own: Edition) -> None:
    theirs, ours = own.aspects.get(key="feedback"), cast.aspects["feedback"]
    with pytest.raises(actions.NotInYourDeck):
        choose(cast, cast.reading, theirs)
    give(cast)
    with pytest.raises(actions.NotInYourDeck):
        choose(cast, cast.reading, ours)
    with pytest.raises(actions.NotInYourDeck):
        choose(cast, cast.elsewhere, theirs, by="irma", slug="de-eik")
    assert choose(cast, cast.reading, theirs).aspect == theirs


def test_the_pages_show_the_boards_own_cards_to_its_groups(cast: TestCast, own: Edition, as_: Any) -> None:
    give(cast)
    with time_machine.travel(NOW):
        browser = as_(cast.carla)
        assert f"{CANARY} feedback?" in reads(browser.get(at("focus-new", cast.reading.pk)))
        picked = reads(browser.get(at("focus-new", cast.reading.pk), {"card": "feedback"}))
        assert f"{at('card', cast.reading.pk)}?card=feedback" in picked
        assert "/cards/feedback/" not in picked
        whole = reads(browser.get(at("card", cast.reading.pk), {"card": "feedback"}))
        assert f"{CANARY} feedback 1" in whole
        assert f"{CANARY} van de makers" in whole
        assert browser.post(at("focus-new", cast.reading.pk), {"aspect": "feedback", "why": ""}).status_code == 302
        assert f"{CANARY} feedback 1" in reads(browser.get(at("card", cast.reading.pk)))
    assert FocusPeriod.objects.get(group=cast.reading).aspect.edition == own


def test_who_has_another_board_reads_no_word_of_it(cast: TestCast, own: Edition, as_: Any, api: Any) -> None:
    give(cast)
    factories.period(cast.reading, own.aspects.get(key="feedback"))
    browser = as_(cast.irma)
    group = cast.elsewhere.pk
    pages = [at("focus-new", group, slug="de-eik"), f"{at('card', group, slug='de-eik')}?card=feedback"]
    pages += ["/cards/", "/cards/feedback/", "/s/de-eik/dashboard/", at("group", group, slug="de-eik")]
    for page in pages:
        assert CANARY not in reads(browser.get(page)), page
    for path in ("cards/", "cards/feedback/", "schools/de-eik/groups/"):
        assert CANARY not in str(api(cast.irma).get(path).body), path


def test_a_card_beside_the_own_one_is_only_to_read(cast: TestCast, as_: Any) -> None:
    factories.goal(factories.period(cast.reading, cast.aspects["openness"]))
    with time_machine.travel(NOW):
        own_card = reads(as_(cast.carla).get(at("card", cast.reading.pk)))
        other = reads(as_(cast.carla).get(at("card", cast.reading.pk), {"card": "analysing"}))
        none = reads(as_(cast.carla).get(at("card", cast.reading.pk), {"card": "harten-aas"}))
    assert "?tip=" in own_card
    assert "?tip=" not in other
    assert f"{at('focus-new', cast.reading.pk)}?card=analysing" in other
    assert at("focus-new", cast.reading.pk) in none


def test_another_card_costs_the_same(cast: TestCast, as_: Any, django_assert_num_queries: Any) -> None:
    factories.goal(factories.period(cast.reading, cast.aspects["openness"]))
    browser = as_(cast.carla)
    with time_machine.travel(NOW):
        browser.get(at("card", cast.reading.pk))
        for key in ("analysing", "feedback"):
            with django_assert_num_queries(15):
                browser.get(at("card", cast.reading.pk), {"card": key})


def test_the_command(cast: TestCast, own: Edition, capsys: pytest.CaptureFixture[str]) -> None:
    number = str(cast.schools["de-wilg"].board.number)
    call_command("board_edition", number, "onze")
    assert f"Board {number} chooses from onze 1 since " in capsys.readouterr().out
    call_command("board_edition", number, "--clear")
    assert "chooses from the standard edition again" in capsys.readouterr().out
    call_command("board_edition", number, "--clear")
    assert "has the standard edition already" in capsys.readouterr().out
    for wrong, said in (
        ((number, "standard"), "no edition of this name"),
        (("7", "onze"), "no board with this number"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("board_edition", *wrong)
    with pytest.raises(CommandError):
        call_command("board_edition", number)
    assert not BoardEdition.objects.exists()


def test_another_edition_takes_its_place(cast: TestCast, own: Edition) -> None:
    give(cast)
    Edition.objects.create(key="nieuw", version="1", is_public=False, title={"nl": "N"}, source={"nl": "-"})
    number = cast.schools["de-wilg"].board.number
    assert actions.use_edition(board=number, edition="nieuw", now=NOW).edition.key == "nieuw"
    assert BoardEdition.objects.get().edition.key == "nieuw"
