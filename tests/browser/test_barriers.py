"""Every page of every kind of caller: no barrier that axe finds, no sideways scrolling, by day and by night."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from observations import actions as visiting
from observations.actions import debrief as actions
from observations.models import Pulse, SelfScan, Visit
from schools import codes, post, tenancy
from schools.actions import keys
from schools.models import BreakGlass, Invitation, Membership, Roster, School, User
from tests import factories
from tests.browser.conftest import Visitor
from workgroups import actions as working
from workgroups.models import (
    Agreement,
    Criterion,
    DecisionNote,
    FocusPeriod,
    Goal,
    Guest,
    HelpRequest,
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
    "/about/council/",
    "/about/api/",
    "/about/api/goals/",
    "/cards/",
    "/cards/print/",
    "/cards/feedback/",
    "/account/login/",
    "/account/login/code/",
    "/account/password/reset/",
    "/account/board/",
    "/mailbox/",
    "/offline/",
]
PLANTED = """<!doctype html><html lang="nl"><title>Fouten</title><style>
body { background: #fff; color: #000 } .day { color: #bbb } .wide { width: 400px }
@media (prefers-color-scheme: dark) { body { background: #000; color: #fff } .day { color: #fff }
.night { color: #333 } }
</style><main><h1>Fouten</h1><p class="day">Overdag</p><p class="night">Vannacht</p><p class="wide">Breed</p></main>"""
STRICT = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
OPENS_ITS_STORE = "/field/"  # a page that reads first on the device at which step it is
SCHOOL = [
    "/s/de-wilg/",
    "/s/de-wilg/dashboard/",
    "/s/de-wilg/people/",
    "/me/",
    "/me/calendar/",
    "/me/letters/",
    *("/me/sign-in/", "/me/sign-in/start/", "/me/sign-in/app/new/", "/me/services/"),
]


def _pages_of(group_name: str) -> list[str]:
    """The addresses inside one group of the story."""
    with tenancy.acting_for_system("tests"):
        group = WorkGroup.objects.select_related("school").get(name=group_name)
        chair, member = Seat.objects.filter(group=group).order_by("-is_chair", "pk")[:2]
        meetings, more = _meetings(group), _plan(group) + _mirrors(group) + _visits(group) + _help(group, chair.user)
    start, home = f"/s/{group.school.slug}", f"/s/{group.school.slug}/groups/{group.pk}"
    seats = [f"seats/{chair.pk}/line", f"seats/{member.pk}/leave", f"seats/{member.pk}/chair"]
    first = ("edit/", "seats/", "meetings/new/", "focus/new/", "profile/", "profile/openness/")
    parts = ("agreements", "card", "turn", "end", "scan-sheet", "scan-paper", "pulses", "scans", "scans/new", "letters")
    return [
        f"{home}/",
        *(f"{home}/{part}" for part in first),
        *(f"{start}/{page}/" for page in meetings),
        *(f"{home}/{part}/" for part in parts),
        *(f"{start}/{page}" if "?" in page else f"{start}/{page}/" for page in seats + more),
    ]


def _meetings(group: WorkGroup) -> list[str]:
    ahead = Meeting.objects.filter(group=group, state="planned").earliest("starts_at")
    held = Meeting.objects.filter(group=group, state="held").latest("starts_at")
    pages = ("edit", "cancel", "open", "sheet", "screen", "agenda", "points", "notes", "letters/reminder")
    own = [f"meetings/{ahead.pk}", *(f"meetings/{ahead.pk}/{page}" for page in pages)]
    return [*own, f"meetings/{held.pk}", f"meetings/{held.pk}/screen"]


def _plan(group: WorkGroup) -> list[str]:
    """The focus period with its goals and agreements."""
    period = FocusPeriod.objects.get(group=group, state="live")
    goal = Goal.objects.filter(period=period, state="live").earliest("position")
    agreement = Agreement.objects.filter(goal=goal, state="live").earliest("slot")
    return [
        *(f"focus/{period.pk}/{page}" for page in ("why", "start", "start/?screen=1", "goals/new")),
        *(f"goals/{goal.pk}{page}" for page in ("", "/edit", "/end", "/agreements/new")),
        *(f"agreements/{agreement.pk}{page}" for page in ("", "/edit", "/end")),
    ]


def _mirrors(group: WorkGroup) -> list[str]:
    """What the group made of itself: a pulse and a self-scan."""
    pulse = Pulse.objects.get(group=group, state="closed")
    scan = SelfScan.objects.filter(group=group, state="revealed").latest("pk")
    shown = [f"groups/{group.pk}/{page}" for page in ("sharing", f"profile/?as=leader&scan={scan.pk}")]
    return [f"pulses/{pulse.pk}", f"scans/{scan.pk}", *shown, *(f"scans/{scan.pk}/?at={at}" for at in (1, 2, 9, 14))]


def _help(group: WorkGroup, chair: User) -> list[str]:
    """What the group asks its school for, and a question to put in other words."""
    now = timezone.now()
    by = factories.hat(chair, group.school, today=now.date())
    asked = working.ask_help(group=group, kind="school", text="Welke school doet dit al?", by=by, now=now)
    return [f"groups/{group.pk}/help", f"help/{asked.pk}/edit"]


def _desk() -> list[str]:
    """Where the leader answers: what waits, and what was answered."""
    with tenancy.acting_for_system("tests"):
        asked = HelpRequest.objects.filter(state__in=["asked", "answered"], school__slug="de-wilg")
        return [f"/s/de-wilg/help/{pk}/answer/" for pk in asked.order_by("pk").values_list("pk", flat=True)[:2]]


def _visits(group: WorkGroup) -> list[str]:
    """Each visit, and the points of one that the group talked about and of one that it talks about now, set right."""
    visits = list(group.visits.order_by("pk"))
    closed, shared = (next(visit for visit in visits if visit.state == state) for state in ("closed", "shared"))
    chair = Seat.objects.select_related("user").get(group=group, is_chair=True).user
    now = timezone.now()
    assert shared.shared_at
    visitor = factories.hat(shared.coach, group.school, today=group.school.today(shared.shared_at))
    visiting.add_correction(visit=shared, text="Het waren drie vragen.", by=visitor, now=shared.shared_at)
    actions.begin_debrief(visit=shared, by=factories.hat(chair, group.school, today=now.date()), now=now)
    points = [f"points/{place}/{become}" for place in (1, 2) for become in ("goal", "agreement")]
    return [
        *(f"visits/{visit.pk}" for visit in visits),
        f"visits/{visits[-1].pk}/amend",
        f"visits/{shared.pk}/debrief",
        *(f"visits/{closed.pk}/{point}" for point in points),
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


def _invitation() -> str:
    """The page behind the link of the one that waits."""
    code = codes.make()
    with tenancy.acting_for_system("tests"):
        keys.give(Invitation.objects.open().get(email="wietske@dewilg.example"), code, now=timezone.now())
    return f"/invitation/{code}/"


def _kept_people() -> list[str]:
    """What an admin does about people, and what the school needs before it starts."""
    with tenancy.acting_for_system("tests"):
        role = Membership.objects.get(user__email="carla@dewilg.example", school__slug="de-wilg")
    person = f"people/{role.user_id}"
    kept = ["people/kept", "people/invite", "people/invitations", "people/paper", person, f"{person}/leave"]
    pages = [*kept, f"{person}/roles/{role.pk}/end", "start", "start/council", "start/region"]
    return [f"/s/de-wilg/{page}/" for page in pages]


def _list_of(short: str) -> str:
    """The look at a list of people: a namesake and somebody new for the school, a wrong line too for the board."""
    lines = [[2, "Els", "", "Mulder", "els@nieuw.example", "", ""], [3, "Loïs", "van 't", "Hof", "", "coach", ""]]
    wrong = [[4, "Lo?s", "", "Bos", "bos", "", "de-wilg"], [5, "Kim", "", "Bos", "", "", "de-beuk"]]
    told: dict[str, Any] = {"made_at": timezone.now(), "unread": ["BSN"]}
    with tenancy.acting_for_system("tests"):
        school = School.objects.get(slug="de-wilg")
        by = User.objects.get(given_name=short.capitalize())
        if short == "frank":
            row = Roster.objects.create(school=school, by=by, lines=lines, **told)
            return f"/s/de-wilg/people/list/{row.pk}/"
        there = [[*line[:6], "de-wilg"] for line in lines]
        row = Roster.objects.create(board=school.board, by=by, lines=[*there, *wrong], **told)
    return f"/b/90001/people/list/{row.pk}/?school=de-wilg"


def _stop_page() -> str:
    """Where a link in Carla's letters leads."""
    return f"/letters/stop/{post.stop.token(User.objects.get(email='carla@dewilg.example').pk, post.EVERY)}/"


def _own_visits() -> list[str]:
    """The visits that Bram still makes, how he prepares them, what he gave, and the page that goes along."""
    with tenancy.acting_for_system("tests"):
        visits = Visit.objects.filter(state__in=["proposed", "accepted"]).select_related("school").order_by("pk")
        ahead = [f"/s/{visit.school.slug}/visits/{visit.pk}/" for visit in visits]
        welcome, hosts = next(both for both in zip(ahead, visits, strict=True) if both[1].state == "accepted")
        profile = f"/s/{hosts.school.slug}/groups/{hosts.group_id}/profile/"
        given = Visit.objects.filter(state="shared", group__name="Begrijpend lezen").select_related("school")
        shared = given.latest("pk")
        Guest.objects.filter(group=shared.group, user=shared.coach).update(until_date=timezone.localdate())
    gave = f"/s/{shared.school.slug}/visits/{shared.pk}/"
    return [
        gave,
        f"{gave}correction/",
        *ahead,
        *(f"{page}prepare/" for page in ahead),
        f"{welcome}listen/",
        f"{welcome}field/",
        profile,
        f"{profile}openness/",
    ]


def _told() -> list[str]:
    """What happened, and who looked in."""
    return ["/s/de-wilg/events/", "/s/de-wilg/opened/", "/s/de-wilg/retention/", "/me/events/"]


def _looks() -> list[str]:
    """Where the operator asks to look in, and a page with that open."""
    with tenancy.acting_for_system("tests"):
        hugo = User.objects.get(given_name="Hugo")
        now = timezone.now()
        if not BreakGlass.objects.open_at(now).filter(user=hugo).exists():
            working.break_glass(place="de-wilg", reason="Gevraagd door Anna", hours=1, by=hugo, now=now)
    return ["/glass/", "/s/de-wilg/people/"]


def _pages(short: str) -> list[str]:
    group = _pages_of("Begrijpend lezen")
    return {
        "": [*PUBLIC, _stop_page(), "/invitation/", _invitation()],
        "carla": [*SCHOOL, group[0], *group[5:8], group[10], *_papers("carla")],
        "els": [*SCHOOL, *group, f"{group[0]}invite/", *_papers("els")],
        "anna": [
            *SCHOOL,
            "/s/de-wilg/reminders/",
            "/s/de-wilg/days-off/",
            "/s/de-wilg/groups/new/",
            group[0],
            group[1],
            group[2],
            group[5],
            *_desk(),
        ],
        "frank": [*SCHOOL, *_kept_people(), "/s/de-wilg/people/list/", _list_of("frank"), group[0], *_told()],
        "bram": ["/", "/s/de-wilg/", "/s/de-beuk/", *_own_visits()],
        "daan": _open_round(),
        "gerda": [
            "/b/90001/",
            "/b/90001/events/",
            "/b/90001/start/",
            "/b/90001/people/list/",
            *("/b/90001/sign-in/", "/b/90001/sign-in/microsoft/"),
            _list_of("gerda"),
            "/s/de-beuk/start/",
            "/s/de-beuk/start/reason/",
            *("/b/90001/papers/", "/s/de-beuk/papers/arrangement/", "/b/90001/papers/dpia/"),
            "/me/",
            "/me/sessions/",
            *("/me/data/", "/me/data/erase/"),
            "/me/tokens/",
            "/me/name/",
            "/me/address/",
            "/me/address/asked/",
        ],
        "hugo": ["/", "/me/", "/me/address/confirm/x/", *_looks()],
    }[short]


@pytest.mark.parametrize("callers", [("", "els"), ("carla", "anna", "frank", "bram", "daan", "gerda", "hugo")])
def test_no_page_has_a_barrier(callers: tuple[str, ...], visit_as: Any) -> None:
    found: list[str] = []
    for short in callers:
        visitor, paths = visit_as(short), _pages(short)
        for path in paths:
            answer = visitor.page.goto(visitor.address + path)
            assert answer.status == 200, (short, path, answer.status)
            if path.endswith(OPENS_ITS_STORE):
                visitor.page.locator("h1:visible").wait_for()
            for width, colours in ((320, "light"), (1280, "dark")):
                visitor.page.set_viewport_size({"width": width, "height": 900})
                visitor.page.emulate_media(color_scheme=colours)
                looks_only = width > 320 and path != paths[0]  # what frames a page is the same on all
                barriers = visitor.find_barriers(looks_only=looks_only)
                found += [f"{path} at {width}: {barrier}" for barrier in barriers]
    assert found == []


def test_what_is_planted_is_found(browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 900}, color_scheme="light")
    context.route("**/*", lambda route: route.fulfill(body=PLANTED, content_type="text/html", headers=STRICT))
    visitor = Visitor(context.new_page(), "http://planted.example")
    visitor.go("/")
    contrast, sideways = visitor.find_barriers()
    assert contrast == 'color-contrast: <p class="day">Overdag</p>'
    assert sideways.startswith("scrolls ")
    visitor.page.set_viewport_size({"width": 1280, "height": 900})
    visitor.page.emulate_media(color_scheme="dark")
    assert visitor.find_barriers(looks_only=True) == ['color-contrast: <p class="night">Vannacht</p>']
    context.close()
