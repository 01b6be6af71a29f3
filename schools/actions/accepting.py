"""Coming in by an invitation: with the account that one has, or with a new one.

Whoever holds a code that was sent to an address reads that mailbox; so only such a code may tell that an account has
this address, and nothing else does.
"""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from schools import codes, events, queries, refusals, ways
from schools.actions import following, keys, people, sessions
from schools.models import Invitation, Membership, School, User


class InvitationOverError(refusals.Gone):
    """Unknown, used, withdrawn, too old, of a closed school or account: the answer is the same."""

    message = _("This invitation no longer works. Ask whoever invited you for a new one.")
    code = "invitation_over"


class OtherAddressError(refusals.Refused):
    """An invitation is for one address."""

    message = _("This invitation was sent to another e-mail address than that of your account.")
    code = "other_address"


class AccountThereError(refusals.Refused):
    """The mailbox's own account is used, not made anew."""

    message = _("You have an account with this e-mail address already. Sign in with it; then the invitation is yours.")
    code = "account_there"


def invitation_of(*, code: str, now: dt.datetime) -> Invitation:
    """The open invitation that this code opens, with its school and inviter. Raises InvitationOverError."""
    with following.at_the_desk():
        return _found(code, now=now)


def accept_as(*, code: str, by: User, now: dt.datetime) -> Invitation:
    """Take the invitation with one's own account. Raises InvitationOverError, OtherAddressError."""
    with following.at_the_desk(), transaction.atomic():
        row = _found(code, now=now, held=True)
        if row.user_id not in {None, by.pk} or (row.email is not None and row.email != by.email):
            raise OtherAddressError
        return _take(row, by, now=now)


def accept_as_new(
    *,
    code: str,
    given_name: str = "",
    infix: str = "",
    family_name: str = "",
    password: str | None = None,
    now: dt.datetime,
) -> User:
    """Take the invitation with a new account, with the address to which it was sent, or with none; returns it.

    An account with this address that nobody ever used becomes the person's; so does the one without an address for
    which a code was put on paper. Without a name it is the one in the invitation; without a password nobody signs in
    by one. Raises InvitationOverError, AccountThereError, NameNeededError.
    """
    with following.at_the_desk(), transaction.atomic():
        row = _found(code, now=now, held=True)
        names = {"given_name": given_name, "infix": infix, "family_name": family_name}
        if not given_name:
            names = {"given_name": row.given_name, "infix": row.infix, "family_name": row.family_name}
        if not names["given_name"]:
            raise people.NameNeededError
        user = _own_account(row, password, names) or _account_without_address(row, now=now)
        if user is None:
            user = _made(row, password, names)
        _take(row, user, now=now)
        return user


def named_by(invitation: Invitation) -> list[str]:
    """What the invitation opens beside the school, such as the group whose chair invites."""
    with following.at_the_desk():
        return [name for follower in following.followers for name in follower.named(invitation)]


def may_open_on_paper(user: User, *, school: School, today: dt.date) -> bool:
    """Whether a code on paper of this school may open the account again.

    It has no address, no way leads in, and it opens nothing of another school, board or of the site.
    """
    held = ways.ways_of(user)
    if not user.is_active or held.has_mail or held.passkeys or held.services:
        return False
    with following.at_the_desk():
        return not queries.is_somebody_elsewhere(user, school=school, today=today)


def _own_account(row: Invitation, password: str | None, names: dict[str, str]) -> User | None:
    """The account with the address of the invitation, which nobody used so far."""
    user = queries.account_with(row.email) if row.email else None
    if user is None:
        return None
    if not user.is_active:
        raise InvitationOverError
    if keys.came_in(user):
        raise AccountThereError
    user.set_password(password)
    User.objects.filter(pk=user.pk).update(password=user.password, **names)
    user.refresh_from_db()
    return user


def _made(row: Invitation, password: str | None, names: dict[str, str]) -> User:
    """A new account; two schools may have invited the same address, and both be answered at once."""
    try:
        with transaction.atomic():
            return User.objects.create_user(row.email, password, language=row.school.language, **names)
    except IntegrityError as there:
        raise AccountThereError from there


def _account_without_address(row: Invitation, *, now: dt.datetime) -> User | None:
    """The account that the code opens again; wherever it was open before, with whoever has that device, it ends."""
    if row.user is None:
        return None
    if not may_open_on_paper(row.user, school=row.school, today=row.school.today(now)):
        raise InvitationOverError
    sessions.end_sessions(of=row.user)
    return row.user


def _found(code: str, *, now: dt.datetime, held: bool = False) -> Invitation:
    clean = codes.read(code)
    rows = Invitation.objects.open().filter(expires_at__gt=now, school__closed_on__isnull=True)
    rows = rows.select_for_update(of=("self",)) if held else rows
    found = clean and rows.select_related("school", "invited_by", "user").filter(digest=codes.digest(clean)).first()
    if not found:
        raise InvitationOverError
    return found


def _take(row: Invitation, user: User, *, now: dt.datetime) -> Invitation:
    """Give the roles to which the address was invited at this school, and let the floors above follow."""
    school, today = row.school, row.school.today(now)
    with_it = Q(pk=row.pk) if row.email is None else Q(email=row.email, expires_at__gt=now)
    together = list(Invitation.objects.open().filter(with_it, school=school).select_for_update())
    for one in together:
        Invitation.objects.filter(pk=one.pk).update(accepted_at=now)
        if not Membership.objects.live(today).filter(school=school, user=user, role=one.role).exists():
            held = Membership.objects.create(school=school, user=user, role=one.role, from_date=today)
            events.record(what=events.What.ROLE_GIVEN, by=one.invited_by, on=held, now=now)
        events.record(what=events.What.INVITATION_ACCEPTED, by=user, on=one, person=user.pk, school=school.pk, now=now)
        one.school = school
        for follower in following.followers:
            follower.came_in(invitation=one, user=user, now=now)
    row.accepted_at = now
    return row
