"""What a token may be for: each part of the work, to read or to change as well."""

from __future__ import annotations

import enum


class Area(enum.Enum):
    """A part of the work. A token of ``groups:write`` reads groups too; none gives more than its owner has."""

    OPEN = "open"  # for everybody: no scope is needed
    ACCOUNT = "account"  # who one is, one's letters, calendars and places where one is signed in
    PEOPLE = "people"  # schools and boards, who works there, invitations, what happened
    GROUPS = "groups"  # groups, meetings, goals, agreements, help
    SCANS = "scans"  # self-scans and pulses: one's own answers, the group's readings
    VISITS = "visits"  # visits, observations, feedback, debriefs
    PROFILES = "profiles"  # dialogue profiles, dashboards, files of them
