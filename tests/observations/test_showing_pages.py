"""The group is asked at each reveal, sees beforehand what its leader would see, and takes it back when it likes."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest

from observations import actions, queries
from observations.models import Remark, ScanReading, SelfScan, ShareDecision, Snapshot
from schools.models import User
from tests import factories
from tests.conftest import TestCast
from tests.observations import rounds, steps
from workgroups import actions as group_actions
from workgroups.models import Seat

pytestmark = pytest.mark.usefixtures("clock")

NOW = factories.NOW
ASKED = "Ziet je schoolleider dit beeld ook?"
OUTSIDE = ["anna", "frank", "joris", "bram", "daan", "gerda", "hugo", "irma"]


def page(cast: TestCast, name: str = "profile/") -> str:
    return f"/s/de-wilg/groups/{cast.reading.pk}/{name}"


def round_page(scan: SelfScan, at: str = "") -> str:
    return f"/s/de-wilg/scans/{scan.pk}/{at}"


def four(cast: TestCast) -> list[User]:
    """Four people with a seat, the same ones at every call."""
    seated = User.objects.filter(pk__in=Seat.objects.filter(group=cast.reading).values("user"))
    return list(seated) if len(seated) >= 4 else rounds.colleagues(cast, 4)


def revealed(cast: TestCast, key: str = "reflecting", manner: str = "") -> SelfScan:
    """A sealed round of four that heard it often."""
    people = four(cast)
    scan = rounds.answered(rounds.opened(cast, key), people, 3, manner=manner)
    return actions.reveal_scan(scan=scan, by=cast.hat("els"), now=NOW)


def show(cast: TestCast, scan: SelfScan | None = None, *, shares: bool = True, who: str = "els") -> None:
    actions.decide_sharing(group=cast.reading, shares=shares, scan=scan, by=cast.hat(who), now=NOW)


def shown(cast: TestCast) -> list[int]:
    return [one.scan_id for one in queries.sharing_of(cast.reading).shown]


def words_in(text: str) -> list[str]:
    """The cells of the page's table."""
    table = re.search(r"<table.*</table>", text, re.DOTALL)
    assert table
    return re.findall(r"<td[^>]*>([^<]*)</td>", table.group())


def same_for_all(text: str) -> str:
    """What of a page is not made anew for each visit."""
    return "\n".join(line for line in text.splitlines() if "csrf" not in line)


def test_a_reveal_ends_with_the_question(cast: TestCast, as_: Any) -> None:
    scan = revealed(cast)
    els = as_(cast.els)
    last = next(place for place in range(9, 0, -1) if 'class="board' in els.get(round_page(scan, f"?at={place}")).text)
    slide = els.get(round_page(scan, f"?at={last}")).text
    assert ASKED in slide
    assert "Deel het in woorden" in slide
    assert "Houd het in de groep" in slide
    assert "Nog één vraag" in els.get(round_page(scan, f"?at={last - 1}")).text
    assert ASKED in els.get(round_page(scan)).text


def test_it_works(cast: TestCast, as_: Any) -> None:
    scan, els = revealed(cast), as_(cast.els)
    answer = els.post(page(cast, "sharing/"), {"scan": scan.pk, "shares": "yes", "from": "scan"})
    assert answer["Location"] == round_page(scan)
    told = els.get(round_page(scan)).text
    assert "Je schoolleider kan dit beeld nu lezen, in woorden." in told
    assert ASKED not in told
    assert words_in(as_(cast.anna).get(page(cast)).text) == ["geen beeld", "vaak", *["geen beeld"] * 4]


def test_keeping_is_as_good(cast: TestCast, as_: Any) -> None:
    scan, els = revealed(cast), as_(cast.els)
    assert els.post(page(cast, "sharing/"), {"scan": scan.pk, "shares": "no", "from": "scan"}).status_code == 302
    told = els.get(round_page(scan)).text
    assert "Dit beeld blijft in de groep" in told
    assert ASKED not in told
    assert ASKED not in els.get(page(cast)).text
    assert as_(cast.anna).get(page(cast)).status_code == 404


def test_the_profile_asks_the_chair_about_the_last_round(cast: TestCast, as_: Any) -> None:
    revealed(cast)
    assert ASKED in as_(cast.els).get(page(cast)).text
    assert ASKED not in as_(cast.carla).get(page(cast)).text


