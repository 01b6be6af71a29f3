"""Every page of every kind of caller: no barrier that axe finds, no sideways scrolling, by day and by night."""

from __future__ import annotations

from typing import Any

import pytest

from observations.models import Pulse, SelfScan, Visit
from schools import post, tenancy
from schools.models import User
from workgroups.models import (
    Agreement,
    Criterion,
    DecisionNote,
    FocusPeriod,
    Goal,
    Interview,
    KnowLine,
    Meeting,
    Option,
    PeerFeedback,
    RoutineReview,
    Seat,
    Source,
    WorkGroup,
)

pytestmark = pytest.mark.browser
PUBLIC = [
    "/",
    "/about/",
    "/cards/",
    "/cards/print/",
    "/cards/feedback/",
    "/account/login/",
    "/account/password/reset/",
    "/mailbox/",
]
SCHOOL = ["/s/de-wilg/", "/s/de-wilg/dashboard/", "/s/de-wilg/people/", "/me/", "/me/calendar/", "/me/letters/"]


def _pages_of(group_name: str) -> list[str]:
    """The addresses inside one group of the story."""
    with tenancy.acting_for_system("tests"):
        group = WorkGroup.objects.get(name=group_name)
        period = FocusPeriod.objects.get(group=group, state="live")
        ahead = Meeting.objects.filter(group=group, state="planned").earliest("starts_at")
        held = Meeting.objects.filter(group=group, state="held").latest("starts_at")
        goal = Goal.objects.filter(period=period, state="live").earliest("position")
        agreement = Agreement.objects.filter(goal=goal, state="live").earliest("slot")
        pulse = Pulse.objects.get(group=group, state="closed")
        visits = list(group.visits.order_by("pk"))
        chair, member = Seat.objects.filter(group=group).order_by("-is_chair", "pk")[:2]
        scan = SelfScan.objects.filter(group=group, state="revealed").latest("pk")
    start, home = f"/s/{group.school.slug}", f"/s/{group.school.slug}/groups/{group.pk}"
    return [
        f"{home}/",
        f"{home}/edit/",
        f"{home}/seats/",
        f"{home}/meetings/new/",
        f"{home}/focus/new/",
        f"{home}/profile/",
        f"{start}/meetings/{ahead.pk}/",
        f"{start}/meetings/{ahead.pk}/edit/",
        f"{start}/meetings/{ahead.pk}/cancel/",
        f"{start}/meetings/{ahead.pk}/open/",
        f"{start}/meetings/{held.pk}/",
        f"{start}/focus/{period.pk}/why/",
        f"{start}/focus/{period.pk}/start/",
        f"{start}/focus/{period.pk}/start/?screen=1",
        f"{start}/focus/{period.pk}/goals/new/",
        f"{start}/goals/{goal.pk}/",
        f"{start}/goals/{goal.pk}/edit/",
        f"{start}/goals/{goal.pk}/end/",
        f"{start}/goals/{goal.pk}/agreements/new/",
        f"{home}/agreements/",
        f"{start}/agreements/{agreement.pk}/",
        f"{start}/agreements/{agreement.pk}/edit/",
        f"{start}/agreements/{agreement.pk}/end/",
        f"{home}/card/",
        f"{home}/turn/",
        f"{home}/end/",
        f"{start}/seats/{chair.pk}/line/",
        f"{start}/seats/{member.pk}/leave/",
        f"{start}/seats/{member.pk}/chair/",
        f"{start}/meetings/{ahead.pk}/sheet/",
        f"{home}/scan-sheet/",
        f"{home}/scan-paper/",
        *(f"{start}/visits/{visit.pk}/" for visit in visits),
        f"{start}/visits/{visits[-1].pk}/amend/",
        *(f"{start}/meetings/{ahead.pk}/{page}/" for page in ("screen", "agenda", "points", "notes")),
        f"{start}/meetings/{held.pk}/screen/",
        f"{home}/pulses/",
        f"{start}/pulses/{pulse.pk}/",
        f"{home}/scans/",
        f"{home}/scans/new/",
        f"{start}/scans/{scan.pk}/",
        *(f"{start}/scans/{scan.pk}/?at={place}" for place in (1, 2, 9)),
        f"{home}/letters/",
        f"{start}/meetings/{ahead.pk}/letters/reminder/",
    ]


