"""Inviting people to a school: written down first, sent once the school may, sent again, withdrawn, put on paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _, ngettext

from schools import codes, events, permissions, queries, refusals, tenancy
from schools.actions import accepting, keys
from schools.models import Event, Invitation, School, User
from schools.models.invitation import MOST_SENDS, PAUSE
from schools.roles import Role, Steward

MOST_A_DAY = 300
_AT_ONCE = 20


class NoConsentError(refusals.Refused):
    """Nobody is invited before the participation council agreed."""

    message = _("No invitation leaves before your participation council has agreed. Write down the day first.")
    code = "no_consent"


class TooManyInvitationsError(refusals.Refused):
    """One person invites a school, not a country."""

    message = _("You invited very many people today. Go on tomorrow, or import a list.")
    code = "too_many_invitations"


class JustSentError(refusals.Refused):
    """A letter takes a while."""

    message = _("This invitation left a moment ago, or very often already. Give the letter some time.")
    code = "just_sent"


class InvitationClosedError(refusals.Refused):
    """It was accepted or withdrawn in the meantime."""

    message = _("This invitation is no longer open.")
    code = "invitation_closed"


class Invitee(NamedTuple):
    """Whom to invite: an address, the role, and the name as far as it is known."""

    email: str
    role: Role
    given_name: str = ""
    infix: str = ""
    family_name: str = ""


class Invited(NamedTuple):
    """What inviting came down to: how many letters left, how many wait, how many were there already."""

    left: int
    waiting: int
    known: int

    def told(self, *, may_leave: bool) -> Invited:
        """As it is told to who may not read addresses: which were known they do not hear, these count as the others.

        No more than leave at once are said to have left: a long list would tell by that sum how many were known.
        """
        left = min(self.left + self.known, _AT_ONCE) if may_leave else self.left
        return Invited(left, sum(self) - left, 0)

    def in_words(self, *, tells_known: bool, may_leave: bool) -> list[str]:
        """What became of inviting, in sentences."""
        left, waiting, known = self if tells_known else self.told(may_leave=may_leave)
        told = [
            (left, ngettext("%(count)s invitation is on its way.", "%(count)s invitations are on their way.", left)),
            (
                waiting,
                ngettext(
                    "%(count)s invitation waits until it may leave.",
                    "%(count)s invitations wait until they may leave.",
                    waiting,
                ),
            ),
            (
                known,
                ngettext(
                    "%(count)s address works here or is invited already: nothing was sent to it.",
                    "%(count)s addresses work here or are invited already: nothing was sent to them.",
                    known,
                ),
            ),
        ]
        return [words % {"count": count} for count, words in told if count]


@transaction.atomic
def invite(*, people: Sequence[Invitee], by: Steward, now: dt.datetime) -> Invited:
    """Invite people to the school: letters leave at once, or wait until the school may invite.

    Whoever holds the role here already, or has such an invitation, gets no second one. A known address elsewhere
    changes nothing. Raises TooManyInvitationsError; PermissionDenied for a role that the person may not invite to.
    """
    if not {one.role for one in people} <= set(permissions.may_be_invited_as(by)):
        raise PermissionDenied
    rows = write_down(school=by.school, people=people, by=by.user, now=now)
    left = send_at_once(rows, school=by.school, now=now)
    return Invited(left, len(rows) - left, len(people) - len(rows))


def write_down(
    *, school: School, people: Sequence[Invitee], by: User, now: dt.datetime, also_here: bool = False
) -> list[Invitation]:
    """Write the invitations down that are not there yet, without a key; returns these and those with too old a key.

    ``also_here``: also for who holds the role here already. Raises TooManyInvitationsError.
    """
    User.objects.select_for_update().get(pk=by.pk)  # two sheets at once would both find room
    _must_not_be_many(by, now=now)
    emails = [one.email for one in people]
    known = queries.invited(school, emails)
    known |= set() if also_here else queries.working_here(school, emails, today=school.today(now))
    wanted = {(one.email, one.role): one for one in people}
    new = [one for key, one in wanted.items() if key not in known]
    Invitation.objects.bulk_create(
        [Invitation(school=school, invited_by=by, made_at=now, **one._asdict()) for one in new], ignore_conflicts=True
    )
    made = Invitation.objects.without_key().filter(school=school, invited_by=by, made_at=now)
    rows = [row for row in made if (row.email, row.role) in wanted and (row.email, row.role) not in known]
    for row in rows:
        events.record(what=events.What.INVITED, by=by, on=row, school=school, now=now)
    return rows + _waiting_again([key for key in wanted if key in known], school=school, by=by, now=now)


def _waiting_again(
    wanted: Sequence[tuple[str, Role]], *, school: School, by: User, now: dt.datetime
) -> list[Invitation]:
    """Those of them whose key is too old wait for another."""
    over = Invitation.objects.open().filter(school=school, email__in=[email for email, _role in wanted])
    rows = over.filter(expires_at__lte=now, sends__lt=MOST_SENDS).select_related("school", "invited_by").order_by("pk")
    again = [row for row in rows if (row.email, row.role) in wanted]
    Invitation.objects.filter(pk__in=[row.pk for row in again]).update(digest=None, expires_at=None)
    for row in again:
        events.record(what=events.What.INVITED_AGAIN, by=by, on=row, school=school, now=now)
    return again


def send_at_once(rows: Sequence[Invitation], *, school: School, now: dt.datetime) -> int:
    """Send the first of them where the school may invite; the round takes the others. Returns how many left."""
    if not school.may_invite:
        return 0
    left = 0
    for row in rows[:_AT_ONCE]:
        if not keys.send(row, now=now):
            break
        left += 1
    return left


@transaction.atomic
def invite_again(*, invitation_id: int, by: Steward, now: dt.datetime) -> None:
    """Send an open invitation again with a new key; the old one opens nothing from then on.

    Raises NoConsentError, JustSentError, post.NotSentError; 404 for another school's, PermissionDenied unless admin.
    """
    row = _own(invitation_id, by=by)
    if not by.school.may_invite:
        raise NoConsentError
    if row.email is None:
        raise InvitationClosedError
    if row.sends >= MOST_SENDS or (row.sent_at and row.sent_at > now - PAUSE):
        raise JustSentError
    keys.send_or_raise(row, now=now)
    events.record(what=events.What.INVITED_AGAIN, by=by.user, on=row, school=by.school, now=now)


@transaction.atomic
def withdraw_invitation(*, invitation_id: int, by: Steward, now: dt.datetime) -> None:
    """Withdraw an open invitation: its key opens nothing any more.

    Raises InvitationClosedError; 404 for another school's, PermissionDenied unless admin.
    """
    row = _own(invitation_id, by=by)
    if not Invitation.objects.open().filter(pk=row.pk).update(revoked_at=now):
        raise InvitationClosedError
    events.record(what=events.What.INVITATION_REVOKED, by=by.user, on=row, school=by.school, now=now)


@transaction.atomic
def invite_on_paper(*, name: dict[str, str], role: Role, by: Steward, now: dt.datetime) -> tuple[Invitation, str]:
    """Invite somebody without an address; returns the row and the code to hand over, which can be read only this once.

    Raises NoConsentError, TooManyInvitationsError; PermissionDenied unless admin.
    """
    if not permissions.may_keep_people(by):
        raise PermissionDenied
    _must_not_be_many(by.user, now=now)
    row = Invitation.objects.create(school=by.school, role=role, invited_by=by.user, made_at=now, **name)
    events.record(what=events.What.INVITED, by=by.user, on=row, school=by.school, now=now)
    return code_on_paper(invitation_id=row.pk, by=by, now=now)


@transaction.atomic
def code_on_paper(*, invitation_id: int, by: Steward, now: dt.datetime) -> tuple[Invitation, str]:
    """Make a code for an open invitation without an address; one made before opens nothing any more.

    Raises NoConsentError, InvitationClosedError; 404 for another school's, PermissionDenied unless admin.
    """
    row = _own(invitation_id, by=by)
    if not by.school.may_invite:
        raise NoConsentError
    if row.email is not None:
        raise InvitationClosedError
    code = codes.make()
    keys.give(row, code, now=now)
    return row, code


@transaction.atomic
def open_again_on_paper(*, user_id: int, by: Steward, now: dt.datetime) -> tuple[Invitation, str]:
    """A code for somebody of the school whose account has no address and into which no way leads any more.

    Raises NoWayNeededError where another way leads in; PermissionDenied unless admin, 404 for somebody else.
    """
    if not permissions.may_keep_people(by):
        raise PermissionDenied
    person = tenancy.fetch(queries.people_of(by.school, today=by.school.today(now)), pk=user_id)
    if not accepting.may_open_on_paper(person, school=by.school, today=by.school.today(now)):
        raise NoWayNeededError
    held = queries.roles_at(by.school, person, today=by.school.today(now))[0]
    names = {part: getattr(person, part) for part in ("given_name", "infix", "family_name")}
    row = Invitation.objects.create(
        school=by.school, role=held.role, user=person, invited_by=by.user, made_at=now, **names
    )
    events.record(what=events.What.INVITED, by=by.user, on=row, person=person, school=by.school, now=now)
    return code_on_paper(invitation_id=row.pk, by=by, now=now)


class NoWayNeededError(refusals.Refused):
    """An account that somebody uses is opened by nobody else."""

    message = _("No code can be made for this account.")
    code = "no_way_needed"


def _own(invitation_id: int, *, by: Steward) -> Invitation:
    row = tenancy.fetch(Invitation.objects.open().filter(school=by.school).select_for_update(), pk=invitation_id)
    if not permissions.may_keep_people(by):
        raise PermissionDenied
    row.school = by.school
    return row


def _must_not_be_many(by: User, *, now: dt.datetime) -> None:
    """By hand, that is: a list that was read in counts as one."""
    asked = Event.objects.filter(by=by, what__in=[events.What.INVITED, events.What.INVITED_AGAIN])
    if asked.filter(at__gt=now - dt.timedelta(days=1)).count() >= MOST_A_DAY:
        raise TooManyInvitationsError
