"""A restored ledger: what may have left is held, what lies ahead waits, and somebody decides."""

from __future__ import annotations

import datetime as dt
import json
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from schools import actions, post
from schools.models import Delivery, Invitation
from schools.post import claim
from tests.conftest import TestCast
from tests.factories import NOW
from tests.schools.conftest import DAY, KIND, Kind, letter

pytestmark = pytest.mark.sqlite
HOUR = dt.timedelta(hours=1)


def set_aside(cast: TestCast, number: int, **values: Any) -> Delivery:
    """A letter as it stands right after a restore."""
    given = {"state": "held", "reason": post.RESTORING, **values}
    return letter(cast.carla, cast.schools["de-wilg"], subject=number, **given)


def state(row: Delivery) -> str:
    return Delivery.objects.get(pk=row.pk).state


def said(*words: str) -> str:
    told = StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("post", *words, stdout=told)
    return told.getvalue()


def invited(cast: TestCast, **values: Any) -> Invitation:
    wilg = cast.schools["de-wilg"]
    type(wilg).objects.filter(pk=wilg.pk).update(consented_on=NOW.date())
    return Invitation.objects.create(
        school=wilg, email="nieuw@dewilg.example", role="teacher", invited_by=cast.frank, made_at=NOW - DAY, **values
    )


def test_what_may_have_left_is_held_and_what_lies_ahead_waits(cast: TestCast, kind: Kind) -> None:
    past, tried = set_aside(cast, 1, due_at=NOW - HOUR), set_aside(cast, 2, due_at=NOW + HOUR, attempts=1)
    ahead = set_aside(cast, 3, due_at=NOW + HOUR, expires_at=NOW + DAY)
    useless = set_aside(cast, 4, due_at=NOW - DAY, expires_at=NOW - HOUR)
    since = letter(cast.els, cast.schools["de-wilg"], subject=5, due_at=NOW + HOUR)  # by the clock, of what was before
    assert post.settle(now=NOW) == 3
    assert [state(one) for one in (past, tried, ahead, useless, since)] == [
        "held",
        "held",
        "waiting",
        "dropped",
        "held",
    ]
    assert Delivery.objects.get(pk=past.pk).attempts == 1  # it counts as one that may have left
    assert Delivery.objects.get(pk=ahead.pk).attempts == 0
    assert claim.claim(now=NOW, limit=10) == []


def test_nobody_sends_it_and_at_its_end_it_is_dropped(cast: TestCast, kind: Kind) -> None:
    row = set_aside(cast, 1, due_at=NOW - HOUR, expires_at=NOW + HOUR)
    post.settle(now=NOW)
    post.reconcile(now=NOW)
    assert post.deliver(now=NOW).claimed == 0
    post.reconcile(now=NOW + HOUR)
    assert (state(row), Delivery.objects.get(pk=row.pk).reason) == ("dropped", post.RESTORED)


def test_an_operator_sees_it_by_kind_and_school_and_names_nobody(cast: TestCast, kind: Kind) -> None:
    assert said("held") == "Nothing is held.\n"
    for number in (1, 2):
        set_aside(cast, number, due_at=NOW - number * HOUR)
    post.settle(now=NOW)
    invited(cast)
    assert actions.hold_invitations(now=NOW) == 1
    whole = said("held")
    assert whole.splitlines()[1].split()[:3] == [KIND, "de-wilg", "2"]
    assert whole.splitlines()[2].split()[:3] == ["school-invitation", "de-wilg", "1"]
    assert "carla" not in whole.lower()
    assert "@" not in whole
    (first, _second) = json.loads(said("held", "--json"))
    assert (first["letters"], first["first_due"]) == (2, (NOW - 2 * HOUR).isoformat())


def test_the_post_is_not_well_while_something_is_held(cast: TestCast, kind: Kind) -> None:
    set_aside(cast, 1, due_at=NOW - HOUR)
    post.settle(now=NOW)
    found = post.status(now=NOW, since=NOW - DAY)
    assert (found.held, found.late, found.is_well) == (1, {}, False)


def test_what_is_released_is_checked_and_leaves(cast: TestCast, kind: Kind, sink: Any) -> None:
    rows = [set_aside(cast, number, due_at=NOW - HOUR) for number in (1, 2)]
    post.settle(now=NOW)
    kind.answer = lambda row: (
        post.Dropped("not so any more") if row.subject_id == 1 else post.Letter("Onderwerp", "Tekst\n", "<p>Tekst</p>")
    )
    assert said("release", "--kind", KIND) == "2 letters and 0 invitations will leave.\n"
    post.deliver(now=NOW)
    assert [state(one) for one in rows] == ["dropped", "sent"]
    assert sink.recipients == ["carla@dewilg.example"]


def test_what_is_dropped_never_leaves(cast: TestCast, kind: Kind) -> None:
    row, invitation = set_aside(cast, 1, due_at=NOW - HOUR), invited(cast)
    post.settle(now=NOW)
    actions.hold_invitations(now=NOW)
    assert not Invitation.objects.to_send(NOW).exists()
    assert said("drop", "--school", "de-beuk") == "0 letters and 0 invitations will not be sent.\n"
    assert said("drop", "--school", "de-wilg") == "1 letters and 1 invitations will not be sent.\n"
    assert (state(row), Invitation.objects.get(pk=invitation.pk).revoked_at) == ("dropped", NOW)


def test_an_invitation_that_is_released_leaves_at_the_next_round(cast: TestCast) -> None:
    invited(cast)
    actions.hold_invitations(now=NOW)
    assert said("release", "--kind", "school-invitation") == "0 letters and 1 invitations will leave.\n"
    assert Invitation.objects.to_send(NOW).count() == 1


@pytest.mark.parametrize("words", [(), ("--all", "--kind", KIND)])
def test_somebody_has_to_say_which(cast: TestCast, words: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match="Which of them"):
        said("release", *words)


def test_who_may_have_heard_of_a_meeting_hears_that_it_changed(cast: TestCast, kind: Kind) -> None:
    row = set_aside(cast, 1, due_at=NOW - HOUR)
    post.settle(now=NOW)
    assert post.drop(kinds=[KIND], subject_ids=[1], reason="the meeting changed") == 1
    assert Delivery.objects.get(pk=row.pk).attempts == 1
