"""What the description says of itself: whose it is, how to begin, and the parts in the order of reading."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.urls import reverse

OVERVIEW = """\
Samenspraak lets working groups of teachers practise reflective dialogue. Whatever its pages do, an app can do here,
with the same rules: an app that acts for a teacher sees what that teacher sees, and no more.

**Sign in** with a token of your own page, as `Authorization: Bearer smp_...`, or let people sign in with OAuth 2.0.

**Read** lists page by page: follow `next` until it is null. Every instant is UTC; where people meet, the school's own
clock stands beside it. What is not the caller's answers exactly like what is not there: 404.

**Write** JSON with no field that is not named here. What people edit together is changed with the `ETag` last read as
`If-Match`: nothing is overwritten unseen.

**Errors** are problem details (RFC 9457): programs look at `status` and `code`, people read `detail`.

Within version 1 fields and addresses are only added: pass over what you do not know.
"""
LICENCE = {"name": "Apache License 2.0", "identifier": "Apache-2.0"}


def info() -> dict[str, Any]:
    """Whose API this is; addresses are those of this site."""
    return {
        "title": "Samenspraak",
        "version": "1",
        "summary": "Reflective dialogue for working groups of teachers, over REST",
        "description": OVERVIEW,
        "contact": {"name": "Who runs this site for its schools", "url": f"{settings.PUBLIC_URL}/about/"},
        "license": LICENCE,
    }


def servers() -> list[dict[str, str]]:
    """This site."""
    return [{"url": settings.PUBLIC_URL, "description": "This site"}]


def more() -> dict[str, str]:
    """The same to read."""
    return {"url": settings.PUBLIC_URL + reverse("reference"), "description": "The same to read, with calls to copy"}


# Each part with what it is about: first who and where, then the work in the order in which a group meets it.
PARTS: dict[str, str] = {
    "root": "Where to begin: the version, and the addresses from which all others follow.",
    "account": "Who is calling: name, language, and the schools and boards in which one is somebody.",
    "tokens": "Tokens for programs: which there are, and taking one back. A person makes them, on a page.",
    "sessions": "Where one is signed in, by the kind of browser and the day; and signing out elsewhere.",
    "boards": "A board and its schools: two numbers for each, from three schools on.",
    "schools": "A school as its people see it: where it stands, and its own clock.",
    "members": "Who works at a school, in which roles and until when.",
    "colleagues": "The people of a school by name and role, as everybody there sees them.",
    "invitations": "Who was invited to a school and has not come in yet.",
    "rosters": "Lists of people from another system: looked at first, taken in by a yes.",
    "events": "What was done with rights and settings: who and what, never what people wrote.",
    "groups": "Working groups: who sits in them, what they are about, and their life from start to end.",
    "seats": "Who sits in a group, and who chairs it.",
    "cards": "The six cards, open to everybody, in the language of the caller.",
    "focus": "On which card a group works, since when and why.",
    "goals": "The one to three things that a group wants to do better, and the notes on how far they are.",
    "agreements": "What a group does in each meeting to come closer to a goal: five at most live at a time.",
    "meetings": "When and where a group meets; repeating its agreements at the start and looking back at the end.",
    "series": "Meetings planned by a rule, such as every third Tuesday.",
    "agenda": "What a meeting is about, point by point, and what was noted.",
    "days_off": "Days on which nobody meets: holidays of the region, and study days of the school.",
    "letters": "Letters about a meeting, to read before they go out; and one's own wishes.",
    "feeds": "Addresses by which a calendar follows one's meetings.",
    "scans": "Self-scans: what a group says of its own talk. Nobody's single answers are ever told to others.",
    "pulses": "A short round of three or four sentences; of each only the mean of all answers is told.",
    "visits": "A coach or leader listens to a meeting, if the group wants that and for what the group asks.",
    "observations": "What the visitor heard, under a UUID of the visitor's own app. Only the visitor reads it.",
    "feedback": "What the visitor shared: strong points and as many to improve, for the whole group.",
    "debriefs": "The group goes through the feedback together, point by point, and takes what it can use.",
    "profiles": "The dialogue profile: what the group heard and what its visitors heard, beside each other.",
    "sharing": "What a group shows its school leader, in three words; anybody with a seat can stop it.",
    "dashboards": "How conversations at a school or a board are going: no total, no mean, no order by value.",
    "help": "What a group asks of its school, and the answer.",
}


def tags(used: set[str]) -> list[dict[str, str]]:
    """The parts that operations name, in the order of reading; one that is not introduced comes last."""
    known = [name for name in PARTS if name in used]
    return [{"name": name, "description": PARTS[name]} for name in known] + [
        {"name": name, "description": f"More about {name.replace('_', ' ')}."} for name in sorted(used - PARTS.keys())
    ]
