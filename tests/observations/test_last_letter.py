"""Nobody's last letter states a wrong time or a cancelled meeting: the visitor's neither, nor who heard by a visit."""

from __future__ import annotations

import datetime as dt
from random import Random

import pytest

from observations import actions, letters
from observations.models import Visit
from schools import post
from schools.models import Delivery
from schools.refusals import Refused
from tests.conftest import TestCast
from tests.factories import NOW, TODAY
from tests.observations import steps
from workgroups import actions as work, letters as worded
from workgroups.models import Meeting, ReminderRule

DAY, MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
Said = dict[int, tuple[str, dt.datetime]]


def truth(meeting: Meeting) -> tuple[str, dt.datetime]:
    meeting.refresh_from_db()
    return meeting.state, meeting.starts_at


def leave(meeting: Meeting, now: dt.datetime, said: Said) -> None:
    """One round of the post, and what each letter said."""
    due = Delivery.objects.filter(state="waiting", due_at__lte=now, expires_at__gt=now).select_related("user", "school")
    for row in due.order_by("due_at", "pk"):
        prepare = letters.prepare([row], now) if row.kind.startswith("visit") else worded.prepare(row.kind, [row], now)
        answer = prepare[row.pk]
        if isinstance(answer, post.Letter):
            said[row.user_id or 0] = truth(meeting)
            note = {"state": "sent", "message_id": f"<{row.pk}@x>", "sent_at": now}
        else:
            note = {"state": "dropped", "reason": answer.reason}
        Delivery.objects.filter(pk=row.pk).update(**note, attempts=1)


def reschedule(cast: TestCast, meeting: Meeting, chance: Random, now: dt.datetime) -> None:
    """Something that the chair may do with the meeting."""
    by, verb = cast.hat("els"), chance.choice(["move", "cancel", "restore"])
    if verb == "cancel":
        work.cancel_meeting(meeting=meeting, by=by, now=now)
    elif verb == "restore":
        work.restore_meeting(meeting=meeting, by=by, now=now)
    else:
        day, time = TODAY + chance.choice([1, 2]) * DAY, chance.choice([dt.time(15, 15), dt.time(16, 0)])
        work.move_meeting(meeting=meeting, day=day, time=time, minutes=60, place="", title="", by=by, now=now)


def answer(cast: TestCast, visit: Visit, chance: Random, now: dt.datetime) -> None:
    """Something that the group or its visitor may do with the visit, save that it ends."""
    verb = chance.choice(["accept", "amend", "agree", "postpone"])
    if verb == "accept":
        actions.accept_visit(visit=visit, by=cast.hat("els"), now=now)
    elif verb == "amend":
        actions.amend_visit(visit=visit, group_words=str(now), target_minutes=20, by=cast.hat("els"), now=now)
    elif verb == "agree":
        actions.agree_visit(visit=visit, by=cast.hat("bram"), now=now)
    else:
        actions.postpone_visit(visit=visit, by=cast.hat("carla"), now=now)


def deed(cast: TestCast, visit_id: int, chance: Random, now: dt.datetime) -> None:
    """One or the other; what is refused changes nothing."""
    visit = Visit.objects.select_related("meeting", "school").get(pk=visit_id)
    try:
        if chance.random() < 0.5:
            reschedule(cast, visit.meeting, chance, now)
        else:
            answer(cast, visit, chance, now)
    except Refused:
        pass


@pytest.mark.parametrize("seed", range(8))
def test_the_last_letter_is_right(cast: TestCast, seed: int) -> None:
    ReminderRule.objects.filter(group=cast.reading).update(is_on=False)
    chance, now, said = Random(seed), NOW, Said()
    visit = steps.proposed(cast)
    meeting = visit.meeting
    for _step in range(16):
        if now < truth(meeting)[1]:
            deed(cast, visit.pk, chance, now)
        if chance.random() < 0.6:
            leave(meeting, now, said)
        now += chance.choice([MINUTE, 3 * MINUTE, 60 * MINUTE, 3 * 60 * MINUTE])
    while now < truth(meeting)[1]:
        leave(meeting, now, said)
        now += 2 * 60 * MINUTE
    assert cast.bram.pk in said
    assert all(heard == truth(meeting) for heard in said.values())
