"""A round that the group answers with one voice: two phones fill in the same card, and any seat may let it go."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import translation

from observations import actions, queries
from observations.models import ScanAnswer, SelfScan
from observations.models.observation import Degree
from schools.refusals import Conflict
from tests import factories
from tests.conftest import TestCast
from tests.observations import rounds
from tests.observations.rounds import NOW
from workgroups.models import Guest

THEIRS, MINE = "Vooral aan het begin", "Als er iets mislukt"


def together(cast: TestCast, key: str | None = None) -> SelfScan:
    return rounds.opened(cast, key, way="together", closes_at=None)


def at(scan: SelfScan, rest: str = "") -> str:
    return f"/s/de-wilg/scans/{scan.pk}/{rest}"


def typed(cast: TestCast, degree: str, manner: str, version: str) -> dict[str, str]:
    lines = cast.aspects["openness"].behaviours.all()
    fields = {f"degree-{line.pk}": degree for line in lines} | {f"manner-{line.pk}": manner for line in lines}
    return {**fields, "version": version}


def version_on(page: Any) -> str:
    return str(page.context["form"]["version"].value())


def said(scan: SelfScan) -> set[tuple[int | None, str]]:
    return set(ScanAnswer.objects.filter(scan=scan).values_list("degree", "manner"))


@pytest.mark.sqlite
def test_what_was_not_read_is_not_replaced(cast: TestCast) -> None:
    scan, aspect = together(cast), cast.aspects["openness"]
    nothing = queries.fingerprint({})
    given: dict[str, Any] = {"scan": scan, "aspect": aspect, "now": NOW}
    els, carla = cast.hat("els"), cast.hat("carla")
    actions.answer_scan(**given, answers=rounds.answers(aspect, None, 3, manner=THEIRS), version=nothing, by=els)
    with pytest.raises(Conflict) as refused:
        actions.answer_scan(**given, answers=rounds.answers(aspect, 2, manner=MINE), version=nothing, by=carla)
    assert said(scan) == {(None, THEIRS), (3, THEIRS)}
    first, second, *_others = aspect.behaviours.order_by("position")
    assert refused.value.theirs[f"degree-{first.pk}"] == "none"
    assert refused.value.theirs[f"degree-{second.pk}"] == "3"
    assert refused.value.theirs[f"manner-{first.pk}"] == THEIRS

    version = refused.value.version
    actions.answer_scan(**given, answers=rounds.answers(aspect, 2, manner=MINE), version=version, by=carla)
    assert said(scan) == {(2, MINE)}


def test_the_same_again_is_no_conflict(cast: TestCast) -> None:
    scan, aspect = together(cast), cast.aspects["openness"]
    for user in (cast.els, cast.carla):
        rounds.answer(scan, user, 3, manner=THEIRS, aspect=aspect)
        actions.answer_scan(
            scan=scan,
            aspect=aspect,
            answers=rounds.answers(aspect, 3, manner=f" {THEIRS} "),
            version=queries.fingerprint({}),
            by=cast.hat("carla"),
            now=NOW,
        )
    assert said(scan) == {(3, THEIRS)}


def test_other_cards_of_the_round_are_no_conflict(cast: TestCast) -> None:
    scan, nothing = together(cast), queries.fingerprint({})
    for key, who in (("openness", "els"), ("feedback", "carla")):
        aspect = cast.aspects[key]
        given = rounds.answers(aspect, 3)
        actions.answer_scan(scan=scan, aspect=aspect, answers=given, version=nothing, by=cast.hat(who), now=NOW)
    assert ScanAnswer.objects.filter(scan=scan).count() == factories.SHAPE["openness"] + factories.SHAPE["feedback"]


def test_a_fingerprint_is_of_every_word(cast: TestCast) -> None:
    aspect = cast.aspects["openness"]
    given = [
        rounds.answers(aspect, 3),
        rounds.answers(aspect, 2, 3),
        rounds.answers(aspect, None, 3),
        rounds.answers(aspect, 3, manner="x"),
        {},
    ]
    assert len({queries.fingerprint(each) for each in given}) == len(given)
    assert queries.fingerprint(given[0]) == queries.fingerprint(dict(reversed(given[0].items())))


@pytest.mark.usefixtures("clock")
def test_the_page_shows_both_texts_and_sending_again_is_a_choice(cast: TestCast, as_: Any) -> None:
    scan = together(cast)
    els, carla = as_(cast.els), as_(cast.carla)
    versions = [version_on(browser.get(at(scan, "answer/1/"))) for browser in (els, carla)]
    assert els.post(at(scan, "answer/1/"), typed(cast, "4", THEIRS, versions[0])).status_code == 302

    page = carla.post(at(scan, "answer/1/"), typed(cast, "2", MINE, versions[1]))
    assert page.status_code == 409
    assert said(scan) == {(4, THEIRS)}
    count = factories.SHAPE["openness"]
    assert page.text.count(f'<p class="said">{THEIRS}</p>') == count
    assert page.text.count(f">\n{MINE}</textarea>") == count
    with translation.override("nl"):
        assert page.text.count(f'<p class="said">{Degree(4).label}</p>') == count
    assert carla.post(at(scan, "answer/1/"), typed(cast, "2", MINE, version_on(page))).status_code == 302
    assert said(scan) == {(2, MINE)}


@pytest.mark.usefixtures("clock")
def test_words_that_changed_on_the_way_are_a_conflict_on_paper_too(cast: TestCast, as_: Any) -> None:
    factories.period(cast.reading, cast.aspects["openness"])
    scan = together(cast, None)
    paper = f"/s/de-wilg/groups/{cast.reading.pk}/scan-paper/?about=all"
    browser = as_(cast.carla)
    version = version_on(browser.get(paper))
    rounds.answer(scan, cast.els, 4, manner=THEIRS, aspect=cast.aspects["openness"])
    lines = queries.behaviours_of(scan)
    mine = {f"degree-{line.pk}": "2" for line in lines} | {f"manner-{line.pk}": MINE for line in lines}
    page = browser.post(paper, {**mine, "version": version})
    assert page.status_code == 409
    assert page.text.count(f'<p class="said">{THEIRS}</p>') == factories.SHAPE["openness"]
    assert said(scan) == {(4, THEIRS)}
    assert browser.post(paper, {**mine, "version": version_on(page)})["Location"] == at(scan)
    scan.refresh_from_db()
    assert scan.state == "revealed"


@pytest.mark.usefixtures("clock")
def test_any_seat_lets_go_of_it(cast: TestCast, as_: Any) -> None:
    scan = together(cast)
    rounds.answer(scan, cast.els, 3, manner=THEIRS, aspect=cast.aspects["openness"])
    browser = as_(cast.carla)
    page = browser.get(at(scan)).text
    assert f'action="{at(scan, "drop/")}"' in page
    assert f'action="{at(scan, "close/")}"' not in page
    assert browser.post(at(scan, "drop/"))["Location"] == at(scan)
    scan.refresh_from_db()
    assert (scan.state, ScanAnswer.objects.count()) == ("void", 0)
    assert together(cast).state == "open"


def test_it_needs_a_seat(cast: TestCast) -> None:
    scan = together(cast)
    Guest.objects.create(school=scan.school, group=cast.reading, user=cast.bram, from_date=factories.TODAY)
    for who in ("bram", "anna", "joris", "frank"):
        with pytest.raises(PermissionDenied):
            actions.drop_scan(scan=scan, by=cast.hat(who), now=NOW)


@pytest.mark.usefixtures("clock")
def test_a_round_of_single_voices_is_let_go_by_the_chair_alone(cast: TestCast, as_: Any) -> None:
    rounds.colleagues(cast, 4)
    scan = rounds.opened(cast)
    assert f'action="{at(scan, "drop/")}"' not in as_(cast.carla).get(at(scan)).text
    assert as_(cast.carla).post(at(scan, "drop/")).status_code == 403
    assert f'action="{at(scan, "drop/")}"' in as_(cast.els).get(at(scan)).text
    assert SelfScan.objects.get().state == "open"
