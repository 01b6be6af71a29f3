"""Sentences that more than one paper says, with the product's own numbers in them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from samenspraak.papers import facts
from samenspraak.papers.kinds import Points, Table

HEADS = (_("What"), _("Who reads it"), _("Who changes it"), _("How long it is kept"))
THINGS = Table(HEADS, facts.by_thing)
KEPT = Table((_("What"), _("How long it is kept")), facts.by_kind)
READERS = Table((_("Who"), _("Reads")), facts.by_reader)

NOT_ENOUGH = facts.figure(
    _(
        "A self-scan that each fills in alone shows nothing with fewer than %(enough)s answers. "
        "Then the answers are deleted."
    )
)
CLAMPED = facts.figure(
    _(
        "From then on it shows one value for each behaviour, in halves on a scale of 1 to 4, and never below "
        "%(lowest)s or above %(highest)s: nobody can be recognised by an extreme answer."
    )
)
SPREAD = facts.figure(
    _(
        "Whether people agree is told only from %(enough_for_spread)s answers on, in one word. "
        "Never who, and never how the answers were divided."
    )
)
IN_WORDS = facts.figure(
    _(
        "A leader reads what a group shares in one of three words: seldom (up to %(seldom)s), sometimes, often "
        "(from %(often)s). No figures, no remarks."
    )
)
BOARD = facts.figure(_("A board sees numbers only if it has %(schools)s schools or more."))
NOTES = facts.kept("notes")
ANSWERS = facts.kept("scan-answers")
EVENTS = facts.kept("events")
GROUPS = facts.kept("groups")
THRESHOLDS = Points((NOT_ENOUGH, CLAMPED, SPREAD, IN_WORDS, BOARD))
NEVER = Points(
    (
        _("Who was present, who spoke and for how long."),
        _(
            "What somebody thinks of one colleague. Only feedback that you ask a colleague for yourself; the two of "
            "you read it and nobody else."
        ),
        _("Who answered a self-scan or pulse, and at what time."),
        _("Who postponed or stopped a visit, and who said no to sharing."),
        _("Sound or pictures of a conversation. There is no field for pupils either."),
        _("Whether somebody opened a letter or clicked in it."),
    )
)
