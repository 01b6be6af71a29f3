"""A visit brought to a state by the actions themselves, as people would."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from observations import actions
from observations.models import Observation, Visit
from schools.roles import Member
from tests import factories
from tests.conftest import TestCast
from workgroups.models import Meeting

PAIR = actions.Pair("openness", "Jullie vroegen vaak door.", "analysing", "Zeg eerst wat jullie al weten.")
NOTES = {"openness": ("Iedereen vroeg door.", "Nog korter."), "feedback": ("", "Vraag er eens om.")}
MARKS = {"openness-b1": 4, "openness-b2": 3, "analysing-b1": None, "feedback-b1": 1}


def before(meeting: Meeting, **ago: int) -> dt.datetime:
    """An instant so long before the meeting's start."""
    return meeting.starts_at - dt.timedelta(**ago)


def after(meeting: Meeting, **later: int) -> dt.datetime:
    """An instant so long after the meeting's start."""
    return meeting.starts_at + dt.timedelta(**later)


def proposed(cast: TestCast, meeting: Meeting | None = None, **values: Any) -> Visit:
    """Bram proposed to visit the reading group."""
    return actions.propose_visit(
        meeting=meeting or factories.meeting(cast.reading),
        **{"purpose": "support", "by": cast.hat("bram"), "now": factories.NOW, **values},
    )


def accepted(cast: TestCast, meeting: Meeting | None = None) -> Visit:
    """Els said yes for the group."""
    return actions.accept_visit(visit=proposed(cast, meeting), by=cast.hat("els"), now=factories.NOW)


def amended(cast: TestCast, meeting: Meeting | None = None, **values: Any) -> Visit:
    """Els said for the group what it wants otherwise."""
    given = {"group_words": "Laten we elkaar uitpraten?", "target_minutes": 25, "now": factories.NOW, **values}
    return actions.amend_visit(visit=proposed(cast, meeting), by=cast.hat("els"), **given)


def listening(cast: TestCast, meeting: Meeting | None = None) -> Visit:
    """Bram listens since the start of the meeting."""
    visit = accepted(cast, meeting)
    return actions.start_listening(visit=visit, by=cast.hat("bram"), now=visit.meeting.starts_at)


def noting(cast: TestCast, meeting: Meeting | None = None) -> Observation:
    """Bram listened for 20 minutes."""
    visit = listening(cast, meeting)
    return actions.stop_listening(visit=visit, by=cast.hat("bram"), now=after(visit.meeting, minutes=20))


def noted(cast: TestCast, meeting: Meeting | None = None, **content: Any) -> Observation:
    """Bram wrote notes, marks and one pair."""
    observation = noting(cast, meeting)
    return log(observation.visit, cast.hat("bram"), id=observation.pk, version=1, **content)[0]


def shared(cast: TestCast, meeting: Meeting | None = None, **content: Any) -> Visit:
    """Bram shared it after the meeting."""
    observation = noted(cast, meeting, **content)
    now = after(observation.visit.meeting, minutes=70)
    return actions.share_feedback(observation=observation, by=cast.hat("bram"), now=now)


def log(visit: Visit, by: Member, **values: Any) -> tuple[Observation, bool]:
    """Log an observation of the visit; what a test does not name gets a sensible value."""
    given: dict[str, Any] = {
        "id": uuid.uuid4(),
        "listened": None,
        "notes": NOTES,
        "marks": MARKS,
        "pairs": [PAIR],
        "version": None,
        "now": after(visit.meeting, minutes=30),
        **values,
    }
    return actions.log_observation(visit=visit, by=by, **given)
