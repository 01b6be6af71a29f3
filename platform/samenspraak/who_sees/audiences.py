"""Who there are to read or change a thing: the callers of the table of doors, in words."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Audience:
    """Some of the callers, and how a page calls them.

    ``callers`` are the marks of tests/platform/matrix.txt: TM seat, CH chair, CS coach without a visit here, CO coach
    of the accepted visit, SL leader, SA school admin, TC teacher without this seat, ND teacher of another school of
    the board, EL teacher of another board, BA board admin, OP operator, -- nobody signed in.
    ``each_own``: everybody reads the own and nobody else's, so that callers say nothing.
    """

    words: str | Promise
    callers: frozenset[str] = frozenset()
    each_own: bool = False


def _of(callers: str, words: str | Promise) -> Audience:
    return Audience(words, frozenset(callers.split()))


NOBODY = _of("", _("Nobody."))
ANYBODY = _of("-- TM CH CS CO SL SA TC ND EL BA OP", _("Everybody, also without signing in."))
HOLDER = Audience(_("Whoever has this address. It stands in your own letter or calendar only."), each_own=True)
ONLY_YOU = Audience(_("Only you."), each_own=True)
YOUR_SCHOOLS = Audience(_("Everybody at your schools."), each_own=True)
SCHOOL = _of("TM CH CS CO SL SA TC", _("Everybody who works at the school."))
GROUP = _of("TM CH", _("Everybody in the group."))
GROUP_AND_GUEST = _of(
    "TM CH CO", _("Everybody in the group. And a coach who is welcome there, until some time after the feedback.")
)
GROUP_AND_VISITOR = _of("TM CH CO", _("Everybody in the group, and the coach of this visit."))
GROUP_GUEST_AND_OFFICE = _of(
    "TM CH CO SL SA",
    _("Everybody in the group and a coach who is welcome there; the leaders and admins of the school."),
)
CHAIR = _of("CH", _("The chair of the group."))
CHAIR_AND_ADMIN = _of("CH SA", _("The chair of the group, and the admins of the school."))
CHAIR_AND_OFFICE = _of("CH SL SA", _("The chair of the group, and the leaders and admins of the school."))
OFFICE = _of("SL SA", _("The leaders and admins of the school."))
ADMIN = _of("SA", _("The admins of the school."))
ADMINS = _of("SA BA", _("The admins of the school and of its board."))
OFFICE_AND_BOARD = _of("SL SA BA", _("The leaders and admins of the school, and the admins of its board."))
BOARD = _of("BA", _("The admins of the board."))
OPERATOR = _of("OP", _("Who keeps the site running."))
VISITOR = _of("CO", _("Only the coach of this visit."))
VISITORS = _of("CS CO SL", _("Coaches and leaders of the school."))
TWO = _of("TM", _("The two of you: who asked, and who was asked."))
