"""What this floor holds about a person: account, ways in, roles, letters, and what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from schools import holdings, tenancy
from schools.holdings import Cell, Holding
from schools.models import User
from schools.queries import own_rows

Held = list[tuple[Holding, list[Sequence[Cell]]]]
SCHOOL, SINCE, UNTIL, MADE, USED = (_("school"), _("since"), _("until"), _("made"), _("last used"))


def held_about(*, user: User, now: dt.datetime) -> Held:
    """Everything that every floor holds about the person, in a fixed order; also what there is none of.

    Asks for the system's door: schools that the person left are told too. Some forty queries.
    """
    tenancy.inside()
    return [(one, list(one.tell(user, now))) for one in kinds_held()]


def kinds_held() -> tuple[Holding, ...]:
    """The kinds of things that are held about people, by every floor. No query."""
    return (*HOLDINGS, *holdings.of_floors_above())


def erasures_late(*, now: dt.datetime, patience: dt.timedelta = dt.timedelta(hours=1)) -> int:
    """How many people should have been erased that long ago, and are still there. One query."""
    return User.objects.filter(erase_at__lt=now - patience).count()


def _schools(*names: str) -> frozenset[str]:
    return frozenset(f"schools.{name}" for name in names)


HOLDINGS: tuple[Holding, ...] = (
    Holding(
        "account",
        _("Your account"),
        (
            ("given_name", _("first name")),
            ("infix", _("name prefix")),
            ("family_name", _("last name")),
            ("nickname", _("what colleagues call you")),
            ("email", _("e-mail address")),
            ("language", _("language")),
            ("has_password", _("has a password")),
            ("last_sign_in", _("last time you signed in")),
            ("made_at", MADE),
            ("erase_at", _("is erased on")),
        ),
        own_rows.account,
    ),
    Holding(
        "roles",
        _("Your roles at schools"),
        (("school", SCHOOL), ("role", _("role")), ("from", SINCE), ("until", UNTIL)),
        own_rows.memberships,
        _schools("Membership.user"),
    ),
    Holding(
        "boards",
        _("Boards of which you are an admin"),
        (("board", _("board")), ("from", SINCE), ("until", UNTIL)),
        own_rows.boards,
        _schools("BoardMembership.user"),
    ),
    Holding(
        "site",
        _("When you kept the site running"),
        (("from", SINCE), ("until", UNTIL)),
        own_rows.site,
        _schools("OperatorGrant.user"),
    ),
    Holding(
        "addresses",
        _("Your addresses and changes of them"),
        (
            ("address", _("address")),
            ("before", _("address before")),
            ("asked_at", _("asked")),
            ("confirmed_at", _("confirmed")),
        ),
        own_rows.addresses,
        _schools("AddressChange.user") | {"account.EmailAddress.user"},
    ),
    Holding(
        "ways_in",
        _("Your passkeys, authenticator app and recovery codes"),
        (("kind", _("kind")), ("name", _("name")), ("made_at", MADE), ("used_at", USED)),
        own_rows.ways,
        frozenset({"mfa.Authenticator.user"}),
    ),
    Holding(
        "services",
        _("Accounts elsewhere with which you sign in"),
        (
            ("service", _("service")),
            ("number_there", _("your number there")),
            ("told", _("what it told about you")),
            ("linked_at", _("linked")),
            ("used_at", USED),
        ),
        own_rows.services,
        frozenset({"socialaccount.SocialAccount.user"}),
    ),
    Holding(
        "sessions",
        _("Browsers in which you are signed in"),
        (("browser", _("browser")), ("began_on", SINCE), ("seen_on", USED), ("until", UNTIL)),
        own_rows.sessions,
        _schools("Session.user"),
    ),
    Holding(
        "tokens",
        _("Your tokens for programs"),
        (("name", _("name")), ("may", _("may")), ("made_at", MADE), ("until", UNTIL), ("used_on", USED)),
        own_rows.tokens,
        _schools("ApiToken.user"),
    ),
    Holding(
        "apps",
        _("Apps that may use your account"),
        (("app", _("app")), ("may", _("may")), ("since", SINCE), ("used_on", USED), ("keys", _("keys that it holds"))),
        own_rows.apps,
        _schools("Program.user"),
    ),
    Holding(
        "calls",
        _("Answers to programs, sealed and kept for a day"),
        (("made_at", MADE),),
        own_rows.calls,
        _schools("KeptAnswer.user"),
    ),
    Holding(
        "letter_wishes",
        _("How you want letters"),
        (
            ("together_at", _("together at")),
            ("calendar_part", _("with the meeting for your calendar")),
            ("agreements_in_calendar", _("with your agreements in it")),
            ("alarm_minutes", _("rings so many minutes before")),
        ),
        own_rows.wishes,
        _schools("LetterWishes.user"),
    ),
    Holding(
        "unwanted_letters",
        _("Letters that you do not want"),
        (("sort", _("sort")),),
        own_rows.unwanted,
        _schools("UnwantedLetters.user"),
    ),
    Holding(
        "letters",
        _("Letters to you, without their text"),
        (
            ("school", SCHOOL),
            ("kind", _("kind")),
            ("state", _("how it stands")),
            ("due_at", _("to be sent")),
            ("sent_at", _("sent")),
        ),
        own_rows.letters,
        _schools("Delivery.user"),
    ),
    Holding(
        "invitations",
        _("Invitations to you and by you"),
        (
            ("which", _("which")),
            ("school", SCHOOL),
            ("role", _("role")),
            ("name", _("name")),
            ("address", _("address")),
            ("made_at", MADE),
            ("sent_at", _("sent")),
            ("accepted_at", _("accepted")),
        ),
        own_rows.invitations,
        _schools("Invitation.user", "Invitation.invited_by"),
    ),
    Holding(
        "lists",
        _("Lists of people that wait"),
        (
            ("which", _("which")),
            ("place", _("school or board")),
            ("made_at", MADE),
            ("line", _("the line about you")),
            ("lines", _("how many lines")),
        ),
        own_rows.lists,
        _schools("Roster.by"),
    ),
    Holding(
        "looks",
        _("Schools and groups that you opened for support"),
        (
            ("school", SCHOOL),
            ("group", _("group")),
            ("reason", _("reason")),
            ("opened_at", _("opened")),
            ("ended_at", UNTIL),
        ),
        own_rows.looks,
        _schools("BreakGlass.user"),
    ),
    Holding(
        "events",
        _("What happened with your account"),
        (
            ("at", _("when")),
            ("what", _("what")),
            ("by_you", _("by you")),
            ("about", _("about whom")),
            ("role", _("role")),
            ("place", _("school or board")),
        ),
        own_rows.events,
        _schools("Event.by", "Event.person"),
    ),
)