def test_a_member_cannot_share_but_takes_back(cast: TestCast, as_: Any) -> None:
    scan, carla = revealed(cast), as_(cast.carla)
    body = {"scan": scan.pk, "from": "sharing"}
    assert "Jullie voorzitter kan het delen" in carla.get(round_page(scan)).text
    assert carla.post(page(cast, "sharing/"), {**body, "shares": "yes"}).status_code == 403
    show(cast, scan)
    answer = carla.post(page(cast, "sharing/"), {**body, "shares": "no"})
    assert answer["Location"] == page(cast, "sharing/")
    assert shown(cast) == []
    assert queries.shares_profile(cast.reading.pk)


def test_who_takes_everything_back_takes_the_rounds_too(cast: TestCast, as_: Any) -> None:
    show(cast, revealed(cast))
    as_(cast.carla).post(page(cast, "sharing/"), {"shares": "no"})
    assert shown(cast) == []
    assert as_(cast.anna).get(page(cast)).status_code == 404


def test_the_list_says_of_each_round_how_it_stands(cast: TestCast, as_: Any) -> None:
    first, second = revealed(cast), revealed(cast, "openness")
    show(cast, first)
    told = as_(cast.els).get(page(cast, "sharing/")).text
    names = [cast.aspects[key].name for key in ("openness", "reflecting")]
    assert re.findall(rf"<h3>\s*november 2026 · ({'|'.join(names)})", told) == names
    assert told.count("Je schoolleider leest het, in woorden") == 1
    assert told.count("jullie hebben het er nog niet over gehad") == 1
    show(cast, second, shares=False)
    assert "nog niet over gehad" not in as_(cast.els).get(page(cast, "sharing/")).text


def test_an_empty_list_explains_itself(cast: TestCast, as_: Any) -> None:
    assert "Nog geen eigen beeld" in as_(cast.carla).get(page(cast, "sharing/")).text


@pytest.mark.parametrize("who", OUTSIDE)
def test_it_needs_a_seat(cast: TestCast, as_: Any, clock: Any, who: str) -> None:
    """Bram is the group's guest."""
    visit, scan = steps.shared(cast), revealed(cast)
    clock(steps.after(visit.meeting, hours=2))
    browser = as_(cast.people[who])
    assert browser.get(page(cast, "sharing/")).status_code == 404
    assert browser.post(page(cast, "sharing/"), {"scan": scan.pk, "shares": "yes"}).status_code == 404
    assert not ShareDecision.objects.exists()


@pytest.mark.parametrize("named", ["0", "x", "-1", "9" * 30, "9" * 5000, "²"])
def test_a_round_that_is_not_there(cast: TestCast, as_: Any, named: str) -> None:
    els = as_(cast.els)
    assert els.post(page(cast, "sharing/"), {"scan": named, "shares": "yes"}).status_code == 404
    assert els.get(page(cast), {"as": "leader", "scan": named}).status_code == 404
    assert not ShareDecision.objects.exists()


def test_a_round_of_another_group_is_not_there(cast: TestCast, as_: Any) -> None:
    scan = revealed(cast)
    address = f"/s/de-wilg/groups/{cast.maths.pk}/"
    chair = as_(cast.joris)
    assert chair.get(f"{address}profile/?as=leader").status_code == 200
    assert chair.get(f"{address}profile/?as=leader&scan={scan.pk}").status_code == 404
    assert chair.post(f"{address}sharing/", {"scan": scan.pk, "shares": "yes"}).status_code == 404


def test_an_unrevealed_round_has_no_preview(cast: TestCast, as_: Any) -> None:
    people = four(cast)
    scan = rounds.answered(rounds.opened(cast), people, 3)
    assert as_(cast.els).get(page(cast), {"as": "leader", "scan": scan.pk}).status_code == 404


def test_an_ended_group_is_asked_nothing_but_takes_back(cast: TestCast, as_: Any) -> None:
    first, second = revealed(cast), revealed(cast, "openness")
    show(cast, first)
    group_actions.end_group(group=cast.reading, because="Klaar", by=cast.hat("els"), now=NOW)
    els = as_(cast.els)
    assert ASKED not in els.get(round_page(second)).text
    assert ASKED not in els.get(page(cast)).text
    told = els.get(page(cast, "sharing/")).text
    assert "Deel het" not in told
    els.post(page(cast, "sharing/"), {"scan": first.pk, "shares": "no"})
    assert shown(cast) == []


