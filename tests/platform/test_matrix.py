"""Who may do what: every address and method, tried by every kind of caller, against the table in matrix.txt.

+ may   . answers as if it were not there   x may not, and may know that   > is sent to the sign-in
An address without a row fails the build; so does a row without an address.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from cards.models import Aspect
from observations.models import Debrief, Elector, FeedbackPair, Observation, Pulse, PulseElector, SelfScan, Visit
from schools import codes as invitation_codes, post, press, sealing
from schools.actions import keys
from schools.actions.providers import PURPOSE
from schools.models import Board, BreakGlass, Invitation, Roster, SignInService, User
from schools.roles import Role
from tests import factories
from tests.conftest import TestCast
from tests.platform import planted, remembered
from workgroups import actions, calendars, codes
from workgroups.models import GroupInvitation, Guest, Seat

# TM seat, CH chair, CS coach without a visit here, CO coach of the accepted visit, SL leader, SA school admin,
# TC teacher of the school without this seat, ND teacher next door, EL teacher of another board, BA board admin,
# OP operator
CALLERS = ("--", "TM", "CH", "CS", "CO", "SL", "SA", "TC", "ND", "EL", "BA", "OP")
NOBODY_HERE = ("ND", "EL", "OP")
TABLE = Path(__file__).with_name("matrix.txt")
# The sign-in library's own pages: tests/schools/test_signin.py tries those that are open.
SIGN_IN = ("account_", "mfa_")


# What stays the same in an address when its object is another one.
FIXED = {"slug", "key", "number", "name", "paper", "part", "step", "card", "kind", "place", "shape"}
# Where an empty body would be refused before anybody asks who is calling.
BODIES = {"api:observation": '{"visit": %(visit_id)s, "listened": 20, "notes": {}, "marks": {}, "pairs": []}'}
# Pages without "Who sees this?": the big screen, what works without a network, letters, coming in, and the dossier that
# says it all.
BARE = {
    *("board-services", "find-board", "service-prove", "invitation", "invitation-type", "offline", "council-dossier"),
    *("workgroups:meeting-open", "workgroups:meeting-screen", "workgroups:letter-paper"),
    *("observations:debrief", "observations:field"),
}
# Whoever has this address may read there, signed in or not.
HELD = {"calendar-feed"}


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    name: str
    method: str
    expected: dict[str, str]


def _rows() -> list[Row]:
    lines = [line.split() for line in TABLE.read_text(encoding="utf-8").splitlines() if line and line[0] not in "# "]
    return [Row(name, method, dict(zip(CALLERS, marks, strict=True))) for name, method, *marks in lines]


def _addresses(
    resolver: URLResolver | None = None, space: str = "", words: frozenset[str] = frozenset()
) -> Iterator[tuple[str, frozenset[str]]]:
    """Every address of our own by name, with the words in it that vary."""
    for entry in (resolver or get_resolver()).url_patterns:
        varying = words | frozenset(entry.pattern.converters)
        if isinstance(entry, URLResolver):
            yield from _addresses(entry, f"{space}{entry.namespace}:" if entry.namespace else space, varying)
        elif not (entry.name or "").startswith(SIGN_IN):
            yield f"{space}{entry.name}", varying


WORDS = dict(_addresses())


@dataclass(frozen=True)
class Stage:
    """Rows of the group "Begrijpend lezen" that addresses speak of, and who calls."""

    cast: TestCast
    browsers: dict[str, Client]
    own: dict[str, Any]
    foreign: dict[str, Any]


@pytest.fixture
def stage(cast: TestCast, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Stage]:
    """Every kind of object, at De Wilg and next door, and every kind of caller.

    Files to take along hold what would be printed, as it is: that saves a minute, and what leaks can be read.
    """
    for kind, begins in press._BEGINS.items():
        program = f"import sys; sys.stdout.buffer.write({begins!r} + sys.stdin.buffer.read())"
        (tmp_path / f"{kind}.py").write_text(program)
    monkeypatch.setattr(press, "__file__", str(tmp_path / "__init__.py"))
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_args, **_values: None)  # nobody asks
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)  # each 404 and 403 is a line
    monkeypatch.setattr("schools.callers.CallerThrottle.rate", "100000/min", raising=False)  # the clock stands still
    with time_machine.travel(factories.NOW, tick=False):
        coach = factories.person("Ben", cast.schools["de-wilg"], Role.COACH)
        own = _objects(cast, cast.reading, cast.bram)
        foreign = _objects(cast, cast.next_door, cast.bram)
        school = cast.schools["de-wilg"]
        Guest.objects.create(school=school, group=cast.reading, user=cast.bram, from_date=factories.LONG_AGO)
        people = [None, cast.carla, cast.els, coach, cast.bram, cast.anna, cast.frank, cast.joris]
        people += [cast.daan, cast.irma, cast.gerda, cast.hugo]
        yield Stage(cast, dict(zip(CALLERS, map(_browser, people), strict=True)), own, foreign)


def _browser(user: User | None) -> Client:
    client = Client()
    if user:
        client.force_login(user)
    return client


def _objects(cast: TestCast, group: Any, coach: User) -> dict[str, Any]:
    meeting = factories.meeting(group)
    period = factories.period(group, cast.aspects["openness"])
    goal = factories.goal(period)
    agreement = factories.agreement(goal)
    chair = Seat.objects.get(group=group, is_chair=True).user
    feed = actions.make_feed(by=chair, now=factories.NOW)
    asker = cast.carla if group == cast.reading else factories.person(f"Vrager {group.pk}")
    return {
        "slug": group.school.slug,
        "group_id": group.pk,
        "meeting_id": meeting.pk,
        "pulse_id": _pulse(group).pk,
        "period_id": period.pk,
        "goal_id": goal.pk,
        "agreement_id": agreement.pk,
        **_visit(group, meeting, coach),
        "shared_id": _shared(group, coach).pk,
        "place": 1,
        "scan_id": _scan(group, period.aspect.edition).pk,
        "seat_id": Seat.objects.filter(group=group).earliest("pk").pk,
        **factories.papers(group, asker, factories.person(f"Stille {group.pk}")),
        "key": "openness",
        "shape": _service(group.school.board, chair),
        "code": codes.code_of(group.pk),
        "line": factories.start(period).drafts[0]["id"],
        "step": "scan",
        "kind": factories.reminder(meeting, chair).kind,
        "card": 1,
        "number": group.school.board.number,
        "name": "geen-brief.eml",
        "paper": "arrangement",
        "part": "goals",
        "token_id": 1,
        "program_id": 1,
        "session_id": "0" * 64,
        "series_id": factories.series(group).pk,
        **_lists(cast, group.school),
        "key_id": 1,
        "feed_id": feed.pk,
        **_invited(group),
        "user_id": chair.pk,
        "membership_id": chair.memberships.get(school=group.school).pk,
        "help_id": factories.help_asked(group).pk,
        "look_id": _look(cast, group).pk,
        "holiday_id": factories.study_day(group.school, factories.TODAY + dt.timedelta(days=group.pk % 300)).pk,
        "signed": calendars.sign(feed.key),
        "signs": post.stop.token(coach.pk, post.EVERY),
    }


def _look(cast: TestCast, group: Any) -> BreakGlass:
    """What the operator opened once, and which is over: nothing is open now."""
    over = factories.NOW - dt.timedelta(days=2)
    return BreakGlass.objects.create(
        school=group.school, user=cast.hugo, reason="Gevraagd", opened_at=over, ends_at=over + dt.timedelta(hours=1)
    )


def _invited(group: Any) -> dict[str, Any]:
    """An invitation on paper, with a seat in the group that waits."""
    row = Invitation.objects.create(school=group.school, role="teacher", given_name="Wim", made_at=factories.NOW)
    code = invitation_codes.make()
    keys.give(row, code, now=factories.NOW)
    waiting = GroupInvitation.objects.create(school=group.school, group=group, invitation=row)
    return {"invitation_id": row.pk, "invitation_code": code, "waiting_id": waiting.pk}


def _lists(cast: TestCast, school: Any) -> dict[str, Any]:
    """A staff list that waits for a yes of the school's admin, and one of the board's."""
    told: dict[str, Any] = {"made_at": factories.NOW, "lines": [[2, "Kim", "", "Bos", "kim@x.example", "", ""]]}
    return {
        "roster_id": Roster.objects.create(school=school, by=cast.frank, **told).pk,
        "list_id": Roster.objects.create(board=school.board, by=cast.gerda, **told).pk,
    }


def _service(board: Board, linked: User) -> str:
    """A sign-in service of the board that does not answer, at which somebody is linked."""
    told: dict[str, Any] = {"issuer": "http://127.0.0.1:9", "client_id": "samenspraak"}
    told |= {"secret": sealing.seal("-", purpose=PURPOSE)}
    named = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    told["pinned"] = dict.fromkeys(named, "http://127.0.0.1:9/") | {"by_basic": True}
    told |= {"checked_at": factories.NOW, "opened_at": factories.NOW}
    service, made = SignInService.objects.get_or_create(board=board, shape="microsoft", defaults=told)
    if made:
        SocialAccount.objects.create(provider=service.account_key, uid=str(linked.pk), user=linked)
    return service.shape


def _visit(group: Any, meeting: Any, coach: User) -> dict[str, Any]:
    """A visit that is welcome, with notes."""
    mine = {"school": group.school, "group": group}
    told = {"accepted_for": meeting.starts_at, "proposed_at": factories.NOW}
    visit = Visit.objects.create(**mine, meeting=meeting, coach=coach, purpose="support", state="accepted", **told)
    observation = Observation.objects.create(
        id=uuid.uuid4(), **mine, visit=visit, listened=20, updated_at=factories.NOW
    )
    return {"visit_id": visit.pk, "observation_id": observation.pk}


def _scan(group: Any, edition: Any) -> SelfScan:
    """A round that is open, in which everybody with a seat may answer."""
    mine = {"school": group.school, "group": group}
    given = {"edition": edition, "way": "sealed", "opened_on": factories.TODAY}
    scan = SelfScan.objects.create(**mine, **given, closes_at=factories.NOW + dt.timedelta(days=7))
    for seat in Seat.objects.filter(group=group):
        Elector.objects.create(**mine, scan=scan, user_id=seat.user_id)
    return scan


def _shared(group: Any, coach: User) -> Visit:
    """An earlier visit of which feedback was shared, and which the group looks at now."""
    meeting = factories.meeting(group, factories.TODAY - dt.timedelta(days=7))
    mine = {"school": group.school, "group": group}
    told = {"accepted_for": meeting.starts_at, "proposed_at": factories.NOW, "shared_at": factories.NOW}
    visit = Visit.objects.create(**mine, meeting=meeting, coach=coach, purpose="support", state="shared", **told)
    observation = Observation.objects.create(**mine, visit=visit, listened=20, updated_at=factories.NOW)
    aspect = Aspect.objects.get(edition__is_public=True, key="openness")
    points = {"strong": "Jullie vroegen door.", "strong_aspect": aspect}
    points |= {"improvement": "Wacht iets langer.", "improvement_aspect": aspect}
    FeedbackPair.objects.create(**mine, observation=observation, position=1, **points)
    Debrief.objects.create(**mine, visit=visit, shows=1)
    return visit


def _pulse(group: Any) -> Pulse:
    pulse = Pulse.objects.create(
        school=group.school,
        group=group,
        kind="trust",
        opened_on=factories.TODAY,
        closes_at=factories.NOW + dt.timedelta(days=1),
    )
    PulseElector.objects.bulk_create(
        PulseElector(school=group.school, group=group, pulse=pulse, user_id=seat.user_id) for seat in group.seats.all()
    )
    return pulse


def _call(client: Client, method: str, address: str, body: str = "{}") -> HttpResponse:
    """The answer, its effects undone."""
    data = {"data": body, "content_type": "application/json"} if address.startswith("/api/") else {}
    signed_in = client.cookies.get(settings.SESSION_COOKIE_NAME)
    with transaction.atomic():
        answer: HttpResponse = getattr(client, method.lower())(address, **({} if method == "GET" else data))
        transaction.set_rollback(True)
    if signed_in:
        client.cookies[settings.SESSION_COOKIE_NAME] = signed_in
    return answer


def _mark(answer: HttpResponse) -> str:
    assert answer.status_code < 500
    to_sign_in = answer.status_code == 401 or (
        answer.status_code == 302 and answer["Location"].startswith("/account/login/")
    )
    return ">" if to_sign_in else {404: ".", 403: "x", 405: "m"}.get(answer.status_code, "+")


def _address(name: str, values: dict[str, Any]) -> str:
    return reverse(name, kwargs={word: values[word] for word in WORDS[name]})


def test_every_address_has_a_row() -> None:
    assert {row.name for row in _rows()} == set(WORDS)


def test_each_caller_gets_what_the_table_says(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole table at once: a difference prints the lines as they are.

    On the way: what a group writes is read by nobody else (faults 43 and 44), nothing of anybody stays in a shared
    cache (47), and each page says who sees it. Callers whom the same door lets in or turns away take turns (_spared).
    """
    remembered.read_hats_once(monkeypatch)
    planted_words, shared, bare, found = planted.plant(stage), set(), set(), []
    turn = cycle(range(len(CALLERS)))
    for row in _rows():
        address, body = _address(row.name, stage.own), BODIES.get(row.name, "{}") % stage.own
        marks, spared = [], _spared(row, next(turn))
        for who, client in stage.browsers.items():
            if who in spared:
                marks.append(row.expected[who])
                continue
            answer = _call(client, row.method, address, body)
            marks.append(_mark(answer))
            planted_words.read(who, b"" if row.name in HELD else _whole(answer))
            shared |= {row.name} if who != "--" and not _is_kept_from_others(answer) else set()
            bare |= {row.name} if row.method == "GET" and who != "--" and _is_bare(answer) else set()
        found.append(_line(row, marks))
    assert found == [_line(row, row.expected.values()) for row in _rows()]
    assert shared == set()
    assert bare == BARE
    allowed = {name: readers.callers for name, readers in planted.READERS.items()}
    assert {name: who for name, who in planted_words.found.items() if not who <= allowed[name]} == {}
    assert set(planted_words.found) == set(allowed), "A word that nobody comes across proves nothing."


