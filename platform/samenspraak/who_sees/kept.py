"""How long things are kept, in words; the numbers are those that the product itself goes by."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.functional import Promise, lazy
from django.utils.translation import gettext as _, gettext_lazy

from observations.queries import keeping
from schools import events
from schools.actions import keys

Words = str | Promise


def _told(words: Callable[[], str]) -> Words:
    """Words with numbers, told in the reader's language."""
    return lazy(words, str)()


def _notes() -> str:
    return _("Until %(after)s days after the feedback, and at most %(most)s days after the meeting. Then deleted.") % {
        "after": keeping.AFTER_SHARING.days,
        "most": keeping.AT_MOST.days,
    }


def _invitations() -> str:
    return _("%(closed)s days after the answer; without an answer %(open)s days. Then forgotten.") % {
        "closed": keys.KEPT_CLOSED.days,
        "open": (keys.LIFETIME + keys.KEPT_OPEN).days,
    }


NOTHING = gettext_lazy("This page keeps nothing about you.")
GATHERED = gettext_lazy("Nothing by itself: it gathers what is kept elsewhere.")
OWN = gettext_lazy("Until you change it or take it away.")
SCHOOL = gettext_lazy("As long as the school takes part.")
WORKS_HERE = gettext_lazy("As long as somebody works at the school. A role that ended stays on record as ended.")
EVENTS = _told(lambda: _("%(months)s months. Then forgotten.") % {"months": events.KEPT.days // 30})
A_DAY = gettext_lazy("A day, or until you import the list. Then its lines are deleted.")
GROUP = gettext_lazy("As long as the group is there.")
ANSWERS = gettext_lazy("Until the round closes. Then the answers of each person are deleted.")
LETTERS = gettext_lazy("The text of a letter is not kept. That it left, is.")
NOTES = _told(_notes)
INVITATIONS = _told(_invitations)
