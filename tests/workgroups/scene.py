"""A group at work, for the tests of its pages: Begrijpend lezen, with words in it that nobody else may read."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from schools.models import User
from tests import factories
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from workgroups import actions
from workgroups.models import Agreement, FocusPeriod, Goal, Guest, Meeting, WorkGroup

# What the group keeps to itself, wherever it stands.
SECRETS = ("De snelle praters", "Iedereen aan het woord", "Eerst een vraag", "Alles uit de methode", "Over groep 8")


@dataclass
class Scene:
    """The group's rows: a meeting that began an hour ago, one ahead, and one that was held."""

    cast: TestCast
    group: WorkGroup
    period: FocusPeriod
    goal: Goal
    agreement: Agreement
    held: Meeting
    now: Meeting
    ahead: Meeting

    def invite(self, user: User) -> None:
        """Let somebody in as the group's guest."""
        Guest.objects.create(school=self.group.school, group=self.group, user=user, from_date=factories.LONG_AGO)

    def answers(self, kept: str = "partly", step: str = "on_the_way") -> dict[str, str]:
        """Everything the closer asks."""
        return {f"agreement-{self.agreement.pk}": kept, f"goal-{self.goal.pk}": step}


def at(name: str, *ids: int | str, slug: str = "de-wilg") -> str:
    """The address of a page of the groups in a school."""
    return reverse(f"workgroups:{name}", args=[slug, *ids])


def build(cast: TestCast) -> Scene:
    """Write the scene down; its held meeting judged the agreement "kept"."""
    group = cast.reading
    WorkGroup.objects.filter(pk=group.pk).update(present_practice="Alles uit de methode")
    period = factories.period(group, cast.aspects["openness"], why="De snelle praters besluiten")
    goal = factories.goal(period, "Iedereen aan het woord")
    agreement = factories.agreement(goal, "Eerst een vraag, dan je mening")
    held = factories.meeting(group, TODAY - dt.timedelta(days=14))
    given: dict[str, Any] = {"meeting": held, "by": cast.hat("carla")}
    actions.open_meeting(**given, now=held.starts_at)
    actions.close_meeting(**given, agreements={agreement.pk: "kept"}, goals={goal.pk: "not_yet"}, now=held.starts_at)
    return Scene(
        cast=cast,
        group=group,
        period=period,
        goal=goal,
        agreement=agreement,
        held=held,
        now=factories.meeting(group, TODAY, dt.time(9, 0), minutes=90, title="Over groep 8"),
        ahead=factories.meeting(group, TODAY + dt.timedelta(days=14), title="Over groep 8"),
    )


def plan(place: Scene, day: dt.date = TODAY + dt.timedelta(days=7)) -> Meeting:
    """A meeting of the group in a week."""
    when: dict[str, Any] = {"day": day, "time": dt.time(15, 15), "minutes": 60, "place": "Teamkamer", "title": ""}
    return actions.plan_meeting(group=place.group, **when, by=place.cast.hat("els"), now=NOW)


def reads(response: Any) -> str:
    """What a page says; it must have answered."""
    assert response.status_code in {200, 422}, response.status_code
    return str(response.content.decode())


def tells_nothing(text: str) -> bool:
    """Whether nothing of the group's own words stands there."""
    return not any(secret in text for secret in SECRETS)


__all__ = ["NOW", "SECRETS", "TODAY", "Scene", "at", "build", "reads", "tells_nothing"]
