"""Words that stand ready: the contract of a visit (C2, C4), and beginnings of points (C13, C14).

The beginnings go by the key of a card, which every edition keeps, so they help with a board's own cards too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _

from cards.models import Aspect

_Words = tuple[str | Promise, ...]
# Per card: for a strong point, for an improvement point. Each ends where the visitor's own words begin.
_STARTS: dict[str, tuple[_Words, _Words]] = {
    "openness": (
        (
            _("You all asked on when …"),
            _("Another view got room, because …"),
            _("You let each other hear what you value, for instance when …"),
        ),
        (
            _("You were quick to pass over …"),
            _("It may help to ask around first when …"),
            _("What would you hear if you waited longer with …"),
        ),
    ),
    "reflecting": (
        (
            _("You stopped to think why …"),
            _("You looked back honestly on …"),
            _("You began with what the children learn when …"),
        ),
        (
            _("You talked about what you will do, and not yet about why …"),
            _("It may help to look back together on …"),
            _("What would change if you first asked what the children gain from …"),
        ),
    ),
    "analysing": (
        (
            _("You first found out what is the matter with …"),
            _("You kept knowing and thinking apart when …"),
            _("More than one cause came up, such as …"),
        ),
        (
            _("The solution was there before you knew …"),
            _("It may help to find out first …"),
            _("What do you not know yet about …"),
        ),
    ),
    "substantiating": (
        (
            _("You gave reasons when …"),
            _("You laid for and against side by side with …"),
            _("The decision became better because you …"),
        ),
        (
            _("The decision fell before you had heard …"),
            _("It may help to say also what speaks against …"),
            _("What else could you have chosen with …"),
        ),
    ),
    "outside-knowledge": (
        (
            _("You brought in knowledge from outside about …"),
            _("You held what you read against your own classes when …"),
            _("You asked whether it works here too, because …"),
        ),
        (
            _("You relied on your own experience with …"),
            _("It may help to look up what is known about …"),
            _("Who outside your group knows more about …"),
        ),
    ),
    "feedback": (
        (
            _("You asked each other for help when …"),
            _("You said what you had seen or heard with …"),
            _("You did something with feedback, because after it …"),
        ),
        (
            _("You nodded and went on when …"),
            _("It may help to ask precisely for feedback on …"),
            _("What could you ask each other about …"),
        ),
    ),
}


@dataclass(frozen=True)
class Starts:
    """What can be said about one card: ``strong`` and ``improvement`` are beginnings of sentences."""

    aspect: Aspect
    strong: _Words
    improvement: _Words


def starts_for(aspects: Iterable[Aspect]) -> list[Starts]:
    """Words to start with, card by card; no query."""
    return [Starts(aspect, *_STARTS[aspect.key]) for aspect in aspects if aspect.key in _STARTS]


# The contract of a visit in plain words (C2, C4): who sees what. Of the group's, the first begins with the visitor.
_TO_VISITOR: _Words = (
    _(
        "First you only listen, then you make notes. Nobody else can open them, and they are deleted 14 days after you "
        "have shared."
    ),
    _("The group gets one to three strong points, and as many improvement points. Without names."),
    _(
        "You see who is in the group, its card, goals and agreements, how it looked back on them, and its dialogue "
        "profile. Until 30 days after your feedback."
    ),
    _("You do not see what its meetings are about, nor its own self-scan."),
    _("Everybody in the group can postpone or stop this visit until you have shared. You do not hear who did."),
)
_TO_LEADER = _(
    "For this visit you are a coach, not the school leader: nothing of it goes into your overview, and after those 30 "
    "days you keep nothing."
)
_TO_GROUP: _Words = (
    _("What your meetings are about stays yours, and so does your own self-scan."),
    _(
        "Your visitor listens first, without writing. Nobody else can open the notes after that, and they are deleted "
        "14 days after the feedback."
    ),
    _("You get one to three strong points, and as many improvement points. For all of you together, without names."),
    _("What you do with it is up to you. It never goes into anybody’s file."),
    _(
        "A school leader who comes to listen is only a visitor: sees no more than this, and keeps nothing after those "
        "30 days."
    ),
)


def who_sees_what(*, to_visitor: bool, is_leader: bool = False, visitor: str = "") -> list[str]:
    """The contract in sentences, to the visitor (who may lead the school), or to the group of this visitor."""
    if to_visitor:
        return [str(one) for one in (*_TO_VISITOR, *((_TO_LEADER,) if is_leader else ()))]
    sees = gettext(
        "%(visitor)s sees who you are, your card, goals and agreements, how you looked back on them, and your dialogue "
        "profile. Until 30 days after the feedback."
    )
    return [sees % {"visitor": visitor}, *map(str, _TO_GROUP)]
