"""What school and participation council agree on: one page, with two names beneath it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from samenspraak.papers import shared
from samenspraak.papers.kinds import Lines, Paper, Points, Section, Text

ARRANGEMENT = Paper(
    key="arrangement",
    title=_("Samenspraak at our school: what we agree on"),
    whom=_("For the participation council: one page to talk about and to sign."),
    lead=_(
        "Working groups of teachers use Samenspraak to get better at their own conversation. It keeps personal data of "
        "staff, so the staff members of the participation council decide about it (Wet medezeggenschap op scholen, "
        "article 12). What stands here under 1 and 2 comes from the software itself."
    ),
    stem=_("arrangement-with-the-council"),
    sections=(
        Section(_("1. Who reads what"), (shared.READERS, Points((shared.IN_WORDS,)))),
        Section(
            _("2. From how many answers, and how long"),
            (Points((shared.NOT_ENOUGH, shared.ANSWERS, shared.NOTES, shared.GROUPS, shared.EVENTS)),),
        ),
        Section(
            _("3. What we agree on"),
            (
                Points(
                    (
                        _("Taking part is up to each group. Who does not take part need not say why."),
                        _(
                            "Nothing from Samenspraak is used to judge a person: not in a talk about somebody’s work, "
                            "not in a file, not in a decision about a contract or a task."
                        ),
                        _(
                            "Leaders and board read what groups share, and ask for no more. Nobody has to show a "
                            "screen."
                        ),
                        _("Groups are not compared with each other, on paper or aloud."),
                        _(
                            "The school asks the council again before more people can read something, or read it "
                            "longer."
                        ),
                        _("Who thinks that this goes wrong can go to the person below. That has no consequences."),
                    )
                ),
            ),
        ),
        Section(
            _("4. To fill in"),
            (
                Lines(
                    (
                        _("Person to go to when something goes wrong"),
                        _("School and council look back together on"),
                        _("Other agreements"),
                    )
                ),
                Text(_("Signed, with name and day:")),
                Lines((_("For the school board"), _("For the staff members of the participation council"))),
            ),
        ),
    ),
)
