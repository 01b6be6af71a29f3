"""Why a file is no staff list: one sentence, with the line where there is one."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from schools import refusals
from schools.roster import limits


class NotAListError(refusals.Refused):
    """Why nothing can be read from this file."""

    field = "file"
    code = "not_a_list"


def at_line(number: int, sentence: str | Promise) -> NotAListError:
    """A refusal that says on which line of the file it went wrong."""
    return NotAListError(_("Line %(number)s: %(sentence)s") % {"number": number, "sentence": sentence})


def too_long() -> str:
    """That the list is longer than any school or board."""
    return _("the list goes on after %(most)s lines. Keep only the people who work here.") % {"most": limits.MOST_LINES}