def _papers(short: str) -> list[str]:
    """The papers of the story that this member of the group can open; feedback only between the two."""
    with tenancy.acting_for_system("tests"):
        group = WorkGroup.objects.get(name="Begrijpend lezen")
        notes = list(DecisionNote.objects.filter(group=group).values_list("pk", flat=True))
        line = KnowLine.objects.filter(group=group, column="find_out", done_on__isnull=True).earliest("pk")
        option = Option.objects.filter(group=group).latest("pk")
        criterion = Criterion.objects.filter(group=group).latest("pk")
        peers = list(PeerFeedback.objects.filter(group=group).select_related("giver"))
        read = [model.objects.get(group=group).pk for model in (RoutineReview, Source, Interview)]
    start, home = "/s/de-wilg", f"/s/de-wilg/groups/{group.pk}/papers"
    own = [f"{start}/feedback/{peer.pk}/" for peer in peers]
    asked = [peer for peer in peers if peer.giver.given_name.lower() == short and peer.state == "asked"]
    own += [f"{start}/feedback/{peer.pk}/give/" for peer in asked]
    if short == "carla":
        return [f"{home}/", *own]
    forms = ("know", "decisions", "feedback", "routines", "sources", "interviews")
    return [
        f"{home}/",
        *(f"{home}/round/?step={step}" for step in (1, 3, 4)),
        *(f"{home}/{form}/" for form in forms),
        f"{start}/know/{line.sheet_id}/",
        f"{start}/know/lines/{line.pk}/",
        f"{start}/know/lines/{line.pk}/found/",
        *(f"{start}/decisions/{note}/" for note in notes),
        *(f"{start}/decisions/{notes[0]}/{page}/" for page in ("edit", "criteria", "options", "other-view", "decide")),
        f"{start}/options/{option.pk}/",
        f"{start}/criteria/{criterion.pk}/",
        *(f"{start}/{kind}/{pk}/" for kind, pk in zip(("routines", "sources", "interviews"), read, strict=True)),
        f"{start}/routines/{read[0]}/edit/",
        *own,
    ]


def _open_round() -> list[str]:
    """A self-scan and a pulse that are open in the story, and the first card to answer in it."""
    with tenancy.acting_for_system("tests"):
        scan = SelfScan.objects.select_related("school", "aspect").get(state="open")
        pulse = Pulse.objects.get(state="open")
    start = f"/s/{scan.school.slug}/scans/{scan.pk}"
    answers = f"{start}/answer/{scan.aspect.number if scan.aspect else 1}/"
    home = f"/s/{pulse.school.slug}/groups/{pulse.group_id}"
    return [f"{start}/", answers, f"{home}/pulses/", f"/s/{pulse.school.slug}/pulses/{pulse.pk}/"]


def _stop_page() -> str:
    """Where a link in Carla's letters leads."""
    return f"/letters/stop/{post.stop.token(User.objects.get(email='carla@dewilg.example').pk, post.EVERY)}/"


def _own_visits() -> list[str]:
    """The visits that Bram still makes, and how he prepares them."""
    with tenancy.acting_for_system("tests"):
        visits = Visit.objects.filter(state__in=["proposed", "accepted"]).select_related("school").order_by("pk")
        ahead = [f"/s/{visit.school.slug}/visits/{visit.pk}/" for visit in visits]
    return [*ahead, *(f"{page}prepare/" for page in ahead)]


def _pages(short: str) -> list[str]:
    group = _pages_of("Begrijpend lezen")
    return {
        "": [*PUBLIC, _stop_page()],
        "carla": [*SCHOOL, group[0], group[5], group[6], group[9], *_papers("carla")],
        "els": [*SCHOOL, *group, *_papers("els")],
        "anna": [*SCHOOL, "/s/de-wilg/reminders/", "/s/de-wilg/groups/new/", group[0], group[1], group[2], group[5]],
        "frank": [*SCHOOL, group[0]],
        "bram": ["/", "/s/de-wilg/", "/s/de-beuk/", *_own_visits()],
        "daan": _open_round(),
        "gerda": ["/b/90001/", "/me/"],
        "hugo": ["/", "/me/"],
    }[short]


@pytest.mark.parametrize("callers", [("", "els"), ("carla", "anna", "frank", "bram", "daan", "gerda", "hugo")])
def test_no_page_has_a_barrier(callers: tuple[str, ...], visit_as: Any) -> None:
    found: list[str] = []
    for short in callers:
        for width, dark in ((320, False), (1280, True)):
            visitor = visit_as(short, width=width, dark=dark)
            for path in _pages(short):
                answer = visitor.page.goto(visitor.address + path)
                assert answer.status == 200, (short, path, answer.status)
                found += [f"{path} at {width}: {barrier}" for barrier in visitor.find_barriers()]
    assert found == []
