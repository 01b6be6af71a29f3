"""The rows of this floor that are about a person or by one, as the own file tells them (schools.queries.own_data)."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools import devices, holdings, scopes
from schools.holdings import Cell
from schools.models import BreakGlass, Delivery, Event, Invitation, LetterWishes, Roster, SignInService, User
from schools.models.events import What
from schools.queries.own import addresses_of
from schools.roles import Role

Rows = Iterator[tuple[Cell, ...]]
_EMAIL_AT = 4  # of a line of a staff list (schools.roster.Line), as it is kept


def account(user: User, _now: dt.datetime) -> Rows:
    """The account itself."""
    yield (
        user.given_name,
        user.infix,
        user.family_name,
        user.nickname,
        user.email,
        user.language,
        user.has_usable_password(),
        user.last_login,
        user.created_at,
        user.erase_at,
    )


def memberships(user: User, _now: dt.datetime) -> Rows:
    """Roles at schools, also those that ended."""
    for row in user.memberships.select_related("school").order_by("from_date", "pk"):
        yield row.school.name, Role(row.role).label, row.from_date, row.until_date


def boards(user: User, _now: dt.datetime) -> Rows:
    """Boards."""
    for row in user.board_memberships.select_related("board").order_by("from_date", "pk"):
        yield str(row.board), row.from_date, row.until_date


def site(user: User, _now: dt.datetime) -> Rows:
    """Grants to keep the site running."""
    for row in user.operator_grants.order_by("from_date", "pk"):
        yield row.from_date, row.until_date


def addresses(user: User, _now: dt.datetime) -> Rows:
    """Addresses that the sign-in library keeps, and changes."""
    for row in EmailAddress.objects.filter(user=user).order_by("pk"):
        yield row.email, None, None, None
    changes = user.address_changes.order_by("asked_at", "pk")
    yield from dict.fromkeys((one.new, one.old, one.asked_at, one.confirmed_at) for one in changes)  # two keys: once


def ways(user: User, _now: dt.datetime) -> Rows:
    """Passkeys, app, codes: that they are there, never what they hold."""
    for row in Authenticator.objects.filter(user=user).order_by("created_at", "pk"):
        yield row.get_type_display(), row.data.get("name", ""), row.created_at, row.last_used_at


def services(user: User, _now: dt.datetime) -> Rows:
    """Accounts elsewhere."""
    known = {one.account_key: one for one in SignInService.objects.select_related("board")}
    for row in SocialAccount.objects.filter(user=user).order_by("date_joined", "pk"):
        service = known.get(row.provider)
        told = json.dumps(row.extra_data, ensure_ascii=False)
        yield (service.name if service else row.provider, row.uid, told, row.date_joined, row.last_login)


def sessions(user: User, _now: dt.datetime) -> Rows:
    """Where one is signed in."""
    for row in user.sessions.defer("session_data").order_by("began_on", "session_key"):
        yield devices.in_words(row.device), row.began_on, row.seen_on, row.expire_date


def tokens(user: User, _now: dt.datetime) -> Rows:
    """Tokens, without the tokens."""
    for row in user.tokens.order_by("created_at", "pk"):
        yield row.name, _in_words(row.scopes), row.created_at, row.expires_at, row.last_used_on


def apps(user: User, _now: dt.datetime) -> Rows:
    """Apps that were let in."""
    rows = user.programs.select_related("client").annotate(held=models.Count("keys")).order_by("allowed_at", "pk")
    for row in rows:
        yield row.client.name, _in_words(row.scopes), row.allowed_at, row.last_used_on, row.held


def calls(user: User, _now: dt.datetime) -> Rows:
    """Sealed answers: only when."""
    for row in user.kept_answers.order_by("made_at"):
        yield (row.made_at,)


def wishes(user: User, _now: dt.datetime) -> Rows:
    """How letters are wanted."""
    for row in LetterWishes.objects.filter(user=user):
        yield row.digest_at, row.calendar_part, row.agreements_in_calendar, row.alarm_minutes


def unwanted(user: User, _now: dt.datetime) -> Rows:
    """Sorts of letters that are not."""
    for row in user.unwanted_letters.order_by("sort"):
        yield (holdings.letter_in_words(row.sort),)


def letters(user: User, _now: dt.datetime) -> Rows:
    """Letters to the person."""
    for row in Delivery.objects.filter(user=user).select_related("school").order_by("due_at", "pk"):
        kind = holdings.letter_in_words(row.kind)
        yield row.school.name, kind, row.get_state_display(), row.due_at, row.sent_at


def invitations(user: User, _now: dt.datetime) -> Rows:
    """Of an invitation to the person: all that it holds. Of one that the person made: whom it is for is not told."""
    to_me = Q(user=user) | Q(email__in=addresses_of(user))
    rows = Invitation.objects.filter(to_me | Q(invited_by=user)).select_related("school").order_by("made_at", "pk")
    mine = set(rows.filter(to_me).values_list("pk", flat=True))
    for row in rows:
        is_mine = row.pk in mine
        who = _("to you") if is_mine else _("by you")
        name, email = (row.name, row.email) if is_mine else ("", None)
        yield who, row.school.name, Role(row.role).label, name, email, row.made_at, row.sent_at, row.accepted_at


def lists(user: User, _now: dt.datetime) -> Rows:
    """Lists of people that wait for a yes: those that the person chose, and the own line in any."""
    for row in Roster.objects.filter(Q(by=user) | Q(taken_at__isnull=True)).select_related("school", "board"):
        own = [line for line in row.lines if user.email and str(line[_EMAIL_AT]).strip().lower() == user.email]
        place = str(row.school or row.board)
        if row.by_id == user.pk:
            yield _("chosen by you"), place, row.made_at, "", len(row.lines)
        for line in own:
            yield _("you stand in it"), place, row.made_at, " ".join(str(part) for part in line[1:] if part), None


def looks(user: User, _now: dt.datetime) -> Rows:
    """Where an operator looked in."""
    for row in BreakGlass.objects.filter(user=user).select_related("school").order_by("opened_at", "pk"):
        yield row.school.name, row.group_name, row.reason, row.opened_at, row.ends_at


def events(user: User, _now: dt.datetime) -> Rows:
    """Without a name: whoever did it, or to whom, is another person, and so is not told here."""
    for row in Event.objects.about(user).select_related("school", "board").order_by("at", "pk"):
        place = row.school.name if row.school else str(row.board) if row.board else ""
        whose = _("you") if row.person_id == user.pk or row.person_id is None else _("somebody else")
        yield row.at, What(row.what).label, row.by_id == user.pk, whose, Role(row.role).label if row.role else "", place


def _in_words(held: str) -> str:
    return "; ".join(str(one) for one in scopes.told(scopes.split(held)))
