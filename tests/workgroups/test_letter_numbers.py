"""The page about a group's letters tells numbers, and never what one person chose."""

from __future__ import annotations

from typing import Any

import pytest

from schools import post
from schools.models import Delivery
from tests import factories
from tests.workgroups.scene import NOW, Scene, at, reads
from workgroups import letters, queries
from workgroups.models import Meeting


def write(meeting: Meeting, kind: str, *people: Any, **values: Any) -> None:
    about: dict[str, Any] = {"subject_id": meeting.pk, "version": 1, "school_id": meeting.school_id}
    user_ids = [one.pk for one in people]
    post.write_down(kind=kind, **about, user_ids=user_ids, due_at=NOW, expires_at=meeting.starts_at, now=NOW)
    assert Delivery.objects.filter(kind=kind, user_id__in=user_ids).update(**values) == len(people)


@pytest.mark.parametrize("reason", ["not wanted", "no e-mail address"])
def test_of_a_letter_for_a_few_no_reason_is_told_that_is_theirs(place: Scene, as_: Any, reason: str) -> None:
    """All know whose letter it is: the chair's, a newcomer's, or the other one's."""
    meeting, cast = factories.meeting(place.group), place.cast
    write(meeting, "evaluate", cast.els, state="dropped", reason=reason)
    write(meeting, "invitation", cast.carla, state="dropped", reason=reason)
    write(meeting, "reminder", cast.carla, cast.els, cast.joris, state="dropped", reason=reason)
    assert queries.letters_of(place.group, letters.KINDS, now=NOW) == ([], [])
    page = reads(as_(cast.els).get(at("letters", place.group.pk)))
    assert "niet gewenst" not in page
    assert "geen e-mailadres" not in page


def test_among_four_the_reason_is_told_without_whose(place: Scene) -> None:
    meeting, cast = factories.meeting(place.group), place.cast
    sent = {"state": "sent", "sent_at": NOW, "message_id": "<1@samenspraak.example>"}
    write(meeting, "reminder", cast.carla, cast.els, cast.joris, **sent)
    write(meeting, "reminder", cast.anna, state="dropped", reason="not wanted")
    (gone,) = queries.letters_of(place.group, letters.KINDS, now=NOW).gone
    assert [(one.sent, one.unsent) for one in gone.letters] == [(3, {"unwanted": 1})]
