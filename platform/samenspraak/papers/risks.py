"""What could go wrong for people, what the product does about it, and the test that holds it to that."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from samenspraak.papers import shared
from samenspraak.papers.kinds import Row
from samenspraak.who_sees.kept import Words


@dataclass(frozen=True)
class Risk:
    """A risk with what is done about it; ``tried_by`` names tests, for docs/privacy.md and who checks us."""

    key: str
    what: Words
    done: tuple[Words, ...]
    tried_by: tuple[str, ...]


RISKS = (
    Risk(
        "recognised",
        _("In a small group somebody is recognised by an answer."),
        (shared.NOT_ENOUGH, shared.CLAMPED, shared.SPREAD),
        (
            "tests/platform/test_leaks.py::test_open_answers_are_read_by_nobody_else_and_nothing_moves",
            "tests/observations/test_keeping_nothing.py::test_after_thirty_days_nothing_is_left",
        ),
    ),
    Risk(
        "judged",
        _("A leader uses it to judge people."),
        (
            _(
                "There is nothing about one person to use. "
                "On the overview of the school leaders read what their teachers read."
            ),
            shared.IN_WORDS,
            _("Agree with the council that it plays no part in judging people: that paper is ready too."),
        ),
        ("tests/platform/test_exports.py::test_everybody_who_reads_the_page_takes_the_same_along",),
    ),
    Risk(
        "pressed",
        _("Somebody feels pressed to share, or to let a coach in."),
        (
            _("Sharing is asked anew for each picture, and keeping it is as good."),
            _("Anybody in the group can stop sharing or a visit. Who did it is not kept."),
        ),
        ("tests/schools/test_events.py::test_what_stays_unnamed_is_not_written_down",),
    ),
    Risk(
        "named",
        _("A text names a colleague or a pupil."),
        (
            _("Before feedback is shared, each name in it is a question to the writer."),
            _("Remarks and notes stay in the group: no leader, board or file gets them."),
            _("There is no field for pupils. What people write freely is theirs: talk about it."),
        ),
        ("tests/platform/test_leaks.py::test_remarks_are_read_on_the_groups_own_pages_alone",),
    ),
    Risk(
        "notes",
        _("Notes of a coach come into other hands."),
        (_("Only the coach of that visit reads them."), shared.NOTES),
        ("tests/platform/test_who_sees.py::test_none_of_its_pages_opens_for_others",),
    ),
    Risk(
        "strangers",
        _("A stranger gets in with somebody’s account."),
        (
            _("Who leads, coaches or administers needs a second step besides the password; teachers can have one."),
            _(
                "Guessing is stopped after a few tries. Each person sees where they are signed in, and can end it "
                "there."
            ),
        ),
        (
            "tests/schools/test_signin.py::test_guessing_a_password_stops_after_ten_tries",
            "tests/schools/test_signin.py::test_nothing_else_opens_before_enrolling",
        ),
    ),
    Risk(
        "next_door",
        _("Another school reads along."),
        (
            _(
                "Every page asks first who you are at this school today. What is not yours looks as if it were not "
                "there."
            ),
            _("Beneath that, the database holds schools apart once more."),
        ),
        (
            "tests/platform/test_walls.py::test_no_page_shows_a_foreign_row",
            "tests/platform/test_matrix.py::test_each_caller_gets_what_the_table_says",
        ),
    ),
    Risk(
        "operator",
        _("Who keeps the site running looks inside."),
        (
            _("They see counts. To look inside they need a reason and open it for four hours at most, reading only."),
            _("Leaders and admins get a letter at once, and everybody at the school can read who looked and why."),
        ),
        ("tests/platform/test_glass.py::test_it_works",),
    ),
    Risk(
        "letters",
        _("Somebody else reads a letter."),
        (
            _("A reminder holds the agreements of the group. No letter holds answers, notes, remarks or feedback."),
            _("Everybody chooses which letters come at all."),
        ),
        ("tests/platform/test_leaks.py::test_no_letter_speaks_of_it",),
    ),
    Risk(
        "too_long",
        _("Things stay too long."),
        (_("Each kind of thing has its time; then a clock deletes it. Admins read what goes in the next days."),),
        ("tests/platform/test_retention.py",),
    ),
    Risk(
        "elsewhere",
        _("Data go to other companies or countries."),
        (
            _("No page asks anything of another company: no advertisements, no counting of visitors."),
            _("The board decides where the servers stand and who delivers mail; the annex has room for that."),
        ),
        ("tests/schools/test_press.py::test_nothing_is_fetched",),
    ),
    Risk(
        "science",
        _("Figures are taken for more than they are."),
        (
            _(
                "The scales have not been scientifically validated. They are there to talk about, not to compare "
                "groups or to judge people."
            ),
        ),
        ("tests/platform/test_who_sees.py::test_the_dossier_is_for_everybody",),
    ),
)


def rows() -> list[Row]:
    """Each risk with all that is done about it, and an empty cell for what remains."""
    return [(risk.what, " ".join(str(words) for words in risk.done), "") for risk in RISKS]
