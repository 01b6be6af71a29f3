"""What an answer's example shows otherwise than its shape by itself, and what stands in an address to copy."""

from __future__ import annotations

import re
from typing import Any

from samenspraak.reference.moments import AGREEMENT
from samenspraak.reference.values import GOAL

_NO_READINGS = {"respondents": None, "readings": None, "questions": None}
_OPEN_PULSE = {"state": "open", "closed_on": None, "may_answer": True, "readings": None, "is_low": None}
_BEFORE_ANSWER = {"state": "asked", "answer": "", "answered_on": None, "answered_by": None}
_CLOSED = {"state": "held", "opened_at": "2026-11-24T14:16:00Z", "closed_at": "2026-11-24T15:12:00Z"}
_JUDGED = {
    "skipped_because": "",
    "agreements": [{"agreement": 3, "text": AGREEMENT, "outcome": "kept"}],
    "goals": [{"goal": 2, "text": GOAL, "outcome": "on_the_way"}],
}
_ENDED = "2026-11-24"
ANSWERS: dict[str, dict[str, Any]] = {
    "propose_visit": {"state": "proposed", "asks": "group", "group_words": ""},
    "amend_visit": {"state": "proposed", "asks": "visitor", "is_mine": False},
    "accept_visit": {"is_mine": False},
    "decline_visit": {"state": "declined", "is_mine": False},
    "postpone_visit": {"state": "withdrawn", "is_mine": False},
    "withdraw_visit": {"state": "withdrawn"},
    "share_observation": {
        "state": "shared",
        "shared_at": "2026-11-24T19:05:00Z",
        "listened": 20,
        "days_late": 0,
        "notes_vanish_on": "2026-12-08",
    },
    "stop_listening": {
        "state": "noting",
        "since": None,
        "until": None,
        "local_since": None,
        "local_until": None,
        "minutes": None,
        "observation": "0b9f7a34-6f0e-4c55-9d0c-2f1f3e6b8a11",
    },
    "open_meeting": {"opened_at": "2026-11-24T14:16:00Z"},
    "close_meeting": _CLOSED | _JUDGED,
    "enter_paper_meeting": _CLOSED | _JUDGED,
    "skip_meeting": _CLOSED | {"skipped_because": "Iemand was ziek."},
    "cancel_meeting": {"state": "cancelled"},
    "end_series": {"ahead": 0, "next_meeting": None},
    "set_goal": {"noted_step": None},
    "end_goal": {"state": "reached", "ended_on": _ENDED},
    "take_point_as_goal": {"goal": 2, "agreement": None},
    "end_agreement": {"state": "habit", "ended_on": _ENDED},
    "agree_on": {"last_outcome": None, "kept": 0, "occasions": 0, "checks": []},
    "start_group": {"aspect": None, "focus": None},
    "end_group": {"state": "ended", "ended_on": _ENDED, "ended_because": "We doen het nu vanzelf."},
    "ask_help": _BEFORE_ANSWER,
    "change_help": _BEFORE_ANSWER,
    "finish_help": {"state": "done"},
    "open_scan": {"state": "open", "closed_on": None, "answer_next": "openness"} | _NO_READINGS,
    "close_scan": {"state": "closed"} | _NO_READINGS,
    "drop_scan": {"state": "void"} | _NO_READINGS,
    "open_pulse": _OPEN_PULSE,
    "withdraw_invitation": {"state": "withdrawn"},
    "take_roster": {"taken_at": "2026-11-24T14:20:00Z", "seen": None, "lines": []},
    "take_board_roster": {"taken_at": "2026-11-24T14:20:00Z", "seen": None, "lines": []},
    "end_membership": {"last_day": "2027-07-16"},
}
# What stands for a word in an address in a call to copy, where 1 says nothing.
PLACES: dict[str, str] = {
    "slug": "de-wilg",
    "key": "openness",
    "code": "01-7K",
    "kind": "reminder",
    "number": "90001",
    "session_id": "7d0c9a3f5e21b846",
    "observation_id": "0b9f7a34-6f0e-4c55-9d0c-2f1f3e6b8a11",
}
SITE = "https://samenspraak.example"


def fill(template: str) -> str:
    """An address as one would type it."""
    return re.sub(r"\{(\w+)\}", lambda found: PLACES.get(found[1], "1"), template)
