"""The dialogue profile as a table to take along: for the group with its figures, for its leader in words. Pure.

A row is one thing that the page tells: how often an aspect was heard on a day, or a point that was given. Built from
what the pages show, so that a file cannot tell more. Remarks are in none of these.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from observations import mirrors, outlook, profile
from observations.models.debrief import Answer
from observations.queries.whole import WholeProfile
from schools import sheets

_Rows = Iterator[tuple[sheets.Cell, ...]]


def of_profile(found: WholeProfile) -> sheets.Sheet:
    """The profile of the years shown, with its figures, for the group; its guest's has no own mirror to begin with."""
    columns = (
        sheets.Column(_("When"), 12),
        sheets.Column(_("Whose mirror"), 20),
        sheets.Column(_("Card"), 8),
        sheets.Column(_("Aspect"), 32),
        sheets.Column(_("What"), 24),
        sheets.Column(_("Degree (1 to 4)"), 10),
        sheets.Column(_("In words"), 18),
        sheets.Column(_("Answers"), 10),
        sheets.Column(_("Minutes listened"), 10),
        sheets.Column(_("Text"), 60),
        sheets.Column(_("What the group says to it"), 28),
        sheets.Column(_("What it became"), 40),
    )
    rows = [*_heard(found.shown), *_given(found.shown.coach), *_kept(found)]
    return sheets.sheet(title=_("Dialogue profile"), columns=columns, rows=rows)


def _heard(shown: mirrors.Mirrors) -> _Rows:
    for moment in shown.moments:
        for two, halves in zip(shown.lines, moment.values, strict=True):
            head = (moment.day, whose(is_own=moment.round is not None), two.coach.number, two.coach.name)
            words = gap(is_own=moment.round is not None) if halves is None else ""
            heard_by = None if halves is None else voices(moment.round)
            minutes = moment.look.minutes if moment.look else None
            yield *head, _heard_often(), sheets.half(halves), words, heard_by, minutes, "", "", ""


def _given(coach: profile.DialogueProfile) -> _Rows:
    nothing = (None, "", None, None)
    for line in coach.aspects:
        for what, points in ((_("strong point"), line.strong), (_("improvement point"), line.improvement)):
            for one in points:
                head = (one.day, whose(is_own=False), line.number, line.name)
                yield *head, what, *nothing, one.text, said(one.said), one.became
    for look in coach.looks:
        for added in look.corrections:
            yield look.day, whose(is_own=False), None, "", set_right(added.added_on), *nothing, added.text, "", ""


def _kept(found: WholeProfile) -> _Rows:
    for one in found.kept:
        aspect = one.agreement.goal.period.aspect
        for check in one.checks:
            head = (check.day, whose(is_own=True), aspect.number, aspect.name)
            yield *head, _("agreement"), None, str(check.label), None, None, one.agreement.text, "", ""


def voices(one: mirrors.Round | None) -> sheets.Cell:
    """Of how many answers a round is: the number of a sealed one, or that the group answered together."""
    if one is None:
        return None
    return _("together") if one.respondents is None else one.respondents


def said(key: str) -> str:
    """What the group says to a point, in words; "" where it said nothing yet."""
    return str(Answer(key).label) if key else ""


def of_leader_view(view: outlook.LeaderView) -> sheets.Sheet:
    """What a group shares, as its leader reads it: words, days of visits and months of own rounds."""
    columns = (
        sheets.Column(_("When"), 18),
        sheets.Column(_("Whose mirror"), 20),
        sheets.Column(_("Card"), 8),
        sheets.Column(_("Aspect"), 32),
        sheets.Column(_("What"), 24),
        sheets.Column(_("In words"), 18),
        sheets.Column(_("Text"), 60),
    )
    return sheets.sheet(title=_("Dialogue profile"), columns=columns, rows=[*words_of(view), *_shared(view)])


def words_of(view: outlook.LeaderView) -> _Rows:
    """Per moment and aspect the word: when, whose mirror, card, aspect, what, in words, text."""
    for moment in view.moments:
        for line in view.aspects:
            word = line.at(moment)
            head = (_when(moment), whose(is_own=moment.is_own), line.number, line.name)
            yield *head, _heard_often(), in_words(word) if word else gap(is_own=moment.is_own), ""


def _shared(view: outlook.LeaderView) -> _Rows:
    coach = whose(is_own=False)
    for line in view.aspects:
        for what, points in ((_("strong point"), line.strong), (_("improvement point"), line.chances)):
            for point in points:
                yield point.day, coach, line.number, line.name, what, "", point.text
    for visit in view.visits:
        for one in visit.corrections:
            yield visit.day, coach, None, "", set_right(one.added_on), "", one.text


def in_words(word: profile.Word) -> str:
    """The word that a leader reads."""
    words = {
        profile.Word.SELDOM: _("seldom"),
        profile.Word.SOMETIMES: _("sometimes"),
        profile.Word.OFTEN: _("often"),
    }
    return words[word]


def gap(*, is_own: bool) -> str:
    """Why nothing stands here: never nought (C16)."""
    return _("no picture") if is_own else _("no occasion")


def whose(*, is_own: bool) -> str:
    """Whose mirror it is."""
    return _("the group itself") if is_own else _("the coach")


def set_right(day: dt.date) -> str:
    """That a visitor set something right, and when."""
    return _("set right on %(day)s") % {"day": date_format(day, "j F Y")}


def _heard_often() -> str:
    return _("how often heard")


def _when(moment: outlook.Moment) -> sheets.Cell:
    """The day of a visit; of an own round no more than its month."""
    return moment.day or date_format(moment.month, "F Y")
