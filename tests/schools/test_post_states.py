"""Every state of a letter, by every call that may change it: only what is meant to happen does."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest

from schools import post
from schools.models import Delivery
from schools.post import claim, note
from tests.conftest import TestCast
from tests.factories import NOW
from tests.schools.conftest import DAY, KIND, Kind, letter

pytestmark = pytest.mark.sqlite
MINE, OTHERS = uuid.UUID(int=1), uuid.UUID(int=2)
SENT = {"message_id": "<1@samenspraak.example>", "sent_at": NOW}


def leased(by: uuid.UUID) -> dict[str, Any]:
    """On its way, by a round whose lease still holds."""
    return {"state": "leased", "lease": by, "leased_until": NOW + dt.timedelta(minutes=5), "attempts": 1, **SENT}


STATES: dict[str, dict[str, Any]] = {
    "waiting": {"state": "waiting"},
    "mine": leased(MINE),
    "others": leased(OTHERS),
    "sent": {"state": "sent", **SENT},
    "failed": {"state": "failed"},
    "dropped": {"state": "dropped", "reason": "the meeting changed"},
    "held": {"state": "held", "reason": post.RESTORED, "attempts": 1},
    "taken back": {"state": "dropped", "reason": post.TAKEN_BACK},
}


def write_down(row: Delivery) -> None:
    """Write the same letter down once more."""
    about = {"kind": KIND, "subject_id": 1, "version": 1, "school_id": row.school_id, "user_ids": [row.user_id or 0]}
    post.write_down(**about, due_at=NOW, expires_at=NOW + DAY, now=NOW)  # type: ignore[arg-type]


CALLS: dict[str, Callable[[Delivery], object]] = {
    "sent": lambda row: note.sent([row], at=NOW),
    "sent as one": lambda row: note.sent_as_one([row], at=NOW),
    "dropped": lambda row: note.dropped([row], reason="not wanted"),
    "failed": lambda row: note.failed(row, reason="mail server said 550"),
    "postponed": lambda row: note.postponed(row, now=NOW, reason="mail server said 451"),
    "doubted": lambda row: note.doubted([row]),
    "untouched": lambda row: note.untouched([row]),
    "write down": write_down,
    "drop": lambda row: post.drop(kinds=[KIND], subject_ids=[row.subject_id], reason="rule off"),
    "send after all": lambda row: post.send_after_all(kind=KIND, subject_id=row.subject_id, version=1, now=NOW),
    "claim": lambda _row: claim.claim(now=NOW, limit=5),
    "release": lambda _row: post.release(kinds=[KIND], schools=[], now=NOW),
    "let go": lambda _row: post.let_go(kinds=[], schools=["de-wilg"]),
}
# What a call makes of a state; whatever is not here stays as it is.
MOVES = {
    ("waiting", "drop"): "dropped",
    ("waiting", "claim"): "leased",
    ("mine", "sent"): "sent",
    ("mine", "sent as one"): "sent",
    ("mine", "dropped"): "dropped",
    ("mine", "failed"): "failed",
    ("mine", "postponed"): "waiting",
    ("mine", "untouched"): "waiting",
    ("dropped", "write down"): "waiting",
    ("taken back", "send after all"): "waiting",
    ("held", "drop"): "dropped",
    ("held", "release"): "waiting",
    ("held", "let go"): "dropped",
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("state", STATES)
def test_only_what_is_meant_to_happen_does(cast: TestCast, kind: Kind, state: str, call: str) -> None:
    row = letter(cast.carla, cast.schools["de-wilg"], **STATES[state])
    row.lease = MINE  # whatever became of it meanwhile, this round still thinks so
    row.attempts = 1
    before = Delivery.objects.values().get(pk=row.pk)
    CALLS[call](row)
    after = Delivery.objects.values().get(pk=row.pk)
    assert after["state"] == MOVES.get((state, call), before["state"])
    if (state, call) not in MOVES and state not in ("waiting", "mine", "taken back"):
        assert after == before
