"""What belongs to the agreement between a board and who keeps the site running for it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from samenspraak.papers import shared
from samenspraak.papers.kinds import Choices, Lines, Paper, Points, Section, Table, Text

_SERVICE = Section(
    _("1. What is done, and what for"),
    (
        Text(
            _(
                "The processor keeps Samenspraak running, with which working groups of teachers plan their meetings, "
                "look at their own conversation and get reminders. It uses the data for that and for nothing else: "
                "not for advertisements, research, other products, or to train a language model."
            )
        ),
        Lines((_("Controller (the school board)"), _("Processor"), _("Belongs to the agreement of"))),
    ),
)
_WHOSE = Section(
    _("2. Whose data, and which"),
    (
        Text(
            _("Of staff: teachers, coaches, school leaders, and admins of schools and board. Not of pupils or parents.")
        ),
        Points(
            (
                _("Name, e-mail address (not always), school, role and group, with from and until when."),
                _("What a group writes: plans, agreements, notes, remarks, and feedback of a coach."),
                _(
                    "Degrees in a self-scan or pulse: of each person only while the round is open, then of the group "
                    "alone."
                ),
                _("What signing in needs: a password as a hash, second steps, sessions with kind of browser and day."),
                _("Which letters left and when, without their text."),
                _("No citizen service number, no health data, no network addresses in the log, no location."),
            )
        ),
    ),
)
_WHO = Section(
    _("3. Who reads what, and how long it is kept"),
    (shared.THINGS, Text(_("Everything that is kept, and when it is deleted:")), shared.KEPT),
)
_ORDERS = Section(
    _("4. On orders only"),
    (
        Points(
            (
                _("The processor sees counts, no content. Who works for it promises to keep silent."),
                _(
                    "If somebody of the school asks to look along, it opens that school or group with a reason, for "
                    "four hours at most, reading only. The school gets a letter at once and can read it afterwards."
                ),
                _("Requests of people about their data go to the board; most of it people do themselves under “Me”."),
                _("If the processor thinks that an order breaks the law, it says so at once."),
            )
        ),
    ),
)
_OTHERS = Section(
    _("5. Others who help"),
    (
        Text(
            _(
                "The software itself calls nobody. These parties the processor brings in. A new one is told a month "
                "before, and the board can object. All data stay in the European Economic Area, unless it says "
                "otherwise here."
            )
        ),
        Table(
            (_("What for"), _("Party and place"), _("Which data")),
            lambda: (
                (_("Servers and database"), "", _("everything")),
                (_("Backups"), "", _("everything, encrypted")),
                (_("Delivery of mail"), "", _("addresses and letters")),
                (
                    _("Sign-in service of the board, if it has one"),
                    "",
                    _("who signs in; the board has its own agreement with it"),
                ),
            ),
        ),
    ),
)
_SAFETY = Section(
    _("6. How it is kept safe"),
    (
        Points(
            (
                _(
                    "Every page asks first who you are at this school today. What is not yours looks as if it were "
                    "not there."
                ),
                _("Beneath that, the database holds schools apart once more."),
                _("Who leads, coaches or administers needs a second step besides the password; teachers can have one."),
                _("Connections are encrypted; cookies stay with this site; pages run no script but their own."),
                _("Passwords, keys and invitations are kept as hashes; secrets of a board are kept sealed."),
                _("Changes of roles and settings are written down, and nobody can change that record."),
                _("The log holds no names, addresses, texts or keys."),
                _(
                    "A list of all parts with their licences can be made at any time, and held against known weak "
                    "spots."
                ),
            )
        ),
        Text(_("For the processor to fill in, since it depends on how the site is run:")),
        Choices(
            (
                _("Disks and backups are encrypted."),
                _("Security updates are in place within this number of days:"),
                _("Coming back from a backup is tried this often:"),
                _("Certificates or checks by others:"),
            )
        ),
    ),
)
_BREACH = Section(
    _("7. When something goes wrong"),
    (
        Text(
            _(
                "The processor tells the board of a breach as soon as it knows, within 24 hours: what happened, whose "
                "data, which data, what was done and what the board can do. The board tells the Autoriteit "
                "Persoonsgegevens and the people, where the law asks for it."
            )
        ),
        Lines((_("Whom the processor calls at the board, day and night"), _("Whom the board calls at the processor"))),
    ),
)
_END = Section(
    _("8. At the end"),
    (
        Points(
            (
                _("Groups and schools take along what they may read, as files; people take along what is theirs."),
                _("After that the processor deletes everything, also from backups, and says so in writing."),
            )
        ),
        Lines(
            (
                _("Within this number of days, and backups within"),
                _("Signed for the board, and day"),
                _("Signed for the processor, and day"),
            )
        ),
    ),
)
ANNEX = Paper(
    key="annex",
    title=_("Annex to the processing agreement"),
    whom=_("For the board and who keeps the site running: what belongs to the agreement between them."),
    lead=_(
        "This belongs to the agreement that your board uses for processors, such as the model of the education sector. "
        "It describes this product; the agreement itself has the rules. What stands in the table comes from the "
        "software itself."
    ),
    stem=_("annex-to-the-processing-agreement"),
    sections=(_SERVICE, _WHOSE, _WHO, _ORDERS, _OTHERS, _SAFETY, _BREACH, _END),
)
