"""Who sees what: each kind of thing with its readers, and which address is about which thing.

The one table behind "Who sees this?" at the foot of a page, the dossier for the participation council and
docs/who-sees-what.md. A new address goes into ``at`` of its thing; the table of doors is held against it.
"""

from __future__ import annotations

from django.http import HttpRequest

from samenspraak.who_sees import group, listening, school
from samenspraak.who_sees.things import Thing

THINGS: tuple[Thing, ...] = (*school.THINGS, *group.THINGS, *listening.THINGS)
_AT = {name: thing for thing in THINGS for name in thing.addresses}


def thing_at(name: str) -> Thing | None:
    """What the address of this name is about; nothing for the sign-in library's own pages."""
    return _AT.get(name)


def thing_of(request: HttpRequest) -> Thing | None:
    """What the page that answers this request is about."""
    match = request.resolver_match
    return thing_at(match.view_name) if match else None
