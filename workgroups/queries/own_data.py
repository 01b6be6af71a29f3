"""What this floor holds about a person: seats, what the person wrote in the own name, and addresses of calendars."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _t, gettext_lazy as _

from schools.holdings import Cell, Holding
from schools.models import User
from workgroups.models import CalendarFeed, GoalUpdate, Guest, HelpRequest, KnowLine, OwnRule, PeerFeedback, Seat
from workgroups.models.group import GroupState, InGroup
from workgroups.queries.life import next_in_turn
from workgroups.queries.table import seats_of

Rows = Iterator[tuple[Cell, ...]]
_Row = TypeVar("_Row", bound=InGroup)
GROUP = (("school", _("school")), ("group", _("group")))
# How people know the kinds and sorts of letters of this floor.
LETTERS = {
    "agreements": _("What you agreed, before a meeting"),
    "reminder": _("What you agreed, before a meeting"),
    "invitation": _("A meeting is planned"),
    "moved": _("The meeting has moved"),
    "cancelled": _("The meeting is off"),
    "evaluate": _("A meeting waits to be looked back on"),
    **dict.fromkeys(("help", "help_asked", "help_answered"), _("Help that a group asks for")),
    "glass_broken": _("Opened for an operator"),
}


def chairs_of(*, user: User, now: dt.datetime) -> Mapping[Seat, Seat | None]:
    """The chairs that the person holds in groups that work, each with the seat that is next in turn (None: nobody).

    A query for the chairs, and one for each.
    """
    rows = Seat.objects.not_over(now.date()).filter(user=user, is_chair=True, group__state=GroupState.ACTIVE)
    held = rows.select_related("group__school").order_by("group__name", "pk")
    return {seat: next_in_turn(list(seats_of(seat.group, today=seat.group.school.today(now)))) for seat in held}


def chairs_in_words(user: User, now: dt.datetime) -> list[str]:
    """Who takes the person's chairs over."""
    return [
        _t("In %(group)s, %(name)s takes the chair over.") % {"group": seat.group.name, "name": to.user.name}
        if to
        else _t("In %(group)s nobody else can take the chair over. An admin of the school then looks for somebody.")
        % {"group": seat.group.name}
        for seat, to in chairs_of(user=user, now=now).items()
    ]


def _seats(user: User, _now: dt.datetime) -> Rows:
    for row in _placed(Seat.objects.filter(user=user)).order_by("from_date", "pk"):
        yield (*_place(row), row.from_date, row.until_date, row.is_chair, row.ask_me_about)


def _guests(user: User, _now: dt.datetime) -> Rows:
    for row in _placed(Guest.objects.filter(user=user)).order_by("from_date", "pk"):
        yield (*_place(row), row.from_date, row.until_date)


def _updates(user: User, _now: dt.datetime) -> Rows:
    for row in _placed(GoalUpdate.objects.filter(by=user)).order_by("written_at", "pk"):
        yield (*_place(row), row.written_at, row.get_step_display(), row.note)


def _answers(user: User, _now: dt.datetime) -> Rows:
    for row in _placed(HelpRequest.objects.filter(answered_by=user)).order_by("answered_on", "pk"):
        yield (*_place(row), row.answered_on, row.get_kind_display(), row.answer)


def _to_find_out(user: User, _now: dt.datetime) -> Rows:
    for row in _placed(KnowLine.objects.filter(owner=user)).order_by("pk"):
        yield (*_place(row), row.text, row.found, row.done_on)


def _peer(user: User, _now: dt.datetime) -> Rows:
    """What one asked, and was given about it; of what one was asked, what one gave: the question is another's."""
    rows = PeerFeedback.objects.filter(Q(asker=user) | Q(giver=user))
    for row in _placed(rows).order_by("asked_on", "pk"):
        is_mine = row.asker_id == user.pk
        which, question = (_("you asked"), row.question) if is_mine else (_("you were asked"), "")
        told = (row.affirm, row.critique, row.constructive)
        yield (*_place(row), which, row.asked_on, row.get_state_display(), question, *told)


def _rule(user: User, _now: dt.datetime) -> Rows:
    for row in OwnRule.objects.filter(user=user):
        yield row.days_before, row.at, row.hours_before, row.changed_at


def _feeds(user: User, _now: dt.datetime) -> Rows:
    for row in CalendarFeed.objects.filter(user=user).select_related("group__school").order_by("created_at", "pk"):
        of = (row.group.school.name, row.group.name) if row.group else ("", "")
        yield (*of, row.created_at)


def _placed(rows: QuerySet[_Row]) -> QuerySet[_Row]:
    return rows.select_related("school", "group")


def _place(row: InGroup) -> tuple[Cell, Cell]:
    return row.school.name, row.group.name


def _columns(*names: str) -> frozenset[str]:
    return frozenset(f"workgroups.{name}" for name in names)


HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "seats",
        _("Your seats in groups"),
        (
            *GROUP,
            ("from", _("since")),
            ("until", _("until")),
            ("is_chair", _("chair")),
            ("ask_me_about", _("what colleagues may ask you about")),
        ),
        _seats,
        _columns("Seat.user"),
    ),
    Holding(
        "guest_of",
        _("Groups that welcomed you as a visitor"),
        (*GROUP, ("from", _("since")), ("until", _("until"))),
        _guests,
        _columns("Guest.user"),
    ),
    Holding(
        "goal_notes",
        _("What you noted about goals"),
        (*GROUP, ("at", _("when")), ("step", _("how far")), ("note", _("note"))),
        _updates,
        _columns("GoalUpdate.by"),
    ),
    Holding(
        "help_answers",
        _("What you answered groups that asked for help"),
        (*GROUP, ("on", _("when")), ("kind", _("kind")), ("answer", _("answer"))),
        _answers,
        _columns("HelpRequest.answered_by"),
    ),
    Holding(
        "to_find_out",
        _("What you would find out"),
        (*GROUP, ("text", _("what")), ("found", _("found")), ("done_on", _("done"))),
        _to_find_out,
        _columns("KnowLine.owner"),
    ),
    Holding(
        "peer_feedback",
        _("Feedback between you and a colleague"),
        (
            *GROUP,
            ("which", _("which")),
            ("asked_on", _("asked")),
            ("state", _("how it stands")),
            ("question", _("question")),
            ("affirm", _("what is strong")),
            ("critique", _("what can be better")),
            ("constructive", _("how")),
        ),
        _peer,
        _columns("PeerFeedback.asker", "PeerFeedback.giver"),
    ),
    Holding(
        "own_reminder",
        _("When you want to be reminded"),
        (
            ("days_before", _("days before")),
            ("at", _("at")),
            ("hours_before", _("hours before")),
            ("changed_at", _("changed")),
        ),
        _rule,
        _columns("OwnRule.user"),
    ),
    Holding(
        "calendar_addresses",
        _("Your calendar addresses"),
        (*GROUP, ("made_at", _("made"))),
        _feeds,
        _columns("CalendarFeed.user"),
    ),
)