def test_the_preview_is_word_for_word_what_the_leader_reads(cast: TestCast, as_: Any, clock: Any) -> None:
    visit, scan = steps.shared(cast), revealed(cast)
    clock(steps.after(visit.meeting, hours=2))
    preview = as_(cast.carla).get(page(cast), {"as": "leader", "scan": scan.pk}).text
    show(cast, scan)
    leaders = as_(cast.anna).get(page(cast)).text
    start, end = "<h1>", "</table>"
    parts = [text[text.index(start) : text.rindex(end)] for text in (preview, leaders)]
    assert parts[0] == parts[1]
    assert words_in(leaders)[:6] == ["geen beeld", "vaak", *["geen beeld"] * 4]


def test_a_leader_names_no_round(cast: TestCast, as_: Any) -> None:
    first, second = revealed(cast), revealed(cast, "openness")
    show(cast, first)
    anna = as_(cast.anna)
    plain = anna.get(page(cast))
    named = anna.get(page(cast), {"as": "leader", "scan": second.pk})
    assert same_for_all(named.text) == same_for_all(plain.text)


def test_of_a_round_nothing_but_words_and_month(cast: TestCast, as_: Any) -> None:
    scan = revealed(cast, manner="Kanarie aan het eind")
    show(cast, scan)
    told = as_(cast.anna).get(page(cast)).text
    assert "november 2026" in told
    assert "Kanarie" not in told
    assert "24 november" not in told
    assert not re.search(r">\s*3,0|ieder voor zich|4 mensen|eensgezind|gemengd", told)
    for line in queries.behaviours_of(scan):
        assert line.text not in told
    assert round_page(scan) not in told


@pytest.mark.parametrize("where", ["group", "csv", "xlsx", "school", "school csv", "school xlsx"])
def test_what_leaders_may_not_know_leaves_no_trace(cast: TestCast, as_: Any, where: str) -> None:
    """Other answers behind the same words: the same bytes, size and headers, of pages and of files to keep."""
    address = {
        "group": page(cast),
        "school": "/s/de-wilg/dashboard/",
        "school csv": "/s/de-wilg/dashboard.csv",
        "school xlsx": "/s/de-wilg/dashboard.xlsx",
    }.get(where, page(cast, f"profile.{where}"))
    show(cast, revealed(cast))
    anna, told = as_(cast.anna), []
    for _time in range(2):
        answer = anna.get(address)
        assert answer.status_code == 200
        of_the_moment = ("Set-Cookie", "Server-Timing", "X-Request-ID")
        headers = {name: value for name, value in answer.items() if name not in of_the_moment}
        content = answer.getvalue()
        told.append((same_for_all(content.decode("latin-1")), len(content), headers))
        _answer_otherwise(cast)
    assert told[0] == told[1]


def _answer_otherwise(cast: TestCast) -> None:
    """Other answers of other people on another day, in the same words and month."""
    ScanReading.objects.update(halves=7, spread="mixed")
    Snapshot.objects.update(respondents=9)
    SelfScan.objects.update(closed_on=dt.date(2026, 11, 2))
    reading = ScanReading.objects.earliest("pk")
    mine = {"school": cast.reading.school, "group": cast.reading}
    Remark.objects.create(**mine, snapshot=reading.snapshot, behaviour=reading.behaviour, text="Kanarie")


def test_a_group_that_keeps_to_itself_looks_the_same_before_and_after(cast: TestCast, as_: Any) -> None:
    """A reveal, a void round, a decision to keep, one to show and to take back again: nothing of it shows at school."""

    def look() -> list[tuple[int, str]]:
        pages = (page(cast), "/s/de-wilg/dashboard/", page(cast, ""))
        answers = [as_(who).get(one) for who in (cast.anna, cast.frank, cast.joris) for one in pages]
        return [(answer.status_code, same_for_all(answer.text)) for answer in answers]

    four(cast)
    before = look()
    scan = revealed(cast)
    assert look() == before
    show(cast, scan, shares=False)
    assert look() == before
    show(cast, scan)
    assert look() != before
    show(cast, shares=False, who="carla")
    assert look() == before
    actions.drop_scan(scan=rounds.opened(cast, "openness"), by=cast.hat("els"), now=NOW)
    assert look() == before


@pytest.mark.parametrize("count", [1, 3])
def test_rounds_cost_no_queries(cast: TestCast, as_: Any, django_assert_num_queries: Any, count: int) -> None:
    for key in ("openness", "reflecting", "analysing")[:count]:
        show(cast, revealed(cast, key))
    els = as_(cast.els)
    with django_assert_num_queries(10):
        assert els.get(page(cast, "sharing/")).text.count("leest het, in woorden") == count
    anna = as_(cast.anna)
    with django_assert_num_queries(16):
        assert anna.get(page(cast)).text.count("november 2026</") >= count
