"""A start for the board's own assessment: what the product can say is filled in, what only a school knows is not."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from samenspraak.papers import shared
from samenspraak.papers.kinds import Choices, Lines, Paper, Points, Section, Table, Text
from samenspraak.papers.risks import rows

_ABOUT = Section(
    _("1. What it is about"),
    (
        Text(
            _(
                "Teachers meet in working groups. They choose a card about how they talk with each other, make "
                "agreements, and look back on them. Sometimes each fills in a self-scan, sometimes a coach comes to "
                "listen. The purpose is that the group learns. It is not a purpose to know anything about one person."
            )
        ),
        Text(_("It is about staff: teachers, coaches, school leaders and admins. Not about pupils or parents.")),
        Lines((_("Schools and number of people who take part"), _("Who wrote this, and when"))),
    ),
)
_NEEDED = Section(
    _("2. Is this assessment needed?"),
    (
        Text(
            _(
                "Our advice is to do it. Staff depend on their employer, and Samenspraak is about how they work "
                "together. That makes people careful, even where nothing is measured."
            )
        ),
        Table(
            (_("Question"), _("What the software does"), _("In our case")),
            lambda: (
                (
                    _("Are people scored or profiled?"),
                    _("No. Every figure is about a group; there is no field for a person."),
                    "",
                ),
                (
                    _("Are people followed all the time?"),
                    _("No. There is no record of presence, of speaking, or of letters that were read."),
                    "",
                ),
                (_("Does software decide about people?"), _("No. It decides nothing."), ""),
                (
                    _("Are there special categories of data, such as health?"),
                    _("No field asks for them. In free text people can write anything."),
                    "",
                ),
                (_("Are people in a weak position?"), _("Yes: staff towards their employer."), ""),
                (_("Is it new for people?"), _("For most of them, yes."), ""),
            ),
        ),
    ),
)
_WHO = Section(
    _("3. Who is responsible"),
    (
        Text(
            _(
                "The school board decides why and how: it is the controller. Who keeps the site running works on its "
                "orders: that is the processor, and the annex to the processing agreement belongs to it."
            )
        ),
        Lines((_("Controller"), _("Processor, and where the servers stand"), _("Data protection officer"))),
    ),
)
_GROUND = Section(
    _("4. On which ground"),
    (
        Text(
            _(
                "Consent is not a good ground here: towards an employer a yes is hardly free. So the software never "
                "asks for consent to be in it. The yes of a group to share something is a choice within it, not the "
                "ground."
            )
        ),
        Choices(
            (
                _("A task of public interest: good teaching, and staff who learn (article 6, 1 e)"),
                _("A legitimate interest of the board, weighed below (article 6, 1 f)"),
                _("Another one:"),
            )
        ),
        Lines((_("Why this ground, in our own words"),)),
    ),
)
_NECESSARY = Section(
    _("5. Is it needed, and no more than needed?"),
    (
        Text(_("What is not kept at all:")),
        shared.NEVER,
        Text(_("From how many answers something is shown:")),
        shared.THRESHOLDS,
        Lines((_("Could we do this with fewer data, such as with the cards on paper? What did we decide?"),)),
    ),
)
_DATA = Section(
    _("6. Which data, who reads them, and how long"),
    (shared.THINGS, Text(_("Everything that is kept, and when it is deleted:")), shared.KEPT),
)
_RISKS = Section(
    _("7. What could go wrong"),
    (
        Text(
            _(
                "The last column is yours: what remains at your school, what you do about it, and whether the risk is "
                "low, middle or high then."
            )
        ),
        Table((_("Risk"), _("What the software does about it"), _("What remains, and what we do")), rows),
    ),
)
_RIGHTS = Section(
    _("8. What people can do themselves"),
    (
        Points(
            (
                _("Read at the foot of each page who sees what stands there."),
                _("Take along everything that is kept about them, as a file, under “Me”."),
                _("Change their name and address there, and see where they are signed in."),
                _("Have themselves erased there. What the group wrote together stays, without their name."),
                _("Stop what their group shares, without anybody seeing who did it."),
            )
        ),
        Lines((_("Where people can object or complain at our board"),)),
    ),
)
_ADVICE = Section(
    _("9. Advice and decision"),
    (
        Lines(
            (
                _("What staff say, and on which day we asked"),
                _("What the participation council says, and its day"),
                _("What the data protection officer advises, and the day"),
            )
        ),
        Choices(
            (
                _("We start."),
                _("We start when this is done:"),
                _("We do not start."),
                _("A high risk remains, so we ask the Autoriteit Persoonsgegevens first."),
            )
        ),
        Lines((_("Decided by, and day"), _("We look at this again on"))),
    ),
)
DPIA = Paper(
    key="dpia",
    title=_("Start of a data protection impact assessment"),
    whom=_("For the data protection officer: what the software does is filled in, the rest is for the board."),
    lead=_(
        "With this you need not begin with an empty page. What stands in the tables comes from the software itself. "
        "The weighing is the board’s: copy the text into your own form, or print it and write on it."
    ),
    stem=_("start-of-a-dpia"),
    sections=(_ABOUT, _NEEDED, _WHO, _GROUND, _NECESSARY, _DATA, _RISKS, _RIGHTS, _ADVICE),
)
