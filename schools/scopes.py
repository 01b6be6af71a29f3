"""What a key may be for: each part of the work, to read or to change as well."""

from __future__ import annotations

import enum
from collections.abc import Iterable

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Area(enum.Enum):
    """A part of the work. A token of ``groups:write`` reads groups too; none gives more than its owner has."""

    OPEN = "open"  # for everybody: no scope is needed
    ACCOUNT = "account"  # who one is, one's letters, calendars and places where one is signed in
    PEOPLE = "people"  # schools and boards, who works there, invitations, what happened
    GROUPS = "groups"  # groups, meetings, goals, agreements, help
    SCANS = "scans"  # self-scans and pulses: one's own answers, the group's readings
    VISITS = "visits"  # visits, observations, feedback, debriefs
    PROFILES = "profiles"  # dialogue profiles, dashboards, files of them


_READ, _WRITE = ":read", ":write"
_READING = {"GET", "HEAD", "OPTIONS"}
AREAS = tuple(area for area in Area if area is not Area.OPEN)
ALL = frozenset(area.value + how for area in AREAS for how in (_READ, _WRITE))
MOST = 300  # letters that all of them take together

NAMES: dict[Area, Promise] = {
    Area.ACCOUNT: _("Your account: your name, letters and calendar"),
    Area.PEOPLE: _("Your schools and who works there"),
    Area.GROUPS: _("Your groups: meetings, goals and agreements"),
    Area.SCANS: _("Self-scans"),
    Area.VISITS: _("Visits and feedback"),
    Area.PROFILES: _("Dialogue profiles and dashboards"),
}
# What an app may know about who lets it in (OpenID Connect); a personal token has no use for them.
IDENTITY = frozenset({"openid", "profile", "email"})
# What a scope lets a program do, as the end of "It may: ...".
SENTENCES: dict[str, Promise] = {
    "openid": _("recognise you when you come back"),
    "profile": _("know your name"),
    "email": _("know your e-mail address"),
    "account:read": _("read who you are here, and your letters and calendar"),
    "account:write": _("change your name, letters and calendar, and sign you out"),
    "people:read": _("read at which schools you are, and who works there"),
    "people:write": _("invite people, change roles and set a school up, where you may"),
    "groups:read": _("read what you see in your groups: meetings, goals and agreements"),
    "groups:write": _("plan meetings and change goals and agreements, where you may"),
    "scans:read": _("read the self-scans of your groups, and your own answers"),
    "scans:write": _("answer self-scans in your name"),
    "visits:read": _("read visits and the feedback that you may read"),
    "visits:write": _("agree on visits and write feedback in your name"),
    "profiles:read": _("read dialogue profiles and dashboards that you see"),
    "profiles:write": _("change who sees a profile, where you may"),
}
EVERYTHING = _("everything that you may do yourself")


def needed(area: Area, method: str) -> str:
    """The scope that a method in this area asks of a key; nothing where everybody may come."""
    if area is Area.OPEN:
        return ""
    return f"{area.value}{_READ if method in _READING else _WRITE}"


def all_needed(area: Area, method: str, *, also_reads: Iterable[Area] = ()) -> list[str]:
    """All scopes that a method in this area asks of a key: to change something, also to read what it shows."""
    more = [] if method in _READING else [needed(part, "GET") for part in also_reads]
    return [scope for scope in (needed(area, method), *more) if scope]


def covers(held: frozenset[str], need: str) -> bool:
    """Whether these scopes are enough; who may change may read."""
    return not need or need in held or need.removesuffix(_READ) + _WRITE in held


def told(held: Iterable[str]) -> list[Promise]:
    """What a key with these scopes may do, in plain words and in our order."""
    found = frozenset(held)
    if found >= ALL and not found & IDENTITY:
        return [EVERYTHING]
    return [sentence for scope, sentence in SENTENCES.items() if covers(found, scope)]


def join(held: Iterable[str]) -> str:
    """The scopes as they are kept, and as they stand in an answer: in our order, with spaces."""
    found = frozenset(held)
    return " ".join(scope for scope in SENTENCES if scope in found)


def split(kept: str) -> frozenset[str]:
    """The scopes that are kept so."""
    return frozenset(kept.split())