def _spared(row: Row, first: int) -> set[str]:
    """Who need not try this door, as somebody else does: ``first`` says whose turn it is.

    Of the three who are nobody at a school one tries; where a form is for those who read its page, one of each mark.
    """
    callers = (*CALLERS[first:], *CALLERS[:first])
    if row.method != "GET" and _pages().get(row.name) == row.expected:
        return set(CALLERS) - set({row.expected[who]: who for who in callers}.values())
    nobody = [who for who in callers if who in NOBODY_HERE]
    is_shut = "slug" in WORDS[row.name] and all(row.expected[who] == "." for who in nobody)
    return set(nobody[1:]) if is_shut else set()


@cache
def _pages() -> dict[str, dict[str, str]]:
    return {row.name: row.expected for row in _rows() if row.method == "GET"}


def _line(row: Row, marks: Iterable[str]) -> str:
    return f"{row.name:<32}{row.method:<5} " + "".join(f"{mark:<3}" for mark in marks).rstrip()


def _body(answer: HttpResponse) -> bytes:
    """The answer without what differs every time: the form's own key."""
    return b"\n".join(line for line in answer.content.splitlines() if b"csrf" not in line)


def _whole(answer: HttpResponse) -> bytes:
    return b"".join(answer) if answer.streaming else answer.content


def _is_kept_from_others(answer: HttpResponse) -> bool:
    told = answer.get("Cache-Control", "")
    return "no-store" in told or ("private" in told and "no-cache" in told)


def _is_bare(answer: HttpResponse) -> bool:
    """A page that does not say who sees it."""
    is_page = answer.status_code == HTTPStatus.OK and answer["Content-Type"].startswith("text/html")
    return is_page and b'class="sees"' not in answer.content
