"""How long things are kept, in words: those of the one clock (schools.retention), and of what has no clock."""

from __future__ import annotations

from django.utils.translation import gettext_lazy

from schools import retention

Words = retention.Words

NOTHING = gettext_lazy("This page keeps nothing about you.")
GATHERED = gettext_lazy("Nothing by itself: it gathers what is kept elsewhere.")
OWN = gettext_lazy("Until you change it or take it away. With your account it goes.")
SCHOOL = retention.words("days-off")
WORKS_HERE = retention.saying(
    gettext_lazy("As long as somebody works at the school, and %(months)s months after that. Then deleted."),
    months=retention.MONTHS,
)
EVENTS = retention.words("events")
A_DAY = retention.words("rosters")
GROUP = retention.words("groups")
ANSWERS = retention.words("scan-answers")
LETTERS = retention.saying(
    gettext_lazy(
        "The text of a letter is not kept. That it left is, for %(months)s months; to whom for %(days)s days."
    ),
    months=retention.MONTHS,
    days=retention.RECIPIENTS_KEPT.days,
)
NOTES = retention.words("notes")
INVITATIONS = retention.words("invitations")
RECEIPTS = retention.words("receipts")
