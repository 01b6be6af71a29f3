"""A school leader who visits is a coach for that visit only, and keeps nothing afterwards (C1, C12)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from observations import actions
from observations.models import Visit
from tests import factories
from tests.conftest import TestCast
from tests.observations import steps

SECRETS = ("ALLEEN VOOR WIE LUISTERT", steps.PAIR.strong, steps.PAIR.improvement, "WOORDEN VAN DE GROEP", "Uitpraten")
PAGES = ("", "listen/", "notes/", "feedback/", "share/", "prepare/")


def shared_by(cast: TestCast, who: str) -> Visit:
    """A visit of Anna, who leads the school, or of Bram, who coaches: with all that it could leave behind."""
    member, meeting = cast.hat(who), factories.meeting(cast.reading)
    factories.agreement(factories.goal(factories.period(cast.reading, cast.aspects["openness"])), text="Uitpraten")
    visit = steps.proposed(cast, meeting, by=member)
    change = {"group_words": "WOORDEN VAN DE GROEP", "target_minutes": 20}
    actions.amend_visit(visit=visit, **change, by=cast.hat("els"), now=factories.NOW)  # type: ignore[arg-type]
    actions.agree_visit(visit=visit, by=member, now=factories.NOW)
    actions.start_listening(visit=visit, by=member, now=meeting.starts_at)
    observation = actions.stop_listening(visit=visit, by=member, now=steps.after(meeting, minutes=20))
    notes = {"openness": ("ALLEEN VOOR WIE LUISTERT", "")}
    steps.log(visit, member, id=observation.pk, version=1, notes=notes)
    return actions.share_feedback(observation=observation, by=member, now=steps.after(meeting, minutes=70))


def places(cast: TestCast, visit: Visit) -> list[str]:
    """Wherever a visitor could look for it."""
    group, school = cast.reading.pk, "/s/de-wilg/"
    own = [f"{school}visits/{visit.pk}/{page}" for page in PAGES]
    api = [f"/api/v1/schools/de-wilg/{name}/" for name in ("visits", "goals", "agreements", f"visits/{visit.pk}")]
    api += [f"/api/v1/schools/de-wilg/observations/{visit.observation.pk}/"]
    inside = [f"{school}groups/{group}/", f"{school}groups/{group}/profile/", f"{school}groups/{group}/card/"]
    return [school, f"{school}dashboard/", f"{school}groups/", "/me/", "/me/letters/", *own, *inside, *api]


@pytest.mark.parametrize("who", ["anna", "bram"])
def test_after_thirty_days_nothing_is_left(cast: TestCast, as_: Any, who: str) -> None:
    visit = shared_by(cast, who)
    with time_machine.travel(steps.after(visit.meeting, days=30)):
        assert steps.PAIR.strong in as_(cast.people[who]).get(f"/s/de-wilg/visits/{visit.pk}/").text
    with time_machine.travel(steps.after(visit.meeting, days=31)):
        browser = as_(cast.people[who])
        for place in places(cast, visit):
            answer = browser.get(place)
            assert not [secret for secret in SECRETS if secret in answer.text], place
            assert f"visits/{visit.pk}/" not in answer.text.replace(place, ""), place
        for page in PAGES:
            assert browser.get(f"/s/de-wilg/visits/{visit.pk}/{page}").status_code == 404
        observation = browser.get(f"/api/v1/schools/de-wilg/observations/{visit.observation.pk}/")
        assert observation.status_code == 404
        assert steps.PAIR.strong in as_(cast.carla).get(f"/s/de-wilg/visits/{visit.pk}/").text


def test_gone_answers_as_never_there(cast: TestCast, as_: Any) -> None:
    visit = shared_by(cast, "anna")
    with time_machine.travel(steps.after(visit.meeting, days=31)):
        browser = as_(cast.anna)
        gone, never = (browser.get(f"/s/de-wilg/visits/{number}/") for number in (visit.pk, visit.pk + 1))
    assert (gone.status_code, len(gone.content)) == (never.status_code, len(never.content))


def test_nothing_of_it_reaches_the_overview(cast: TestCast, as_: Any) -> None:
    """Not even while the visit lasts: a leader's visit is no way around what the group shares."""
    visit = shared_by(cast, "anna")
    with time_machine.travel(steps.after(visit.meeting, days=1)):
        page = as_(cast.anna).get("/s/de-wilg/dashboard/")
    assert page.status_code == 200
    assert not [secret for secret in SECRETS if secret in page.text]


def test_a_next_visit_begins_anew(cast: TestCast) -> None:
    """The group is asked again; what was given before is then part of what a guest reads with the group."""
    shared_by(cast, "anna")
    later = factories.meeting(cast.reading, factories.TODAY + dt.timedelta(days=70))
    now = later.starts_at - dt.timedelta(days=1)
    today = now.date()
    member = factories.hat(cast.anna, cast.reading.school, today=today)
    assert not member.visits(cast.reading.pk)
    assert steps.proposed(cast, later, by=member, now=now).state == "proposed"
    assert not factories.hat(cast.anna, cast.reading.school, today=today).visits(cast.reading.pk)
